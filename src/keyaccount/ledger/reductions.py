"""Per-customer counts, extremes and exact sums over slots, one block of rows at a time."""

from __future__ import annotations

import numpy as np

from keyaccount._blocks import BLOCK, blocks
from keyaccount._columns import Codes, Days, Floats
from keyaccount.stats.sums import group_counts, group_sums

__all__ = ["counts", "extremes", "known_sums", "totals"]

_MINOR_UNITS = 100.0
_EXACT_BELOW = 2.0**53
_NEVER = np.iinfo(np.int64).min
"""How datetime64 writes NaT."""


def counts(codes: Codes, size: int) -> Codes:
    """Count the rows of each slot; every code is a slot."""
    return np.bincount(codes, minlength=size).astype(np.int64, copy=False)


def extremes(days: Days, codes: Codes, size: int) -> tuple[Days, Days]:
    """Give the first and the last day of each slot, NaT where it has none; no day is missing."""
    offsets = days.view(np.int64)
    least = np.full(size, np.iinfo(np.int64).max)
    most = np.full(size, _NEVER)
    np.minimum.at(least, codes, offsets)
    np.maximum.at(most, codes, offsets)
    least[most == _NEVER] = _NEVER
    return least.view("datetime64[D]"), most.view("datetime64[D]")


def totals(amounts: Floats, codes: Codes, size: int, most_rows: int) -> Floats:
    """Add up the finite amounts of each slot, as `group_sums` does, but 0 where there is none.

    Where all amounts are whole cents, and no slot (of at most `most_rows` rows) can leave the range
    in which cents add exactly, one pass is enough; otherwise `group_sums` looks at each slot.
    """
    cents = np.zeros(size)
    scratch, back = np.empty(BLOCK), np.empty(BLOCK)
    largest = 0.0
    with np.errstate(over="ignore"):
        for rows in blocks(len(amounts)):
            amount = amounts[rows]
            cent, again = scratch[: len(amount)], back[: len(amount)]
            np.rint(np.multiply(amount, _MINOR_UNITS, out=cent), out=cent)
            np.divide(cent, _MINOR_UNITS, out=again)
            largest = max(largest, float(cent.max()), -float(cent.min()))
            if largest * most_rows >= _EXACT_BELOW or not np.array_equal(again, amount):
                return np.nan_to_num(group_sums(amounts, codes, size))
            np.add.at(cents, codes[rows], cent)
    return cents / _MINOR_UNITS + 0.0


def known_sums(values: Floats, codes: Codes, size: int) -> Floats:
    """Add up the known values of each slot, NaN where none is known."""
    known = np.isfinite(values)
    if not known.all():
        values, codes = values[known], codes[known]
    held = group_counts(codes, size)
    sums = totals(values, codes, size, int(held.max(initial=0)))
    sums[held == 0] = np.nan
    return sums
