"""Specs as functions of DuckDB: each is made once, and lives as long as the process does.

DuckDB keeps its functions in a catalogue that all connections to one database share, but the Python
object behind a function only as long as the connection that made it: a query that calls it later
reads freed memory. So the objects are kept here, under the names they have in every catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from hashlib import sha256
from inspect import Parameter, Signature
from itertools import count
from threading import Lock
from typing import Any, Final

import duckdb
import pyarrow as pa

from keyaccount.engines.adding import Adding
from keyaccount.engines.encoding import arrow_arrays, as_text
from keyaccount.errors import KeyAccountError, SerialisationError
from keyaccount.playbook import digest

__all__ = ["function_of", "function_within", "quoted"]

_SQL_TYPES: Final = {"float": "DOUBLE", "code": "VARCHAR", "day": "DATE", "bool": "BOOLEAN"}
_KEPT: Final[dict[str, Callable[..., Any]]] = {}
"""Name to function, never let go of: a catalogue may hold it, and cannot say when it does not."""
_UNNAMED: Final[dict[Hashable, int]] = {}
"""The number of each of this library's inner specs, which no file ever holds."""
_WITHIN: Final = count()
_LOCK: Final = Lock()


def function_of(connection: Any, adding: Adding, types: Sequence[Any]) -> str:
    """Make the function known to the database of a connection, once, and give its name there.

    It is made through a cursor of its own, which commits at once: neither does a transaction of the
    connection undo it, nor do two of them get into each other's way.
    """
    with _LOCK:
        name = _name_of(adding, types)
        try:
            _make(connection.cursor(), name, adding, types)
        except (duckdb.CatalogException, duckdb.NotImplementedException) as error:
            if "already" not in str(error):
                raise
    return name


def function_within(connection: Any, adding: Adding, types: Sequence[Any]) -> str:
    """Make one more function in the transaction of a connection, which sees none made since.

    Raises
    ------
    KeyAccountError
        A result of the connection is still read, which is a transaction as well.
    """
    with _LOCK:
        name = f"{_name_of(adding, types)}_{next(_WITHIN)}"
        try:
            _make(connection, name, adding, types)
        except duckdb.Error as error:
            del _KEPT[name]
            raise KeyAccountError(
                "the connection of the relation can make no function now, for it is in the middle "
                f"of something else: {error}",
                "read the result to its end first, or score through connection.cursor().",
            ) from error
    return name


def quoted(name: str) -> str:
    """Write a name so that it is only a name."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _make(connection: Any, name: str, adding: Adding, types: Sequence[Any]) -> None:
    function = _KEPT.setdefault(name, _function(adding))
    fields = (f"{quoted(n)} {_SQL_TYPES[c.kind]}" for n, c in adding.written.items())
    returned = f"STRUCT({', '.join(fields)})"
    connection.create_function(
        name, function, list(types), returned, type="arrow", null_handling="special"
    )


def _name_of(adding: Adding, types: Sequence[Any]) -> str:
    """Name a function by what it does, so that the same one is never made twice."""
    said = repr(
        (
            _told(adding.spec),
            adding.prefix,
            adding.reads,
            adding.written,
            [str(kind) for kind in types],
        )
    )
    return f"keyaccount_{sha256(said.encode()).hexdigest()[:32]}"


def _told(spec: Any) -> tuple[str, object]:
    """Tell a spec from every other one that has a function."""
    try:
        return "digest", digest(spec)
    except SerialisationError:
        if type(spec).__module__.partition(".")[0] == "keyaccount" and isinstance(spec, Hashable):
            return "inner", _UNNAMED.setdefault(spec, len(_UNNAMED))
        return "object", id(spec)  # its function is kept and keeps it: no other one gets the id


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
