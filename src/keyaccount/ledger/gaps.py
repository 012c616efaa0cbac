"""The days between one order day of a customer and the next, as counts and quantiles."""

from __future__ import annotations

from typing import Any, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._blocks import blocks
from keyaccount._columns import Codes, Days, Floats

__all__ = ["Gaps", "gaps_of"]

Keys: TypeAlias = NDArray[np.unsignedinteger[Any]]

_ROOM = 2**62
_SHORT = 2**32
_NARROW = 31


@attrs.frozen(eq=False)
class Gaps:
    """The gaps between the distinct order days of each slot, from the shortest to the longest.

    Attributes
    ----------
    days
        The gaps of all slots in one column, a slot's own one after the other and rising.
    starts, counts
        Where the gaps of each slot begin, and how many there are.
    """

    days: NDArray[np.signedinteger[Any]]
    starts: Codes
    counts: Codes

    def quantile(self, q: float) -> Floats:
        """Give a quantile of the gaps of each slot in days; NaN where there is none.

        It is the order statistic of rank ``q (n + 1)``, interpolated: the next gap of an unchanging
        rhythm is at most that long with probability `q`. Where the rank is beyond the longest gap
        (too few of them for that `q`), it is the longest.
        """
        out = np.full(len(self.counts), np.nan)
        held = np.flatnonzero(self.counts)
        n = self.counts[held]
        rank = np.minimum(np.maximum(q * (n + 1), 1.0), n)
        below = rank.astype(np.int64)
        first = self.starts[held] + below - 1
        low = self.days[first]
        step = self.days[first + (below < n)] - low
        out[held] = low + (rank - below) * step
        return out


def gaps_of(codes: Codes, days: Days, size: int) -> Gaps:
    """Collect the gaps of each slot; several orders on one day are one occasion."""
    keys, bits = _sorted_days(codes, days, size)
    gaps = _neighbours(keys, bits)
    del keys
    counts = np.zeros(size, dtype=np.int64)
    narrow: Any = np.int32 if bits < _NARROW else np.int64
    lengths: NDArray[Any] = np.empty(len(gaps), dtype=narrow)
    for rows in blocks(len(gaps)):
        owner = (gaps[rows] >> bits).astype(np.int64)
        lengths[rows] = gaps[rows] & _mask(gaps, bits)
        first = int(owner[0])
        own = np.bincount(owner - first)
        counts[first : first + len(own)] += own
    return Gaps(lengths, np.cumsum(counts) - counts, counts)


def _sorted_days(codes: Codes, days: Days, size: int) -> tuple[Keys, int]:
    """Pack slot and day into one rising number per row; the day takes the lowest bits."""
    offsets = days.view(np.int64)
    last = int(offsets.max(initial=0))
    # What lies further back than the keys have room for (some thousand million years) lies there.
    first = max(int(offsets.min(initial=last)), last - _ROOM // (2 * max(size, 1)) + 1)
    bits = max((last - first).bit_length(), 1)
    short: Any = np.uint32 if size << bits < _SHORT else np.uint64
    keys: NDArray[Any] = np.empty(len(codes), dtype=short)
    for rows in blocks(len(codes)):
        day = np.maximum(offsets[rows], first)
        day -= first
        day |= codes[rows] << bits
        keys[rows] = day
    keys.sort()
    return keys, bits


def _neighbours(keys: Keys, bits: int) -> Keys:
    """Pack slot and gap for each two keys of one slot that follow each other and differ, sorted.

    The others become the largest number there is, which no slot and gap reach, and are cut off.
    """
    mask = _mask(keys, bits)
    nothing = np.iinfo(keys.dtype).max
    gaps = np.empty(max(len(keys) - 1, 0), dtype=keys.dtype)
    dropped = 0
    for rows in blocks(len(gaps)):
        before, after = keys[rows], keys[rows.start + 1 : rows.stop + 1]
        np.subtract(after, before & mask, out=gaps[rows])
        apart = np.bitwise_xor(before, after)
        apart -= 1  # below 0 is the largest number: the same day is dropped with other slots
        drop = np.flatnonzero(apart >= mask)
        gaps[rows][drop] = nothing
        dropped += len(drop)
    gaps.sort()
    kept: Keys = gaps[: len(gaps) - dropped]
    return kept


def _mask(keys: Keys, bits: int) -> np.unsignedinteger[Any]:
    """Give the bits of the day, as a number of the keys' own type."""
    mask: np.unsignedinteger[Any] = keys.dtype.type((1 << bits) - 1)
    return mask
