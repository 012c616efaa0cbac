"""Conversion of a stage: open deals are censored, naive ratios are named as such."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given

import keyaccount as ka
from keyaccount.testing import as_container, assert_same_bits, containers, stage_visits

DAYS = [2, 3, 4, 5, 7, 8, 9, 11, 14, 20]
OUTCOMES = [1, 2, 0, 1, 0, 1, 2, 0, 1, 0]
WORDS = np.array(["open", "advanced", "lost"], dtype=object)
EXACT = 1e-12


def test_curves_ref_aalen_johansen_small() -> None:
    """The reference of ten deals, with everything that is wrong with the naive ratios."""
    found = ka.stage_conversion(DAYS, OUTCOMES)
    assert found.times.tolist() == [2, 3, 5, 8, 9, 14]
    advanced = [0.1, 0.1, 0.2142857142857143, 0.3514285714285714, 0.3514285714285714]
    lost = [0.0, 0.1, 0.1, 0.1, 0.23714285714285716, 0.23714285714285716]
    open_ = [0.9, 0.8, 0.6857142857142857, 0.5485714285714286, 0.4114285714285715]
    np.testing.assert_allclose(found.advanced, [*advanced, 0.5571428571428572], rtol=0, atol=EXACT)
    np.testing.assert_allclose(found.lost, lost, rtol=0, atol=EXACT)
    np.testing.assert_allclose(found.open, [*open_, 0.20571428571428574], rtol=0, atol=EXACT)
    assert found.naive_over_all.tolist() == [0.4]
    assert found.naive_over_resolved == pytest.approx([2 / 3], abs=EXACT)
    assert found.naive_one_minus_km == pytest.approx([0.6914285714285714], abs=EXACT)
    assert found.n_censored.tolist() == [0, 1, 1, 0, 1, 1]
    assert found.dwell(0.5).tolist() == [9.0]


@pytest.mark.parametrize(
    "outcomes",
    [
        WORDS[OUTCOMES].tolist(),
        [str(w).upper() + " " for w in WORDS[OUTCOMES]],
        [str(o) for o in OUTCOMES],
        np.array(OUTCOMES, dtype=np.float64),
        np.array(OUTCOMES, dtype=np.int8),
    ],
)
def test_outcomes_are_numbers_or_words(outcomes: Any) -> None:
    """Codes and words mean the same, in any case."""
    found = ka.stage_conversion(DAYS, outcomes)
    assert_same_bits(found.advanced, ka.stage_conversion(DAYS, OUTCOMES).advanced)


@given(containers())
def test_any_container_gives_the_same(kind: str) -> None:
    """Columns of any library, with missing outcomes."""
    outcomes = [*WORDS[OUTCOMES].tolist(), None]
    visits = as_container(
        {"days": [*map(float, DAYS), 3.0], "outcome": outcomes, "stage": ["A"] * 11}, kind
    )
    found = ka.stage_conversion(visits["days"], visits["outcome"], groups=visits["stage"])
    assert_same_bits(found.advanced, ka.stage_conversion(DAYS, OUTCOMES).advanced)
    assert found.findings[0].code == "no_outcome"
    table = ka.conversion_table(visits, horizon=14)
    assert_same_bits(table.at.advanced, found.at(14).advanced)


def test_reading_at_horizons() -> None:
    """Before the first step none has left; at a step it counts; beyond the last look is flagged."""
    at = ka.stage_conversion(DAYS, OUTCOMES).at([0, 8, 8.5, 20, 21])
    assert at.advanced[0] == 0.0
    assert at.open[0] == 1.0
    assert at.advanced[1] == at.advanced[2] == pytest.approx(0.3514285714285714, abs=EXACT)
    assert at.n_advanced.tolist() == [0, 3, 3, 4, 4]
    assert at.n_lost.tolist() == [0, 1, 1, 2, 2]
    assert at.beyond.tolist() == [False, False, False, False, True]
    assert at.followed_until.tolist() == [20.0] * 5
    assert (at.naive_one_minus_km[1:] > at.advanced[1:]).all()
    assert "group" not in at.columns()
    assert at.row(1)["n_lost"] == 1


def test_groups_are_read_in_sorted_order_at_each_horizon() -> None:
    """A row per group and horizon, groups first."""
    found = ka.stage_conversion([3, 4, 5], [1, 1, 0], groups=["wang", "li", "li"], horizon=4)
    assert found.groups == ("li", "wang")
    assert found.at_horizon.columns()["group"].tolist() == ["li", "wang"]
    assert found.at_horizon.advanced.tolist() == [0.5, 1.0]
    assert found.at([1, 4]).columns()["horizon"].tolist() == [1.0, 4.0, 1.0, 4.0]
    assert found.columns()["group"].tolist() == ["li", "wang"]
    assert found.row(0)["group"] == "li"
    assert "2 steps" in found._repr_html_()
    assert "horizon" in found.at_horizon._repr_html_()


def test_a_horizon_beyond_the_follow_up_is_told() -> None:
    """The finding names the groups; a group in which all have left is complete."""
    found = ka.stage_conversion([3, 4, 5], [1, 1, 0], groups=["a", "b", "b"], horizon=30)
    (told,) = found.findings
    assert told.code == "beyond_follow_up"
    assert told.examples == ("b",)
    (alone,) = ka.stage_conversion([4, 5], [1, 0], horizon=30).findings
    assert alone.message == "no deal watched until 30: the shares are the last ones known"


def test_nothing_known_is_nan() -> None:
    """No deals: no shares, no interval, no dwell."""
    found = ka.stage_conversion([], [])
    assert len(found) == 0
    for name, column in found.at(7).columns().items():
        if column.dtype.kind == "f" and name not in {"horizon", "effective"}:
            assert np.isnan(column).all(), name
    assert np.isnan(found.dwell(0.5)).all()
    assert len(ka.stage_conversion([], [], groups=[]).at(7)) == 0
    assert ka.stage_conversion(3, 1).advanced.tolist() == [1.0]  # one deal as scalars


def test_entered_corrects_for_deals_gone_before_they_could_be_seen() -> None:
    """Deals seen from day 5 on say nothing of the days before."""
    found = ka.stage_conversion([2, 8, 9], [2, 1, 1], entered=[0, 5, 5])
    assert found.at_risk.tolist() == [1, 2, 1]
    later = ka.stage_conversion([2, 4, 8, 9], [2, 0, 1, 1], entered=[0, 0, 5, 5])
    assert later.at_risk.tolist() == [2, 2, 1]
    assert later.advanced.tolist() == [0.0, 0.25, 0.5]


@given(stage_visits(missing=True))
def test_steps_never_lie_outside_their_intervals(visits: Any) -> None:
    """Each share lies inside its interval wherever one is known; nothing is −0.0."""
    found = ka.stage_conversion(visits["days"], visits["outcome"], groups=visits["group"])
    columns = found.columns()
    for name in ("advanced", "lost"):
        low, high = columns[f"{name}_low"], columns[f"{name}_high"]
        known = ~np.isnan(low)
        assert (low[known] <= columns[name][known] + EXACT).all()
        assert (columns[name][known] <= high[known] + EXACT).all()
    for column in {**columns, **found.at(5.0).columns()}.values():
        if column.dtype.kind == "f":
            assert not np.signbit(column[column == 0.0]).any()


@given(stage_visits(min_size=1))
def test_naive_ratios_bracket_the_estimate(visits: Any) -> None:
    """Over all is never above the estimate, one minus Kaplan-Meier never below it."""
    at = ka.stage_conversion(visits["days"], visits["outcome"]).at([1, 3, 7, 12])
    assert (at.naive_over_all <= at.advanced + EXACT).all()
    assert (at.advanced <= at.naive_one_minus_km + EXACT).all()
    assert (at.n_advanced + at.n_lost <= at.deals).all()


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: ka.stage_conversion([-1], [1]), ka.RowError, "below 0"),
        (lambda: ka.stage_conversion([1, 2], [1, 3]), ka.RowError, "row 1: 3.0"),
        (lambda: ka.stage_conversion([1], ["won"]), ka.RowError, "row 0: 'won'"),
        (lambda: ka.stage_conversion([1, 2], [1]), ka.ColumnError, "differ in length"),
        (lambda: ka.stage_conversion([1], [1], level=90), ka.SpecError, "level.*90"),
        (lambda: ka.stage_conversion([1], [1], horizon=-1), ka.RowError, "horizon"),
        (lambda: ka.stage_conversion([1], [1], horizon=math.nan), ka.RowError, "horizon"),
        (lambda: ka.stage_conversion([1], [1], horizon=[1, 2]), ka.SpecError, "one time"),  # type: ignore[arg-type]
        (lambda: ka.stage_conversion([1], [1]).dwell(50), ka.SpecError, "50"),
        (lambda: ka.stage_conversion([1], [1]).row(7), ka.RowError, "no row 7"),
    ],
)
def test_what_cannot_be_is_refused(call: Any, error: type[Exception], said: str) -> None:
    """Typed errors that show the value."""
    with pytest.raises(error, match=said):
        call()
