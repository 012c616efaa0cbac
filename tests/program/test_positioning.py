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


STEPS: dict[str, list[Any]] = {
    "account": ["A", "A", "A", "B", "A", "Z", "D"],
    "strategic": [True, False, False, False, None, False, False],
    "resources": [7.0, 2.5, 1500.0, 4.0, 9.0, 1.0, 3.0],
}


def test_strategic_resources_belong_on_strategic_steps() -> None:
    """A is strategic and spends elsewhere; B is misplaced as a whole; of D nothing is known."""
    found = placed(steps=STEPS)
    assert found.on_other_steps.tolist()[:2] == [1502.5, 4.0]
    assert np.isnan(found.on_other_steps[2])  # no step is known
    assert found.misplaced_steps.tolist() == [True, False, False, False]
    assert found.row(0)["why"].endswith(
        "1,502.50 of strategic resources go to steps that are not strategic"
    )
    told = {f.code: f for f in found.findings}
    assert told["misplaced_steps"].message == (
        "1 account with 1,502.50 of strategic resources, on steps that are not strategic"
    )
    assert told["step_unknown"].count == 1
    assert told["unknown_account"].examples == ("Z",)
    assert not placed().misplaced_steps.any()


def test_the_initiatives_of_a_plan_are_steps() -> None:
    """Marked as strategic or not, with what they take."""
    plan = ka.AccountPlan(
        "A",
        initiatives=[
            ka.Initiative("joint", "Joint road map", strategic=True, resources=6),
            ka.Initiative("expo", "Stand at a fair", resources=1),
            ka.Initiative("visit", "Visit"),
        ],
    )
    found = placed(steps=plan.tables()["initiatives"])
    assert found.on_other_steps.tolist()[0] == 1.0
    assert found.misplaced_steps.tolist()[0] is True
    with pytest.raises(ka.SpecError, match="at least 0"):
        ka.Initiative("a", "A", resources=-1)
    with pytest.raises(ka.SpecError, match="True or False"):
        ka.Initiative("a", "A", strategic="yes")  # type: ignore[arg-type]


@given(st.permutations(range(7)))
def test_the_order_of_steps_does_not_matter(order: list[int]) -> None:
    """To the bit; and every step less takes no more."""
    shuffled = {name: [column[i] for i in order] for name, column in STEPS.items()}
    whole = placed(steps=STEPS)
    assert_same_columns(placed(steps=shuffled).columns(), whole.columns())
    fewer = placed(steps={name: column[:3] for name, column in shuffled.items()})
    assert not (fewer.on_other_steps > whole.on_other_steps).any()


def test_steps_that_cannot_be_are_refused() -> None:
    """A misspelt column, a negative resource, a flag that is none, columns of other lengths."""
    good = {**STEPS, "strategic": [True] * 7}
    with pytest.raises(ka.ColumnNotFoundError, match="did you mean 'strategic'"):
        placed(steps=good, strategic="strategc")
    with pytest.raises(ka.RowError, match="below 0"):
        placed(steps={**good, "resources": [-1.0] * 7})
    with pytest.raises(ka.RowError, match="neither true nor false"):
        placed(steps={**good, "strategic": ["perhaps"] * 7})
    with pytest.raises(ka.ColumnError):
        placed(steps={**good, "account": ["A"] * 6})


def test_steps_of_which_nothing_is_known_say_nothing() -> None:
    """Unknown, not none."""
    steps = {"account": ["A", "B"], "strategic": [None, True], "resources": [9.0, 9.0]}
    found = placed(steps=steps)
    assert np.isnan(found.on_other_steps[0])
    assert found.on_other_steps[1] == 0.0
    assert not found.misplaced_steps.any()


def test_steps_of_an_account_that_is_not_strategic_are_misplaced() -> None:
    """Whether the step calls itself strategic or not; its resources are told once."""
    book = {
        "account": ["A", "B", "C", "D", "E"],
        "now": ["vendor"] * 5,
        "aim": ["vendor"] * 5,
        "works_on_strategy": [True, False, False, False, True],
        "is_key": [True, True, False, True, True],
        "budget": [None, None, None, 7, None],
    }
    steps = {
        "account": ["A", "B", "B", "C", "D", "D", "E"],
        "strategic": [True, True, False, None, True, None, False],
        "resources": [5.0, 6.0, 3.0, 2.0, None, 4.0, None],
    }
    found = ka.positioning(book, key="is_key", resources="budget", steps=steps)
    assert found.misplaced.tolist() == [False, True, True, True, False]
    assert found.on_steps.tolist() == [5.0, 9.0, 2.0, 4.0, 0.0]
    assert found.on_other_steps.tolist()[:2] == [0.0, 3.0]
    assert np.isnan(found.on_other_steps[2])
    assert found.on_other_steps[3:].tolist() == [0.0, 0.0]
    assert found.taken.tolist() == [5.0, 9.0, 2.0, 7.0, 0.0]
    assert "takes 9 of strategic resources and is important" in found.row(1)["why"]
    told = next(f for f in found.findings if f.code == "misplaced_resources")
    assert told.message == "3 accounts with 18 of strategic resources, not strategic"
    alone = ka.positioning(book, key="is_key", resources="budget")
    assert alone.misplaced.tolist() == [False, False, False, True, False]
