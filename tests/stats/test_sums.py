"""Exact sums: the same to the bit in any order of the rows, and exact where money allows it."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from keyaccount.errors import KeyAccountError
from keyaccount.stats.sums import (
    exact_sum,
    group_counts,
    group_max,
    group_means,
    group_min,
    group_sums,
)

MONEY = st.integers(-(10**9), 10**9).map(lambda cents: cents / 100)
ANY = st.floats(-1e200, 1e200)
MISSING = st.sampled_from([math.nan, math.inf, -math.inf])


@st.composite
def grouped(draw: st.DrawFn, values: Any = MONEY | ANY | MISSING) -> tuple[Any, Any, int]:
    """Draw values with group codes, -1 among them."""
    n_groups = draw(st.integers(1, 4))
    row = st.tuples(values, st.integers(-1, n_groups - 1))
    rows = draw(st.lists(row, max_size=25))
    return (
        np.array([v for v, _ in rows], dtype=np.float64),
        np.array([c for _, c in rows], dtype=np.int64),
        n_groups,
    )


def same_bits(left: NDArray[Any], right: NDArray[Any]) -> bool:
    """Say whether two float arrays are equal bit for bit, NaN to NaN."""
    return left.astype(np.float64).tobytes() == right.astype(np.float64).tobytes()


@given(grouped(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_bit(case: tuple[Any, Any, int], random: Any) -> None:
    """Sums, means, extremes and counts are the same for every permutation of the rows."""
    values, codes, n = case
    order = list(range(len(values)))
    random.shuffle(order)
    for reduce in (group_sums, group_max, group_min, group_means):
        assert same_bits(reduce(values, codes, n), reduce(values[order], codes[order], n))
    assert (group_counts(codes, n) == group_counts(codes[order], n)).all()
    assert exact_sum(values) == exact_sum(values[order]) or math.isnan(exact_sum(values))


@given(grouped())
def test_no_group_depends_on_another(case: tuple[Any, Any, int]) -> None:
    """A group's sum is the same when the other groups are not there."""
    values, codes, n = case
    whole = group_sums(values, codes, n)
    for g in range(n):
        rows = codes == g
        alone = group_sums(values[rows], np.zeros(rows.sum(), dtype=np.int64), 1)
        assert same_bits(alone, whole[g : g + 1])


@given(grouped(MONEY))
def test_money_is_added_in_whole_cents(case: tuple[Any, Any, int]) -> None:
    """A sum of cents is the float nearest to the true decimal sum."""
    values, codes, n = case
    sums = group_sums(values, codes, n)
    for g in range(n):
        cents = [round(v * 100) for v in values[codes == g].tolist()]
        assert sums[g] == sum(cents) / 100 if cents else math.isnan(sums[g])


@given(grouped(st.integers(-(10**9), 10**9).map(lambda i: (3 * i + 1) / 3) | st.floats(1e-9, 1e-3)))
def test_other_sums_are_rounded_once(case: tuple[Any, Any, int]) -> None:
    """A sum that is not money is the float nearest to the true sum of the binary values."""
    values, codes, n = case
    sums = group_sums(values, codes, n)
    for g in range(n):
        true = sum((Fraction(v) for v in values[codes == g].tolist()), Fraction(0))
        assert sums[g] == float(true) if (codes == g).any() else math.isnan(sums[g])


def test_money_too_large_for_exact_cents_is_rounded_once() -> None:
    """Past 2**53 cents the sum is rounded once, not in cents."""
    values = np.array([4.0e13, 4.0e13, 4.0e13, 0.25])
    codes = np.zeros(4, dtype=np.int64)
    assert group_sums(values, codes, 1)[0] == 1.2e14 + 0.25


def test_infinite_and_missing_values_are_left_out() -> None:
    """What is unknown adds nothing, and a group that knows nothing is unknown."""
    values = np.array([1.0, np.inf, np.nan, -np.inf, 2.0])
    codes = np.array([0, 0, 1, 1, -1])
    assert same_bits(group_sums(values, codes, 3), np.array([1.0, np.nan, np.nan]))
    assert same_bits(group_max(values, codes, 3), np.array([1.0, np.nan, np.nan]))
    assert same_bits(group_means(values, codes, 3), np.array([1.0, np.nan, np.nan]))
    assert exact_sum(values) == 3.0
    assert math.isnan(exact_sum([np.nan]))
    assert math.isnan(exact_sum([]))


@pytest.mark.parametrize("values", [[1e308, 1e308, -1e308], [1e308, -1e308, 1e308]])
def test_a_sum_that_may_overflow_is_refused_in_every_order(values: list[float]) -> None:
    """math.fsum overflows in one order and not in another; here both are refused."""
    with pytest.raises(KeyAccountError, match="may not fit"):
        exact_sum(values)
    with pytest.raises(KeyAccountError, match="may not fit"):
        group_sums(np.array(values), np.zeros(3, dtype=np.int64), 1)


def test_a_product_that_overflows_is_refused_not_lost() -> None:
    """Value times weight beyond float64 is an error, not a missing value."""
    with pytest.raises(KeyAccountError, match="may not fit"):
        group_means(np.array([1e200, 1.0]), np.array([0, 0]), 1, weights=np.array([1e200, 1.0]))


@given(grouped(st.floats(-1e6, 1e6)), st.data())
def test_a_weighted_mean_lies_between_its_values(
    case: tuple[Any, Any, int], data: st.DataObject
) -> None:
    """Rounding never pushes a mean outside the values it averages."""
    values, codes, n = case
    weight = st.floats(0, 100) | st.just(math.nan)
    weights = np.array(data.draw(st.lists(weight, min_size=len(codes), max_size=len(codes))))
    means = group_means(values, codes, n, weights.astype(np.float64))
    for g in range(n):
        known = (codes == g) & np.isfinite(weights)
        if not known.any() or weights[known].sum() == 0:
            assert math.isnan(means[g])
        else:
            assert values[known].min() <= means[g] <= values[known].max()


def test_the_sign_of_zero_does_not_depend_on_the_order() -> None:
    """Of 0.0 and -0.0 the larger is 0.0, whichever comes first."""
    for values in ([0.0, -0.0], [-0.0, 0.0]):
        codes = np.zeros(2, dtype=np.int64)
        assert math.copysign(1, group_max(np.array(values), codes, 1)[0]) == 1
        assert math.copysign(1, group_sums(np.array(values[:1]), codes[:1], 1)[0]) == 1
