"""Deals in groups by several columns at once, the groups in the order of their labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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


def grouped(
    columns: Mapping[str, Labels], rows: int, order: Mapping[str, Sequence[str]]
) -> Grouping:
    """Group rows by all columns together; without columns all rows are one group.

    Groups are sorted by their labels, column by column, rows without a label last: the order of the
    rows does not matter. Labels of a column for which an order is stated come in that order, others
    after them.
    """
    if not columns:
        return Grouping(np.zeros(rows, dtype=np.int64), {}, 1)
    place = np.zeros(rows, dtype=np.int64)
    for name, found in columns.items():
        rank = _ranks(found, order.get(name, ()))
        # Packed again after each column, so that the products stay small.
        _, place = np.unique(place * (len(found.labels) + 1) + rank, return_inverse=True)
        place = place.astype(np.int64, copy=False)
    _, first = np.unique(place, return_index=True)
    keys = {name: found.texts()[first] for name, found in columns.items()}
    return Grouping(place, keys, len(first))


def _ranks(found: Labels, stated: Sequence[str]) -> Codes:
    place = {label: i for i, label in enumerate(stated)}
    keys = [(place.get(label, len(place)), label) for label in found.labels]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    ranks = np.empty(len(order) + 1, dtype=np.int64)
    ranks[order] = np.arange(len(order))
    ranks[-1] = len(order)
    spread: Codes = ranks[found.codes]
    return spread
