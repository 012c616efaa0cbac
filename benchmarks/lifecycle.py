"""Features of 10,000,000 orders beside their summary; a chain of 10 snapshots × 1,000,000."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import keyaccount as ka
from benchmarks.harness import Ratio, compare
from benchmarks.purchase_summary import AS_OF, CUSTOMERS, _log

SNAPSHOTS = 10
STATES = ("acquisition", "growth", "maturity", "decline", "churn")
NAMES: dict[str, Any] = {"customer": "customer", "at": "date", "amount": "amount"}


def _panel() -> Any:
    """Draw every account in some state at every time, as a frame with categories."""
    import pandas as pd

    random = np.random.default_rng(1)
    codes = random.integers(0, len(STATES), SNAPSHOTS * CUSTOMERS)
    return pd.DataFrame(
        {
            "account": np.tile(np.arange(CUSTOMERS), SNAPSHOTS),
            "period": np.repeat(np.arange(SNAPSHOTS), CUSTOMERS),
            "state": pd.Categorical.from_codes(codes, pd.Index(STATES)),
        }
    )


def _pandas(panel: Any) -> Any:
    """Count transitions as a user of pandas would; the rows are in order of time already."""
    after = panel.groupby("account", sort=False)["state"].shift(-1)
    return panel.assign(after=after).groupby(["state", "after"], observed=True).size()


def run() -> Iterator[Ratio]:
    log = _log()
    claim = "lifecycle features of 10,000,000 orders, every column"

    def features() -> Any:
        return ka.lifecycle_features(log, **NAMES, as_of=AS_OF).columns()

    def summary() -> Any:
        return ka.purchase_summary(log, **NAMES, as_of=AS_OF).columns()

    def short() -> Any:
        found = ka.purchase_summary(log, **NAMES, as_of=AS_OF)
        return found.first, found.last, found.count, found.total, found.mean

    yield compare(claim, features, "purchase summary, every column", summary, floor=2.0)
    yield compare(claim, features, "purchase summary, 5 columns", short, pairs=3)
    panel = _panel()
    chain = ka.StageChain.fit(panel)
    counts = np.array(chain.counts)
    assert counts.sum() == (SNAPSHOTS - 1) * CUSTOMERS
    theirs = _pandas(panel)
    assert theirs.to_numpy().tolist() == [
        counts[chain.states.index(a), chain.states.index(b)] for a, b in theirs.index
    ]
    yield compare(
        "chain of 10 snapshots × 1,000,000 accounts, with both tests",
        lambda: ka.StageChain.fit(panel),
        "pandas, counts alone",
        lambda: _pandas(panel),
        pairs=3,
    )
