"""Deals in groups by several columns at once, the groups in the order of their labels."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np

from keyaccount._columns import Codes, Labels, Objects

__all__ = ["Grouping", "grouped"]


@attrs.frozen(eq=False)
class Grouping:
    """The group of each row, and the labels of each group, by column."""

    codes: Codes
    keys: Mapping[str, Objects]
    size: int


def grouped(columns: Mapping[str, Labels], rows: int) -> Grouping:
    """Group rows by all columns together; without columns all rows are one group.

    Groups are sorted by their labels, column by column, rows without a label last: the order of the
    rows does not matter.
    """
    if not columns:
        return Grouping(np.zeros(rows, dtype=np.int64), {}, 1)
    place = np.zeros(rows, dtype=np.int64)
    for found in columns.values():
        rank = _ranks(found)
        # Packed again after each column, so that the products stay small.
        _, place = np.unique(place * (len(found.labels) + 1) + rank, return_inverse=True)
        place = place.astype(np.int64, copy=False)
    _, first = np.unique(place, return_index=True)
    keys = {name: found.texts()[first] for name, found in columns.items()}
    return Grouping(place, keys, len(first))


def _ranks(found: Labels) -> Codes:
    order = sorted(range(len(found.labels)), key=found.labels.__getitem__)
    ranks = np.empty(len(order) + 1, dtype=np.int64)
    ranks[order] = np.arange(len(order))
    ranks[-1] = len(order)
    spread: Codes = ranks[found.codes]
    return spread
