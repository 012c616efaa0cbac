"""Amounts that cannot be below 0: effort, concessions."""

from __future__ import annotations

from typing import Any

from keyaccount._columns import Floats, as_floats, refuse_rows

_SHOWN = 5


def amounts_from_0(raw: Any, name: str, hint: str) -> Floats:
    """Read a raw column of amounts of at least 0.

    Raises
    ------
    RowError
        An amount is below 0, or no number.
    """
    amounts = as_floats(raw, name)
    refuse_rows(name, amounts, amounts < 0.0, "are below 0", hint)
    return amounts
