"""The estimators of durations reproduce published numbers and refuse what cannot be."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from keyaccount.errors import ColumnError, RowError, SpecError
from keyaccount.stats.survival import aalen_johansen, conditional_quantile, kaplan_meier
from keyaccount.stats.survival.variance import effective_number, share_interval

# days in stage, outcome (0 open, 1 advanced, 2 lost)
DAYS = [2, 3, 4, 5, 7, 8, 9, 11, 14, 20]
OUTCOMES = [1, 2, 0, 1, 0, 1, 2, 0, 1, 0]
REFERENCE = {  # time: advanced, lost, open
    2: (0.1, 0.0, 0.9),
    3: (0.1, 0.1, 0.7999999999999999),
    5: (0.2142857142857143, 0.1, 0.6857142857142857),
    8: (0.3514285714285714, 0.1, 0.5485714285714286),
    9: (0.3514285714285714, 0.23714285714285716, 0.4114285714285715),
    14: (0.5571428571428572, 0.23714285714285716, 0.20571428571428574),
}

# Freireich et al. (1963), Blood 21: weeks of remission under 6-mercaptopurine, 21 children.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
KLEIN_MOESCHBERGER_2003 = {  # table 4.1: week: at risk, survival, standard error
    6: (21, 0.857, 0.0764),
    7: (17, 0.807, 0.0869),
    10: (15, 0.753, 0.0963),
    13: (12, 0.690, 0.1068),
    16: (11, 0.627, 0.1141),
    22: (7, 0.538, 0.1282),
    23: (6, 0.448, 0.1346),
}


def test_curves_ref_aalen_johansen_small() -> None:
    """Ten deals, equal to lifelines 0.30.3 and to a calculation by hand."""
    curves = aalen_johansen(DAYS, OUTCOMES)
    assert curves.times.tolist() == list(REFERENCE)
    found = np.stack([*curves.incidence, curves.open], axis=1)
    np.testing.assert_allclose(found, list(REFERENCE.values()), rtol=0, atol=1e-12)
    assert curves.risk.at_risk.tolist() == [10, 9, 7, 5, 4, 2]
    assert curves.risk.censored.tolist() == [0, 1, 1, 0, 1, 1]


def test_survival_ref_klein_moeschberger_2003_table_4_1() -> None:
    """The 6-MP remissions, with ties of events and of an event with a censoring at week 6."""
    curve = kaplan_meier(WEEKS, RELAPSED)
    table = np.array(list(KLEIN_MOESCHBERGER_2003.values()))
    assert curve.times.tolist() == list(KLEIN_MOESCHBERGER_2003)
    assert curve.risk.at_risk.tolist() == table[:, 0].tolist()
    np.testing.assert_allclose(curve.survival, table[:, 1], rtol=0, atol=6e-4)
    np.testing.assert_allclose(np.sqrt(curve.variance), table[:, 2], rtol=0, atol=6e-5)
    assert curve.quantile(0.5).tolist() == [23.0]
    assert np.isnan(curve.quantile(0.6)).all()


def test_an_event_comes_before_a_censoring_at_the_same_time() -> None:
    """Who is last seen at a time is at risk at that time."""
    assert kaplan_meier([5, 5, 5, 9], [1, 0, 0, 1]).survival.tolist() == [0.75, 0.0]


def test_several_events_at_one_time_are_one_step() -> None:
    """Three of four leave at once: one advanced, two lost."""
    curves = aalen_johansen([4, 4, 4, 6], [1, 2, 2, 0])
    assert curves.times.tolist() == [4.0]
    assert curves.incidence.tolist() == [[0.25], [0.5]]
    assert curves.open.tolist() == [0.25]


def test_variances_are_binomial_without_censoring_and_grow_with_it() -> None:
    """Greenwood's type is exact where all are followed to the end."""
    curves = aalen_johansen(range(1, 11), [1, 2] * 5)
    for share, variance in zip(curves.incidence, curves.variance, strict=True):
        np.testing.assert_allclose(variance, share * (1 - share) / 10, atol=1e-15)
    np.testing.assert_allclose(curves.open_variance, curves.open * (1 - curves.open) / 10)
    at = aalen_johansen(DAYS, OUTCOMES).at([2, 14])
    assert at.variance[0, 0] == pytest.approx(0.009, abs=1e-15)
    assert at.effective(1)[0] == pytest.approx(10.0)
    assert at.effective(1)[1] < 10.0


def test_the_variance_of_few_deals_by_hand() -> None:
    """Deals end at 1 (advanced), 2 (open), 3 (advanced) and 4 (open): steps 3/4 and 1/2."""
    curves = aalen_johansen([1, 2, 3, 4], [1, 0, 1, 0])
    assert curves.incidence[0].tolist() == [0.25, 0.625]
    # Var S = S²·(1/(4·3) + 1/(2·1)) at 3, and F = 1 − S where there is one cause
    expected = [0.75**2 / 12, 0.375**2 * (1 / 12 + 1 / 2)]
    np.testing.assert_allclose(curves.variance[0], expected, atol=1e-15)
    np.testing.assert_allclose(curves.open_variance, expected, atol=1e-15)


def test_late_entry_counts_a_row_only_after_it_was_seen() -> None:
    """At risk at t is who entered before t and ends at t or later."""
    curve = kaplan_meier([4, 6, 8, 9], [1, 1, 1, 0], entered=[0, 4, 5, 0])
    assert curve.risk.at_risk.tolist() == [2, 3, 2]
    assert curve.survival.tolist() == [0.5, 0.5 * (2 / 3), 0.5 * (2 / 3) * 0.5]
    assert curve.risk.at_risk_at(
        np.zeros(4, np.int64), np.array([0.0, 5.0, 5.5, 9.5])
    ).tolist() == [
        2,
        2,
        3,
        0,
    ]
    at_start = kaplan_meier([0, 0, 3], [1, 0, 1], entered=[0, 0, 0])
    assert at_start.survival.tolist() == [2 / 3, 0.0]


def test_late_entry_into_an_empty_risk_set_is_told() -> None:
    """All had gone before others came: the curve stays at 0 and says so."""
    curves = aalen_johansen([1, 5, 6], [1, 1, 1], entered=[0, 2, 3])
    assert curves.open.tolist() == [0.0, 0.0, 0.0]
    assert [f.code for f in curves.findings] == ["nobody_at_risk"]
    assert np.isfinite(curves.variance).all()
    assert curves.at(6).effective(1).tolist() == [0.0]


def test_reading_before_between_and_beyond_the_steps() -> None:
    """Nothing has gone before the first step; beyond the last look the last share is kept."""
    at = aalen_johansen(DAYS, OUTCOMES).at([0, 1.9, 2, 4, 20, 21])
    assert at.open.tolist() == [1.0, 1.0, 0.9, pytest.approx(0.8), at.open[5], at.open[5]]
    assert at.beyond.tolist() == [False] * 5 + [True]
    finished = aalen_johansen([1, 2], [1, 2]).at(9)
    assert not finished.beyond.any()  # nobody is open any more: nothing is unknown


def test_the_effective_number_where_the_share_is_0_is_who_was_watched() -> None:
    """Without any event, as many as are still watched at the horizon."""
    at = aalen_johansen([3, 5, 8, 8], [0, 0, 0, 0]).at([0, 4, 8, 9])
    assert at.effective(1).tolist() == [4.0, 3.0, 2.0, 0.0]
    low, high = at.interval(1, 0.9)
    assert low[:3].tolist() == [0.0, 0.0, 0.0]
    assert (np.diff(high[:3]) > 0).all()
    assert np.isnan([low[3], high[3]]).all()
    assert effective_number(np.array([1.0]), np.array([0.0]), np.array([6.0])).tolist() == [6.0]


def test_the_interval_is_the_log_log_one() -> None:
    """``1 − (1 − F)^exp(±z·σ/((1 − F)·|log(1 − F)|))`` for 0.3 ± 0.1 at 95 %."""
    low, high = share_interval(np.array([0.3]), np.array([0.01]), np.array([20.0]), 0.95)
    reach = 1.959963984540054 * 0.1 / (0.7 * -math.log(0.7))
    assert low[0] == pytest.approx(1 - 0.7 ** math.exp(-reach), abs=1e-14)
    assert high[0] == pytest.approx(1 - 0.7 ** math.exp(reach), abs=1e-14)


def test_remaining_time_given_the_time_spent() -> None:
    """Half of those that stayed 4 leave by 8; nobody stayed 20; the rest is not reached."""
    curve = kaplan_meier([2, 4, 8, 16, 30, 30], [1, 1, 1, 1, 0, 0])
    found = conditional_quantile(curve, [0, 4, 7.5, 16, np.nan, 31], 0.5)
    assert found[:3].tolist() == [8.0, 12.0, 8.5]
    assert np.isnan(found[3:]).all()
    gone = kaplan_meier([2, 4], [1, 1])
    assert np.isnan(conditional_quantile(gone, [4, 9])).all()
    by_group = kaplan_meier([1, 2, 10, 20], [1, 1, 1, 1], groups=["b", "b", "a", "a"])
    assert by_group.labels == ("a", "b")
    codes = np.array([0, 1, -1])
    assert by_group.remaining([0, 0, 0], group=codes).tolist()[:2] == [10.0, 1.0]
    assert math.isnan(by_group.remaining([0, 0, 0], group=codes)[2])


def test_a_quantile_on_a_rounded_step_is_that_step() -> None:
    """Seven of ten left is exactly 0.3, whatever the product of seven factors says."""
    curve = kaplan_meier(range(1, 11), [1] * 10)
    assert [curve.quantile(q / 10)[0] for q in range(1, 10)] == list(range(1, 10))


def test_what_is_unknown_is_left_out_and_told() -> None:
    """Each row is counted under the first reason that holds."""
    curves = aalen_johansen(
        [math.nan, math.inf, 3, 4, 5, 6, 7],
        [1, 1, None, 2, 1, 1, 1],
        groups=["a", "a", "a", None, "b", "b", "b"],
        entered=[0, 0, 0, 0, math.nan, 6, 0],
    )
    codes = ["infinite", "no_duration", "no_entry", "no_outcome", "no_group", "never_watched"]
    assert [f.code for f in curves.findings] == codes
    assert [f.examples for f in curves.findings] == [
        ("row 1",),
        ("row 0",),
        ("row 4",),
        ("row 2",),
        ("row 3",),
        ("row 5",),
    ]
    assert curves.columns()["group"].tolist() == ["b"]
    assert curves.risk.rows.tolist() == [0, 1]


def test_nothing_at_all_is_nothing_known() -> None:
    """No rows: no steps, and every share unknown."""
    curves = aalen_johansen([], [])
    assert len(curves) == 0
    at = curves.at([0, 5])
    assert np.isnan(at.incidence).all()
    assert np.isnan(at.interval(0)[0]).all()
    assert np.isnan(kaplan_meier([], []).quantile(0.5)).all()
    assert "CumulativeIncidence" in curves._repr_html_()
    assert "SurvivalCurve" in kaplan_meier([1], [1])._repr_html_()
    assert dict(aalen_johansen([1, 2], [1, 2]).at(1).row(0)) == {
        "group": 0,
        "horizon": 1.0,
        "share_1": 0.5,
        "share_2": 0.0,
        "open": 0.5,
        "beyond": False,
    }
    assert "stated times" in at._repr_html_()
    assert dict(kaplan_meier([1], [True]).row(0)) == {
        "time": 1.0,
        "at_risk": 1,
        "left": 1,
        "survival": 0.0,
    }
    low, high = kaplan_meier(WEEKS, RELAPSED).interval(0.95)
    assert (low < high).all()


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: aalen_johansen([-1, 2], [1, 1]), RowError, "1 row is below 0.*row 0: -1.0"),
        (lambda: aalen_johansen([1, 2], [1, 3]), RowError, "row 1: 3.0"),
        (lambda: aalen_johansen([1, 2], [1, 0.5]), RowError, "row 1: 0.5"),
        (lambda: aalen_johansen([1, 2], [1, -1]), RowError, "row 1: -1.0"),
        (lambda: aalen_johansen(["x"], [1]), RowError, "no number"),
        (lambda: aalen_johansen([1, 2], [1]), ColumnError, "'durations' 2, 'outcomes' 1"),
        (lambda: aalen_johansen([1], [1], groups=["a", "b"]), ColumnError, "'groups' 2"),
        (lambda: aalen_johansen([1], [1], entered=[2]), RowError, "2 of 1"),
        (lambda: aalen_johansen([1], [1], 0), SpecError, "causes"),
        (lambda: aalen_johansen([1], [1], True), SpecError, "causes"),
        (lambda: aalen_johansen([1], [1]).at(-1), RowError, "horizon"),
        (lambda: aalen_johansen([1], [1]).at(math.nan), RowError, "horizon"),
        (lambda: aalen_johansen([1], [1]).at(1).interval(3), SpecError, "cause"),
        (lambda: aalen_johansen([1], [1]).at(1).interval(1, 95), SpecError, "95"),
        (lambda: aalen_johansen([1], [1]).row(1), RowError, "no row 1"),
        (lambda: kaplan_meier([1], [2]), RowError, "events"),
        (lambda: kaplan_meier([1], [1]).quantile(1.0), SpecError, "quantile"),
        (lambda: kaplan_meier([1], [1]).remaining([-1]), RowError, "spent"),
        (lambda: kaplan_meier([1], [1]).remaining([1], 0), SpecError, "remaining"),
    ],
)
def test_what_cannot_be_is_refused(call: Any, error: type[Exception], said: str) -> None:
    """Impossible durations, outcomes and questions are typed errors that show the value."""
    with pytest.raises(error, match=said):
        call()
