"""Positioning: gaps, evidence, strategic or important, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import assert_same_columns

BOOK: dict[str, list[Any]] = {
    "account": ["A", "B", "C", "D"],
    "now": ["business_partner", "供应商", None, "strategic partner"],
    "aim": ["strategic_partner", "business_partner", "vendor", "Vendor"],
    "works_on_strategy": [True, False, True, None],
    "is_key": [True, True, False, True],
    "budget": [40.0, 10.0, 5.0, None],
}
SHOWN = {"account": ["A", "A", "B"], "evidence": ["problems_solved", "shared_trends", "lunch"]}


def placed(**options: Any) -> ka.Positioning:
    """Place the small book."""
    return ka.positioning(BOOK, key="is_key", resources="budget", **options)


def test_a_book_worked_by_hand() -> None:
    """Levels in either language, gaps, standing, resources in the wrong place."""
    found = placed(evidence=SHOWN)
    assert found.now.tolist() == [2, 0, -1, 3]
    assert found.gap.tolist()[:2] == [1.0, 2.0]
    assert np.isnan(found.gap[2])
    assert found.gap[3] == -3.0
    assert found.labels.tolist() == ["strategic", "important", "other", None]
    assert found.misplaced.tolist() == [False, True, True, False]
    assert found.evidence_required.tolist() == [
        "joint_advantage, affects_direction",
        "preferred_status, problems_solved",
        "",
        "",
    ]
    assert found.evidence_lacking.tolist() == [
        "",
        "",
        "",
        "shared_trends, joint_advantage, affects_direction",
    ]
    assert found.row(1)["why"] == (
        "the level aimed at asks for preferred_status, problems_solved; "
        "takes 10 of strategic resources and is important"
    )
    told = {f.code: f for f in found.findings}
    assert told["misplaced_resources"].message == (
        "2 accounts with 15 of strategic resources, not strategic"
    )
    assert set(told) == {
        "no_level",
        "aim_below",
        "level_not_shown",
        "standing_unknown",
        "misplaced_resources",
        "other_evidence",
    }


def test_without_evidence_no_claim_is_doubted() -> None:
    """What was not given is not held against the account."""
    found = placed()
    assert not found.unsupported.any()
    assert (
        found.evidence_required.tolist()[0] == "shared_trends, joint_advantage, affects_direction"
    )


def test_the_rule_is_data() -> None:
    """A lowest level now; several columns; one known failure decides over what is unknown."""
    rule = ka.StrategicRule(all_of=["works_on_strategy", "is_key"], from_level="strategic_partner")
    assert placed(rule=rule).labels.tolist() == ["important", "important", "other", None]
    book = {**BOOK, "works_on_strategy": [None, False, True, True], "is_key": [True] * 4}
    found = ka.positioning(book, rule=rule)
    assert found.labels.tolist() == ["important", "important", None, "strategic"]


def test_levels_come_in_two_languages_and_in_order() -> None:
    """Three named by the method, two below them of our own."""
    levels = ka.position_levels()
    assert [level.code for level in levels] == [
        "vendor",
        "preferred_supplier",
        "business_partner",
        "strategic_partner",
        "community_of_interest",
    ]
    assert all(level.name_zh and level.meaning for level in levels)


@given(st.permutations(range(4)))
def test_a_row_depends_on_that_row_alone(order: list[int]) -> None:
    """Permuted, and one by one, to the bit."""
    shuffled = {name: [column[i] for i in order] for name, column in BOOK.items()}
    found = ka.positioning(shuffled, key="is_key", resources="budget", evidence=SHOWN)
    whole = placed(evidence=SHOWN).columns()
    assert_same_columns(found.columns(), {k: v[order] for k, v in whole.items()})
    i = order[0]
    one = {name: column[i] for name, column in BOOK.items()}
    alone = ka.positioning(one, key="is_key", resources="budget", evidence=SHOWN)
    assert_same_columns(alone.columns(), {k: v[[i]] for k, v in whole.items()})


def test_empty() -> None:
    """No account, no row."""
    none: dict[str, list[Any]] = {name: [] for name in BOOK}
    assert len(ka.positioning(none)) == 0
    assert ka.positioning(none).columns()["evidence_required"].tolist() == []


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"now": "is_key"}, ka.RowError, "no known word"),
        ({"now": "nov"}, ka.ColumnNotFoundError, "did you mean 'now'"),
        ({"resources": "account"}, ka.KeyAccountError, "number"),
        ({"key": "budget"}, ka.RowError, "neither true nor false"),
        ({"levels": []}, ka.SpecError, "must not be empty"),
        ({"rule": "strict"}, ka.SpecError, "StrategicRule"),
        ({"rule": ka.StrategicRule(all_of=["vip"])}, ka.ColumnNotFoundError, "vip"),
        ({"rule": ka.StrategicRule(from_level="friend")}, ka.SpecError, "from_level"),
    ],
)
def test_what_cannot_be_is_refused(options: Any, error: type[Exception], said: str) -> None:
    """Typed errors, each with its hint."""
    with pytest.raises(error, match=said) as caught:
        ka.positioning(BOOK, **options)
    assert "Hint:" in str(caught.value)


def test_resources_below_0_are_refused() -> None:
    """A negative resource is a slip."""
    with pytest.raises(ka.RowError, match="below 0"):
        ka.positioning({**BOOK, "budget": [-1, 0, 0, 0]}, resources="budget")


def test_what_is_not_known_is_said() -> None:
    """Never "nothing to say"."""
    book = {"account": ["A"], "now": [None], "aim": [None], "works_on_strategy": [True]}
    found = ka.positioning(book, now="now", aim="aim")
    assert found.row(0)["why"].startswith("not known: the level now, the aim")
