"""The money a customer may bring within a time: quantiles of its predictive distribution.

Given n orders, their sum S is Gamma(p·n, ν) with ν ~ Gamma(shape, rate), so S / (S + rate) is
Beta(p·n, shape): the distribution of the money is a mixture of these over the number of orders,
with an atom at 0. No simulation is needed.
"""

from __future__ import annotations

import attrs
import numpy as np

from keyaccount._columns import Codes, Floats
from keyaccount.lifecycle.buying._scipy import special
from keyaccount.lifecycle.buying.outlook import Outlook
from keyaccount.lifecycle.buying.patterns import distinct_rows
from keyaccount.stats._newton import where_tail_is
from keyaccount.stats._tails import Tails

__all__ = ["Money"]


@attrs.frozen(eq=False)
class Money:
    """The money of each customer.

    Parameters
    ----------
    outlook
        Numbers of orders of customers who have not left.
    alive
        ``(n,)`` the probability that each has not left.
    p
        Shape of one order.
    shape, rate
        ``(n,)`` what is known of the customer's own ν.
    """

    outlook: Outlook
    alive: Floats
    p: float
    shape: Floats
    rate: Floats

    def quantile(self, q: float) -> Floats:
        """Return the money below or at which each customer stays with probability `q`."""
        look = self.outlook
        none = look.probability[look.start] * (look.count[look.start] == 0.0)
        nothing = 1.0 - self.alive + self.alive * none[look.pattern]
        found = np.zeros(len(self.alive))
        rows = np.flatnonzero(nothing < q)
        if len(rows):
            # Customers without repeat orders differ in T alone: equal ones are solved once.
            keys = (look.pattern[rows].astype(np.float64), nothing, self.shape, self.rate)
            starts, order = distinct_rows(keys[0], *(key[rows] for key in keys[1:]))
            one = rows[order[starts]]
            wanted = (q - nothing[one]) / (1.0 - nothing[one])
            logit = where_tail_is(
                wanted, np.zeros(len(one)), lambda at, of: self._tails(at, one[of])
            )
            money = self.rate[one] * np.exp(logit)
            found[rows[order]] = np.repeat(money, np.diff(starts, append=len(order)))
        return found

    @property
    def variance(self) -> Floats:
        """The variance of each customer's money; NaN where the spend has none."""
        look, shape = self.outlook, np.where(self.shape > 2.0, self.shape, np.nan)  # noqa: PLR2004 - the second moment of an inverse gamma
        chances = look.probability * look.count
        mean = self.alive * np.add.reduceat(chances, look.start)[look.pattern]
        square = self.alive * look.mean_square[look.pattern]
        per_order = self.p * self.rate / (shape - 1.0)
        squares = self.rate * self.rate / ((shape - 1.0) * (shape - 2.0))
        found: Floats = squares * (self.p * self.p * square + self.p * mean) - np.square(
            per_order * mean
        )
        return found

    def _tails(self, logit: Floats, rows: Codes) -> Tails:
        """Return both tails and the density of logit(S / (S + rate)), given any order at all."""
        sp = special()
        look = self.outlook
        of = look.pattern[rows]
        lengths = look.length[of]
        starts = np.cumsum(lengths) - lengths
        pairs = np.repeat(look.start[of] - starts, lengths) + np.arange(int(lengths.sum()))
        chance, a = look.probability[pairs], self.p * look.count[pairs]
        some = a > 0.0
        chance, a = np.where(some, chance, 0.0), np.where(some, a, 1.0)
        at, b = np.repeat(logit, lengths), np.repeat(self.shape[rows], lengths)
        w = sp.expit(at)
        total = np.add.reduceat(chance, starts)
        density = np.exp(a * sp.log_expit(at) + b * sp.log_expit(-at) - sp.betaln(a, b))
        below = np.add.reduceat(chance * sp.betainc(a, b, w), starts) / total
        dense = np.add.reduceat(chance * density, starts) / total
        return below, 1.0 - below, dense
