"""One account through a fitted 4-criterion grouped scorer: value, bounds, contributions."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

import numpy as np

import keyaccount as ka
from benchmarks.harness import Ratio, absolute

CALLS = 20_000


def run() -> Iterator[Ratio]:
    rng = np.random.default_rng(0)
    n = 10_000
    book = {
        "sales_24m": rng.lognormal(10, 1, n),
        "potential_36m": rng.lognormal(9, 2, n),
        "showcase_rating": rng.integers(1, 6, n).astype(float),
        "win_rating": rng.integers(1, 6, n).astype(float),
        "industry": rng.choice(["finance", "retail", "carriers"], n),
    }
    fitted = ka.CompositeScorer(
        criteria=(
            ka.Criterion("sales", column="sales_24m", value=ka.Percentile()),
            ka.Criterion("potential", column="potential_36m", value=ka.Percentile()),
            ka.Criterion("showcase", column="showcase_rating", value=ka.Linear(1, 5)),
            ka.Criterion("win_and_deliver", column="win_rating", value=ka.Linear(1, 5)),
        ),
        weights=ka.market_weights("steady_growth"),
        group="industry",
    ).fit(book)
    account = {
        "sales_24m": 21_000.0,
        "potential_36m": 9_000.0,
        "showcase_rating": 4.0,
        "win_rating": 3.0,
        "industry": "finance",
    }

    def once() -> float:
        start = time.perf_counter()
        scores = fitted.score(account)
        _ = scores.value, scores.low, scores.high, scores.contributions
        return time.perf_counter() - start

    once()
    claim = "one account: value, bounds, contributions (median)"
    yield absolute(claim, median(once() for _ in range(CALLS)), "s", 50e-6)
