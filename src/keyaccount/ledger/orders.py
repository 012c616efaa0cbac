"""Read the orders of a log: which rows count, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import (
    Bools,
    Codes,
    Days,
    Floats,
    Labels,
    as_days,
    as_floats,
    as_labels,
    common_length,
    pick,
)
from keyaccount.errors import ColumnError
from keyaccount.findings import Finding
from keyaccount.ledger.customers import Customers
from keyaccount.ledger.ids import read_customers
from keyaccount.ledger.told import about_rows, counted

__all__ = ["AFTER", "LogColumns", "Orders", "read_orders"]

NO_AMOUNT = "no amount"
AFTER = "after as_of"
"""The one reason that is no fault: the row is not known yet."""

_NAT = np.iinfo(np.int64).min
_SHOWN = 5


@attrs.frozen(kw_only=True)
class LogColumns:
    """The names of the columns of a log."""

    customer: str
    at: str
    amount: str
    margin: str | None = None
    currency: str | None = None


@attrs.frozen(eq=False)
class Orders:
    """The rows of a log that count.

    Attributes
    ----------
    customers
        Who the rows of the whole log belong to.
    codes, days, amounts, margins
        Slot, day, amount and margin of each row that counts; nothing but a margin is missing.
    rows
        Which rows of the log these are; None: all of them.
    read
        How many rows the log has.
    left_out
        Reason to the rows of the log that do not count.
    findings
        What a reader should know of the columns.
    """

    customers: Customers
    codes: Codes
    days: Days
    amounts: Floats
    margins: Floats | None
    rows: Codes | None
    read: int
    left_out: dict[str, Codes]
    findings: tuple[Finding, ...]

    def __len__(self) -> int:
        return len(self.codes)

    def row_numbers(self) -> Codes:
        """Give the row of the log of each row that counts."""
        return np.arange(self.read) if self.rows is None else self.rows


def read_orders(
    orders: Any, named: LogColumns, as_of: np.datetime64, date_format: str | None
) -> Orders:
    """Read the columns of a log and set aside the rows that cannot count by `as_of`."""
    customers = read_customers(pick(orders, named.customer), named.customer)
    days = as_days(pick(orders, named.at), named.at, date_format)
    amounts = as_floats(pick(orders, named.amount), named.amount)
    margins = None if named.margin is None else as_floats(pick(orders, named.margin), named.margin)
    currency = None
    if named.currency is not None:
        currency = as_labels(pick(orders, named.currency), named.currency)
    lengths: dict[str, Any] = {named.customer: customers, named.at: days, named.amount: amounts}
    if named.margin is not None:
        lengths[named.margin] = margins
    if named.currency is not None:
        lengths[named.currency] = currency
    read = common_length(lengths)
    rows, left_out = _sorted_out(_reasons(customers, days, amounts, currency, as_of), read)
    if currency is not None:
        _refuse_two_currencies(currency, rows, str(named.currency))
    margins = None if margins is None else _taken(margins, rows)
    return Orders(
        customers,
        codes=_taken(customers.codes, rows),
        days=_taken(days, rows),
        amounts=_taken(amounts, rows),
        margins=margins,
        rows=rows,
        read=read,
        left_out=left_out,
        findings=customers.findings + _infinite(amounts, left_out.get(NO_AMOUNT), named.amount),
    )


def _taken(column: NDArray[Any], rows: Codes | None) -> NDArray[Any]:
    return column if rows is None else column[rows]


def _reasons(
    customers: Customers,
    days: Days,
    amounts: Floats,
    currency: Labels | None,
    as_of: np.datetime64,
) -> list[tuple[str, Bools]]:
    """Give the reasons that are met, in the order in which they are asked; each with its rows."""
    found: list[tuple[str, Bools]] = []
    if not len(days):
        return found
    offsets = days.view(np.int64)  # NaT is the lowest number; numbers compare faster than days
    if int(offsets.min()) == _NAT:
        found.append(("no date", np.isnat(days)))
    if int(offsets.max()) > as_of.astype(np.int64):
        found.append((AFTER, days > as_of))
    if customers.missing is not None:
        found.append(("no customer", customers.missing))
    if not _all_finite(amounts):
        found.append((NO_AMOUNT, ~np.isfinite(amounts)))
    if currency is not None and currency.codes.min() < 0:
        found.append(("no currency", currency.codes < 0))
    return found


def _sorted_out(
    reasons: Iterable[tuple[str, Bools]], read: int
) -> tuple[Codes | None, dict[str, Codes]]:
    """Give the rows that count, None if all do, and the others by the first reason met."""
    left = np.ones(read, dtype=np.bool_)
    left_out: dict[str, Codes] = {}
    for reason, rows in reasons:
        met = np.flatnonzero(rows & left)
        left[met] = False
        if len(met):
            left_out[reason] = met
    return (np.flatnonzero(left) if left_out else None), left_out


def _refuse_two_currencies(found: Labels, rows: Codes | None, name: str) -> None:
    used = np.bincount(_taken(found.codes, rows), minlength=len(found.labels))
    met = [found.labels[i] for i in np.flatnonzero(used)]
    if len(met) > 1:
        raise ColumnError.from_kind(
            name,
            "one currency",
            ", ".join(repr(label) for label in met[:_SHOWN]),
            "convert the amounts to one currency first, or summarise each currency on its own.",
        )


def _all_finite(values: Floats) -> bool:
    """Say whether every value is known, without an array of answers."""
    return bool(np.isfinite(values.min(initial=0.0)) and np.isfinite(values.max(initial=0.0)))


def _infinite(amounts: Floats, rejected: Codes | None, name: str) -> tuple[Finding, ...]:
    """Tell which of the rejected amounts are infinite."""
    if rejected is None:
        return ()
    rows = rejected[np.isinf(amounts[rejected])]
    message = f"{counted(len(rows), 'value')} of {name!r} taken as missing: infinite"
    return about_rows("infinite", message, rows, where=name, severity="error")
