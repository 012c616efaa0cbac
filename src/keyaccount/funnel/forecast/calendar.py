"""Months, quarters and years of the calendar as labels that sort by time."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np

from keyaccount._columns import Codes, Days, Objects
from keyaccount.errors import SpecError
from keyaccount.funnel.rules import OPEN

__all__ = ["PERIODS", "Period", "day_in_view", "period_labels"]

Period: TypeAlias = Literal["month", "quarter", "year"]
"""What a forecast is broken down by in time."""

PERIODS: tuple[Period, ...] = ("month", "quarter", "year")


def day_in_view(state: Codes, expected: Days, closed: Days) -> Days:
    """Give the day that says which period a deal belongs to: once decided, that of the decision."""
    found: Days = np.where((state != OPEN) & ~np.isnat(closed), closed, expected)
    return found


def period_labels(days: Days, period: Any, field: str) -> Objects:
    """Write the period each day lies in: ``2026-09``, ``2026-Q3`` or ``2026``; None without a day.

    Raises
    ------
    SpecError
        There is no such period.
    """
    if not isinstance(period, str) or period not in PERIODS:
        raise SpecError.from_choice(field, period, PERIODS)
    months = days.astype("datetime64[M]")
    distinct, place = np.unique(months, return_inverse=True)
    texts = [None if np.isnat(m) else _label(str(m), period) for m in distinct]
    table: Any = np.array(texts, dtype=object)
    found: Objects = table[place] if len(table) else np.empty(0, dtype=object)
    return found


def _label(month: str, period: str) -> str:
    """Turn ``2026-09`` into the label of the period around it."""
    year, _, number = month.rpartition("-")
    if period == "month":
        return month
    return year if period == "year" else f"{year}-Q{(int(number) + 2) // 3}"
