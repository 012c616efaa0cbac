"""`DecisionChain`: who decides at each customer, for or against us, and whom we do not know."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Floats, Objects
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, counted
from keyaccount.program.decision_chain.people import ChainPeople, how_often
from keyaccount.program.decision_chain.roles import roles_of
from keyaccount.program.table import Table, listed
from keyaccount.program.term import Term
from keyaccount.stats.sums import group_counts

__all__ = ["DecisionChain"]


@attrs.frozen(eq=False)
class DecisionChain(Table):
    """Who decides at each customer: one row per account.

    Parameters
    ----------
    account
        ``(n,)`` ids.
    roles
        The buyer roles asked for.
    known, reached
        ``(n, k)`` int64: people known in each role, and those of them with a contact of ours.
    coach
        ``(n,)`` texts: the coaches by id; empty where there is none.
    coaches
        ``(n,)`` int64: how many there are; several is worth knowing.
    coach_meetings, coach_interval
        ``(n,)`` float64: days in the window on which a coach was met, and the mean days between
        them; NaN without a coach or a log of meetings, the interval also for fewer than two.
    main_opponent
        ``(n,)`` texts: who opposes with the largest known influence; several where they tie; empty
        where nobody is known to oppose.
    opponents_tied
        ``(n,)`` bool: several tie, or the influence of none of several is known.
    opponent_meetings, opponent_interval
        ``(n,)`` float64: the same for the main opponent.
    support
        ``(n,)`` float64: the stances weighted by influence, -1 to 1; NaN without known influence.
    support_low, support_high
        ``(n,)`` float64: the same if everybody of unknown stance opposes, or supports; NaN where
        the influence of anybody is unknown, since it may outweigh all others.
    lapsed
        ``(n,)`` int64: contacts older than the rhythm asks for.
    contact_given
        Whether it was said who is in contact; if not, no role is uncovered.
    people
        The people themselves.
    findings
        What there is to say.

    Examples
    --------
    >>> import keyaccount as ka
    >>> people = {
    ...     "account": ["A", "A", "A"],
    ...     "person": ["chen", "lin", "zhao"],
    ...     "role": ["decision_maker", "user, coach", "influencer"],
    ...     "stance": ["neutral", "supports", "opposes"],
    ...     "influence": [5, 3, 2],
    ...     "ours": [None, "li", None],
    ... }
    >>> found = ka.decision_chain(people, stance="stance", influence="influence", contact="ours")
    >>> found.support.tolist(), found.main_opponent.tolist()
    ([0.1], ['zhao'])
    >>> print(found.row(0)["why"])
    nobody is known as technical_expert; no contact with decision_maker, influencer; zhao opposes
    """

    account: Objects
    roles: tuple[Term, ...]
    known: Codes
    reached: Codes
    coach: Objects
    coaches: Codes
    coach_meetings: Floats
    coach_interval: Floats
    main_opponent: Objects
    opponents_tied: Bools
    opponent_meetings: Floats
    opponent_interval: Floats
    support: Floats
    support_low: Floats
    support_high: Floats
    lapsed: Codes
    contact_given: bool
    people: ChainPeople
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.account)

    @property
    def title(self) -> str:
        """What the rows are."""
        return f"Decision chains of {counted(len(self), 'account')}"

    @property
    def role_codes(self) -> tuple[str, ...]:
        """The codes of the roles, in their order."""
        return tuple(role.code for role in self.roles)

    @cached_property
    def is_unknown(self) -> Bools:
        """``(n, k)`` bool: nobody is known in the role."""
        found: Bools = self.known == 0
        return found

    @cached_property
    def is_uncovered(self) -> Bools:
        """``(n, k)`` bool: somebody is known in the role, and none of us is in contact."""
        found: Bools = (self.known > 0) & (self.reached == 0)
        return found & self.contact_given

    @cached_property
    def complete(self) -> Bools:
        """``(n,)`` bool: every role is known, and covered where contacts were given."""
        gaps = self.is_unknown | self.is_uncovered
        found: Bools = np.logical_not(np.any(gaps, axis=1))
        return found

    @cached_property
    def never_met(self) -> Codes:
        """``(n,)`` int64: people that a rhythm is for, in contact and with no known meeting."""
        people = self.people
        in_touch = people.has_contact | (not people.contact_given)
        which = in_touch & people.meeting_asked & np.isnat(people.last_met)
        return group_counts(people.position, len(self), which)

    @cached_property
    def unknown_roles(self) -> Objects:
        """``(n,)`` texts: the roles nobody is known in."""
        return listed(self.is_unknown, self.role_codes)

    @cached_property
    def uncovered_roles(self) -> Objects:
        """``(n,)`` texts: the roles without a contact of ours."""
        return listed(self.is_uncovered, self.role_codes)

    def whom(self, roles: str | Iterable[str]) -> Objects:
        """Name the people that something is about, such as the ``roles`` of a key action.

        Parameters
        ----------
        roles
            One or several roles, as `roles_of` reads them.

        Returns
        -------
        ndarray
            ``(n,)`` texts: the people in any of these roles, by id; empty where nobody is known.

        Raises
        ------
        SpecError
            A word is none of the roles.

        Examples
        --------
        >>> import keyaccount as ka
        >>> found = ka.decision_chain({"account": ["A"], "person": ["lin"], "role": ["user"]})
        >>> found.whom("user, technical_expert").tolist()
        ['lin']
        """
        codes = self.role_codes
        which = np.zeros(len(self.people), dtype=np.bool_)
        for word in roles_of(roles, self.roles):
            if word not in codes:
                raise SpecError.from_choice("DecisionChain.whom(roles)", word, codes)
            which |= self.people.in_role[:, codes.index(word)]
        return self.people.joined(which, len(self))

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the accounts as columns, for any DataFrame constructor."""
        return {
            "account": self.account,
            "complete": self.complete,
            "unknown_roles": self.unknown_roles,
            "uncovered_roles": self.uncovered_roles,
            "coach": self.coach,
            "coach_meetings": self.coach_meetings,
            "coach_interval": self.coach_interval,
            "main_opponent": self.main_opponent,
            "opponents_tied": self.opponents_tied,
            "opponent_meetings": self.opponent_meetings,
            "opponent_interval": self.opponent_interval,
            "support": self.support,
            "support_low": self.support_low,
            "support_high": self.support_high,
            "lapsed": self.lapsed,
        }

    def _why(self, i: int) -> tuple[str, ...]:
        """Say what is to be done about one account."""
        said: list[str] = []
        if self.unknown_roles[i]:
            said.append(f"nobody is known as {self.unknown_roles[i]}")
        if self.uncovered_roles[i]:
            said.append(f"no contact with {self.uncovered_roles[i]}")
        said += self._coach_said(i) + self._opponent_said(i)
        if self.lapsed[i]:
            said.append(f"{counted(int(self.lapsed[i]), 'contact')} lapsed")
        if self.never_met[i]:
            said.append(f"no meeting is known with {counted(int(self.never_met[i]), 'person')}")
        return tuple(said)

    def _coach_said(self, i: int) -> list[str]:
        """Say that there are several coaches, and how often one was met."""
        often = self.coach_meetings[i]
        met = "" if np.isnan(often) else f" {how_often(often, self.coach_interval[i])}"
        if self.coaches[i] > 1:
            return [f"several coaches: {self.coach[i]}{met and ','}{met}"]
        return [f"coach {self.coach[i]}{met}"] if met else []

    def _opponent_said(self, i: int) -> list[str]:
        """Say who opposes, and how often they were met."""
        if not self.main_opponent[i]:
            return []
        tie = ", equally strong or of unknown influence" if self.opponents_tied[i] else ""
        verb = "oppose" if self.opponents_tied[i] else "opposes"
        often = self.opponent_meetings[i]
        met = "" if np.isnan(often) else f", {how_often(often, self.opponent_interval[i])}"
        return [f"{self.main_opponent[i]} {verb}{tie}{met}"]
