"""`order_potential`: what each customer will bring in years to come, read from its orders."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from keyaccount._columns import Floats, as_floats, common_length
from keyaccount._validators import exact_float, is_finite
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, about_rows, counted
from keyaccount.lifecycle.buying.gamma_gamma import GammaGamma
from keyaccount.lifecycle.buying.history import History, read_history, told_infinite
from keyaccount.lifecycle.buying.model import BuyingModel
from keyaccount.lifecycle.buying.potential import OrderPotential
from keyaccount.stats._levels import checked_share

__all__ = ["order_potential"]

_PERIODS = {"day": 365.25, "week": 365.25 / 7.0}
_STEPS_PER_YEAR = 12


def order_potential(  # noqa: PLR0917 - the four columns have the order of `fit`
    buying: BuyingModel,
    spend: GammaGamma,
    frequency: Any,
    recency: Any,
    T: Any,  # noqa: N803 - the symbol of the models
    mean_spend: Any,
    *,
    years: float = 3.0,
    periods_per_year: float | None = None,
    discount: float = 0.0,
    level: float = 0.9,
) -> OrderPotential:
    """Estimate the money that each customer's orders will bring in the years after the count.

    Expected orders times expected spend per order. This is the second source of potential: what the
    past lets expect where nothing changes. For key accounts, the customer's own budget comes first.

    Parameters
    ----------
    buying
        A model of when customers order, fitted or given.
    spend
        A model of what they spend per order.
    frequency, recency, T
        ``(n,)`` repeat orders, and times from the first order to the last and to the count, in the
        unit of `buying`; NaN where unknown.
    mean_spend
        ``(n,)`` money per repeat order; NaN where there is none.
    years
        How far to look ahead, in calendar years; 3 is the horizon of potential in this library.
    periods_per_year
        How many units of T make a year. None: by the `time_unit` of `buying`, 365.25 days or
        365.25 / 7 weeks.
    discount
        Rate per year at which later money counts less; 0 counts all alike. Orders count from the
        middle of their month: a choice of this library.
    level
        How often the interval of a customer holds. The default of 0.9 is a choice of this library.

    Returns
    -------
    OrderPotential
        Aligned with the input; the interval of each customer is computed when first asked for.

    Raises
    ------
    SpecError
        No calendar is known (neither `time_unit` nor `periods_per_year`), or an option is not what
        it should be.
    RowError, ColumnError
        As for `BuyingModel.fit` and `GammaGamma.expected_spend`.
    MissingExtra
        scipy is not installed.

    References
    ----------
    Fader, P. S., Hardie, B. G. S. & Lee, K. L. (2005), RFM and CLV: using iso-value curves for
    customer base analysis, Journal of Marketing Research 42(4), 415-430.

    Examples
    --------
    >>> import keyaccount as ka
    >>> buying = ka.BetaGeometricNBD(r=0.243, alpha=4.414, a=0.793, b=2.426, time_unit="week")
    >>> spend = ka.GammaGamma(p=6.25, q=3.74, v=15.44)
    >>> found = ka.order_potential(
    ...     buying, spend, [2, 0], [30.43, 0.0], [38.86, 38.86], [22.35, float("nan")]
    ... )
    >>> print(found.row(0))
    frequency          2
    probability_alive  0.726579
    expected_orders    3.56022
    expected_spend     24.6637
    potential          87.8081
    low                0
    high               319.988
    unlikely_to_order  False
    source             orders
    why                2 repeat orders, the last 8.43 weeks before the count: 73 % still a customer
    """
    _refuse_others(buying, spend)
    ahead = _at_least(years, "years", above=0.0)
    rate = _at_least(discount, "discount")
    per_year = _periods(buying, periods_per_year)
    history = read_history(frequency, recency, T)
    money = as_floats(mean_spend, "mean_spend")
    common_length({"frequency": history.frequency, "mean_spend": money})
    findings = (*told_infinite({"mean_spend": money}), *history.findings)
    per_order = spend.expected_spend(history.frequency, money)
    return OrderPotential(
        buying=buying,
        spend=spend,
        history=history,
        mean_spend=np.where(np.isfinite(money), money, np.nan),
        expected_spend=per_order,
        horizon=ahead * per_year,
        years=ahead,
        weights=_discounting(ahead, rate),
        level=checked_share(level, "order_potential(level)"),
        findings=(*findings, *_no_mean(per_order, history), *buying.findings, *spend.findings),
    )


def _discounting(years: float, rate: float) -> tuple[tuple[float, float], ...]:
    """Give shares of the horizon and the worth, today, of money that comes until each of them."""
    if rate == 0.0:
        return ((1.0, 1.0),)
    steps = max(math.ceil(years * _STEPS_PER_YEAR - 1e-9), 1)
    ends = [min((i + 1) / _STEPS_PER_YEAR, years) for i in range(steps)]
    begins = [0.0, *ends[:-1]]
    middles = [(b + e) / 2.0 for b, e in zip(begins, ends, strict=True)]
    return tuple((e / years, (1.0 + rate) ** -m) for e, m in zip(ends, middles, strict=True))


def _periods(buying: BuyingModel, given: float | None) -> float:
    if given is not None:
        return _at_least(given, "periods_per_year", above=0.0)
    if buying.time_unit is None:
        field = "order_potential(periods_per_year)"
        raise SpecError.from_field(
            field,
            "is needed where the model does not know the unit of its times",
            given,
            "fit with time_unit='week' or 'day', or say how many units of T make a year.",
        )
    return _PERIODS[buying.time_unit]


def _at_least(value: Any, name: str, *, above: float | None = None) -> float:
    """Read a finite number of at least 0, or above a bound."""
    found = exact_float(value)
    if not is_finite(found) or found < 0.0 or (above is not None and found <= above):
        rule = "must be at least 0" if above is None else f"must be above {above:g}"
        hint = "give a plain number, neither NaN nor infinite."
        raise SpecError.from_field(f"order_potential({name})", rule, value, hint)
    return float(found)


def _refuse_others(buying: Any, spend: Any) -> None:
    for name, value, wanted in (("buying", buying, BuyingModel), ("spend", spend, GammaGamma)):
        if not isinstance(value, wanted):
            raise SpecError.from_field(
                f"order_potential({name})",
                f"must be a {wanted.__name__}",
                value,
                "fit one first: ka.BetaGeometricNBD.fit(...), ka.GammaGamma.fit(...).",
            )


def _no_mean(per_order: Floats, history: History) -> tuple[Finding, ...]:
    """Tell of customers whose spend has no mean under the model."""
    rows = np.flatnonzero(history.known & np.isnan(per_order))
    said = f"the spend of {counted(len(rows), 'customer')} has no mean under the model"
    return about_rows("no_mean_spend", said, rows)
