"""What became of every row of a log."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

__all__ = ["RowCounts"]


@attrs.frozen(kw_only=True, eq=False)
class RowCounts:
    """What became of every row of a log; the first six add up.

    Parameters
    ----------
    read
        Rows of the log: purchases, netted and dropped refunds, later rows and rejected ones.
    purchases
        Rows that are orders: an amount of at least 0.
    refunds_netted, refunds_dropped
        Rows with an amount below 0 that lower the totals, or count for nothing.
    after_as_of
        Rows later than `as_of`, which is included.
    rejected
        Reason to rows: ``"no date"``, ``"no customer"``, ``"no amount"``, ``"no currency"``. A row
        counts under the first of these that holds.
    same_day
        Purchases on a day on which an earlier row already is a purchase of the same customer.
    duplicates
        Kept rows that equal an earlier one in customer, day, amount and margin.

    Examples
    --------
    >>> import keyaccount as ka
    >>> log = {"who": ["A", "A", None], "day": ["2026-01-05"] * 3, "paid": [10.0, -2.0, 5.0]}
    >>> summary = ka.purchase_summary(
    ...     log, customer="who", at="day", amount="paid", as_of="2026-01-31"
    ... )
    >>> summary.rows.purchases, summary.rows.refunds_netted, summary.rows.rejected
    (1, 1, {'no customer': 1})
    """

    read: int
    purchases: int
    refunds_netted: int
    refunds_dropped: int
    after_as_of: int
    rejected: Mapping[str, int]
    same_day: int
    duplicates: int

    @property
    def kept(self) -> int:
        """Rows that count: purchases and netted refunds."""
        return self.purchases + self.refunds_netted
