"""Give every distinct whole number a slot, in rising order: the first step of any group-by.

Numbers that lie close together are their own slots. Others go through a hash table made of numpy
arrays: every key is written to its place, the keys that find themselves there are done, and the
rest try the next table. Keys are compared, never only their hashes.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._blocks import blocks
from keyaccount._columns import Codes

__all__ = ["Slots", "slots_of"]

Keys: TypeAlias = NDArray[np.uint64]

_DENSE = 4
_ALWAYS_DENSE = 65_536
_LARGEST_TABLE = 22
_SMALLEST_TABLE = 10
_NO_KEY = np.uint64(2**64 - 1)
_MULTIPLIERS = (
    0x9E3779B97F4A7C15,
    0xBF58476D1CE4E5B9,
    0x94D049BB133111EB,
    0xD6E8FEB86659FD93,
    0xA0761D6478BD642F,
    0xE7037ED1A0B428DB,
    0x8EBC6AF09C88C6E3,
    0x589965CC75374CC3,
)


@attrs.frozen(eq=False)
class Slots:
    """A slot per row, and the whole number each slot stands for.

    Attributes
    ----------
    codes
        The slot of each row; slots rise with their numbers.
    size
        How many slots there are; some may stand for no row.
    low
        The number of slot 0, where slots are numbers counted from it.
    values
        The number of each slot, where they are not.
    """

    codes: Codes
    size: int
    low: int = 0
    values: NDArray[Any] | None = None

    def numbers(self, slots: Codes) -> NDArray[Any]:
        """Give the numbers of some slots, beyond 2⁶³ as their two's complement."""
        if self.values is not None:
            return self.values[slots]
        return (slots.astype(np.uint64) + np.uint64(self.low % 2**64)).view(np.int64)


def slots_of(numbers: NDArray[Any]) -> Slots:
    """Give each distinct whole number (any integer dtype) a slot."""
    if not len(numbers):
        return Slots(np.empty(0, dtype=np.int64), 0)
    low, high = int(numbers.min()), int(numbers.max())
    limit = max(_DENSE * len(numbers), _ALWAYS_DENSE)
    if low >= 0 and high < limit:
        return Slots(numbers.astype(np.int64, copy=False), high + 1)
    if high - low < limit:
        return Slots(_above(numbers, low).view(np.int64), high - low + 1, low)
    if high - low == 2**64 - 1:  # the one key that marks an empty place
        distinct, codes = np.unique(numbers, return_inverse=True)
        return Slots(codes, len(distinct), 0, distinct.view(np.int64))
    keys, codes = _hashed(_above(numbers, low))
    return Slots(codes, len(keys), 0, (keys + np.uint64(low % 2**64)).view(np.int64))


def _above(numbers: NDArray[Any], low: int) -> Keys:
    """Count the numbers from the lowest: two's complement makes it right beyond 2⁶³ as well."""
    wide = numbers.astype(np.uint64 if numbers.dtype.kind == "u" else np.int64, copy=False)
    above: Keys = wide.view(np.uint64) - np.uint64(low % 2**64)
    return above


def _hashed(keys: Keys) -> tuple[Keys, Codes]:
    """Give the distinct keys, rising, and the position of each row's key among them."""
    codes = np.empty(len(keys), dtype=np.int64)
    tables: list[_Table] = []
    size = 0
    rows: Codes | None = None
    for multiplier in _MULTIPLIERS:
        table = _Table.of(keys, multiplier, codes, rows, size)
        tables.append(table)
        size += len(table.held)
        rows = table.left if rows is None else rows[table.left]
        keys = keys[table.left]
        if not len(keys):
            break
    else:  # keys made to collide
        distinct, place = np.unique(keys, return_inverse=True)
        codes[rows] = place + size
        nothing = np.empty(0, dtype=np.int64)
        tables.append(_Table(distinct, np.ones(len(distinct), dtype=np.bool_), nothing))
    held = np.concatenate([t.held for t in tables])
    places = np.flatnonzero(np.concatenate([t.taken for t in tables]))
    order = np.argsort(held[places])
    rank = np.zeros(len(held), dtype=np.int64)
    rank[places[order]] = np.arange(len(order))
    return held[places[order]], np.take(rank, codes, out=codes, mode="clip")


@attrs.frozen(eq=False)
class _Table:
    """A hash table without chains: a place belongs to the key written there last."""

    held: Keys
    taken: NDArray[np.bool_]
    left: Codes
    """The keys that found another one in their place."""

    @classmethod
    def of(
        cls, keys: Keys, multiplier: int, codes: Codes, rows: Codes | None, above: int
    ) -> _Table:
        """Write keys to their places, and their places, counted from `above`, to their codes."""
        bits = min(max((2 * len(keys)).bit_length(), _SMALLEST_TABLE), _LARGEST_TABLE)
        mix, shift = np.uint64(multiplier), np.uint64(64 - bits)
        held = np.full(1 << bits, _NO_KEY, dtype=np.uint64)
        places = codes if rows is None else np.empty(len(keys), dtype=np.int64)
        for part in blocks(len(keys)):
            place = ((keys[part] * mix) >> shift).view(np.int64)
            held[place] = keys[part]
            places[part] = place
        left = [
            part.start + np.flatnonzero(held[places[part]] != keys[part])
            for part in blocks(len(keys))
        ]
        if rows is not None:
            codes[rows] = places + above
        return cls(held, held != _NO_KEY, np.concatenate(left))
