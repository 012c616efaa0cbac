"""Turn every text of a column into one whole number, so that equal texts have equal numbers.

Ids are written by a rule: most of their characters are the same in all rows, the others come from
a short range. What varies is packed exactly, as digits of a number whose radix changes from place
to place. Texts too rich for 62 bits are hashed, and then every row is compared with the text that
stands for its hash.
"""

from __future__ import annotations

import math

import numpy as np

from keyaccount._blocks import blocks
from keyaccount._columns import Codes
from keyaccount.ledger.slots import Keys, Slots, slots_of
from keyaccount.ledger.texts import Texts

__all__ = ["text_slots"]

_BITS = 62
_MIX = np.uint64(0x9E3779B97F4A7C15)
_FOLD = np.uint64(32)
_PRINTABLE = (0x21, 0x7E)


def text_slots(texts: Texts) -> tuple[Slots, Codes, bool, bool] | None:
    """Give each distinct text a slot.

    Returns
    -------
    tuple or None
        The slots; a row that holds the text of each slot; whether slots rise with their texts;
        whether some text may be blank. None where two texts share a hash.
    """
    low, high = _range(texts)
    spans = [most - least + 1 for least, most in zip(low, high, strict=True)]
    packed = math.prod(spans) < 2**_BITS
    slots = slots_of(_packed(texts, low, spans) if packed else _mixed(texts))
    row_of = np.zeros(slots.size, dtype=np.int64)
    row_of[slots.codes] = np.arange(len(texts))
    if not packed and not _verified(texts, slots, row_of):
        return None
    first = (low[0], high[0]) if low else (0, 0)
    blank = not (first[0] >= _PRINTABLE[0] and first[1] <= _PRINTABLE[1])
    return slots, row_of, packed, blank


def _range(texts: Texts) -> tuple[list[int], list[int]]:
    """Find the lowest and the highest unit of each place."""
    low = high = None
    for rows in blocks(len(texts)):
        units = texts.places(rows)
        least, most = units.min(axis=1), units.max(axis=1)
        low = least if low is None else np.minimum(low, least)
        high = most if high is None else np.maximum(high, most)
    return ([], []) if low is None or high is None else (low.tolist(), high.tolist())


def _packed(texts: Texts, low: list[int], spans: list[int]) -> Codes:
    """Write what varies as digits, the first place the weightiest: numbers sort as texts do."""
    keys = np.zeros(len(texts), dtype=np.uint64)  # wraps on the way, ends below 2⁶²
    varying = [j for j, span in enumerate(spans) if span > 1]
    lowest = 0
    for j in varying:
        lowest = lowest * spans[j] + low[j]
    for rows in blocks(len(texts)):
        units, key = texts.places(rows), keys[rows]
        for j in varying:
            np.multiply(key, np.uint64(spans[j]), out=key)
            np.add(key, units[j], out=key)
        np.subtract(key, np.uint64(lowest % 2**64), out=key)
    return keys.view(np.int64)


def _mixed(texts: Texts) -> Keys:
    """Hash each text, a word at a time."""
    keys = np.zeros(len(texts), dtype=np.uint64)
    for rows in blocks(len(texts)):
        key, words = keys[rows], texts.words(rows)
        for i in range(words.shape[1]):
            np.bitwise_xor(key, words[:, i], out=key)
            np.multiply(key, _MIX, out=key)
            np.bitwise_xor(key, key >> _FOLD, out=key)
    return keys


def _verified(texts: Texts, slots: Slots, row_of: Codes) -> bool:
    """Say whether every text is the one that stands for its slot."""
    return all(
        np.array_equal(texts.words(rows), texts.words(row_of[slots.codes[rows]]))
        for rows in blocks(len(texts))
    )
