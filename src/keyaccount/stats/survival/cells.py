"""Rows counted by group and time: all that an estimator of durations needs to know of them."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Floats

__all__ = ["Cells", "cells_of"]

_TABLE_PER_ROW = 4
_SMALL_TABLE = 4_096
"""A table of every group and whole day may have 4 entries per row, or 4,096 in all."""


@attrs.frozen(eq=False)
class Cells:
    """How many rows of each group end at each time, by what ends them.

    Parameters
    ----------
    group, time
        ``(m,)`` one pair per time that occurs in a group, rising.
    counts
        ``(k + 1, m)`` rows: cause 0, not yet ended, then causes 1 to k.
    """

    group: Codes
    time: Floats
    counts: NDArray[np.int64]


def cells_of(
    durations: Floats, causes: Codes, codes: Codes, *, n_groups: int, n_causes: int
) -> Cells:
    """Count rows by group, time and cause; whole days need no sorting."""
    width = _whole_days(durations)
    kinds = n_causes + 1
    entries = n_groups * width * kinds
    if 0 < entries <= max(_TABLE_PER_ROW * len(durations), _SMALL_TABLE):
        return _tabulated(durations.astype(np.int64), causes, codes, (n_groups, width, kinds))
    return _sorted(durations, causes, codes, kinds)


def _whole_days(durations: Floats) -> int:
    """Give how many whole days from 0 hold every duration; 0 where some are not whole."""
    longest = float(durations.max(initial=0.0))
    if longest > _TABLE_PER_ROW * len(durations) + _SMALL_TABLE:
        return 0
    whole = bool((durations == np.floor(durations)).all())
    return int(longest) + 1 if whole else 0


def _tabulated(days: Codes, causes: Codes, codes: Codes, shape: tuple[int, int, int]) -> Cells:
    n_groups, width, kinds = shape
    place = (codes * width + days) * kinds + causes
    table = np.bincount(place, minlength=n_groups * width * kinds).reshape(-1, kinds)
    there = np.flatnonzero(table.any(axis=1))
    counts = np.ascontiguousarray(table[there].T, dtype=np.int64)
    return Cells(there // width, (there % width).astype(np.float64), counts)


def _sorted(durations: Floats, causes: Codes, codes: Codes, kinds: int) -> Cells:
    order = np.argsort(durations)
    by_time = codes[order]
    # A stable sort of short integers is a radix sort, ten times faster than one of long ones.
    short = by_time.max(initial=0) <= np.iinfo(np.int16).max
    order = order[np.argsort(by_time.astype(np.int16) if short else by_time, kind="stable")]
    group, time = codes[order], durations[order]
    is_first: Bools = np.ones(len(order), dtype=np.bool_)
    is_first[1:] = (group[1:] != group[:-1]) | (time[1:] != time[:-1])
    cell = np.cumsum(is_first) - 1
    first = np.flatnonzero(is_first)
    place = cell * kinds + causes[order]
    table = np.bincount(place, minlength=len(first) * kinds).reshape(-1, kinds)
    return Cells(group[first], time[first], np.ascontiguousarray(table.T, dtype=np.int64))
