"""The same columns in every container that the library reads."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from keyaccount.errors import MissingExtra, SpecError

__all__ = ["CONTAINERS", "as_container", "containers"]

CONTAINERS: tuple[str, ...] = (
    "lists",
    "arrays",
    "strided",
    "masked",
    "structured",
    "pandas",
    "pandas_nullable",
    "polars",
    "pyarrow",
    "pyarrow_chunked",
)
"""Every container that `as_container` can make."""


def containers() -> st.SearchStrategy[str]:
    """Draw the name of a container whose library is installed.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(containers())
    ... def it_holds_columns(kind):
    ...     assert kind in CONTAINERS
    >>> it_holds_columns()
    """
    needed = {kind: kind.partition("_")[0] for kind in CONTAINERS}
    libraries = {"pandas", "polars", "pyarrow"}
    usable = [k for k, lib in needed.items() if lib not in libraries or find_spec(lib)]
    return st.sampled_from(usable)


def as_container(columns: Mapping[str, Sequence[Any]], kind: str) -> Any:
    """Put columns of numbers and of labels into a container of another kind, bit for bit.

    Parameters
    ----------
    columns
        Names to lists: floats, NaN where missing, or texts, None where missing.
    kind
        One of `CONTAINERS`. Where a container can write a missing number as null, it does.

    Raises
    ------
    SpecError
        There is no such kind.
    MissingExtra
        The library of the container is not installed.

    Examples
    --------
    >>> import keyaccount as ka
    >>> table = as_container({"sales": [1.0, math.nan]}, "structured")
    >>> table["sales"]
    array([ 1., nan])
    """
    if kind not in CONTAINERS:
        field = "kind"
        raise SpecError.from_choice(field, kind, CONTAINERS)
    library = kind.partition("_")[0]
    if library in {"pandas", "polars", "pyarrow"} and find_spec(library) is None:
        caller = f"container {kind!r}"
        raise MissingExtra.from_caller(caller, "all", library)
    return _PUT[kind](columns)


def _array(values: Sequence[Any]) -> NDArray[Any]:
    text = any(v is None or isinstance(v, str) for v in values)
    return np.array(list(values), dtype=object if text else np.float64)


def _nulls(values: Sequence[Any]) -> list[Any]:
    """Write a missing number as None."""
    return [None if isinstance(v, float) and math.isnan(v) else v for v in values]


def _in_arrays(columns: Mapping[str, Sequence[Any]]) -> Any:
    return {name: _array(values) for name, values in columns.items()}


def _in_strided(columns: Mapping[str, Sequence[Any]]) -> Any:
    return {name: np.repeat(_array(values), 3)[::3] for name, values in columns.items()}


def _in_masked(columns: Mapping[str, Sequence[Any]]) -> Any:
    return {
        name: _array(values)
        if _array(values).dtype == object
        else np.ma.masked_array(_array(values), mask=np.isnan(_array(values)))
        for name, values in columns.items()
    }


def _in_structured(columns: Mapping[str, Sequence[Any]]) -> Any:
    arrays = _in_arrays(columns)
    n = len(next(iter(arrays.values()), ()))
    table = np.empty(n, dtype=[(name, array.dtype) for name, array in arrays.items()])
    for name, array in arrays.items():
        table[name] = array
    return table


def _in_pandas(columns: Mapping[str, Sequence[Any]]) -> Any:
    pd: Any = import_module("pandas")

    return pd.DataFrame(_in_arrays(columns))


def _in_pandas_nullable(columns: Mapping[str, Sequence[Any]]) -> Any:
    pd: Any = import_module("pandas")

    kinds = {
        name: "string" if _array(v).dtype == object else "Float64" for name, v in columns.items()
    }
    return pd.DataFrame(
        {name: pd.array(_nulls(v), dtype=kinds[name]) for name, v in columns.items()}
    )


def _in_polars(columns: Mapping[str, Sequence[Any]]) -> Any:
    pl: Any = import_module("polars")

    return pl.DataFrame(
        {
            name: pl.Series(_nulls(v), dtype=pl.String if _array(v).dtype == object else pl.Float64)
            for name, v in columns.items()
        }
    )


def _in_pyarrow(columns: Mapping[str, Sequence[Any]]) -> Any:
    pa: Any = import_module("pyarrow")

    return pa.table(
        {
            name: pa.array(_nulls(v), pa.string() if _array(v).dtype == object else pa.float64())
            for name, v in columns.items()
        }
    )


def _in_pyarrow_chunked(columns: Mapping[str, Sequence[Any]]) -> Any:
    pa: Any = import_module("pyarrow")

    table = _in_pyarrow(columns)
    half = table.num_rows // 2
    return pa.concat_tables([table.slice(0, half), table.slice(half)])


_PUT: dict[str, Callable[[Mapping[str, Sequence[Any]]], Any]] = {
    "lists": dict,
    "arrays": _in_arrays,
    "strided": _in_strided,
    "masked": _in_masked,
    "structured": _in_structured,
    "pandas": _in_pandas,
    "pandas_nullable": _in_pandas_nullable,
    "polars": _in_polars,
    "pyarrow": _in_pyarrow,
    "pyarrow_chunked": _in_pyarrow_chunked,
}
