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


def at_equal_steps(values: Floats, parts: int) -> list[float]:
    """Take the values at equal steps through the book, or all of them where they are few."""
    last = len(values) - 1
    if last <= parts:
        return [float(v) + 0.0 for v in values.tolist()]
    steps = [divmod(i * last, parts) for i in range(parts + 1)]  # whole numbers: exact positions
    return [between(values, below, rest / parts) + 0.0 for below, rest in steps]
