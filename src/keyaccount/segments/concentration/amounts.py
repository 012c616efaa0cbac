"""Amounts that cannot be below 0: effort, concessions."""

from __future__ import annotations

from typing import Any

import numpy as np

from keyaccount._columns import Floats, as_floats
from keyaccount.errors import RowError

_SHOWN = 5


def amounts_from_0(raw: Any, name: str, hint: str) -> Floats:
    """Read a raw column of amounts of at least 0.

    Raises
    ------
    RowError
        An amount is below 0, or no number.
    """
    amounts = as_floats(raw, name)
    wrong = np.flatnonzero(amounts < 0.0)
    if len(wrong):
        raise RowError.from_rows(
            name,
            "is below 0" if len(wrong) == 1 else "are below 0",
            wrong.tolist(),
            amounts[wrong[:_SHOWN]].tolist(),
            hint,
        )
    return amounts
