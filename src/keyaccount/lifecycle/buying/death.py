"""The time of leaving, integrated out: what the Pareto/NBD needs of each history.

The customer's death time y after the last order has density proportional to
g(y) = (1 + y/α)^−r · (α + y)^−x · (1 + y/β)^−s / (β + y) on [recency, T]. The papers write its
integral with a Gaussian hypergeometric function, whose slopes in r and s have no closed form and
which loses digits where α and β are far apart or x is large. Gauss-Legendre points in
log(1 + rate·(y − recency)) give the integral and all its slopes as sums of positive terms: the
integrand is analytic within ±iπ of the axis, which fixes how many points reach float precision.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from keyaccount._columns import Codes, Floats
from keyaccount.lifecycle.buying._scipy import special

__all__ = ["Death", "death_times", "points_on_unit"]

_SIZES = (16, 24, 36, 54, 81, 122, 183)
_DIGITS = 18.0
"""Half the logarithm of float64's precision: the error falls as e^(−2·points·asinh(π / length))."""


class Death:
    """The integral over the death time, and what is expected of that time.

    Parameters
    ----------
    log_integral
        log ∫ g(y) dy.
    log_alpha, log_beta
        Means of log(1 + y/α) and log(1 + y/β) over the death times.
    over_alpha, over_beta
        Means of 1 / (α + y) and 1 / (β + y).
    share_alpha, share_beta
        Means of y / (α + y) and y / (β + y).
    """

    __slots__ = (
        "log_alpha",
        "log_beta",
        "log_integral",
        "over_alpha",
        "over_beta",
        "share_alpha",
        "share_beta",
    )

    def __init__(self, rows: int) -> None:
        self.log_integral: Floats = np.full(rows, -np.inf)
        self.log_alpha: Floats = np.zeros(rows)
        self.log_beta: Floats = np.zeros(rows)
        self.over_alpha: Floats = np.zeros(rows)
        self.over_beta: Floats = np.zeros(rows)
        self.share_alpha: Floats = np.zeros(rows)
        self.share_beta: Floats = np.zeros(rows)


def death_times(p: Floats, x: Floats, tx: Floats, age: Floats) -> Death:
    """Integrate over the death time of each row; a row depends on itself alone."""
    found = Death(len(x))
    r, alpha, s, beta = p
    # The fastest fall of the integrand, and no slower than the scale of its own curvature.
    rate = np.maximum(r + x, 1.0) / (alpha + tx) + (s + 1.0) / (beta + tx)
    length = np.log1p(rate * (age - tx))
    for size, rows in _by_size(length):
        own = {"x": x[rows], "tx": tx[rows], "rate": rate[rows], "length": length[rows]}
        _integrate(found, p, rows, size, **own)
    return found


def _by_size(length: Floats) -> list[tuple[int, Codes]]:
    wanted = _DIGITS / np.arcsinh(math.pi / np.maximum(length, 1e-9))
    place = np.minimum(np.searchsorted(_SIZES, wanted), len(_SIZES) - 1)
    open_rows = length > 0.0  # observed until the very day of the last order: nothing to integrate
    rows = [np.flatnonzero(open_rows & (place == i)) for i in range(len(_SIZES))]
    return [(size, r) for size, r in zip(_SIZES, rows, strict=True) if len(r)]


@cache
def points_on_unit(size: int) -> tuple[tuple[float, float], ...]:
    """Give Gauss-Legendre points and weights on [0, 1]."""
    at, weight = special().roots_legendre(size)
    return tuple(zip(((at + 1.0) / 2.0).tolist(), (weight / 2.0).tolist(), strict=True))


def _integrate(
    found: Death,
    p: Floats,
    rows: Codes,
    size: int,
    *,
    x: Floats,
    tx: Floats,
    rate: Floats,
    length: Floats,
) -> None:
    """Add the points one by one, each relative to the integrand at the last order."""
    r, alpha, s, beta = p
    k, near_alpha, near_beta = r + x, alpha + tx, beta + tx
    total, log_a, log_b, over_a, over_b, of_a, of_b = (np.zeros(len(rows)) for _ in range(7))
    for at, weight in points_on_unit(size):
        stretched = at * length
        since = np.expm1(stretched) / rate
        fall_a, fall_b = np.log1p(since / near_alpha), np.log1p(since / near_beta)
        g = weight * np.exp(stretched - k * fall_a - (s + 1.0) * fall_b)
        total += g
        log_a += g * fall_a
        log_b += g * fall_b
        inner_a, inner_b = g / (near_alpha + since), g / (near_beta + since)
        over_a += inner_a
        over_b += inner_b
        of_a += inner_a * since
        of_b += inner_b * since
    first_a, first_b = np.log1p(tx / alpha), np.log1p(tx / beta)
    first = -r * first_a - x * np.log(near_alpha) - s * first_b - np.log(near_beta)
    found.log_integral[rows] = np.log(total * length / rate) + first
    found.log_alpha[rows] = first_a + log_a / total
    found.log_beta[rows] = first_b + log_b / total
    found.over_alpha[rows] = over_a / total
    found.over_beta[rows] = over_b / total
    found.share_alpha[rows] = (over_a * tx + of_a) / total
    found.share_beta[rows] = (over_b * tx + of_b) / total
