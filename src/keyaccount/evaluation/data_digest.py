"""`data_digest`: one name for the data a review rests on, whatever holds them and in any order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from hashlib import sha256
from numbers import Real
from typing import Any

import numpy as np

from keyaccount._columns import (
    Codes,
    Columns,
    Objects,
    as_days,
    as_floats,
    as_ids,
    as_labels,
    common_length,
    pick,
    to_numpy,
)

__all__ = ["data_digest"]

_VERSION = b"keyaccount data 1"
_MISSING = b"\xff"
"""No text in UTF-8 begins so: a missing label is none of them."""


def data_digest(columns: Columns, *, id: str = "id", names: Iterable[str]) -> str:
    """Give the SHA-256 of some columns: equal data have equal digests, and different ones differ.

    Parameters
    ----------
    columns
        One row per account: any container of columns.
    id
        The column of ids, each of them once.
    names
        The columns that count; their order means nothing.

    Returns
    -------
    str
        64 hexadecimal digits: the same in any order of the rows, and from any container.

    Raises
    ------
    ColumnNotFoundError, DuplicateIdError, RowError
        A column is not there, an id occurs twice or is missing.

    Notes
    -----
    The form that is digested, a choice of this library: rows by id as texts; columns by name, each
    with its name, what it holds (``f`` numbers, ``d`` days, ``t`` texts) and its values. A number
    is eight bytes, the first one the highest, as IEEE 754 has it; every NaN is one, and −0.0 is
    0.0. A day is the count of days since 1970-01-01, whatever holds it: dates, moments, or numpy's
    days. Every text has its length in front. True is 1, a whole number is a number, and a column of
    nothing at all is one of numbers.

    Examples
    --------
    >>> import keyaccount as ka
    >>> one = ka.data_digest({"id": ["a", "b"], "sales": [1.0, None]}, names=["sales"])
    >>> one == ka.data_digest({"id": ["b", "a"], "sales": [float("nan"), 1]}, names=["sales"])
    True
    >>> one[:16]
    'f593ee65c0fe211f'
    """
    ids = as_ids(pick(columns, id), id)
    order = np.array(sorted(range(len(ids)), key=ids.tolist().__getitem__), dtype=np.int64)
    found = sha256(_VERSION)
    found.update(_texts(ids[order].tolist()))
    for name in sorted(set(names)):
        kind, content = _content(pick(columns, name), name, order)
        found.update(_texts([name]) + kind + content)
    return found.hexdigest()


def _content(raw: Any, name: str, order: Codes) -> tuple[bytes, bytes]:
    """Write the values of a column in the order of the ids."""
    array = to_numpy(raw, name)
    _ = common_length({"ids": order, name: array})
    kind = _kind_of(array)
    if kind is None:  # nothing at all: whatever it would have held
        array = np.full(len(array), np.nan)
    if kind == "M":
        days = as_days(array, name)[order].astype(np.int64)
        return b"d", days.astype(">i8").tobytes()
    if kind in {"f", None}:
        values = as_floats(array, name)[order] + 0.0
        values[np.isnan(values)] = np.nan
        return b"f", values.astype(">f8").tobytes()
    return b"t", _texts(as_labels(raw, name).texts()[order].tolist())


def _kind_of(array: Objects) -> str | None:
    """Tell numbers (``f``), days (``M``) and texts (``t``) by the cells; None where all lack."""
    if array.dtype.kind == "M":
        return None if np.isnat(array).all() else "M"
    if array.dtype.kind in "iub":
        return "f" if len(array) else None
    if array.dtype.kind == "f":
        return None if np.isnan(array).all() else "f"
    cells = [cell for cell in array.tolist() if not _is_missing(cell)]
    if not cells:
        return None
    for kind, of in (("f", (Real, Decimal, np.bool_)), ("M", (date, np.datetime64))):
        if all(isinstance(cell, of) for cell in cells):
            return kind
    return "t"


def _is_missing(cell: Any) -> bool:
    """Say whether a cell holds nothing: None, NaN, NaT, pandas' NA, a blank text."""
    if isinstance(cell, str):
        return not cell.strip()
    return cell is None or type(cell).__name__ in {"NAType", "NaTType"} or bool(cell != cell)  # noqa: PLR0124 - NaN


def _texts(texts: list[str | None]) -> bytes:
    """Write texts, each with its length in front, so that no two lists read alike."""
    parts = [_MISSING if text is None else text.encode("utf-8") for text in texts]
    lengths = np.array([len(parts), *map(len, parts)], dtype=">i8")
    return lengths.tobytes() + b"".join(parts)
