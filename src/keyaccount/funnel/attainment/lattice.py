"""`Lattice`: the whole distribution of a sum, exact where all amounts lie on the lattice."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

import numpy as np

from keyaccount.funnel.attainment.blocks import Block
from keyaccount.funnel.attainment.convolution import add_block, nothing_yet
from keyaccount.funnel.attainment.reach import OFF, PER_DEAL, ROUNDING, Reach, Sum
from keyaccount.funnel.attainment.remainder import Rounding, rounded


class Lattice:
    """The sum of open deals in steps of whole units; `tiny` is what a tail may lose at a time."""

    def __init__(self, blocks: Sequence[Block], step: int, tiny: float) -> None:
        self.step: int = step
        self.tiny: float = tiny
        self.rounding: Rounding = Rounding([rounded(b, step) for b in blocks])
        mass = nothing_yet()
        for part in self.rounding.parts:
            mass = add_block(mass, part.block.weights, part.block.chances, part.counts, tiny)
        self.sum: Sum = Sum(
            mass,
            self.rounding.remainder(),
            step,
            sum(v for b in blocks for v in b.values),
            sum(len(b) for b in blocks),
        )

    @property
    def exact(self) -> bool:
        """Whether no amount had to be rounded."""
        return self.sum.remainder is None

    @property
    def name(self) -> Literal["unit", "lattice"]:
        """What the method is called."""
        return "unit" if self.exact else "lattice"

    def reach(self, thresholds: Sequence[int]) -> Reach:
        """Give the probability that the sum is at least each threshold, in units."""
        return self.sum.reach(thresholds)

    def points(self) -> list[int]:
        """List the sums, in units, at which the distribution is told."""
        steps = np.flatnonzero(self.sum.mass.weights > 0.0) + self.sum.mass.first
        return [int(k) * self.step for k in steps.tolist()]

    def quantile(self, share: float) -> tuple[int, int]:
        """Give what the smallest sum lies between that is not exceeded with probability `share`."""
        if self.sum.remainder is None:
            found = self._within(self.sum.mass.first_reaching(share), self.sum.total)
            return found, found
        bounds = self.sum.remainder
        # P(sum <= x) is at most P(lattice <= x - mean + d) + risk, and at least the same with -d
        # and less the risk; the best of the distances counts on each side.
        slack = self.sum.mass.lost + ROUNDING + PER_DEAL * self.sum.deals
        apart = bounds.distances.tolist()
        lows = [
            self.sum.mass.first_reaching(share - risk - slack) + bounds.mean - d
            for d, risk in zip(apart, bounds.below.tolist(), strict=True)
        ]
        highs = [
            self.sum.mass.first_reaching(share + risk + slack) + bounds.mean + d
            for d, risk in zip(apart, bounds.above.tolist(), strict=True)
        ]
        return self._within(max(lows) - OFF, 0), self._within(min(highs) + OFF, self.sum.total)

    def _within(self, steps: float, otherwise: int) -> int:
        """Turn a bound in steps into units, between the smallest and the largest sum."""
        if not math.isfinite(steps):
            return 0 if steps < 0.0 else self.sum.total
        units = Fraction(steps) * self.step
        whole = math.ceil(units) if otherwise else math.floor(units)
        return min(max(whole, 0), self.sum.total)
