"""Our own people, and which accounts they are on."""

from __future__ import annotations

from functools import cached_property

import attrs
import numpy as np

from keyaccount._columns import Codes, Objects
from keyaccount.datasets.catalogue import COUNTRIES, picked, texts
from keyaccount.datasets.names import PERSONS, person_names
from keyaccount.datasets.truth import Truth

__all__ = ["ROLES", "Team"]

ROLES = ("AR", "SR", "FR")
_LEVELS = ("junior", "senior", "principal")
_LEVEL_SHARES = (0.45, 0.4, 0.15)
_CAPACITY = (20, 28, 36)
"""How many accounts somebody of each level can carry."""
_PER_PERSON = (22, 30, 30)
"""How many accounts there are for each person of a role."""
_COVERED = ((0.94, 0.06), (0.25, 0.65), (0.15, 0.65))
"""The chance that somebody has the role on the smallest account, and what the largest adds."""
_STAR = 2.0
"""How much the first people of a place are preferred for the largest accounts."""


@attrs.frozen(eq=False, slots=False)
class Team:
    """Our people, and for each role who has it on each account: a position, -1 for nobody."""

    role: Codes
    country: Codes
    level: Codes
    on: tuple[Codes, ...]

    @classmethod
    def draw(cls, truth: Truth, rng: np.random.Generator) -> Team:
        """Draw people for each role and country, and put them on its accounts."""
        accounts = np.bincount(truth.country, minlength=len(COUNTRIES))
        hired = [-(-accounts // per) for per in _PER_PERSON]
        firsts = np.cumsum([0, *np.concatenate(hired)[:-1]]).reshape(len(ROLES), -1)
        on = tuple(_placed(truth, firsts[r], hired[r], _COVERED[r], rng) for r in range(len(ROLES)))
        size = int(sum(h.sum() for h in hired))
        places = [np.repeat(np.arange(len(COUNTRIES)), h) for h in hired]
        return cls(
            role=np.repeat(np.arange(len(ROLES)), [h.sum() for h in hired]),
            country=np.concatenate(places),
            level=rng.choice(len(_LEVELS), size, p=_LEVEL_SHARES),
            on=on,
        )

    @cached_property
    def names(self) -> Objects:
        """The names of our people, each a different one: beyond 1,024 they carry a number."""
        place = np.arange(len(self.role))
        names = person_names(place * 363 % PERSONS)  # 363 and 1,024 have no divisor in common
        later = place >= PERSONS
        names[later] = [
            f"{name} {number}"
            for name, number in zip(names[later], place[later] // PERSONS + 1, strict=True)
        ]
        return names

    def named(self, person: Codes) -> Objects:
        """Give the names of some of our people, None for -1."""
        return picked(self.names, person)

    def columns(self) -> dict[str, Objects]:
        """Give one row per person; the first AR of a country leads its people."""
        return {
            "person": self.names,
            "role": texts(ROLES, self.role),
            "level": texts(_LEVELS, self.level),
            "region": texts(COUNTRIES, self.country),
            "manager": self.names[np.searchsorted(self.country[self.role == 0], self.country)],
            "capacity": np.array(_CAPACITY)[self.level],
        }

    def assignments(self, truth: Truth) -> dict[str, Objects]:
        """Give one row per account and role that somebody has."""
        there = [np.flatnonzero(person >= 0) for person in self.on]
        account = np.concatenate(there)
        person = np.concatenate([p[rows] for p, rows in zip(self.on, there, strict=True)])
        role = np.repeat(np.arange(len(ROLES)), [len(rows) for rows in there])
        order = np.argsort(account, kind="stable")
        account, person, role = account[order], person[order], role[order]
        return {
            "account_id": truth.ids[account],
            "person": self.names[person],
            "role": texts(ROLES, role),
            "start": truth.date(truth.since[account]),
            "end": truth.date(truth.left[account]),
        }


def _placed(
    truth: Truth,
    first: Codes,
    hired: Codes,
    covered: tuple[float, float],
    rng: np.random.Generator,
) -> Codes:
    """Say who of a role is on each account; large accounts rather have the first of a country."""
    n = len(truth)
    skewed = rng.random(n) ** (1.0 + _STAR * truth.rank)
    nth = (skewed * hired[truth.country]).astype(np.int64)
    base, more = covered
    nobody = rng.random(n) >= base + more * truth.rank
    return np.where(nobody, -1, first[truth.country] + nth)
