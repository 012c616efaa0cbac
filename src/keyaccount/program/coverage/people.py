"""`PeopleLoad`: the same book by person: load, value, and what leaves with them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Floats, Objects
from keyaccount.findings import counted
from keyaccount.program.table import Table, amount

__all__ = ["PeopleLoad"]


@attrs.frozen(eq=False)
class PeopleLoad(Table):
    """What each person carries, and what leaves if they leave: one row per person.

    Load and time count all accounts; value, and what leaves with the person, the key ones alone
    where `coverage` is told which are key.

    Parameters
    ----------
    person
        ``(p,)`` ids.
    accounts
        ``(p,)`` int64: different accounts they are on, in any role.
    capacity
        ``(p,)`` float64: how many they can carry; NaN where unknown.
    value, value_share
        ``(p,)`` float64: what these accounts bring, and its share of the book. Accounts with
        several people count for each of them, so the shares may add up to more than 1.
    alone
        ``(p,)`` int64: accounts on which they are the only one.
    leaves, leaves_share
        ``(p,)`` float64: what those bring, and its share: what leaves with the person.
    sole_holder
        ``(p,)`` int64: accounts on which nobody else holds some role that they hold: these lose
        that role with the person.
    sole_value
        ``(p,)`` float64: what those bring.
    time
        ``(p,)`` float64: the shares of their time added up; NaN where none is known.
    small_deal_time
        ``(p,)`` float64: the share of that time that goes into small deals; NaN where unknown.

    Examples
    --------
    >>> import keyaccount as ka
    >>> on = {"account": ["A", "A", "B"], "person": ["li", "wu", "li"], "role": ["AR", "SR", "AR"]}
    >>> print(ka.coverage(on, capacity=1).people.row(0)["why"])
    2 accounts for a capacity of 1; the only one on 1 account, worth 1
    """

    person: Objects
    accounts: Codes
    capacity: Floats
    value: Floats
    value_share: Floats
    alone: Codes
    leaves: Floats
    leaves_share: Floats
    sole_holder: Codes
    sole_value: Floats
    time: Floats
    small_deal_time: Floats

    def __len__(self) -> int:
        return len(self.person)

    @property
    def title(self) -> str:
        """What the rows are."""
        return f"Load of {counted(len(self), 'person')}"

    @cached_property
    def load(self) -> Floats:
        """``(p,)`` float64: accounts per capacity; NaN where it is unknown, inf where it is 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found: Floats = self.accounts / self.capacity
        return found

    @cached_property
    def over_capacity(self) -> Bools:
        """``(p,)`` bool: more accounts than the known capacity."""
        found: Bools = self.accounts > self.capacity
        return found

    @cached_property
    def over_time(self) -> Bools:
        """``(p,)`` bool: more than the whole of their time is given away."""
        found: Bools = self.time > 1.0 + 1e-9  # shares such as 0.1 add up to a bit more than 1
        return found

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the people as columns, for any DataFrame constructor."""
        return {
            "person": self.person,
            "accounts": self.accounts,
            "capacity": self.capacity,
            "load": self.load,
            "over_capacity": self.over_capacity,
            "value": self.value,
            "value_share": self.value_share,
            "alone": self.alone,
            "leaves": self.leaves,
            "leaves_share": self.leaves_share,
            "sole_holder": self.sole_holder,
            "sole_value": self.sole_value,
            "time": self.time,
            "small_deal_time": self.small_deal_time,
        }

    def _why(self, i: int) -> tuple[str, ...]:
        """Say what there is to say about one person."""
        said: list[str] = []
        if self.over_capacity[i]:
            carried = counted(int(self.accounts[i]), "account")
            said.append(f"{carried} for a capacity of {self.capacity[i]:g}")
        if self.over_time[i]:
            said.append(f"{100 * self.time[i]:.0f} % of their time is given away")
        if self.alone[i]:
            alone = counted(int(self.alone[i]), "account")
            said.append(f"the only one on {alone}, worth {amount(self.leaves[i])}")
        return tuple(said)
