"""Exact concentration of 10,000,000 customers beside the same formulae in plain numpy floats."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

import keyaccount as ka
from benchmarks.harness import Ratio, compare

N = 10_000_000


def floats(x: np.ndarray) -> tuple[float, ...]:
    """Gini, HHI, share of the top 20 % and customers for 80 %, by sorting and running sums."""
    ordered = np.sort(x)[::-1]
    running = np.cumsum(ordered)
    total = running[-1]
    shares = ordered / total
    gini = (2.0 * running.sum() / total - (N + 1)) / N
    fewest = np.searchsorted(running, 0.8 * total) + 1
    return float(gini), float(np.square(shares).sum()), float(running[N // 5 - 1] / total), fewest


def exact(x: np.ndarray) -> tuple[float, ...]:
    """Measure the same exactly."""
    found = ka.Concentration.of(x)
    return found.gini, found.hhi, found.top_share(0.2), found.customers_for(0.8).customers


def run() -> Iterator[Ratio]:
    drawn = np.random.default_rng(0).lognormal(5, 1.5, N)
    for kind, x in (("cents", np.round(drawn, 2)), ("any floats", drawn)):
        assert np.allclose(exact(x), floats(x), rtol=1e-6)
        yield compare(
            f"concentration of 10,000,000 customers, {kind}",
            partial(exact, x),
            "numpy floats, order-dependent",
            partial(floats, x),
        )
