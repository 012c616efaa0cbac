"""Sums and measures are those of exact fractions, and do not depend on the order of the rows."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount._blocks import BLOCK
from keyaccount.segments.concentration.exact import TopSums
from keyaccount.segments.concentration.shares import stated_share
from keyaccount.testing import assert_same_bits, customer_values

SHARES = st.sampled_from([0.01, 0.1, 0.2, 1 / 3, 0.5, 0.8, 0.95, 1.0])


def exact(values: list[float]) -> list[Fraction]:
    """Turn values into fractions, largest first: cents where all are whole cents."""
    cents = [Fraction(round(v * 100), 100) for v in values]
    in_cents = all(float(c) == v for c, v in zip(cents, values, strict=True))
    found = cents if in_cents and sum(cents) * 100 < 2**53 else [Fraction(v) for v in values]
    return sorted(found, reverse=True)


def rounded(part: Fraction, whole: Fraction) -> float:
    """Divide and round once."""
    return float(part / whole) if whole else math.nan


@given(customer_values())
def test_measures_are_exact_and_rounded_once(values: list[float]) -> None:
    """Total, CR-n, Gini over all pairs, HHI: each is the fraction, rounded once."""
    found, x = ka.Concentration.of(values), exact(values)
    n, total = len(x), sum(x, Fraction(0))
    pairs = sum((abs(a - b) for a in x for b in x), Fraction(0))
    squares = sum((v * v for v in x), Fraction(0))
    assert found.total == float(total)
    for k in range(1, n + 1):
        assert_equal(found.cr(k), rounded(sum(x[:k], Fraction(0)), total))
    assert_equal(found.gini, rounded(pairs, 2 * n * total))
    assert_equal(found.gini_corrected, rounded(pairs, 2 * (n - 1) * total))
    assert_equal(found.hhi, rounded(squares, total * total))
    assert_equal(found.effective_number, rounded(total * total, squares))
    stretched = n * squares - total * total
    assert_equal(found.hhi_normalised, rounded(stretched, (n - 1) * total * total))


@given(customer_values(), SHARES)
def test_lines_are_drawn_exactly(values: list[float], share: float) -> None:
    """Who is needed for a share, who reaches a limit, who is A: found by trying every number."""
    found, x = ka.Concentration.of(values), exact(values)
    total, part = sum(x, Fraction(0)), Fraction(share).limit_denominator(100)
    if not total:
        return
    top = [sum(x[:k], Fraction(0)) for k in range(len(x) + 1)]
    fewest = next(k for k, brought in enumerate(top) if brought >= part * total)
    assert found.customers_for(share).customers == fewest
    assert len(found.dependence(share).customers) == sum(v >= part * total for v in x)
    in_a = sum(sum((w for w in x if w > v), Fraction(0)) < part * total for v in x)
    assert found.abc(share, 1.0).customers[0] == in_a
    count = math.ceil(part * len(x))
    assert found.head(share).customers == count
    assert found.head(share).value == float(top[count])
    assert found.tail(share).value == float(total - top[count])


@given(customer_values(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_bit(values: list[float], random: Any) -> None:
    """Every measure, and every row's figures, whatever the order."""
    order = list(range(len(values)))
    random.shuffle(order)
    forward, shuffled = ka.Concentration.of(values), ka.Concentration.of([values[i] for i in order])
    for name, value in forward.summary().items():
        assert_equal(shuffled.summary()[name], value)
    assert_same_bits(forward.lorenz.value, shuffled.lorenz.value)
    again = shuffled.columns()
    assert again.pop("abc").tolist() == forward.abc().labels[order].tolist()
    for name, column in again.items():
        assert_same_bits(column, forward.columns()[name][order])


@pytest.mark.parametrize("kind", ["cents", "fine", "whole", "wide"])
def test_large_books_are_exact_too(kind: str) -> None:
    """More customers than fit a block, beside sums of Python's own whole numbers."""
    rng = np.random.default_rng(5)
    drawn = rng.lognormal(5, 3, 2 * BLOCK + 7)
    values = {
        "cents": np.round(drawn, 2),
        "fine": drawn,
        "whole": np.floor(drawn * 1e6),
        "wide": drawn * 10.0 ** rng.integers(-20, 20, len(drawn)),
    }[kind]
    x = np.sort(values)[::-1].copy()
    sums = TopSums(x)
    in_units = [Fraction(v) / sums.unit for v in x.tolist()]
    units = [round(u) for u in in_units]  # cents are no binary fractions
    assert all(abs(a - b) < Fraction(1, 1000) for a, b in zip(units, in_units, strict=True))
    for count in (0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, len(x)):
        assert sums.top(count) == sum(units[:count])
    n = len(x)
    assert sums.total == sum(units)
    assert sums.by_place == sum((n - i) * u for i, u in enumerate(units))
    assert sums.squares == sum(u * u for u in units)
    from_top, from_bottom = sums.shares_from_the_top(), sums.shares_from_the_bottom()
    assert from_top[-1] == from_bottom[-1] == 1.0
    assert (np.diff(from_top) >= 0).all()
    assert (np.diff(from_bottom) >= 0).all()
    assert from_top[BLOCK] == pytest.approx(sum(units[: BLOCK + 1]) / sums.total, rel=1e-15)


def test_sums_near_the_ends_of_float64() -> None:
    """The smallest float beside huge ones: nothing is lost, and no warning is given."""
    tiny, huge = 5e-324, 1e290
    sums = TopSums(np.array([huge, tiny, tiny]))
    assert sums.total * sums.unit == Fraction(huge) + 2 * Fraction(tiny)
    assert ka.Concentration.of([tiny, tiny]).gini == 0.0
    assert ka.Concentration.of([tiny, huge]).gini == 0.5
    above_cents = ka.Concentration.of([2.0**53, 1.0, 1.0])
    assert above_cents.total == 2.0**53 + 2.0


@given(st.integers(1, 1000), st.integers(1, 1000))
def test_a_share_is_the_fraction_it_is_meant_as(a: int, b: int) -> None:
    """Any small fraction survives being written as a float, also with its rounding on top."""
    part, whole = min(a, b), max(a, b)
    meant = Fraction(part, whole)
    assert stated_share(part / whole, "share") == meant
    written = float(f"{part / 1000:.3f}")
    assert stated_share(written, "share") == Fraction(part, 1000)


def test_any_other_share_is_the_least_number_that_rounds_to_it() -> None:
    """Nothing is lost by the rounding of a share that was measured."""
    for share in (0.123456789012, 1e-9, 0.7071067811865476):
        found = stated_share(share, "share")
        assert float(found) <= share <= math.nextafter(float(found), 2.0)
        assert found < Fraction(share)
    assert stated_share(0.1 + 0.2, "share") == Fraction(3, 10)


@given(st.lists(st.integers(0, 10**9).map(lambda cents: cents / 100), min_size=1, max_size=12))
def test_a_measured_share_is_reached_by_those_it_was_measured_of(values: list[float]) -> None:
    """Of money: what `cr` and `largest_share` say can be asked for again."""
    found = ka.Concentration.of(values)
    for k in range(1, found.n + 1):
        if found.cr(k) > 0:
            assert found.customers_for(found.cr(k)).value_share == found.cr(k)
            assert found.customers_for(found.cr(k)).customers <= k
        assert found.head(k / found.n).customers == k
    if found.total:
        assert found.dependence(found.largest_share).depends


@given(customer_values())
def test_the_curve_is_convex_and_below_the_diagonal(values: list[float]) -> None:
    """From (0, 0) to (1, 1), below the diagonal; the Gini is twice the area between."""
    found = ka.Concentration.of(values)
    if not found.total:
        return
    x, y = found.lorenz.customers, found.lorenz.value
    assert (x[0], y[0], x[-1], y[-1]) == (0.0, 0.0, 1.0, 1.0)
    assert (y <= x + 1e-15).all()
    steps = np.diff(y)
    assert all(a <= b + 1e-15 for a, b in pairwise(steps))
    area = math.fsum((y[1:] + y[:-1]) * np.diff(x)) / 2
    assert 1 - 2 * area == pytest.approx(found.gini, abs=1e-12)


def assert_equal(a: Any, b: Any) -> None:
    """Equal, or both not known."""
    assert a == b or (math.isnan(a) and math.isnan(b)), (a, b)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=30).filter(any))
def test_shares_of_whole_cents_are_rounded_once(cents: list[int]) -> None:
    """Every share is the float nearest to the fraction it is, in rows, points and portions."""
    found = ka.Concentration.of([c / 100 for c in cents])
    total = sum(cents)
    assert found.share.tolist() == [c / total for c in cents]  # whole numbers divide exactly
    largest = sorted(cents, reverse=True)
    assert found.head(1.0).columns()["share"].tolist() == [c / total for c in largest]
    running = [sum(largest[len(cents) - k :]) / total for k in range(len(cents) + 1)]
    assert found.lorenz.value.tolist() == running


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30).filter(any))
def test_other_shares_are_right_to_a_few_last_places(values: list[float]) -> None:
    """Fractions of a cent: the sum is rounded before, and the division after."""
    found = ka.Concentration.of(values)
    total = sum(map(Fraction, values))
    for share, value in zip(found.share.tolist(), values, strict=True):
        true = Fraction(value) / total
        assert abs(Fraction(share) - true) <= 2 * Fraction(math.ulp(float(true)))
