"""Refuse rows that hold what cannot be."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns.kinds import Bools
from keyaccount.errors import RowError

_SHOWN = 5


def refuse_rows(name: str, values: NDArray[Any], wrong: Bools, problem: str, hint: str) -> None:
    """Refuse a column in which some rows are marked as wrong, and show the first of them.

    The problem is worded for several rows (``"are below 0"``), as in `RowError.from_rows`.
    """
    rows = np.flatnonzero(wrong)
    if len(rows):
        shown = values[rows[:_SHOWN]].tolist()
        raise RowError.from_rows(name, problem, rows.tolist(), shown, hint)
