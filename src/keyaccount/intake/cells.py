"""Read the cells of a column as numbers, dates or texts; what cannot be read becomes missing.

One bad cell does not decide about the others: it becomes missing, and a finding counts such cells
and shows a few. Only what can be read in one way is repaired (``"1,234.50"``, ``"$12"``). The work
is done once per distinct cell.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import compress
from numbers import Real
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from keyaccount._columns import Bools, Codes, Days, Floats, Objects, as_days, as_floats, label_text
from keyaccount._columns.days import FORMATS
from keyaccount.errors import ColumnError
from keyaccount.findings import Finding
from keyaccount.intake.notes import Severity, note, rows

__all__ = ["blanks", "distinct", "read_dates", "read_numbers", "read_texts"]

Found: TypeAlias = tuple[Finding, ...]
Cells: TypeAlias = tuple[Codes, list[Any], list[int]]
"""One code per row (-1 where missing), the distinct cells, and how many rows hold each."""

_NUMBER = re.compile(
    r"([+-]?) ?([$€£¥￥]?) ?([+-]?)(\d+\.?\d*|\.\d+|[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?)"
    r"([eE][+-]?\d+)? ?([$€£¥￥]?)",
    re.ASCII,
)
_DECIMAL_COMMA = re.compile(r"\D*(0|[\d.]*),(\d{1,2}|\d{4,})\D*|\D*0,\d+\D*", re.ASCII)
_GROUPING_COMMA = re.compile(
    r"\D*[1-9]\d{0,2}(,\d{3}){2,}(\.\d*)?\D*|\D*[1-9][\d,]*,\d{3}\.\d*\D*", re.ASCII
)
_ISO_DAY = len("YYYY-MM-DD")


def distinct(array: Objects) -> Cells:
    """Give each distinct known cell a code; blank texts and NaN are missing."""
    values = array.tolist()
    counts = Counter(values)
    position = dict(zip(counts, range(len(counts)), strict=True))
    codes = np.fromiter(map(position.__getitem__, values), dtype=np.int64, count=len(values))
    known = np.array([not _is_blank(cell) for cell in counts], dtype=np.bool_)
    if known.all():
        return codes, list(counts), list(counts.values())
    renumbered = np.where(known, np.cumsum(known) - 1, -1)
    return renumbered[codes], list(compress(counts, known)), list(compress(counts.values(), known))


def blanks(texts: Objects) -> Bools:
    """Mark the cells that hold None."""
    return np.fromiter((t is None for t in texts.tolist()), dtype=np.bool_, count=len(texts))


def _is_blank(value: Any) -> bool:
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or label_text(value) is None


def read_numbers(array: Objects, where: str, *, commas: bool = True) -> tuple[Floats, Found]:
    """Read a column as float64, cell by cell.

    Parameters
    ----------
    array
        Texts, numbers or a mix of both, None where missing.
    where
        What findings call the column.
    commas
        Whether ``"1,234"`` is a number with a thousands separator. Where commas may be decimal
        points, it cannot be read in one way only and becomes missing.
    """
    if array.dtype.kind in "iufb":
        return _finite(as_floats(array, where), where)
    if array.dtype.kind != "O":
        raise ColumnError.from_kind(
            where, "numbers", str(array.dtype), "name the column that holds them."
        )
    codes, cells, counts = distinct(array)
    commas = commas and not _decimal_commas(cells, counts)
    parsed = _one_currency([_number(cell, commas=commas) for cell in cells], counts)
    values = np.array([*(p.value for p in parsed), np.nan], dtype=np.float64)
    known, infinite = _finite(values[codes], where)
    return known, _repairs(cells, parsed, counts, where) + infinite


class _Parsed(NamedTuple):
    """One distinct cell read as a number, and what had to be taken off for it."""

    value: float = np.nan
    currency: str = ""
    grouped: bool = False


def _number(cell: Any, *, commas: bool) -> _Parsed:
    """Read one cell as a number, NaN where it cannot be read in one way only."""
    if not isinstance(cell, str):
        is_number = isinstance(cell, Real | Decimal)
        return _Parsed(float(as_floats(cell, "cell")[0])) if is_number else _Parsed()
    if cell.isascii() and cell.replace(".", "", 1).isdigit():
        return _Parsed(float(cell))  # nearly all cells, in a third of the time
    match = _NUMBER.fullmatch(cell.strip())
    if match is None:
        return _Parsed()
    minus, front, inner, digits, power, back = match.groups(default="")
    grouped = "," in digits
    if (grouped and not commas) or (minus and inner) or (front and back):
        return _Parsed()
    value = float(f"{minus}{inner}{digits.replace(',', '')}{power}")
    return _Parsed(value, (front + back).replace("￥", "¥"), grouped)


def _decimal_commas(cells: Sequence[Any], counts: Sequence[int]) -> bool:
    """Say whether commas look like decimal points in more rows than like separators."""
    texts = [(c, n) for c, n in zip(cells, counts, strict=True) if isinstance(c, str) and "," in c]
    decimal = sum(n for c, n in texts if _DECIMAL_COMMA.fullmatch(c))
    return decimal > sum(n for c, n in texts if _GROUPING_COMMA.fullmatch(c))


def _one_currency(parsed: list[_Parsed], counts: Sequence[int]) -> list[_Parsed]:
    """Leave only the currency of most rows: two currencies cannot be added up."""
    tally: Counter[str] = Counter()
    for cell, n in zip(parsed, counts, strict=True):
        tally[cell.currency] += n if cell.currency else 0
    common = min(tally, key=lambda sign: (-tally[sign], sign), default="")
    return [p if p.currency in {"", common} else _Parsed() for p in parsed]


def _repairs(
    cells: Sequence[Any], parsed: Sequence[_Parsed], counts: Sequence[int], where: str
) -> Found:
    """Say which cells were repaired, and which could not be read."""
    kinds: tuple[tuple[str, Severity, str, list[bool]], ...] = (
        (
            "thousands_separator",
            "info",
            "read without thousands separators",
            [p.grouped for p in parsed],
        ),
        (
            "currency_sign",
            "warning",
            "read without currency sign",
            [p.currency != "" for p in parsed],
        ),
        (
            "unreadable_number",
            "error",
            "without a number that can be read in one way only: missing",
            [math.isnan(p.value) for p in parsed],
        ),
    )
    told: Found = ()
    for code, severity, said, mask in kinds:
        n = sum(compress(counts, mask))
        told += note(
            code, f"{where}: {rows(n)} {said}", n, where, severity, examples=compress(cells, mask)
        )
    return told


def _finite(values: Floats, where: str) -> tuple[Floats, Found]:
    """Turn infinite numbers into missing ones, and say so."""
    infinite = np.isinf(values)
    n = int(np.count_nonzero(infinite))
    message = f"{where}: {rows(n)} hold an infinite number and count as missing"
    found = note("infinite", message, n, where, "error")
    return (np.where(infinite, np.nan, values) if n else values), found


def read_dates(array: Objects, where: str, date_format: str | None = None) -> tuple[Days, Found]:
    """Read a column as days, cell by cell; texts in the one format that fits them.

    Raises
    ------
    ColumnError
        The column holds no dates, or texts that more than one format can read.
    """
    if array.dtype.kind == "M" or (array.dtype.kind == "f" and np.isnan(array).all()):
        return as_days(array, where), ()
    if array.dtype.kind != "O":
        raise ColumnError.from_kind(where, "dates", str(array.dtype), "name the column of dates.")
    codes, cells, counts = distinct(array)
    texts = {c: n for c, n in zip(cells, counts, strict=True) if isinstance(c, str)}
    reading = _reading(texts, where, date_format)
    parsed = [reading(c) if isinstance(c, str) else _calendar_day(c) for c in cells]
    lost = [(c, n) for c, n, p in zip(cells, counts, parsed, strict=True) if p is None]
    n = sum(n for _, n in lost)
    message = f"{where}: {rows(n)} hold no date that can be read and count as missing"
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
        return lambda text: _day(text, date_format)
    readings = {f: {t: d for t in texts if (d := _day(t, f)) is not None} for f in FORMATS}
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


def _day(text: str, date_format: str) -> date | None:
    """Read one text as a day; a moment in ISO form is the day on the wall where it was written."""
    text = text.strip()
    if date_format == FORMATS[0] and text[_ISO_DAY : _ISO_DAY + 1] in {" ", "T"}:
        text = text[:_ISO_DAY]
    try:
        return datetime.strptime(text, date_format).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def read_texts(array: Objects, where: str) -> tuple[Objects, Found]:
    """Read a column as texts without spaces around them, None where blank."""
    codes, cells, counts = distinct(array)
    texts = [label_text(c) or "" for c in cells]
    padded = [(t, n) for t, n in zip(texts, counts, strict=True) if t != t.strip()]
    n = sum(n for _, n in padded)
    message = f"{where}: {rows(n)} had spaces around the text, which were taken off"
    found = note("spaces", message, n, where, "info", examples=[repr(t) for t, _ in padded])
    table = np.array([*(t.strip() for t in texts), None], dtype=object)
    return table[codes], found
