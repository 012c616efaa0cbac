"""Rows that are there several times, as everything that is read of them says."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from keyaccount._columns import Codes, Days, Floats

__all__ = ["first_of_equal"]

_MOST = 2**62
"""Numbers above this may not be packed into one of 64 bits."""


def first_of_equal(columns: Iterable[Codes | Floats | Days], n: int) -> Codes:
    """Find the first of each row that is there several times; what is missing equals itself."""
    packed, size = np.zeros(n, dtype=np.int64), 1
    for column in columns:
        codes, width = _coded(column)
        if size * width > _MOST:
            packed, size = _coded(packed)
        packed, size = packed * width + codes, size * width
    return np.sort(np.unique(packed, return_index=True)[1]).astype(np.int64)


def _coded(column: Codes | Floats | Days) -> tuple[Codes, int]:
    """Give the values of a column numbers from 0 on, and say how many there may be."""
    if column.dtype.kind == "i" and len(column) and -1 <= column.min() <= column.max() < _MOST - 1:
        low, high = int(column.min()), int(column.max())
        if high - low < len(column):
            return (column - low).astype(np.int64), high - low + 1
    values, codes = np.unique(column, return_inverse=True)
    return codes.reshape(-1).astype(np.int64), max(len(values), 1)
