"""Find a column in whatever holds columns, or say which ones are close."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from keyaccount.errors import ColumnError, ColumnNotFoundError


class Columns(Protocol):
    """Anything where ``columns[name]`` gives a one-dimensional array-like.

    A dict of arrays or of scalars (one account), a pandas or polars DataFrame, a pyarrow Table,
    a numpy structured array.
    """

    def __getitem__(self, name: Any, /) -> Any:
        """Give one column by its name."""
        ...


def names_of(columns: Any) -> tuple[str, ...]:
    """List the column names of any container that tells them."""
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
    if known and name not in known:
        raise ColumnNotFoundError.from_name(name, known)
    if known.count(name) > 1:
        hint = "rename or drop one of them."
        raise ColumnError.from_kind(name, "one value per row", "two columns of that name", hint)
    try:
        return columns[name]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        if isinstance(columns, Mapping):
            raise ColumnNotFoundError.from_name(name, known) from error
        raise ColumnError.from_kind(
            name,
            "one value per row",
            type(columns).__name__,
            "pass a dict of columns, a DataFrame, a pyarrow Table or a structured array.",
        ) from error
