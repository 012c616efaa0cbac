"""Running products, sums and searches inside each of many groups laid end to end.

Groups are slices of one array: group ``g`` is ``[offsets[g], offsets[g + 1])``. Each slice is
worked on from its own first entry, so that a group's result is, to the last bit, what it would be
alone.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Floats

__all__ = ["accumulated", "entry_before", "group_offsets", "searched"]

Number = TypeVar("Number", np.float64, np.int64)


def group_offsets(codes: Codes, n_groups: int) -> Codes:
    """Give where each group starts among rising group codes, and where the last one ends."""
    found: Codes = np.searchsorted(codes, np.arange(n_groups + 1)).astype(np.int64, copy=False)
    return found


def accumulated(ufunc: np.ufunc, values: Floats, offsets: Codes) -> Floats:
    """Accumulate along the last axis, in order, anew in each group."""
    out = np.empty_like(values)
    for start, end in pairwise(offsets.tolist()):
        if end > start:
            ufunc.accumulate(values[..., start:end], axis=-1, out=out[..., start:end])
    return out


def entry_before(values: Floats, offsets: Codes, first: float) -> Floats:
    """Give the entry before each one, and `first` before the first of each group."""
    out = np.empty_like(values)
    out[1:] = values[:-1]
    starts = offsets[:-1][offsets[:-1] < offsets[1:]]
    out[starts] = first
    return out


def searched(
    values: NDArray[Number],
    offsets: Codes,
    group: Codes,
    targets: NDArray[Number],
    side: Literal["left", "right"],
) -> Codes:
    """Count the entries of each row's group that lie below its target; on ``"right"``, or on it.

    As `numpy.searchsorted`, with a slice of its own for each row. Values rise inside each group.
    """
    low, high = offsets[group], offsets[group + 1]
    below = np.less if side == "left" else np.less_equal
    last = max(len(values) - 1, 0)
    for _ in range(int((high - low).max(initial=0)).bit_length()):
        middle = (low + high) // 2
        goes_on: Bools = (low < high) & below(values[np.minimum(middle, last)], targets)
        high = np.where(goes_on, high, middle)
        low = np.where(goes_on, middle + 1, low)
    return low - offsets[group]
