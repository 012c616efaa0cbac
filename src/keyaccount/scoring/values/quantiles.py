"""Exact quantiles of sorted values, the same on every engine that can sort."""

from __future__ import annotations

from typing import Any, Protocol


class Ordered(Protocol):
    """Known values in rising order: an array of them, or those at the places that matter."""

    def __len__(self) -> int:
        """Count the values, those that are not at hand too."""
        ...

    def __getitem__(self, place: Any, /) -> Any:
        """Give the value at a place, from 0 for the lowest; -1 is the highest."""
        ...


def quantile(values: Ordered, share: float) -> float:
    """Interpolate the quantile of rising values (the usual definition, numpy's ``linear``)."""
    position = share * (len(values) - 1)
    below = int(position)
    return between(values, below, position - below)


def between(values: Ordered, below: int, fraction: float) -> float:
    """Give the value a fraction of the way from one sorted value to the next."""
    low = float(values[below])
    if fraction == 0.0 or below + 1 >= len(values):
        return low
    high = float(values[below + 1])
    found = low * (1.0 - fraction) + high * fraction
    return min(max(found, low), high)


def quantile_places(count: int, share: float) -> tuple[int, ...]:
    """List the places that `quantile` looks at among so many values."""
    below = int(share * (count - 1))
    return tuple({below, min(below + 1, count - 1)})


def at_equal_steps(values: Ordered, parts: int) -> list[float]:
    """Take the values at equal steps through the book, or all of them where they are few."""
    last = len(values) - 1
    if last <= parts:
        return [float(values[i]) + 0.0 for i in range(len(values))]
    steps = [divmod(i * last, parts) for i in range(parts + 1)]  # whole numbers: exact positions
    return [between(values, below, rest / parts) + 0.0 for below, rest in steps]


def places_at_equal_steps(count: int, parts: int) -> tuple[int, ...]:
    """List the places that `at_equal_steps` looks at among so many values."""
    last = count - 1
    if last <= parts:
        return tuple(range(count))
    below = {i * last // parts for i in range(parts + 1)}
    return tuple(sorted(below | {min(place + 1, last) for place in below}))
