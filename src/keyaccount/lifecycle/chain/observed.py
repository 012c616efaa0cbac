"""Count the transitions of a panel: in each period, and by the state before."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes
from keyaccount.lifecycle.chain.panel import Snapshots

__all__ = ["Observed", "observe"]

_MOST_STATES = 200
"""Beyond that many states, triples of them do not fit a table."""


@attrs.frozen(eq=False)
class Observed:
    """What was seen of a chain.

    Attributes
    ----------
    counts
        ``(k, k)`` int64: transitions from row to column.
    by_period
        ``(T - 1, k, k)`` int64: those of each period.
    triples
        ``(k, k, k)`` int64: before, from, to; None where there are too many states.
    gaps
        How often an account was missing between two of its snapshots.
    """

    counts: NDArray[np.int64]
    by_period: NDArray[np.int64]
    triples: NDArray[np.int64] | None
    gaps: int


def observe(seen: Snapshots) -> Observed:
    """Count the moves from one period to the very next; nothing is read into a gap."""
    k, steps = len(seen.states), max(seen.periods - 1, 0)
    same = seen.account[1:] == seen.account[:-1]
    near = same & (seen.period[1:] - seen.period[:-1] == 1)
    start, end = seen.state[:-1], seen.state[1:]
    moves = (seen.period[:-1] * k + start) * k + end
    by_period = _counted(moves[near], (steps, k, k))
    gaps = int(np.count_nonzero(same & ~near))
    return Observed(by_period.sum(axis=0), by_period, _triples(near, seen.state, k), gaps)


def _triples(near: NDArray[np.bool_], state: Codes, k: int) -> NDArray[np.int64] | None:
    if k > _MOST_STATES:
        return None
    twice = np.flatnonzero(near[1:] & near[:-1])
    cells = (state[twice] * k + state[twice + 1]) * k + state[twice + 2]
    return _counted(cells, (k, k, k))


def _counted(cells: Codes, shape: tuple[int, ...]) -> NDArray[np.int64]:
    size = int(np.prod(shape))
    counts = np.bincount(cells, minlength=size).astype(np.int64, copy=False)
    return counts.reshape(shape)
