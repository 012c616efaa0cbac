"""`Percentile` with 101 knots beside a binary search per value, and with groups beside without."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import keyaccount as ka
from benchmarks.books import money_columns, scorer
from benchmarks.harness import Ratio, compare

N = 1_000_000
GROUPS = 50


def run() -> Iterator[Ratio]:
    columns = money_columns(N)
    fitted = scorer(ka.Percentile()).fit(columns)
    weight = 1.0 / len(columns)
    knots = []
    for criterion in fitted.criteria:
        assert isinstance(criterion.value, ka.Percentile)
        assert criterion.value.knots is not None
        knots.append(np.array(criterion.value.knots).T)

    def ours() -> object:
        return fitted.score(columns).value

    def interp() -> object:
        total = np.zeros(N)
        for column, (x, y) in zip(columns.values(), knots, strict=True):
            total += np.interp(column, x, y) * weight
        return total

    assert np.allclose(ours(), interp())  # type: ignore[arg-type]  # both are arrays
    claim = "Percentile, 101 knots, 1,000,000 × 8"
    yield compare(claim, ours, "np.interp", interp, floor=1 / 3.5)

    labels = np.array([f"industry {g}" for g in range(GROUPS)], dtype=object)
    book = {**columns, "industry": labels[np.random.default_rng(1).integers(0, GROUPS, N)]}
    grouped = scorer(ka.Percentile(), group="industry").fit(book)
    yield compare(
        f"Percentile in {GROUPS} groups, labels as Python texts",
        lambda: grouped.score(book).value,
        "the same without groups",
        ours,
        floor=5.0,
    )
