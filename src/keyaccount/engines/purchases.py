"""`summarise_purchases`: the purchase summary of a log, wherever its rows are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from keyaccount._columns import as_days, as_labels
from keyaccount._columns.days import FORMATS
from keyaccount.engines.engine import Engine
from keyaccount.engines.known import engine_of, unwrapped
from keyaccount.errors import (
    ColumnError,
    ColumnNotFoundError,
    KeyAccountError,
    MissingExtra,
    RowError,
    SpecError,
)
from keyaccount.ledger.options import Options, Order, Refunds, SameDay, TimeUnit
from keyaccount.ledger.orders import LogColumns, refuse_currencies
from keyaccount.ledger.purchase_summary import purchase_summary
from keyaccount.ledger.reduced import ReducedLog
from keyaccount.ledger.summary import PurchaseSummary

if TYPE_CHECKING:
    from keyaccount.engines.grouping import Rows
    from keyaccount.engines.log_frames import LogFrame

__all__ = ["summarise_purchases"]

_PUSHED_DOWN: Final = {
    "ArrowDatasetEngine",
    "DaskEngine",
    "DuckDBEngine",
    "PolarsLazyEngine",
    "SparkEngine",
}
"""The engines whose frames stay where they are; the others hold theirs in memory."""
_MAY_BE_MONEY: Final = {"Boolean", "Object", "Unknown"}
"""Types that are no numbers and may hold some: Python's objects, and what is nowhere known."""


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

    Ids in a Dask column of Python objects are brought home with the rest of the log: only there may
    7 and ``"7"`` be one customer.

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
    names = _names_of(engine, orders, named)
    if type(engine).__name__ in _PUSHED_DOWN and not _must_come_home(engine, orders, customer):
        _refuse_first_seen(options.order)
        return PurchaseSummary(_pushed_down(engine, orders, named, options, date_format), options)
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


def _names_of(engine: Engine, orders: Any, named: LogColumns) -> tuple[str, ...]:
    """List the columns that are read, each of which must be there."""
    there = engine.names(orders)
    for name in named.roles.values():
        if name not in there:
            raise ColumnNotFoundError.from_name(name, there)
    return tuple(dict.fromkeys(named.roles.values()))


def _must_come_home(engine: Engine, orders: Any, customer: str) -> bool:
    """Say whether ids are objects of Python, where cells of several types may be one customer."""
    kind = orders.dtypes[customer] if type(engine).__name__ == "DaskEngine" else None
    return isinstance(kind, np.dtype) and kind.kind == "O"  # pandas' own texts are of that kind too


def _refuse_first_seen(order: Order) -> None:
    if order == "first_seen":
        raise SpecError.from_field(
            "order",
            "must be 'sorted' for a log that stays in its engine: its rows are in no order",
            order,
            "sort by `first`, or collect the log and pass it to purchase_summary.",
        )


def _pushed_down(
    engine: Engine,
    orders: Any,
    named: LogColumns,
    options: Options,
    date_format: str | None,
) -> ReducedLog:
    """Reduce a log in its engine to its customers."""
    try:
        from keyaccount.engines.at_home import AtHome
        from keyaccount.engines.engine_log import LogInEngine
        from keyaccount.engines.grouping import Wanted
        from keyaccount.engines.log_frames import log_frame
        from keyaccount.engines.order_facts import REFUND, OrderFacts, OrderPieces
    except ImportError as error:
        raise MissingExtra.from_caller(
            "summarise_purchases", "frames", error.name or "narwhals"
        ) from None
    log = log_frame(engine, orders, named.roles)
    _refuse_texts(log, named)
    as_of = int(options.as_of.astype(np.int64))
    written = _date_format(log, named.at, date_format)
    facts = log.rows(OrderFacts(named=named, as_of=as_of, date_format=written))
    if named.currency is not None:
        met = AtHome(facts.grouped(("currency", "state"), Wanted(sums=("n",))).home())
        cells = as_labels(met["currency"], named.currency).texts()[met.up_to(REFUND)]
        refuse_currencies(sorted(set(cells.tolist())), named.currency)

    def pieces(of: Any) -> Rows:
        return log.rows(OrderPieces(named=named, as_of=as_of, date_format=written, of=of))

    return LogInEngine(facts, pieces, named, options)


def _refuse_texts(log: LogFrame, named: LogColumns) -> None:
    """Refuse money that is written as text before an engine meets it."""
    types = log.types()
    for role in ("amount", "margin"):
        if role in types and not (types[role].is_numeric() or str(types[role]) in _MAY_BE_MONEY):
            raise ColumnError.from_kind(
                named.roles[role],
                "numbers",
                str(types[role]),
                "convert it to numbers first, and leave what is unknown empty (NaN or null).",
            )


def _date_format(log: LogFrame, name: str, date_format: str | None) -> str | None:
    """Find the one format in which texts are days: a part of the log may be read in several."""
    if str(log.types()["at"]).startswith("Date"):
        return date_format
    cells = log.distinct("at")
    try:
        _ = as_days(cells, name, date_format)
    except (ColumnError, RowError) as error:
        raise _without_row_numbers(error) from None
    if date_format is not None or log.types()["at"].is_numeric():
        return date_format
    return next(fitting for fitting in FORMATS if _fits(cells, name, fitting))


def _fits(cells: Any, name: str, date_format: str) -> bool:
    try:
        _ = as_days(cells, name, date_format)
    except KeyAccountError:
        return False
    return True


def _without_row_numbers(error: ColumnError | RowError) -> KeyAccountError:
    """Say the same of cells: those that came home are in no order."""
    fact = re.sub(r"\brow \d+: | in row \d+", "", error.fact)
    fact = re.sub(r": (\d+) row(s?) ", r": \1 value\2 ", fact)
    parts = {name: part for name, part in error.parts.items() if name != "rows"}
    return type(error)(fact, error.hint, **parts)
