"""Equal customers counted once: the distinct rows of a history, in one fixed order."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from keyaccount._columns import Codes, Floats

__all__ = ["Patterns", "distinct_rows"]

_GRID = 16
_FEW = 400
"""Below that many patterns a coarser book would save nothing."""


class Patterns:
    """The distinct (frequency, recency, age) of a book and how many customers share each.

    Sorted by frequency, recency, age: sums over them do not depend on the order of the customers.
    """

    __slots__ = ("__dict__", "age", "counts", "frequency", "recency")

    def __init__(self, frequency: Floats, recency: Floats, age: Floats, counts: Floats) -> None:
        self.frequency: Floats = frequency
        self.recency: Floats = recency
        self.age: Floats = age
        self.counts: Floats = counts

    @classmethod
    def among(
        cls, frequency: Floats, recency: Floats, age: Floats, counts: Floats | None = None
    ) -> Patterns:
        """Count equal rows once."""
        weights = np.ones(len(frequency)) if counts is None else counts
        columns = (frequency, recency, age)
        starts, order = distinct_rows(*columns)
        x, tx, t = (column[order][starts] for column in columns)
        return cls(x, tx, t, np.add.reduceat(weights[order], starts) if len(starts) else weights)

    def __len__(self) -> int:
        return len(self.frequency)

    @cached_property
    def customers(self) -> float:
        """How many customers there are."""
        return float(self.counts.sum())

    @cached_property
    def levels(self) -> tuple[Floats, Floats, Codes]:
        """The distinct frequencies, the customers of each, and the level of each pattern."""
        starts = self.starts
        shared = np.add.reduceat(self.counts, starts)
        lengths = np.diff(starts, append=len(self))
        return self.frequency[starts], shared, np.repeat(np.arange(len(starts)), lengths)

    @cached_property
    def starts(self) -> Codes:
        """Where each frequency begins."""
        return np.flatnonzero(np.diff(self.frequency, prepend=-1.0))

    def scaled(self, unit: float) -> Patterns:
        """Write times as multiples of `unit`."""
        return Patterns(self.frequency, self.recency / unit, self.age / unit, self.counts)

    def coarse(self) -> Patterns:
        """Round times to a grid: a smaller book, alike enough to start a search on."""
        step = self.age.max() / _GRID
        if len(self) <= _FEW or step == 0.0:
            return self
        tx, t = np.rint(self.recency / step) * step, np.rint(self.age / step) * step
        return Patterns.among(self.frequency, np.minimum(tx, t), t, self.counts)


def distinct_rows(*columns: Floats) -> tuple[Codes, Codes]:
    """Sort rows by their columns, the first one leading; give where each distinct one starts."""
    order = np.lexsort(columns[::-1])
    differs = np.zeros(len(order), dtype=bool)
    differs[:1] = True
    for column in columns:
        differs[1:] |= np.diff(column[order]) != 0.0
    return np.flatnonzero(differs), order
