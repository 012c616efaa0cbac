"""The two models in which a customer may leave after an order: BG/NBD and MBG/NBD.

Orders come at a rate λ ~ Gamma(r, α) while the customer is active, and the customer leaves for good
at each of its chances with probability p ~ Beta(a, b). In the BG/NBD the chances are the repeat
orders; in the MBG/NBD the first order is one as well. After x repeat orders a customer has had
x + `extra` chances, with `extra` 0 or 1, and that is the whole difference.
"""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Floats
from keyaccount.lifecycle.buying._scipy import special
from keyaccount.lifecycle.buying.counting import negative_binomial
from keyaccount.lifecycle.buying.patterns import Patterns
from keyaccount.lifecycle.buying.rising import rising, staying
from keyaccount.lifecycle.buying.thinned import thinned_orders

__all__ = ["Geometric"]


class Geometric:
    """The arithmetic of both models; parameters are (r, α, a, b)."""

    names: tuple[str, ...] = ("r", "alpha", "a", "b")
    timed: tuple[bool, ...] = (False, True, False, False)
    starts: tuple[tuple[float, ...], ...] = (
        (1.0, 1.0, 1.0, 1.0),
        (0.25, 0.25, 0.8, 2.5),
        (0.5, 0.1, 0.1, 2.0),
        (5.0, 5.0, 1.0, 10.0),
        (0.3, 0.3, 0.05, 0.1),
    )

    def __init__(self, extra: int) -> None:
        self.extra: int = extra

    def mean_log_likelihood(self, theta: Floats, book: Patterns) -> tuple[float, Floats]:
        """Return the mean log-likelihood and its slope in the logarithms of the parameters."""
        r, alpha, a, b = np.exp(theta)
        x, shared, level = book.levels
        n, m = book.customers, x + self.extra
        came, came_r = rising(r, x)
        stayed, stayed_a, stayed_b = staying(a, b, m)
        frequency, until, last = book.frequency, alpha + book.age, alpha + book.recency
        fall, fall_last = np.log1p(book.age / alpha), np.log1p(book.recency / alpha)
        k = r + frequency
        gone = self._log_odds_gone(k, m[level], fall - fall_last, a, b)
        u = special().expit(gone)
        w = 1.0 - u
        rows = _log1p_exp(gone) - r * fall - frequency * np.log(until)
        left = np.add.reduceat(book.counts * u, book.starts)
        lost = left / np.where(m > 0.0, b + m - 1.0, 1.0)
        sums = np.array(
            [
                (shared * came_r).sum() - (book.counts * (w * fall + u * fall_last)).sum(),
                (book.counts * (r * (w * book.age / until + u * book.recency / last))).sum()
                - (book.counts * (frequency * alpha * (w / until + u / last))).sum(),
                (shared * stayed_a).sum() + left.sum() / a,
                (shared * stayed_b).sum() - lost.sum(),
            ]
        )
        value = (shared * (came + stayed)).sum() + (book.counts * rows).sum()
        return float(value) / n, sums * np.array([r, 1.0, a, b]) / n

    def alive(self, p: Floats, x: Floats, tx: Floats, age: Floats) -> Floats:
        """Return the probability that a customer has not left by the day of the count."""
        r, alpha, a, b = p
        gap = np.log1p((age - tx) / (alpha + tx))
        found: Floats = special().expit(-self._log_odds_gone(r + x, x + self.extra, gap, a, b))
        return found

    def orders(self, p: Floats, x: Floats, age: Floats, t: Floats) -> Floats:
        """Return the orders expected within `t` of a customer who has not left."""
        r, alpha, a, b = p
        return thinned_orders(r + x, t / (alpha + age), a, b + x + self.extra)

    def first_orders(self, p: Floats, t: Floats) -> Floats:
        """Return the repeat orders expected within `t` of a first order."""
        zero = np.zeros(len(t))
        stays = p[3] / (p[2] + p[3]) if self.extra else 1.0
        return stays * self.orders(p, zero, zero, t)

    def counts(self, p: Floats, x: Floats, age: Floats, t: Floats, n: Floats) -> Floats:
        """Return the probability of `n` orders within `t` of a customer who has not left."""
        r, alpha, a, b = p
        return _thinned_counts((r + x, alpha + age), (a, b + x + self.extra), t, n)

    def first_counts(self, p: Floats, t: Floats, n: Floats) -> Floats:
        """Return the probability of `n` repeat orders within `t` of a first order."""
        zero = np.zeros(len(t))
        found = self.counts(p, zero, zero, t, n)
        stays = p[3] / (p[2] + p[3]) if self.extra else 1.0
        return stays * found + np.where(n == 0.0, 1.0 - stays, 0.0)

    def _log_odds_gone(self, k: Floats, m: Floats, gap: Floats, a: float, b: float) -> Floats:
        """Return log P(left at the last chance) − log P(still here), both joint with the history.

        Before the first chance nobody has left: −inf.
        """
        chance = np.where(m > 0.0, b + m - 1.0, 1.0)
        found: Floats = np.log(a) - np.log(chance) + k * gap
        return np.where(m > 0.0, found, -np.inf)


def _thinned_counts(
    gamma: tuple[Floats, Floats], beta: tuple[float, Floats], t: Floats, n: Floats
) -> Floats:
    """Return P(n orders): all n survived, or the customer left at the n-th."""
    sp = special()
    (k, rate), (a, b) = gamma, beta
    stayed = np.exp(sp.betaln(a, b + n) - sp.betaln(a, b))
    before = np.maximum(n, 1.0)
    quit_now = np.exp(sp.betaln(a + 1.0, b + before - 1.0) - sp.betaln(a, b))
    reached = sp.betainc(before, k, t / (rate + t))  # P(at least n orders came)
    here = stayed * negative_binomial(k, rate, t, n)
    found: Floats = here + np.where(n > 0.0, quit_now * reached, 0.0)
    return found


def _log1p_exp(z: Floats) -> Floats:
    """Return log(1 + e^z) without overflow."""
    found: Floats = np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))
    return found
