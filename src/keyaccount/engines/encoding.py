"""Written columns as Arrow and pandas hold them: what is missing becomes null, or NaN in pandas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Floats
from keyaccount.errors import MissingExtra
from keyaccount.rowwise import Column

__all__ = ["CodesAs", "arrow_arrays", "arrow_type", "as_dictionary", "as_text", "texts"]

CodesAs: TypeAlias = Callable[[Any, Any], Any]
"""How codes are held in Arrow: `as_dictionary` or `as_text`."""


def arrow() -> Any:
    """Import pyarrow, or say what to install."""
    try:
        import pyarrow as pa
    except ImportError:
        raise MissingExtra.from_caller("apply", "frames", "pyarrow") from None
    return pa


def arrow_arrays(
    found: Mapping[str, NDArray[Any]], written: Mapping[str, Column], codes_as: CodesAs
) -> dict[str, Any]:
    """Turn computed columns into Arrow arrays; numbers without missing ones are not copied."""
    return {name: _arrow_array(found[name], column, codes_as) for name, column in written.items()}


def arrow_type(column: Column, codes_as: CodesAs) -> Any:
    """Give the Arrow type of a written column."""
    empty = np.empty(0, dtype=_DTYPES[column.kind])
    return _arrow_array(empty, column, codes_as).type


_DTYPES = {"float": "f8", "code": "i8", "day": "M8[D]", "bool": "?"}


def _arrow_array(values: NDArray[Any], column: Column, codes_as: CodesAs) -> Any:
    if column.kind == "float":
        return _with_nulls(values)
    if column.kind == "code":
        labels = arrow().array(column.labels, type=arrow().string())
        missing = values < 0
        codes = arrow().array(values.astype(np.int32), mask=missing if missing.any() else None)
        return codes_as(codes, labels)
    if column.kind == "day":
        return arrow().array(values.astype("M8[D]", copy=False), type=arrow().date32())
    return arrow().array(values.astype(np.bool_, copy=False))


def _with_nulls(values: Floats) -> Any:
    """Mark NaN as null, beside the numbers as they are."""
    pa = arrow()
    numbers = np.ascontiguousarray(values, dtype=np.float64)
    if not _any_missing(numbers):
        return pa.array(numbers)
    known = numbers == numbers  # noqa: PLR0124 - only NaN differs from itself; faster than isnan
    missing = len(numbers) - int(np.count_nonzero(known))
    bits = pa.py_buffer(np.packbits(known, bitorder="little"))
    return pa.Array.from_buffers(pa.float64(), len(numbers), [bits, pa.py_buffer(numbers)], missing)


def _any_missing(numbers: Floats) -> bool:
    """Say whether any is NaN: one pass that writes nothing, for NaN is the least of all."""
    with np.errstate(invalid="ignore"):
        return bool(len(numbers)) and bool(np.isnan(numbers.min()))


def as_dictionary(codes: Any, labels: Any) -> Any:
    """Hold codes as they are, beside their labels."""
    return arrow().DictionaryArray.from_arrays(codes, labels)


def as_text(codes: Any, labels: Any) -> Any:
    """Write the label of each code, for engines that know no dictionaries."""
    return labels.take(codes)


def texts(codes: Codes, labels: tuple[str, ...]) -> NDArray[np.object_]:
    """Write the label of each code as a Python text; None where it is missing."""
    table = np.array([*labels, None], dtype=object)
    found: NDArray[np.object_] = table[codes]
    return found
