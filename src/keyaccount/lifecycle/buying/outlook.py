"""How many orders a customer may place within a time: the whole distribution, not its mean."""

from __future__ import annotations

import attrs
import numpy as np

from keyaccount._columns import Codes, Floats
from keyaccount.lifecycle.buying.kernel import Kernel
from keyaccount.lifecycle.buying.patterns import distinct_rows

__all__ = ["Outlook", "outlook"]

_REST = 1e-7
_MOST = 20_000
"""More orders than that are not followed one by one: their probability is with the last."""

_SINGLE = 16
_PER_OCTAVE = 8
"""Beyond sixteen orders, numbers within a twelfth of each other are read as one: what each order
brings scatters far more than that."""


@attrs.frozen(eq=False)
class Outlook:
    """Counts of orders of customers who have not left, by distinct (frequency, T, time ahead).

    Parameters
    ----------
    pattern
        ``(n,)`` the pattern of each customer.
    start, length
        ``(p,)`` where the counts of each pattern are, and how many.
    count, probability
        Numbers of orders and how likely each is; above 16 a range of close numbers is one.
    mean_square
        ``(p,)`` the mean of the squared number.
    """

    pattern: Codes
    start: Codes
    length: Codes
    count: Floats
    probability: Floats
    mean_square: Floats


def outlook(kernel: Kernel, p: Floats, x: Floats, age: Floats, t: Floats) -> Outlook:
    """Follow the number of orders until less than one in ten million is left."""
    starts, order = distinct_rows(x, age, t)
    pattern = np.empty(len(order), dtype=np.int64)
    pattern[order] = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(order)))
    xs, ages, ts = (np.ascontiguousarray(c[order][starts]) for c in (x, age, t))
    rows, counts, chances = _followed(kernel, p, xs, ages, ts)
    squares: Floats = np.bincount(rows, chances * counts * counts, len(starts)).astype(np.float64)
    group, count, chance = _in_ranges(rows, counts, chances)
    length = np.bincount(group, minlength=len(starts))
    return Outlook(pattern, np.cumsum(length) - length, length, count, chance, squares)


def _followed(
    kernel: Kernel, p: Floats, x: Floats, age: Floats, t: Floats
) -> tuple[Codes, Floats, Floats]:
    """List (pattern, count, probability), sorted by pattern and count."""
    rest = np.ones(len(x))
    active = np.arange(len(x))
    rows, counts, chances = [active[:0]], [rest[:0]], [rest[:0]]
    for n in range(_MOST):
        if not len(active):
            break
        number = np.full(len(active), float(n))
        chance = kernel.counts(p, x[active], age[active], t[active], number)
        rest[active] -= chance
        rows.append(active)
        counts.append(number)
        chances.append(chance)
        active = active[rest[active] > _REST]
    every = np.concatenate(rows)
    order = np.argsort(every, kind="stable")
    return every[order], np.concatenate(counts)[order], np.concatenate(chances)[order]


def _in_ranges(rows: Codes, counts: Floats, chances: Floats) -> tuple[Codes, Floats, Floats]:
    """Read large counts in ranges a few percent wide, each by its mean."""
    place = np.where(
        counts <= _SINGLE,
        counts,
        _SINGLE + 1.0 + np.floor(_PER_OCTAVE * np.log2(np.maximum(counts, _SINGLE) / _SINGLE)),
    )
    starts = np.flatnonzero((np.diff(rows, prepend=-1) != 0) | (np.diff(place, prepend=-1.0) != 0))
    chance = np.add.reduceat(chances, starts)
    mean = np.add.reduceat(chances * counts, starts) / np.where(chance > 0.0, chance, 1.0)
    return rows[starts], np.where(chance > 0.0, mean, counts[starts]), chance
