"""Where lines cross: how far one weight may move before the set, or one account, flips.

When one weight moves by ``t`` and the others are scaled so that the sum stays 1, each weighted sum
moves along a straight line in ``t``. The set of key accounts changes where the lowest line of those
inside meets the highest of those outside; both envelopes are found without comparing every pair.
"""

from __future__ import annotations

import math

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Floats


@attrs.frozen(eq=False)
class Lines:
    """Scores as lines: `at` where the weight is now, `slope` per unit of change of it."""

    at: Floats
    slope: Floats

    def take(self, rows: Bools) -> Lines:
        """Keep some of the lines."""
        return Lines(self.at[rows], self.slope[rows])

    def value(self, t: float) -> Floats:
        """Give the scores when the weight has moved by `t`."""
        found: Floats = self.at + self.slope * t
        return found


def lines_of(worths: Floats, weights: Floats, k: int, shift: Floats) -> Lines | None:
    """Write the weighted sums as lines in weight `k`; None where nothing can be rescaled."""
    rest = 1.0 - weights[k]
    if rest <= 0.0:
        return None
    others = np.zeros(len(worths))
    for j, weight in enumerate(weights):
        if j != k:
            others += worths[:, j] * weight
    at = others + worths[:, k] * weights[k] + shift
    return Lines(at, worths[:, k] - others / rest)


def first_crossing(inside: Lines, outside: Lines, reach: float) -> float | None:
    """Find the change nearest to 0, toward `reach`, from which an outside line is the higher.

    The gap between the lowest inside and the highest outside line is concave in the change. From
    the far end, each step goes to where the two lines that are worst there meet, and so comes down
    to the root from beyond.
    """
    if len(inside.at) == 0 or len(outside.at) == 0:
        return None
    t = reach
    while True:
        low, high = inside.value(t), outside.value(t)
        i, j = int(np.argmin(low)), int(np.argmax(high))
        if low[i] >= high[j]:
            return None if t == reach else t
        closer = _meeting(inside, i, outside, j)
        if not 0.0 <= closer * math.copysign(1.0, reach) < abs(t):
            return t
        t = closer


def _meeting(inside: Lines, i: int, outside: Lines, j: int) -> float:
    faster = float(outside.slope[j] - inside.slope[i])
    return float(inside.at[i] - outside.at[j]) / faster if faster else math.inf


def flip_of_one(
    own: tuple[float, float], rivals: Lines, blocks: Codes, seats: int, reach: float
) -> float | None:
    """Find the change nearest to 0, toward `reach`, at which one account goes in or out.

    The account (`own`: its score and slope) has a seat while the rivals ahead of it block fewer
    than `seats`. A threshold is a rival that blocks them all.
    """
    way = math.copysign(1.0, reach)
    gap, closing = rivals.at - own[0], (own[1] - rivals.slope) * way
    ahead = gap > 0.0
    blocked = int(blocks[ahead].sum())
    is_key = blocked < seats
    with np.errstate(divide="ignore", invalid="ignore"):
        times = gap / closing
    # A rival ahead is passed when the gap closes; one behind passes when it opens, the same number.
    meets = np.flatnonzero((closing != 0.0) & (times >= 0.0) & (times <= abs(reach)))
    meets = meets[(gap[meets] != 0.0) | (closing[meets] < 0.0)]
    order = meets[np.lexsort((ahead[meets] != is_key, times[meets]))]
    change = np.where(ahead[order], -blocks[order], blocks[order])
    flips = np.flatnonzero((blocked + np.cumsum(change) < seats) != is_key)
    return float(times[order[flips[0]]]) * way if len(flips) else None
