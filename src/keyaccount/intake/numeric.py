"""Read the cells of a column as numbers; what cannot be read in one way only becomes missing.

Only what can be read in one way is repaired (``"1,234.50"``, ``"$12"``), and a finding says so.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from itertools import compress
from numbers import Real
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from keyaccount._columns import Floats, as_floats
from keyaccount.errors import ColumnError
from keyaccount.findings import Finding, Severity, counted, note
from keyaccount.intake.cells import Column, compute, distinct, in_one_piece, is_arrow

__all__ = ["read_numbers"]

Found: TypeAlias = tuple[Finding, ...]

_NUMBER = re.compile(
    r"([+-]?) ?([$€£¥￥]?) ?([+-]?)(\d+\.?\d*|\.\d+|[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?)"
    r"([eE][+-]?\d+)? ?([$€£¥￥]?)",
    re.ASCII,
)
_DECIMAL_COMMA = re.compile(r"\D*(0|[\d.]*),(\d{1,2}|\d{4,})\D*|\D*0,\d+\D*", re.ASCII)
_GROUPING_COMMA = re.compile(
    r"\D*[1-9]\d{0,2}(,\d{3}){2,}(\.\d*)?\D*|\D*[1-9][\d,]*,\d{3}\.\d*\D*", re.ASCII
)
_PLAIN = r"^(\d{1,15}\.?\d{0,15}|\.\d{1,15})$"
"""Nearly all cells: Arrow reads them a hundred times faster, and to the same bit."""


def read_numbers(column: Column, where: str, *, commas: bool = True) -> tuple[Floats, Found]:
    """Read a column as float64, cell by cell.

    Parameters
    ----------
    column
        Texts, numbers or a mix of both, None where missing.
    where
        What findings call the column.
    commas
        Whether ``"1,234"`` is a number with a thousands separator. Where commas may be decimal
        points, it cannot be read in one way only and becomes missing.
    """
    if is_arrow(column):
        return _from_arrow(column, where, commas=commas)
    if column.dtype.kind in "iufb":
        return _finite(as_floats(column, where), where)
    if column.dtype.kind != "O":
        raise ColumnError.from_kind(
            where, "numbers", str(column.dtype), "name the column that holds them."
        )
    return _from_cells(column, where, commas=commas)


def _from_arrow(column: Column, where: str, *, commas: bool) -> tuple[Floats, Found]:
    """Let Arrow read the plain numbers; look at the other cells one by one."""
    pc = compute()
    texts = in_one_piece(column)
    plain = pc.fill_null(pc.match_substring_regex(texts, _PLAIN), False)  # noqa: FBT003 - the value
    numbers = pc.cast(pc.if_else(plain, texts, None), "float64")
    values: Floats = np.array(pc.fill_null(numbers, np.nan), dtype=np.float64)
    other = ~np.asarray(plain)
    values[other], told = _from_cells(texts.filter(other), where, commas=commas)
    return values, told


def _from_cells(column: Column, where: str, *, commas: bool) -> tuple[Floats, Found]:
    """Read the numbers of the distinct cells, in the light of all of them."""
    codes, cells, counts = distinct(column)
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
            code,
            f"{where}: {counted(n, 'row')} {said}",
            n,
            where,
            severity,
            examples=compress(cells, mask),
        )
    return told


def _finite(values: Floats, where: str) -> tuple[Floats, Found]:
    """Turn infinite numbers into missing ones, and say so."""
    infinite = np.isinf(values)
    n = int(np.count_nonzero(infinite))
    message = f"{where}: {counted(n, 'row')} hold an infinite number and count as missing"
    found = note("infinite", message, n, where, "error")
    return (np.where(infinite, np.nan, values) if n else values), found
