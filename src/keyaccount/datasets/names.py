"""Company names put together from parts; any likeness to a real company is chance."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Objects

__all__ = ["company_names"]

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


def company_names(n: int, rng: np.random.Generator) -> Objects:
    """Draw `n` different names; beyond 8,580 they carry a number."""
    total = len(_FIRST) * len(_SECOND) * len(_KIND)
    order = rng.permutation(total)
    return np.array([_name(int(order[i % total]), i // total) for i in range(n)], dtype=object)


def _name(place: int, lap: int) -> str:
    rest, kind = divmod(place, len(_KIND))
    first, second = divmod(rest, len(_SECOND))
    number = f" {lap + 1}" if lap else ""
    return f"{_FIRST[first]}{_SECOND[second]} {_KIND[kind]}{number}"
