"""`GammaGamma`: what a customer spends per order, learned from all customers together."""

from __future__ import annotations

import math
from typing import Any, Self

import attrs
import numpy as np

from keyaccount._columns import Floats, as_floats, common_length, refuse_rows
from keyaccount._record import Record
from keyaccount._validators import exact_float, positive
from keyaccount._view import Spec
from keyaccount.findings import Finding
from keyaccount.lifecycle.buying.facts import BuyingFit
from keyaccount.lifecycle.buying.model import a_fit
from keyaccount.lifecycle.buying.reading import errors_of, findings_of, read_counts
from keyaccount.lifecycle.buying.spend import learn_spend

__all__ = ["GammaGamma"]

_NAMES = ("p", "q", "v")


@attrs.frozen(kw_only=True)
class GammaGamma(Spec):
    """The Gamma-Gamma model of spend per order.

    The orders of a customer scatter as Gamma(p, ν), and ν scatters over customers as Gamma(q, v):
    a customer of few orders is drawn towards the mean of all. How much a customer spends is taken
    to say nothing about how often; `spend_correlation` of `order_potential` holds that to the data.

    Parameters
    ----------
    p
        Shape of one customer's orders.
    q, v
        Shape and rate of the scatter over customers; v is money.
    facts
        How it was fitted; None where the parameters were given.

    Raises
    ------
    SpecError
        A parameter is not above 0.

    References
    ----------
    Fader, P. S., Hardie, B. G. S. & Lee, K. L. (2005), RFM and CLV: using iso-value curves for
    customer base analysis, Journal of Marketing Research 42(4). Fader, P. S. & Hardie, B. G. S.
    (2013), The gamma-gamma model of monetary value.

    Examples
    --------
    >>> import keyaccount as ka
    >>> spend = ka.GammaGamma(p=6.25, q=3.74, v=15.44)
    >>> spend.expected_spend([0, 1, 7], [float("nan"), 100.0, 100.0]).round(2)
    array([35.22, 80.26, 96.18])
    """

    p: float = attrs.field(converter=exact_float, validator=positive)
    q: float = attrs.field(converter=exact_float, validator=positive)
    v: float = attrs.field(converter=exact_float, validator=positive)
    facts: BuyingFit | None = attrs.field(default=None, validator=a_fit)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The names of the parameters, in order."""
        return _NAMES

    @property
    def parameters(self) -> Record:
        """The parameters by name."""
        return Record({name: getattr(self, name) for name in _NAMES})

    @property
    def log_likelihood(self) -> float:
        """The log-likelihood reached by the fit; NaN where the parameters were given."""
        return math.nan if self.facts is None else self.facts.log_likelihood

    @property
    def standard_errors(self) -> Record:
        """Standard errors by parameter, from the observed information by the delta method."""
        return errors_of(self.parameters, self.facts)

    @property
    def mean(self) -> float:
        """The expected spend per order of a customer nothing is known of; NaN where q ≤ 1."""
        return self.p * self.v / (self.q - 1.0) if self.q > 1.0 else math.nan

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader should know of the fit."""
        told = findings_of(self.parameters, self.facts)
        if self.q > 1.0:
            return told
        said = f"q = {self.q:.3g}: the spend of a customer without repeat orders has no mean"
        return (*told, Finding(code="no_mean", message=said, count=1, examples=("q",)))

    @classmethod
    def fit(cls, frequency: Any, mean_spend: Any) -> Self:
        """Estimate the parameters by maximum likelihood.

        Parameters
        ----------
        frequency
            ``(n,)`` whole numbers: repeat orders.
        mean_spend
            ``(n,)`` mean money per repeat order. Customers without repeat orders or with a NaN are
            left out.

        Returns
        -------
        GammaGamma
            With `facts`.

        Raises
        ------
        RowError
            A frequency that is no count, or a mean spend of 0 or below with repeat orders.
        NotEnoughDataError
            Fewer than 10 repeat buyers: a choice of this library. Or all spend the same.
        ColumnError
            A column is not numbers, or the lengths differ.
        MissingExtra
            scipy is not installed.

        Notes
        -----
        Book-wise: the same to the last bit in any order of the customers.
        """
        x, money = _spends(frequency, mean_spend)
        repeats = (x > 0.0) & np.isfinite(money)
        refuse_rows(
            "mean_spend",
            money,
            repeats & (money == 0.0),
            "are 0 in spite of repeat orders",
            "the model knows amounts above 0 only: leave free orders out of the log.",
        )
        customers = int(np.count_nonzero(np.isfinite(x)))
        found, facts = learn_spend(x[repeats], money[repeats], customers)
        return cls(**dict(zip(_NAMES, found.tolist(), strict=True)), facts=facts)

    def expected_spend(self, frequency: Any, mean_spend: Any) -> Floats:
        """Return the money expected per order of each customer.

        Parameters
        ----------
        frequency
            Repeat orders; without any, or where the mean spend is unknown, the mean of all
            customers is expected.
        mean_spend
            Mean money per repeat order.

        Returns
        -------
        ndarray
            NaN where the frequency is unknown, and where the mean does not exist: p·x + q ≤ 1.

        Raises
        ------
        RowError
            A frequency that is no count, or a mean spend below 0.
        ColumnError
            A column is not numbers, or the lengths differ.
        """
        x, money = _spends(frequency, mean_spend)
        shape, rate = self.posterior(x, money)
        below = shape - 1.0
        found: Floats = self.p * rate / np.where(below > 0.0, below, np.nan)
        return found

    def posterior(self, frequency: Floats, mean_spend: Floats) -> tuple[Floats, Floats]:
        """Return shape and rate of the Gamma distribution of each customer's own ν."""
        told = (frequency > 0.0) & np.isfinite(mean_spend)
        seen = np.where(told, frequency, np.where(np.isfinite(frequency), 0.0, np.nan))
        spent = np.where(told, frequency * mean_spend, 0.0)
        return self.p * seen + self.q, self.v + spent


def _spends(frequency: Any, mean_spend: Any) -> tuple[Floats, Floats]:
    x, money = read_counts(frequency, "frequency"), as_floats(mean_spend, "mean_spend")
    common_length({"frequency": x, "mean_spend": money})
    money = np.where(np.isfinite(money), money, np.nan) + 0.0
    hint = "give the mean of the orders, without refunds."
    refuse_rows("mean_spend", money, money < 0.0, "are below 0", hint)
    return x, money
