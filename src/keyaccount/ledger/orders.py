"""Read the orders of a log: which rows count, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Self

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
from keyaccount.findings import Finding, Met, about_met, counted
from keyaccount.ledger.asked import column_name
from keyaccount.ledger.customers import Customers
from keyaccount.ledger.ids import read_customers
from keyaccount.ledger.nobody import Somebody

__all__ = [
    "AFTER",
    "NO_AMOUNT",
    "REASONS",
    "LogColumns",
    "LogRows",
    "Orders",
    "read_orders",
    "read_rows",
    "refuse_currencies",
    "told_infinite",
]

NO_AMOUNT = "no amount"
AFTER = "after as_of"
"""The one reason that is no fault: the row is not known yet."""
REASONS = ("no date", AFTER, "no customer", NO_AMOUNT, "no currency")
"""Why a row does not count, in the order in which it is asked."""

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

    @property
    def roles(self) -> dict[str, str]:
        """The roles that are asked for, and the name of the column of each."""
        return {role: name for role, name in attrs.asdict(self).items() if name is not None}

    @classmethod
    def asked(cls, *, margin: Any, currency: Any, **needed: Any) -> Self:
        """Check the names that a caller gives; margin and currency may be None."""
        others = {"margin": margin, "currency": currency}
        given = needed | {role: name for role, name in others.items() if name is not None}
        return cls(**{role: column_name(role, name) for role, name in given.items()})


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


@attrs.frozen(eq=False)
class LogRows:
    """Every row of a log as it was read; what is missing is missing.

    Attributes
    ----------
    days, amounts, margins, currency
        The columns that were asked for, but for the customers.
    read
        How many rows there are.
    reasons
        The reasons that are met, in the order in which they are asked; each with its rows.
    """

    days: Days
    amounts: Floats
    margins: Floats | None
    currency: Labels | None
    read: int
    reasons: list[tuple[str, Bools]]


def read_rows(
    orders: Any,
    named: LogColumns,
    who: Somebody,
    as_of: np.datetime64,
    date_format: str | None,
) -> LogRows:
    """Read the columns beside the customers, and say which rows cannot count by `as_of`."""
    days = as_days(pick(orders, named.at), named.at, date_format)
    amounts = as_floats(pick(orders, named.amount), named.amount)
    margins = None if named.margin is None else as_floats(pick(orders, named.margin), named.margin)
    currency = None
    if named.currency is not None:
        currency = as_labels(pick(orders, named.currency), named.currency)
    lengths: dict[str, Any] = {named.customer: who, named.at: days, named.amount: amounts}
    if named.margin is not None:
        lengths[named.margin] = margins
    if named.currency is not None:
        lengths[named.currency] = currency
    read = common_length(lengths)
    reasons = _reasons(who.missing, days, amounts, currency, as_of)
    return LogRows(days, amounts, margins, currency, read, reasons)


def read_orders(
    orders: Any, named: LogColumns, as_of: np.datetime64, date_format: str | None
) -> Orders:
    """Read the columns of a log and set aside the rows that cannot count by `as_of`."""
    customers = read_customers(pick(orders, named.customer), named.customer)
    log = read_rows(orders, named, customers, as_of, date_format)
    rows, left_out = _sorted_out(log.reasons, log.read)
    if log.currency is not None:
        _refuse_two_currencies(log.currency, rows, str(named.currency))
    infinite = _infinite(log.amounts, left_out.get(NO_AMOUNT), named.amount)
    return Orders(
        customers,
        codes=_taken(customers.codes, rows),
        days=_taken(log.days, rows),
        amounts=_taken(log.amounts, rows),
        margins=None if log.margins is None else _taken(log.margins, rows),
        rows=rows,
        read=log.read,
        left_out=left_out,
        findings=customers.findings + infinite,
    )


def _taken(column: NDArray[Any], rows: Codes | None) -> NDArray[Any]:
    return column if rows is None else column[rows]


def _reasons(
    nobody: Bools | None,
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
    if nobody is not None and nobody.any():
        found.append(("no customer", nobody))
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
    refuse_currencies([found.labels[i] for i in np.flatnonzero(used)], name)


def refuse_currencies(met: Sequence[str], name: str) -> None:
    """Refuse amounts of more than one currency."""
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
    return told_infinite(Met.among(rejected[np.isinf(amounts[rejected])]), name)


def told_infinite(met: Met, name: str) -> tuple[Finding, ...]:
    """Tell how many of the amounts are infinite."""
    message = f"{counted(met.count, 'value')} of {name!r} taken as missing: infinite"
    return about_met("infinite", message, met, where=name, severity="error")
