"""Find a column in whatever holds columns, or say which ones are close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from keyaccount._columns.native import library_of
from keyaccount.errors import ColumnError, ColumnNotFoundError

_HINT = "pass a dict of columns, a DataFrame, a pyarrow Table or a structured array."


class Columns(Protocol):
    """Anything where ``columns[name]`` gives a one-dimensional array-like.

    A dict of arrays or of scalars (one account), a pandas or polars DataFrame, a pyarrow Table,
    a numpy structured array.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Linear(0, 10).value([5.0])
    array([0.5])
    >>> ka.pcv().assign({"status": "vip", "output": 4e8}).labels  # one account, as scalars
    array(['V1'], dtype=object)
    """

    def __getitem__(self, name: Any, /) -> Any:
        """Give one column by its name."""
        ...


def names_of(columns: Any) -> tuple[str, ...]:
    """List the column names of any container that tells them.

    Raises
    ------
    ColumnError
        It is no container of columns, or one that has not been read yet.
    """
    if _is_lazy(columns):
        raise ColumnError.from_container("a LazyFrame", "call .collect() on it first.")
    names = told_names(columns)
    if not names and _holds_no_names(columns):
        got = "None" if columns is None else type(columns).__name__
        raise ColumnError.from_container(got, _HINT)
    return names


def told_names(columns: Any) -> tuple[str, ...]:
    """List the column names that anything tells: none where it holds no columns."""
    if _is_lazy(columns):
        return ()
    if isinstance(columns, Mapping):
        return tuple(str(k) for k in columns)
    if isinstance(columns, np.ndarray):
        return tuple(columns.dtype.names or ())
    for attribute in ("column_names", "columns"):  # pyarrow calls its names column_names
        names = getattr(columns, attribute, None)
        if names is not None and not callable(names):
            return tuple(str(n) for n in names)
    schema = getattr(columns, "schema", None)
    return tuple(str(n) for n in getattr(schema, "names", ()))


def _is_lazy(columns: Any) -> bool:
    """Say whether it is a query of polars: to ask it for its columns runs part of the query."""
    return library_of(columns) == "polars" and type(columns).__name__ == "LazyFrame"


def _holds_no_names(columns: Any) -> bool:
    """Say whether nothing in it can go by a name."""
    if isinstance(columns, Mapping):
        return False
    if isinstance(columns, np.ndarray):
        return columns.dtype.names is None
    if library_of(columns) in {"polars", "pyarrow"}:  # a column of theirs, not a table
        return not any(hasattr(columns, a) for a in ("columns", "column_names", "schema"))
    return isinstance(columns, Sequence) or not hasattr(columns, "__getitem__")


def _is_a_table(columns: Any) -> bool:
    """Say whether it is a table, which tells all its columns, even where it has none."""
    has_columns = any(hasattr(columns, name) for name in ("columns", "column_names"))
    return has_columns and library_of(columns) in {"pandas", "polars", "pyarrow"}


def _is_among(name: object, known: tuple[str, ...]) -> bool:
    """Say whether it is one of the names; a column passed in place of its name is none."""
    return isinstance(name, str) and name in known


def _odd_names(columns: Any) -> list[Any]:
    """List the names that are no texts, which a dict and a frame of pandas can have."""
    names = columns if isinstance(columns, Mapping) else getattr(columns, "columns", ())
    return [name for name in names if not isinstance(name, str)]


def pick(columns: Any, name: str) -> Any:
    """Return the raw column `name`.

    Raises
    ------
    ColumnNotFoundError
        There is no such column.
    ColumnError
        The container holds no named columns at all.
    """
    known = names_of(columns)
    if (known or _is_a_table(columns)) and not _is_among(name, known):
        raise ColumnNotFoundError.from_name(name, known)
    if known.count(name) > 1:
        hint = "rename or drop one of them."
        raise ColumnError.from_kind(name, "one value per row", "two columns of that name", hint)
    try:
        found = columns[name]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        for odd in _odd_names(columns):
            if str(odd) == name:
                raise ColumnError.from_odd_name(odd) from error
        if isinstance(columns, Mapping):
            raise ColumnNotFoundError.from_name(name, known) from error
        raise ColumnError.from_kind(
            name,
            "one value per row",
            type(columns).__name__,
            _HINT,
        ) from error
    # methods of a column of polars take its own name for a pattern, if it looks like one
    return found.alias("column") if library_of(found) == "polars" else found
