"""Time two functions in turn and compare them pair by pair.

Machines are shared and drift: the two sides run interleaved, after a warm-up, and the median of the
ratios of the pairs is quoted.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import attrs


@attrs.frozen
class Ratio:
    """Our time as a fraction of the peer's, and what was promised."""

    claim: str
    peer: str
    ours: float
    theirs: float
    ratio: float
    spread: tuple[float, float]
    floor: float | None

    @property
    def verdict(self) -> str:
        """Say whether the promise holds in this run."""
        if self.floor is None:
            return ""
        return "holds" if self.ratio <= self.floor else "MISSED"

    def line(self) -> str:
        """Write the ratio as a line of the table."""
        floor = "" if self.floor is None else f"{self.floor:.4g}"
        low, high = self.spread
        return (
            f"{self.claim:<58}{self.peer:<34}{_time(self.ours):>10}{_time(self.theirs):>10}"
            f"{self.ratio:>9.4f} ({low:.4f}..{high:.4f}){floor:>9}  {self.verdict}"
        )


def _time(seconds: float) -> str:
    return f"{seconds * 1e6:.1f} µs" if seconds < 1e-3 else f"{seconds * 1e3:.1f} ms"


_COLUMNS = (("claim", -58), ("peer", -34), ("ours", 10), ("theirs", 10), ("ratio", 9))
HEAD = "".join(f"{n:<{-w}}" if w < 0 else f"{n:>{w}}" for n, w in _COLUMNS) + (
    f" {'(all pairs)':<17}{'floor':>8}"
)


def compare(
    claim: str,
    ours: Callable[[], Any],
    peer: str,
    theirs: Callable[[], Any],
    *,
    floor: float | None = None,
    pairs: int = 7,
    warm_up: int = 1,
) -> Ratio:
    """Time both sides in turn; `floor` is the largest ratio that was promised."""
    for _ in range(warm_up):
        ours()
        theirs()
    times = [(_timed(ours), _timed(theirs)) for _ in range(pairs)]
    ratios = sorted(a / b for a, b in times)
    return Ratio(
        claim,
        peer,
        median(a for a, _ in times),
        median(b for _, b in times),
        median(ratios),
        (ratios[0], ratios[-1]),
        floor,
    )


def absolute(claim: str, measured: float, unit: str, floor: float) -> Ratio:
    """Hold a measured figure to a promised one."""
    ratio = measured / floor
    return Ratio(claim, f"{floor:g} {unit}", measured, floor, ratio, (ratio, ratio), 1.0)


def _timed(run: Callable[[], Any]) -> float:
    with _no_collection():
        start = time.perf_counter()
        run()
        return time.perf_counter() - start


@contextmanager
def _no_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
