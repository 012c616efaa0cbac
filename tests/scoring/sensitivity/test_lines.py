"""Where lines cross, on floats as hostile as they come."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.scoring.sensitivity.breakeven import Lines, first_crossing, first_flip, level

TINY = 5e-324
HOSTILE = st.one_of(
    st.floats(-1e12, 1e12),
    st.integers(-3, 3).map(float),
    st.sampled_from([0.0, -0.0, TINY, -TINY, 1.0, 1.0 + 2**-52, 1.0 - 2**-53, 1e-308, 1e300]),
)
LINES = st.lists(st.tuples(HOSTILE, HOSTILE), min_size=0, max_size=8).map(
    lambda pairs: Lines(*np.array(pairs, dtype=float).reshape(-1, 2).T)
)


@given(LINES, LINES, st.floats(-1.0, 1.0).filter(bool))
def test_first_crossing_ends_within_reach(inside: Lines, outside: Lines, reach: float) -> None:
    """Equal slopes, denormals, huge numbers: an answer comes, and lies between 0 and the reach."""
    found = first_crossing(inside, outside, reach)
    assert found is None or 0.0 <= found / reach <= 1.0


GENTLE = st.lists(st.tuples(st.integers(0, 64), st.integers(-64, 64)), min_size=1, max_size=8).map(
    lambda pairs: Lines(*np.array(pairs, dtype=float).T / 64)
)


@given(GENTLE, GENTLE, st.sampled_from([-1.0, -0.25, 0.5, 1.0]))
def test_first_crossing_is_where_the_gap_closes(
    inside: Lines, outside: Lines, reach: float
) -> None:
    """From sets apart, the gap is open before the crossing, nought at it, negative beyond."""
    gap = float(inside.at.min() - outside.at.max())
    inside = Lines(inside.at - min(gap, 0.0), inside.slope)

    def between(t: float) -> float:
        return float(inside.value(t).min() - outside.value(t).max())

    found = first_crossing(inside, outside, reach)
    if found is None:
        assert between(reach) >= 0.0
        return
    assert between(found) == pytest.approx(0.0, abs=1e-12)
    assert between(found / 2) >= -1e-12
    assert between(reach) < 0.0


def test_nobody_crosses_nobody() -> None:
    """Without lines on either side nothing crosses; an infinite threshold is no line."""
    one, none = Lines(np.array([1.0]), np.array([-2.0])), level(-np.inf)
    assert first_crossing(one, none, 1.0) is None
    assert first_crossing(none, one, 1.0) is None
    assert first_crossing(one, level(0.0), 1.0) == 0.5


@given(st.integers(1, 900), st.integers(1, 400), st.randoms(use_true_random=False))
def test_first_flip_finds_the_seat_that_is_lost(n: int, seats: int, random: object) -> None:
    """The account is out when as many as there are seats have passed, among any number."""
    times = np.random.default_rng(n).permutation(np.arange(1.0, n + 1.0)) / n
    found = first_flip(times, np.ones(n, dtype=np.int64), blocked=0, seats=seats, reach=1.0)
    assert found == (seats / n if seats <= n else None)


def test_lines_that_meet_at_once_count_together() -> None:
    """One passes and one falls behind at the same point: the account keeps its seat."""
    times = np.array([0.5, 0.5 + 1e-16, 0.75])
    change = np.array([1, -1, 1])
    assert first_flip(times, change, blocked=1, seats=2, reach=1.0) == 0.75
    assert first_flip(times, change, blocked=1, seats=2, reach=0.6) is None
    assert first_flip(-times, change, blocked=1, seats=2, reach=1.0) is None


def test_lines_that_meet_at_once_count_together_in_a_long_row() -> None:
    """Also where they are the last of the nearest few that are sorted first."""
    for n in range(250, 262):
        times = np.append(np.arange(1.0, n), [n, n, n + 300.0])
        times = np.append(times, np.arange(n + 400.0, n + 800.0))
        change = np.ones(len(times), dtype=np.int64)
        change[n] = -1  # one passes, and at the same point one falls behind
        assert first_flip(times, change, blocked=0, seats=n, reach=1e6) == n + 300.0
