"""`summarise_purchases`: the purchase summary of a log, wherever its rows are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keyaccount.engines.engine import LazyEngine
from keyaccount.engines.known import engine_of, unwrapped
from keyaccount.errors import ColumnNotFoundError, MissingExtra
from keyaccount.ledger.asked import asked_format
from keyaccount.ledger.options import Options, Order, Refunds, SameDay, TimeUnit
from keyaccount.ledger.orders import LogColumns
from keyaccount.ledger.purchase_summary import purchase_summary
from keyaccount.ledger.summary import PurchaseSummary

if TYPE_CHECKING:
    from keyaccount.ledger.reduced import ReducedLog

__all__ = ["summarise_purchases"]


def summarise_purchases(
    orders: Any,
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
    """Summarise a purchase log of any library, where it is.

    Parameters
    ----------
    orders
        Any frame that `apply` takes. A query of Polars, a dataset of pyarrow, a relation of DuckDB
        and a frame of Dask or Spark are counted and added up by their own engine; only one row per
        customer comes home. A reader of pyarrow is read to its end; what is in memory goes to
        `purchase_summary`.
    customer, at, amount, as_of, margin, currency, refunds, same_day, time_unit, date_format
        As in `purchase_summary`.
    order
        ``"sorted"``; ``"first_seen"`` asks for rows in an order, which an engine does not promise.

    Returns
    -------
    PurchaseSummary
        The same as `purchase_summary` makes of the same rows, to the last bit. Findings count rows
        without showing any: rows of an engine have no numbers.

    Raises
    ------
    ColumnNotFoundError, ColumnError, RowError
        A column is not there or cannot be read, or there are several currencies.
    SpecError
        An option is none of the words that are allowed, or `as_of` is no day.
    MissingExtra
        narwhals or pyarrow is not installed.
    KeyAccountError
        Amounts are so large that their sum may not fit a float, or the log changed while it was
        read.

    See Also
    --------
    purchase_summary, apply

    Notes
    -----
    What the library says of a row by itself (does it count, on which day, how many cents) it says
    in Arrow batches, as in `apply`; the engine adds up whole numbers alone, which no order of rows
    can change. Amounts that are no whole cents are added in exact pieces, in one more pass.

    One pass over the log gives first, last, count, total and margin; days that are texts or
    numbers, and currencies, take another one before it. `active_days` and `mean_spend` take one
    more when they are first asked for, and so do `rows` and `findings`: leave the log as it is as
    long as the summary is used.

    Ids that an engine would tell apart in other ways than the library are brought home with the
    rest of the log: moments, times of day, bytes, lists, and in Dask and Polars the objects of
    Python, of which 7 and ``"7"`` may be one customer.

    Examples
    --------
    >>> import keyaccount as ka
    >>> import polars as pl
    >>> log = pl.LazyFrame(
    ...     {
    ...         "customer": ["B", "A", "B"],
    ...         "date": ["2026-01-05", "2026-01-20", "2026-02-02"],
    ...         "amount": [100.0, 40.0, -10.0],
    ...     }
    ... )
    >>> summary = ka.summarise_purchases(
    ...     log, customer="customer", at="date", amount="amount", as_of="2026-03-01"
    ... )
    >>> summary.id, summary.count, summary.total
    (array(['A', 'B'], dtype=object), array([1, 1]), array([40., 90.]))
    """
    options = Options.asked(
        as_of, refunds=refunds, same_day=same_day, order=order, time_unit=time_unit
    )
    named = LogColumns.asked(
        customer=customer, at=at, amount=amount, margin=margin, currency=currency
    )
    orders = unwrapped(orders)
    engine = engine_of(orders)
    names = tuple(dict.fromkeys(named.roles.values()))
    there = engine.names(orders)
    for name in names:
        if name not in there:
            raise ColumnNotFoundError.from_name(name, there)
    engine.refuse_alike(orders, names)
    if isinstance(engine, LazyEngine):
        reduced = _reduced_there(engine, orders, named, options, asked_format(date_format))
        if reduced is not None:
            return PurchaseSummary(reduced, options)
    return purchase_summary(
        engine.read(orders, names),
        customer=customer,
        at=at,
        amount=amount,
        as_of=options.as_of,
        margin=margin,
        currency=currency,
        refunds=refunds,
        same_day=same_day,
        order=order,
        time_unit=time_unit,
        date_format=date_format,
    )


def _reduced_there(
    engine: LazyEngine, orders: Any, named: LogColumns, options: Options, date_format: str | None
) -> ReducedLog | None:
    """Reduce a log in its engine, if its ids mean the same there."""
    try:
        from keyaccount.engines.pushed_down import pushed_down
    except ImportError as error:
        raise MissingExtra.from_caller(
            "summarise_purchases", "frames", error.name or "narwhals"
        ) from None
    return pushed_down(engine, orders, named, options, date_format)
