"""Polars: frames at once, queries as one expression that streams."""

from __future__ import annotations

from typing import Any

import polars as pl
from numpy.typing import NDArray

from keyaccount._columns import Columns
from keyaccount.engines.adding import Adding
from keyaccount.engines.encoding import arrow_arrays, as_dictionary
from keyaccount.rowwise import Column

__all__ = ["PolarsEngine", "PolarsLazyEngine"]

_STRUCT = "__keyaccount__"


class PolarsEngine:
    """Data frames of Polars."""

    folds_case = False

    def names(self, frame: Any) -> tuple[str, ...]:
        """List the columns."""
        return tuple(frame.columns)

    def empty(self, frame: Any) -> Columns:
        """Give the frame without its rows."""
        return frame.clear()

    def add(self, frame: Any, adding: Adding) -> Any:
        """Return a new frame with the columns added."""
        return frame.with_columns(_series(frame, adding))

    def read(self, frame: Any, names: tuple[str, ...]) -> Columns:
        """Give the frame: it is in memory."""
        del names
        return frame


class PolarsLazyEngine:
    """Queries of Polars."""

    folds_case = False

    def names(self, frame: Any) -> tuple[str, ...]:
        """List the columns."""
        return tuple(frame.collect_schema().names())

    def empty(self, frame: Any) -> Columns:
        """Give columns of the same types without a row."""
        return pl.DataFrame(schema=frame.collect_schema())

    def add(self, frame: Any, adding: Adding) -> Any:
        """Return a query that adds the columns.

        The expression is elementwise: Polars may run it on any part of the rows, read no column
        that nobody asks for, and filter the rows before it.
        """
        kind = pl.Struct({name: _polars_type(c) for name, c in adding.written.items()})

        def computed(rows: pl.Series) -> pl.Series:
            return pl.DataFrame(_series(rows.struct.unnest(), adding)).to_struct(rows.name)

        read = pl.struct(list(adding.reads))
        added = read.map_batches(computed, return_dtype=kind, is_elementwise=True)
        return frame.with_columns(added.alias(_STRUCT)).unnest(_STRUCT)

    def read(self, frame: Any, names: tuple[str, ...]) -> Columns:
        """Run the query for these columns alone."""
        return frame.select(list(names)).collect(engine="streaming")


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
    numbers = pl.Series(name, codes.astype("i4"))
    if (codes < 0).any():
        numbers = numbers.set(numbers < 0, None)
    return numbers.cast(pl.UInt32).cast(_polars_type(column))


def _polars_type(column: Column) -> Any:
    if column.kind == "code":
        return pl.Enum(list(column.labels))
    return {"float": pl.Float64(), "day": pl.Date(), "bool": pl.Boolean()}[column.kind]
