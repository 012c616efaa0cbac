"""Where the money concentrates: how few accounts bring most, and what kinds bring it."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Floats, Labels, Objects, as_labels
from keyaccount._plain import plain
from keyaccount.segments.concentration import Concentration
from keyaccount.stats.sums import group_counts, group_sums

__all__ = ["KindRow", "MoneyFacts", "money_facts"]

_MOST = 0.8
"""The share of the money whose accounts are counted: that of the rule of thumb."""


@attrs.frozen(kw_only=True)
class KindRow:
    """The accounts of one kind, by its code, and what they bring."""

    code: str
    accounts: int
    key: int
    sales: float
    share: float


@attrs.frozen(kw_only=True, eq=False)
class MoneyFacts:
    """Where the money concentrates.

    Attributes
    ----------
    concentration
        Of the sales of all accounts.
    key, total
        Sales to key accounts, and to all.
    largest
        The row of the largest account, and its sales.
    few
        How many accounts bring 80 % of the sales.
    kinds
        A column of kinds to its rows, those with most money first.
    """

    concentration: Concentration
    key: float
    total: float
    largest: tuple[int, float]
    few: int
    kinds: Mapping[str, list[KindRow]]

    @property
    def key_share(self) -> float:
        """The share of key accounts in the sales; NaN where nothing is sold."""
        return self.key / self.total if self.total > 0.0 else float("nan")

    def record(self) -> dict[str, Any]:
        """Give the figures as plain data."""
        summary = self.concentration.summary()
        return {name: plain(summary[name]) for name in summary}


def money_facts(
    sales: Floats, is_key: Bools, ids: Objects, kinds: Mapping[str, Objects]
) -> MoneyFacts | None:
    """Measure the concentration of sales; None where nobody knows of any.

    Parameters
    ----------
    sales
        ``(n,)`` float64: what each account bought; NaN where unknown. Below 0 it adds nothing to
        the concentration, and is taken off the sums.
    is_key
        ``(n,)`` bool: which of them are key.
    ids
        ``(n,)`` the accounts.
    kinds
        Columns of kinds, by which accounts and money are counted; None where one is of no kind.
    """
    known = np.nan_to_num(sales)
    if not (known > 0.0).any():
        return None
    found = Concentration.of(sales, negatives="zero")
    return MoneyFacts(
        concentration=found,
        key=fsum(known[is_key].tolist()),
        total=fsum(known.tolist()),
        largest=_largest(known, ids),
        few=found.customers_for(_MOST).customers,
        kinds={
            name: rows
            for name, codes in kinds.items()
            if (rows := _kinds(as_labels(codes, name), known, is_key))
        },
    )


def _largest(sales: Floats, ids: Objects) -> tuple[int, float]:
    """Give the row of the largest account, the first by id of several, and its sales."""
    best = np.flatnonzero(sales == sales.max()).tolist()
    row = min(best, key=lambda i: str(ids[i]))
    return row, float(sales[row])


def _kinds(kinds: Labels, sales: Floats, is_key: Bools) -> list[KindRow]:
    """Count accounts and money by kind, the kind with most money first."""
    n, known = len(kinds.labels), kinds.codes >= 0
    money = group_sums(sales[known], kinds.codes[known], n).tolist()
    accounts = group_counts(kinds.codes[known], n).tolist()
    key = group_counts(kinds.codes[known & is_key], n).tolist()
    total = fsum(sales.tolist())
    rows = [
        KindRow(
            code=label,
            accounts=accounts[k],
            key=key[k],
            sales=money[k],
            share=money[k] / total if total > 0.0 else float("nan"),
        )
        for k, label in enumerate(kinds.labels)
    ]
    return sorted(rows, key=lambda row: (-row.sales, row.code))
