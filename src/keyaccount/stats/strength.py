"""The strength of a prior, learned from the data: one search for every kind of rate.

Empirical Bayes asks under which prior the counts that were seen are most probable. The mean of the
prior is the rate of the group; what is left to find is its strength, one number on a long scale.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, TypeAlias

import attrs
import numpy as np

from keyaccount._columns import Floats
from keyaccount._validators import exact_float, is_finite
from keyaccount.errors import SpecError

__all__ = ["Bound", "StrengthFit", "distinct_cases", "most_probable_strength", "stated_strength"]

Bound: TypeAlias = Literal["low", "high"]
"""The end of a search at which the best strength lies."""

_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0
_GRID = 33
_TOLERANCE = 1e-9


@attrs.frozen
class StrengthFit:
    """The strength of a prior learned from the rates themselves.

    Parameters
    ----------
    strength
        The strength under which the counts are most probable.
    log_marginal
        The summed log probability of the counts at that strength.
    at_bound
        ``"low"`` or ``"high"`` where the search ended at its bound. ``"high"``: the rates differ no
        more than chance makes them. None: the best strength lies inside the bounds.

    Examples
    --------
    >>> from keyaccount.stats.shrinkage import empirical_bayes_strength
    >>> empirical_bayes_strength([5, 5, 5], [10, 10, 10], 0.5).at_bound
    'high'
    """

    strength: float
    log_marginal: float
    at_bound: Bound | None


def most_probable_strength(
    log_marginal: Callable[[float], float], low: float, high: float, *, caller: str
) -> StrengthFit:
    """Find the strength between two bounds under which the data are most probable.

    Parameters
    ----------
    log_marginal
        The summed log probability of the data at a strength.
    low, high
        Bounds of the search, above 0 and rising.
    caller
        Who asks, for the error message.

    Returns
    -------
    StrengthFit
        The strength and whether it ended at a bound; a bound is taken where it is as good as what
        was found beside it.

    Raises
    ------
    SpecError
        The bounds are no such bounds.

    Notes
    -----
    33 strengths evenly spaced in the logarithm, then a golden-section search (Kiefer 1953, Proc.
    AMS 4) between the neighbours of the best one.

    Examples
    --------
    >>> from keyaccount.stats.strength import most_probable_strength
    >>> fit = most_probable_strength(lambda m: -abs(m - 3.0), 1, 10, caller="example")
    >>> round(fit.strength, 6), fit.at_bound
    (3.0, None)
    """
    bounds = _bounds(low, high, caller)

    def likelihood(log_strength: float) -> float:
        return log_marginal(math.exp(log_strength))

    grid = np.linspace(*bounds, _GRID).tolist()
    best = max(range(_GRID), key=lambda i: (likelihood(grid[i]), i))
    found = _golden_section(likelihood, grid[max(best - 1, 0)], grid[min(best + 1, _GRID - 1)])
    return _fitted(found, likelihood, bounds)


def distinct_cases(*columns: Floats) -> tuple[tuple[Floats, ...], Floats]:
    """Keep each case once, with its number of rows: many accounts share few small counts."""
    cases, times = np.unique(np.stack(columns), axis=1, return_counts=True)
    return tuple(cases), times.astype(np.float64)


def stated_strength(strength: float | None, caller: str, worth: str) -> float:
    """Hold a stated strength to the rule of the specs, under the name the caller used."""
    value = exact_float(strength)
    if not is_finite(value) or value <= 0.0:
        field = f"{caller}(strength)"
        raise SpecError.from_field(
            field,
            "must be a finite number above 0",
            strength,
            f"give the {worth} the group's rate is worth, or None to learn it.",
        )
    return float(value)


def _golden_section(f: Callable[[float], float], left: float, right: float) -> float:
    """Return where `f` is largest between two points, if it has one peak there."""
    inner, outer = right - _GOLDEN * (right - left), left + _GOLDEN * (right - left)
    at_inner, at_outer = f(inner), f(outer)
    while right - left > _TOLERANCE:
        if at_inner > at_outer:
            right, outer, at_outer = outer, inner, at_inner
            inner = right - _GOLDEN * (right - left)
            at_inner = f(inner)
        else:
            left, inner, at_inner = inner, outer, at_outer
            outer = left + _GOLDEN * (right - left)
            at_outer = f(outer)
    return (left + right) / 2.0


def _fitted(
    found: float, likelihood: Callable[[float], float], bounds: tuple[float, float]
) -> StrengthFit:
    """Take the bound instead of what was found next to it, where it is as good."""
    best = likelihood(found)
    slack = _TOLERANCE * max(1.0, abs(best))
    ends: tuple[tuple[float, Bound], ...] = ((bounds[1], "high"), (bounds[0], "low"))
    for bound, name in ends:
        at_bound = likelihood(bound)
        if at_bound >= best - slack:
            return StrengthFit(math.exp(bound), at_bound, name)
    return StrengthFit(math.exp(found), best, None)


def _bounds(low: float, high: float, caller: str) -> tuple[float, float]:
    good = is_finite(exact_float(low)) and is_finite(exact_float(high))
    if not (good and 0.0 < low < high):
        field = f"{caller}(low, high)"
        raise SpecError.from_field(
            field,
            "must be finite, above 0 and rising",
            (low, high),
            "leave them out, or give the weakest and the strongest prior you would believe.",
        )
    return math.log(low), math.log(high)
