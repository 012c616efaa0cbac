"""Choose the way to a probability: enumerate, count in the shared unit, or round to a lattice."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from keyaccount.funnel.attainment.blocks import Block
from keyaccount.funnel.attainment.enumeration import MOST_DEALS, Enumeration
from keyaccount.funnel.attainment.lattice import Lattice
from keyaccount.funnel.attainment.running import running_sums

_EXACT_WORK = 4e8
"""Entries updated, at most, to be exact: about a quarter of a second."""

_MOST_WORK = 3e9
"""Entries updated, at most, to narrow the bounds: one or two seconds."""

_SMALL_WORK = 3e7
"""Up to so much, tails are kept whole, down to the smallest probabilities there are."""

_PER_SUBSET = 1_000.0
"""What one subset of a half costs, in entries updated."""

_NOTHING, _ROUNDING_TAIL = 1e-290, 1e-20
"""What a tail may lose at a time in a small exact distribution, and in a large one."""

_PILOT = 200
"""Steps to a standard deviation in the first look at a distribution."""

_RISK_DISTANCE = 4.65
"""Distance, in deviations of the remainder, at which the bounds of width 10⁻³ are narrowest."""

_TRIES = 4
_WORTHWHILE = 0.9
"""A finer lattice has to narrow the bounds so far: a sum as likely as this stays inside them."""
_WHOLE, _EXACT_SPREAD, _LATTICE_SPREAD = 1e30, 9.5, 5.5
"""How far tails reach on either side, in standard deviations: not trimmed, a little, more."""

_ROOM = 16.0
"""Room for a deal before tails are trimmed, in sizes of the deal: eight are added at a time."""

_MOST_ENTRIES = 2e7
"""Points of a lattice over the whole range, at most: a deal may be large and all but impossible."""


def work(blocks: Sequence[Block], spread: float) -> float:
    """Estimate the entries updated by adding all deals, per entry of the whole range."""
    total = sum(v for b in blocks for v in b.values)
    reached = variance = found = 0.0
    for block in blocks:
        sizes = np.array([v / total for v in block.values])
        mean = np.zeros(len(block))
        for weight, row in zip(block.weights, block.chances, strict=True):
            mean += weight * row
        ranges = reached + np.cumsum(sizes)
        variances = variance + np.cumsum(sizes * sizes * mean * (1.0 - mean))
        window = np.minimum(ranges, 2.0 * spread * np.sqrt(variances) + _ROOM * sizes)
        found += len(block.weights) * float(window.sum())
        reached, variance = float(ranges[-1]), float(variances[-1])
    return found


def exact_sums(blocks: Sequence[Block]) -> Lattice | None:
    """Count in units, where their number allows it."""
    unit = _shared(blocks)
    entries = _entries(blocks, unit)
    if work(blocks, _WHOLE) * entries <= _SMALL_WORK:
        return Lattice(blocks, unit, _NOTHING)
    if work(blocks, _EXACT_SPREAD) * entries <= _EXACT_WORK:
        return Lattice(blocks, unit, _ROUNDING_TAIL)
    return None


def enumerated(blocks: Sequence[Block]) -> Enumeration | None:
    """Enumerate subsets, where the deals are few and counting in units costs more."""
    deals = sum(len(b) for b in blocks)
    if deals > MOST_DEALS:
        return None
    cost = 2.0 ** (-(-deals // 2)) * _PER_SUBSET
    entries = _entries(blocks, _shared(blocks))
    return Enumeration(blocks) if work(blocks, _WHOLE) * entries > cost else None


def bounded_sums(blocks: Sequence[Block], width: float, thresholds: Sequence[int]) -> Lattice:
    """Round to a lattice fine enough that the bounds at the thresholds are `width` apart."""
    entries, effort = _entries(blocks), work(blocks, _LATTICE_SPREAD)
    finest = max(effort * entries / _MOST_WORK, entries / _MOST_ENTRIES, 1.0)
    step = max(_step(blocks, width), finest)
    tiny = _tail(blocks, width)
    found = Lattice(blocks, _whole(step), tiny)
    before = math.inf
    for _ in range(_TRIES):
        said = found.reach(thresholds)
        apart = float((said.high - said.low).max(initial=0.0))
        if apart <= width or step <= finest or apart > _WORTHWHILE * before:
            break
        before = apart
        step = max(step * min(max(0.85 * width / apart, 0.1), 0.85), finest)
        found = Lattice(blocks, _whole(step), tiny)
    return found


def whole_sums(blocks: Sequence[Block], width: float) -> Lattice:
    """Give the whole distribution, exact where the shared unit allows it."""
    if not blocks:
        return Lattice((), 1, 0.0)
    return exact_sums(blocks) or bounded_sums(blocks, width, _median(blocks))


def chosen(
    blocks: Sequence[Block], width: float, thresholds: Sequence[int]
) -> Enumeration | Lattice:
    """Choose the cheapest exact way, else a lattice."""
    if not blocks:
        return Lattice((), 1, 0.0)
    return enumerated(blocks) or exact_sums(blocks) or bounded_sums(blocks, width, thresholds)


def _step(blocks: Sequence[Block], width: float) -> float:
    """Choose a step, in units, from the density of the sum in a first look at it."""
    pilot = _pilot(blocks)
    noise = sum(_noise(b) for b in blocks)
    reach = max(1, math.ceil(_RISK_DISTANCE * math.sqrt(noise)))
    sums = np.pad(running_sums(pilot.sum.mass.weights), (reach, reach), mode="edge")
    sums[:reach] = 0.0
    density = float((sums[2 * reach :] - sums[: -2 * reach]).max()) / (2 * reach * pilot.step)
    apart = 2.0 * _RISK_DISTANCE * math.sqrt(noise) * density
    return min(0.9 * width / apart, float(pilot.step)) if apart > 0.0 else float(pilot.step)


def _noise(block: Block) -> float:
    """Give the variance of the remainder of a block, in steps squared, errors being even."""
    mean = np.zeros(len(block))
    for weight, row in zip(block.weights, block.chances, strict=True):
        mean += weight * row
    return float((mean * (1.0 - mean)).sum()) / 12.0


def _pilot(blocks: Sequence[Block]) -> Lattice:
    total = sum(v for b in blocks for v in b.values)
    deviation = math.sqrt(sum(b.variance(np.array([v / total for v in b.values])) for b in blocks))
    step = max(deviation / _PILOT, 1.0 / _MOST_ENTRIES) * _entries(blocks)
    return Lattice(blocks, _whole(step), 1e-9)


def _median(blocks: Sequence[Block]) -> list[int]:
    return list(_pilot(blocks).quantile(0.5))


def _tail(blocks: Sequence[Block], width: float) -> float:
    """Let all trimmed tails together take a hundredth of the width."""
    deals = sum(len(b) for b in blocks)
    return 0.01 * width / (deals + 2.0 * len(blocks) + 1.0)


def _shared(blocks: Sequence[Block]) -> int:
    """Give the largest unit that the open deals share; certain ones only move the threshold."""
    return math.gcd(*(v for b in blocks for v in b.values))


def _entries(blocks: Sequence[Block], unit: int = 1) -> float:
    """Count the units of the whole range, as far as a float goes."""
    return float(min(sum(v for b in blocks for v in b.values) // unit, 10**300))


def _whole(step: float) -> int:
    return max(int(step), 1)
