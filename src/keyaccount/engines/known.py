"""The kinds of frame that the library knows, each found by the name of its class."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import numpy as np

from keyaccount.engines.engine import Engine
from keyaccount.errors import ColumnError

__all__ = ["engine_of", "unwrapped", "wrapped_like"]

_ENGINES: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("pandas", "DataFrame"): ("pandas", "PandasEngine"),
    ("polars", "DataFrame"): ("polars", "PolarsEngine"),
    ("polars", "LazyFrame"): ("polars", "PolarsLazyEngine"),
    ("pyarrow", "Table"): ("arrow", "ArrowTableEngine"),
    ("pyarrow", "RecordBatch"): ("arrow", "ArrowTableEngine"),
    ("pyarrow", "RecordBatchReader"): ("arrow", "ArrowReaderEngine"),
    ("pyarrow", "Dataset"): ("arrow", "ArrowDatasetEngine"),
    ("duckdb", "DuckDBPyRelation"): ("duckdb", "DuckDBEngine"),
    ("_duckdb", "DuckDBPyRelation"): ("duckdb", "DuckDBEngine"),
    ("dask", "DataFrame"): ("dask", "DaskEngine"),
    ("dask_expr", "DataFrame"): ("dask", "DaskEngine"),
    ("pyspark", "DataFrame"): ("spark", "SparkEngine"),
}
"""Package and class of a frame to the module and class of its engine, imported when it is met."""

_HINT = (
    "pass a dict of columns, or a frame of pandas, Polars (eager or lazy), pyarrow (Table, "
    "RecordBatch, RecordBatchReader, Dataset), DuckDB, Dask or Spark."
)


def engine_of(frame: Any) -> Engine:
    """Find the engine of a frame, by its class or one that the class is made from.

    Raises
    ------
    ColumnError
        It is no frame that the library knows.
    """
    if isinstance(frame, Mapping | np.ndarray):
        return _made("mappings", "MappingEngine")
    for cls in type(frame).__mro__:
        found = _ENGINES.get((cls.__module__.partition(".")[0], cls.__name__))
        if found is not None:
            return _made(*found)
    got = "None" if frame is None else f"{type(frame).__module__}.{type(frame).__qualname__}"
    raise ColumnError.from_container(got, _HINT)


def unwrapped(frame: Any) -> Any:
    """Give the frame that one of narwhals holds; any other as it is."""
    return frame.to_native() if _narwhals_of(frame) is not None else frame


def wrapped_like(frame: Any, result: Any) -> Any:
    """Put a result into narwhals where the frame was, in the version of its words."""
    module = _narwhals_of(frame)
    return result if module is None else import_module(module).from_native(result)


def _narwhals_of(frame: Any) -> str | None:
    """Name the module of narwhals that made a frame; None where it is no frame of narwhals."""
    for cls in type(frame).__mro__:
        path = cls.__module__.split(".")
        if path[0] == "narwhals" and cls.__name__ in {"DataFrame", "LazyFrame"}:
            return ".".join(path[:3] if path[1:2] == ["stable"] else path[:1])
    return None


def _made(module: str, name: str) -> Engine:
    engine: Engine = getattr(import_module(f"keyaccount.engines.{module}"), name)()
    return engine
