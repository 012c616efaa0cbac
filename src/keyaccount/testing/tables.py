"""Rows as columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["table_of"]


def table_of(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, list[Any]]:
    """Turn rows into columns.

    Parameters
    ----------
    names
        What the columns are called.
    rows
        One value per column each.

    Returns
    -------
    dict
        Columns of lists.

    Examples
    --------
    >>> table_of(["account", "worth"], [("A", 1.0), ("B", None)])
    {'account': ['A', 'B'], 'worth': [1.0, None]}
    """
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}
