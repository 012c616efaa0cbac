"""`peer_budgets`: the budget of an account from those of its nearest peers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from keyaccount._blocks import blocks
from keyaccount._columns import Codes, Columns, Floats, common_length, labels
from keyaccount._validators import exact_int
from keyaccount.errors import SpecError
from keyaccount.lifecycle.wallet.budgets import Budgets
from keyaccount.lifecycle.wallet.likeness import read_alike, read_stated, rising_quantiles
from keyaccount.lifecycle.wallet.sources import FROM_PEERS, STATED, WALLET_SOURCES

__all__ = ["peer_budgets"]

_BLOCK = 256
_STATED, _PEERS = WALLET_SOURCES.index(STATED), WALLET_SOURCES.index(FROM_PEERS)


def peer_budgets(
    columns: Columns,
    *,
    budget: str,
    alike: Sequence[str],
    group: str | None = None,
    peers: int = 10,
    quantiles: tuple[float, float, float] = (0.1, 0.5, 0.9),
) -> Budgets:
    """Estimate unknown budgets from those that the most similar accounts state.

    Parameters
    ----------
    columns
        The book: any container of columns.
    budget
        The column of stated budgets a year, NaN where unknown. A stated one is taken as it is.
    alike
        The columns of numbers by which accounts are alike: employees, revenue. Each is measured by
        ranks within the book, so that no unit outweighs another. An account that lacks one of them
        is no peer, has none, and takes no rank.
    group
        The column of groups, within which peers are looked for; None: in the whole book.
    peers
        How many of the nearest are asked; with ties at the last one all of those. Where fewer state
        a budget, nothing is estimated.
    quantiles
        Which of the peers' budgets are the low, the best and the high estimate.

    Returns
    -------
    Budgets
        Aligned with the input by position. Book-wise, the same to the bit in any order of the rows.

    Raises
    ------
    ColumnNotFoundError, ColumnError, RowError
        A column is not there, holds no numbers, or a budget is below 0.
    SpecError
        `peers` is below 1, `alike` is empty or the quantiles do not rise.

    Notes
    -----
    Nearest neighbours by the sum of differences of ranks. Ten peers and these quantiles are choices
    of this library.

    See Also
    --------
    BudgetRegression : the same by quantile regression.

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {"budget": [100.0, 120.0, 900.0, None], "staff": [10, 12, 90, 11]}
    >>> ka.peer_budgets(book, budget="budget", alike=["staff"], peers=2).value
    array([100., 120., 900., 110.])
    """
    asked = _count(peers)
    shares = rising_quantiles(quantiles, "quantiles")
    beside = read_alike(columns, alike)
    stated, findings = read_stated(columns, budget, len(beside))
    places = _places(beside)
    groups = np.zeros(len(beside), dtype=np.int64)
    if group is not None:
        groups = labels(columns, group).codes
        _ = common_length({"alike": beside, group: groups})
    placed = ~np.isnan(places).any(axis=1) & (groups >= 0)
    known = ~np.isnan(stated)
    low, value, high = stated.copy(), stated.copy(), stated.copy()
    basis = np.zeros(len(stated), dtype=np.int64)
    for code in np.unique(groups[placed & ~known]).tolist():
        own = placed & (groups == code)
        wanted, of = np.flatnonzero(own & ~known), np.flatnonzero(own & known)
        if len(of) < asked:
            continue
        for part in blocks(len(wanted), _BLOCK):
            rows = wanted[part]
            found, counts = _estimates(places[rows], places[of], stated[of], asked, shares)
            low[rows], value[rows], high[rows] = found
            basis[rows] = counts
    source = np.where(known, _STATED, np.where(np.isnan(value), -1, _PEERS))
    return Budgets((low, value, high), source, basis, findings)


def _count(peers: Any) -> int:
    number = exact_int(peers)
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        hint = "ask a few peers, 10 say."
        raise SpecError.from_field("peers", "must be a whole number of at least 1", peers, hint)
    return number


def _places(beside: Floats) -> Floats:
    """Give twice the middle rank of each value in its column; ties share theirs.

    Among the accounts that lack no column, so that all columns have as many ranks and none
    outweighs another; in whole numbers, so that equal distances are equal.
    """
    places = np.full_like(beside, np.nan)
    known = np.flatnonzero(~np.isnan(beside).any(axis=1))
    for k in range(beside.shape[1]):
        values = beside[known, k]
        ordered = np.sort(values)
        left = np.searchsorted(ordered, values, side="left")
        right = np.searchsorted(ordered, values, side="right")
        places[known, k] = left + right
    return places


def _estimates(
    wanted: Floats, of: Floats, budgets: Floats, peers: int, shares: tuple[float, ...]
) -> tuple[tuple[Floats, ...], Codes]:
    """Give quantiles of the budgets of the nearest, and how many these are."""
    distance = np.zeros((len(wanted), len(of)))
    for k in range(wanted.shape[1]):  # added in declared order, so that a distance has one value
        distance += np.abs(wanted[:, k : k + 1] - of[None, :, k])
    last = np.partition(distance, peers - 1, axis=1)[:, peers - 1 : peers]
    near = distance <= last
    counts = near.sum(axis=1)
    ordered = np.sort(np.where(near, budgets[None, :], np.inf), axis=1)
    return tuple(_quantile(ordered, counts, q) for q in shares), counts


def _quantile(ordered: Floats, counts: Codes, q: float) -> Floats:
    """Interpolate a quantile of the first entries of each row at rank ``q (n - 1)``."""
    rank = q * (counts - 1)
    below = rank.astype(np.int64)
    rows = np.arange(len(ordered))
    low = ordered[rows, below]
    step = ordered[rows, np.minimum(below + 1, counts - 1)] - low
    found: Floats = low + (rank - below) * step
    return found
