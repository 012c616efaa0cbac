"""Which rows of a log have no customer, told without telling the others apart."""

from __future__ import annotations

from typing import Any, Protocol

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, is_scalar
from keyaccount._columns.native import library_of
from keyaccount.ledger.ids import read_customers

__all__ = ["Somebody", "who_is_missing"]

_PRINTABLE = (0x21, 0x7E)
"""A text that begins with one of these is not blank."""

_POLARS = {"String", *(f"{sign}Int{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64))}
"""Types of Polars that Arrow has as well."""


class Somebody(Protocol):
    """What is known of the ids of a log: how many rows there are, and which have none."""

    def __len__(self) -> int: ...

    @property
    def missing(self) -> Bools | None:
        """Which rows have no id; None: every row has one."""
        ...


@attrs.frozen(eq=False)
class _Counted:
    """Ids that were looked at and not told apart."""

    read: int
    missing: Bools | None

    def __len__(self) -> int:
        return self.read


def who_is_missing(raw: Any, name: str) -> Somebody:
    """Say which rows of a raw column have no id, as `read_customers` does; `name` is for messages.

    Texts and whole numbers are most of what there is, and cost a fraction of telling them apart.
    """
    array = None if is_scalar(raw) else _in_arrow(raw)
    kind = "" if array is None else str(array.type)
    if array is not None and kind.startswith(("int", "uint")):
        missing = np.asarray(array.is_null()) if array.null_count else None
        return _Counted(len(array), missing)
    if array is not None and kind in {"string", "large_string"}:
        parts = [_blank(part) for part in getattr(array, "chunks", [array])]
        return _Counted(len(array), np.concatenate([np.empty(0, dtype=np.bool_), *parts]))
    return read_customers(raw, name)


def _in_arrow(raw: Any) -> Any:
    """Give a column as Arrow holds it, where that is no work."""
    library = library_of(raw)
    if library == "pandas" and getattr(raw.dtype, "storage", "") == "pyarrow":
        return raw.array.__arrow_array__()
    if library == "polars" and str(raw.dtype) in _POLARS:
        try:
            return raw.to_arrow()
        except ModuleNotFoundError:  # polars needs pyarrow for it
            return None
    return raw if library == "pyarrow" else None


def _blank(array: Any) -> Bools:
    """Say which texts are null or nothing but blanks: by their first byte where that tells."""
    found: Bools = np.array(array.is_null(), dtype=np.bool_)
    begun, ended, data = _buffers(array)
    first = data[np.minimum(begun, len(data) - 1)] if len(data) else np.zeros_like(begun)
    odd = (begun == ended) | (first < _PRINTABLE[0]) | (first > _PRINTABLE[1])
    rows = np.flatnonzero(odd & ~found)
    if len(rows):
        coded = array.take(rows).dictionary_encode()
        blank = np.array([not text.strip() for text in coded.dictionary.to_pylist()])
        found[rows] = blank[coded.indices.to_numpy()]
    return found


def _buffers(array: Any) -> tuple[Codes, Codes, NDArray[np.uint8]]:
    """Give where each text begins and ends, and the bytes of all: those of other rows as well."""
    _, where, held = array.buffers()
    width = np.int64 if str(array.type) == "large_string" else np.int32
    if where is None or not len(array):
        ends = np.zeros(len(array) + 1, dtype=width)
    else:
        ends = np.frombuffer(where, dtype=width)[array.offset : array.offset + len(array) + 1]
    data = np.frombuffer(b"" if held is None else held, dtype=np.uint8)
    whole = ends.astype(np.int64, copy=False)
    return whole[:-1], whole[1:], data
