"""`lifecycle_features`: rhythm, spend per period and trend of each customer from an order log."""

from __future__ import annotations

from typing import Any

import numpy as np

from keyaccount._columns import Codes, Columns
from keyaccount.ledger.asked import asked_day, column_name
from keyaccount.ledger.in_memory import LogInMemory
from keyaccount.ledger.options import Options
from keyaccount.ledger.orders import LogColumns, Orders, read_orders
from keyaccount.ledger.summary import PurchaseSummary
from keyaccount.lifecycle.features import LifecycleFeatures, Told
from keyaccount.lifecycle.of_customers import contract_ends, groups_of
from keyaccount.lifecycle.window import Window

__all__ = ["lifecycle_features"]


def lifecycle_features(
    orders: Columns,
    *,
    customer: str,
    at: str,
    amount: str,
    as_of: Any,
    periods: int = 8,
    period_days: int = 91,
    gap_quantile: float = 0.9,
    level: float = 0.9,
    end: str | None = None,
    group: str | None = None,
    currency: str | None = None,
    date_format: str | None = None,
) -> LifecycleFeatures:
    """Take from an order log what a lifecycle stage is judged by.

    Parameters
    ----------
    orders
        One row per order, in any order, in any container of columns.
    customer, at, amount, currency, date_format
        The columns of ids, days, money and currencies, as in `purchase_summary`.
    as_of
        The last day that counts: later orders are left out.
    periods, period_days
        How many trailing periods there are, and how long each is. The last one ends on `as_of`. The
        defaults, eight quarters of 13 weeks, are a choice of this library.
    gap_quantile
        Which quantile of a customer's own gaps is its `gap_high`; the default is a choice of this
        library. It takes ``q / (1 - q)`` gaps to tell one: 9 for the default.
    level
        How sure the interval of the slope is to hold it.
    end
        The column of contract ends, one per order; a customer's latest one counts.
    group
        The column of the customers' groups.

    Returns
    -------
    LifecycleFeatures
        One entry per customer with at least one row by `as_of` that is not rejected, sorted by id;
        the same to the bit in any order of the rows.

    Raises
    ------
    ColumnNotFoundError, ColumnError, RowError
        A column is not there or cannot be read, or there are several currencies.
    SpecError
        An option cannot be.
    KeyAccountError
        Amounts are so large that their sum may not fit a float.

    Notes
    -----
    The slope is the median of the slopes of all pairs of periods: Theil, H. (1950), A
    rank-invariant method of linear and polynomial regression analysis, Proceedings of the Royal
    Netherlands Academy of Sciences 53; Sen, P. K. (1968), Estimates of the regression coefficient
    based on Kendall's tau, Journal of the American Statistical Association 63. Its interval takes
    the exact distribution of Kendall's statistic without ties; ties, as between periods without an
    order, make it wider than it need be.

    A quantile of gaps is the order statistic of rank ``q (n + 1)``.

    Examples
    --------
    >>> import keyaccount as ka
    >>> log = {
    ...     "customer": ["A", "A", "B", "A"],
    ...     "date": ["2026-01-05", "2026-02-04", "2026-02-20", "2026-04-05"],
    ...     "amount": [100.0, 40.0, 60.0, 20.0],
    ... }
    >>> features = ka.lifecycle_features(
    ...     log, customer="customer", at="date", amount="amount", as_of="2026-06-30"
    ... )
    >>> features.id, features.gaps, features.gap_median, features.days_since
    (array(['A', 'B'], dtype=object), array([2, 0]), array([45., nan]), array([ 86., 130.]))
    """
    window = Window(
        as_of=asked_day(as_of),
        periods=periods,
        period_days=period_days,
        gap_quantile=gap_quantile,
        level=level,
    )
    asked = {"customer": customer, "at": at, "amount": amount}
    others = {"currency": currency, "end": end, "group": group}
    asked |= {role: name for role, name in others.items() if name is not None}
    given = {role: column_name(role, name) for role, name in asked.items()}
    log = LogColumns(**{role: n for role, n in given.items() if role not in {"end", "group"}})
    read = read_orders(orders, log, window.as_of, date_format)
    rows = np.bincount(read.codes, minlength=read.customers.size)
    slots = read.customers.ordered(np.flatnonzero(rows))
    told = _told(orders, given, read, slots, date_format)
    options = _options(window)
    summary = PurchaseSummary(LogInMemory(read, options), options)
    return LifecycleFeatures(read, slots, summary, window, told)


def _options(window: Window) -> Options:
    return Options(
        as_of=window.as_of, refunds="net", same_day="keep", order="sorted", time_unit="day"
    )


def _told(
    log: Columns, given: dict[str, str], orders: Orders, slots: Codes, date_format: str | None
) -> Told:
    """Read what is asked for of the customers themselves."""
    ends = np.full(len(slots), "NaT", dtype="datetime64[D]")
    labels, torn = np.full(len(slots), None, dtype=object), np.empty(0, dtype=np.int64)
    if "end" in given:
        ends = contract_ends(log, given["end"], orders, slots, date_format)
    if "group" in given:
        labels, torn = groups_of(log, given["group"], orders, slots)
    return Told(ends, labels, torn, given.get("group", "group"))
