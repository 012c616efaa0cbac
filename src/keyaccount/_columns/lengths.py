"""The one length that all columns of a call share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keyaccount.errors import ColumnError


def common_length(columns: Mapping[str, Any]) -> int:
    """Return the length of all columns, or say which differ."""
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ColumnError.from_lengths(lengths)
    return next(iter(lengths.values()), 0)


def row_count(columns: Any) -> int:
    """Count the rows of a container of columns, which may have no columns we read."""
    if isinstance(columns, Mapping):
        column: Any = next(iter(columns.values()), None)
        return len(column) if hasattr(column, "__len__") and not isinstance(column, str) else 1
    return len(columns) if hasattr(columns, "__len__") else int(columns.num_rows)
