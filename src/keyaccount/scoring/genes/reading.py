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
    years
        The time from the first to the last dated deal, both days counted; None without dates.
    counts
        What was read and left out.
    """

    names: tuple[str, ...]
    codes: Codes
    amounts: Floats
    accounts: Codes | None
    years: float | None
    counts: GeneCounts


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
    order = sorted({found.labels[c] for c in np.unique(found.codes[kept]).tolist()})
    position = {name: i for i, name in enumerate(order)}
    table = np.array([position.get(name, -1) for name in found.labels], dtype=np.int64)
    codes = table[found.codes[kept]]
    return Deals(
        names=tuple(order),
        codes=codes,
        amounts=money[kept] + 0.0,
        accounts=None if who is None else _accounts(codes, who[kept], len(order)),
        years=None if when is None else _span(when[kept]),
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


def _accounts(codes: Codes, who: Codes, n_labels: int) -> Codes:
    """Count the distinct accounts of each label."""
    known = who >= 0
    width = int(who.max(initial=0)) + 1
    pairs = np.unique(codes[known] * width + who[known])
    return np.bincount(pairs // width, minlength=n_labels).astype(np.int64, copy=False)


def _span(when: Days) -> float | None:
    """Return the years from the first day to the last, both of them counted."""
    known = when[~np.isnat(when)]
    if not len(known):
        return None
    return (int((known.max() - known.min()).astype(np.int64)) + 1) / _DAYS_A_YEAR


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
