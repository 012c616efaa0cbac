"""`Upkeep`: when each account was last kept in touch with, and by which channel."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Days, Floats, Objects
from keyaccount.findings import Finding, counted
from keyaccount.program.table import Table, day_count, listed
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
        ``(n,)`` float64: days since the last contact by any channel; NaN where there is none.
    every
        ``(n,)`` float64: days that the tier asks for; NaN where it asks for none.
    since_by, every_by
        ``(n, c)`` float64: the same for each channel alone.
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
    since_by: Floats
    every_by: Floats
    as_of: np.datetime64
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.account)

    @property
    def title(self) -> str:
        """What the rows are."""
        return f"Upkeep of {counted(len(self), 'account')}"

    @property
    def channel_codes(self) -> tuple[str, ...]:
        """The codes of the channels, in their order."""
        return tuple(channel.code for channel in self.channels)

    @cached_property
    def never(self) -> Bools:
        """``(n,)`` bool: no contact is known."""
        return np.isnan(self.since)

    @cached_property
    def is_asked(self) -> Bools:
        """``(n,)`` bool: there is a rhythm, for any contact or for some channel."""
        found: Bools = ~np.isnan(self.every) | np.any(~np.isnan(self.every_by), axis=1)
        return found

    @cached_property
    def overdue_any(self) -> Bools:
        """``(n,)`` bool: contact by whatever channel is older than asked for, or there is none."""
        return _overdue(self.since, self.every)

    @cached_property
    def overdue_by(self) -> Bools:
        """``(n, c)`` bool: the same for each channel that a rhythm is asked of."""
        return _overdue(self.since_by, self.every_by)

    @cached_property
    def overdue(self) -> Bools:
        """``(n,)`` bool: some rhythm asked for is not kept, for any contact or for a channel."""
        found: Bools = self.overdue_any | np.any(self.overdue_by, axis=1)
        return found

    @cached_property
    def overdue_channels(self) -> Objects:
        """``(n,)`` texts: the channels whose own rhythm is not kept."""
        return listed(self.overdue_by, self.channel_codes)

    @cached_property
    def due(self) -> Days:
        """``(n,)`` datetime64[D]: the day of the next contact; NaT without a rhythm.

        The earliest of all rhythms asked for; where no contact is known, on `as_of`. One of more
        than a million days has no next day.
        """
        since = np.column_stack([self.since, self.since_by])
        every = np.column_stack([self.every, self.every_by])
        ahead = np.where(np.isnan(since), np.where(np.isnan(every), np.nan, 0.0), every - since)
        nearest = np.floor(np.nan_to_num(ahead, nan=np.inf)).min(axis=1, initial=np.inf)
        known = nearest < _MOST_DAYS
        found = np.full(len(self), "NaT", dtype="datetime64[D]")
        found[known] = self.as_of + nearest[known].astype(np.int64).astype("timedelta64[D]")
        return found

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the accounts as columns, for any DataFrame constructor.

        Each channel has three: the contacts under its code, ``since:…`` and ``every:…``.
        """
        found: dict[str, NDArray[Any]] = {
            "account": self.account,
            "overdue": self.overdue,
            "overdue_channels": self.overdue_channels,
            "since": self.since,
            "every": self.every,
            "due": self.due,
        }
        for name, figures in (
            ("{}", self.contacts),
            ("since:{}", self.since_by),
            ("every:{}", self.every_by),
        ):
            found |= {name.format(c): figures[:, j] for j, c in enumerate(self.channel_codes)}
        return found

    def _why(self, i: int) -> tuple[str, ...]:
        """Say how one account stands."""
        late = [
            _said(f"contact by {code}", self.since_by[i, j], self.every_by[i, j])
            for j, code in enumerate(self.channel_codes)
            if self.overdue_by[i, j]
        ]
        return (_said("contact", self.since[i], self.every[i]), *late)


def _overdue(since: Floats, every: Floats) -> Bools:
    found: Bools = (since > every) | (np.isnan(since) & ~np.isnan(every))
    return found


def _said(what: str, since: float, every: float) -> str:
    asked = "" if np.isnan(every) else f", every {day_count(every)} asked for"
    last = f"no {what} is known" if np.isnan(since) else f"last {what} {day_count(since)} ago"
    return f"{last}{asked}"
