"""Read a column as moments on the wall clock: ``datetime64[us]``, NaT where missing."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import numpy as np

from keyaccount._columns.days import as_days
from keyaccount._columns.kinds import Days
from keyaccount._columns.native import to_numpy

_CLOCK = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}")
"""How an ISO text begins that says the time of day as well."""


def as_moments(raw: Any, name: str, date_format: str | None = None) -> Days:
    """Read a raw column as moments; days are moments at midnight.

    Texts are read as moments where they are ISO texts with a time of day, as days otherwise. A
    moment with a time zone is what the clock on the wall says there.

    Raises
    ------
    ColumnError, RowError
        The column holds neither dates nor moments.
    """
    array = to_numpy(raw, name)
    if array.dtype.kind == "M":
        return np.ascontiguousarray(array, dtype="datetime64[us]")
    cells = array.tolist() if array.dtype.kind in "OU" else []
    clocks = [c for c in cells if isinstance(c, datetime) or _has_clock(c)]
    if not clocks:
        return as_days(array, name, date_format).astype("datetime64[us]")
    moments = {c: _wall(c) for c in dict.fromkeys(clocks)}
    rest = [None if c in moments else c for c in cells]
    found = as_days(np.array(rest, dtype=object), name, date_format).astype("datetime64[us]")
    for i, cell in enumerate(cells):
        if cell in moments:
            found[i] = moments[cell]
    return found


def _has_clock(cell: Any) -> bool:
    return isinstance(cell, str) and _wall(cell) is not None


def _wall(cell: Any) -> datetime | None:
    if isinstance(cell, str):
        try:
            cell = datetime.fromisoformat(cell.strip()) if _CLOCK.match(cell.strip()) else None
        except ValueError:
            return None
    return None if cell is None else cell.replace(tzinfo=None)
