"""The order in which events are taken to happen: by deal, by moment, then as the log says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Labels

__all__ = ["in_order"]

_ROOM = 2**62
_FEW = 1_000

Whole = NDArray[np.int64]


def in_order(
    deal: Codes, at: Whole, rows: Codes, ties: Mapping[str, Any], labels: Sequence[Labels]
) -> tuple[Codes, Codes, Whole, int]:
    """Sort rows by deal and moment; leave out exact copies, and count them.

    Gives the rows in order, their deals and moments, and how many copies were left out.

    Parameters
    ----------
    deal, at
        The deal and the moment of every row of the log.
    rows
        The rows that can be used.
    ties
        What events of one moment go by, most important first, and what tells a copy from another
        event.
    labels
        Columns of texts that tell a copy from another event.

    Notes
    -----
    No order of the rows of the log has any influence.
    """
    if not len(rows):
        return rows, deal[rows], at[rows], 0
    rows, deal, at = _sorted(deal, at, rows)
    tied = np.flatnonzero((deal[1:] == deal[:-1]) & (at[1:] == at[:-1]))
    if not len(tied):
        return rows, deal, at, 0
    places = np.union1d(tied, tied + 1)
    some = rows[places]
    keys = [deal[places], at[places], *(_comparable(values[some]) for values in ties.values())]
    keys += [_by_text(found)[found.codes[some]] for found in labels]
    rows, kept = _untied(rows, places, keys)
    return rows[kept], deal[kept], at[kept], len(kept) - int(np.count_nonzero(kept))


def _sorted(deal: Codes, at: Whole, rows: Codes) -> tuple[Codes, Codes, Whole]:
    """Sort by deal and moment, as one column of whole numbers where they fit into one."""
    if len(rows) < len(deal):
        deal, at = deal[rows], at[rows]
    first = at.min()
    offset = at - first
    unit = _unit(offset)
    if unit > 1:
        offset //= unit
    span, bits = int(offset.max()) + 1, max(int(rows[-1]), 1).bit_length()
    if (int(deal.max()) + 1) * span >= _ROOM >> bits:
        order = np.lexsort((at, deal))
        return rows[order], deal[order], at[order]
    # The row goes along in the last bits: sorting numbers is faster than finding their order.
    key = np.sort(((deal * span + offset) << bits) | rows)
    sorted_deal, sorted_offset = np.divmod(key >> bits, span)
    return key & ((1 << bits) - 1), sorted_deal, sorted_offset * unit + first


def _unit(offset: Whole) -> int:
    """Find what all moments are multiples of: days, as a rule, which a few of them tell."""
    guess = int(np.gcd.reduce(offset[:_FEW])) or 1
    if guess > 1 and not (offset % guess).any():
        return guess
    return int(np.gcd.reduce(offset)) or 1


def _untied(rows: Codes, places: Codes, keys: list[NDArray[Any]]) -> tuple[Codes, Bools]:
    """Order the rows at some places by keys; say which to keep, being equal to none before."""
    order = np.lexsort(keys[::-1])
    rows = rows.copy()
    rows[places] = rows[places][order]
    same = np.ones(len(places) - 1, dtype=np.bool_)
    for key in keys:
        ordered = key[order]
        same &= ordered[1:] == ordered[:-1]
    kept = np.ones(len(rows), dtype=np.bool_)
    kept[places[1:][same]] = False
    return rows, kept


def _comparable(values: NDArray[Any]) -> NDArray[Any]:
    """Let missing numbers be equal to each other."""
    return np.nan_to_num(values, nan=-np.inf) if values.dtype.kind == "f" else values


def _by_text(found: Labels) -> Codes:
    """Give each label its place in the order of texts: codes follow the order of the log."""
    order = np.argsort(np.array([*found.labels, ""], dtype=object)[:-1], kind="stable")
    place = np.full(len(found.labels) + 1, -1, dtype=np.int64)
    place[order] = np.arange(len(found.labels))
    return place
