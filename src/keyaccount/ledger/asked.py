"""What a caller asks of a log, checked: words, names of columns, the day."""

from __future__ import annotations

from typing import Any

import numpy as np

from keyaccount._columns import one_day
from keyaccount.errors import SpecError

__all__ = ["asked_day", "asked_format", "column_name", "one_of"]


def one_of(field: str, value: Any, allowed: tuple[str, ...]) -> Any:
    """Refuse anything but one of a few words."""
    if value not in allowed:
        raise SpecError.from_choice(field, value, allowed)
    return value


def column_name(role: str, name: Any) -> str:
    """Refuse a column where its name is asked for."""
    if not isinstance(name, str):
        raise SpecError.from_field(
            role, "must be the name of a column", name, "give the name, and the columns as orders."
        )
    return name


def asked_format(value: Any) -> str | None:
    """Refuse what cannot say how dates are written."""
    if value is not None and not isinstance(value, str):
        raise SpecError.from_field(
            "date_format", "must be a text", value, 'write it as for strptime: "%d.%m.%Y".'
        )
    return value


def asked_day(value: Any, field: str = "as_of") -> np.datetime64:
    """Read the one day that a result is made for."""
    day = one_day(value, field)
    if np.isnat(day):
        raise SpecError.from_field(
            field, "must be one day", value, "write it as YYYY-MM-DD or pass a datetime.date."
        )
    return day
