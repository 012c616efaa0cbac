"""Calibration: published scores, parts that add up, and a verdict that is not dressed up."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import keyaccount as ka

FORECASTS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def judged(rows: list[tuple[float, bool]], **options: Any) -> ka.Calibration:
    """Judge pairs of a forecast and an outcome."""
    return ka.calibration([p for p, _ in rows], [o for _, o in rows], **options)


def test_brier_1950_table_1() -> None:
    """Brier (1950), table 1: ten forecasts of rain. His score counts both classes: twice ours."""
    p = [0.7, 0.9, 0.8, 0.4, 0.2, 0.0, 0.0, 0.0, 0.0, 0.1]
    rain = [0, 1, 1, 1, 0, 0, 0, 0, 0, 0]
    assert 2 * ka.calibration(p, rain).brier == pytest.approx(0.19, abs=1e-12)


def test_a_table_done_by_hand() -> None:
    """Two bins of forecasts without spread: every figure from its definition."""
    found = ka.calibration([0.8] * 10 + [0.3] * 10, [1] * 7 + [0] * 3 + [1] * 4 + [0] * 6, bins=2)
    assert found.observed_rate == 0.55
    assert found.mean_forecast == pytest.approx(0.55)
    brier = (7 * 0.04 + 3 * 0.64 + 4 * 0.49 + 6 * 0.09) / 20
    assert found.brier == pytest.approx(brier)
    assert found.reference_brier == pytest.approx(0.55 * 0.45)
    assert found.skill == pytest.approx(1 - brier / (0.55 * 0.45))
    logs = 7 * math.log(0.8) + 3 * math.log(0.2) + 4 * math.log(0.3) + 6 * math.log(0.7)
    assert found.log_loss == pytest.approx(-logs / 20)
    assert found.parts.reliability == pytest.approx((10 * 0.1**2 + 10 * 0.1**2) / 20)
    assert found.parts.resolution == pytest.approx(0.15**2)
    assert found.parts.uncertainty == pytest.approx(0.55 * 0.45)
    assert found.parts.within_bins == pytest.approx(0.0, abs=1e-15)
    assert found.table.count.tolist() == [10, 10]
    assert found.table.observed.tolist() == [0.4, 0.7]
    assert found.table.row(1)["forecast"] == pytest.approx(0.8)


def test_the_interval_of_the_skill_done_by_hand() -> None:
    """Mean difference of squared errors, give or take 1.96 standard errors, over the reference."""
    p, o = np.array([0.6] * 40 + [0.4] * 20), np.array([1] * 30 + [0] * 30)
    found = ka.calibration(p, o, base_rate=0.7)
    gain = (0.7 - o) ** 2 - (p - o) ** 2
    reach = 1.959964 * gain.std(ddof=1) / math.sqrt(60)
    reference = np.mean((0.7 - o) ** 2)
    assert found.reference_brier == pytest.approx(reference)
    assert found.skill == pytest.approx(gain.mean() / reference)
    expected = ((gain.mean() - reach) / reference, (gain.mean() + reach) / reference)
    assert (found.skill_low, found.skill_high) == pytest.approx(expected, rel=1e-6)


@given(FORECASTS, st.sampled_from([1, 2, 7, 10]) | st.just(ka.Cuts((0.2, 0.5))))
def test_the_parts_add_up_to_the_score(rows: list[tuple[float, bool]], bins: Any) -> None:
    """Reliability − resolution + uncertainty + what varies within bins, whatever the bins."""
    found = judged(rows, bins=bins)
    parts = found.parts
    total = parts.reliability - parts.resolution + parts.uncertainty + parts.within_bins
    assert total == pytest.approx(found.brier, abs=1e-12)
    assert 0.0 <= found.brier <= 1.0
    assert found.table.count.sum() == found.n == len(rows)
    assert parts.reliability >= 0.0
    assert 0.0 <= parts.resolution <= parts.uncertainty + 1e-12


@given(FORECASTS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_bit(rows: list[tuple[float, bool]], random: Any) -> None:
    """Every figure of the summary and of the table is the same in any order."""
    turned = list(rows)
    random.shuffle(turned)
    one, other = judged(rows), judged(turned)
    assert repr(one.summary()) == repr(other.summary())
    for name, column in one.table.columns().items():
        assert column.tobytes() == other.table.columns()[name].tobytes()


@given(FORECASTS)
def test_losses_judged_as_wins_of_the_other_side_score_the_same(
    rows: list[tuple[float, bool]],
) -> None:
    """1 − p against 1 − o has the same Brier score and skill."""
    assume(all(p == 1.0 - (1.0 - p) for p, _ in rows))
    one, other = judged(rows), judged([(1.0 - p, not o) for p, o in rows])
    assert other.brier == pytest.approx(one.brier, abs=1e-12)
    assert other.skill == pytest.approx(one.skill, abs=1e-9, nan_ok=True)


@given(FORECASTS, st.integers(2, 4))
def test_repeating_all_rows_changes_no_mean(rows: list[tuple[float, bool]], times: int) -> None:
    """Scores are means; only the interval becomes narrower."""
    one, many = judged(rows), judged(rows * times)
    for name in ("brier", "log_loss", "skill", "observed_rate", "mean_forecast"):
        expected = getattr(one, name)
        assert getattr(many, name) == pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True)


@given(st.lists(st.booleans(), min_size=1))
def test_the_observed_rate_has_no_skill(outcomes: list[bool]) -> None:
    """Whoever forecasts the base rate is neither better nor worse than it."""
    rate = sum(outcomes) / len(outcomes)
    found = ka.calibration([rate] * len(outcomes), outcomes)
    if 0.0 < rate < 1.0:
        assert found.skill == pytest.approx(0.0, abs=1e-12)
    else:
        assert math.isnan(found.skill)
        assert "is never wrong" in found.verdict


@pytest.mark.parametrize(
    ("p", "o", "said"),
    [
        ([0.9] * 50 + [0.1] * 50, [1] * 50 + [0] * 50, "better than the base rate of 50.0 %"),
        ([0.1] * 50 + [0.9] * 50, [1] * 50 + [0] * 50, "worse than the base rate of 50.0 %"),
        ([0.5] * 100, [1] * 50 + [0] * 50, "no better than the base rate of 50.0 %: skill 0.0 %"),
        ([0.9] * 10 + [0.1] * 10, [1] * 10 + [0] * 10, "too few to tell from the base rate"),
        ([0.5], [1], "no skill can be told on 1 forecast: the base rate of 100.0 % is never wrong"),
    ],
)
def test_the_verdict_says_what_the_interval_says(p: Any, o: Any, said: str) -> None:
    """Better or worse only where the interval leaves out 0, and nothing on a few forecasts."""
    assert ka.calibration(p, o).verdict.startswith(said)


def test_pure_noise_is_seldom_called_better() -> None:
    """Of 400 sets of forecasts that know nothing, few are called better than the base rate."""
    rng = np.random.default_rng(5)
    calls = [
        ka.calibration(0.6 + rng.normal(0, 0.1, 200).clip(-0.3, 0.3), rng.random(200) < 0.6)
        for _ in range(400)
    ]
    better = sum(c.verdict.startswith("better") for c in calls)
    assert better <= 0.05 * len(calls)


def test_a_stated_base_rate_is_the_one_to_beat() -> None:
    """The rate known beforehand is easier to beat than the one nobody knew."""
    p, o = [0.55] * 100, [1] * 50 + [0] * 50
    assert ka.calibration(p, o).skill < 0.0 < ka.calibration(p, o, base_rate=0.7).skill


def test_a_sure_forecast_that_is_wrong_costs_without_end() -> None:
    """The log loss is infinite; the Brier score is not."""
    found = ka.calibration([1.0, 0.5], [False, True])
    assert found.log_loss == math.inf
    assert found.brier == 0.625
    assert ka.calibration([1.0, 0.0], [True, False]).log_loss == 0.0


def test_rows_without_forecast_or_outcome_are_left_out_and_told() -> None:
    """NaN, None and infinities are missing."""
    found = ka.calibration([0.5, np.nan, 0.5, np.inf], [True, True, None, False])
    assert found.n == 1
    assert (found.findings[0].code, found.findings[0].count) == ("not_judged", 3)
    assert ka.calibration([0.5], [True]).findings == ()
    assert math.isnan(found.skill_low)


def test_ends_of_bins_belong_to_the_upper_one_and_1_to_the_last() -> None:
    """Half-open bins, the last one closed."""
    assert ka.calibration([0.0, 0.1, 0.3, 1.0], [0, 0, 1, 1]).table.count.tolist() == [
        1, 1, 0, 1, 0, 0, 0, 0, 0, 1,
    ]  # fmt: skip


def test_it_shows_in_a_notebook() -> None:
    """Verdict and table, escaped."""
    found = ka.calibration([0.5, 0.7], [0, 1])
    assert found.verdict in found._repr_html_()
    assert len(found.table) == 10
    assert "10 bins" in found.table._repr_html_()
    assert found.summary()["verdict"] == found.verdict


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: ka.calibration([], []), ka.NotEnoughDataError, "no row of 0"),
        (lambda: ka.calibration([0.5], [None]), ka.NotEnoughDataError, "no row of 1"),
        (lambda: ka.calibration([1.5], [1]), ka.RowError, r"outside \[0, 1\] \(row 0: 1.5"),
        (lambda: ka.calibration([0.5], [2]), ka.RowError, "neither true nor false"),
        (lambda: ka.calibration(["x"], [1]), ka.RowError, "'x'"),
        (lambda: ka.calibration([0.5, 0.5], [1]), ka.ColumnError, "differ in length"),
        (lambda: ka.calibration([0.5], [1], bins=0), ka.SpecError, r"calibration\(bins\)"),
        (lambda: ka.calibration([0.5], [1], bins=True), ka.SpecError, "got True"),
        (lambda: ka.calibration([0.5], [1], bins=ka.Cuts((0, 0.5))), ka.SpecError, "inside"),
        (lambda: ka.calibration([0.5], [1], base_rate=1.5), ka.SpecError, "base_rate"),
        (lambda: ka.calibration([0.5], [1], level=0), ka.SpecError, "level must be above 0"),
    ],
)
def test_what_cannot_be_judged_is_refused(call: Any, error: Any, said: str) -> None:
    """Each error names the argument or the rows, with what was met."""
    with pytest.raises(error, match=said):
        call()
