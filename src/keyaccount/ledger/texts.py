"""A column of texts as a matrix of character units, one row per text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._blocks import blocks
from keyaccount._columns import Codes, Objects

__all__ = ["LARGEST", "WIDEST", "Texts", "arrow_texts", "fixed_texts"]

Matrix: TypeAlias = NDArray[Any]

WIDEST = 256
"""Units of the longest text that is laid out."""
LARGEST = 2**31
"""Bytes of the largest matrix."""
_WORDS = tuple(np.dtype(f"u{size}") for size in (8, 4, 2, 1))


@attrs.frozen(eq=False)
class Texts:
    """Texts as rows of units: bytes of UTF-8 or code points, 0 beyond the end of a text.

    Units sort as the texts do.

    Attributes
    ----------
    matrix
        ``(rows, width)`` uint8 or uint32.
    write
        Writes out the texts of some rows.
    """

    matrix: Matrix
    write: Callable[[Codes], Objects]

    def __len__(self) -> int:
        return len(self.matrix)

    def places(self, rows: slice) -> Matrix:
        """Give the units of some rows place by place: all first units, then all second ones."""
        return np.ascontiguousarray(self.matrix[rows].T)

    def words(self, rows: slice | Codes) -> Matrix:
        """Give the units of some rows as few whole numbers, up to eight bytes at a time."""
        held = np.ascontiguousarray(self.matrix[rows])
        width = held.shape[1] * held.itemsize
        return held.view(next(word for word in _WORDS if width % word.itemsize == 0))

    def order(self, rows: Codes) -> Codes:
        """Say in which order some rows are sorted."""
        held = np.ascontiguousarray(self.matrix[rows])
        kind = "S" if held.itemsize == 1 else "U"
        return np.argsort(held.view(f"{kind}{held.shape[1]}")[:, 0], kind="stable")


def fixed_texts(array: NDArray[Any]) -> Texts:
    """See numpy texts as code points."""
    held = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("="), copy=False))
    matrix = held.view(np.uint32).reshape(len(held), held.dtype.itemsize // 4)

    def write(rows: Codes) -> Objects:
        return held[rows].astype(object)

    return Texts(matrix, write)


def arrow_texts(array: Any) -> Texts | None:
    """Look at the buffers of an Arrow array; None where its texts are too long or hold zeros."""
    _, where, held = array.buffers()
    if held is None or not len(array):
        return None
    width = np.int64 if str(array.type) == "large_string" else np.int32
    ends = np.frombuffer(where, dtype=width)[array.offset : array.offset + len(array) + 1]
    lengths = np.diff(ends)
    longest = int(lengths.max())
    if not 0 < longest <= WIDEST or longest * len(array) > LARGEST:
        return None
    data = np.frombuffer(held, dtype=np.uint8)[ends[0] : ends[-1]]
    if (lengths != longest).any() and not data.all():
        return None  # beyond the end of a text stands 0, which no text may hold

    def write(rows: Codes) -> Objects:
        return np.array([*array.take(rows).to_pylist(), None], dtype=object)[:-1]

    return Texts(_side_by_side(data, lengths), write)


def _side_by_side(data: NDArray[np.uint8], lengths: NDArray[Any]) -> Matrix:
    """Lay texts that follow one another in a buffer out as rows of equal width."""
    width = int(lengths.max())
    if (lengths == width).all():
        return data.reshape(len(lengths), width)
    matrix = np.zeros((len(lengths), width), dtype=np.uint8)
    places = np.arange(width)
    start = 0
    for rows in blocks(len(lengths)):
        inside = places < lengths[rows, None]
        end = start + int(lengths[rows].sum())
        matrix[rows][inside] = data[start:end]
        start = end
    return matrix
