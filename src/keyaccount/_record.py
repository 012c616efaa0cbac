"""One row of a result as a record that reads well when printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from keyaccount.errors import RowError

__all__ = ["Record", "checked_row"]

_READABLE = 1e15
"""Larger numbers are written with an exponent."""


class Record(Mapping[str, Any]):
    """A read-only mapping of names to values, printed one per line.

    Examples
    --------
    >>> import keyaccount as ka
    >>> print(ka.Record({"account": "A-17", "score": 0.5, "contributions": {"sales": 0.25}}))
    account        A-17
    score          0.5
    contributions
      sales        0.25
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Any]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: str) -> Any:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"Record({self._items!r})"

    def __str__(self) -> str:
        lines = list(_lines(self._items, ""))
        width = max((len(name) for name, _ in lines), default=0)
        return "\n".join(f"{name:<{width}}  {value}".rstrip() for name, value in lines)


def _lines(items: Mapping[str, Any], indent: str) -> Iterator[tuple[str, str]]:
    for name, value in items.items():
        if isinstance(value, Mapping):
            yield f"{indent}{name}", ""
            yield from _lines(value, f"{indent}  ")
        else:
            yield f"{indent}{name}", _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, float):
        short = f"{value:.6g}"
        is_large = "e+" in short and abs(value) < _READABLE
        return f"{value:,.0f}" if is_large else short
    return "unknown" if value is None else str(value)


def checked_row(row: Any, rows: int) -> int:
    """Give a row of a result; a negative one counts from the end.

    Raises
    ------
    RowError
        There is no such row.
    """
    if not isinstance(row, int | np.integer) or not -rows <= row < rows:
        raise RowError.from_position(row, rows)
    return int(row) % rows
