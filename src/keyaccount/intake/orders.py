"""Orders in place of won deals: sales per account in the months up to a day."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Days, Floats, Objects, one_day
from keyaccount.findings import Finding, counted, note
from keyaccount.intake.accounts import UNKNOWN, Accounts
from keyaccount.intake.aliases import Aliases
from keyaccount.intake.mapping import Roles
from keyaccount.intake.reconcile import Reconciliation, in_cents, known_total
from keyaccount.intake.tables import Table
from keyaccount.intake.window import window_start
from keyaccount.stats.sums import group_counts, group_sums

__all__ = ["OrderRows", "order_features", "read_orders"]

_FATES = (
    "used",
    "before the window",
    "after the day",
    "no account",
    "unknown account",
    "no date",
)
_REJECTED_FROM = 3


@attrs.frozen(kw_only=True, eq=False)
class OrderRows:
    """Orders as clean columns, one row per row of the table.

    Parameters
    ----------
    account
        Row of the account, negative where there is none.
    date
        The day; NaT where unknown.
    amount
        Amount in whole cents, NaN where unknown.
    where
        What the findings call the table.
    findings
        What was met while reading.
    """

    account: Codes
    date: Days
    amount: Floats
    where: str
    findings: tuple[Finding, ...] = ()

    def purchases(self, as_of: Any, ids: Objects) -> dict[str, Objects]:
        """List what known accounts bought by a day."""
        day = one_day(as_of, "as_of")
        bought = (self.account >= 0) & (self.date <= day) & ~np.isnan(self.amount)
        return {
            "account": ids[self.account[bought]],
            "date": self.date[bought],
            "amount": self.amount[bought],
        }

    def sales(self, as_of: Any) -> dict[str, Objects]:
        """List what was bought by a day, by whomever."""
        bought = (self.date <= one_day(as_of, "as_of")) & ~np.isnan(self.amount)
        return {"date": self.date[bought], "amount": self.amount[bought]}


def read_orders(
    table: Table,
    roles: Roles,
    accounts: Accounts,
    *,
    aliases: Aliases | None = None,
    date_format: str | None = None,
) -> OrderRows:
    """Read the orders table.

    Parameters
    ----------
    table
        The raw table.
    roles
        Which column plays which part.
    accounts
        The accounts that orders belong to.
    aliases
        What labels should be called.
    date_format
        How dates are written, where more than one way is possible.

    Returns
    -------
    OrderRows
        One row per row of the table; what an order lacks is missing in it and told.

    Raises
    ------
    ColumnError
        Dates can be read in more than one way.
    """
    where = table.where(roles["account"])
    texts, told = table.texts(roles["account"])
    names, repaired = (aliases or Aliases()).repair(
        "account", texts, also=roles["account"], where=where
    )
    codes, unknown = accounts.find(names, "account", where)
    days, dated = table.dates(roles["date"], date_format)
    raw, read = table.numbers(roles["amount"])
    amounts, rounded = in_cents(raw, table.where(roles["amount"]))
    told += repaired + unknown + dated + read + rounded
    return OrderRows(account=codes, date=days, amount=amounts, where=table.source, findings=told)


def order_features(
    orders: OrderRows, n_accounts: int, *, as_of: Any, months: int = 24
) -> tuple[dict[str, Floats], tuple[Finding, ...], Reconciliation]:
    """Add up the orders of each account in the months up to a day.

    Parameters
    ----------
    orders
        Clean orders.
    n_accounts
        How many accounts there are.
    as_of
        The day asked about.
    months
        Length of the window, up to and with that day.

    Returns
    -------
    tuple
        The columns ``sales`` and ``orders`` (how many), the findings, and the reconciliation of
        the order value.
    """
    fate = _fate(orders.account, orders.date, one_day(as_of, "as_of"), months)
    sales, count = _summed(orders.account, orders.amount, fate == 0, n_accounts)
    told = orders.findings + _told(fate, orders.amount, orders.where)
    return {"sales": sales, "orders": count}, told, _reconciled(fate, orders.amount, sales)


def _fate(codes: Codes, days: Days, day: np.datetime64, months: int) -> Codes:
    """Tell what becomes of each order: a code into `_FATES`."""
    conditions = [
        codes == -1,
        codes == UNKNOWN,
        np.isnat(days),
        days > day,
        days <= window_start(day, months),
    ]
    return np.select(conditions, [3, 4, 5, 2, 1], 0).astype(np.int64)


def _summed(codes: Codes, amounts: Floats, used: Bools, n: int) -> tuple[Floats, Floats]:
    count = group_counts(codes[used], n)
    sums = group_sums(amounts[used], codes[used], n)
    return np.where(count == 0, 0.0, sums), count.astype(np.float64)


def _told(fate: Codes, amounts: Floats, source: str) -> tuple[Finding, ...]:
    told: tuple[Finding, ...] = ()
    totals = group_sums(amounts, fate, len(_FATES))
    for i, (reason, n) in enumerate(zip(_FATES, group_counts(fate, len(_FATES)), strict=True)):
        if i >= _REJECTED_FROM:
            amount = f"{_known(totals[i]):,.2f}"
            said = f"{source}: {counted(int(n), 'order')} rejected: {reason} ({amount})"
            told += note(reason.replace(" ", "_"), said, int(n), source, "error")
    without = int(np.count_nonzero(np.isnan(amounts) & (fate == 0)))
    said = f"{source}: {counted(without, 'order')} without an amount"
    return told + note("order_without_amount", said, without, source)


def _known(total: float) -> float:
    return 0.0 if np.isnan(total) else float(total)


def _reconciled(fate: Codes, amounts: Floats, sales: Floats) -> Reconciliation:
    parts = [_known(t) for t in group_sums(amounts, fate, len(_FATES))]
    return Reconciliation(
        "order value",
        known_total(amounts),
        used=known_total(sales),
        outside=known_total(np.array(parts[1:_REJECTED_FROM])),
        rejected=known_total(np.array(parts[_REJECTED_FROM:])),
        reasons=tuple((r, p) for r, p in zip(_FATES[1:], parts[1:], strict=True) if p),
    )
