"""Read deals for a gene: which rows count, by label, with what was wrong with the others."""

from __future__ import annotations

import math

import attrs
import numpy as np

from keyaccount._columns import (
    Bools,
    Codes,
    Columns,
    Days,
    Floats,
    common_length,
    days,
    floats,
    labels,
)
from keyaccount.errors import NotEnoughDataError
from keyaccount.scoring.genes.entry import GeneCounts

__all__ = ["Deals", "large_from", "read_deals"]

_DAYS_A_YEAR = 365.25


@attrs.frozen(eq=False, kw_only=True)
class Deals:
    """The deals that count, with labels in sorted order.

    Attributes
    ----------
    names
        The labels, sorted.
    codes
        The label of each deal.
    amounts
        Its amount, at least 0.
    accounts
        How many accounts each label has; None where they were not asked for.
    day
        Its day, counted from 0 at the first, -1 where it has none; None where days were not given.
    span
        The days from the first dated deal to the last, both counted; 0 without dates.
    counts
        What was read and left out.
    """

    names: tuple[str, ...]
    codes: Codes
    amounts: Floats
    accounts: Codes | None
    day: Codes | None
    span: int
    counts: GeneCounts

    @property
    def years(self) -> float | None:
        """The span in years; None without dates."""
        return self.span / _DAYS_A_YEAR if self.span else None

    def stretches(self, a_year: int) -> int:
        """Return how many equal stretches of about the wanted length fill the span."""
        return round(self.span / _DAYS_A_YEAR * a_year)

    def stretches_with(self, marked: Bools, number: int) -> Codes:
        """Count the stretches, of so many, in which each label has a marked deal."""
        day = np.zeros(0, dtype=np.int64) if self.day is None else self.day
        taken = marked & (day >= 0)
        return _distinct(self.codes[taken], day[taken] * number // self.span, len(self.names))


def read_deals(
    deals: Columns, by: str, *, amount: str, at: str | None, account: str | None
) -> Deals:
    """Read the columns and set aside the rows that are no deals of any label.

    Raises
    ------
    NotEnoughDataError
        No row has both a label and an amount.
    """
    found, money = labels(deals, by), floats(deals, amount)
    when = None if at is None else days(deals, at)
    who = None if account is None else labels(deals, account).codes
    common_length(
        {
            n: c
            for n, c in ((by, found), (amount, money), (at, when), (account, who))
            if c is not None and n is not None
        }
    )
    named = found.codes >= 0
    kept = named & np.isfinite(money) & (money >= 0.0)
    if not kept.any():
        raise _nothing(by if not named.any() else amount)
    met = np.flatnonzero(np.bincount(found.codes[kept], minlength=len(found.labels)))
    order = sorted(met.tolist(), key=found.labels.__getitem__)
    table = np.full(len(found.labels), -1, dtype=np.int64)
    table[order] = np.arange(len(order))
    codes = table[found.codes[kept]]
    day, span = (None, 0) if when is None else _calendar(when[kept])
    return Deals(
        names=tuple(map(found.labels.__getitem__, order)),
        codes=codes,
        amounts=money[kept] + 0.0,
        accounts=None if who is None else _distinct(codes, who[kept], len(order)),
        day=day,
        span=span,
        counts=_counts(named, money, kept, when, who),
    )


def _nothing(column: str) -> NotEnoughDataError:
    return NotEnoughDataError.from_column(
        "Gene.fit", column, "give won deals with a label and an amount of at least 0 each."
    )


def _counts(
    named: Bools, money: Floats, kept: Bools, when: Days | None, who: Codes | None
) -> GeneCounts:
    return GeneCounts(
        rows=len(named),
        no_label=np.count_nonzero(~named),
        no_amount=np.count_nonzero(named & ~np.isfinite(money)),
        infinite=np.count_nonzero(named & np.isinf(money)),
        negative=np.count_nonzero(named & np.isfinite(money) & (money < 0.0)),
        zero=np.count_nonzero(kept & (money == 0.0)),
        no_date=0 if when is None else np.count_nonzero(kept & np.isnat(when)),
        no_account=0 if who is None else np.count_nonzero(kept & (who < 0)),
    )


def _distinct(codes: Codes, what: Codes, n_labels: int) -> Codes:
    """Count the distinct known values of each label."""
    known = what >= 0
    width = int(what.max(initial=0)) + 1
    pairs = np.unique(codes[known] * width + what[known])
    return np.bincount(pairs // width, minlength=n_labels).astype(np.int64, copy=False)


def _calendar(when: Days) -> tuple[Codes, int]:
    """Return each day counted from the first, and the span of them, first and last counted."""
    dated = ~np.isnat(when)
    day = np.full(len(when), -1, dtype=np.int64)
    if not dated.any():
        return day, 0
    day[dated] = (when[dated] - when[dated].min()).astype(np.int64)
    return day, int(day.max()) + 1


def large_from(amounts: Floats, share: float) -> float:
    """Return the amount from which the given share of the deals above 0 is large.

    That of the ``ceil(share · n)``-th largest deal; deals of that same amount are large too.

    Raises
    ------
    NotEnoughDataError
        Every amount is 0.
    """
    some = np.sort(amounts[amounts > 0.0])
    if not len(some):
        what, column = "Gene.fit", "amount"
        raise NotEnoughDataError.from_column(what, column, "give the amounts of the deals.")
    # 0.1 · 30 is a little above 3 in float64, and no fourth deal
    return float(some[len(some) - max(math.ceil(round(share * len(some), 9)), 1)])
