"""Group means shrunk toward the mean of all, the more the fewer values a group has."""

from __future__ import annotations

import math
from statistics import NormalDist

import attrs
import numpy as np

from keyaccount._columns import Codes, Floats
from keyaccount.stats._levels import tails_of
from keyaccount.stats.strength import StrengthFit, most_probable_strength
from keyaccount.stats.sums import exact_sum, group_counts, group_means

__all__ = ["ShrunkMeans", "shrink_means"]

_WEAKEST, _STRONGEST = 0.1, 10_000.0


@attrs.frozen(eq=False)
class ShrunkMeans:
    """The mean of each group, and what is believed of it after shrinking toward the pool.

    Parameters
    ----------
    raw
        The mean of each group's own values; NaN where there is none.
    mean
        The shrunk mean; the pool's where a group has no value.
    sd
        Its standard deviation.
    pool
        The mean of all values.
    fit
        How many values the pool's mean is worth, and how that was learned.
    variance
        That of the values within groups; 0 where they do not scatter, and then nothing can be said.
    freedom
        How many independent deviations that variance rests on.

    Examples
    --------
    >>> import numpy as np
    >>> from keyaccount.stats.normal import shrink_means
    >>> means = shrink_means(np.array([1.0, 3.0, 8.0]), np.array([0, 0, 1]), 2)
    >>> means.raw, means.pool
    (array([2., 8.]), 4.0)
    """

    raw: Floats
    mean: Floats
    sd: Floats
    pool: float
    fit: StrengthFit
    variance: float
    freedom: int

    def interval(self, level: float = 0.9) -> tuple[Floats, Floats]:
        """Return the ends of the central interval that holds each mean with probability `level`.

        Raises
        ------
        SpecError
            The level is not above 0 and below 1.
        """
        below, above = (NormalDist().inv_cdf(q) for q in tails_of(level))
        return self.mean + below * self.sd, self.mean + above * self.sd

    def probability_above_pool(self) -> Floats:
        """Return the probability that each mean is above the pool's; NaN where nothing scatters."""
        away = (self.mean - self.pool).tolist()
        told = zip(away, self.sd.tolist(), strict=True)
        return np.array([_above(a, s) for a, s in told], dtype=np.float64)


def shrink_means(values: Floats, codes: Codes, n_groups: int) -> ShrunkMeans:
    """Shrink the mean of each group toward the mean of all values.

    Parameters
    ----------
    values
        Known numbers, at least one.
    codes
        The group of each, from 0.
    n_groups
        How many groups there are.

    Returns
    -------
    ShrunkMeans
        ``(n·ȳ + m·μ) / (n + m)`` for a group of ``n`` values, with a standard deviation of
        ``s / sqrt(n + m)``: ``s`` is the deviation within groups, ``m`` the strength under which
        the groups' means are most probable. Where no group has two values, ``s`` is the deviation
        about the pool.

    Notes
    -----
    The normal model with known variance: Gelman et al., Bayesian Data Analysis, 3rd edition, 5.4.
    Book-wise: all sums are exactly rounded.

    Examples
    --------
    >>> import numpy as np
    >>> from keyaccount.stats.normal import shrink_means
    >>> shrink_means(np.array([2.0, 4.0]), np.array([0, 1]), 3).mean.round(3)
    array([3., 3., 3.])
    """
    n = group_counts(codes, n_groups).astype(np.float64)
    raw = group_means(values, codes, n_groups)
    # rounding may push the mean of equal values off them by a bit, and no group is below by that
    pool = min(max(exact_sum(values) / len(values), float(values.min())), float(values.max()))
    variance, freedom = _variance(values, raw[codes], len(values) - int(np.count_nonzero(n)), pool)
    held = n > 0.0
    fit = _strength(raw[held] - pool, n[held], variance)
    m = fit.strength
    own = np.where(held, raw, pool)
    mean = pool + (own - pool) * (n / (n + m)) if variance > 0.0 else own
    return ShrunkMeans(raw, mean, np.sqrt(variance / (n + m)), pool, fit, variance, freedom)


def _variance(values: Floats, means: Floats, freedom: int, pool: float) -> tuple[float, int]:
    """Return the variance about the groups' own means, or about the pool where these are exact."""
    about, freedom = (means, freedom) if freedom > 0 else (np.full(len(values), pool), len(values))
    away = values - about
    return exact_sum(away * away) / freedom, freedom


def _strength(away: Floats, n: Floats, variance: float) -> StrengthFit:
    def log_marginal(strength: float) -> float:
        """Give how probable the means are, up to a constant."""
        spread = variance * (1.0 / n + 1.0 / strength)
        return -0.5 * exact_sum(np.log(spread) + away * away / spread)

    if variance == 0.0:  # values of a group are all alike: their mean is known, and nothing shrinks
        return StrengthFit(_WEAKEST, 0.0, "low")
    return most_probable_strength(log_marginal, _WEAKEST, _STRONGEST, caller="shrink_means")


def _above(away: float, sd: float) -> float:
    if sd == 0.0:
        return math.nan  # values that never scatter do not say what chance would do
    return 0.5 * math.erfc(-away / sd / math.sqrt(2.0))
