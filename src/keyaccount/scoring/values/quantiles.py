"""Exact quantiles of sorted values, the same on every engine that can sort."""

from __future__ import annotations

from keyaccount._columns import Floats


def quantile(values: Floats, share: float) -> float:
    """Interpolate the quantile of rising values (the usual definition, numpy's ``linear``)."""
    position = share * (len(values) - 1)
    below = int(position)
    return between(values, below, position - below)


def between(values: Floats, below: int, fraction: float) -> float:
    """Give the value a fraction of the way from one sorted value to the next."""
    low = float(values[below])
    if fraction == 0.0 or below + 1 >= len(values):
        return low
    high = float(values[below + 1])
    found = low * (1.0 - fraction) + high * fraction
    return min(max(found, low), high)
