"""`Seats`: how many accounts each person may take, and how many they take."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Floats, Objects
from keyaccount.findings import counted
from keyaccount.program.table import Table

__all__ = ["Seats"]

_ALMOST = 1e-9
"""Loads such as 0.1 add up to a bit more or less than a seat."""


@attrs.frozen(eq=False)
class Seats(Table):
    """How many accounts each person may take, and how many they take: one row per person.

    Parameters
    ----------
    person
        ``(p,)`` ids.
    capacity, taken
        ``(p,)`` int64: accounts they may take, and those proposed; with roles, the roles proposed.
    load
        ``(p,)`` float64: how much of the capacity that is: one for each account, or what its role
        costs.

    Examples
    --------
    >>> import keyaccount as ka
    >>> people = {"person": ["li", "wu"], "seats": [1, 2]}
    >>> accounts = {"account": ["A", "B"], "owner": ["li", "wu"]}
    >>> seats = ka.assign(accounts, people, capacity="seats", incumbents="owner").seats
    >>> seats.free
    array([0, 1])
    """

    person: Objects
    capacity: Codes
    taken: Codes
    load: Floats = attrs.field(
        default=attrs.Factory(lambda seats: seats.taken.astype(np.float64), takes_self=True)
    )

    def __len__(self) -> int:
        return len(self.person)

    @property
    def title(self) -> str:
        """What the rows are."""
        return f"Seats of {counted(len(self), 'person')}"

    @property
    def free(self) -> Codes:
        """``(p,)`` int64: seats still free, of load 1."""
        found: Codes = np.floor(self.capacity - self.load + _ALMOST).astype(np.int64)
        return found

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the people as columns, for any DataFrame constructor."""
        return {
            "person": self.person,
            "capacity": self.capacity,
            "taken": self.taken,
            "load": self.load,
            "free": self.free,
        }

    def _why(self, i: int) -> tuple[str, ...]:
        """Say how full one person is."""
        if self.load[i] == self.taken[i]:
            return (f"{self.taken[i]} of {self.capacity[i]} seats taken",)
        roles = counted(int(self.taken[i]), "role")
        return (f"{roles}, a load of {self.load[i]:.6g} of {self.capacity[i]}",)
