"""The data of the benchmarks: the same for both sides, from a seed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

import keyaccount as ka

CRITERIA = 8


def uniform_columns(n: int, seed: int = 0) -> dict[str, NDArray[np.float64]]:
    """Make criteria between 0 and 100, all known."""
    rng = np.random.default_rng(seed)
    return {f"c{i}": rng.random(n) * 100.0 for i in range(CRITERIA)}


def money_columns(n: int, seed: int = 0) -> dict[str, NDArray[np.float64]]:
    """Make criteria with heavy tails, as money has."""
    rng = np.random.default_rng(seed)
    return {f"c{i}": rng.lognormal(10.0, 1.5, n) for i in range(CRITERIA)}


def scorer(value: ka.ValueFunction, group: str | None = None) -> ka.CompositeScorer:
    """Make a scorer that judges every criterion by the same value function."""
    names = [f"c{i}" for i in range(CRITERIA)]
    return ka.CompositeScorer(
        criteria=[ka.Criterion(n, column=n, value=value) for n in names],
        weights=ka.equal_weights(names),
        group=group,
    )
