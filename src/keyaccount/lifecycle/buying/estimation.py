"""Maximum likelihood over the logarithms of a few positive parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Floats
from keyaccount.lifecycle.buying.descent import descend

__all__ = ["Maximum", "Objective", "maximise"]

Objective: TypeAlias = Callable[[Floats], tuple[float, Floats]]
"""Logarithms of the parameters to the mean log-likelihood and its slope in them."""

REACH = 10.0
"""Parameters are searched within e^±10, from 1/22,000 to 22,000, where times are shares of the
longest history: beyond, customers are alike for all that orders can tell. A choice of this
library."""

_TRIED = 2
"""The starts with the best likelihood are searched from."""
_ROUGHLY, _CLOSELY, _CONVERGED = 1e-2, 1e-7, 1e-6
_STEP = 1e-4
_SAME = 1e-12
_FLAT = 1e-3
"""A likelihood that bends less than that per customer is a ridge."""
_AT_BOUND = 1e-3
_POLISHED = 1e-11
_POLISH_STEPS = 6


@attrs.frozen(eq=False)
class Maximum:
    """The best point found.

    Parameters
    ----------
    at
        Logarithms of the parameters.
    iterations
        Steps of the search.
    gradient
        The largest slope that a parameter free to move has left.
    bound
        Which parameters are at the end of the range.
    information
        Minus the second derivatives of the mean log-likelihood.
    """

    at: Floats
    iterations: int
    gradient: float
    bound: NDArray[np.bool_]
    information: Floats

    @property
    def converged(self) -> bool:
        """Whether there is no slope left to speak of."""
        return self.gradient <= _CONVERGED

    @property
    def on_a_ridge(self) -> bool:
        """Whether the likelihood hardly bends in some direction, or rises out of the range."""
        return bool(self.bound.any() or np.linalg.eigvalsh(self.information)[0] < _FLAT)

    def covariance(self, customers: float) -> Floats | None:
        """Invert the information of the whole book; None where it is not positive."""
        spread, turns = np.linalg.eigh(self.information * customers)
        # A direction that the data hardly bend has no standard error to speak of: it would be
        # rounding of the differences that is inverted.
        if self.bound.any() or spread[0] <= 0.0 or spread[0] < 1e-10 * spread[-1]:
            return None
        found: Floats = (turns / spread) @ turns.T
        return (found + found.T) / 2.0


def maximise(exact: Objective, rough: Objective, starts: Sequence[Sequence[float]]) -> Maximum:
    """Search from the best starts on the rough objective, then from there on the exact one.

    Where that ends on a ridge or at a bound, all starts are tried on the exact objective: the
    likelihood of such books has several tops.
    """
    points = [np.log(np.asarray(start, dtype=np.float64)) for start in starts]
    hopeful = sorted(points, key=lambda at: -rough(at)[0])[:_TRIED]
    found = _best([_search(rough, at, _ROUGHLY) for at in hopeful])
    at, value, steps = _search(exact, found[0], _CLOSELY)
    top = _polished(exact, at, found[2] + steps)
    if not top.on_a_ridge:
        return top
    other = _best([_search(exact, at, _CLOSELY) for at in points])
    if other[1] >= value - _SAME * abs(value):
        return top
    return _polished(exact, other[0], other[2])


def _best(found: Sequence[tuple[Floats, float, int]]) -> tuple[Floats, float, int]:
    return min(found, key=lambda one: one[1])


def _search(objective: Objective, start: Floats, tolerance: float) -> tuple[Floats, float, int]:
    def downhill(theta: Floats) -> tuple[float, Floats]:
        value, slope = objective(theta)
        return -value, -slope

    return descend(downhill, start, reach=REACH, tolerance=tolerance)


def _polished(objective: Objective, theta: Floats, iterations: int) -> Maximum:
    """Take Newton steps: the last digits, which a quasi-Newton search leaves open."""
    value, slope = objective(theta)
    bound = np.abs(theta) > REACH - _AT_BOUND
    information = _information(objective, theta)
    for _ in range(_POLISH_STEPS):
        if _left(slope, bound) <= _POLISHED or bound.any():
            break
        step = _newton(information, slope)
        if step is None:
            break
        tried_value, tried_slope = objective(theta + step)
        if tried_value < value - 1e-12 * abs(value) or _left(tried_slope, bound) >= _left(
            slope, bound
        ):
            break
        theta, value, slope = theta + step, tried_value, tried_slope
        iterations += 1
        if np.abs(step).max() > _STEP:
            information = _information(objective, theta)
    return Maximum(theta, iterations, _left(slope, bound), bound, information)


def _left(slope: Floats, bound: NDArray[np.bool_]) -> float:
    return float(np.abs(np.where(bound, 0.0, slope)).max())


def _newton(information: Floats, slope: Floats) -> Floats | None:
    """Give the step to where the slope vanishes, unless it is uphill or long."""
    spread, turns = np.linalg.eigh(information)
    if spread[0] <= 0.0:
        return None
    step: Floats = turns @ ((turns.T @ slope) / spread)
    return step if np.abs(step).max() < 1.0 else None


def _information(objective: Objective, theta: Floats) -> Floats:
    """Differentiate the analytic slope numerically, on both sides."""
    shifts = np.eye(len(theta)) * _STEP
    falls = [objective(theta - shift)[1] - objective(theta + shift)[1] for shift in shifts]
    found = np.array(falls) / (2.0 * _STEP)
    return (found + found.T) / 2.0
