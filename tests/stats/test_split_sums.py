"""Sums by whole numbers are those of `group_sums`, to the bit."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.stats.split_sums import Cents, Powers, cents_of, pieces_of, put_together
from keyaccount.stats.sums import group_sums
from keyaccount.testing import assert_same_bits

CENTS = st.integers(-10_000, 10_000).map(lambda c: c / 100)
LARGE = st.integers(-(2**53), 2**53).map(float)
ANY = st.floats(-1e250, 1e250, allow_nan=False)
ROWS = st.lists(st.tuples(st.integers(0, 2), CENTS | LARGE | ANY), max_size=30) | st.lists(
    st.tuples(st.integers(0, 2), CENTS | LARGE), max_size=30
)


def added(groups: Any, column: Any, n: int) -> Any:
    """Add whole numbers in any order."""
    out = np.zeros(n, dtype=np.int64)
    np.add.at(out, groups, column.astype(np.int64))
    return out


def powers(groups: Any, values: Any) -> Powers:
    """Add up pieces by group and power."""
    pieces = pieces_of(values)
    keys = [groups, pieces.power.astype(np.int64)]
    pairs, place = np.unique(np.stack(keys), axis=1, return_inverse=True)
    high, low = (added(place, column, pairs.shape[1]) for column in (pieces.high, pieces.low))
    return Powers(pairs[0], pairs[1], high, low)


def split_sums(groups: Any, values: Any, n: int) -> Any:
    """Add amounts up from their parts alone."""
    cents = cents_of(values)
    sums = []
    for sign in (values >= 0.0, values < 0.0):
        columns = (cents.high, cents.low, cents.odd)
        sums.append(Cents(*(added(groups[sign], column[sign], n) for column in columns)))
    return put_together(sums, powers(groups, values).rounded)


@given(ROWS)
def test_the_sum_is_that_of_group_sums(rows: list[tuple[int, float]]) -> None:
    """Whole cents, cents beyond 2⁵³, fractions of cents, any exponent."""
    groups = np.array([g for g, _ in rows], dtype=np.int64)
    values = np.array([v for _, v in rows], dtype=np.float64)
    expected = np.nan_to_num(group_sums(values, groups, 3))
    assert_same_bits(split_sums(groups, values, 3), expected)


@given(st.lists(ANY, max_size=20))
def test_pieces_are_the_number(values: list[float]) -> None:
    """Nothing is lost, and every piece is a whole number that leaves room for many more."""
    column = np.array(values, dtype=np.float64)
    pieces = pieces_of(column)
    for part in (pieces.high, pieces.low, pieces.power):
        assert_same_bits(part, np.rint(part) + 0.0)
        assert np.abs(part).max(initial=0.0) < 2.0**31
    found = powers(np.arange(len(column)), column).rounded(np.arange(len(column)))
    assert_same_bits(found, column + 0.0)


def test_the_smallest_numbers_there_are() -> None:
    """Subnormal numbers add without rounding."""
    tiny = np.array([5e-324, 5e-324, -5e-324, 2.2250738585072014e-308])
    groups = np.zeros(4, dtype=np.int64)
    assert split_sums(groups, tiny, 1).tolist() == [5e-324 + 2.2250738585072014e-308]
