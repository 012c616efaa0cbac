"""`Assigned`: who is proposed for each account, and which accounts found nobody."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Floats, Objects
from keyaccount.findings import Finding, counted
from keyaccount.program.assignment.seats import Seats
from keyaccount.program.table import Table

__all__ = ["OUTCOMES", "Assigned"]

OUTCOMES = ("kept", "returned", "moved", "new", "no_eligible_person", "capacity_used_up")
"""What came of an account, in this order of codes."""

_WHY = (
    "stays with {before}",
    "was free to move and stays with {before}",
    "goes from {before} to {person}",
    "goes to {person}",
    "nobody is eligible",
    "nobody eligible has a free seat",
)


@attrs.frozen(eq=False)
class Assigned(Table):
    """Who is proposed for each account: one row per account.

    Parameters
    ----------
    account
        ``(n,)`` ids.
    person
        ``(n,)`` ids of the person proposed; None where the account could not be placed.
    before
        ``(n,)`` ids of who holds it now; None where nobody does.
    outcome
        ``(n,)`` int64: position in ``OUTCOMES``.
    value
        ``(n,)`` float64: what the account brings; 1 where no value was given.
    fit
        ``(n,)`` float64: how well the person proposed fits; 1 where no fit was given, NaN where
        nobody is proposed.
    not_kept
        ``(n,)`` texts: why the account could not stay with its holder, whom ``{before}`` stands
        for; empty where it could, or nobody held it.
    seats
        The people: their capacity and how much of it is taken.
    findings
        What could not be placed and why, and seats that could not be kept.

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {"account": ["A", "B", "C"], "worth": [50, 30, 20], "owner": ["li", None, None]}
    >>> team = {"person": ["li", "wu"]}
    >>> found = ka.assign(book, team, capacity=1, value="worth", incumbents="owner")
    >>> found.person.tolist(), found.labels.tolist()
    (['li', 'wu', None], ['kept', 'new', 'capacity_used_up'])
    """

    account: Objects
    person: Objects
    before: Objects
    outcome: Codes
    value: Floats
    fit: Floats
    not_kept: Objects
    seats: Seats
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.account)

    @property
    def title(self) -> str:
        """What the rows are."""
        return f"Owners proposed for {counted(len(self), 'account')}"

    @property
    def placed(self) -> Bools:
        """``(n,)`` bool: somebody is proposed."""
        found: Bools = self.outcome < OUTCOMES.index("no_eligible_person")
        return found

    @property
    def labels(self) -> Objects:
        """What came of each account, in a word."""
        return np.array(OUTCOMES, dtype=object)[self.outcome]

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the accounts as columns, for any DataFrame constructor."""
        return {
            "account": self.account,
            "person": self.person,
            "before": self.before,
            "outcome": self.labels,
            "value": self.value,
            "fit": self.fit,
        }

    def _why(self, i: int) -> tuple[str, ...]:
        """Say why the account is where it is."""
        texts = [_WHY[int(self.outcome[i])], self.not_kept[i]]
        return tuple(t.format(before=self.before[i], person=self.person[i]) for t in texts if t)
