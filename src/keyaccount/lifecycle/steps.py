"""A change of level that lasts: one half of the periods wholly above or below the other.

The interval of a slope is blind to a step: within each half the slopes are 0 or noise, and
they keep its end at 0. What chance does is counted exactly, for both tests together.
"""

from __future__ import annotations

from functools import cache
from itertools import accumulate
from math import factorial

import numpy as np

from keyaccount._blocks import blocks
from keyaccount._columns import Codes, Floats
from keyaccount.lifecycle.trend import left_out, orders_by_inversions

__all__ = ["level_steps"]

_BLOCK = 4_096


def level_steps(values: Floats, points: Codes, level: float) -> Floats:
    """Give the change of level per step between the halves of the last `points` of each row.

    NaN where the halves overlap or touch, or where they are too short to tell at that level.
    """
    n, width = values.shape
    found = np.full(n, np.nan)
    for m in range(2, width + 1):
        rows = np.flatnonzero(points == m)
        if not len(rows) or not _tells(m, level):
            continue
        for part in blocks(len(rows), _BLOCK):
            found[rows[part]] = _steps(values[rows[part], width - m :])
    return found


def _steps(y: Floats) -> Floats:
    m = y.shape[1]
    early, late = np.sort(y[:, : m - m // 2], axis=1), np.sort(y[:, m - m // 2 :], axis=1)
    apart = (late[:, 0] > early[:, -1]) | (late[:, -1] < early[:, 0])
    change = (_middle(late) - _middle(early)) / (m / 2.0)  # the halves are so far apart
    return np.where(apart, change, np.nan)


def _middle(ordered: Floats) -> Floats:
    size = ordered.shape[1]
    low, high = ordered[:, (size - 1) // 2], ordered[:, size // 2]
    middle: Floats = low + 0.5 * (high - low)
    return middle


@cache
def _tells(m: int, level: float) -> bool:
    """Say whether chance shows a slope off 0 or a step no more often than `level` allows."""
    left = left_out(m, level)
    if left is None:
        return False
    late = m // 2
    slope = 2 * sum(orders_by_inversions(m)[: left + 1])
    # Halves apart have no inversion between them: the slope sees them where few are within.
    within = orders_by_inversions(late), orders_by_inversions(m - late)
    step_alone = 2 * _pairs_beyond(*within, left)
    return slope + step_alone <= (1.0 - level) * factorial(m)


def _pairs_beyond(a: list[int], b: list[int], most: int) -> int:
    """Count the pairs of orders, one of each kind, with more than `most` inversions in all."""
    beyond = [0, *accumulate(reversed(b))][::-1]  # how many of b have so many or more
    return sum(n * beyond[min(max(most + 1 - i, 0), len(b))] for i, n in enumerate(a))
