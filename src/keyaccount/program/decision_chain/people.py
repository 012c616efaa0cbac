"""`ChainPeople`: the people of the customers, each once per account."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Days, Floats, Objects
from keyaccount.findings import counted
from keyaccount.program.decision_chain.roles import STANCES
from keyaccount.program.table import Table, day_count, listed
from keyaccount.program.term import Term

__all__ = ["ChainPeople", "how_often", "joined"]


@attrs.frozen(eq=False)
class ChainPeople(Table):
    """The people of the customers: one row per account and person.

    Parameters
    ----------
    account, person
        ``(m,)`` ids, by account and then by id.
    position
        ``(m,)`` int64: the account's position in the decision chain.
    in_role
        ``(m, k)`` bool: the roles the person has.
    role_codes
        The codes of the roles.
    stance
        ``(m,)`` float64: -1 opposes, 0 neutral, 1 supports; NaN where unknown.
    influence
        ``(m,)`` float64: at least 0; NaN where unknown.
    has_contact
        ``(m,)`` bool: one of us is in contact with the person; False where it was not said.
    contact_given
        Whether it was said who is in contact at all.
    last_met
        ``(m,)`` datetime64[D]: NaT where unknown.
    since
        ``(m,)`` float64: days since; NaN where unknown or not asked.
    every
        ``(m,)`` float64: days between meetings that role and tier ask for; NaN where none.
    meetings
        ``(m,)`` float64: days in the window on which the person was met; NaN where no log of
        meetings was given.
    mean_interval
        ``(m,)`` float64: mean days from one of them to the next; NaN for fewer than two.
    channels
        The channels that were asked for; empty where none was.
    by_channel
        ``(m, c)`` int64: such days by channel.
    lapsed
        ``(m,)`` bool: our contact is older than the rhythm asks for.

    Examples
    --------
    >>> import keyaccount as ka
    >>> people = {"account": ["A"], "person": ["chen"], "role": ["decision_maker"]}
    >>> met = {**people, "met": ["2026-05-01"]}
    >>> chain = ka.decision_chain(met, last_met="met", rhythm=60, as_of="2026-09-30")
    >>> print(chain.people.row(0)["why"])
    last met 152 days ago, every 60 days asked for
    """

    account: Objects
    person: Objects
    position: Codes
    in_role: Bools
    role_codes: tuple[str, ...]
    stance: Floats
    influence: Floats
    has_contact: Bools
    contact_given: bool
    last_met: Days
    since: Floats
    every: Floats
    meetings: Floats
    mean_interval: Floats
    channels: tuple[Term, ...]
    by_channel: Codes
    lapsed: Bools

    def __len__(self) -> int:
        return len(self.person)

    @property
    def title(self) -> str:
        """What the rows are."""
        return f"Decision chains: {counted(len(self), 'person')}"

    @cached_property
    def roles(self) -> Objects:
        """``(m,)`` texts: the roles of each person."""
        return listed(self.in_role, self.role_codes)

    def joined(self, which: Bools, n: int) -> Objects:
        """Write the people marked, by id, for each of `n` accounts; empty where nobody is."""
        return joined(self.position, self.person, which, n)

    @cached_property
    def several_roles(self) -> Bools:
        """``(m,)`` bool: the person has more than one role."""
        found: Bools = self.in_role.sum(axis=1) > 1
        return found

    @cached_property
    def meeting_asked(self) -> Bools:
        """``(m,)`` bool: the person's role, or the account's tier, has a rhythm of meetings."""
        return ~np.isnan(self.every)

    @cached_property
    def stances(self) -> Objects:
        """``(m,)`` texts: the stance in a word; None where unknown."""
        codes = np.where(np.isnan(self.stance), 2.0, self.stance).astype(np.int64) + 1
        table = np.array([*(s.code for s in STANCES), None], dtype=object)
        found: Objects = table[codes]
        return found

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the people as columns, for any DataFrame constructor."""
        return {
            "account": self.account,
            "person": self.person,
            "roles": self.roles,
            "stance": self.stances,
            "influence": self.influence,
            "has_contact": self.has_contact,
            "last_met": self.last_met,
            "since": self.since,
            "every": self.every,
            "lapsed": self.lapsed,
            "meetings": self.meetings,
            "mean_interval": self.mean_interval,
            **{f"met:{c.code}": self.by_channel[:, j] for j, c in enumerate(self.channels)},
        }

    def _why(self, i: int) -> tuple[str, ...]:
        """Say what is to be done about one person."""
        said: list[str] = []
        if self.several_roles[i]:
            said.append(f"has several roles: {self.roles[i]}")
        if self.contact_given and not self.has_contact[i]:
            said.append("none of us is in contact")
        in_touch = self.has_contact[i] or not self.contact_given
        if in_touch and self.meeting_asked[i] and np.isnat(self.last_met[i]):
            said.append("no meeting is known")
        if self.lapsed[i]:
            last, every = self.since[i], self.every[i]
            said.append(f"last met {day_count(last)} ago, every {day_count(every)} asked for")
        if not np.isnan(self.meetings[i]):
            said.append(how_often(self.meetings[i], self.mean_interval[i]))
        return tuple(said)


def how_often(meetings: float, interval: float) -> str:
    """Say in words how often somebody was met."""
    if meetings < 2.0:  # noqa: PLR2004 - an interval takes two
        return "met once" if meetings else "not met"
    return f"met on {meetings:.0f} days, every {day_count(float(f'{interval:.3g}'))}"


def joined(position: Codes, person: Objects, which: Bools, n: int) -> Objects:
    """Write the people marked on each of `n` accounts, in their order; empty where nobody is."""
    found: Objects = np.full(n, "", dtype=object)
    rows = np.flatnonzero(which)
    for at, who in zip(position[rows].tolist(), person[rows].tolist(), strict=True):
        found[at] = f"{found[at]}, {who}" if found[at] else who
    return found
