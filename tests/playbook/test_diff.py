"""What differs is told place by place; nothing differs exactly where digests are equal."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import playbooks, scorers


def told(a: Any, b: Any) -> list[str]:
    """List the lines of a difference."""
    return str(ka.diff(a, b)).splitlines()


def test_each_change_has_its_place(playbook: ka.Playbook) -> None:
    """Values, parts that came and went, and another order."""
    assert playbook.scorer is not None
    first, second, third = playbook.scorer.criteria
    criteria = (attrs.evolve(second, value=ka.Linear(1, 10)), first, third)
    after = attrs.evolve(
        playbook,
        version="2026.4",
        scorer=attrs.evolve(playbook.scorer, criteria=criteria),
        selection=ka.SelectionPolicy(ka.TopCount(5), hold=0.03),
        segmenters=[(n, s) for n, s in playbook.segmenters if n != "loyalty"],
        stall=None,
    )
    both = "top_share (share 0.2, rounding 'nearest'), at_least (sco…"
    rule = f"$.selection.rule: all_of (rules [{both} → top_count (count 5)"
    cut = "loyalty (matrix matrix (name 'loyalty', axes [axis (name 'satisfaction'…"
    assert told(playbook, after) == [
        "$.version: '2026.3' → '2026.4'",
        "$.scorer.criteria: order ['sales', 'rating', 'reach'] → ['rating', 'sales', 'reach']",
        '$.scorer.criteria["rating"].value.high: 5 → 10',
        "$.scorer.weights: order ['sales', 'rating', 'reach'] → ['rating', 'sales', 'reach']",
        rule,
        "$.selection.max_changes: removed 2",
        f"$.segmenters.loyalty: removed {cut}",
        "$.stall: removed stall_rule (tests ['over_plan', 'outlasted', 'slow_ahead'], over_plan 1…",
    ]


def test_a_result_holds_columns_and_rows() -> None:
    """For any DataFrame, and one by one."""
    found = ka.diff(ka.Linear(0, 5), ka.Linear(0, 10))
    assert found.columns()["path"].tolist() == ["$.high"]
    assert dict(found.row(0)) == {"path": "$.high", "change": "changed", "before": 5, "after": 10}
    assert found.digests == (ka.digest(ka.Linear(0, 5)), ka.digest(ka.Linear(0, 10)))
    assert "$.high" in found._repr_html_()
    assert repr(found) == "<SpecDiff of 1 places>"
    with pytest.raises(ka.RowError):
        found.row(1)


def test_specs_of_different_kinds_differ_as_a_whole() -> None:
    """There is nothing to compare field by field."""
    assert told(ka.TopShare(0.2), ka.TopCount(3)) == [
        "$: top_share (share 0.2, rounding 'nearest') → top_count (count 3)"
    ]


def test_what_is_no_spec_is_refused() -> None:
    """With the kinds there are."""
    with pytest.raises(ka.SerialisationError):
        ka.diff(ka.TopShare(0.2), 5)


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_nothing_differs_exactly_where_digests_are_equal(data: st.DataObject) -> None:
    """And backwards the same places differ, with sides changed."""
    strategy = data.draw(st.sampled_from([playbooks(), scorers()]))
    a, b = data.draw(strategy), data.draw(strategy)
    there, back = ka.diff(a, b), ka.diff(b, a)
    assert (len(there) == 0) == (ka.digest(a) == ka.digest(b))
    assert len(ka.diff(a, a)) == 0
    assert sorted(there.path) == sorted(back.path)
    swapped = dict(zip(back.path, zip(back.after, back.before, strict=True), strict=True))
    assert swapped == dict(
        zip(there.path, zip(there.before, there.after, strict=True), strict=True)
    )


def test_what_differs_in_the_last_digit_is_told_apart() -> None:
    """Floats are written to the last digit."""
    a, b = (ka.TopShare(x) for x in (0.1, 0.1 + 2**-55))
    assert str(ka.diff(a, b)) == "$.share: 0.1 → 0.10000000000000003"


def test_long_texts_are_cut_around_what_differs() -> None:
    """Not where both are still the same."""
    a, b = (ka.Playbook("n", "1", note="x" * 100 + end + "y" * 100) for end in ("A", "B"))
    before, after = str(ka.diff(a, b)).removeprefix("$.note: ").split(" → ")
    assert before != after
    assert before.startswith("…xxx")
    assert before.endswith("yyy…")
    assert "A" in before
    assert "B" in after
