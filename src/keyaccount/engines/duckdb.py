"""DuckDB: the columns come out of a function that the query calls, chunk by chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import duckdb

from keyaccount.engines.adding import Adding
from keyaccount.engines.duckdb_functions import function_of, function_within, quoted
from keyaccount.engines.engine import LazyEngine
from keyaccount.errors import ColumnError

__all__ = ["DuckDBEngine"]

_ROWS = 1 << 20
"""How many rows of a query are looked at together where nothing is kept of them."""

T = TypeVar("T")


class DuckDBEngine(LazyEngine):
    """Relations of DuckDB."""

    def folds_case(self, frame: Any) -> bool:
        """Say that ``score`` and ``Score`` are one name."""
        del frame
        return True

    def names(self, frame: Any) -> tuple[str, ...]:
        """List the columns."""
        try:
            return tuple(frame.columns)
        except duckdb.ConnectionException as error:
            raise ColumnError(
                "the connection of the relation is closed",
                "keep the connection open as long as its relations are used.",
            ) from error

    def empty(self, frame: Any) -> Any:
        """Give columns of the same types without a row.

        The query runs on a cursor: on the connection itself it would end a result that is read.
        """
        names = self.names(frame)
        typed = zip(names, frame.types, strict=True)
        nothing = ", ".join(f"NULL::{kind} AS {quoted(name)}" for name, kind in typed)
        query = f"SELECT {nothing} LIMIT 0"
        return _connection(frame).cursor().sql(query).to_arrow_table()

    def add(self, frame: Any, adding: Adding) -> Any:
        """Return a relation that adds the columns when it is run, as often as it is run."""
        self.refuse_alike(frame, adding.reads)
        connection, types = _connection(frame), _types_read(frame, adding)
        try:
            return _projected(frame, adding, function_of(connection, adding, types))
        except duckdb.CatalogException:  # its transaction is older than the function
            name = function_within(connection, adding, types)
            return _projected(frame, adding, name)

    def read(self, frame: Any, names: tuple[str, ...]) -> Any:
        """Run the query for these columns alone."""
        return self.narrow(frame, names).to_arrow_table()

    def narrow(self, frame: Any, names: tuple[str, ...]) -> Any:
        """Return a relation of these columns alone."""
        self.refuse_alike(frame, names)
        return frame.project(_listed(names))

    def on_parts(self, frame: Any, names: tuple[str, ...], work: Callable[[Any], T]) -> Iterable[T]:
        """Do some work on these columns of each batch of the query."""
        return (work(batch) for batch in self.narrow(frame, names).to_arrow_reader(_ROWS))


def _connection(relation: Any) -> Any:
    """Give the connection a relation belongs to; where it does not say, the default one."""
    return getattr(relation, "_con", None) or duckdb.default_connection()


def _projected(relation: Any, adding: Adding, function: str) -> Any:
    return relation.project(f"*, unnest({function}({_listed(adding.reads)}))")


def _types_read(relation: Any, adding: Adding) -> list[Any]:
    kinds = dict(zip(relation.columns, relation.types, strict=True))
    return [kinds[name] for name in adding.reads]


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(quoted(name) for name in names)
