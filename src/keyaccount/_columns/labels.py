"""Read a column as labels: codes into a tuple of distinct texts.

Categorical, dictionary-encoded and Enum columns keep their codes. Everything else goes through one
dict, which is several times faster than sorting: the labels of a million rows are few. Whole
numbers without gaps need neither: they are places in a table, unless they lie far apart.
"""

from __future__ import annotations

from decimal import Decimal
from numbers import Integral, Real
from typing import Any

import numpy as np

from keyaccount._columns.kinds import Codes, Labels, Objects
from keyaccount._columns.names import pick
from keyaccount._columns.native import is_scalar, library_of, to_numpy

_NO_FINER = {"Y", "M", "W", "D", "h", "m", "s", "ms", "us"}
"""Units of datetime64 that Python's dates and datetimes can hold."""


_BOOLS = (bool, np.bool_)

_TABLE_PER_ROW = 4
"""How many entries per row a table of whole numbers may have."""


def labels(columns: Any, name: str) -> Labels:
    """Read column `name` as labels, in the order in which they are first seen.

    Every label is a text inside the library: a whole number ``7`` or ``7.0`` reads ``"7"``.
    None, NaN, NaT, null and blank texts are missing (code -1).
    """
    return as_labels(pick(columns, name), name)


def as_labels(raw: Any, name: str) -> Labels:
    """Read a raw column as labels; `name` is for the error messages."""
    if isinstance(raw, Labels):
        return raw
    encoded = None if is_scalar(raw) else _encoded(raw)
    if encoded is not None:
        return _relabelled(*encoded)
    if isinstance(raw, list | tuple):
        return _factorised(list(raw))
    whole = None if is_scalar(raw) else _whole_numbers(raw)
    if whole is not None:
        return _factorised(whole)
    array = to_numpy(raw, name)
    return _coded_integers(array) if array.dtype.kind in "iu" else _factorised(_cells(array))


def _cells(array: Objects) -> list[Any]:
    """List the cells of an array."""
    if array.dtype.kind in "Mm" and np.datetime_data(array.dtype)[0] not in _NO_FINER:
        array = array.astype(f"{array.dtype.kind}8[us]")  # finer ones would become bare integers
    cells: list[Any] = array.tolist()
    return cells


def _whole_numbers(raw: Any) -> list[Any] | None:
    """List whole numbers with gaps, which as floats would lose their digits beyond 2⁵³.

    Truths of pandas with gaps are listed too: as floats they would be numbers.
    """
    library = library_of(raw)
    if library == "pandas":
        native = isinstance(raw.dtype, np.dtype) or raw.dtype.kind not in "iub"
        return None if native else list(raw.to_numpy(dtype=object, na_value=None))
    dtype: Any = raw.dtype if library == "polars" else None
    if dtype is not None and dtype.is_integer() and raw.null_count():
        return list(raw.to_list())
    if library == "pyarrow" and str(raw.type).startswith(("int", "uint")) and raw.null_count:
        return list(raw.to_pylist())
    return None


def label_text(value: Any) -> str | None:
    """Write one cell as the text of its label; None where it is missing."""
    if isinstance(value, str):
        return str(value) if value.strip() else None
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return None
    if isinstance(value, np.datetime64 | np.timedelta64):
        return label_text(_cells(np.array([value]))[0])
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    return _number_text(value) if isinstance(value, Real | Decimal) else str(value)


def _number_text(value: Any) -> str | None:
    """Write 7 and 7.0 alike, so that they are one label; NaN is none."""
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, Decimal):
        return _decimal_text(value)
    number = float(value)
    if number != number:  # noqa: PLR0124 - only NaN differs from itself
        return None
    return str(int(number)) if number.is_integer() else repr(number)


def _decimal_text(value: Decimal) -> str | None:
    """Write 7.00 as 7 and 7.50 as 7.5, as a float is written."""
    if value.is_nan():
        return None
    if not value.is_finite():
        return label_text(float(value))
    return format(value.normalize() + 0, "f")


def _factorised(values: list[Any]) -> Labels:
    """Give each distinct cell a code; only the distinct ones are turned into text."""
    try:
        distinct = dict.fromkeys(values)
    except TypeError:  # a cell that cannot be hashed, a list say: go by its text
        values = [label_text(v) for v in values]
        distinct = dict.fromkeys(values)
    if (True in distinct or False in distinct) and _mixes_bools(values):
        # True equals 1, but "true" is not "1": a label must not depend on which came first
        values = [label_text(v) for v in values]
        distinct = dict.fromkeys(values)
    if set(map(type, distinct)) <= {str, type(None)} and all(map(_is_label, distinct)):
        return _factorised_texts(values, distinct)
    position = {value: i for i, value in enumerate(distinct)}
    codes = np.fromiter(map(position.__getitem__, values), dtype=np.int64, count=len(values))
    return _relabelled(codes, list(distinct))


def _coded_integers(array: Objects) -> Labels:
    """Code whole numbers without gaps: none is missing, and no two of them share a text.

    A range not much wider than the column is long is looked up in a table; any other is sorted.
    """
    if not len(array):
        return Labels(np.empty(0, dtype=np.int64), ())
    low, high = int(array.min()), int(array.max())
    if high - low < _TABLE_PER_ROW * len(array):
        return _coded_by_table(array, low, high - low + 1)
    values, first, place = np.unique(array, return_index=True, return_inverse=True)
    order = np.argsort(first)
    return Labels(_places(order, len(order))[place], tuple(map(str, values[order].tolist())))


def _coded_by_table(array: Objects, low: int, size: int) -> Labels:
    """Code whole numbers from `low` to `low` + `size` - 1."""
    wide = np.uint64 if array.dtype.kind == "u" else np.int64  # narrower ones would overflow
    shifted = array.astype(wide, copy=False)
    if low:
        shifted = shifted - wide(low)
    n = len(shifted)
    first = np.full(size, n, dtype=np.int64)
    first[shifted[::-1]] = np.arange(n - 1, -1, -1)  # written last: the first row of each
    there = np.flatnonzero(first < n)
    order = there[np.argsort(first[there])]
    texts = tuple(str(value + low) for value in order.tolist())
    return Labels(_places(order, size)[shifted], texts)


def _places(order: Codes, size: int) -> Codes:
    """Turn an order into the place of each of `size` items in it."""
    places = np.full(size, -1, dtype=np.int64)
    places[order] = np.arange(len(order))
    return places


def _mixes_bools(values: list[Any]) -> bool:
    kinds = set(map(type, values))
    return not kinds.isdisjoint(_BOOLS) and not kinds <= {*_BOOLS, type(None)}


def _is_label(text: str | None) -> bool:
    return text is None or not (text == "" or text.isspace())


def _factorised_texts(values: list[Any], distinct: dict[Any, None]) -> Labels:
    """Code texts, which are their own labels; a column of ids has as many as it has rows."""
    distinct.pop(None, None)
    if len(distinct) == len(values):
        return Labels(np.arange(len(values), dtype=np.int64), tuple(distinct))
    position: dict[Any, int] = {text: i for i, text in enumerate(distinct)}
    position[None] = -1
    codes = np.fromiter(map(position.__getitem__, values), dtype=np.int64, count=len(values))
    return Labels(codes, tuple(distinct))


def _relabelled(codes: Objects, cells: list[Any]) -> Labels:
    """Turn cells into texts: missing ones to -1, cells of one text (1, 1.0) to one code."""
    if set(map(type, cells)) <= {str} and all(map(_is_label, cells)):
        return Labels(np.ascontiguousarray(codes, dtype=np.int64), tuple(cells))
    texts = [label_text(c) for c in cells]
    position: dict[str, int] = {}
    for text in texts:
        if text is not None:
            position.setdefault(text, len(position))
    table = np.array([-1 if t is None else position[t] for t in texts] + [-1], dtype=np.int64)
    if len(position) == len(texts):
        return Labels(np.ascontiguousarray(codes, dtype=np.int64), tuple(position))
    return Labels(table[codes], tuple(position))


def _encoded(raw: Any) -> tuple[Objects, list[Any]] | None:
    """Take the codes of a column that already has some (-1 where missing)."""
    library = library_of(raw)
    if library == "pandas":
        return _encoded_pandas(raw)
    if library == "polars":
        return _encoded_polars(raw)
    if library == "pyarrow":
        return _encoded_arrow(raw)
    return None


def _encoded_pandas(series: Any) -> tuple[Objects, list[Any]] | None:
    if hasattr(series.dtype, "categories"):
        return _first_seen(series.cat.codes.to_numpy(), list(series.cat.categories))
    if hasattr(series.dtype, "pyarrow_dtype") or getattr(series.dtype, "storage", "") == "pyarrow":
        return _encoded_arrow(series.array.__arrow_array__())
    return None


def _encoded_polars(series: Any) -> tuple[Objects, list[Any]] | None:
    if str(series.dtype).partition("(")[0] not in {"String", "Categorical", "Enum"}:
        return None
    import polars as pl  # a polars column proves that polars is there

    cells = series.drop_nulls().unique(maintain_order=True).cast(pl.String)
    codes = series.cast(pl.Enum(cells)).to_physical().cast(pl.Int64)
    return codes.fill_null(-1).to_numpy(), cells.to_list()


def _encoded_arrow(array: Any) -> tuple[Objects, list[Any]] | None:
    encoded = str(array.type).startswith("dictionary")
    if not encoded:
        if "string" not in str(array.type):
            return None
        array = array.dictionary_encode()  # in the order of the first rows, and only what occurs
    if hasattr(array, "chunks"):
        array = array.unify_dictionaries().combine_chunks()
    if hasattr(array, "chunks"):  # an empty chunked array has nothing to combine
        return np.empty(0, dtype=np.int64), []
    codes = array.indices.cast("int64").fill_null(-1).to_numpy(zero_copy_only=False)
    cells = array.dictionary.to_pylist()
    return _first_seen(codes, cells) if encoded else (codes, cells)


def _first_seen(codes: Objects, cells: list[Any]) -> tuple[Objects, list[Any]]:
    """Keep only the cells that occur, in the order of their first row.

    The order of a category list is its maker's; ours must not depend on the container.
    """
    n = len(cells)
    first = np.full(n + 1, len(codes), dtype=np.int64)
    np.minimum.at(first, codes, np.arange(len(codes)))
    order = np.argsort(first[:n], kind="stable")
    order = order[: np.count_nonzero(first[:n] < len(codes))]
    table = np.full(n + 1, -1, dtype=np.int64)
    table[order] = np.arange(len(order))
    return table[codes], [cells[i] for i in order]
