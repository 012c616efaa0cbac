"""A small table that came home from an engine, and whose each row is."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Columns, Floats, as_floats, pick, to_numpy

__all__ = ["AtHome"]

_NEVER = np.iinfo(np.int64).min
"""How datetime64 writes NaT."""


@attrs.frozen(eq=False)
class AtHome:
    """A few columns, with the place of each row among the customers.

    Attributes
    ----------
    columns
        What came home.
    places
        The place of each row's customer; -1 where the row does not count.
    size
        How many customers there are.
    """

    columns: Columns
    places: Codes = attrs.field(factory=lambda: np.empty(0, dtype=np.int64))
    size: int = 0

    def __getitem__(self, name: str) -> Any:
        """Give a column as it came."""
        return pick(self.columns, name)

    def up_to(self, state: int) -> Bools:
        """Say which rows are of a state that is not above this one."""
        found: Bools = self.whole("state") <= state
        return found

    def placed(self, places: Codes, size: int) -> AtHome:
        """Say whose each row is."""
        return AtHome(self.columns, places, size)

    def numbers(self, name: str) -> Floats:
        """Read a column of numbers."""
        return as_floats(self[name], name)

    def whole(self, name: str) -> Codes:
        """Read a column of whole numbers, none of which is missing."""
        return to_numpy(self[name], name).astype(np.int64)

    def added(self, name: str, rows: Bools) -> Codes:
        """Add up the whole numbers of some rows."""
        sums = np.zeros(self.size, dtype=np.int64)
        np.add.at(sums, self.places[rows], self.whole(name)[rows])
        return sums

    def least(self, name: str, rows: Bools) -> Codes:
        """Find the least whole number of some rows; that of NaT where there is none."""
        found = np.full(self.size, np.iinfo(np.int64).max)
        np.minimum.at(found, self.places[rows], self.whole(name)[rows])
        return np.where(self.added_rows(rows) > 0, found, _NEVER)

    def greatest(self, name: str, rows: Bools) -> Codes:
        """Find the greatest whole number of some rows; that of NaT where there is none."""
        found = np.full(self.size, _NEVER)
        np.maximum.at(found, self.places[rows], self.whole(name)[rows])
        return found

    def added_rows(self, rows: Bools) -> Codes:
        """Count some rows."""
        return np.bincount(self.places[rows], minlength=self.size).astype(np.int64, copy=False)
