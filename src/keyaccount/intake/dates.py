"""Read the cells of a column as days: texts in the one format that fits them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeAlias

import numpy as np

from keyaccount._columns import Days, as_days
from keyaccount._columns.days import FORMATS, parse_day
from keyaccount.errors import ColumnError
from keyaccount.findings import Finding, counted, note
from keyaccount.intake.cells import Column, distinct, is_arrow

__all__ = ["read_dates"]

Found: TypeAlias = tuple[Finding, ...]


def read_dates(column: Column, where: str, date_format: str | None = None) -> tuple[Days, Found]:
    """Read a column as days, cell by cell; texts in the one format that fits them.

    Raises
    ------
    ColumnError
        The column holds no dates, or texts that more than one format can read.
    """
    if not is_arrow(column):
        kind = column.dtype.kind
        if kind == "M" or (kind == "f" and np.isnan(column).all()):
            return as_days(column, where), ()
        if kind != "O":
            got = str(column.dtype)
            raise ColumnError.from_kind(where, "dates", got, "name the column of dates.")
    codes, cells, counts = distinct(column)
    texts = {c: n for c, n in zip(cells, counts, strict=True) if isinstance(c, str)}
    reading = _reading(texts, where, date_format)
    parsed = [reading(c) if isinstance(c, str) else _calendar_day(c) for c in cells]
    lost = [(c, n) for c, n, p in zip(cells, counts, parsed, strict=True) if p is None]
    n = sum(n for _, n in lost)
    message = f"{where}: {counted(n, 'row')} hold no date that can be read and count as missing"
    found = note("unreadable_date", message, n, where, "error", examples=[c for c, _ in lost])
    return np.array([*parsed, None], dtype="datetime64[D]")[codes], found


def _calendar_day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, date) else None


def _reading(
    texts: Mapping[str, int], where: str, date_format: str | None
) -> Callable[[str], date | None]:
    """Choose the format that reads the column: the stated one, or the one that reads most rows."""
    if date_format is not None:
        return lambda text: parse_day(text.strip(), date_format)
    readings = {
        f: {t: d for t in texts if (d := parse_day(t.strip(), f)) is not None} for f in FORMATS
    }
    known = {f: sum(texts[t] for t in read) for f, read in readings.items()}
    best = max(FORMATS, key=known.__getitem__)  # the first of those that read equally many
    _refuse_two_readings(readings, best, known, where)
    if texts and 2 * known[best] <= sum(texts.values()):
        raise ColumnError.from_kind(
            where,
            "dates",
            f"texts such as {next(t for t in texts if t not in readings[best])!r}",
            "write dates as YYYY-MM-DD, or state the format they are written in.",
        )
    return readings[best].get


def _refuse_two_readings(
    readings: Mapping[str, Mapping[str, date]], best: str, known: Mapping[str, int], where: str
) -> None:
    """Refuse a column that a second format reads as well and differently."""
    for other, read in readings.items():
        differs = [t for t, d in readings[best].items() if read.get(t, d) != d]
        if differs and known[other] == known[best]:
            raise ColumnError.from_kind(
                where,
                "dates that can be read in one way only",
                f"{differs[0]!r}, which both {best!r} and {other!r} can read",
                "state the format the dates are written in.",
            )
