"""The orders among the rows of a log that count: refunds are none."""

from __future__ import annotations

import attrs
import numpy as np

from keyaccount._columns import Codes, Days, Floats
from keyaccount.ledger.orders import Orders

__all__ = ["Purchases"]


@attrs.frozen(eq=False)
class Purchases:
    """The orders among the rows that count: an amount of at least 0."""

    codes: Codes
    days: Days
    amounts: Floats
    margins: Floats | None
    size: int
    among_kept: Codes | None

    @classmethod
    def among(cls, orders: Orders) -> Purchases:
        """Pick the orders."""
        size = orders.customers.size
        if orders.amounts.min(initial=0.0) >= 0.0:
            return cls(orders.codes, orders.days, orders.amounts, orders.margins, size, None)
        taken = np.flatnonzero(orders.amounts >= 0.0)
        margins = None if orders.margins is None else orders.margins[taken]
        columns = orders.codes[taken], orders.days[taken], orders.amounts[taken]
        return cls(*columns, margins, size, taken)

    def __len__(self) -> int:
        return len(self.codes)

    def row_numbers(self, orders: Orders) -> Codes:
        """Give the row of the log of each purchase."""
        numbers = orders.row_numbers()
        return numbers if self.among_kept is None else numbers[self.among_kept]
