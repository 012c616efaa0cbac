"""Where a tail of a distribution has a wanted probability: Newton's method, row by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from keyaccount._columns import Codes, Floats
from keyaccount.stats._tails import Tails

__all__ = ["END", "normal_quantile", "where_tail_is"]

TailsAt: TypeAlias = Callable[[Floats, Codes], Tails]
"""Tails and density at one point for each of some rows."""

_EPS = 2.0**-53
_MOST = 200
END = 700.0
"""Logits and logarithms beyond are 0 or 1, or 0 and infinite, in float64."""


def where_tail_is(wanted: Floats, start: Floats, tails: TailsAt) -> Floats:
    """Find the point of each row where the probability below it is the wanted one.

    Parameters
    ----------
    wanted
        Probabilities above 0 and below 1.
    start
        A first guess per row.
    tails
        Gives both tails and the density; their logarithms must be concave in the point, as they are
        for the logit of a beta and the log of a gamma variable. Then Newton's steps lead to the
        root from anywhere. A step out of the bracket known so far is replaced by halving it.
    """
    rising = wanted <= 0.5  # noqa: PLR2004 - the smaller tail keeps its digits
    goal, sign = np.log(np.where(rising, wanted, 1.0 - wanted)), np.where(rising, 1.0, -1.0)
    low, high = np.full(len(wanted), -END), np.full(len(wanted), END)
    out, rows = np.clip(start, -END, END), np.arange(len(wanted))
    for _ in range(_MOST):
        if not len(rows):
            break
        here = out[rows]
        below, above, density = tails(here, rows)
        step = _step(np.where(rising[rows], below, above), density, goal[rows]) * sign[rows]
        high[rows] = np.where(step > 0.0, here, high[rows])
        low[rows] = np.where(step < 0.0, here, low[rows])
        there = here - step
        small = np.abs(step) <= 4.0 * _EPS * np.maximum(np.abs(here), 1.0)
        outside = ~((there > low[rows]) & (there < high[rows])) & ~small
        out[rows] = np.where(outside, 0.5 * (low[rows] + high[rows]), there)
        closed = high[rows] - low[rows] <= 4.0 * _EPS * np.maximum(np.abs(here), 1.0)
        rows = rows[~(small | closed)]
    return out


def _step(tail: Floats, density: Floats, goal: Floats) -> Floats:
    """Return Newton's step on the logarithm of a tail; infinite where the tail has run out."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        excess = np.log(tail) - goal
        step: Floats = excess * (tail / density)
    # A density of 0 leaves only the direction.
    return np.where(np.isfinite(step), step, np.where(excess > 0.0, np.inf, -np.inf))


def normal_quantile(q: Floats) -> Floats:
    """Return normal quantiles good to three digits: formula 26.2.23 of Abramowitz and Stegun."""
    t = np.sqrt(-2.0 * np.log(np.minimum(q, 1.0 - q)))
    top = 2.515517 + t * (0.802853 + t * 0.010328)
    z = t - top / (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
    return np.where(q < 0.5, -z, z)  # noqa: PLR2004 - the middle
