"""The share of an account's value that each holder of a role has."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Codes, Floats
from keyaccount.errors import RowError
from keyaccount.program.book import Keys
from keyaccount.program.coverage.assignments import Assignments
from keyaccount.stats.sums import group_counts, group_sums

__all__ = ["divided_worth", "held_shares"]

_ALMOST = 1e-9
"""Shares such as 0.1 add up to a bit more or less than 1."""


def held_shares(
    rows: Assignments, book: Keys, team: Keys, held: tuple[Codes, Codes, Codes], k: int
) -> Floats:
    """Add the shares of each holder up, NaN where none is stated.

    Raises
    ------
    RowError
        Holders of one role have more than the whole account together.
    """
    account, person, role = held
    if rows.share is None:
        return np.full(len(account), np.nan)
    p = len(team)
    cells = (account * p + person) * k + role  # sorted, each once
    there = (book.rows >= 0) & (team.rows >= 0) & (rows.role >= 0)
    there[np.setdiff1d(np.arange(len(there)), rows.first)] = False
    own = np.where(there, (book.rows * p + team.rows) * k + rows.role, -1)
    place = np.where(there, np.searchsorted(cells, own), -1)
    found = group_sums(rows.share, place, len(cells))
    _refuse_more(rows, np.where(there, book.rows * k + rows.role, -1), len(book) * k)
    return found


def _refuse_more(rows: Assignments, cell: Codes, cells: int) -> None:
    """Refuse rows whose account and role is given away more than once."""
    assert rows.share is not None
    total = np.append(group_sums(rows.share, cell, cells), np.nan)
    over = (cell >= 0) & (total[cell] > 1.0 + _ALMOST) & ~np.isnan(rows.share)
    wrong = np.flatnonzero(over)
    if len(wrong):
        raise RowError.from_rows(
            rows.share_name,
            "give away more than the whole of one account and role",
            rows.row[wrong].tolist(),
            rows.share[wrong].tolist(),
            "shares of the holders of one role of an account add up to 1 at most.",
        )


def divided_worth(worth: Floats, account: Codes, share: Floats) -> tuple[Floats, Floats]:
    """Give what each holder holds, and what nobody holds of each account.

    Holders of no stated share have what is left in equal parts.
    """
    n = len(worth)
    stated = ~np.isnan(share)
    rest = 1.0 - np.nan_to_num(group_sums(share, account, n))
    rest = np.where(rest > _ALMOST, rest, 0.0)
    others = group_counts(account, n, ~stated)
    equal = worth[account] * rest[account] / np.maximum(others, 1)[account]
    held = np.where(stated, worth[account] * share, equal)
    return held, np.where(others > 0, 0.0, worth * rest)
