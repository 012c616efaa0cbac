"""The probability of reaching a target: 1,000 deals with and without a shared unit, 40 without."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

import keyaccount as ka
from benchmarks.harness import Ratio, absolute, compare

N = 1_000
DRAWS = 100_000
WIDTH = 1e-3
SIMULATED = "numpy, 100,000 draws (± .003)"

Floats = NDArray[np.float64]


def run() -> Iterator[Ratio]:
    rng = np.random.default_rng(0)
    chances = rng.random(N)
    scattered = rng.lognormal(11.0, 1.0, N)
    shared = 1_000.0 * np.ceil(scattered / 1_000.0)
    targets = [1.02 * float((a * chances).sum()) for a in (scattered, shared)]
    _assert_binomial()
    _assert_bracketed(shared, chances, targets[1])
    _assert_simulated(scattered, chances, targets[0])

    bounds = ka.attainment(scattered, chances, targets[0])
    assert bounds.high - bounds.low <= WIDTH
    yield absolute(
        f"attainment, {N:,} deals, bounds ≤ 10⁻³ apart",
        _seconds(lambda: ka.attainment(scattered, chances, targets[0])),
        "s",
        0.150,
    )
    yield absolute(
        f"attainment, {N:,} deals in a shared unit, exact",
        _seconds(lambda: ka.attainment(shared, chances, targets[1])),
        "s",
        0.050,
    )
    yield compare(
        f"attainment, {N:,} deals in a shared unit, exact",
        lambda: ka.attainment(shared, chances, targets[1]),
        "numpy.convolve, deal by deal",
        lambda: _convolved(shared, chances, targets[1]),
        floor=1.0,
        pairs=3,
    )
    few, odds = scattered[:40], chances[:40]
    target = float((few * odds).sum())
    assert ka.attainment(few, odds, target).method == "enumeration"
    yield compare(
        "attainment, 40 deals, exact without a grid",
        lambda: ka.attainment(few, odds, target),
        SIMULATED,
        lambda: _simulated(few, odds, target),
        pairs=3,
    )
    yield compare(
        f"attainment, {N:,} deals, bounds ≤ 10⁻³ apart",
        lambda: ka.attainment(scattered, chances, targets[0]),
        SIMULATED,
        lambda: _simulated(scattered, chances, targets[0]),
        pairs=3,
    )


def _seconds(run_once: Callable[[], Any]) -> float:
    """Give the median of nine runs."""
    run_once()
    times = []
    for _ in range(9):
        start = time.perf_counter()
        run_once()
        times.append(time.perf_counter() - start)
    return median(times)


def _simulated(amounts: Floats, chances: Floats, target: float) -> float:
    rng = np.random.default_rng(1)
    won = 0
    for _ in range(10):  # in ten parts: all draws at once would take a gigabyte
        drawn = rng.random((DRAWS // 10, len(amounts))) < chances
        won += int((drawn @ amounts >= target).sum())
    return won / DRAWS


def _convolved(amounts: Floats, chances: Floats, target: float) -> float:
    weights = np.ones(1)
    for units, p in zip((amounts / 1_000.0).astype(int).tolist(), chances.tolist(), strict=True):
        deal = np.zeros(units + 1)
        deal[0], deal[units] = 1.0 - p, p
        weights = np.convolve(weights, deal)
    return float(weights[math.ceil(target / 1_000.0) :].sum())


def _assert_binomial() -> None:
    """Hold equal deals to the tail of a binomial in whole numbers."""
    ways = sum(math.comb(N, k) * 3 ** (N - k) for k in range(260, N + 1))
    found = ka.attainment([500.0] * N, [0.25] * N, 260 * 500.0)
    assert found.exact
    assert abs(found.probability - float(Fraction(ways, 4**N))) < 1e-12


def _assert_bracketed(shared: Floats, chances: Floats, target: float) -> None:
    """Hold bounds of amounts with a dust of their own to the exact result without it."""
    exact = ka.attainment(shared, chances, target).probability
    assert abs(exact - _convolved(shared, chances, target)) < 1e-9
    dust = 1e-7 * np.random.default_rng(2).random(N)
    below = ka.attainment(shared - dust, chances, target - 1.0)
    above = ka.attainment(shared + dust, chances, target + 1.0)
    assert above.low <= exact <= below.high
    assert below.high - above.low < 4.0 * WIDTH


def _assert_simulated(amounts: Floats, chances: Floats, target: float) -> None:
    found = ka.attainment(amounts, chances, target)
    error = 5.0 * 0.5 / math.sqrt(DRAWS)
    simulated = _simulated(amounts, chances, target)
    assert found.low - error <= simulated <= found.high + error
