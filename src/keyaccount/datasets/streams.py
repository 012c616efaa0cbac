"""Random streams: one per table, so that a table is the same whatever else is made."""

from __future__ import annotations

from typing import Final

import numpy as np

__all__ = ["stream"]

_NAMES: Final = (
    "truth",
    "accounts",
    "hierarchy",
    "ratings",
    "team",
    "deals",
    "history",
    "orders",
    "wallets",
    "people",
    "information",
    "tasks",
    "contacts",
    "positions",
    "plans",
    "dirty_deals",
    "dirty_orders",
)
"""The order is part of what a seed means: new names go last."""


def stream(seed: int, name: str) -> np.random.Generator:
    """Give the random stream of one part of a book."""
    root = np.random.SeedSequence(seed, spawn_key=(_NAMES.index(name),))
    return np.random.default_rng(root)
