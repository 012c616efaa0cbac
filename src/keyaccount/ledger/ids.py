"""Read the customers of a log: a slot per row, and the id each slot stands for, in its own kind.

Whole numbers stay whole numbers, texts stay texts, categories keep their codes. Everything else
(numbers beside texts, dates, fractions) is known by its text, as labels are.
"""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import (
    Bools,
    Codes,
    Labels,
    Objects,
    as_labels,
    is_scalar,
    label_text,
    to_numpy,
)
from keyaccount._columns.native import library_of
from keyaccount.findings import Finding
from keyaccount.ledger.customers import Customers, from_labels, from_numbers, from_texts
from keyaccount.ledger.texts import LARGEST, WIDEST, arrow_texts, fixed_texts

__all__ = ["read_customers"]

_EXACT = 2.0**53


def read_customers(raw: Any, name: str) -> Customers:
    """Read a raw column of ids, which may repeat; `name` is for messages."""
    library = "numpy" if isinstance(raw, Labels) or is_scalar(raw) else library_of(raw)
    if library == "pandas":
        return _from_pandas(raw, name)
    if library == "polars":
        return _from_polars(raw, name)
    if library == "pyarrow":
        return _from_arrow(raw, name)
    return _from_numpy(raw, name)


def _from_pandas(series: Any, name: str) -> Customers:
    dtype = series.dtype
    if hasattr(dtype, "categories"):
        codes = np.asarray(series.array.codes, dtype=np.int64)
        return _categories(codes, series.array.categories, name)
    if hasattr(dtype, "pyarrow_dtype") or getattr(dtype, "storage", "") == "pyarrow":
        return _from_arrow(series.array.__arrow_array__(), name)
    if not isinstance(dtype, np.dtype) and dtype.kind in "iu":
        numbers = series.to_numpy(dtype=dtype.numpy_dtype, na_value=0)
        return from_numbers(np.asarray(numbers), np.asarray(series.isna()))
    return _from_numpy(series, name)


def _from_polars(series: Any, name: str) -> Customers:
    if series.dtype.is_integer() and not str(series.dtype).endswith("128"):  # wider than numpy's
        return from_numbers(series.fill_null(0).to_numpy(), series.is_null().to_numpy())
    if str(series.dtype) == "String":
        try:
            return _from_arrow(series.to_arrow(), name)
        except ModuleNotFoundError:  # without pyarrow polars codes its texts itself
            return from_labels(as_labels(series, name))
    return _from_numpy(series, name)


def _from_arrow(array: Any, name: str) -> Customers:
    kind = str(array.type)
    if "string" in kind and not kind.startswith(("dictionary", "list")):
        return _fromarrow_texts(array, name)
    if hasattr(array, "chunks"):
        array = array.unify_dictionaries().combine_chunks()
    if kind.startswith("dictionary") and hasattr(array, "indices"):
        codes = array.indices.cast("int64").fill_null(-1).to_numpy(zero_copy_only=False)
        return _categories(codes, array.dictionary, name)
    if kind.startswith(("int", "uint")):
        missing = np.asarray(array.is_null()) if array.null_count else None
        numbers = array.fill_null(0) if array.null_count else array
        return from_numbers(numbers.to_numpy(zero_copy_only=False), missing)
    return _from_numpy(array, name)


def _categories(codes: Codes, cells: Any, name: str) -> Customers:
    """Read the ids of the categories, and let the rows keep their codes."""
    named = read_customers(cells, name)
    lost = codes < 0
    if named.missing is not None:
        lost = lost | np.append(named.missing, True)[codes]  # the last entry is that of code -1
    return attrs.evolve(
        named,
        codes=np.append(named.codes, 0)[codes],
        missing=lost if lost.any() else None,
    )


def _fromarrow_texts(array: Any, name: str) -> Customers:
    if str(array.type) != "string" or array.nbytes >= LARGEST:
        array = array.cast("large_string")
    if hasattr(array, "chunks"):
        array = array.combine_chunks()
    texts = None if hasattr(array, "chunks") else arrow_texts(array)
    if texts is None:
        return from_labels(as_labels(array, name))
    missing = np.asarray(array.is_null()) if array.null_count else None
    found = from_texts(texts, missing)
    return from_labels(as_labels(array, name)) if found is None else found


def _from_numpy(raw: Any, name: str) -> Customers:
    if isinstance(raw, Labels):
        return from_labels(raw)
    array = to_numpy(raw, name)
    found: Customers | None = None
    told: tuple[Finding, ...] = ()
    if array.dtype.kind in "iu":
        found = from_numbers(array, None)
    elif array.dtype.kind == "f":
        found = _whole(array)
    elif array.dtype.kind == "U":
        found = from_texts(fixed_texts(array), None)
    elif array.dtype.kind == "O":
        found, told = _from_objects(array, name)
    return from_labels(as_labels(raw, name), told) if found is None else found


def _whole(array: NDArray[Any]) -> Customers | None:
    """Read numbers with gaps, which numpy and pandas hold as floats, as the whole ones they are."""
    missing = np.isnan(array)
    known = np.where(missing, 0.0, array)
    if not (np.abs(known) < _EXACT).all() or not (np.rint(known) == known).all():
        return None
    return from_numbers(known.astype(np.int64), missing)


def _from_objects(array: Objects, name: str) -> tuple[Customers | None, tuple[Finding, ...]]:
    """Read cells of one kind; for others, say so where texts stand beside something else."""
    values = array.tolist()
    kinds = set(map(type, values))
    missing = _is_none(array) if type(None) in kinds else None
    kinds.discard(type(None))
    if kinds == {int}:
        return _from_ints(array, missing), ()
    if kinds == {str}:
        return _from_strs(array, values, missing), ()
    if any(issubclass(k, str) for k in kinds):
        return None, _mixed(values, name)
    return _whole_cells(values), ()


def _whole_cells(values: list[Any]) -> Customers | None:
    """Read cells of several types that are all whole numbers or missing."""
    cells = [None if label_text(v) is None else v for v in values]
    if not all(v is None or _is_whole(v) for v in cells):
        return None
    missing = np.array([v is None for v in cells], dtype=np.bool_)
    numbers = np.empty(len(cells), dtype=object)
    numbers[:] = [None if v is None else int(v) for v in cells]
    return None if missing.all() else _from_ints(numbers, missing)


def _is_whole(cell: Any) -> bool:
    if isinstance(cell, float | np.floating):
        number = float(cell)
        return number.is_integer() and abs(number) < _EXACT
    return isinstance(cell, int | np.integer) and not isinstance(cell, bool)


def _mixed(values: list[Any], name: str) -> tuple[Finding, ...]:
    others = [v for v in values if not isinstance(v, str) and label_text(v) is not None]
    if not others:
        return ()
    message = (
        f"numbers or dates beside texts: {len(others)} of {len(values)} ids in {name!r}; "
        "all of them are known by their text, so that 7 and '7' are one customer"
    )
    shown = tuple(dict.fromkeys(str(v) for v in others[:5]))
    return (
        Finding(code="mixed_ids", message=message, count=len(others), where=name, examples=shown),
    )


def _is_none(array: Objects) -> Bools:
    none: Any = None  # numpy compares with it; its types do not know
    found: Bools = np.equal(array, none).astype(np.bool_)
    return found


def _from_ints(array: Objects, missing: Bools | None) -> Customers | None:
    """Read whole numbers of 64 bits, with a sign or without one; None where they are larger."""
    numbers = array if missing is None else np.where(missing, 0, array)
    for kind in (np.int64, np.uint64):
        try:
            return from_numbers(numbers.astype(kind), missing)
        except OverflowError:
            continue
    return None


def _from_strs(array: Objects, values: list[Any], missing: Bools | None) -> Customers | None:
    """Lay Python's texts out in fixed width, unless that loses a zero or takes too much room."""
    if missing is not None:
        array = np.where(missing, "", array)
        values = array.tolist()
    lengths = np.fromiter(map(len, values), dtype=np.int64, count=len(values))
    longest = int(lengths.max(initial=0))
    if not 0 < longest <= WIDEST or 4 * longest * len(array) > LARGEST:
        return None
    texts = fixed_texts(array.astype(f"U{longest}"))
    if np.count_nonzero(texts.matrix) != int(lengths.sum()):
        return None
    return from_texts(texts, missing)
