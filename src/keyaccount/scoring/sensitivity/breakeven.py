"""Where lines cross: how far one weight may move before somebody passes somebody.

When one weight moves by ``t`` and the others are scaled so that the sum stays 1, each weighted sum
moves along a straight line in ``t``. A set of lines changes places with those below it where the
lowest line of the one meets the highest of the other; both envelopes are found without comparing
every pair.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Floats

DECIMALS = 13
"""Slopes that agree to so many decimals are the same: the rest is what adding up in floats costs,
and accounts that stay tied whatever the weight must not seem to part."""

TOGETHER = 1e-12
"""Lines that meet within so small a change of the weight meet at once."""


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


def level(at: float) -> Lines:
    """Write a threshold as a line that never moves; none where it is infinite."""
    return Lines(np.array([at]), np.zeros(1)) if math.isfinite(at) else Lines(*np.empty((2, 0)))


def slopes_of(worths: Floats, weights: Floats, k: int) -> Floats | None:
    """Give the slope of each weighted sum in weight `k`; None where nothing can be rescaled."""
    rest = math.fsum(w for j, w in enumerate(weights.tolist()) if j != k)
    if rest <= 0.0:
        return None
    others = np.zeros(len(worths))
    for j, weight in enumerate(weights.tolist()):
        if j != k:
            others += worths[:, j] * weight
    found: Floats = np.round(worths[:, k] - others / rest, DECIMALS)
    return found


def first_crossing(inside: Lines, outside: Lines, reach: float) -> float | None:
    """Find the change nearest to 0, toward `reach`, from which an outside line is the higher.

    The gap between the lowest inside and the highest outside line is concave in the change. From
    the far end, each step goes to where the two lines that are worst there meet, and so comes down
    to the root from beyond. No step goes back, and no two lines meet twice: the steps end.
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


def nearest(changes: Iterable[float | None]) -> float | None:
    """Give the smallest change, None where there is none."""
    return min((c for c in changes if c is not None), key=abs, default=None)


def first_flip(
    times: Floats, change: Codes, *, blocked: int, seats: int, reach: float
) -> float | None:
    """Find when an account goes in or out: it is in while fewer than `seats` seats are blocked.

    Each of the `times` up to `reach`, above 0, so many more seats are blocked as `change` says.
    """
    soon = np.flatnonzero((times > 0.0) & (times <= reach))
    for many in (256, len(soon)):  # the first few are mostly enough, and sorting all is dear
        some = soon
        if many < len(soon):
            some = soon[np.argpartition(times[soon], many)[:many]]
        order = some[np.argsort(times[some])]
        found = _flip_in_order(times[order], change[order], blocked, seats)
        if found is not None and (found < len(order) - 1 or len(order) == len(soon)):
            return float(times[order[found]])
    return None


def _flip_in_order(times: Floats, change: Codes, blocked: int, seats: int) -> int | None:
    ends = np.flatnonzero(np.append(np.diff(times) > TOGETHER, [True] * (len(times) > 0)))
    after = blocked + np.cumsum(change)[ends]
    flips = np.flatnonzero((after < seats) != (blocked < seats))
    return int(ends[flips[0]]) if len(flips) else None
