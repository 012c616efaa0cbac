"""Polars: frames at once, queries as one expression that streams."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars.selectors import by_name

from keyaccount._columns import Columns
from keyaccount.engines.adding import Adding
from keyaccount.engines.encoding import arrow_arrays, as_dictionary
from keyaccount.engines.engine import Engine, LazyEngine
from keyaccount.rowwise import Column

__all__ = ["PolarsEngine", "PolarsLazyEngine"]


class PolarsEngine(Engine):
    """Data frames of Polars."""

    def names(self, frame: Any) -> tuple[str, ...]:
        """List the columns."""
        return tuple(frame.columns)

    def empty(self, frame: Any) -> Any:
        """Give the frame without its rows."""
        return frame.clear()

    def add(self, frame: Any, adding: Adding) -> Any:
        """Return a new frame with the columns added."""
        return frame.with_columns(_series(frame, adding))


class PolarsLazyEngine(LazyEngine):
    """Queries of Polars."""

    def names(self, frame: Any) -> tuple[str, ...]:
        """List the columns."""
        return tuple(frame.collect_schema().names())

    def empty(self, frame: Any) -> Any:
        """Give columns of the same types without a row."""
        return pl.DataFrame(schema=frame.collect_schema())

    def add(self, frame: Any, adding: Adding) -> Any:
        """Return a query that adds the columns.

        The expression is elementwise: Polars may run it on any part of the rows, and filter the
        rows before it. A column of the frame that nobody asks for is not read; the columns that
        are added are computed together, also where one or none of them is asked for.
        """
        kind = pl.Struct({name: _polars_type(c) for name, c in adding.written.items()})

        def computed(rows: pl.Series) -> pl.Series:
            return pl.DataFrame(_series(rows.struct.unnest(), adding)).to_struct(rows.name)

        added = pl.struct(_exactly(adding.reads)).map_batches(
            computed, return_dtype=kind, is_elementwise=True
        )
        held = _free_name({*self.names(frame), *adding.written})
        return frame.with_columns(added.alias(held)).unnest(_exactly((held,)))

    def read(self, frame: Any, names: tuple[str, ...]) -> Any:
        """Run the query for these columns alone."""
        return self.narrow(frame, names).collect(engine="streaming")

    def narrow(self, frame: Any, names: tuple[str, ...]) -> Any:
        """Return a query for these columns alone."""
        return frame.select(_exactly(names))


def _exactly(names: tuple[str, ...]) -> Any:
    """Select columns by their names, of which pl.col would take some for patterns."""
    return by_name(*names)


def _free_name(taken: set[str]) -> str:
    """Find a name for a column that lives within the query alone."""
    name = "__keyaccount__"
    while name in taken:
        name += "_"
    return name


def _series(columns: Columns, adding: Adding) -> list[pl.Series]:
    written = adding.written
    found = adding.arrays(columns)
    plain = {name: column for name, column in written.items() if column.kind != "code"}
    arrays = arrow_arrays(found, plain, as_dictionary)
    return [
        _enum(name, found[name], column)
        if column.kind == "code"
        else pl.Series(name, arrays[name], dtype=_polars_type(column))
        for name, column in written.items()
    ]


def _enum(name: str, codes: NDArray[Any], column: Column) -> pl.Series:
    """Hold codes as an Enum, whose labels are known before a row is read."""
    numbers = pl.Series(name, codes.astype(np.uint32))
    missing = codes < 0
    if missing.any():
        numbers = numbers.set(pl.Series(missing), None)
    kind = _polars_type(column)
    # Polars 2 has a method of its own for numbers that are codes, and casts them no more
    return numbers.cat.to(kind) if hasattr(numbers.cat, "to") else numbers.cast(kind)


def _polars_type(column: Column) -> Any:
    if column.kind == "code":
        return pl.Enum(list(column.labels))
    return {"float": pl.Float64(), "day": pl.Date(), "bool": pl.Boolean()}[column.kind]
