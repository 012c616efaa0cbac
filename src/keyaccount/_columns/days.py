"""Read a column as calendar days: ``datetime64[D]``, NaT where missing.

A moment with a time zone counts as the day on the wall in that zone. Texts are read only when one
format fits every row; where two formats would read different days, the reader must be told which.
Whole numbers are read where each of them is a day written YYYYMMDD.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np

from keyaccount._columns.clock import wall_moment
from keyaccount._columns.digits import days_of_digits
from keyaccount._columns.kinds import Days, Objects
from keyaccount._columns.names import pick
from keyaccount._columns.native import is_scalar, to_numpy
from keyaccount.errors import ColumnError, KeyAccountError, RowError, SpecError

FORMATS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y%m%d",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%m-%d-%Y",
    "%d-%m-%Y",
)
"""Date formats tried on a column of texts, when none is stated."""

_HINT = "write dates as YYYY-MM-DD, or state the format they are written in."


def days(columns: Any, name: str, date_format: str | None = None) -> Days:
    """Read column `name` as ``datetime64[D]``.

    Raises
    ------
    ColumnNotFoundError, ColumnError, RowError
        The column is not there, holds no dates, or texts that more than one format can read.
    """
    return as_days(pick(columns, name), name, date_format)


def as_days(raw: Any, name: str, date_format: str | None = None) -> Days:
    """Read a raw column as days; `name` is for the error messages."""
    array = to_numpy(raw, name)
    if array.dtype.kind == "M":
        return np.ascontiguousarray(array, dtype="datetime64[D]")
    if array.dtype.kind == "U":
        array = array.astype(object)
    if array.dtype.kind == "f" and np.isnan(array).all():
        return np.full(len(array), "NaT", dtype="datetime64[D]")
    if array.dtype.kind == "O" and not _all_numbers(array):
        return _from_objects(array.tolist(), name, date_format)
    if array.dtype.kind in "iufO" and date_format in {None, "%Y%m%d"}:
        return _from_numbers(array, name)
    hint = "convert it to dates first, or write YYYY-MM-DD."
    raise ColumnError.from_kind(name, "dates", str(array.dtype), hint)


def one_day(raw: Any, name: str) -> np.datetime64:
    """Read a single date (ISO text, date, datetime, datetime64, 20261231), NaT where missing.

    Raises
    ------
    SpecError
        It is no date, or more than one.
    """
    hint = "write it as YYYY-MM-DD or pass a datetime.date."
    if not is_scalar(raw):
        raise SpecError.from_field(name, "must be one day", raw, hint)
    try:
        day: np.datetime64 = as_days(raw, name)[0]
    except KeyAccountError as error:
        raise SpecError.from_field(name, "must be one day", raw, hint) from error
    return day


def _all_numbers(array: Objects) -> bool:
    """Say whether cells are whole numbers, beside missing ones."""
    kinds = {type(cell) for cell in array.tolist() if not _is_missing(cell)}
    return bool(kinds) and all(k is int or issubclass(k, np.integer) for k in kinds)


def _from_numbers(array: Objects, name: str) -> Days:
    cells = array.tolist()
    if array.dtype.kind == "O":
        cells = [np.nan if _is_missing(cell) else cell for cell in cells]
    numbers = np.array(cells, dtype=np.float64)  # exact as far as days go
    found = days_of_digits(numbers)
    wrong = np.flatnonzero(np.isnat(found) & ~np.isnan(numbers)).tolist()
    if len(wrong) == np.count_nonzero(~np.isnan(numbers)) and wrong:
        hint = f"numbers are dates where they are written YYYYMMDD; else {_HINT}"
        raise ColumnError.from_kind(name, "dates", f"{cells[wrong[0]]!r} in row {wrong[0]}", hint)
    if wrong:
        raise _refused(name, wrong, cells)
    return found


def _is_missing(value: Any) -> bool:
    return (
        value is None
        or type(value).__name__ in {"NAType", "NaTType"}
        or (isinstance(value, float) and value != value)  # noqa: PLR0124 - NaN
        or (isinstance(value, str) and not value.strip())
    )


def _from_objects(values: list[Any], name: str, date_format: str | None) -> Days:
    found: list[Any] = [None] * len(values)
    texts: list[int] = []
    wrong: list[int] = []
    for i, value in enumerate(values):
        if _is_missing(value):
            continue
        if isinstance(value, str):
            texts.append(i)
        elif isinstance(value, datetime):
            found[i] = value.date()
        elif isinstance(value, date | np.datetime64):
            found[i] = value
        else:
            wrong.append(i)
    if wrong:
        raise _refused(name, wrong, values)
    parsed = _from_texts([values[i].strip() for i in texts], name, texts, date_format)
    for i, day in zip(texts, parsed, strict=True):
        found[i] = day
    return np.array(found, dtype="datetime64[D]")


def _from_texts(
    texts: list[str], name: str, rows: list[int], date_format: str | None
) -> list[date | None]:
    distinct = dict.fromkeys(texts)
    formats = FORMATS if date_format is None else (date_format,)
    readings = [(f, {t: parse_day(t, f) for t in distinct}) for f in formats]
    whole = [(f, r) for f, r in readings if None not in r.values()]
    if not texts:
        return []
    if not whole:
        _, best = max(readings, key=lambda fr: sum(d is not None for d in fr[1].values()))
        bad = [k for k, t in enumerate(texts) if best[t] is None]
        raise _refused(name, [rows[k] for k in bad], dict(zip(rows, texts, strict=True)))
    first = whole[0][1]
    for other_format, other in whole[1:]:
        differs = [k for k, t in enumerate(texts) if other[t] != first[t]]
        if differs:
            raise _ambiguous(name, whole[0][0], other_format, rows[differs[0]], texts[differs[0]])
    return [first[t] for t in texts]


def parse_day(text: str, date_format: str) -> date | None:
    """Read one text, without spaces around it, in one format; None where it does not fit."""
    if date_format == FORMATS[0] and len(text) > len("2026-12-31"):
        moment = wall_moment(text)
        return None if moment is None else moment.date()
    if date_format == "%Y%m%d" and len(text) != len("20261231"):
        return None  # strptime would read 202611 as the first of January
    try:
        return datetime.strptime(text, date_format).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def _refused(name: str, rows: list[int], values: Any) -> RowError:
    return RowError.from_rows(name, "hold no date", rows, [values[i] for i in rows[:5]], _HINT)


def _ambiguous(name: str, first: str, second: str, row: int, text: str) -> ColumnError:
    return ColumnError.from_kind(
        name,
        "dates that can be read in one way only",
        f"{text!r} in row {row}, which both {first!r} and {second!r} can read",
        "state the format the dates are written in.",
    )
