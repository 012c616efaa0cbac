"""A log in memory, reduced to its customers in one pass; what takes more is done when asked for."""

from __future__ import annotations

from typing import Any

import numpy as np

from keyaccount._columns import Bools, Codes, Days, Floats, Objects
from keyaccount.findings import Met
from keyaccount.ledger.occasions import active_days, repeated_rows
from keyaccount.ledger.options import Options, Order
from keyaccount.ledger.orders import Orders
from keyaccount.ledger.purchases import Purchases
from keyaccount.ledger.reduced import RowsMet
from keyaccount.ledger.reductions import counts, extremes, known_sums, totals

__all__ = ["LogInMemory"]


class LogInMemory:
    """The rows of a log that count, reduced to their customers: see `ReducedLog`."""

    def __init__(self, orders: Orders, options: Options) -> None:
        self._orders = orders
        self._nets = options.refunds == "net"
        self._purchases = Purchases.among(orders)
        size = orders.customers.size
        bought = counts(self._purchases.codes, size)
        rows = bought if len(orders) == len(self._purchases) else counts(orders.codes, size)
        first, last = extremes(self._purchases.days, self._purchases.codes, size)
        money = orders if self._nets else self._purchases
        spent = totals(money.amounts, money.codes, size, int(rows.max(initial=0)))
        self._slots = _ordered(orders, rows, options.order)
        self.ids: Objects = orders.customers.ids(self._slots)
        self.first: Days = first[self._slots]
        self.last: Days = last[self._slots]
        self.bought: Codes = bought[self._slots]
        self.spent: Floats = spent[self._slots]

    @property
    def has_margin(self) -> bool:
        """Whether margins were asked for."""
        return self._orders.margins is not None

    def margins(self) -> Floats:
        """Add up the known margins of the rows that count; NaN where there is none."""
        held = self._orders if self._nets else self._purchases
        margins: Any = held.margins
        return known_sums(margins, held.codes, self._purchases.size)[self._slots]

    def active_days(self) -> Codes:
        """Count the distinct days with a purchase."""
        bought = self._purchases
        return active_days(bought.codes, bought.days, bought.size)[self._slots]

    def later(self) -> tuple[Codes, Floats]:
        """Count the purchases after the first day, and add up their money."""
        bought, later = self._purchases, self._after_first_day()
        codes, amounts = bought.codes[later], bought.amounts[later]
        repeats = counts(codes, bought.size)
        spent = totals(amounts, codes, bought.size, int(repeats.max(initial=0)))
        return repeats[self._slots], spent[self._slots]

    def met(self) -> RowsMet:
        """Tell what was met among the rows."""
        orders = self._orders
        return RowsMet(
            read=orders.read,
            purchases=len(self._purchases),
            refunds=len(orders) - len(self._purchases),
            left_out={reason: Met.among(rows) for reason, rows in orders.left_out.items()},
            duplicates=Met.among(self._duplicates()),
            no_margin=Met.among(self._without_margin()),
            findings=orders.findings,
        )

    def _after_first_day(self) -> Bools:
        bought = self._purchases
        begun = np.full(bought.size, "NaT", dtype="datetime64[D]")
        begun[self._slots] = self.first
        return bought.days > begun[bought.codes]

    def _duplicates(self) -> Codes:
        """Give the rows of the log that equal an earlier one."""
        held = self._orders if self._nets else self._purchases
        values = (held.amounts,) if held.margins is None else (held.amounts, held.margins)
        again = repeated_rows(held.codes, held.days, values, self._purchases.size)
        orders = self._orders
        numbers = orders.row_numbers() if self._nets else self._purchases.row_numbers(orders)
        return numbers[again]

    def _without_margin(self) -> Codes:
        margins = self._orders.margins
        if margins is None:
            return np.empty(0, dtype=np.int64)
        return self._orders.row_numbers()[np.flatnonzero(~np.isfinite(margins))]


def _ordered(orders: Orders, rows: Codes, order: Order) -> Codes:
    """Give the slots that occur, in the order that was asked for."""
    slots = np.flatnonzero(rows)
    if order == "first_seen":
        seen = np.full(len(rows), len(orders), dtype=np.int64)
        np.minimum.at(seen, orders.codes, np.arange(len(orders)))
        return slots[np.argsort(seen[slots])]
    return orders.customers.ordered(slots)
