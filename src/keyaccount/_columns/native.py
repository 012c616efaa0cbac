"""Unwrap a column of any library into one numpy array, without importing that library.

A column knows how to turn itself into numpy; what differs is how each library writes a missing
value. The branch is chosen by the module the column's class comes from, so that the base install
needs none of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from keyaccount._columns.kinds import Objects
from keyaccount.errors import ColumnError


def library_of(raw: Any) -> str:
    """Name the package a column comes from: pandas, polars, pyarrow, numpy, builtins."""
    return type(raw).__module__.partition(".")[0]


def is_scalar(raw: Any) -> bool:
    """Say whether the value is one cell and no column."""
    return (
        raw is None
        or isinstance(raw, str | bytes | int | float | complex)
        or np.isscalar(raw)
        or not (hasattr(raw, "__len__") or hasattr(raw, "__iter__"))
        or (isinstance(raw, np.ndarray) and raw.ndim == 0)
    )


def to_numpy(raw: Any, column: str) -> Objects:
    """Turn any column into a one-dimensional numpy array of floats, ints, dates or objects."""
    library = library_of(raw)
    if is_scalar(raw):
        array = _from_scalar(raw, library)
    elif library == "pandas":
        array = _from_pandas(raw)
    elif library == "polars":
        array = _from_polars(raw)
    elif library == "pyarrow":
        array = _from_arrow(raw)
    elif isinstance(raw, np.ndarray):
        array = _unmasked(raw)
    else:
        array = _from_objects(list(raw))
    if array.ndim != 1:
        raise ColumnError.from_kind(
            column,
            "one value per row",
            f"an array of {array.ndim} dimensions",
            "pass one column, not a table.",
        )
    return array


def _from_scalar(raw: Any, library: str) -> Objects:
    if isinstance(raw, np.generic | np.ndarray):
        return np.asarray(raw).reshape(1)
    return _from_objects([raw.as_py() if library == "pyarrow" else raw])


def _unmasked(raw: Objects) -> Objects:
    """Turn the masked entries of a numpy masked array into missing ones."""
    if not isinstance(raw, np.ma.MaskedArray):
        return raw
    objects = np.asarray(raw.data).astype(object)
    objects[np.ma.getmaskarray(raw)] = None
    return objects


def _from_objects(values: list[Any]) -> Objects:
    """Turn a list into the array numpy would make, unless that loses a missing value or a type."""
    kinds = set(map(type, values))
    if kinds <= {float}:
        return np.array(values, dtype=np.float64)
    if kinds <= {int}:
        try:
            return np.array(values, dtype=np.int64)
        except OverflowError:
            pass
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _from_pandas(series: Any) -> Objects:
    dtype = series.dtype
    if hasattr(dtype, "categories"):
        return np.asarray(series.astype(object), dtype=object)
    if getattr(dtype, "tz", None) is not None:
        return np.asarray(series.dt.tz_localize(None).to_numpy())  # the day on the wall there
    if isinstance(dtype, np.dtype):
        return np.asarray(series.to_numpy())
    if dtype.kind in "iufb":
        return np.asarray(series.to_numpy(dtype="float64", na_value=np.nan))
    if dtype.kind == "M":
        return _from_arrow(series.array.__arrow_array__())
    return np.asarray(series.to_numpy(dtype=object, na_value=None))


def _from_polars(series: Any) -> Objects:
    name = str(series.dtype)
    if name.startswith("Datetime") and getattr(series.dtype, "time_zone", None):
        series = series.dt.replace_time_zone(None, ambiguous="earliest")
    if name in {"Int128", "UInt128"}:
        return _from_objects(series.to_list())  # wider than what numpy holds
    if series.dtype.is_numeric() and not name.startswith("Decimal"):
        return np.asarray(series.to_numpy())  # a null becomes NaN, integers become floats
    if name.startswith(("Date", "Datetime")):
        return np.asarray(series.to_numpy())
    return _from_objects(series.to_list())


def _from_arrow(array: Any) -> Objects:
    kind = str(array.type)
    if kind.startswith("dictionary"):
        return _from_objects(array.to_pylist())
    if kind.startswith("timestamp"):
        return _days_from_arrow(array)
    if kind.startswith(("int", "uint", "float", "double", "halffloat", "date")):
        return np.asarray(array.to_numpy(**_copying(array)))
    return _from_objects(array.to_pylist())


def _copying(array: Any) -> dict[str, bool]:
    """Allow a copy where an Arrow array needs one; chunked arrays take no such argument."""
    return {} if hasattr(array, "chunks") else {"zero_copy_only": False}


def _days_from_arrow(array: Any) -> Objects:
    """Turn timestamps into days: the day on the wall in their own time zone."""
    import pyarrow.compute  # an Arrow array proves that pyarrow is there

    compute: Any = pyarrow.compute
    local = compute.local_timestamp(array) if array.type.tz is not None else array
    return np.asarray(local.to_numpy(**_copying(local)))
