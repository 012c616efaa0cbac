"""`Ladder`: the levels of one measure, for all accounts or for each group of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Floats
from keyaccount.bands import Cuts
from keyaccount.groups import ByGroup, GroupIndex
from keyaccount.segments.rfm.cut_rule import Edges, edges_of
from keyaccount.segments.rfm.measures import Measure, oriented, oriented_one

__all__ = ["Ladder", "Levels", "make_ladder"]

Levels: TypeAlias = NDArray[np.int16]
"""One level per account: 0 the lowest, -1 where the measure is unknown."""


@attrs.frozen(eq=False)
class Ladder:
    """Where the levels of one measure begin, by the position of the group; the pool's come last.

    Attributes
    ----------
    measure
        The measure.
    edges
        The thresholds of each group position, in the measure's own units, lowest level first.
    owned
        Whether a group position has thresholds of its own, and not the pool's.
    grouped
        Whether thresholds differ by group at all.
    """

    measure: Measure
    edges: tuple[Edges, ...]
    owned: Bools
    grouped: bool

    def levels(self, values: Floats, members: Sequence[Codes]) -> Levels:
        """Give the level of each value, by the thresholds of its group; -1 where unknown.

        `members` lists the rows of each group position.
        """
        if not self.grouped:
            return self.pooled(values)
        turned = oriented(self.measure, values)
        out = np.empty(len(values), dtype=np.int16)
        for edges, rows in zip(self.edges, members, strict=True):
            if len(rows):
                out[rows] = _levels(self.measure, edges, turned[rows])
        return out

    def pooled(self, values: Floats) -> Levels:
        """Give the level of each value by the thresholds of the pool, whatever its group."""
        return _levels(self.measure, self.edges[-1], oriented(self.measure, values))

    def edges_at(self, group: int) -> Edges:
        """Give the thresholds of one group position."""
        return self.edges[group] if self.grouped else self.edges[-1]


def _levels(measure: Measure, edges: Edges, turned: Floats) -> Levels:
    """Cut by the distinct thresholds; of levels that begin at one value the top one counts."""
    steps = [oriented_one(measure, edge) for edge in edges]
    distinct = sorted(set(steps))
    reached = [sum(step <= edge for step in steps) for edge in distinct]
    table = np.array([0, *reached, -1], dtype=np.int16)
    found: Levels = table[Cuts(distinct).codes(turned)]
    return found


def make_ladder(measure: Measure, constant: Any, index: GroupIndex) -> Ladder:
    """Make the thresholds of a measure ready to run."""
    grouped = isinstance(constant, ByGroup)
    found: Sequence[Any] = index.spread(constant) if grouped else [constant]
    edges = tuple(edges_of(c) for c in found)
    return Ladder(measure, edges, np.array(index.owned(constant)), grouped)
