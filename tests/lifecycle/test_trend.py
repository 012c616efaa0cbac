"""Theil's slope and its interval by Kendall's exact distribution."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.lifecycle.trend import left_out, median_rows, orders_by_inversions, theil_sen

LEVEL = 0.9
# upper tails P(K >= k) of Kendall's K without ties, as tabulated (Kendall 1970, table 1)
KENDALL = {
    (4, 6): 0.042,
    (4, 4): 0.167,
    (5, 8): 0.042,
    (5, 10): 0.0083,
    (6, 9): 0.068,
    (6, 11): 0.028,
    (7, 13): 0.035,
    (8, 16): 0.031,
    (8, 14): 0.054,
    (10, 21): 0.036,
}


@pytest.mark.parametrize(("key", "tail"), KENDALL.items())
def test_kendalls_distribution_is_the_tabulated_one(key: tuple[int, int], tail: float) -> None:
    """K is pairs in order less pairs out of order: K >= k where inversions are few."""
    m, k = key
    pairs = m * (m - 1) // 2
    few = sum(orders_by_inversions(m)[: (pairs - k) // 2 + 1])
    assert few / math.factorial(m) == pytest.approx(tail, abs=0.0006)


@pytest.mark.parametrize(("m", "left"), [(2, None), (3, None), (4, 0), (5, 1), (6, 2), (8, 6)])
def test_the_interval_leaves_out_what_the_level_allows(m: int, left: int | None) -> None:
    """Three points allow no interval at 90 %; four take the extremes."""
    assert left_out(m, LEVEL) == left


def test_the_slope_is_the_median_of_all_pairs() -> None:
    """Worked by hand: 1, 2, 9, 4 has the slopes 1, 1, 1, 4, 7 and -5."""
    found = theil_sen(np.array([[7.0, 1.0, 2.0, 9.0, 4.0]]), np.array([4]), LEVEL)
    assert found.slope.tolist() == [1.0]
    assert (found.low.tolist(), found.high.tolist()) == ([-5.0], [7.0])


def test_too_few_points_tell_nothing() -> None:
    """None: nothing; two or three: a slope without an interval."""
    found = theil_sen(np.ones((4, 5)), np.array([0, 1, 2, 3]), LEVEL)
    assert np.isnan(found.slope).tolist() == [True, True, False, False]
    assert np.isnan(found.low).all()
    assert np.isnan(found.high).all()
    assert len(theil_sen(np.empty((0, 3)), np.empty(0, dtype=np.int64), LEVEL).slope) == 0


def test_one_wild_period_does_not_turn_the_slope() -> None:
    """Robust: a rise with one absurd value stays a rise."""
    row = np.arange(8.0)
    row[3] = 1e6
    found = theil_sen(row[None, :], np.array([8]), LEVEL)
    assert found.slope[0] == pytest.approx(1.0)


def test_noise_is_a_trend_no_more_often_than_the_level_says() -> None:
    """Of 20,000 rows of pure noise, at most 10 % have an interval off 0."""
    rng = np.random.default_rng(3)
    found = theil_sen(rng.lognormal(size=(20_000, 8)), np.full(20_000, 8), LEVEL)
    off = (found.low > 0.0) | (found.high < 0.0)
    exact = 2 * sum(orders_by_inversions(8)[:7]) / math.factorial(8)
    assert exact <= 1 - LEVEL
    assert off.mean() == pytest.approx(exact, abs=0.006)


ROWS = st.lists(st.lists(st.integers(-99, 99), min_size=6, max_size=6), min_size=1, max_size=9)


@given(ROWS, st.integers(1, 6), st.integers(-5, 5))
def test_a_slope_is_its_rows_alone_and_moves_with_the_line(
    rows: list[list[int]], points: int, step: int
) -> None:
    """One by one as together; adding a line adds its slope to all three."""
    y, m = np.array(rows, dtype=float), np.full(len(rows), points)
    found = theil_sen(y, m, LEVEL)
    moved = theil_sen(y + step * np.arange(6.0), m, LEVEL)
    for name in ("slope", "low", "high"):
        together = getattr(found, name)
        alone = [getattr(theil_sen(y[i : i + 1], m[:1], LEVEL), name)[0] for i in range(len(y))]
        np.testing.assert_array_equal(together, alone)
        np.testing.assert_allclose(getattr(moved, name), together + step, atol=1e-9)
    assert not (found.low > found.slope).any()
    assert not (found.high < found.slope).any()


def test_median_rows_looks_at_the_last_points() -> None:
    """The first entries are not covered."""
    y = np.array([[100.0, 1.0, 3.0], [1.0, 5.0, 2.0], [1.0, 2.0, 3.0]])
    found = median_rows(y, np.array([2, 3, 0]))
    assert found[:2].tolist() == [2.0, 2.0]
    assert np.isnan(found[2])
