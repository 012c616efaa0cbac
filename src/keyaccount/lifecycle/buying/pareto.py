"""The arithmetic of the Pareto/NBD: a customer may leave at any time."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Floats
from keyaccount.lifecycle.buying._scipy import special
from keyaccount.lifecycle.buying.counting import negative_binomial
from keyaccount.lifecycle.buying.death import death_times, points_on_unit
from keyaccount.lifecycle.buying.patterns import Patterns
from keyaccount.lifecycle.buying.rising import rising

__all__ = ["Pareto"]

_ROWS = 8192
"""Rows integrated at a time: the working arrays stay in the cache."""


class Pareto:
    """Orders at a rate λ ~ Gamma(r, α) until a death that comes at a rate μ ~ Gamma(s, β).

    Parameters are (r, α, s, β).
    """

    names: tuple[str, ...] = ("r", "alpha", "s", "beta")
    timed: tuple[bool, ...] = (False, True, False, True)
    starts: tuple[tuple[float, ...], ...] = (
        (1.0, 1.0, 1.0, 1.0),
        (0.5, 0.25, 0.5, 0.25),
        (0.5, 0.1, 2.0, 5.0),
        (5.0, 5.0, 0.5, 0.5),
        (0.3, 0.3, 0.1, 0.05),
    )

    def mean_log_likelihood(self, theta: Floats, book: Patterns) -> tuple[float, Floats]:
        """Return the mean log-likelihood and its slope in the logarithms of the parameters."""
        totals = np.zeros(5)
        for start in range(0, len(book), _ROWS):
            totals += self._part(theta, book, slice(start, start + _ROWS))
        r, _, s, _ = np.exp(theta)
        x, shared, _ = book.levels
        came, came_r = rising(r, x)
        totals += [(shared * came).sum(), (shared * came_r).sum(), 0.0, 0.0, 0.0]
        slope = totals[1:] * np.array([r, 1.0, s, 1.0]) / book.customers
        return float(totals[0]) / book.customers, slope

    def _part(self, theta: Floats, book: Patterns, rows: slice) -> Floats:
        """Add up the log-likelihood of one part of the book and its slopes.

        Those in α and β are in their logarithms.
        """
        p = np.exp(theta)
        r, alpha, s, beta = p
        x, tx, age = book.frequency[rows], book.recency[rows], book.age[rows]
        counts = book.counts[rows]
        death = death_times(p, x, tx, age)
        here, gone = _here(p, x, age), death.log_integral + theta[2]
        both = np.logaddexp(here, gone)
        w, u = np.exp(here - both), np.exp(gone - both)
        over_a = w / (alpha + age) + u * death.over_alpha
        # y / (α + y) is 1 − α / (α + y), and close to 0 where α is large
        fall_a = w * age / (alpha + age) + u * death.share_alpha
        fall_b = w * age / (beta + age) + u * death.share_beta
        parts = (
            both,
            -w * np.log1p(age / alpha) - u * death.log_alpha,
            r * fall_a - x * alpha * over_a,
            u / s - w * np.log1p(age / beta) - u * death.log_beta,
            s * fall_b - beta * u * death.over_beta,
        )
        return np.array([float((counts * part).sum()) for part in parts])

    def alive(self, p: Floats, x: Floats, tx: Floats, age: Floats) -> Floats:
        """Return the probability that a customer has not left by the day of the count."""
        gone = death_times(p, x, tx, age).log_integral + np.log(p[2])
        found: Floats = special().expit(_here(p, x, age) - gone)
        return found

    def orders(self, p: Floats, x: Floats, age: Floats, t: Floats) -> Floats:
        """Return the orders expected within `t` of a customer who has not left.

        The mean time left is that of a Pareto cut at t, which has a limit at s = 1.
        """
        r, alpha, s, beta = p
        log_ratio = np.log1p(t / (beta + age))
        time_left = (beta + age) * log_ratio * special().exprel((1.0 - s) * log_ratio)
        found: Floats = (r + x) / (alpha + age) * time_left
        return found + 0.0

    def first_orders(self, p: Floats, t: Floats) -> Floats:
        """Return the repeat orders expected within `t` of a first order."""
        zero = np.zeros(len(t))
        return self.orders(p, zero, zero, t)

    def counts(self, p: Floats, x: Floats, age: Floats, t: Floats, n: Floats) -> Floats:
        """Return the probability of `n` orders within `t` of a customer who has not left."""
        r, alpha, s, beta = p
        k, rate, scale = r + x, alpha + age, beta + age
        length = np.log1p(t / scale)
        stays = np.exp(-s * length) * negative_binomial(k, rate, t, n)
        left = np.zeros(len(t))
        for at, weight in points_on_unit(_COUNT_POINTS):
            # The death time y with log(1 + y / scale) = at·length has density s·e^(−s·at·length).
            y = scale * np.expm1(at * length)
            left += (
                weight * s * length * np.exp(-s * at * length) * negative_binomial(k, rate, y, n)
            )
        found: Floats = stays + left
        return found

    def first_counts(self, p: Floats, t: Floats, n: Floats) -> Floats:
        """Return the probability of `n` repeat orders within `t` of a first order."""
        zero = np.zeros(len(t))
        return self.counts(p, zero, zero, t, n)


_COUNT_POINTS = 128


def _here(p: Floats, x: Floats, age: Floats) -> Floats:
    """Return log P(still here, with these orders), but for Γ(r + x)/Γ(r)."""
    r, alpha, s, beta = p
    found: Floats = -r * np.log1p(age / alpha) - x * np.log(alpha + age) - s * np.log1p(age / beta)
    return found
