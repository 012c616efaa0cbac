"""The day of a summary, and how old a rating may be by then."""

from __future__ import annotations

from typing import Any

import numpy as np

from keyaccount._columns import one_day
from keyaccount._validators import exact_float
from keyaccount.errors import SpecError

__all__ = ["as_of_day", "max_age"]


def as_of_day(value: Any) -> np.datetime64:
    """Read the day to summarise for."""
    day = one_day(value, "as_of")
    if np.isnat(day):
        field = "summarise(as_of)"
        raise SpecError.from_field(field, "must be a day", value, "write it as YYYY-MM-DD.")
    return day


def max_age(value: Any) -> float:
    """Read how old a rating may be; None: any age."""
    age = np.inf if value is None else exact_float(value)
    if not isinstance(age, float) or not age >= 0.0:
        field = "summarise(max_age_days)"
        raise SpecError.from_field(
            field,
            "must be a number of at least 0",
            value,
            "give the number of days after which a rating counts as unknown, or None.",
        )
    return age
