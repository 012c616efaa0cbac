"""Read the options of figures."""

from __future__ import annotations

from typing import Any

from keyaccount._columns import Floats, as_floats, common_length
from keyaccount._validators import exact_float, exact_int, is_finite
from keyaccount.errors import SpecError

__all__ = ["amounts_of", "inner_share", "whole"]


def whole(value: Any, field: str) -> int:
    """Read a whole number above 0.

    Raises
    ------
    SpecError
        It is none.
    """
    number = exact_int(value)
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise SpecError.from_field(field, "must be a whole number above 0", value, "ask for some.")
    return number


def inner_share(value: Any, field: str) -> float:
    """Read a share above 0 and below 1.

    Raises
    ------
    SpecError
        It is none.
    """
    number = exact_float(value)
    if not is_finite(number) or not 0.0 < number < 1.0:
        hint = "write 80 % as 0.8."
        raise SpecError.from_field(field, "must lie between 0 and 1", value, hint)
    return float(number)


def amounts_of(values: Any, rows: int, column: str) -> Floats | None:
    """Read one amount per row; None where none are given.

    Raises
    ------
    ColumnError, RowError
        There is not one number per row.
    """
    if values is None:
        return None
    found = as_floats(values, column)
    common_length({column: found, "rows": range(rows)})
    return found
