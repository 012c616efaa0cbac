"""``--target``: how much is to be sold, and in which period."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from math import fsum
from pathlib import Path
from typing import Final

import numpy as np

from keyaccount._columns import one_day
from keyaccount.errors import SpecError
from keyaccount.funnel.forecast import SalesTarget, TargetPhase
from keyaccount.intake import Book

__all__ = ["target_of", "within_reach"]

_YEAR: Final = re.compile(r"([1-9]\d{3})")
_QUARTER: Final = re.compile(r"([1-9]\d{3})-?[Qq]([1-4])")
_MONTH: Final = re.compile(r"([1-9]\d{3})-(0[1-9]|1[0-2])")
_SPAN: Final = re.compile(r"(\d{4}-\d{2}-\d{2})[:/](\d{4}-\d{2}-\d{2})")


def target_of(
    amount: float | None,
    period: str | None,
    as_of: str | None,
    *,
    sold_by: Sequence[Path | None] = (),
) -> SalesTarget | None:
    """Read the target; a year is split into quarters by days, and is the default: that of the day.

    `sold_by` are the tables that tell what was sold and what may be; one of them is needed.

    Raises
    ------
    SpecError
        The amount is not above 0, the period is none, there is a period and no amount, or no table
        tells of sales.
    """
    if amount is None:
        if period is not None:
            rule = "needs the amount that is to be sold"
            raise SpecError.from_field("--target-period", rule, period, "give it with --target.")
        return None
    if sold_by and not any(sold_by):
        hint = "give --deals or --orders, which say what was sold."
        raise SpecError.from_field("--target", "needs sales to be held against", amount, hint)
    text = _year_of(amount, as_of) if period is None else period.strip()
    if found := _YEAR.fullmatch(text):
        return SalesTarget.by_quarter(amount, int(found[1]))
    return SalesTarget(amount, [_phase(text)])


def _year_of(amount: float, as_of: str | None) -> str:
    """Give the year of the day asked about."""
    if as_of is None:
        hint = "give --target-period, or the day with --as-of."
        raise SpecError.from_field("--target", "needs a period", amount, hint)
    return str(one_day(as_of, "--as-of").astype("datetime64[Y]"))


def _phase(text: str) -> TargetPhase:
    """Read a quarter, a month, or a first and a last day."""
    if found := _QUARTER.fullmatch(text):
        return _months(text, int(found[1]), 3 * int(found[2]) - 2, 3)
    if found := _MONTH.fullmatch(text):
        return _months(text, int(found[1]), int(found[2]), 1)
    if found := _SPAN.fullmatch(text):
        return TargetPhase(text, start=found[1], end=found[2])
    rule = "must be a year, a quarter, a month, or a first and a last day"
    hint = "write 2026, 2026-Q3, 2026-09 or 2026-07-01:2026-12-31."
    raise SpecError.from_field("--target-period", rule, text, hint)


def _months(name: str, year: int, first: int, count: int) -> TargetPhase:
    last = first + count - 1
    end = date(year, last, monthrange(year, last)[1])
    return TargetPhase(name, start=date(year, first, 1), end=end)


def within_reach(book: Book) -> float:
    """Make up a target for a made-up book: what is won this year and what open deals are worth.

    It counts the deals planned to close this year, at their chances, and is rounded to two digits.
    """
    deals, sold = book.logs["pipeline"], book.logs["sales"]
    this_year = np.datetime64(book.as_of, "Y")
    due = deals["expected"].astype("datetime64[Y]") == this_year
    won = sold["amount"][sold["date"].astype("datetime64[Y]") == this_year]
    weighted = np.nan_to_num((deals["amount"] * deals["probability"])[due])
    return float(f"{fsum(won.tolist()) + fsum(weighted.tolist()):.2g}")
