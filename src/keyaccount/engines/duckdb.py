"""DuckDB: the columns come out of a function that the query calls, chunk by chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256
from inspect import Parameter, Signature
from itertools import count
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from keyaccount.engines.adding import Adding
from keyaccount.engines.encoding import arrow_arrays, as_text
from keyaccount.engines.engine import LazyEngine
from keyaccount.errors import SerialisationError
from keyaccount.playbook import digest

__all__ = ["DuckDBEngine"]

_SQL_TYPES = {"float": "DOUBLE", "code": "VARCHAR", "day": "DATE", "bool": "BOOLEAN"}
_UNNAMED = count()
_ROWS = 1 << 20
"""How many rows of a query are looked at together where nothing is kept of them."""

T = TypeVar("T")


class DuckDBEngine(LazyEngine):
    """Relations of DuckDB."""

    folds_case = True

    def names(self, frame: Any) -> tuple[str, ...]:
        """List the columns."""
        return tuple(frame.columns)

    def empty(self, frame: Any) -> Any:
        """Give columns of the same types without a row."""
        return frame.limit(0).to_arrow_table()

    def add(self, frame: Any, adding: Adding) -> Any:
        """Return a relation that adds the columns when it is run, as often as it is run."""
        function = _registered(_connection(frame), adding, _types_read(frame, adding))
        return frame.project(f"*, unnest({function}({_listed(adding.reads)}))")

    def read(self, frame: Any, names: tuple[str, ...]) -> Any:
        """Run the query for these columns alone."""
        return self.narrow(frame, names).to_arrow_table()

    def narrow(self, frame: Any, names: tuple[str, ...]) -> Any:
        """Return a relation of these columns alone."""
        return frame.project(_listed(names))

    def on_parts(self, frame: Any, names: tuple[str, ...], work: Callable[[Any], T]) -> Iterable[T]:
        """Do some work on these columns of each batch of the query."""
        return (work(batch) for batch in self.narrow(frame, names).to_arrow_reader(_ROWS))


def _connection(relation: Any) -> Any:
    """Give the connection a relation belongs to; where it does not say, the default one."""
    return getattr(relation, "_con", None) or duckdb.default_connection()


def _types_read(relation: Any, adding: Adding) -> list[Any]:
    kinds = dict(zip(relation.columns, relation.types, strict=True))
    return [kinds[name] for name in adding.reads]


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(_quoted(name) for name in names)


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _registered(connection: Any, adding: Adding, types: list[Any]) -> str:
    """Make the function known to the connection, once, and give its name there."""
    name = _function_name(adding, types)
    cursor = connection.cursor()  # a query on the connection itself would end one that is read
    known = cursor.execute("SELECT 1 FROM duckdb_functions() WHERE function_name = ?", [name])
    if known.fetchone() is None:
        fields = (f"{_quoted(n)} {_SQL_TYPES[c.kind]}" for n, c in adding.written.items())
        returned = f"STRUCT({', '.join(fields)})"
        function = _function(adding)
        connection.create_function(
            name, function, types, returned, type="arrow", null_handling="special"
        )
    return name


def _function_name(adding: Adding, types: list[Any]) -> str:
    """Name a function by what it does, so that the same one is never made twice."""
    try:
        spec = digest(adding.spec)
    except SerialisationError:  # a spec of somebody else's making
        spec = f"unnamed {next(_UNNAMED)}"
    said = repr((spec, adding.prefix, adding.reads, [str(kind) for kind in types]))
    return f"keyaccount_{sha256(said.encode()).hexdigest()[:32]}"


def _function(adding: Adding) -> Callable[..., Any]:
    """Make the function that DuckDB calls with one Arrow array per column."""
    written = adding.written

    def added(*columns: Any) -> Any:
        found = adding.arrays(dict(zip(adding.reads, columns, strict=True)))
        arrays = arrow_arrays(found, written, as_text)
        return pa.StructArray.from_arrays(list(arrays.values()), names=list(arrays))

    taken = [Parameter(f"c{i}", Parameter.POSITIONAL_ONLY) for i in range(len(adding.reads))]
    added.__signature__ = Signature(taken)  # type: ignore[attr-defined]  # DuckDB counts them
    return added
