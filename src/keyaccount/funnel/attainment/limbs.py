"""Subset sums of whole numbers of any size, as int64 limbs that sort and subtract without rounding.

A number is a column of limbs of 58 bits, the lowest first; the highest has the sign. Amounts in
cents need one limb, floats of very different size two or more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes

_BITS = 58
"""Sums of 40 limbs stay inside int64."""

_MASK = (1 << _BITS) - 1


def limbs_for(largest: int) -> int:
    """Count the limbs that numbers up to this size need, differences of them included."""
    return largest.bit_length() // _BITS + 1


def subset_sums(values: Sequence[int], limbs: int) -> NDArray[np.int64]:
    """Add up every subset of numbers of at least 0: ``(limbs, 2**n)``, bit i being value i."""
    sums = np.zeros((limbs, 1), dtype=np.int64)
    for value in values:
        sums = np.concatenate([sums, sums + _written(value, limbs)], axis=1)
    return _carried(sums)


def sorting(numbers: NDArray[np.int64]) -> Codes:
    """Give the order from the smallest to the largest number."""
    if len(numbers) == 1:
        return np.argsort(numbers[0], kind="stable")
    found: Codes = np.lexsort(list(numbers))
    return found


def completing(numbers: NDArray[np.int64], ordered: NDArray[np.int64], threshold: int) -> Codes:
    """Say for each number from where on an ordered list completes it to the threshold."""
    wanted = _carried(_written(threshold, len(numbers)) - numbers)
    if len(numbers) == 1:
        starts: Codes = np.searchsorted(ordered[0], wanted[0], side="left")
        return starts
    size = wanted.shape[1]
    # Sorted together, stably, and what is wanted first: before it lie the smaller ones of the list.
    order = np.lexsort(list(np.concatenate([wanted, ordered], axis=1)))
    smaller = np.cumsum(order >= size)
    found = np.empty(len(order), dtype=np.int64)
    found[order] = smaller
    return found[:size]


def _written(number: int, limbs: int) -> NDArray[np.int64]:
    digits = [(number >> (_BITS * i)) & _MASK for i in range(limbs - 1)]
    return np.array([*digits, number >> (_BITS * (limbs - 1))], dtype=np.int64)[:, np.newaxis]


def _carried(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Bring every limb but the highest back into 58 bits."""
    for i in range(len(numbers) - 1):
        numbers[i + 1] += numbers[i] >> _BITS
        numbers[i] &= _MASK
    return numbers
