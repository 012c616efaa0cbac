"""What a log says of its customers rather than of its orders: contract ends and groups."""

from __future__ import annotations

from typing import Any

import numpy as np

from keyaccount._columns import Codes, Columns, Days, Objects, as_days, as_labels, pick
from keyaccount.errors import ColumnError
from keyaccount.ledger.orders import Orders

__all__ = ["contract_ends", "groups_of"]

_NAT = np.iinfo(np.int64).min


def contract_ends(
    log: Columns, name: str, orders: Orders, slots: Codes, date_format: str | None
) -> Days:
    """Give the latest contract end told for each slot; NaT where none is."""
    ends = as_days(pick(log, name), name, date_format)
    ends = _taken(ends, name, orders)
    latest = np.full(orders.customers.size, _NAT)
    np.maximum.at(latest, orders.codes, ends.view(np.int64))
    return latest.view("datetime64[D]")[slots]


def groups_of(log: Columns, name: str, orders: Orders, slots: Codes) -> tuple[Objects, Codes]:
    """Give the group of each slot, None where there is none or more than one, and these others."""
    read = as_labels(pick(log, name), name)
    codes = _taken(read.codes, name, orders)
    told = codes >= 0
    size, nobody = orders.customers.size, len(read.labels)
    low, high = np.full(size, nobody), np.full(size, -1)
    np.minimum.at(low, orders.codes[told], codes[told])
    np.maximum.at(high, orders.codes[told], codes[told])
    low, high = low[slots], high[slots]
    table = np.array([*read.labels, None], dtype=object)
    return table[np.where(low == high, low, nobody)], np.flatnonzero(low < high)


def _taken(column: Any, name: str, orders: Orders) -> Any:
    """Take the rows that count of a column as long as the log."""
    if len(column) != orders.read:
        raise ColumnError.from_lengths({"orders": orders.read, name: len(column)})
    return column if orders.rows is None else column[orders.rows]
