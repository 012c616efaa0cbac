"""`Upkeep`: when each account was last kept in touch with."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Days, Floats, Objects
from keyaccount.findings import Finding
from keyaccount.ledger.told import counted
from keyaccount.program.table import Table
from keyaccount.program.term import Term

__all__ = ["Upkeep"]

_MOST_DAYS = 1e6


@attrs.frozen(eq=False)
class Upkeep(Table):
    """When each account was last kept in touch with: one row per account.

    Parameters
    ----------
    account
        ``(n,)`` ids.
    channels
        The channels.
    contacts
        ``(n, c)`` int64: contacts by channel, up to the day.
    since
        ``(n,)`` float64: days since the last contact; NaN where there is none.
    every
        ``(n,)`` float64: days that the tier asks for; NaN where it asks for none.
    as_of
        The day.
    findings
        Who is overdue, and what could not be read.

    Examples
    --------
    >>> import keyaccount as ka
    >>> calls = {"account": ["A", "A"], "channel": ["电话", "visit"], "date": ["2026-09-20"] * 2}
    >>> found = ka.upkeep(calls, rhythm=7, as_of="2026-09-30")
    >>> found.overdue.tolist(), found.row(0)["why"]
    ([True], 'last contact 10 days ago, every 7 days asked for')
    """

    account: Objects
    channels: tuple[Term, ...]
    contacts: Codes
    since: Floats
    every: Floats
    as_of: np.datetime64
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.account)

    @property
    def title(self) -> str:
        """What the rows are."""
        return f"Upkeep of {counted(len(self), 'account')}"

    @property
    def never(self) -> Bools:
        """``(n,)`` bool: no contact is known."""
        return np.isnan(self.since)

    @property
    def overdue(self) -> Bools:
        """``(n,)`` bool: a rhythm is asked for, and the last contact is older, or there is none."""
        found: Bools = (self.since > self.every) | (self.never & ~np.isnan(self.every))
        return found

    @property
    def due(self) -> Days:
        """``(n,)`` datetime64[D]: the day of the next contact; NaT without rhythm or contact.

        A rhythm of more than a million days has no next day either.
        """
        known = ~np.isnan(self.since) & ~np.isnan(self.every)
        found = np.full(len(self), "NaT", dtype="datetime64[D]")
        ahead = np.floor(self.every - self.since)
        known &= ahead < _MOST_DAYS
        found[known] = self.as_of + ahead[known].astype(np.int64).astype("timedelta64[D]")
        return found

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the accounts as columns, for any DataFrame constructor."""
        by_channel = {c.code: self.contacts[:, j] for j, c in enumerate(self.channels)}
        return {
            "account": self.account,
            "overdue": self.overdue,
            "since": self.since,
            "every": self.every,
            "due": self.due,
            **by_channel,
        }

    def why(self, i: int) -> tuple[str, ...]:
        """Say how one account stands."""
        asked = "" if np.isnan(self.every[i]) else f", every {self.every[i]:g} days asked for"
        if self.never[i]:
            return (f"no contact is known{asked}",)
        return (f"last contact {self.since[i]:.0f} days ago{asked}",)
