"""A target is split to the cent, and its pace tells what is due, there and left."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import sales_targets

QUARTERS = ka.SalesTarget.by_quarter(400.0, 2026, shares=(0.1, 0.2, 0.3, 0.4))


def test_a_hand_made_pace() -> None:
    """Two quarters over, 46 of 92 days of the third: half of it is due."""
    won = (
        [35.0, 90.0, 50.0, 8.0, None],
        ["2026-03-31", "2026-04-01", "2026-08-15", "2026-08-16", None],
    )
    found = ka.pace(QUARTERS, *won, as_of="2026-08-15", open_weighted=90.0)
    assert found.phase.tolist() == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert found.target.tolist() == [40.0, 80.0, 120.0, 160.0]
    assert found.due.tolist() == [40.0, 80.0, 60.0, 0.0]
    assert found.actual.tolist() == [35.0, 90.0, 50.0, 0.0]
    assert found.ahead.tolist() == [-5.0, 10.0, -10.0, 0.0]
    assert found.days_left.tolist() == [0, 0, 46, 92]
    assert found.per_day[1:].tolist() == [0.0, 70 / 46, 160 / 92]
    assert math.isnan(found.per_day[0])  # five are missing, and the quarter is over
    assert found.total["gap"] == 225.0
    assert found.total["per_day"] == 225 / 138
    assert found.total["coverage"] == 0.4
    assert [(f.code, f.count) for f in found.findings] == [
        ("no_amount", 1),
        ("no_day", 1),
        ("later", 1),
    ]


def test_a_target_that_is_reached() -> None:
    """Nothing is missing: nothing per day, and nothing to cover."""
    found = ka.pace(QUARTERS, 500, "2026-02-01", as_of="2026-12-31", open_weighted=10)
    assert (found.total["gap"], found.total["per_day"], found.total["ahead"]) == (0.0, 0.0, 100.0)
    assert math.isnan(found.total["coverage"])
    missed = ka.pace(QUARTERS, [], [], as_of="2027-01-31")
    assert math.isnan(missed.total["per_day"])
    assert missed.total["due"] == 400.0
    assert math.isnan(missed.total["open_weighted"])


def test_without_shares_by_days() -> None:
    """90, 91, 92 and 92 days of a common year; cents left over go to who lost most."""
    target = ka.SalesTarget.by_quarter(100.0, 2026)
    assert target.amounts == (24.66, 24.93, 25.21, 25.2)
    assert len(ka.SalesTarget.by_month(12.0, 2028).phases) == 12
    assert ka.SalesTarget.by_month(12.0, 2028).phases[1].days == 29


def test_days_between_phases() -> None:
    """What is won between two phases counts nowhere, and that is told."""
    target = ka.SalesTarget(
        10.0,
        (
            ka.TargetPhase("spring", start="2026-03-01", end="2026-05-31"),
            ka.TargetPhase("autumn", start="2026-09-01", end="2026-11-30"),
        ),
    )
    days = ["2026-01-01", "2026-07-01", "2026-12-24", "2026-03-01", "2026-11-30"]
    found = ka.pace(target, [1.0, 2.0, 4.0, 8.0, 16.0], days, as_of="2026-12-31")
    assert found.actual.tolist() == [8.0, 16.0]
    assert [(f.code, f.count) for f in found.findings] == [("outside_phases", 3)]
    before = ka.pace(target, [], [], as_of="2026-01-01")
    assert before.days_left.tolist() == [92, 91]
    assert before.total["due"] == 0.0


def _phase(name: str, start: str, end: str, share: float | None = None) -> ka.TargetPhase:
    return ka.TargetPhase(name, start=start, end=end, share=share)


def test_misuse() -> None:
    """Specs and options say what is wrong."""
    q1 = _phase("a", "2026-01-01", "2026-03-31")
    slips: dict[str, tuple[Any, ...]] = {
        "must be phases": (1.0, ()),
        "without a day in common": (1.0, (q1, _phase("b", "2026-03-31", "2026-04-30"))),
        "names of their own": (1.0, (q1, _phase("a", "2026-04-01", "2026-04-30"))),
        "all have a share": (1.0, (q1, _phase("b", "2026-04-01", "2026-04-30", 1.0))),
        "sum to 1": (1.0, (_phase("a", "2026-01-01", "2026-03-31", 0.9),)),
        "must be above 0": (0.0, (q1,)),
        "counted in cents": (1e15, (q1,)),
    }
    for said, fields in slips.items():
        with pytest.raises(ka.SpecError, match=said):
            ka.SalesTarget(*fields)
    with pytest.raises(ka.SpecError, match="must not lie before start"):
        _phase("a", "2026-03-31", "2026-01-01")
    with pytest.raises(ka.SpecError, match="must be 4 shares"):
        ka.SalesTarget.by_quarter(1.0, 2026, shares=(0.5, 0.5))
    for year in (True, "2026", 9999, 0):
        with pytest.raises(ka.SpecError, match="must be a year"):
            ka.SalesTarget.by_month(1.0, year)  # type: ignore[arg-type]
    with pytest.raises(ka.SpecError, match="must be a SalesTarget"):
        ka.pace(400.0, [], [], as_of="2026-01-01")  # type: ignore[arg-type]
    with pytest.raises(ka.SpecError, match="must be a day"):
        ka.pace(QUARTERS, [], [], as_of=None)
    with pytest.raises(ka.ColumnError, match="differ in length"):
        ka.pace(QUARTERS, [1.0], [], as_of="2026-01-01")
    with pytest.raises(ka.RowError):
        ka.pace(QUARTERS, ["many"], ["2026-01-01"], as_of="2026-01-01")
    with pytest.raises(ka.RowError, match="too large"):
        ka.pace(QUARTERS, [], [], as_of="2026-01-01", open_weighted=1e300)


def test_views() -> None:
    """As a frame, as a record, as HTML."""
    found = ka.pace(QUARTERS, [], [], as_of="2026-06-30")
    assert len(pd.DataFrame(found.columns())) == len(found) == 4
    assert found.row(2)["phase"] == "2026-Q3"
    assert "of 400.00 by 2026-06-30" in found._repr_html_()


@given(sales_targets())
def test_phases_make_the_target(target: ka.SalesTarget) -> None:
    """To the cent."""
    assert math.fsum(round(a * 100) for a in target.amounts) == round(target.amount * 100)
    assert min(target.amounts) >= 0.0


@given(sales_targets(), st.integers(0, 500), st.integers(0, 500))
def test_what_is_due_never_falls(target: ka.SalesTarget, day: int, more: int) -> None:
    """It grows by the day, from nothing to the target."""
    start = np.datetime64(target.phases[0].start, "D")
    early, late = (
        ka.pace(target, [], [], as_of=start + np.timedelta64(n - 1, "D")).due
        for n in (day, day + more)
    )
    assert (early <= late).all()
    assert not ka.pace(target, [], [], as_of=start - np.timedelta64(1, "D")).due.any()
    end = np.datetime64(target.phases[-1].end, "D")
    assert ka.pace(target, [], [], as_of=end).due.tolist() == list(target.amounts)


@given(
    sales_targets(),
    st.lists(st.tuples(st.integers(-(10**6), 10**6), st.integers(-5, 400)), max_size=12),
)
def test_wins_may_be_split_and_mixed(target: ka.SalesTarget, wins: list[tuple[int, int]]) -> None:
    """The order of wins does not matter, and one win in two parts is the same."""
    start = np.datetime64(target.phases[0].start, "D")
    amounts = [cents / 100 for cents, _ in wins]
    days = np.array([start + np.timedelta64(day, "D") for _, day in wins], dtype="datetime64[D]")
    one = ka.pace(target, amounts, days, as_of=start + np.timedelta64(300, "D"))
    halves = [c // 2 / 100 for c, _ in wins] + [(c - c // 2) / 100 for c, _ in wins]
    two = ka.pace(
        target,
        halves[::-1],
        np.concatenate([days, days])[::-1],
        as_of=start + np.timedelta64(300, "D"),
    )
    for name, column in one.columns().items():
        np.testing.assert_array_equal(column, two.columns()[name])
