"""`renamed`: some columns of a lazy frame under names that mean nothing to its engine.

Names are for people: Polars takes some for patterns, DuckDB and Spark some for SQL, and narwhals
does not quote them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from keyaccount.engines.engine import Engine

__all__ = ["renamed"]


def renamed(engine: Engine, frame: Any, names: Mapping[str, str]) -> Any:
    """Return a frame of the same kind with these columns alone, new name to the one there."""
    return _RENAMED[type(engine).__name__](frame, names)


def _in_dask(frame: Any, names: Mapping[str, str]) -> Any:
    """Leave the index out: it may have the name of a column, and would be taken for it."""
    held = frame.assign(**{new: frame[name] for new, name in names.items()})
    return held[list(names)].reset_index(drop=True)


def _in_polars(frame: Any, names: Mapping[str, str]) -> Any:
    from polars.selectors import by_name  # a frame of Polars proves that it is there

    return frame.select(by_name(name).alias(new) for new, name in names.items())


def _in_duckdb(frame: Any, names: Mapping[str, str]) -> Any:
    """Compare texts sign by sign, whatever collation a column or the database has."""
    from keyaccount.engines.duckdb_functions import quoted

    kinds = dict(zip(frame.columns, map(str, frame.types), strict=True))
    told = {name: f'{quoted(name)} COLLATE "binary"' for name in kinds if kinds[name] == "VARCHAR"}
    taken = (f"{told.get(name, quoted(name))} AS {new}" for new, name in names.items())
    return frame.project(", ".join(taken))


def _in_spark(frame: Any, names: Mapping[str, str]) -> Any:
    """Quote names, in which a dot leads into a struct; compare texts sign by sign."""
    from pyspark.sql import functions, types  # a frame of Spark proves that it is there

    def taken(name: str) -> Any:
        doubled = name.replace("`", "``")
        column = frame[f"`{doubled}`"]
        texts = isinstance(frame.schema[name].dataType, types.StringType)
        return functions.collate(column, "UTF8_BINARY") if texts else column

    return frame.select(*(taken(name).alias(new) for new, name in names.items()))


_RENAMED: Final[Mapping[str, Callable[[Any, Mapping[str, str]], Any]]] = {
    "DaskEngine": _in_dask,
    "DuckDBEngine": _in_duckdb,
    "PolarsLazyEngine": _in_polars,
    "SparkEngine": _in_spark,
}
"""How each engine does it; a dataset of pyarrow computes nothing."""
