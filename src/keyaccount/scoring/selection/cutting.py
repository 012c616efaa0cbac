"""The score that the last seat goes for, found without a second copy of a long column."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Floats

_FEW = 1 << 24
"""So many numbers are copied and partitioned, which is the fastest."""
_ROWS = 1 << 20
_BITS = 16
_SIGN = np.uint64(1 << 63)


def kth_largest(values: Floats, among: Bools, count: int, few: int = _FEW) -> float:
    """Give the `count`-th largest of the values that are marked, at least so many and none NaN.

    Of more than `few` of them, those that share their leading bits with it are found first, by
    counting.
    """
    for shift in range(64 - _BITS, -1, -_BITS):
        marked = int(np.count_nonzero(among))
        if marked <= few:
            break
        counts = np.zeros(1 << _BITS, dtype=np.int64)
        for rows in _slices(len(values)):
            digits = _digits(values[rows][among[rows]], shift)
            counts += np.bincount(digits, minlength=len(counts))
        above = counts[::-1].cumsum()[::-1]  # how many have this digit or a higher one
        digit = int(np.flatnonzero(above >= count)[-1])
        count -= int(above[digit] - counts[digit])
        found = among.copy()
        for rows in _slices(len(values)):
            found[rows] &= _digits(values[rows], shift) == digit
        among = found
    if np.count_nonzero(among) > few:  # all of them are equal
        return float(values[np.argmax(among)]) + 0.0
    own = values[among]
    own.partition(len(own) - count)
    return float(own[len(own) - count]) + 0.0


def _slices(n: int) -> list[slice]:
    return [slice(start, min(start + _ROWS, n)) for start in range(0, n, _ROWS)]


def _digits(values: Floats, shift: int) -> NDArray[np.int64]:
    """Take sixteen bits of each number, written so that whole numbers sort as the floats do."""
    bits = (values + 0.0).view(np.uint64)
    ordered = np.where(bits & _SIGN, ~bits, bits | _SIGN)
    return ((ordered >> np.uint64(shift)) & np.uint64((1 << _BITS) - 1)).astype(np.int64)
