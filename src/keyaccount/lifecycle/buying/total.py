"""`TotalPotential`: the sum over a book, its chance and what the estimates leave open."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Floats
from keyaccount.stats.sums import exact_sum
from keyaccount.stats.wilson import two_sided_z

__all__ = ["TotalPotential", "estimation_sd", "total_potential"]

_STEP = 1e-4


@attrs.frozen(eq=False, kw_only=True)
class TotalPotential:
    """The money that all customers of a book bring within the horizon.

    Parameters
    ----------
    customers
        How many are counted: those whose potential is known.
    expected
        The sum of their potentials.
    low, high
        A central interval of what comes, by the normal approximation: chance and estimation
        together. The model itself is taken as true: `holdout_report` says how far it was off. NaN
        where chance or estimation has no known size.
    sd_chance
        Standard deviation of what comes around what is expected, customers independent of each
        other; NaN where the spend of one has no variance under the model.
    sd_parameters
        Standard deviation of what is expected, from the covariance of the estimates by the delta
        method; 0 where the parameters were given, NaN where their covariance is unknown.
    level
        How often the interval holds.

    Examples
    --------
    >>> import keyaccount as ka
    >>> buying = ka.BetaGeometricNBD(r=0.243, alpha=4.414, a=0.793, b=2.426, time_unit="week")
    >>> spend = ka.GammaGamma(p=6.25, q=3.74, v=15.44)
    >>> found = ka.order_potential(buying, spend, [2], [30.43], [38.86], [22.35])
    >>> found.total.customers, round(found.total.expected, 1), found.total.level
    (1, 87.8, 0.9)
    """

    customers: int
    expected: float
    low: float
    high: float
    sd_chance: float
    sd_parameters: float
    level: float


def total_potential(
    potential: Floats, variance: Floats, sd_parameters: float, level: float
) -> TotalPotential:
    """Add the potentials of a book up, with an interval."""
    counted = np.isfinite(potential)
    expected = exact_sum(potential) if counted.any() else 0.0
    chances = variance[counted]
    sure = bool(np.isfinite(chances).all())
    chance = math.sqrt(math.fsum(chances.tolist())) if sure else math.nan
    reach = two_sided_z(level) * math.hypot(chance, sd_parameters)
    return TotalPotential(
        customers=int(np.count_nonzero(counted)),
        expected=expected,
        low=max(expected - reach, 0.0) if math.isfinite(reach) else math.nan,
        high=expected + reach,
        sd_chance=chance,
        sd_parameters=sd_parameters,
        level=level,
    )


def estimation_sd(model: Any, value: Callable[[Any], float]) -> float:
    """Return the standard deviation of a value of a fitted model, by the delta method."""
    if model.facts is None:
        return 0.0
    if model.facts.covariance is None:
        return math.nan
    slopes = [_slope(model, name, value) for name in model.parameter_names]
    terms = [
        slopes[i] * slopes[j] * c
        for i, row in enumerate(model.facts.covariance)
        for j, c in enumerate(row)
    ]
    return math.sqrt(max(math.fsum(terms), 0.0))


def _slope(model: Any, name: str, value: Callable[[Any], float]) -> float:
    """Differentiate in the logarithm of one parameter, on both sides."""
    here = getattr(model, name)
    above, below = (
        value(attrs.evolve(model, **{name: here * math.exp(s)})) for s in (_STEP, -_STEP)
    )
    return (above - below) / (2.0 * _STEP)
