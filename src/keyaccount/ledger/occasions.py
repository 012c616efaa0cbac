"""Purchase days and repeated rows of each customer, counted by sorting packed keys."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Days, Floats

__all__ = ["active_days", "repeated_rows"]

Keys: TypeAlias = NDArray[np.int64]

_ROOM = 2**62
_MARKS = 24
_MIX = np.uint64(0x9E3779B97F4A7C15)


def active_days(codes: Codes, days: Days, size: int) -> Codes:
    """Count the distinct days of each slot."""
    keys, span = _customer_days(codes, days, size)
    keys.sort()
    first = np.append(True, keys[1:] != keys[:-1])[: len(keys)]  # the first is new
    return np.bincount(keys[first] // span, minlength=size).astype(np.int64, copy=False)


def repeated_rows(codes: Codes, days: Days, values: tuple[Floats, ...], size: int) -> Codes:
    """Give the rows that equal an earlier row in slot, day and all values, in rising order."""
    rows = _sharing_a_day(_customer_days(codes, days, size)[0])
    keys: tuple[Any, ...] = tuple(v[rows] for v in values)
    keys += (days[rows], codes[rows])
    order = np.lexsort((rows, *keys))
    same = np.ones(max(len(rows) - 1, 0), dtype=np.bool_)
    for key in keys:
        in_order = key[order]
        same &= (in_order[1:] == in_order[:-1]) | _both_missing(in_order)
    return np.sort(rows[order[1:][same]])


def _both_missing(ordered: NDArray[Any]) -> NDArray[np.bool_]:
    missing = ordered != ordered  # noqa: PLR0124 - only NaN differs from itself
    both: NDArray[np.bool_] = missing[1:] & missing[:-1]
    return both


def _customer_days(codes: Codes, days: Days, size: int) -> tuple[Keys, int]:
    """Pack slot and day into one whole number per row, and say how many days a slot takes."""
    offsets: Keys = days.view(np.int64)
    low, high = int(offsets.min(initial=0)), int(offsets.max(initial=0))
    if (high - low + 1) * max(size, 1) >= _ROOM:  # days before history and beyond all plans
        distinct, offsets = np.unique(offsets, return_inverse=True)
        low, high = 0, len(distinct)
    span = high - low + 1
    keys = codes * span
    keys += offsets
    keys -= low
    return keys, span


def _sharing_a_day(keys: Keys) -> Codes:
    """Give all rows whose key occurs twice, and a few others: marks are shared by hashes."""
    ordered = np.sort(keys)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if not len(twice):
        return np.empty(0, dtype=np.int64)
    marks = np.zeros(1 << _MARKS, dtype=np.bool_)
    marks[_mark(twice)] = True
    return np.flatnonzero(marks[_mark(keys)])


def _mark(keys: Keys) -> Codes:
    hashed: Codes = ((keys.view(np.uint64) * _MIX) >> np.uint64(64 - _MARKS)).view(np.int64)
    return hashed
