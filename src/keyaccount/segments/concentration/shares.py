"""Figures a caller states: shares read as the fractions they are meant as, and counts."""

from __future__ import annotations

from fractions import Fraction
from math import ulp

from keyaccount._validators import exact_float, exact_int, is_finite
from keyaccount.errors import SpecError

_SIMPLE = 1_000_000


def stated_share(value: object, field: str) -> Fraction:
    """Read a share in (0, 1] as the fraction it is meant as: 0.8 is 4/5, and 1/3 is one third.

    The float 0.8 is a little more than 4/5, and customers that bring 80 % to the cent would miss
    it. A share within a float's rounding of a fraction with a denominator up to a million stands
    for that one. Any other stands for the least number that rounds to it, so that a share measured
    before is reached by those it was measured of.

    Raises
    ------
    SpecError
        It is no share above 0.
    """
    share = exact_float(value)
    if not is_finite(share) or not 0.0 < share <= 1.0:
        raise SpecError.from_field(
            field, "must be a share above 0 and up to 1", value, "write 20 % as 0.2."
        )
    simple = Fraction(share).limit_denominator(_SIMPLE)
    if abs(simple - Fraction(share)) <= Fraction(ulp(share)):
        return simple
    return Fraction(share) - Fraction(ulp(share)) / 2


def stated_count(value: object, field: str) -> int:
    """Read a whole number of at least 1.

    Raises
    ------
    SpecError
        It is none.
    """
    count = exact_int(value)
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise SpecError.from_field(
            field, "must be a whole number of at least 1", value, "give a count of customers."
        )
    return count


def ratio(part: int, whole: int) -> float:
    """Divide two whole numbers and round once; NaN where there is no whole."""
    return part / whole if whole else float("nan")
