"""Read a column as moments on the wall clock: ``datetime64[us]``, NaT where missing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np

from keyaccount._columns.clock import wall_moment
from keyaccount._columns.days import as_days
from keyaccount._columns.kinds import Days
from keyaccount._columns.native import to_numpy

__all__ = ["as_moments"]


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
    distinct = dict.fromkeys(c for c in cells if isinstance(c, str))
    texts = {text: wall_moment(text.strip()) for text in distinct}
    moments = [_wall(c, texts) for c in cells]
    if not any(moments):
        return as_days(array, name, date_format).astype("datetime64[us]")
    rest = [c if m is None else None for c, m in zip(cells, moments, strict=True)]
    found = as_days(np.array(rest, dtype=object), name, date_format).astype("datetime64[us]")
    for i, moment in enumerate(moments):
        if moment is not None:
            found[i] = moment
    return found


def _wall(cell: Any, texts: dict[str, datetime | None]) -> datetime | None:
    """Say what the clock on the wall says; None for a day, and where it is missing."""
    if isinstance(cell, str):
        return texts[cell]
    is_moment = isinstance(cell, datetime) and type(cell).__name__ != "NaTType"
    return cell.replace(tzinfo=None) if is_moment else None
