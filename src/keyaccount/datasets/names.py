"""Names put together from parts; any likeness to a real company or person is chance."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Codes, Objects

__all__ = ["PERSONS", "company_names", "person_names"]

_FIRST = (
    "Alder", "Amber", "Birch", "Cobalt", "Copper", "Delta", "Ember", "Falcon", "Granite", "Harbor",
    "Indigo", "Juniper", "Keystone", "Lantern", "Maple", "Nimbus", "Onyx", "Pioneer", "Quartz",
    "Ridge", "Saffron", "Timber", "Tundra", "Velvet", "Willow", "Zephyr",
)  # fmt: skip
_SECOND = (
    "bridge", "brook", "crest", "dale", "field", "ford", "gate", "grove", "haven", "hurst", "lake",
    "mark", "mont", "peak", "point", "port", "shore", "spring", "stone", "creek", "view", "wood",
)  # fmt: skip
_KIND = (
    "Alliance", "Collective", "Dynamics", "Enterprises", "Group", "Holdings", "Industries",
    "Laboratories", "Networks", "Partners", "Solutions", "Systems", "Trading", "Ventures", "Works",
)  # fmt: skip
_GIVEN = (
    "Ada", "Aiko", "Amara", "Ana", "Bao", "Carlos", "Chen", "Clara", "David", "Elena", "Farid",
    "Grace", "Hana", "Ivan", "Jin", "Jonas", "Kofi", "Lea", "Lin", "Mara", "Mei", "Nadia", "Noah",
    "Omar", "Paulo", "Ravi", "Rosa", "Sam", "Tariq", "Uma", "Wanjiru", "Yusuf",
)  # fmt: skip
_FAMILY = (
    "Abe", "Becker", "Costa", "Diaz", "Dubois", "Eriksen", "Fischer", "Garcia", "Haddad", "Ito",
    "Jansen", "Kamau", "Khan", "Kim", "Laurent", "Li", "Lopez", "Martin", "Mori", "Ndegwa",
    "Novak", "Okafor", "Patel", "Quist", "Rossi", "Sato", "Schmidt", "Tanaka", "Vega", "Wang",
    "Wu", "Zhang",
)  # fmt: skip
PERSONS = len(_GIVEN) * len(_FAMILY)
"""How many names of persons there are."""


def company_names(n: int, rng: np.random.Generator) -> Objects:
    """Draw `n` different names; beyond 8,580 they carry a number."""
    total = len(_FIRST) * len(_SECOND) * len(_KIND)
    order = rng.permutation(total).tolist()
    base = [_name(place) for place in order]
    laps = [base, *([f"{b} {lap}" for b in base] for lap in range(2, 2 + (n - 1) // total))]
    return np.array([name for lap in laps for name in lap][:n], dtype=object)


def _name(place: int) -> str:
    rest, kind = divmod(place, len(_KIND))
    first, second = divmod(rest, len(_SECOND))
    return f"{_FIRST[first]}{_SECOND[second]} {_KIND[kind]}"


def person_names(places: Codes) -> Objects:
    """Give the names at some places among the `PERSONS` there are."""
    table = np.array([f"{g} {f}" for f in _FAMILY for g in _GIVEN], dtype=object)
    return table[places]
