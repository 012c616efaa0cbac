"""`Table`: what every result of the programme can do with its rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Objects
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed

__all__ = ["Table", "amount", "day_count", "listed"]


class Table(ABC, Viewed):
    """Rows of a result: as columns, one by one with the reasons, and as HTML."""

    @abstractmethod
    def __len__(self) -> int:
        """Count the rows."""

    @abstractmethod
    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the rows as columns, for any DataFrame constructor."""

    def why(self, i: int) -> tuple[str, ...]:
        """Say in sentences what there is to say about one row; empty where nothing is.

        Raises
        ------
        RowError
            There is no such row.
        """
        return self._why(checked_row(i, len(self)))

    @abstractmethod
    def _why(self, i: int) -> tuple[str, ...]:
        """Say it of a row that is there."""

    @property
    @abstractmethod
    def title(self) -> str:
        """What the rows are, in a few words."""

    def row(self, i: int) -> Record:
        """Return one row as a record, with its reasons."""
        i = checked_row(i, len(self))
        record = {name: _cell(column[i]) for name, column in self._table.items()}
        return Record({**record, "why": "; ".join(self.why(i)) or "nothing to say"})

    @cached_property
    def _table(self) -> dict[str, NDArray[Any]]:
        """The columns once more, so that reading many rows makes them only once."""
        return self.columns()

    def _view(self) -> View:
        return View(self.title, self._table, len(self))


def listed(mask: Bools, words: Sequence[str]) -> Objects:
    """Write the marked words of each row, in their order: ``"SR, FR"``; empty where none is."""
    if not mask.size:
        return np.full(len(mask), "", dtype=object)
    packed = np.packbits(mask, axis=1)  # as many texts as there are patterns, not rows
    patterns, first, codes = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    texts = [
        ", ".join(word for word, is_marked in zip(words, row, strict=True) if is_marked)
        for row in mask[first].tolist()
    ]
    table = np.array([*texts, None], dtype=object)[: len(patterns)]
    found: Objects = table[codes.reshape(-1)]
    return found


def amount(value: float) -> str:
    """Write an amount for reading: thousands apart, never with an exponent."""
    if abs(value) < 1e3:  # noqa: PLR2004 - no thousands
        return f"{value:.6g}"
    whole, _, cents = f"{value:,.2f}".partition(".")
    return f"{whole}.{cents}" if cents.strip("0") else whole


def day_count(number: float) -> str:
    """Write a number of days: ``1 day``, ``14.5 days``."""
    return f"{number:.6g} day{'' if number == 1.0 else 's'}"


def _cell(value: Any) -> Any:
    """Turn a cell into what prints well: unknown numbers and days into None."""
    if value != value:  # noqa: PLR0124 - NaN and NaT
        return None
    return value.item() if isinstance(value, np.generic) else value
