"""The exactly rounded sum of many numbers, by whole numbers instead of one by one."""

from __future__ import annotations

import math

import numpy as np

from keyaccount._columns import Floats

__all__ = ["rounded_sum"]

_FEW = 1_000
"""Below so many numbers, ``math.fsum`` is as fast."""
_BITS = 62
_MANTISSA = 52
_FARTHEST = 1_000
"""Powers of 2 beyond are near the ends of float64, where scaling would round."""


def rounded_sum(values: Floats) -> float:
    """Add finite numbers and round once, as ``math.fsum`` does, to the last bit.

    Level by level: what every number has above a power of 2 is a whole number of it, and those add
    up without rounding in 64 bits; what is left goes to the next level. It ends when nothing is.
    """
    n = len(values)
    if n < _FEW:
        return math.fsum(values.tolist())
    bits = min(_BITS - n.bit_length(), _MANTISSA)
    levels: list[tuple[int, int]] = []
    rest, part, whole = values.copy(), np.empty(n), np.empty(n, dtype=np.int64)
    while (largest := float(np.abs(rest, out=part).max())) > 0.0:
        shift = bits - math.frexp(largest)[1]
        if abs(shift) > _FARTHEST:
            return math.fsum(values.tolist())
        np.multiply(rest, 2.0**shift, out=part)
        np.rint(part, out=part)
        np.copyto(whole, part, casting="unsafe")
        levels.append((int(whole.sum()), shift))
        rest -= np.multiply(part, 2.0**-shift, out=part)
    return _joined(levels)


def _joined(levels: list[tuple[int, int]]) -> float:
    """Add the levels up as one whole number, and round once."""
    unit = max((shift for _, shift in levels), default=0)
    total = sum(whole << (unit - shift) for whole, shift in levels)
    return total / (1 << unit) if unit >= 0 else float(total << -unit)
