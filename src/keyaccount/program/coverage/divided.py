"""Who represents what on each account, written down when somebody reads it."""

from __future__ import annotations

from itertools import groupby

import attrs
import numpy as np

from keyaccount._columns import Codes, Objects

__all__ = ["Divided"]


@attrs.frozen(eq=False)
class Divided:
    """The representatives of accounts, one entry per account, kind, person and work.

    Attributes
    ----------
    size
        How many accounts there are.
    account, kind, person, work
        Positions; `work` is -1 where nobody says what the person does.
    words
        The kinds, the ids of the people and the works, each in the order of its positions.
    """

    size: int
    account: Codes
    kind: Codes
    person: Codes
    work: Codes
    words: tuple[tuple[str, ...], Objects, tuple[str, ...]]

    def texts(self) -> Objects:
        """Write those of each account: ``"industry: wu (designs); region: li"``."""
        found: Objects = np.full(self.size, "", dtype=object)
        kinds, people, works = self.words
        entries = zip(
            self.account.tolist(),
            [kinds[k] for k in self.kind.tolist()],
            people[self.person].tolist(),
            [works[w] if w >= 0 else "" for w in self.work.tolist()],
            strict=True,
        )
        for at, of_account in groupby(sorted(set(entries)), key=lambda entry: entry[0]):
            parts = groupby(of_account, key=lambda entry: entry[1])
            found[at] = "; ".join(f"{kind}: {_people(list(said))}" for kind, said in parts)
        return found


def _people(entries: list[tuple[int, str, str, str]]) -> str:
    """Write the people of one kind, each with what they do where somebody says so."""
    said: list[str] = []
    for who, of_person in groupby(entries, key=lambda entry: entry[2]):
        works = ", ".join(work for *_, work in of_person if work)
        said.append(f"{who} ({works})" if works else who)
    return ", ".join(said)
