"""`Mass`: the distribution of a sum on a lattice, and adding deals to it one after another.

A deal of `c` steps that is won with probability `p` turns ``w[k]`` into ``(1-p)·w[k] + p·w[k-c]``.
Every term is at least 0, so that nothing cancels: each entry keeps a relative accuracy of a few
roundings per deal. The rarer of the two outcomes is added to the other in place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Floats
from keyaccount.funnel.attainment.running import running_sums

_CHUNK = 8
"""Deals added between two trimmings."""

_PIECE = 32_768
"""Entries added at a time: source, product and sum of so many stay in a second-level cache."""

_GRAIN = 64
"""Tails are trimmed in pieces of so many entries, which sum fast."""


class Mass:
    """Weights of the sums ``first, first + 1, …``; `lost` is what was trimmed off the tails."""

    def __init__(self, first: int, weights: Floats, lost: float) -> None:
        self.first: int = first
        self.weights: Floats = weights
        self.lost: float = lost

    @cached_property
    def _above(self) -> Floats:
        return np.append(running_sums(self.weights[::-1])[::-1], 0.0)

    @cached_property
    def _below(self) -> Floats:
        return np.insert(running_sums(self.weights), 0, 0.0)

    def at_least(self, sums: Codes) -> Floats:
        """Give the weight of all sums from each of these on."""
        found: Floats = self._above[np.clip(sums - self.first, 0, len(self.weights))]
        return found

    def below(self, sums: Codes) -> Floats:
        """Give the weight of all sums below each of these."""
        found: Floats = self._below[np.clip(sums - self.first, 0, len(self.weights))]
        return found

    def first_reaching(self, weight: float) -> float:
        """Give the smallest sum such that it and all below have at least this weight.

        Minus infinity for no weight at all, infinity for more than there is.
        """
        if weight <= 0.0:
            return -math.inf
        place = int(np.searchsorted(self._below[1:], weight, side="left"))
        return math.inf if place == len(self.weights) else float(self.first + place)


def nothing_yet() -> Mass:
    """Give the distribution of the sum of no deals."""
    return Mass(0, np.ones(1), 0.0)


def add_deals(mass: Mass, counts: Codes, chances: Floats, tiny: float) -> Mass:
    """Add independent deals; `tiny` is what each end may lose at a time."""
    for start in range(0, len(counts), _CHUNK):
        part = slice(start, start + _CHUNK)
        mass = _trimmed(_added(mass, counts[part], chances[part]), tiny)
    return mass


def add_block(
    mass: Mass, weights: Sequence[float], chances: NDArray[np.float64], counts: Codes, tiny: float
) -> Mass:
    """Add deals that are independent in each of several regimes."""
    found = [add_deals(mass, counts, p, tiny) for p in chances]
    return found[0] if len(found) == 1 else _mixed(found, weights)


def _mixed(masses: Sequence[Mass], weights: Sequence[float]) -> Mass:
    first = min(m.first for m in masses)
    end = max(m.first + len(m.weights) for m in masses)
    mixed, lost = np.zeros(end - first), 0.0
    for mass, weight in zip(masses, weights, strict=True):
        start = mass.first - first
        mixed[start : start + len(mass.weights)] += weight * mass.weights
        lost += weight * mass.lost
    return Mass(first, mixed, lost)


def _added(mass: Mass, counts: Codes, chances: Floats) -> Mass:
    likely = chances > 0.5  # noqa: PLR2004 - more likely won than lost
    low, size = int(counts[likely].sum()), len(mass.weights)
    room = np.zeros(low + size + int(counts[~likely].sum()))
    high = low + size
    room[low:high] = mass.weights
    product = np.empty(min(len(room), _PIECE))
    scale = 1.0
    for count, p in zip(counts.tolist(), chances.tolist(), strict=True):
        if p > 0.5:  # noqa: PLR2004 - the base is the deal won, and losing it lies below
            _add_shifted(room, slice(low, high), -count, (1.0 - p) / p, product)
            scale *= p
            low -= count
        else:
            _add_shifted(room, slice(low, high), count, p / (1.0 - p), product)
            scale *= 1.0 - p
            high += count
    room *= scale
    return Mass(mass.first, room, mass.lost)


def _add_shifted(
    room: Floats, filled: slice[int, int, None], shift: int, factor: float, product: Floats
) -> None:
    """Add ``factor`` times a range to itself, shifted; pieces are read before they are changed."""
    starts = range(filled.start, filled.stop, len(product))
    for start in reversed(starts) if shift > 0 else starts:
        end = min(start + len(product), filled.stop)
        part = product[: end - start]
        np.multiply(room[start:end], factor, out=part)
        moved = room[start + shift : end + shift]
        np.add(moved, part, out=moved)


def _trimmed(mass: Mass, tiny: float) -> Mass:
    """Cut both tails as far as neither loses more than `tiny`."""
    size = len(mass.weights)
    grains = size // _GRAIN
    if grains < 4:  # noqa: PLR2004 - nothing to win
        return mass
    whole = grains * _GRAIN
    sums = mass.weights[:whole].reshape(grains, _GRAIN).sum(axis=1)
    rest = float(mass.weights[whole:].sum())
    from_below, from_above = np.cumsum(sums), rest + np.cumsum(sums[::-1])
    below = int(np.searchsorted(from_below, tiny, side="right"))
    above = int(np.searchsorted(from_above, tiny, side="right"))
    if below + above >= grains:
        return mass
    end = size if rest > tiny else whole - above * _GRAIN
    lost = (from_below[below - 1] if below else 0.0) + (
        0.0 if end == size else float(from_above[above - 1]) if above else rest
    )
    start = below * _GRAIN
    return Mass(mass.first + start, mass.weights[start:end], mass.lost + float(lost))
