"""Fitting the BG/NBD beside lifetimes: on a small book and on 900,000 customers."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

import keyaccount as ka
from benchmarks.harness import Ratio, compare
from keyaccount.lifecycle.buying.patterns import Patterns

SMALL = 2_357
LARGE = 900_000
TRUTH = (0.243, 4.414, 0.793, 2.426)
"""The parameters published for CDNOW: a book as sparse as real ones."""
PEER = "lifetimes BetaGeoFitter"


def run() -> Iterator[Ratio]:
    small, large = _book(SMALL, 0), _book(LARGE, 1)
    for book, pairs in ((small, 7), (large, 3)):
        ours, theirs = ka.BetaGeometricNBD.fit(*book), _lifetimes(book)
        reached = _log_likelihood(book, theirs)
        _report(len(book[0]), ours.log_likelihood, reached)
        assert ours.log_likelihood >= reached - 1e-9 * abs(reached)
        yield compare(
            f"BG/NBD, {len(book[0]):,} customers",
            lambda book=book: ka.BetaGeometricNBD.fit(*book),  # type: ignore[misc]
            PEER,
            lambda book=book: _lifetimes(book),  # type: ignore[misc]
            floor=1 / 5,
            pairs=pairs,
            warm_up=0,
        )


def _log_likelihood(book: tuple[Any, Any, Any], theirs: Any) -> float:
    """Hold the estimates of the peer to the likelihood both maximise."""
    patterns = Patterns.among(*book)
    theta = np.log([theirs.params_[name] for name in ("r", "alpha", "a", "b")])
    kernel = ka.BetaGeometricNBD.kernel()
    return kernel.mean_log_likelihood(theta, patterns)[0] * len(book[0])


def _report(customers: int, ours: float, theirs: float) -> None:
    print(f"log-likelihood on {customers:,} customers: {ours:.4f}, lifetimes {theirs:.4f}")


def _book(n: int, seed: int) -> tuple[Any, Any, Any]:
    """Draw customers of the model, observed for 27 to 39 weeks, with days as fractions of weeks."""
    rng = np.random.default_rng(seed)
    r, alpha, a, b = TRUTH
    age = rng.integers(27 * 7, 39 * 7 + 1, n).astype(np.float64)
    rate, leaves = rng.gamma(r, 1.0 / alpha, n) / 7.0, rng.beta(a, b, n)
    x, last, now = np.zeros(n), np.zeros(n), np.zeros(n)
    active = np.arange(n)
    while len(active):
        now[active] += np.ceil(rng.exponential(1.0, len(active)) / np.maximum(rate[active], 1e-9))
        active = active[now[active] <= age[active]]
        x[active] += 1.0
        last[active] = now[active]
        active = active[rng.random(len(active)) >= leaves[active]]
    return x, last / 7.0, age / 7.0


def _lifetimes(book: tuple[Any, Any, Any]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it divides by 0 on the way, and says so
        from lifetimes import BetaGeoFitter

        return BetaGeoFitter(penalizer_coef=0.0).fit(*book)
