"""Money as whole numbers of one unit, so that sums and ties are decided without rounding.

A number that is written in whole cents, or with up to four decimals, is read as that decimal. Any
other is read as the binary number it is: a whole multiple of a power of 2. Each is read on its own,
and all are counted in a unit small enough for both.
"""

from __future__ import annotations

import math
from fractions import Fraction

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Floats

_CENTS, _DECIMALS = 100, 10_000
"""Four decimals hold the thousandths of some currencies, and most unit prices."""

_FIVES, _TWOS = 625, 4
"""10,000 is 625 times 2⁴."""

_EXACT_BELOW = 2.0**53
_MANTISSA = 53


@attrs.frozen
class Units:
    """Amounts as whole numbers of a unit."""

    values: tuple[int, ...]
    unit: Fraction

    def reaching(self, target: float) -> int:
        """Give the smallest whole number of units that is at least the target."""
        stated = in_units(np.array([target]))
        return math.ceil(stated.values[0] * stated.unit / self.unit)

    def money(self, count: int) -> float:
        """Write so many units as an amount, rounded once."""
        return count * self.unit.numerator / self.unit.denominator  # ints divide rounding once


def in_units(amounts: Floats) -> Units:
    """Count finite amounts in the largest unit that they all are whole multiples of."""
    cents, in_cents = _parts(amounts, _CENTS)
    fine, in_decimals = _parts(amounts, _DECIMALS)
    values = np.where(in_cents, cents * (_DECIMALS // _CENTS), fine).tolist()
    binary = np.flatnonzero(~(in_cents | in_decimals))
    unit = Fraction(1, _DECIMALS)
    if len(binary):
        mantissas, exponents = np.frexp(amounts[binary])
        digits = np.ldexp(mantissas, _MANTISSA).astype(np.int64).tolist()
        bits = max(_MANTISSA - int(exponents.min()), _TWOS)
        values = [v << (bits - _TWOS) for v in values]
        for row, digit, e in zip(binary.tolist(), digits, exponents.tolist(), strict=True):
            values[row] = (digit * _FIVES) << (bits + e - _MANTISSA)
        unit = Fraction(1, _FIVES << bits)
    common = math.gcd(*values) or 1
    return Units(tuple(v // common for v in values), unit * common)


def _parts(amounts: Floats, decimal: int) -> tuple[Codes, Bools]:
    """Count parts of 1, and say where the amount is the float nearest to so many of them."""
    near = np.where(np.abs(amounts) < _EXACT_BELOW / decimal, amounts, 0.0)
    parts = np.rint(near * decimal)
    whole: Bools = (parts / decimal == amounts) | (amounts == 0.0)
    return parts.astype(np.int64), whole
