"""`Enumeration`: exact probabilities without a grid, for up to 40 deals, by meeting in the middle.

All subset sums of either half are listed; for each sum of one half, the sums of the other that
complete it to the threshold are a tail of its sorted list (Horowitz, E. and Sahni, S. 1974,
Computing partitions with applications to the knapsack problem, Journal of the ACM 21).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Final

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Floats
from keyaccount.funnel.attainment.blocks import Block
from keyaccount.funnel.attainment.limbs import completing, limbs_for, sorting, subset_sums
from keyaccount.funnel.attainment.reach import Reach
from keyaccount.funnel.attainment.running import running_sums

MOST_DEALS = 40
"""Two halves of about a million subsets each. Measured on one core: amounts in cents take 0.7 s for
one target and 1.6 s for 20, which share the sorted halves; floats of very different size, whose
sums need several limbs, take 2.7 s and 17 s."""


@attrs.frozen(eq=False)
class Half:
    """One half: its deals' rows, and the sums of all their subsets (bit i: deal i is won)."""

    rows: tuple[int, ...]
    sums: NDArray[np.int64]
    """Sorted, in limbs."""
    order: Codes


@attrs.frozen(eq=False)
class Scenario:
    """One regime of the block that lies across both halves, and the subsets' chances under it."""

    weight: float
    chances: tuple[Floats, Floats]


class Enumeration:
    """The sum of at most 40 open deals, from all subsets of its two halves."""

    name: Final = "enumeration"

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks: tuple[Block, ...] = tuple(blocks)
        given = [v for b in self.blocks for v in b.values]
        self._unit: int = math.gcd(*given) or 1  # what only certain deals need is not in the limbs
        values = [v // self._unit for v in given]
        rows = [r for b in self.blocks for r in b.rows]
        self._total: int = sum(values)
        limbs = limbs_for(self._total)
        cut = len(values) // 2
        self.halves: tuple[Half, Half] = (
            _half(values[:cut], rows[:cut], limbs),
            _half(values[cut:], rows[cut:], limbs),
        )
        self.scenarios: tuple[Scenario, ...] = tuple(_scenarios(self.blocks, cut))

    def reach(self, thresholds: Sequence[int]) -> Reach:
        """Give the probability that the sum is at least each threshold, in units."""
        found = np.array([self._reach(t) for t in thresholds], dtype=np.float64)
        return Reach(found, found, found)

    def _reach(self, threshold: int) -> float:
        if threshold <= 0:
            return 1.0
        if threshold > self._total * self._unit:
            return 0.0
        start = self.completing(1, threshold)
        found = 0.0
        shared = zip(self.scenarios, self._sorted, self._tails, strict=True)
        for scenario, chances, tails in shared:
            found += scenario.weight * float((chances * tails[start]).sum())
        return min(found, 1.0)

    @cached_property
    def _tails(self) -> list[Floats]:
        """Give the chance of each sorted sum of the first half and all above it, per scenario."""
        return [self.tails(scenario, 0) for scenario in self.scenarios]

    @cached_property
    def _sorted(self) -> list[Floats]:
        """Give the chances of the sorted sums of the second half, per scenario: for all targets."""
        return [scenario.chances[1][self.halves[1].order] for scenario in self.scenarios]

    def tails(self, scenario: Scenario, side: int) -> Floats:
        """Give the chance of each sorted sum of a half and all above it, 0 after the last."""
        chances = scenario.chances[side][self.halves[side].order]
        return np.append(running_sums(chances[::-1])[::-1], 0.0)

    def completing(self, side: int, threshold: int) -> Codes:
        """Say from which of the other half's sorted sums on each sum of a half is completed."""
        here, other = self.halves[side], self.halves[1 - side]
        # Beyond the range all thresholds are alike, and limbs need not hold them.
        inside = min(max(-(-threshold // self._unit), 0), self._total + 1)
        return completing(here.sums, other.sums, inside)


def _half(values: Sequence[int], rows: Sequence[int], limbs: int) -> Half:
    sums = subset_sums(values, limbs)
    order = sorting(sums)
    return Half(tuple(rows), sums[:, order], order)


def _scenarios(blocks: Sequence[Block], cut: int) -> list[Scenario]:
    """Split the blocks at deal `cut`; a block that lies across is taken regime by regime."""
    before: list[Block] = []
    after: list[Block] = []
    across: Block | None = None
    place, inside = 0, 0
    for block in blocks:
        end = place + len(block)
        if place < cut < end:
            across, inside = block, cut - place
        else:
            (before if end <= cut else after).append(block)
        place = end
    if across is None:
        return [Scenario(1.0, (_subsets(before), _subsets(after)))]
    found = []
    for regime, weight in enumerate(across.weights):
        alone = across.in_regime(regime)
        head, tail = alone.take(range(inside)), alone.take(range(inside, len(alone)))
        halves = _subsets([*before, head]), _subsets([tail, *after])
        found.append(Scenario(weight, halves))
    return found


def _subsets(blocks: Sequence[Block]) -> Floats:
    """Give the chance of each subset of deals, bit i being deal i."""
    chances = np.ones(1)
    for block in blocks:
        inner = np.zeros(1 << len(block))
        for weight, row in zip(block.weights, block.chances, strict=True):
            inner += weight * _products(row)
        chances = np.multiply.outer(inner, chances).ravel()
    return chances


def _products(row: Floats) -> Floats:
    found = np.ones(1)
    for p in row.tolist():
        found = np.concatenate([found * (1.0 - p), found * p])
    return found
