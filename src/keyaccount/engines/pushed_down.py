"""A purchase log pushed down: what is asked before its engine begins, and what is left to it."""

from __future__ import annotations

import re
from typing import Any, Final, Literal

import narwhals as nw
import numpy as np
import pyarrow as pa

from keyaccount._columns import as_days, as_labels, pick
from keyaccount._columns.days import FORMATS
from keyaccount._columns.native import library_of
from keyaccount.engines.at_home import AtHome
from keyaccount.engines.engine import LazyEngine
from keyaccount.engines.engine_log import LogInEngine
from keyaccount.engines.grouping import Rows, Wanted
from keyaccount.engines.log_frames import LogFrame, log_frame
from keyaccount.engines.order_facts import REFUND, OrderFacts, OrderPieces
from keyaccount.errors import ColumnError, KeyAccountError, RowError, SpecError
from keyaccount.ledger.options import Options, Order
from keyaccount.ledger.orders import LogColumns, refuse_currencies

__all__ = ["pushed_down"]

_TOLD_APART: Final = (nw.String, nw.Categorical, nw.Enum, nw.Boolean, nw.Date)
"""Types of ids, beside numbers, of which two are equal in every engine where they are here."""
_MAY_BE_MONEY: Final = (nw.Boolean, nw.Unknown)
"""Types that are no numbers and may hold some: wide decimals, and what is nowhere known."""


def pushed_down(
    engine: LazyEngine, orders: Any, named: LogColumns, options: Options, date_format: str | None
) -> LogInEngine | None:
    """Reduce a log in its engine to its customers.

    None: only the library can say which of its ids are one customer.
    """
    empty = engine.empty(orders)
    columns = {role: pick(empty, name) for role, name in named.roles.items()}
    kinds = {role: _kind_of(column) for role, column in columns.items()}
    if _is_of_objects(columns["customer"]) or not _tells_apart(kinds["customer"]):
        return None
    if any(isinstance(kind, nw.Object) for kind in kinds.values()):
        return None  # Polars hands them to no function
    _refuse_first_seen(options.order)
    _refuse_texts(kinds, named)
    log = log_frame(engine, orders, named.roles)
    written = _date_format(log, kinds["at"], named.at, date_format)
    reduced = _reduced(log, named, options, written)
    return None if reduced.mixed else reduced


def _kind_of(column: Any) -> Any:
    """Give the type of a column in narwhals' words; of categories that of their cells."""
    library = library_of(column)
    if library == "pyarrow" and pa.types.is_dictionary(column.type):
        column = pa.chunked_array([], column.type.value_type)
    if library == "pyarrow" and pa.types.is_interval(column.type):
        return nw.Duration()
    if library == "pandas" and hasattr(column.dtype, "categories"):
        column = column.dtype.categories.to_series()
    return nw.from_native(column, series_only=True).dtype


def _is_of_objects(column: Any) -> bool:
    """Say whether a column of pandas, where texts may look like that too, holds any objects."""
    dtype = getattr(column, "dtype", None)
    return isinstance(dtype, np.dtype) and dtype.kind == "O"


def _tells_apart(kind: Any) -> bool:
    """Say whether an engine takes the same ids for one as the library does."""
    return bool(kind.is_numeric()) or isinstance(kind, _TOLD_APART)


def _refuse_first_seen(order: Order) -> None:
    if order == "first_seen":
        raise SpecError.from_field(
            "order",
            "must be 'sorted' for a log that stays in its engine: its rows are in no order",
            order,
            "sort by `first`, or collect the log and pass it to purchase_summary.",
        )


def _refuse_texts(kinds: dict[str, Any], named: LogColumns) -> None:
    """Refuse money that is written as text before an engine meets it."""
    for role in ("amount", "margin"):
        kind = kinds.get(role, nw.Float64())
        if not (kind.is_numeric() or isinstance(kind, _MAY_BE_MONEY)):
            raise ColumnError.from_kind(
                named.roles[role],
                "numbers",
                str(kind),
                "convert it to numbers first, and leave what is unknown empty (NaN or null).",
            )


def _reduced(
    log: LogFrame, named: LogColumns, options: Options, date_format: str | None
) -> LogInEngine:
    as_of = int(options.as_of.astype(np.int64))
    facts = log.rows(OrderFacts(named=named, as_of=as_of, date_format=date_format))
    if named.currency is not None:
        met = AtHome(facts.grouped(("currency", "state"), Wanted(sums=("n",))).home())
        cells = as_labels(met["currency"], named.currency).texts()[met.up_to(REFUND)]
        refuse_currencies(sorted(set(cells.tolist())), named.currency)

    def pieces(of: Literal["amount", "margin"]) -> Rows:
        return log.rows(OrderPieces(named=named, as_of=as_of, date_format=date_format, of=of))

    return LogInEngine(facts, pieces, named, options)


def _date_format(log: LogFrame, kind: Any, name: str, date_format: str | None) -> str | None:
    """Find the one format in which texts are days: a part of the log may be read in several."""
    if isinstance(kind, nw.Date | nw.Datetime):
        return date_format
    cells = log.distinct("at")
    try:
        _ = as_days(cells, name, date_format)
    except (ColumnError, RowError) as error:
        raise _without_row_numbers(error) from None
    if date_format is not None or kind.is_numeric():
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
