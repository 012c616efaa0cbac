"""Exact sums by whole numbers alone, for engines whose sums of floats depend on the order.

A number is split into small whole numbers; whoever can add whole numbers adds these, in any order
and in any parts; what they add up to is put together again and rounded once. The result is that of
`group_sums`, to the bit: money is added in whole cents, anything else exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Floats

__all__ = ["Cents", "Pieces", "Powers", "cents_of", "pieces_of", "powers_of", "put_together"]

_MINOR_UNITS = 100.0
_EXACT_BELOW = 2.0**53
_CENT_BITS = 26
_CENT_PARTS = ("high", "low", "odd")
_MANTISSA_BITS = 53
_PIECE_BITS = 27
_STEP = 4
"""Powers of two that share a sum: each piece stays below 2³¹, so that 2³² of them add up."""


@attrs.frozen(eq=False)
class Cents:
    """Amounts of one sign in cents, or sums of them.

    Attributes
    ----------
    high, low
        Whole numbers: cents are ``high · 2²⁶ + low``.
    odd
        1 where an amount is not a whole number of cents below 2⁵³, and its cents 0; or how many
        such there are.
    """

    high: NDArray[Any]
    low: NDArray[Any]
    odd: NDArray[Any]


@attrs.frozen(eq=False)
class Pieces:
    """Numbers split exactly: ``(high · 2²⁷ + low) · 2^(4 · power)``, all of them whole numbers."""

    power: Floats
    high: Floats
    low: Floats


def cents_of(amounts: Floats) -> Cents:
    """Split finite amounts into cents."""
    with np.errstate(over="ignore"):
        cents = np.rint(amounts * _MINOR_UNITS)
        odd = (cents / _MINOR_UNITS != amounts) | (np.abs(cents) >= _EXACT_BELOW)
    cents = np.where(odd, 0.0, cents)
    high = np.trunc(np.ldexp(cents, -_CENT_BITS)) + 0.0
    low = cents - np.ldexp(high, _CENT_BITS) + 0.0
    return Cents(high, low, odd.astype(np.float64))


def powers_of(values: Floats) -> Floats:
    """Give the power under which the pieces of finite numbers are added."""
    _, exponents = np.frexp(values)
    return np.floor_divide(exponents - float(_MANTISSA_BITS), float(_STEP)) + 0.0


def pieces_of(values: Floats) -> Pieces:
    """Split finite numbers into pieces."""
    fractions, exponents = np.frexp(values)
    whole = np.ldexp(fractions, _MANTISSA_BITS)
    power = powers_of(values)
    over = (exponents - _MANTISSA_BITS - _STEP * power).astype(np.int64)
    high = np.trunc(np.ldexp(whole, -_PIECE_BITS)) + 0.0
    low = whole - np.ldexp(high, _PIECE_BITS) + 0.0
    return Pieces(power, np.ldexp(high, over), np.ldexp(low, over))


def put_together(sums: Sequence[Cents], exactly: Callable[[Codes], Floats]) -> Floats:
    """Turn sums of cents into money.

    Parameters
    ----------
    sums
        Cents of each group, amounts above and below 0 apart, in ``int64``.
    exactly
        Adds up the groups of these numbers some other way: their amounts are no whole cents, or
        too many to be added as floats.
    """
    high, low, odd = (np.stack([getattr(p, name) for p in sums]) for name in _CENT_PARTS)
    carried = np.abs(low).sum(axis=0) >> _CENT_BITS
    limit = 1 << (_MANTISSA_BITS - _CENT_BITS)
    other: Bools = (odd.sum(axis=0) > 0) | (np.abs(high).sum(axis=0) + carried >= limit)
    cents = (np.where(other, 0, high.sum(axis=0)) << _CENT_BITS) + low.sum(axis=0)
    money: Floats = cents / _MINOR_UNITS + 0.0
    if other.any():
        groups = np.flatnonzero(other)
        money[groups] = exactly(groups)
    return money


@attrs.frozen(eq=False)
class Powers:
    """Sums of pieces: one entry per group and power, in ``int64``."""

    groups: Codes
    power: Codes
    high: Codes
    low: Codes

    def rounded(self, groups: Codes) -> Floats:
        """Add up some groups, each rounded once; 0 where a group has no entry."""
        place = {group: i for i, group in enumerate(groups.tolist())}
        total = [(0, 0)] * len(place)
        columns = (self.groups, self.power, self.high, self.low)
        entries = zip(*(column.tolist() for column in columns), strict=True)
        for group, power, high, low in entries:
            i = place.get(group)
            if i is not None:
                total[i] = _added(total[i], ((high << _PIECE_BITS) + low, _STEP * power))
        return np.array([_rounded(*t) for t in total], dtype=np.float64) + 0.0


def _added(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """Add two numbers, each a whole number and the power of two that it is times."""
    if not one[0]:
        return other
    low = min(one[1], other[1])
    return (one[0] << (one[1] - low)) + (other[0] << (other[1] - low)), low


def _rounded(whole: int, power: int) -> float:
    """Round to the nearest float: Python divides whole numbers with one rounding."""
    return float(whole << power) if power >= 0 else whole / (1 << -power)
