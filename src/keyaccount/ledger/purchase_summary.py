"""`purchase_summary`: a purchase log in one pass."""

from __future__ import annotations

from typing import Any

from keyaccount._columns import Columns
from keyaccount.ledger.asked import asked_format
from keyaccount.ledger.in_memory import LogInMemory
from keyaccount.ledger.options import Options, Order, Refunds, SameDay, TimeUnit
from keyaccount.ledger.orders import LogColumns, read_orders
from keyaccount.ledger.summary import PurchaseSummary

__all__ = ["purchase_summary"]


def purchase_summary(
    orders: Columns,
    *,
    customer: str,
    at: str,
    amount: str,
    as_of: Any,
    margin: str | None = None,
    currency: str | None = None,
    refunds: Refunds = "net",
    same_day: SameDay = "keep",
    order: Order = "sorted",
    time_unit: TimeUnit = "day",
    date_format: str | None = None,
) -> PurchaseSummary:
    """Summarise a purchase log: first, last, count, total, mean and more of each customer.

    Parameters
    ----------
    orders
        One row per order, in any order, in any container of columns.
    customer
        Column of ids: whole numbers, texts or categories. Mixed ones are known by their text, which
        a finding tells, as it does where ids differ in blanks only.
    at
        Column of days or moments; a moment with a time zone counts as the day on the wall there.
        Texts are read where one format fits them all and no other reads them differently, whole
        numbers where each of them is a day written YYYYMMDD.
    amount
        Column of money, one currency. Below 0 is a refund; 0 is an order.
    as_of
        The last day that counts: later orders are left out.
    margin
        Column of margins, added up beside the amounts.
    currency
        Column of currencies, which must all be one; a row without one is rejected.
    refunds
        ``"net"``: a refund lowers `total` and `margin`; ``"drop"``: it counts for nothing. Either
        way it is no order, and a customer with refunds only is kept, with a count of 0.
    same_day
        ``"keep"``: every row counts; ``"merge"``: the orders of a customer on one day are one. The
        literature of buy-till-you-die models counts days: use ``"merge"`` for them.
    order
        ``"sorted"`` by id, or as ``"first_seen"`` in the log among the rows that count.
    time_unit
        Unit of `recency` and `T`: ``"day"``, or ``"week"`` of 7 days; fractions are kept.
    date_format
        How dates are written, if `at` holds texts, as for ``datetime.strptime``.

    Returns
    -------
    PurchaseSummary
        One entry per customer with at least one row by `as_of` that is not rejected. The same to
        the bit in any order of the rows: money is added as whole cents, anything else exactly.
        Rows without customer, day or amount are rejected, counted and told; repeated rows are kept
        and told.

    Raises
    ------
    ColumnNotFoundError, ColumnError, RowError
        A column is not there or cannot be read, or there are several currencies.
    SpecError
        An option is none of the words above, or `as_of` is no day.
    KeyAccountError
        Amounts are so large that their sum may not fit a float.

    Notes
    -----
    Frequency, recency and T as in Fader, Hardie and Lee (2005), "Counting your customers" the easy
    way, Marketing Science 24(2), with ``same_day="merge"``.

    Examples
    --------
    >>> import keyaccount as ka
    >>> log = {
    ...     "customer": ["B", "A", "B"],
    ...     "date": ["2026-01-05", "2026-01-20", "2026-02-02"],
    ...     "amount": [100.0, 40.0, -10.0],
    ... }
    >>> summary = ka.purchase_summary(
    ...     log, customer="customer", at="date", amount="amount", as_of="2026-03-01"
    ... )
    >>> summary.id, summary.count, summary.total
    (array(['A', 'B'], dtype=object), array([1, 1]), array([40., 90.]))
    >>> [finding.message for finding in summary.findings]
    ['totals lowered by 1 refund']
    """
    options = Options.asked(
        as_of, refunds=refunds, same_day=same_day, order=order, time_unit=time_unit
    )
    named = LogColumns.asked(
        customer=customer, at=at, amount=amount, margin=margin, currency=currency
    )
    read = read_orders(orders, named, options.as_of, asked_format(date_format))
    return PurchaseSummary(LogInMemory(read, options), options)
