"""How sure a share is: variances of Greenwood's type, effective numbers and intervals."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Bools, Floats
from keyaccount.stats.survival.risk import RiskTable
from keyaccount.stats.survival.segments import accumulated, entry_before
from keyaccount.stats.wilson import two_sided_z, wilson_interval

__all__ = ["ALMOST", "effective_number", "incidence_variance", "share_interval", "watched_at_steps"]

ALMOST = 1e-12
"""Shares closer than this to each other, to 0 or to 1 differ by rounding alone."""


def watched_at_steps(risk: RiskTable, still_open: Floats) -> Floats:
    """Give at each time those at risk over the share open just before; 0 where that is 0.

    Only late entry leaves rows at risk where the share is 0 already.
    """
    before = entry_before(still_open, risk.offsets, 1.0)
    there = risk.at_risk.astype(np.float64)
    found: Floats = np.divide(there, before, out=np.zeros_like(there), where=before > 0.0)
    return found


def incidence_variance(
    risk: RiskTable, cause: int, incidence: Floats, still_open: Floats
) -> Floats:
    """Estimate the variance of one cause's cumulative incidence at each time of the table.

    Parameters
    ----------
    risk
        Who was at risk and who left.
    cause
        The cause, from 0.
    incidence, still_open
        ``(m,)`` the curves of that cause and of those that have not left.

    Returns
    -------
    ndarray
        ``(m,)`` variances, at least 0. Without censoring exactly the binomial ``F·(1 − F) / n``.

    References
    ----------
    The Greenwood-type estimator recommended, also under late entry, by Allignol, A., Schumacher, M.
    and Beyersmann, J. (2010), A note on variance estimation of the Aalen-Johansen estimator,
    Biometrical Journal 52; written out in sums as in Gaynor, J. J. et al. (1993), Journal of the
    American Statistical Association 88.
    """
    n = risk.at_risk.astype(np.float64)
    left = risk.left.astype(np.float64)
    own = risk.events[cause].astype(np.float64)
    before = entry_before(still_open, risk.offsets, 1.0)
    stay = n - left
    # Where everybody leaves nothing can come after, and the weight of what comes after is 0.
    greenwood = np.divide(left, n * stay, out=np.zeros_like(n), where=stay > 0.0)
    step = before * own / (n * n)
    terms = np.stack(
        (
            greenwood,
            greenwood * incidence,
            greenwood * incidence * incidence,
            before * step * (n - own) / n,
            step,
            step * incidence,
        )
    )
    g, gf, gff, jump, c, cf = accumulated(np.add, terms, risk.offsets)
    after = incidence * (incidence * g - 2.0 * gf) + gff
    found: Floats = after + jump - 2.0 * (incidence * c - cf)
    return np.maximum(found, 0.0)


def effective_number(share: Floats, variance: Floats, watched: Floats) -> Floats:
    """Give how many fully watched rows would tell a share as surely as it is told.

    Parameters
    ----------
    share, variance
        ``(n,)`` shares with their variances.
    watched
        ``(n,)`` those at risk at the time in question over the share not gone by then.

    Returns
    -------
    ndarray
        ``F·(1 − F) / variance``: the number of rows where none is censored, fewer otherwise. Where
        the share is still 0, or is 1, the variance says nothing, and it is `watched`.

    References
    ----------
    Dorey, F. J. and Korn, E. L. (1987), Effective sample sizes for confidence intervals for
    survival probabilities, Statistics in Medicine 6; `watched` is the number of Peto, R. et al.
    (1977), British Journal of Cancer 35.

    Examples
    --------
    >>> import numpy as np
    >>> from keyaccount.stats.survival.variance import effective_number
    >>> effective_number(np.array([0.2, 0.0]), np.array([0.016, 0.0]), np.array([9.0, 7.0]))
    array([10.,  7.])
    """
    inner = _is_inner(share, variance)
    found: Floats = np.divide(share * (1.0 - share), variance, out=watched.copy(), where=inner)
    return found


def share_interval(
    share: Floats, variance: Floats, watched: Floats, level: float
) -> tuple[Floats, Floats]:
    """Give the shares that the data do not contradict.

    Parameters
    ----------
    share, variance, watched
        As in `effective_number`.
    level
        How often the interval holds the true share.

    Returns
    -------
    low, high
        Ends inside [0, 1], symmetric on the scale ``log(−log(1 − F))``. Where the share is still
        0, or is 1, Wilson's interval of the effective number; NaN where nobody was watched.

    Raises
    ------
    SpecError
        The level does not lie between 0 and 1.

    References
    ----------
    Kalbfleisch, J. D. and Prentice, R. L. (2002), The Statistical Analysis of Failure Time Data,
    1.4, for the scale.

    Examples
    --------
    >>> import numpy as np
    >>> from keyaccount.stats.survival.variance import share_interval
    >>> share, variance = np.array([0.2, 0.0]), np.array([0.016, 0.0])
    >>> low, high = share_interval(share, variance, np.array([9.0, 7.0]), 0.9)
    >>> low.round(3), high.round(3)
    (array([0.067, 0.   ]), array([0.511, 0.279]))
    """
    z = two_sided_z(level)
    inner = _is_inner(share, variance)
    f = np.where(inner, share, 0.5)
    hazard = -np.log1p(-f)
    reach = z * np.sqrt(np.where(inner, variance, 0.0)) / ((1.0 - f) * hazard)
    # The hazard of a share near 1 stretches beyond every float: its share is 1.
    grown = np.exp(np.minimum(reach, 700.0))
    low, high = -np.expm1(-hazard / grown), -np.expm1(-hazard * grown)
    trials = np.where(inner, 1.0, watched)
    at_low, at_high = wilson_interval(np.where(share > 0.5, trials, 0.0), trials, level=level)  # noqa: PLR2004 - 0 or 1
    unknown = np.isnan(share)
    ends = (np.where(inner, low, at_low), np.where(inner, high, at_high))
    return np.where(unknown, np.nan, ends[0]), np.where(unknown, np.nan, ends[1])


def _is_inner(share: Floats, variance: Floats) -> Bools:
    return (share > ALMOST) & (share < 1.0 - ALMOST) & (variance > 0.0)
