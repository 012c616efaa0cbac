"""A robust slope with an exact interval: Theil's line through the spend of a few periods."""

from __future__ import annotations

import math
from functools import cache
from itertools import combinations

import attrs
import numpy as np

from keyaccount._blocks import blocks
from keyaccount._columns import Codes, Floats

__all__ = ["Trends", "left_out", "median_rows", "orders_by_inversions", "theil_sen"]

_BLOCK = 4_096


@attrs.frozen(eq=False)
class Trends:
    """The slope of each row and the ends of its interval.

    Attributes
    ----------
    slope, low, high
        Per step; NaN where there are too few points (for a slope 2, for an interval at 90 % 4).
    """

    slope: Floats
    low: Floats
    high: Floats


def theil_sen(values: Floats, points: Codes, level: float) -> Trends:
    """Fit the median slope to the last `points` entries of each row, one step apart.

    The interval is that of Theil (1950), by the exact distribution of Kendall's statistic: it holds
    the slope with probability `level` or more, and ties make it wider than it need be.
    """
    n, width = values.shape
    found = Trends(*(np.full(n, np.nan) for _ in range(3)))
    for m in range(2, width + 1):
        rows = np.flatnonzero(points == m)
        for part in blocks(len(rows), _BLOCK):
            _fit(values[rows[part], width - m :], rows[part], level, found)
    return found


def _fit(y: Floats, rows: Codes, level: float, found: Trends) -> None:
    """Write the trends of rows that all have as many points."""
    m = y.shape[1]
    slopes = np.empty((len(y), m * (m - 1) // 2))
    for k, (i, j) in enumerate(combinations(range(m), 2)):
        np.subtract(y[:, j], y[:, i], out=slopes[:, k])
        slopes[:, k] /= j - i
    slopes.sort(axis=1)
    found.slope[rows] = _middle(slopes)
    left = left_out(m, level)
    if left is not None:
        found.low[rows] = slopes[:, left] + 0.0
        found.high[rows] = slopes[:, slopes.shape[1] - 1 - left] + 0.0


def median_rows(values: Floats, points: Codes) -> Floats:
    """Give the median of the last `points` entries of each row; NaN where that is none."""
    width = values.shape[1]
    out = np.full(len(values), np.nan)
    for m in range(1, width + 1):
        rows = np.flatnonzero(points == m)
        for part in blocks(len(rows), _BLOCK):
            out[rows[part]] = _middle(np.sort(values[rows[part], width - m :], axis=1))
    return out


def _middle(ordered: Floats) -> Floats:
    size = ordered.shape[1]
    low, high = ordered[:, (size - 1) // 2], ordered[:, size // 2]
    middle: Floats = low + 0.5 * (high - low) + 0.0
    return middle


@cache
def left_out(m: int, level: float) -> int | None:
    """Say how many slopes lie outside the interval at either end; None where it has no end."""
    orders = orders_by_inversions(m)
    allowed = (1.0 - level) / 2.0 * math.factorial(m)
    # The interval without the k lowest and highest slopes misses with 2 P(inversions <= k).
    left, tail = -1, orders[0]
    while tail <= allowed:
        left += 1
        tail += orders[left + 1]
    return left if left >= 0 else None


@cache
def orders_by_inversions(m: int) -> list[int]:
    """Count the orders of `m` things by how many pairs are out of order (Mahonian numbers)."""
    counts = [1]
    for k in range(2, m + 1):
        wider = [0] * (len(counts) + k - 1)
        for i, c in enumerate(counts):
            for step in range(k):
                wider[i + step] += c
        counts = wider
    return counts
