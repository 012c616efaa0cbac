"""Read a column as numbers: ``float64``, contiguous, NaN where missing."""

from __future__ import annotations

from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np

from keyaccount._columns.kinds import Bools, Floats, Objects
from keyaccount._columns.names import pick
from keyaccount._columns.native import to_numpy
from keyaccount.errors import ColumnError, RowError

_TRUTHS_HINT = "use True and False, or 1 and 0, and leave what is unknown empty (None or null)."
_NUMBERS_HINT = "convert it to numbers first, and leave what is unknown empty (NaN or null)."


def floats(columns: Any, name: str) -> Floats:
    """Read column `name` as float64; nothing is copied where it already is.

    Raises
    ------
    ColumnNotFoundError, ColumnError, RowError
        The column is not there, or it (or some of its rows) holds no numbers.
    """
    return as_floats(pick(columns, name), name)


def as_floats(raw: Any, name: str) -> Floats:
    """Read a raw column as float64; `name` is for the error messages."""
    array = to_numpy(raw, name)
    if array.dtype.kind in "iufb":
        return np.ascontiguousarray(array, dtype=np.float64)
    if array.dtype.kind == "O":
        return _from_objects(array, name)
    raise ColumnError.from_kind(name, "numbers", _described(array), _NUMBERS_HINT)


def one_float(raw: Any, name: str) -> float:
    """Read a single cell as a float, NaN where missing: the path of one account."""
    if type(raw) is float:
        return raw
    if type(raw) is int:
        return _cell(raw)
    found = as_floats(raw, name)
    if len(found) != 1:
        raise ColumnError.from_kind(
            name,
            "one value, as the other columns do",
            f"{len(found)} values",
            "give one value per column for one account, or one per row in every column.",
        )
    return float(found[0])


def bools(columns: Any, name: str) -> Bools:
    """Read column `name` as booleans; a missing value is False.

    Raises
    ------
    ColumnNotFoundError, ColumnError, RowError
        The column is not there, or holds what is neither true nor false.
    """
    found: Bools = as_truths(pick(columns, name), name) == 1.0
    return found


def as_truths(raw: Any, name: str, hint: str = _TRUTHS_HINT) -> Floats:
    """Read a raw column of true and false, or 1 and 0, as float64; NaN where missing."""
    array = to_numpy(raw, name)
    cells = array.tolist() if array.dtype.kind in "OU" else None
    if cells is None and array.dtype.kind not in "iufb":
        raise ColumnError.from_kind(name, "true or false", _described(array), hint)
    if cells is None:
        values = array.astype(np.float64)
    else:
        values = np.array([_cell(c) if _is_number(c) else np.nan for c in cells], dtype=np.float64)
    odd = np.isfinite(values) & (values != 0.0) & (values != 1.0)
    if cells is not None:
        odd |= np.array([not _is_number(c) for c in cells], dtype=np.bool_)
    wrong = np.flatnonzero(odd).tolist()
    if wrong:
        met = [values[i].item() if cells is None else cells[i] for i in wrong[:5]]
        raise RowError.from_rows(name, "hold neither true nor false", wrong, met, hint)
    return np.where(np.isfinite(values), values, np.nan)


def _described(array: Objects) -> str:
    kind = {"U": "text", "S": "bytes", "M": "dates", "m": "durations", "c": "complex numbers"}
    return kind.get(array.dtype.kind, str(array.dtype))


def _from_objects(array: Objects, name: str) -> Floats:
    values = array.tolist()
    try:
        found = [_cell(v) for v in values]
    except TypeError:
        wrong = [i for i, v in enumerate(values) if not _is_number(v)]
        raise RowError.from_rows(
            name,
            "hold no number",
            wrong,
            [values[i] for i in wrong[:5]],
            _NUMBERS_HINT,
        ) from None
    return np.array(found, dtype=np.float64)


def _cell(value: Any) -> float:
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return np.nan
    if isinstance(value, Real | Decimal):
        try:
            return float(value)
        except OverflowError:
            return -np.inf if value < 0 else np.inf
    raise TypeError


def _is_number(value: Any) -> bool:
    try:
        _cell(value)
    except TypeError:
        return False
    return True
