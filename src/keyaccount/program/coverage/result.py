"""`Coverage`: which accounts are in good hands."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Floats, Objects
from keyaccount.findings import Finding, counted
from keyaccount.program.coverage.dependence import PeopleDependence, people_dependence
from keyaccount.program.coverage.divided import Divided
from keyaccount.program.coverage.people import PeopleLoad
from keyaccount.program.coverage.role import CoverageRole
from keyaccount.program.table import Table, listed

__all__ = ["Coverage"]


@attrs.frozen(eq=False)
class Coverage(Table):
    """Who is on each account, and what is wrong with it: one row per account.

    Parameters
    ----------
    account
        ``(n,)`` ids.
    value
        ``(n,)`` float64: what each account brings, 0 where that is missing or below 0; 1 each where
        no value was given.
    is_key
        ``(n,)`` bool: it is a key account; all of them are where no column says it.
    roles
        The roles asked for.
    holders
        ``(n, k)`` int64: how many people hold each role.
    level
        ``(n, k)`` int64: the highest known level among them; -1 where unknown or nobody.
    required
        ``(n, k)`` int64: the level that the tier asks for in each role; -1 where it asks for none.
    levels
        The levels, lowest first.
    people_on
        ``(n,)`` int64: how many different people are on the account in any role.
    only_person
        ``(n,)`` texts: the one person on it; None where there are several, or nobody.
    representatives
        ``(n,)`` int64: kinds of representative on it (of the region, of the industry); one at most
        where all of them are the same person.
    represented_twice
        ``(n,)`` bool: several people are representatives of one kind, of two regions for instance.
    divided
        What `division` is written from.
    division_stated
        ``(n,)`` bool: of each kind of representative somebody says what it does.
    time, small_deal_time
        ``(n,)`` float64: the shares of people's time that the account gets, added up, and the part
        of it that small deals take; NaN where not known. Columns of `programme_symptoms`.
    people
        The same book by person.
    held
        Rows of account, person and role positions, for `dependence`: who holds which role.
    held_share
        ``(h,)`` float64: the share of the account's value that each of these holds; NaN where none
        is stated.
    findings
        What there is to say, about accounts and people.

    Examples
    --------
    >>> import keyaccount as ka
    >>> on = {"account": ["A", "A", "A", "B"], "person": ["li", "wu", "he", "li"]}
    >>> found = ka.coverage({**on, "role": ["AR", "SR", "FR", "AR"]})
    >>> found.missing.tolist(), found.one_hand.tolist()
    (['', 'SR, FR'], [False, True])
    >>> print(found.row(1)["why"])
    nobody is SR; nobody is FR; only li is on it
    """

    account: Objects
    value: Floats
    is_key: Bools
    roles: tuple[CoverageRole, ...]
    holders: Codes
    level: Codes
    required: Codes
    levels: tuple[str, ...]
    people_on: Codes
    only_person: Objects
    representatives: Codes
    represented_twice: Bools
    divided: Divided = attrs.field(repr=False)
    division_stated: Bools
    time: Floats
    small_deal_time: Floats
    people: PeopleLoad
    held: tuple[Codes, Codes, Codes] = attrs.field(repr=False)
    held_share: Floats = attrs.field(repr=False)
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.account)

    @property
    def title(self) -> str:
        """What the rows are."""
        return f"Coverage of {counted(len(self), 'account')}"

    @property
    def role_codes(self) -> tuple[str, ...]:
        """The codes of the roles, in their order."""
        return tuple(role.code for role in self.roles)

    @cached_property
    def is_missing(self) -> Bools:
        """``(n, k)`` bool: nobody holds the role."""
        found: Bools = self.holders == 0
        return found

    @cached_property
    def is_too_junior(self) -> Bools:
        """``(n, k)`` bool: everybody known in the role is below the level asked for."""
        found: Bools = (self.level >= 0) & (self.level < self.required)
        return found

    @cached_property
    def is_level_unknown(self) -> Bools:
        """``(n, k)`` bool: a level is asked for, and that of nobody in the role is known."""
        return (self.required >= 0) & (self.holders > 0) & (self.level < 0)

    @cached_property
    def division(self) -> Objects:
        """``(n,)`` texts: who represents what, and what each does where somebody says so.

        Empty where there is no representative. Written when it is first asked for.
        """
        return self.divided.texts()

    @cached_property
    def one_hand(self) -> Bools:
        """``(n,)`` bool: the account is in one person's hands only."""
        found: Bools = self.people_on == 1
        return found

    @cached_property
    def division_missing(self) -> Bools:
        """``(n,)`` bool: representatives of several kinds, and not of each is said what it does."""
        found: Bools = (self.representatives > 1) & ~self.division_stated
        return found

    @cached_property
    def covered(self) -> Bools:
        """``(n,)`` bool: every role is held, at a level known to suffice where one is asked for."""
        gaps = self.is_missing | self.is_too_junior | self.is_level_unknown
        found: Bools = np.logical_not(np.any(gaps, axis=1))
        return found

    @cached_property
    def missing(self) -> Objects:
        """``(n,)`` texts: the roles that nobody holds; empty where none is missing."""
        return listed(self.is_missing, self.role_codes)

    @cached_property
    def too_junior(self) -> Objects:
        """``(n,)`` texts: the roles held below the level asked for."""
        return listed(self.is_too_junior, self.role_codes)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the accounts as columns, for any DataFrame constructor."""
        return {
            "account": self.account,
            "covered": self.covered,
            "missing_roles": self.missing,
            "too_junior": self.too_junior,
            "people": self.people_on,
            "only_person": self.only_person,
            "representatives": self.representatives,
            "represented_twice": self.represented_twice,
            "division": self.division,
            "division_missing": self.division_missing,
            "time": self.time,
            "small_deal_time": self.small_deal_time,
            "value": self.value,
        }

    def _why(self, i: int) -> tuple[str, ...]:
        """Say what is wrong with one account."""
        said = [f"nobody is {c}" for c in self._marked(self.is_missing, i)]
        asked = dict(zip(self.role_codes, self.required[i].tolist(), strict=True))
        words = {c: self.levels[level] if level >= 0 else "" for c, level in asked.items()}
        for code in self._marked(self.is_too_junior, i):
            level = self.levels[int(self.level[i, self.role_codes.index(code)])]
            said.append(f"{code} is {level}, where the tier asks for {words[code]}")
        said += [
            f"the level of {code} is not known, and the tier asks for {words[code]}"
            for code in self._marked(self.is_level_unknown, i)
        ]
        if self.one_hand[i]:
            said.append(f"only {self.only_person[i]} is on it")
        if self.division_missing[i]:
            kinds = int(self.representatives[i])
            said.append(f"representatives of {kinds} kinds, and no division of work is stated")
        if self.represented_twice[i]:
            said.append(f"several representatives of one kind ({self.division[i]})")
        return tuple(said)

    def _marked(self, mask: Bools, i: int) -> list[str]:
        return [c for c, on in zip(self.role_codes, mask[i].tolist(), strict=True) if on]

    def dependence(self, share: float, *, role: str | None = None) -> PeopleDependence:
        """Find the smallest number of people who hold a share of the book.

        Parameters
        ----------
        share
            How much of the value, in (0, 1]. The often quoted 0.8 is nobody's law: measure.
        role
            Whose account it is: the code or name of a role. None: the first one (the account
            responsible).

        Returns
        -------
        PeopleDependence
            These people, the largest holder first. An account held by several is held by each as
            `share` of `coverage` says, and in equal parts where nothing says it; a value below 0
            counts 0.

        Raises
        ------
        SpecError
            The share or the role is none.
        """
        chosen = self.role_codes[0] if role is None else role
        return people_dependence(
            self.people.person,
            np.where(self.is_key, self.value, 0.0),
            (*self.held, self.held_share),
            (chosen, self.roles),
            share,
        )
