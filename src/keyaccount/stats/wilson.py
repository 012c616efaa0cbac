"""Wilson's interval of a rate: honest for few trials, and for rates near 0 and 1."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from keyaccount._columns import Floats, as_floats, common_length
from keyaccount.errors import RowError
from keyaccount.stats._levels import tails_of

__all__ = ["two_sided_z", "wilson_interval"]


def two_sided_z(level: float) -> float:
    """Give the normal quantile that leaves half of 1 − `level` above it.

    Raises
    ------
    SpecError
        The level does not lie between 0 and 1.
    """
    return NormalDist().inv_cdf(tails_of(level)[1])


def wilson_interval(
    successes: ArrayLike, trials: ArrayLike, *, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Give the rates that the counts do not contradict.

    Parameters
    ----------
    successes, trials
        Counts, one per rate; NaN where unknown.
    level
        How often the interval holds the true rate.

    Returns
    -------
    low, high
        The ends, inside [0, 1]; NaN where nothing was tried or a count is unknown.

    Raises
    ------
    RowError
        Counts below 0, or more successes than trials.
    SpecError
        The level does not lie between 0 and 1.

    References
    ----------
    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22.

    Examples
    --------
    >>> from keyaccount.stats.wilson import wilson_interval
    >>> low, high = wilson_interval([0, 5], [10, 10])
    >>> low.round(3), high.round(3)
    (array([0.   , 0.237]), array([0.278, 0.763]))
    """
    z = two_sided_z(level)
    k, n = _counts(successes, trials)
    spread = n + z * z
    centre = (k + z * z / 2.0) / spread
    reach = z / spread * np.sqrt(k * (n - k) / n + z * z / 4.0)
    low = np.where(k == 0.0, 0.0, np.maximum(centre - reach, 0.0))
    high = np.where(k == n, 1.0, np.minimum(centre + reach, 1.0))
    unknown = np.isnan(n)
    return np.where(unknown, math.nan, low), np.where(unknown, math.nan, high)


def _counts(successes: ArrayLike, trials: ArrayLike) -> tuple[Floats, Floats]:
    """Read both counts; where one is unknown or nothing was tried, both are unknown."""
    k, n = as_floats(successes, "successes"), as_floats(trials, "trials")
    common_length({"successes": k, "trials": n})
    wrong = np.flatnonzero((k < 0.0) | (n < 0.0) | (k > n))
    if len(wrong):
        raise RowError.from_rows(
            "successes",
            "count fewer than 0 or more than the trials",
            wrong.tolist(),
            [f"{k[i]:g} of {n[i]:g}" for i in wrong[:5]],
            "give the successes among the trials, and all trials.",
        )
    known = np.isfinite(k) & np.isfinite(n) & (n > 0.0)
    return np.where(known, k, math.nan), np.where(known, n, math.nan)
