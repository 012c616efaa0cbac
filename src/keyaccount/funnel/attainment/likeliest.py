"""Of all sets of a stated number of deals that close a gap, the one most likely won as a whole."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from itertools import accumulate

from keyaccount._columns import Floats

_MOST_NODES = 50_000
"""Partial sets looked at before the search gives up: some tenths of a second."""

_MOST_CELLS = 400_000
"""Size of the table of what is still reachable: deals times deals in a set."""


def likeliest_set(
    opened: Sequence[int], values: Sequence[int], stated: Floats, gap: int, size: int
) -> list[int] | None:
    """Search sets of `size` deals by branch and bound; None where it would take too long.

    Deals are tried the most probable first, so that the next ones in line bound what a partial set
    can come to.
    """
    if len(opened) * max(size, 1) > _MOST_CELLS:
        return None
    order = sorted(opened, key=lambda i: (-float(stated[i]), -values[i], i))
    chances = [float(stated[i]) for i in order]
    most = _most_reachable([values[i] for i in order], size)
    best: list[int] = []
    best_chance = -1.0
    nodes = 0
    stack: list[tuple[int, tuple[int, ...], int, float]] = [(0, (), gap, 1.0)]
    while stack:
        place, taken, left, chance = stack.pop()
        wanted = size - len(taken)
        if wanted == 0:
            if left <= 0 and chance > best_chance:
                best, best_chance = list(taken), chance
            continue
        if len(order) - place < wanted or most[place][wanted] < left:
            continue
        bound = chance
        for p in chances[place : place + wanted]:
            bound *= p
        if bound <= best_chance:
            continue
        nodes += 1
        if nodes > _MOST_NODES:
            return None
        stack.append((place + 1, taken, left, chance))
        row = order[place]
        stack.append((place + 1, (*taken, row), left - values[row], chance * chances[place]))
    return best


def _most_reachable(values: Sequence[int], size: int) -> list[list[int]]:
    """Give, from each place on, what the largest 0, 1, … `size` values add up to."""
    table: list[list[int]] = [[0]]
    largest: list[int] = []  # negated: the largest first
    for value in reversed(values):
        insort(largest, -value)
        del largest[size:]
        table.append(list(accumulate((-v for v in largest), initial=0)))
    table.reverse()
    return table
