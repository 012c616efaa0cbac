"""Read whole numbers as days: 20261231 is the last day of 2026."""

from __future__ import annotations

import numpy as np

from keyaccount._columns.kinds import Days, Floats

__all__ = ["days_of_digits"]

_FIRST, _LAST = 10_000_101, 99_991_231
"""From the year 1000, so that all of them have eight digits: no other order of day, month and
year gives a day of these centuries as well."""


def days_of_digits(numbers: Floats) -> Days:
    """Read numbers of eight digits as year, month and day; NaT where that is no day."""
    fits = (numbers >= _FIRST) & (numbers <= _LAST) & (np.floor(numbers) == numbers)
    digits = np.where(fits, numbers, 0.0).astype(np.int64)
    year, month, day = digits // 10_000, digits // 100 % 100, digits % 100
    begun = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    found: Days = begun.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    fits &= (month >= 1) & (month <= 12) & (day >= 1)  # noqa: PLR2004 - months of a year
    fits &= found.astype("datetime64[M]") == begun
    found[~fits] = np.datetime64("NaT", "D")
    return found
