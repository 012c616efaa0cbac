"""`Seats`: how many accounts each person may take, and how many they take."""

from __future__ import annotations

from typing import Any

import attrs
from numpy.typing import NDArray

from keyaccount._columns import Codes, Objects
from keyaccount.findings import counted
from keyaccount.program.table import Table

__all__ = ["Seats"]


@attrs.frozen(eq=False)
class Seats(Table):
    """How many accounts each person may take, and how many they take: one row per person.

    Parameters
    ----------
    person
        ``(p,)`` ids.
    capacity, taken
        ``(p,)`` int64: accounts they may take, and those proposed.
    """

    person: Objects
    capacity: Codes
    taken: Codes

    def __len__(self) -> int:
        return len(self.person)

    @property
    def title(self) -> str:
        """What the rows are."""
        return f"Seats of {counted(len(self), 'person')}"

    @property
    def free(self) -> Codes:
        """``(p,)`` int64: seats still free."""
        found: Codes = self.capacity - self.taken
        return found

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the people as columns, for any DataFrame constructor."""
        return {
            "person": self.person,
            "capacity": self.capacity,
            "taken": self.taken,
            "free": self.free,
        }

    def _why(self, i: int) -> tuple[str, ...]:
        """Say how full one person is."""
        return (f"{self.taken[i]} of {self.capacity[i]} seats taken",)
