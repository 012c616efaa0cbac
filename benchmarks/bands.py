"""Band codes of 10,000,000 rows beside a binary search per row."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import keyaccount as ka
from benchmarks.harness import Ratio, compare

N = 10_000_000


def run() -> Iterator[Ratio]:
    x = np.random.default_rng(0).lognormal(10, 1.5, N)
    for cuts in (2, 5, 9):
        edges = np.quantile(x[:100_000], np.linspace(0.1, 0.9, cuts))
        bands = ka.Cuts(edges)

        def theirs(edges: np.ndarray = edges) -> object:
            return np.searchsorted(edges, x, side="right")

        def ours(bands: ka.Cuts = bands) -> object:
            return bands.codes(x)

        assert (ours() == theirs()).all()  # type: ignore[attr-defined]  # both are arrays
        yield compare(
            f"band codes of 10,000,000 rows, {cuts} cuts",
            ours,
            "np.searchsorted",
            theirs,
            floor=1 / 5,
        )
