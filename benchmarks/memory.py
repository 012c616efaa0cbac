"""Extra memory of scoring and of ranking, as a multiple of what they give."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import keyaccount as ka
from benchmarks.books import money_columns, scorer
from benchmarks.harness import Ratio

N = 2_000_000


def _peak(run: Callable[[], Any]) -> int:
    tracemalloc.start()
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    kept = run()
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    del kept
    return peak


def _multiple(claim: str, peak: int, size: int, floor: float) -> Ratio:
    ratio = peak / size
    return Ratio(claim, f"{size / 1e6:.0f} MB asked for", 0.0, 0.0, ratio, (ratio, ratio), floor)


def run() -> Iterator[Ratio]:
    columns = money_columns(N)
    fitted = scorer(ka.Percentile()).fit(columns)
    fitted.score({name: column[:10] for name, column in columns.items()})
    value = _peak(lambda: fitted.score(columns).value)
    yield _multiple("peak memory of scoring: value", value, 8 * N, 1.5)

    def everything() -> Any:
        scores = fitted.score(columns)
        return scores, scores.low, scores.high, scores.contributions

    size = 8 * N * (3 + len(columns))
    claim = "peak memory of scoring: value, bounds, contributions"
    yield _multiple(claim, _peak(everything), size, 1.5)
    scores = fitted.score(columns)
    yield _multiple("peak memory of ranking", _peak(lambda: scores.rank), 8 * N, 5.0)
