"""Signs and checks: what is seen, what is not, and what cannot be told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest

import keyaccount as ka
from keyaccount.evaluation.answers import answers_of
from keyaccount.evaluation.joined import Joined
from keyaccount.evaluation.truth import NO, UNKNOWN, YES
from keyaccount.testing import CONTAINERS, as_container

Make: TypeAlias = Callable[..., ka.Quarter]

BEFORE = {"id": list("abcdefg"), "sales": [100.0, 100.0, 100.0, 0.0, 0.0, -1.0, np.nan]}
AFTER = {"id": list("abcdefg"), "sales": [90.0, 89.0, 105.0, 0.0, 5.0, 5.0, 5.0]}


def joined(quarter: Make, before: Any, after: Any) -> Joined:
    """Join two quarters; potential is read by the scorer and means nothing here."""
    parts = [{**part, "potential": [0.0] * len(part["id"])} for part in (before, after)]
    return Joined(quarter(parts[0], day="2026-06-30"), quarter(parts[1]))


def test_growth_is_the_change_as_a_share_of_what_was(quarter: Make) -> None:
    """−10 % is not below −10 %; from nothing to nothing is 0; from below 0 nobody can tell."""
    pair = joined(quarter, BEFORE, AFTER)
    fall = ka.ReviewSign("sales", of="growth", below=-0.10)
    assert fall.truth(pair).tolist() == [NO, YES, NO, NO, NO, UNKNOWN, UNKNOWN]
    flat = ka.ReviewSign("sales", of="growth", at_least=-0.10, below=0.05)
    assert flat.truth(pair).tolist() == [YES, NO, NO, YES, NO, UNKNOWN, UNKNOWN]
    seen = fall.seen(pair)
    assert fall.words(seen, 1) == "growth of sales -11 % (below -10 %)"
    assert fall.words(seen, 4) == "growth of sales from nothing (below -10 %)"
    assert fall.words(seen, 6) == "growth of sales unknown (below -10 %)"


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        ("value", [YES, YES, YES, NO, NO, NO, NO]),
        ("before", [YES, YES, YES, NO, NO, NO, UNKNOWN]),
        ("change", [NO, NO, NO, NO, NO, NO, UNKNOWN]),
    ],
)
def test_value_before_and_change(quarter: Make, of: Any, expected: list[int]) -> None:
    """At least 50 now, then, or more than then."""
    sign = ka.ReviewSign("sales", of=of, at_least=50)
    assert sign.truth(joined(quarter, BEFORE, AFTER)).tolist() == expected


def test_worth_is_what_the_later_scorer_makes_of_a_criterion(quarter: Make) -> None:
    """A worth is before weighting; where the value is unknown it is unknown."""
    after = {"id": ["a", "b"], "sales": [40.0, None], "potential": [0.0, 0.0]}
    pair = Joined(None, quarter(after))
    sign = ka.ReviewSign("sales", of="worth", at_least=0.4)
    assert sign.truth(pair).tolist() == [YES, UNKNOWN]
    assert ka.ReviewSign("absent", of="worth", below=1).truth(pair).tolist() == [UNKNOWN] * 2
    assert ka.ReviewSign("absent", of="worth", below=1).lacks(pair)


def test_states_flags_and_columns_that_are_not_there(quarter: Make) -> None:
    """True is 1; a label is looked up; a missing column leaves everything unknown."""
    columns = {"covered": [True, False], "lifecycle_stage": ["churn", None]}
    pair = joined(quarter, {"id": [], "sales": []}, {"id": list("ab"), "sales": [1, 2], **columns})
    assert ka.ReviewSign("covered", below=1).truth(pair).tolist() == [NO, YES]
    churned = ka.ReviewSign("lifecycle_stage", states=["churn"])
    assert churned.truth(pair).tolist() == [YES, UNKNOWN]
    assert churned.words(churned.seen(pair), 1) == "lifecycle_stage unknown (churn)"
    assert ka.ReviewSign("nowhere", below=1).truth(pair).tolist() == [UNKNOWN] * 2


@pytest.mark.parametrize("container", CONTAINERS)
def test_columns_come_from_any_container(quarter: Make, container: str) -> None:
    """The same answers whatever holds the columns."""
    book: dict[str, list[Any]] = {"id": ["a", "b"], "sales": [1.0, 2.0], "potential": [0.0, 0.0]}
    pair = Joined(None, quarter(as_container(book, container)))
    assert ka.ReviewSign("sales", at_least=2).truth(pair).tolist() == [NO, YES]


def test_all_signs_must_be_seen(quarter: Make) -> None:
    """One no is enough for no, whatever is unknown; else the unknown makes it unknown."""
    columns = {"wins": [0, 0, None, 3], "losses": [2, None, 2, None]}
    pair = joined(
        quarter, {"id": [], "sales": []}, {"id": list("abcd"), "sales": [1] * 4, **columns}
    )
    check = ka.ReviewCheck(
        "lost",
        about="get_in",
        signs=[ka.ReviewSign("wins", below=1), ka.ReviewSign("losses", at_least=1)],
        name="lost",
    )
    answers = answers_of([check], pair)
    assert answers.about("get_in").tolist() == [YES, UNKNOWN, UNKNOWN, NO]
    assert answers.about("grow").tolist() == [UNKNOWN] * 4
    assert answers.unknown("get_in", 1) == ["losses"]
    assert answers.found("get_in", 0) == ["lost: wins 0 (below 1) and losses 2 (at least 1)"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "must have limits"),
        ({"below": 1, "states": ("x",)}, "must have limits"),
        ({"at_least": 2, "below": 2}, "must be above at_least"),
        ({"at_least": float("nan")}, "finite"),
        ({"of": "growth", "states": ("x",)}, "must be 'value' or 'before'"),
        ({"of": "growht", "below": 0}, "did you mean 'growth'"),
        ({"states": ("x", "x")}, "unique"),
    ],
)
def test_a_sign_that_asks_nothing_is_refused(arguments: Any, message: str) -> None:
    """A sign asks for limits or states, and such as can be met."""
    with pytest.raises(ka.SpecError, match=message):
        ka.ReviewSign("sales", **arguments)


def test_checks_and_rules_refuse_what_they_cannot_hold() -> None:
    """Each needs something to measure by, and a name; codes are unique."""
    sign = ka.ReviewSign("sales", below=1)
    with pytest.raises(ka.SpecError, match="at least one"):
        ka.ReviewCheck("c", about="plan", signs=(), name="c")
    with pytest.raises(ka.SpecError, match="'coverage'"):
        ka.ReviewCheck("c", about="coverge", signs=[sign], name="c")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    check = ka.ReviewCheck("c", about="plan", signs=[sign], name="c")
    with pytest.raises(ka.SpecError, match="unique codes"):
        ka.ReviewRules(checks=[check, check])
    with pytest.raises(ka.SpecError, match="a list of ReviewCheck"):
        ka.ReviewRules(checks=["c"])
    with pytest.raises(ka.SpecError, match="at least 0"):
        ka.ReviewRules(watch_fall=-0.1)
    with pytest.raises(ka.SpecError, match="did you mean 'thin_bench'"):
        ka.ReviewRules(limits={"thin_bensh": 0.5})
    with pytest.raises(ka.SpecError, match="a share in"):
        ka.ReviewRules(limits={"thin_bench": 50})
    with pytest.raises(ka.SpecError, match="each symptom once"):
        ka.ReviewRules(limits=[("thin_bench", 0.1), ("thin_bench", 0.2)])
    for wrong in (3, [3], ["thin_bench"]):
        with pytest.raises(ka.SpecError, match="must map symptoms to shares"):
            ka.ReviewRules(limits=wrong)
    with pytest.raises(ka.SpecError, match="above 0"):
        ka.ReviewRules(stars=0)


@pytest.mark.parametrize(
    ("months", "day", "shown"),
    [
        ((24, 24), "2026-09-30", "unknown"),
        ((3, 3), "2026-09-30", "shown"),  # from the 30th of June: one day shared is no overlap
        ((3, 6), "2026-12-31", "unknown"),
        ((3, None), "2026-12-31", "unknown"),
        ((6, 6), "2026-12-31", "shown"),
        ((None, None), "2026-09-30", "shown"),
    ],
)
def test_windows_that_overlap_are_not_compared(
    quarter: Make, months: tuple[int | None, int | None], day: str, shown: str
) -> None:
    """Sums of 24 months, three months apart, share most of their money: flat is no finding."""
    columns = {"id": ["a", "b"], "sales": [80.0, 70.0], "potential": [80.0, 70.0]}
    pair = [
        quarter(columns, day=when, trailing={} if m is None else {"sales": m})
        for m, when in zip(months, ("2026-06-30", day), strict=True)
    ]
    found = ka.review(*pair)
    assert found.ways.grow[0] == shown
    told = [n for n in found.notes if n.code == "windows_overlap"]
    assert [n.where for n in told] == (["sales"] if shown == "unknown" else [])
    assert ("grow" in found.ways.shown(0)) is (shown == "shown")


def test_growth_that_is_told_is_read_as_it_is(quarter: Make) -> None:
    """The preset can read the growth of sales from a column, whatever the windows of sales."""
    columns = {"id": ["a", "b"], "sales": [80.0, 70.0], "potential": [80.0, 70.0]}
    rules = ka.ReviewRules(checks=ka.review_checks(growth="sales_growth"))
    before = quarter(columns, day="2026-06-30", trailing={"sales": 24})
    after = quarter({**columns, "sales_growth": [0.0, -0.3]}, trailing={"sales": 24})
    found = ka.review(before, after, rules=rules)
    assert found.ways.shown(0) == ("grow",)
    assert found.ways.shown(1) == ("retain",)
    assert "windows_overlap" not in {n.code for n in found.notes}


@pytest.mark.parametrize("trailing", [{"sales": 0}, {"sales": 1.5}, {"": 3}, 24, {"sales": "x"}])
def test_windows_that_are_none_are_refused(quarter: Make, trailing: Any) -> None:
    """A window is a number of months above 0, per column."""
    with pytest.raises(ka.SpecError, match="must map columns to months above 0"):
        quarter({"id": ["a"], "sales": [1.0], "potential": [1.0]}, trailing=trailing)
