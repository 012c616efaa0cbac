"""`OrderPotential`: what each customer's orders will bring, with intervals and reasons."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Floats
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding
from keyaccount.lifecycle.buying.gamma_gamma import GammaGamma
from keyaccount.lifecycle.buying.history import History
from keyaccount.lifecycle.buying.model import BuyingModel
from keyaccount.lifecycle.buying.money import Money
from keyaccount.lifecycle.buying.outlook import Outlook, outlook
from keyaccount.lifecycle.buying.total import TotalPotential, estimation_sd, total_potential
from keyaccount.stats._levels import tails_of
from keyaccount.stats.sums import exact_sum

__all__ = ["OrderPotential"]

_HALF = 0.5


class OrderPotential(Viewed):
    """What each customer's orders will bring within the horizon.

    Attributes
    ----------
    frequency
        ``(n,)`` repeat orders so far.
    probability_alive
        ``(n,)`` the probability that the customer has not left; NaN where its history is unknown.
    expected_orders
        ``(n,)`` orders expected within the horizon.
    expected_spend
        ``(n,)`` money expected per order; NaN where that mean does not exist.
    potential
        ``(n,)`` money expected within the horizon, discounted where a discount was asked for.
    low, high
        ``(n,)`` a central interval of the money that comes, by the customer's predictive
        distribution: it covers chance (whether the customer has left, how often it orders, what it
        spends) and what is unknown of the customer, but takes the parameters as known. Under a
        discount, money is discounted as the expectation is on average.
    unlikely_to_order
        ``(n,)`` whether no order at all is the likelier outcome.
    total
        The sum over the book, with an interval that covers the estimation of the parameters too.
    spend_correlation
        Correlation of frequency and mean spend among repeat buyers. The model takes them to be
        unrelated: far from 0, the potential of frequent buyers is off.
    horizon
        Length of the look ahead, in the unit of T.
    level
        How often the intervals hold.
    years
        How many calendar years it covers.
    source
        Always ``"orders"``: potential from orders, not from a budget.
    findings
        What a reader should know of data and models.

    Examples
    --------
    >>> import keyaccount as ka
    >>> buying = ka.BetaGeometricNBD(r=0.243, alpha=4.414, a=0.793, b=2.426, time_unit="week")
    >>> spend = ka.GammaGamma(p=6.25, q=3.74, v=15.44)
    >>> found = ka.order_potential(buying, spend, [2], [30.43], [38.86], [22.35])
    >>> found.potential.round(1), found.probability_alive.round(3)
    (array([87.8]), array([0.727]))
    """

    def __init__(
        self,
        *,
        buying: BuyingModel,
        spend: GammaGamma,
        history: History,
        mean_spend: Floats,
        expected_spend: Floats,
        horizon: float,
        years: float,
        weights: tuple[tuple[float, float], ...],
        level: float,
        findings: tuple[Finding, ...],
    ) -> None:
        self.buying: BuyingModel = buying
        self.spend: GammaGamma = spend
        self.horizon: float = horizon
        self.years: float = years
        self.level: float = level
        self.source: str = "orders"
        self.findings: tuple[Finding, ...] = findings
        self.frequency: Floats = history.frequency
        self.expected_spend: Floats = expected_spend
        self._history = history
        self._mean_spend = mean_spend
        self._weights = weights
        columns = (history.frequency, history.recency, history.age)
        self.probability_alive: Floats = buying.probability_alive(*columns)
        self.expected_orders: Floats = buying.expected_orders(*columns, horizon)

    def __len__(self) -> int:
        return len(self.frequency)

    def __repr__(self) -> str:
        return f"<OrderPotential of {len(self)} customers over {self.horizon:g} units of T>"

    def _view(self) -> View:
        return View("Potential from orders", self.columns(), len(self))

    @cached_property
    def potential(self) -> Floats:
        """Money expected within the horizon."""
        found: Floats = self._worth * self.expected_spend
        return found

    @cached_property
    def low(self) -> Floats:
        """The lower end of each customer's interval."""
        return self._quantile(tails_of(self.level)[0])

    @cached_property
    def high(self) -> Floats:
        """The upper end of each customer's interval."""
        return self._quantile(tails_of(self.level)[1])

    @cached_property
    def unlikely_to_order(self) -> Bools:
        """Whether no order at all is the likelier outcome; False where nothing is known."""
        found = np.zeros(len(self), dtype=bool)
        known, look = self._outlook
        none = look.probability[look.start][look.pattern]
        alive = self.probability_alive[known]
        found[known] = 1.0 - alive + alive * none > _HALF
        return found

    @cached_property
    def total(self) -> TotalPotential:
        """The sum over the book; customers whose potential is unknown are left out."""
        known, _ = self._outlook
        variance = np.full(len(self), np.nan)
        variance[known] = self._money.variance * np.square(self._discounted[known])
        buying = estimation_sd(self.buying, lambda m: self._sum_under(m, self.spend))
        spend = estimation_sd(self.spend, lambda m: self._sum_under(self.buying, m))
        return total_potential(self.potential, variance, math.hypot(buying, spend), self.level)

    @cached_property
    def spend_correlation(self) -> float:
        """Correlation of frequency and mean spend among repeat buyers; NaN where there is none."""
        both = (self.frequency > 0.0) & np.isfinite(self._mean_spend)
        x, z = self.frequency[both], self._mean_spend[both]
        if not len(x):
            return math.nan
        x, z = x - exact_sum(x) / len(x), z - exact_sum(z) / len(z)
        scale = math.sqrt(exact_sum(x * x) * exact_sum(z * z))
        return exact_sum(x * z) / scale if scale > 0.0 else math.nan

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return one column per name, for any DataFrame constructor."""
        told = np.array([self.source, None], dtype=object)
        unknown = np.isnan(self.potential).astype(np.int64)
        return {**self._numbers, "potential_source": told[unknown]}

    @property
    def _numbers(self) -> dict[str, NDArray[Any]]:
        return {
            "frequency": self.frequency,
            "probability_alive": self.probability_alive,
            "expected_orders": self.expected_orders,
            "expected_spend": self.expected_spend,
            "potential": self.potential,
            "low": self.low,
            "high": self.high,
            "unlikely_to_order": self.unlikely_to_order,
        }

    def row(self, i: int) -> Record:
        """Return one customer as a record, with the reason in words.

        Raises
        ------
        RowError
            There is no such row.
        """
        i = checked_row(i, len(self))
        cells = {name: column[i].item() for name, column in self._numbers.items()}
        return Record({**cells, "source": self.source, "why": self._why(i)})

    @cached_property
    def _worth(self) -> Floats:
        """Orders expected, each counted at what its month is worth today."""
        h, found, before = self._history, np.zeros(len(self)), np.zeros(len(self))
        for share, worth in self._weights:
            within = (
                self.expected_orders
                if share == 1.0
                else self.buying.expected_orders(
                    h.frequency, h.recency, h.age, share * self.horizon
                )
            )
            found += worth * (within - before)
            before = within
        return found

    @cached_property
    def _outlook(self) -> tuple[NDArray[np.int64], Outlook]:
        h = self._history
        known = np.flatnonzero(h.known)
        p = np.array(list(self.buying.parameters.values()))
        ahead = np.full(len(known), self.horizon)
        return known, outlook(self.buying.kernel(), p, h.frequency[known], h.age[known], ahead)

    @cached_property
    def _money(self) -> Money:
        known, look = self._outlook
        shape, rate = self.spend.posterior(self.frequency, self._mean_spend)
        alive = self.probability_alive[known]
        return Money(look, alive, self.spend.p, shape[known], rate[known])

    def _quantile(self, q: float) -> Floats:
        known, _ = self._outlook
        found = np.full(len(self), np.nan)
        found[known] = self._money.quantile(q) * self._discounted[known]
        return found

    def _sum_under(self, buying: BuyingModel, spend: GammaGamma) -> float:
        """Add up what other parameters would expect."""
        other = OrderPotential(
            buying=buying,
            spend=spend,
            history=self._history,
            mean_spend=self._mean_spend,
            expected_spend=spend.expected_spend(self.frequency, self._mean_spend),
            horizon=self.horizon,
            years=self.years,
            weights=self._weights,
            level=self.level,
            findings=(),
        )
        counted = other.potential[np.isfinite(other.potential)]
        return exact_sum(counted) if len(counted) else 0.0

    @cached_property
    def _discounted(self) -> Floats:
        """What a unit of money within the horizon is worth today, on average."""
        some = self.expected_orders > 0.0
        return np.where(some, self._worth / np.where(some, self.expected_orders, 1.0), 1.0)

    def _why(self, i: int) -> str:
        x = self.frequency[i]
        if math.isnan(x):
            return "the history is not known"
        unit = f"{self.buying.time_unit or 'unit'}s"
        alive = f"{self.probability_alive[i]:.0%}".replace("%", " %")
        silent = self._history.age[i] - self._history.recency[i]
        if x == 0.0:
            return f"no repeat order in {silent:.3g} {unit}: {alive} still a customer"
        orders = "1 repeat order" if x == 1.0 else f"{x:.0f} repeat orders, the last"
        return f"{orders} {silent:.3g} {unit} before the count: {alive} still a customer"
