"""Open deals are stalled for reasons that can be read: the plan, their like, missing actions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import assert_same_bits, stage_visits

PAST = ka.stage_conversion([2, 4, 8, 16, 40, 40], [1, 1, 2, 1, 1, 0], groups=["C"] * 6)
ALL_TESTS = ka.StallRule(tests=("over_plan", "outlasted", "slow_ahead", "missing_actions"))
DEALS = {
    "id": ["o1", "o2", "o3", "o4", "o5"],
    "stage": ["C", "C", "C", "D", None],
    "days": [1.0, 12.0, 45.0, 3.0, math.nan],
    "missing": [0, 1, None, 2, 0],
}


def test_each_test_gives_its_reason() -> None:
    """Plan of 10 days in C, none in D; comparable deals in C alone."""
    found = ka.stalled_deals(
        DEALS,
        planned_days={"C": 10},
        conversion=PAST,
        missing_actions="missing",
        ids="id",
        rule=ALL_TESTS,
    )
    assert found.stalled.tolist() == [False, True, True, True, False]
    assert found.reason.tolist() == [
        None,
        "over_plan, slow_ahead, missing_actions",
        "over_plan",
        "missing_actions",
        None,
    ]
    assert found.over_plan[:3].tolist() == [0.1, 1.2, 4.5]
    assert found.outlasted[:3].tolist() == pytest.approx([0.0, 0.5, 5 / 6])
    assert found.remaining[:2].tolist() == [7.0, 28.0]
    assert np.isnan(found.remaining[2])
    assert [f.code for f in found.findings] == [
        "no_days",
        "no_plan",
        "no_comparison",
        "no_actions",
    ]
    assert [f.examples for f in found.findings] == [
        ("row 4",),
        ("row 3", "row 4"),
        ("row 3",),
        ("row 2",),
    ]
    why = found.row(1)["why"]
    assert why == {
        "over_plan": "12 spent, 10 planned",
        "slow_ahead": "28 more until 50% of those that stayed as long have left, 10 planned",
        "missing_actions": "1 missing",
    }
    assert found.row(0).get("why") is None
    assert found.columns()["id"].tolist() == DEALS["id"]
    assert "3 of 5 open deals stalled" in found._repr_html_()


def test_a_remaining_time_that_is_not_reached_is_at_least_the_follow_up() -> None:
    """Of those still there after 20 days nobody left in the 80 days they were watched."""
    past = ka.stage_conversion([5, 10, 100, 100, 100], [1, 2, 0, 0, 0])
    found = ka.stalled_deals(
        {"stage": ["A", "A"], "days": [20, 95]}, planned_days={"A": 30}, conversion=past
    )
    assert np.isnan(found.remaining).all()
    assert found.remaining_at_least.tolist() == [80.0, 5.0]
    assert found.reasons["slow_ahead"].tolist() == [True, False]
    assert "had not left 80 later" in found.row(0)["why"]["slow_ahead"]


def test_who_outlasts_nine_in_ten_is_stalled() -> None:
    """Nine of ten comparable deals had left by now: at the bound counts."""
    past = ka.stage_conversion(range(1, 31), [1] * 30)
    found = ka.stalled_deals({"stage": ["A"] * 3, "days": [26, 27, 99]}, conversion=past)
    assert found.outlasted[1] < 0.9  # a product of 27 factors ends a bit short of it
    assert found.stalled.tolist() == [False, True, True]
    assert found.row(2)["why"]["outlasted"] == "100.0% of comparable deals had left by 99"


def test_the_rule_is_data() -> None:
    """Other bounds, and tests that do not count."""
    rule = ka.StallRule(tests=("over_plan",), over_plan=2)
    found = ka.stalled_deals(DEALS, planned_days={"C": 10}, missing_actions="missing", rule=rule)
    assert found.stalled.tolist() == [False, False, True, False, False]
    assert list(found.reasons) == ["over_plan"]
    nothing = ka.stalled_deals(DEALS, missing_actions="missing", rule=ka.StallRule(tests=()))
    assert not nothing.stalled.any()
    counted = ka.StallRule(tests=("missing_actions",))
    assert ka.stalled_deals(DEALS, missing_actions="missing", rule=counted).stalled.tolist() == [
        False,
        True,
        False,
        True,
        False,
    ]


def test_missing_actions_are_shown_and_stall_no_deal_by_themselves() -> None:
    """Nearly every open deal misses one: without a rule that names them they flag nothing."""
    found = ka.stalled_deals(DEALS, planned_days={"C": 10}, missing_actions="missing")
    assert found.stalled.tolist() == [False, True, True, False, False]
    assert found.reason[1] == "over_plan"
    assert found.row(3)["missing_actions"] == 2
    assert "missing_actions" not in found.reasons


def test_only_open_deals_are_stalled() -> None:
    """A standing holds decided deals too: they count for nothing, and lie ahead of nothing."""
    events = [
        ka.Event(deal, "open", at="2026-01-05", amount=1.0) for deal in ("lost", "open", "won")
    ]
    events += [
        ka.Event("lost", "lose", at="2026-03-01", reason="price"),
        ka.Event("won", "win", at="2026-03-01", override="signed at once"),
    ]
    standing = ka.opportunity_funnel().replay(ka.event_log(events)).at("2026-03-31")
    found = ka.stalled_deals(
        standing,
        days="days_in_stage",
        planned_days=dict.fromkeys(standing.stage.tolist(), 7),
        conversion=ka.stage_conversion([5, 8, 99], [1, 2, 1]),
        ids="deal",
    )
    assert found.stalled.tolist() == found.open.tolist() == [False, True, False]
    assert found.reason.tolist()[::2] == [None, None]
    assert np.isnan(found.remaining[::2]).all()
    assert found.row(0)["open"] is False
    assert "open" not in found.row(1)
    assert "1 of 1 open deals stalled" in found._repr_html_()
    assert found.findings == ()
    every = ka.stalled_deals(
        standing, outcome=None, days="days_in_stage", planned_days={"understand": 7}
    )
    assert every.stalled[0]


def test_what_says_that_a_deal_is_open() -> None:
    """Words of deals and of stays in any case, or numbers; nothing said is open, and told."""
    deals = {"stage": ["A"] * 5, "days": [9] * 5}
    for outcome, stalled in (
        (["Open", "won", "LOST", "advanced", "regressed"], [True, *[False] * 4]),
        ([0, 1, 2, 0, 0], [True, False, False, True, True]),
        ([None, "open", "won", "won", "won"], [True, True, *[False] * 3]),
    ):
        found = ka.stalled_deals({**deals, "outcome": outcome}, planned_days={"A": 3})
        assert found.stalled.tolist() == stalled
    assert [(f.code, f.count, f.severity) for f in found.findings] == [("no_outcome", 1, "info")]
    known = {**deals, "state": ["won"] * 5}
    assert not ka.stalled_deals(known, outcome="state", planned_days={"A": 3}).stalled.any()
    for wrong, error, said in (
        (["won", "closed"], ka.RowError, "holds no known outcome"),
        (np.array([True, False]), ka.ColumnError, "must hold outcomes"),
        (["won"] * 3, ka.ColumnError, "differ in length"),
    ):
        table = {"stage": ["A"] * 2, "days": [9] * 2, "outcome": wrong}
        with pytest.raises(error, match=said):
            ka.stalled_deals(table, planned_days={"A": 3})
    with pytest.raises(ka.ColumnNotFoundError):
        ka.stalled_deals(deals, outcome="state", planned_days={"A": 3})


def test_deals_are_compared_by_any_group() -> None:
    """The column names the group of the curves; curves without groups are for every deal."""
    past = ka.stage_conversion([1, 2, 50, 60], [1, 1, 1, 1], groups=["s", "s", "l", "l"])
    deals = {"stage": ["A", "A"], "days": [5, 5], "segment": ["s", "l"]}
    by_segment = ka.stalled_deals(deals, conversion=past, group="segment")
    assert by_segment.outlasted.tolist() == [1.0, 0.0]
    assert np.isnan(ka.stalled_deals(deals, conversion=past).outlasted).all()
    pooled = ka.stalled_deals(deals, conversion=ka.stage_conversion([1, 2, 50, 60], [1] * 4))
    assert pooled.outlasted.tolist() == [0.5, 0.5]


@given(
    stage_visits(min_size=1),
    st.lists(
        st.tuples(
            st.sampled_from(["carriers", "finance", "retail", "never seen", None]),
            st.floats(0, 20) | st.just(math.nan),
            st.integers(0, 3),
        ),
        min_size=1,
        max_size=12,
    ),
)
def test_each_deal_is_judged_alone(visits: Any, rows: list[tuple[Any, float, int]]) -> None:
    """Row-wise, given the curves: one deal alone is the same deal among others."""
    past = ka.stage_conversion(visits["days"], visits["outcome"], groups=visits["group"])

    def judged(rows: list[tuple[Any, float, int]]) -> ka.StalledDeals:
        stage, days, missing = zip(*rows, strict=True)
        return ka.stalled_deals(
            {"stage": list(stage), "days": list(days), "missing": list(missing)},
            planned_days={"finance": 4, "retail": 2.5},
            conversion=past,
            missing_actions="missing",
            rule=ALL_TESTS,
        )

    together = judged(rows)
    for i, row in enumerate(rows):
        alone = judged([row])
        for name, column in alone.columns().items():
            if column.dtype.kind == "O":
                assert column[0] == together.columns()[name][i]
            else:
                assert_same_bits(together.columns()[name][i : i + 1], column, name)
        assert dict(alone.row(0)) == dict(together.row(i))


@given(stage_visits(min_size=1), st.floats(0, 15), st.floats(0, 5))
def test_more_time_spent_never_unstalls_by_plan_or_by_likeness(
    visits: Any, days: float, more: float
) -> None:
    """A deal that stays longer is further over plan and outlasts no fewer."""
    past = ka.stage_conversion(visits["days"], visits["outcome"])
    found = ka.stalled_deals(
        {"stage": ["A", "A"], "days": [days, days + more]}, planned_days={"A": 3}, conversion=past
    )
    assert found.over_plan[0] <= found.over_plan[1]
    assert found.outlasted[0] <= found.outlasted[1]


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: ka.stalled_deals(DEALS), ka.SpecError, "something to judge by"),
        (
            lambda: ka.stalled_deals(DEALS, missing_actions="missing"),
            ka.SpecError,
            r"judge by[\s\S]*Hint: missing actions count",
        ),
        (
            lambda: ka.stalled_deals(
                DEALS,
                conversion=ka.conversion_table(  # type: ignore[arg-type]
                    {"stage": ["C"], "days": [1], "outcome": [1]}, horizon=3
                ),
            ),
            ka.SpecError,
            r"must be a StageConversion.*ConversionTable[\s\S]*table\.conversion",
        ),
        (lambda: ka.stalled_deals(DEALS, planned_days={"C": 0}), ka.SpecError, r"\['C'\].*0"),
        (lambda: ka.stalled_deals(DEALS, planned_days=7), ka.SpecError, "must map"),  # type: ignore[arg-type]
        (
            lambda: ka.stalled_deals(DEALS, planned_days={"C": 3}, rule="strict"),  # type: ignore[arg-type]
            ka.SpecError,
            "StallRule",
        ),
        (
            lambda: ka.stalled_deals({**DEALS, "days": [-1] * 5}, planned_days={"C": 3}),
            ka.RowError,
            "5 rows are below 0",
        ),
        (
            lambda: ka.stalled_deals({"stage": ["A"], "day": [1]}, planned_days={"A": 3}),
            ka.ColumnNotFoundError,
            "did you mean 'day'",
        ),
        (
            lambda: ka.stalled_deals({"stage": ["A"], "days": [1, 2]}, planned_days={"A": 3}),
            ka.ColumnError,
            "differ in length",
        ),
        (
            lambda: ka.stalled_deals(
                {**DEALS, "missing": [1]}, missing_actions="missing", rule=ALL_TESTS
            ),
            ka.ColumnError,
            "'missing' 1",
        ),
        (
            lambda: ka.stalled_deals({**DEALS, "id": ["a"]}, planned_days={"C": 3}, ids="id"),
            ka.ColumnError,
            "'id' 1",
        ),
        (
            lambda: ka.stalled_deals({**DEALS, "s": ["a"]}, conversion=PAST, group="s"),
            ka.ColumnError,
            "differ in length",
        ),
        (
            lambda: ka.stalled_deals({**DEALS, "id": ["a"] * 5}, planned_days={"C": 3}, ids="id"),
            ka.DuplicateIdError,
            "unique",
        ),
        (lambda: ka.StallRule(tests=("slow",)), ka.SpecError, "did you mean|must be one of"),
        (lambda: ka.StallRule(remaining=1), ka.SpecError, "remaining"),
        (lambda: ka.StallRule(missing_actions=-1), ka.SpecError, "missing_actions"),
        (lambda: ka.StallRule(over_plan=math.inf), ka.SpecError, "over_plan"),
    ],
)
def test_what_cannot_be_is_refused(call: Any, error: type[Exception], said: str) -> None:
    """Typed errors that show the value."""
    with pytest.raises(error, match=said):
        call()
