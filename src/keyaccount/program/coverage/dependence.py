"""`PeopleDependence`: the few people who hold most of the book."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Floats, Objects
from keyaccount._validators import exact_float, is_finite
from keyaccount.errors import SpecError
from keyaccount.findings import counted
from keyaccount.program.coverage.role import CoverageRole
from keyaccount.program.coverage.shares import divided_worth
from keyaccount.program.table import Table
from keyaccount.program.term import coded
from keyaccount.stats.sums import exact_sum, group_counts, group_sums

__all__ = ["PeopleDependence", "people_dependence"]

_ALMOST = 1e-12
"""A share that parts of accounts, each rounded, reach almost is reached."""


@attrs.frozen(eq=False)
class PeopleDependence(Table):
    """The smallest number of people who hold a stated share of the book, the largest first.

    Parameters
    ----------
    share
        The share asked for.
    role
        The role that counts as holding an account.
    person
        ``(m,)`` ids.
    accounts
        ``(m,)`` int64: accounts they hold, alone or with others.
    value, value_share
        ``(m,)`` float64: what they hold, and its share of the whole book.
    people
        How many people hold anything in this role.
    unheld_share
        The share of the value that nobody holds in this role: of accounts without a holder, and
        what is left of those whose holders have less than the whole together.

    Examples
    --------
    >>> import keyaccount as ka
    >>> on = {"account": list("ABCD"), "person": ["li", "li", "wu", "he"], "role": ["AR"] * 4}
    >>> book = {"account": list("ABCD"), "worth": [50, 20, 20, 10]}
    >>> found = ka.coverage(on, accounts=book, value="worth").dependence(0.8)
    >>> found.person.tolist(), found.value_share.tolist()
    (['li', 'wu'], [0.7, 0.2])
    """

    share: float
    role: str
    person: Objects
    accounts: Codes
    value: Floats
    value_share: Floats
    people: int
    unheld_share: float

    def __len__(self) -> int:
        return len(self.person)

    @property
    def title(self) -> str:
        """What the rows are."""
        verb = "hold" if self.reached else "do not even hold"
        return f"{len(self)} of {counted(self.people, 'person')} {verb} {100 * self.share:g} %"

    @property
    def reached(self) -> bool:
        """Whether all who hold anything hold the share asked for together."""
        return exact_sum(self.value_share) >= self.share - _ALMOST

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return these people as columns, for any DataFrame constructor."""
        return {
            "person": self.person,
            "accounts": self.accounts,
            "value": self.value,
            "value_share": self.value_share,
        }

    def _why(self, i: int) -> tuple[str, ...]:
        """Say what one person holds."""
        held = counted(int(self.accounts[i]), "account")
        return (f"{self.role} of {held}, {100 * self.value_share[i]:.1f} % of the value",)


def people_dependence(
    person: Objects,
    value: Floats,
    held: tuple[Codes, Codes, Codes, Floats],
    role: tuple[str | None, tuple[CoverageRole, ...]],
    share: Any,
) -> PeopleDependence:
    """Rank the holders of a role by what they hold, and count how many reach the share."""
    wanted = exact_float(share)
    if not is_finite(wanted) or not 0.0 < wanted <= 1.0:
        rule = "must be a share above 0"
        raise SpecError.from_field("dependence(share)", rule, share, "write 80 % as 0.8.")
    chosen, roles = role
    place = int(coded((str(chosen),), roles)[0])
    if place < 0:
        raise SpecError.from_choice("dependence(role)", chosen, [one.code for one in roles])
    in_role = held[2] == place
    account, who = held[0][in_role], held[1][in_role]
    worth = np.where(value > 0.0, value, 0.0)
    parts, unheld = divided_worth(worth, account, held[3][in_role])
    sums = np.nan_to_num(group_sums(parts, who, len(person)))
    total = exact_sum(worth)
    shares = sums / total if total > 0.0 else np.zeros(len(person))
    order = np.lexsort((person.astype(str), -sums)) if len(person) else np.empty(0, dtype=np.int64)
    needed = order[: _reach(shares[order], wanted)]
    counts = group_counts(who, len(person))
    return PeopleDependence(
        wanted,
        roles[place].code,
        person[needed],
        counts[needed],
        sums[needed],
        shares[needed],
        int(np.count_nonzero(counts)),
        exact_sum(unheld) / total if total > 0.0 else 0.0,
    )


def _reach(shares: Floats, wanted: float) -> int:
    """Count the first shares that reach the one wanted; those above 0 where they do not."""
    there = shares[shares > 0.0]
    reached = np.flatnonzero(np.cumsum(there) >= wanted - _ALMOST)
    return int(reached[0]) + 1 if len(reached) else len(there)
