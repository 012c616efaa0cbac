"""`Assigned`: who is proposed for each account, and which accounts found nobody."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Floats, Objects
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, counted
from keyaccount.program.assignment.seats import Seats
from keyaccount.program.table import Table
from keyaccount.program.term import plain

__all__ = ["BY_ROW", "OUTCOMES", "Assigned"]

BY_ROW = ("account", "person", "before", "outcome", "value", "fit", "not_kept", "role")
"""The parts that have an entry per row."""

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
    """Who is proposed for each account: one row per account, or per role and account.

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
    role
        ``(n,)`` codes of the role, all accounts of the first before those of the next; None for one
        owner. Then the columns are the assignments that `coverage` takes.
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
    role: Objects | None = None

    def __len__(self) -> int:
        return len(self.account)

    @property
    def title(self) -> str:
        """What the rows are."""
        if self.role is None:
            return f"Owners proposed for {counted(len(self), 'account')}"
        return f"People proposed for {counted(len(self), 'role')} of accounts"

    @property
    def placed(self) -> Bools:
        """``(n,)`` bool: somebody is proposed."""
        found: Bools = self.outcome < OUTCOMES.index("no_eligible_person")
        return found

    @property
    def labels(self) -> Objects:
        """What came of each account, in a word."""
        return np.array(OUTCOMES, dtype=object)[self.outcome]

    def of(self, role: str) -> Assigned:
        """Return what is proposed for one role, aligned with the accounts.

        Raises
        ------
        SpecError
            There is no such role.

        Examples
        --------
        >>> import keyaccount as ka
        >>> book, team = {"account": ["A", "B"]}, {"person": ["li", "wu"]}
        >>> found = ka.assign(book, team, capacity=2, roles=ka.iron_triangle()[:2])
        >>> found.of("AR").person.tolist(), found.of("SR").person.tolist()
        (['li', 'wu'], ['wu', 'li'])
        """
        codes = [] if self.role is None else list(dict.fromkeys(self.role.tolist()))
        words = [plain(code) for code in codes]
        if self.role is None or plain(role) not in words:
            raise SpecError.from_choice("Assigned.of(role)", role, codes)
        rows = self.role == codes[words.index(plain(role))]
        return attrs.evolve(self, **{name: getattr(self, name)[rows] for name in BY_ROW})

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the accounts as columns, for any DataFrame constructor."""
        return {
            "account": self.account,
            **({} if self.role is None else {"role": self.role}),
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
