"""Both tails of the beta and the gamma distribution, with their densities: the kernels.

A tail is a density times a power series or a continued fraction. The density is written as Loader's
saddle point, which loses no digits however large the shapes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from keyaccount._columns import Bools, Floats

__all__ = ["Tails", "beta_tails", "gamma_tails", "log_gamma"]

Tails: TypeAlias = tuple[Floats, Floats, Floats]
"""The probabilities below and above a point, each with its digits where it is small, and the
density there of the point's logit (beta) or logarithm (gamma)."""

Ratio: TypeAlias = Callable[[int, tuple[Floats, ...]], Floats]
"""What leads from one term of a series to the next, at each step."""

Parts: TypeAlias = Callable[[int, tuple[Floats, ...]], tuple[Floats, Floats]]
"""The next numerator and denominator of a continued fraction, at each step."""

_HALF_LOG_2PI = 0.5 * math.log(2.0 * math.pi)
_EPS = 2.0**-53
_TINY = 1e-300
_STEPS = 1_000_000
"""Nothing comes near: shapes of a million take some thousand steps."""
_SERIES_FROM = 16.0
"""From here on Stirling's series is exact to the last bits."""
_NEAR = 0.1
_lgamma = np.frompyfunc(math.lgamma, 1, 1)


def log_gamma(values: Floats) -> Floats:
    """Return the logarithm of the gamma function of each value above 0.

    Examples
    --------
    >>> import numpy as np
    >>> from keyaccount.stats.special import log_gamma
    >>> np.exp(log_gamma(np.array([1.0, 5.0]))).round(9)
    array([ 1., 24.])
    """
    return np.asarray(_lgamma(values), dtype=np.float64)


def beta_tails(x: Floats, y: Floats, a: Floats, b: Floats) -> Tails:
    """Return the tails of Beta(a, b) at x in (0, 1), with ``y = 1 - x`` to all its digits."""
    short = a * y - b * x
    density = _beta_density(x, y, a, b, short)
    # The series from an end where it is short, else the fraction from the side of the lesser tail.
    from_0, from_1 = _few_terms(x, b), _few_terms(y, a)
    turned = np.where(from_0 | from_1, from_1 & ~from_0, short < 0.0)
    near, far = np.where(turned, b, a), np.where(turned, a, b)
    at, rest = np.where(turned, y, x), np.where(turned, x, y)
    own, few = np.empty(len(x)), from_0 | from_1
    own[few] = _series(_beta_ratio, (at[few], near[few], far[few])) / near[few]
    many = ~few
    own[many] = _beta_fraction(*(v[many] for v in (np.abs(short), at, rest, near, far)))
    return _both(_within_0_and_1(density * own), turned, density)


def _few_terms(x: Floats, b: Floats) -> Bools:
    """Say where the terms of the power series in x soon halve at every step."""
    return (x <= 0.5) & ((b <= 1.0) | (b * x <= 0.7))  # noqa: PLR2004 - as said


def gamma_tails(x: Floats, a: Floats) -> Tails:
    """Return the tails of Gamma(a, 1) at x > 0."""
    density = _gamma_density(x, a) * a
    turned = x >= a + 1.0
    own = np.empty(len(x))
    own[~turned] = _series(_gamma_ratio, (x[~turned], a[~turned])) / a[~turned]
    own[turned] = _gamma_fraction(x[turned], a[turned])
    return _both(_within_0_and_1(density * own), turned, density)


def _both(own: Floats, turned: Bools, density: Floats) -> Tails:
    """Put the tail that was computed, and what is left of 1, on their sides."""
    rest = 1.0 - own
    return np.where(turned, rest, own), np.where(turned, own, rest), density


def _within_0_and_1(p: Floats) -> Floats:
    return np.minimum(np.maximum(p, 0.0), 1.0)


# --- Densities ------------------------------------------------------------------------------------


def _stirling_error(a: Floats) -> Floats:
    """Return log Γ(a + 1) less Stirling's formula for it."""
    out = np.empty(len(a))
    small = a < _SERIES_FROM
    few = a[small]
    out[small] = log_gamma(few + 1.0) - (few + 0.5) * np.log(few) + few - _HALF_LOG_2PI
    many = a[~small]
    s = 1.0 / (many * many)
    series = 1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - s * (691 / 360360 - s / 156)))
    out[~small] = (1 / 12 - s * (1 / 360 - s * series)) / many
    return out


def _deviance(a: Floats, mean: Floats, short: Floats) -> Floats:
    """Return ``a·log(a / mean) + mean − a``, given ``short = a − mean`` to all its digits."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        far: Floats = a * np.log(a / mean) - short
    v = short / (a + mean)
    near = np.abs(v) < _NEAR
    w = v[near]
    s, power, square = short[near] * w, 2.0 * a[near] * w, w * w
    for k in range(3, 21, 2):
        power = power * square
        s = s + power / k
    far[near] = s
    return far


def _gamma_density(x: Floats, a: Floats) -> Floats:
    """Return ``x^a e^−x / Γ(a + 1)``."""
    exponent = _stirling_error(a) + _deviance(a, x, a - x)
    with np.errstate(under="ignore"):
        density: Floats = np.exp(-exponent) / np.sqrt(2.0 * math.pi * a)
    return density


def _beta_density(x: Floats, y: Floats, a: Floats, b: Floats, short: Floats) -> Floats:
    """Return ``x^a y^b / B(a, b)`` with ``y = 1 − x`` and ``short = a·y − b·x``."""
    n = a + b
    deviance = _deviance(a, n * x, short) + _deviance(b, n * y, -short)
    exponent = _stirling_error(a) + _stirling_error(b) - _stirling_error(n) + deviance
    with np.errstate(under="ignore"):
        # a·b/n by way of the smaller, which neither overflows nor underflows
        lesser, greater = np.minimum(a, b), np.maximum(a, b)
        density: Floats = np.exp(-exponent) * np.sqrt(lesser * (greater / n) / (2.0 * math.pi))
    return density


# --- Series and fractions -------------------------------------------------------------------------


def _series(ratio: Ratio, args: tuple[Floats, ...]) -> Floats:
    """Return ``1 + r1 + r1·r2 + …`` for ratios above 0, row by row."""
    total, rows = np.ones(len(args[0])), np.arange(len(args[0]))
    term = np.ones(len(rows))
    for k in range(1, _STEPS):
        term = term * ratio(k, args)
        total[rows] += term
        going = term > _EPS * total[rows]
        if not going.all():
            rows, term, args = rows[going], term[going], tuple(arg[going] for arg in args)
        if not len(rows):
            break
    return total


def _gamma_ratio(k: int, args: tuple[Floats, ...]) -> Floats:
    """Lead through ``1 + x/(a+1) + x²/((a+1)(a+2)) + …``."""
    x, a = args
    ratio: Floats = x / (a + k)
    return ratio


def _beta_ratio(k: int, args: tuple[Floats, ...]) -> Floats:
    """Lead through ``1 + x·(a+b)/(a+1) + x²·(a+b)(a+b+1)/((a+1)(a+2)) + …``."""
    x, a, b = args
    ratio: Floats = x * ((a + b + (k - 1.0)) / (a + k))
    return ratio


def _gamma_fraction(x: Floats, a: Floats) -> Floats:
    """Return the upper tail over the density: 1/(x+1-a- 1·(1-a)/(x+3-a- 2·(2-a)/(x+5-a- …)))."""
    return _fraction(_gamma_parts, (x, a), x + 1.0 - a)


def _gamma_parts(k: int, args: tuple[Floats, ...]) -> tuple[Floats, Floats]:
    x, a = args
    return k * (a - k), x + (2.0 * k + 1.0) - a


def _beta_fraction(short: Floats, x: Floats, y: Floats, a: Floats, b: Floats) -> Floats:
    """Return the lower tail over the density, for ``short = a·y − b·x`` of at least 0."""
    return _fraction(_beta_parts, (short, x, y, a, b), a / (a + 1.0) * (short + 1.0))


def _beta_parts(k: int, args: tuple[Floats, ...]) -> tuple[Floats, Floats]:
    """Give the even part of the usual fraction, as DiDonato and Morris (1992) write it."""
    short, x, y, a, b = args
    last, following = a + (2.0 * k - 1.0), a + (2.0 * k + 1.0)
    drop = k * (b - k) * x / last
    top = (a + (k - 1.0)) / last * (a + b + (k - 1.0)) * drop * x
    return top, k + drop + (a + k) / following * (short + 1.0 + k * (1.0 + y))


def _fraction(parts: Parts, args: tuple[Floats, ...], first: Floats) -> Floats:
    """Evaluate ``1/(first + a1/(b1 + a2/(b2 + …)))`` by the method of Lentz, row by row.

    `parts` gives the next pair (a, b); a row stops when its last factor was 1 to the last bits.
    """
    out, rows = np.empty(len(first)), np.arange(len(first))
    d = 1.0 / _away_from_0(first)
    c, found = np.full(len(first), 1.0 / _TINY), d
    for k in range(1, _STEPS):
        a, b = parts(k, args)
        d = 1.0 / _away_from_0(a * d + b)
        c = _away_from_0(b + a / c)
        factor = c * d
        found = found * factor
        done = np.abs(factor - 1.0) <= 4.0 * _EPS
        if done.any():
            out[rows[done]] = found[done]
            going = ~done
            rows, c, d, found = rows[going], c[going], d[going], found[going]
            args = tuple(arg[going] for arg in args)
        if not len(rows):
            break
    out[rows] = found
    return out


def _away_from_0(values: Floats) -> Floats:
    return np.where(np.abs(values) < _TINY, _TINY, values)
