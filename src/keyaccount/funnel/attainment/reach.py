"""The probability of reaching a threshold, and what it lies between."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np

from keyaccount._columns import Codes, Floats
from keyaccount.funnel.attainment.convolution import Mass
from keyaccount.funnel.attainment.remainder import Remainder

ROUNDING = 1e-12
"""Covers the rounding of a convolution: a few units of 2⁻⁵³ per deal, for up to 1,000 deals."""

PER_DEAL = 4e-16
OFF = 1e-9
"""Covers the rounding of a threshold counted in steps."""


@attrs.frozen(eq=False)
class Reach:
    """The probability per threshold; low and high are equal where it is exact."""

    probability: Floats
    low: Floats
    high: Floats


@attrs.frozen(eq=False)
class Sum:
    """A sum of deals on a lattice, as far as reaching a threshold needs it; `total` is in units."""

    mass: Mass
    remainder: Remainder | None
    step: int
    total: int
    deals: int

    def reach(self, thresholds: Sequence[int]) -> Reach:
        """Give the probability that the sum is at least each threshold, in units."""
        inside = [min(max(t, 0), self.total + 1) for t in thresholds]
        found = self._computed(inside)
        sure = np.array([t <= 0 for t in thresholds], dtype=bool)
        never = np.array([t > self.total for t in thresholds], dtype=bool)
        told = (found.probability, found.low, found.high)
        # What needs no computation: nothing is missing, or all deals together fall short.
        return Reach(*(np.where(sure, 1.0, np.where(never, 0.0, x)) for x in told))

    def _computed(self, thresholds: Sequence[int]) -> Reach:
        mass, bounds = self.mass, self.remainder
        if bounds is None:
            found = _exactly(mass, [-(-t // self.step) for t in thresholds])
            return Reach(found, found, found)
        places = np.array([t / self.step for t in thresholds], dtype=np.float64) - bounds.mean
        apart = bounds.distances[:, np.newaxis] + (OFF + 1e-12 * np.abs(places))
        rounding = ROUNDING + PER_DEAL * self.deals
        low = mass.at_least(_up(places + apart)) * (1.0 - rounding) - bounds.below[:, np.newaxis]
        high = mass.at_least(_up(places - apart)) * (1.0 + rounding) + bounds.above[:, np.newaxis]
        lowest = np.maximum(low.max(axis=0), 0.0)
        highest = np.maximum(np.minimum(high.min(axis=0) + mass.lost, 1.0), lowest)
        # The lattice's own say, kept between the bounds: all three fall as the threshold rises.
        middle = mass.at_least(_up(places)) + 0.5 * mass.lost
        return Reach(np.minimum(np.maximum(middle, lowest), highest), lowest, highest)


def _exactly(mass: Mass, sums: Sequence[int]) -> Floats:
    """Give the probability of at least each sum, from the smaller of the two tails."""
    end = mass.first + len(mass.weights)
    asked = np.array([min(max(s, mass.first), end) for s in sums], dtype=np.int64)
    upper, lower = mass.at_least(asked), mass.below(asked)
    found: Floats = np.where(upper <= lower, upper, np.maximum(1.0 - lower, 0.0))
    return found


def _up(places: Floats) -> Codes:
    found: Codes = np.ceil(places).astype(np.int64)
    return found
