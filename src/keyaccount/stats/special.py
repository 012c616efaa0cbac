"""Incomplete beta and gamma functions and their quantiles, with numpy alone.

Each row is computed on its own, so that a result does not depend on the rows beside it. Results are
good to about 1e-13 for shapes from a thousandth to a million, and the work grows with the square
root of the shapes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from keyaccount._columns import Codes, Floats, as_floats, common_length, refuse_rows
from keyaccount.stats._newton import END, normal_quantile, where_tail_is
from keyaccount.stats._tails import Tails, beta_tails, gamma_tails, log_gamma

__all__ = ["beta_cdf", "beta_quantile", "gamma_cdf", "gamma_quantile", "log_gamma"]

_EDGE = 1.0 - END
_LEAST, _LARGEST = 1e-100, 1e9
_OUTSIDE = "are out of range"
_SHAPES = "a shape is a number from 0 to a thousand million."
_RATES = "a rate is a finite number above 0."
_LEVELS = "write 5 % as 0.05."


def beta_cdf(x: ArrayLike, a: ArrayLike, b: ArrayLike) -> Floats:
    """Return the probability that a Beta(a, b) variable is at most `x`.

    Parameters
    ----------
    x
        Points, one or one per row; below 0 and above 1 they are certain.
    a, b
        Shapes of at least 0, one or one per row. A shape of 0 puts everything on its end; both 0
        say nothing, and neither does a NaN.

    Returns
    -------
    ndarray
        The regularised incomplete beta function, NaN where something is unknown.

    Raises
    ------
    RowError
        A shape is below 0 or above 1e9.

    Notes
    -----
    Continued fraction 8.17.22 of the NIST Digital Library of Mathematical Functions by the method
    of Lentz (1976, Applied Optics 15) as modified by Thompson and Barnett; density after Loader, C.
    (2000), Fast and accurate computation of binomial probabilities.

    Examples
    --------
    >>> from keyaccount.stats.special import beta_cdf
    >>> beta_cdf([0.25, 0.5], 1, 1)
    array([0.25, 0.5 ])
    """
    at, p, q = _aligned({"x": x, "a": a, "b": b})
    p = _shape("a", p)
    q = _shape("b", q)
    # Everything is on 0 where a is 0, on 1 where b is 0; else nothing is at 0 or below.
    out = np.where((at < 0.0) | ((p > 0.0) & ((at == 0.0) | ((q == 0.0) & (at < 1.0)))), 0.0, 1.0)
    out[np.isnan(at) | np.isnan(p) | np.isnan(q) | ((p == 0.0) & (q == 0.0))] = np.nan
    rows = np.flatnonzero((at > 0.0) & (at < 1.0) & (p > 0.0) & (q > 0.0))
    out[rows] = beta_tails(at[rows], 1.0 - at[rows], p[rows], q[rows])[0]
    return out


def beta_quantile(q: ArrayLike, a: ArrayLike, b: ArrayLike) -> Floats:
    """Return the point below which a Beta(a, b) variable lies with probability `q`.

    Parameters
    ----------
    q
        Probabilities in [0, 1], one or one per row.
    a, b
        Shapes as in `beta_cdf`.

    Returns
    -------
    ndarray
        Points in [0, 1], NaN where something is unknown. What no float64 can tell from 0 or 1 is 0
        or 1.

    Raises
    ------
    RowError
        A probability outside [0, 1], or a shape below 0 or above 1e9.

    Notes
    -----
    Newton's method on the log of the smaller tail, over the logit of x.

    Examples
    --------
    >>> from keyaccount.stats.special import beta_quantile
    >>> beta_quantile([0.05, 0.95], 34, 16).round(6)
    array([0.568439, 0.783293])
    """
    level, p, r = _aligned({"q": q, "a": a, "b": b})
    refuse_rows("q", level, (level < 0.0) | (level > 1.0), _OUTSIDE, _LEVELS)
    p = _shape("a", p)
    r = _shape("b", r)
    out = np.where((p == 0.0) | ((r > 0.0) & (level == 0.0)), 0.0, 1.0)
    out[np.isnan(level) | np.isnan(p) | np.isnan(r) | ((p == 0.0) & (r == 0.0))] = np.nan
    rows = np.flatnonzero((level > 0.0) & (level < 1.0) & (p > 0.0) & (r > 0.0))
    out[rows] = _beta_points(level[rows], p[rows], r[rows])
    return out


def gamma_cdf(x: ArrayLike, shape: ArrayLike, rate: ArrayLike = 1.0) -> Floats:
    """Return the probability that a Gamma(shape, rate) variable is at most `x`.

    Parameters
    ----------
    x
        Points, one or one per row; below 0 the probability is 0.
    shape
        Shapes of at least 0, one or one per row; a shape of 0 puts everything on 0.
    rate
        Rates above 0, one or one per row: the mean is ``shape / rate``.

    Returns
    -------
    ndarray
        The regularised lower incomplete gamma function of ``rate · x``, NaN where something is
        unknown.

    Raises
    ------
    RowError
        A shape below 0 or above 1e9, or a rate that is not a finite number above 0.

    Notes
    -----
    The power series 8.11.4 below the mean and the continued fraction 8.9.2 of the NIST Digital
    Library of Mathematical Functions above it, as DiDonato and Morris (1986, ACM TOMS 12) divide
    the plane; density after Loader as in `beta_cdf`.

    Examples
    --------
    >>> from keyaccount.stats.special import gamma_cdf
    >>> gamma_cdf([1.0], 1, 2).round(6)  # 1 - exp(-2)
    array([0.864665])
    """
    at, s, r = _aligned({"x": x, "shape": shape, "rate": rate})
    s = _shape("shape", s)
    refuse_rows("rate", r, (r <= 0.0) | np.isinf(r), _OUTSIDE, _RATES)
    with np.errstate(over="ignore"):
        at = at * r
    out = np.where((at < 0.0) | ((at == 0.0) & (s > 0.0)), 0.0, 1.0)
    out[np.isnan(at) | np.isnan(s)] = np.nan
    rows = np.flatnonzero((at > 0.0) & np.isfinite(at) & (s > 0.0))
    out[rows] = gamma_tails(at[rows], s[rows])[0]
    return out


def gamma_quantile(q: ArrayLike, shape: ArrayLike, rate: ArrayLike = 1.0) -> Floats:
    """Return the point below which a Gamma(shape, rate) variable lies with probability `q`.

    Parameters
    ----------
    q
        Probabilities in [0, 1], one or one per row.
    shape, rate
        As in `gamma_cdf`.

    Returns
    -------
    ndarray
        Points of at least 0, infinite for a probability of 1, NaN where something is unknown. What
        no float64 can tell from 0 is 0.

    Raises
    ------
    RowError
        A probability outside [0, 1], or a shape or rate as in `gamma_cdf`.

    Notes
    -----
    Newton's method on the log of the smaller tail, over the log of x.

    Examples
    --------
    >>> from keyaccount.stats.special import gamma_quantile
    >>> gamma_quantile([0.5], 1, 2).round(6)  # log(2) / 2
    array([0.346574])
    """
    level, s, r = _aligned({"q": q, "shape": shape, "rate": rate})
    refuse_rows("q", level, (level < 0.0) | (level > 1.0), _OUTSIDE, _LEVELS)
    s = _shape("shape", s)
    refuse_rows("rate", r, (r <= 0.0) | np.isinf(r), _OUTSIDE, _RATES)
    out = np.where((level == 1.0) & (s > 0.0), np.inf, 0.0)
    out[np.isnan(level) | np.isnan(s) | np.isnan(r)] = np.nan
    rows = np.flatnonzero((level > 0.0) & (level < 1.0) & (s > 0.0) & ~np.isnan(r))
    out[rows] = _gamma_points(level[rows], s[rows]) / r[rows]
    return out


def _beta_points(wanted: Floats, a: Floats, b: Floats) -> Floats:
    def tails(logit: Floats, rows: Codes) -> Tails:
        x, y = 1.0 / (1.0 + np.exp(-logit)), 1.0 / (1.0 + np.exp(logit))
        return beta_tails(x, y, a[rows], b[rows])

    spread = np.where((a >= 1.0) & (b >= 1.0), np.sqrt(1.0 / a + 1.0 / b), 0.0)
    start = np.log(a / b) + normal_quantile(wanted) * spread
    found = where_tail_is(wanted, start, tails)
    points: Floats = 1.0 / (1.0 + np.exp(-found))
    return np.where(found < _EDGE, 0.0, points)


def _gamma_points(wanted: Floats, a: Floats) -> Floats:
    def tails(log: Floats, rows: Codes) -> Tails:
        return gamma_tails(np.exp(log), a[rows])

    spread = np.where(a >= 1.0, np.sqrt(1.0 / a), 0.0)
    found = where_tail_is(wanted, np.log(a) + normal_quantile(wanted) * spread, tails)
    points: Floats = np.exp(found)
    return np.where(found < _EDGE, 0.0, points)


def _aligned(given: dict[str, ArrayLike]) -> tuple[Floats, ...]:
    """Read columns of numbers; a single one stands for all rows."""
    read = {name: as_floats(raw, name) for name, raw in given.items()}
    rows = common_length({n: v for n, v in read.items() if len(v) != 1} or read)
    return tuple(np.full(rows, v[0]) if len(v) == 1 != rows else v for v in read.values())


def _shape(name: str, values: Floats) -> Floats:
    """Refuse what is no shape; lift the tiniest ones, whose reciprocals no float64 holds."""
    refuse_rows(name, values, (values < 0.0) | (values > _LARGEST), _OUTSIDE, _SHAPES)
    return np.where(values > 0.0, np.maximum(values, _LEAST), values)
