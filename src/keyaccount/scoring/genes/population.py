"""How many accounts each label has, buyers or not: what a rate by account is divided by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keyaccount._validators import exact_float, is_finite
from keyaccount.errors import SpecError
from keyaccount.scoring.genes.reading import Deals

__all__ = ["read_population"]

_FIELD = "Gene.fit(accounts_of)"


def read_population(accounts_of: Any, deals: Deals, by: str) -> dict[str, float]:
    """Read the number of accounts of each label there are deals of.

    Raises
    ------
    SpecError
        No mapping, none of the labels, fewer than 1, or fewer than bought.
    """
    field = _FIELD
    if not isinstance(accounts_of, Mapping):
        hint = f"give a dict from each {by} to its number of accounts."
        raise SpecError.from_field(field, "must be a mapping", accounts_of, hint)
    named = {str(label): exact_float(number) for label, number in accounts_of.items()}
    found = {name: named[name] for name in deals.names if name in named}
    if not found:
        hint = f"name them as the deals do, such as {deals.names[0]!r}."
        raise SpecError.from_field(
            field, f"must name some {by} of the deals", list(named)[:5], hint
        )
    bought = [1] * len(deals.names) if deals.accounts is None else deals.accounts.tolist()
    least = dict(zip(deals.names, (max(number, 1) for number in bought), strict=True))
    for name, number in found.items():
        if not is_finite(number) or number < least[name]:
            must = f"must be at least {least[name]} for {name!r}: that many accounts bought"
            hint = "count all accounts, buyers and others."
            raise SpecError.from_field(field, must, number, hint)
    return found
