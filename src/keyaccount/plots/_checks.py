"""Read the options of figures."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from keyaccount._columns import Floats, as_floats, common_length
from keyaccount._validators import exact_float, exact_int, is_finite
from keyaccount.errors import SpecError

__all__ = ["amounts_of", "inner_share", "place_of", "unit_of", "whole"]

_MOST = 1_000
"""Bars that a figure can be asked for; nobody sees more, and a million are never done."""
_LISTED, _SEARCHED = 12, 10_000
"""Ids that a message lists, and those that are searched for one alike."""


def whole(value: Any, field: str) -> int:
    """Read a whole number above 0 that a figure has room for.

    Raises
    ------
    SpecError
        It is none.
    """
    number = exact_int(value)
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= _MOST:
        rule = f"must be a whole number from 1 to {_MOST:,}"
        raise SpecError.from_field(field, rule, value, "ask for as many as can be seen.")
    return number


def unit_of(value: Any, field: str) -> str:
    """Read what times are counted in; empty where nothing is said.

    Raises
    ------
    SpecError
        It is no text.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        hint = 'write for instance "weeks"; leave it out for days.'
        raise SpecError.from_field(field, "must be text", value, hint)
    return value


def place_of(account: Any, known: Sequence[str | None], field: str) -> int:
    """Give where the one account of an id is.

    Raises
    ------
    SpecError
        There is none, or more than one.
    """
    many = known.count(str(account))
    if many > 1:
        hint = "give every account an id of its own, or pass its position and no ids."
        raise SpecError.from_field(field, f"names {many:,} accounts", account, hint)
    if many:
        return known.index(str(account))
    ids = [i for i in known if i is not None]
    if len(ids) <= _LISTED:
        raise SpecError.from_choice(field, account, ids)
    alike = get_close_matches(str(account), ids[:_SEARCHED], 3) or ids[:3]
    hint = f"pass for instance {', '.join(map(repr, alike))}."
    raise SpecError.from_field(field, f"must be one of {len(ids):,} ids", account, hint)


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
