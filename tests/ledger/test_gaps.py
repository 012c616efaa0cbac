"""Gaps between order days: counted per customer, whatever the log looks like."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.ledger.gaps import gaps_of


def days(*offsets: int) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    """Days after the first of January 2026."""
    found: np.ndarray[tuple[int], np.dtype[np.datetime64]] = np.datetime64("2026-01-01") + np.array(
        offsets, dtype="timedelta64[D]"
    )
    return found


def test_gaps_are_between_distinct_days_of_one_customer() -> None:
    """Two orders on a day are one occasion; customers do not reach into each other."""
    found = gaps_of(np.array([1, 0, 1, 1, 0, 1]), days(9, 2, 3, 9, 5, 4), 4)
    assert found.counts.tolist() == [1, 2, 0, 0]
    assert found.days.tolist() == [3, 1, 5]
    assert found.quantile(0.5)[:2].tolist() == [3.0, 3.0]
    assert np.isnan(found.quantile(0.5)[2:]).all()


def test_a_quantile_is_the_order_statistic_of_rank_q_times_n_plus_1() -> None:
    """Nine gaps of 1 to 9 days: the ninth is the 90 % quantile, the fifth the median."""
    offsets = np.concatenate([[0], np.cumsum([4, 1, 9, 2, 8, 3, 7, 5, 6])])
    found = gaps_of(np.zeros(10, dtype=np.int64), days(*offsets.tolist()), 1)
    assert found.quantile(0.9).tolist() == [9.0]
    assert found.quantile(0.5).tolist() == [5.0]
    assert found.quantile(0.75).tolist() == [7.5]
    assert found.quantile(0.99).tolist() == [9.0]
    assert found.quantile(0.01).tolist() == [1.0]


@pytest.mark.parametrize("last", ["9999-12-31", "+200000000000-01-01"])
def test_wild_days_do_not_spoil_the_gaps_of_others(last: str) -> None:
    """A slip of the year makes one long gap, and nothing else."""
    when = np.array(["0001-01-01", last, "2026-01-01", "2026-01-08"], dtype="datetime64[D]")
    found = gaps_of(np.array([0, 0, 1, 1]), when, 1_000)
    assert found.counts[:2].tolist() == [1, 1]
    assert found.quantile(0.5)[0] == (when[1] - when[0]).astype(np.int64)
    assert found.quantile(0.5)[1] == 7.0


def test_no_orders_have_no_gaps() -> None:
    """Empty, and one order only."""
    assert gaps_of(np.empty(0, dtype=np.int64), days(), 0).counts.tolist() == []
    assert gaps_of(np.zeros(1, dtype=np.int64), days(3), 1).counts.tolist() == [0]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40))))
def test_gaps_add_up_to_the_time_between_first_and_last(
    orders: list[tuple[int, int]],
) -> None:
    """In any order of the rows, and each customer on its own."""
    who = np.array([c for c, _ in orders], dtype=np.int64)
    when = days(*(d for _, d in orders))
    found = gaps_of(who, when, 4)
    back = gaps_of(who[::-1], when[::-1], 4)
    assert found.days.tolist() == back.days.tolist()
    for customer in range(4):
        own = {d for c, d in orders if c == customer}
        start = found.starts[customer]
        gaps = found.days[start : start + found.counts[customer]]
        assert sorted(gaps.tolist()) == gaps.tolist()
        assert len(gaps) == max(len(own) - 1, 0)
        assert gaps.sum() == (max(own) - min(own) if own else 0)
