"""`TopSums`: sums of the largest amounts as whole numbers of one unit, so that nothing rounds.

Whether the first 17 customers bring 80 % may hang on a cent, and a float sum loses it. Amounts that
are all whole cents are counted in cents. Any others are whole multiples of a small power of 2, as
every float is: they are cut into digits of 24 bits, which integers add without rounding.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from keyaccount._blocks import BLOCK, blocks
from keyaccount._columns import Floats

Digits: TypeAlias = NDArray[np.int64]
"""One digit of each amount."""

_BITS = 24
"""Two digits multiplied and added over a block stay below 2⁶³."""

_MINOR_UNITS = 100.0
_EXACT_BELOW = 2.0**53
_MANTISSA = 53
_LOWEST_BIT = -1074
_PLAIN = 1000
"""Powers of 2 up to here, and down to its negative, are plain floats to multiply by."""


class TopSums:
    """Sums of the largest amounts, exact; `largest_first` holds finite amounts of at least 0."""

    def __init__(self, largest_first: Floats) -> None:
        cents = np.rint(largest_first * _MINOR_UNITS)
        # Whole numbers below 2⁵³ add without rounding in any order, so that a plain sum will do.
        whole = bool((cents / _MINOR_UNITS == largest_first).all()) and cents.sum() < _EXACT_BELOW
        self._whole: bool = whole
        self._amounts: Floats = cents if whole else largest_first
        lowest, highest = (0, _MANTISSA) if whole else _bit_range(largest_first)
        self._lowest: int = lowest
        self._n_digits: int = max(-(-(highest - lowest) // _BITS), 1)
        self.unit: Fraction = Fraction(2) ** lowest / (100 if whole else 1)

    def __len__(self) -> int:
        return len(self._amounts)

    @property
    def total(self) -> int:
        """The sum of all amounts, in units."""
        return self._ends[-1]

    def top(self, count: int) -> int:
        """Add the largest so many amounts, in units."""
        block = count // BLOCK
        rows = self._amounts[block * BLOCK : count]
        return self._ends[block] + _joined(self._digits(rows))

    def reaching(self, target: Fraction) -> int:
        """Count the largest amounts it takes to bring at least `target` units."""
        return bisect_left(range(len(self)), x=True, key=lambda k: self.top(k) >= target)

    def at_least(self, size: Fraction) -> int:
        """Count the amounts of at least `size` units each."""
        return bisect_left(
            range(len(self)), x=True, key=lambda i: self.top(i + 1) - self.top(i) < size
        )

    @cached_property
    def by_place(self) -> int:
        """The sum of amount × place from the smallest (1) up to the largest (n), in units."""
        n = len(self)
        found = 0
        for rows in blocks(n):
            digits = list(self._digits(self._amounts[rows]))
            place = np.arange(rows.stop - rows.start)
            within = [(shift, place * digit) for shift, digit in digits]
            found += (n - rows.start) * _joined(digits) - _joined(within)
        return found

    @cached_property
    def squares(self) -> int:
        """The sum of the squared amounts, in units squared."""
        found = 0
        for rows in blocks(len(self)):
            digits = list(self._digits(self._amounts[rows]))
            for i, (shift, digit) in enumerate(digits):
                found += _joined([(2 * shift, digit * digit)])
                found += 2 * _joined((shift + s, digit * d) for s, d in digits[:i])
        return found

    def shares_of(self, values: Floats) -> Floats:
        """Give the share of the total that some of the amounts bring; NaN stays NaN.

        Whole cents and their sum are exact, so that the division alone rounds. Of other amounts the
        sum is rounded before.
        """
        if not self.total:
            return np.full(len(values), np.nan)
        if self._whole:
            found: Floats = np.rint(values * _MINOR_UNITS) / float(self.total)
            return found
        return values / float(self.total * self.unit)

    def shares_from_the_top(self) -> Floats:
        """Give the share of the total that the largest 1, 2, … n amounts bring."""
        return self._running(self._amounts)

    def shares_from_the_bottom(self) -> Floats:
        """Give the share of the total that the smallest 1, 2, … n amounts bring."""
        return self._running(self._amounts[::-1])

    @cached_property
    def _ends(self) -> list[int]:
        """The sum of all amounts up to the end of each block, from 0."""
        sums = (_joined(self._digits(self._amounts[rows])) for rows in blocks(len(self)))
        return list(accumulate(sums, initial=0))

    def _digits(self, amounts: Floats) -> Iterator[tuple[int, Digits]]:
        """Cut amounts into digits, the highest first, each with the bits it is shifted by."""
        rest = amounts.copy()
        for place in reversed(range(self._n_digits)):
            shift = place * _BITS
            digit = np.floor(_scaled(rest, -(shift + self._lowest)))
            rest -= _scaled(digit, shift + self._lowest)
            yield shift, digit.astype(np.int64)

    def _running(self, amounts: Floats) -> Floats:
        """Turn running sums into shares; each digit's sums rise, so the shares never fall."""
        found = np.zeros(len(amounts))
        highest = (self._n_digits - 1) * _BITS
        for shift, digit in self._digits(amounts):
            found += _scaled(np.cumsum(digit).astype(np.float64), shift - highest)
        found /= found[-1]
        return found


def _joined(digits: Iterator[tuple[int, Digits]] | list[tuple[int, Digits]]) -> int:
    """Add the digits of all rows and put the sums together."""
    found = 0
    for shift, digit in digits:
        found += int(digit.sum()) << shift
    return found


def _bit_range(largest_first: Floats) -> tuple[int, int]:
    """Find the exponents of the lowest bit of any amount, and of a power above them all."""
    above_0 = len(largest_first) - int(np.searchsorted(largest_first[::-1], 0.0, side="right"))
    if not above_0:
        return 0, _BITS
    _, exponents = np.frexp(largest_first[[0, above_0 - 1]])
    highest, smallest = exponents.tolist()
    return max(smallest - _MANTISSA, _LOWEST_BIT), highest


def _scaled(x: Floats, exponent: int) -> Floats:
    """Multiply by a power of 2; a multiplication is faster where the power is a plain float."""
    found: Floats = x * 2.0**exponent if abs(exponent) < _PLAIN else np.ldexp(x, exponent)
    return found
