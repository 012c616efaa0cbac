"""Columns that are handed out: read-only, with days as numbers and cells as plain values."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Floats

__all__ = ["days_between", "fixed", "plain_cell"]

Scalar = TypeVar("Scalar", bound=np.generic)


def days_between(start: Any, end: Any) -> Floats:
    """Count the days between, NaN where one of them is missing."""
    days: NDArray[np.timedelta64] = np.asarray(end - start)
    return np.where(np.isnat(days), np.nan, days.astype(np.float64))


def fixed(array: NDArray[Scalar]) -> NDArray[Scalar]:
    """Let nobody write to a column: what is computed later rests on it."""
    array.flags.writeable = False
    return array


def plain_cell(value: Any) -> Any:
    """Give one cell as Python's own value; a missing day stays NaT."""
    return value.item() if isinstance(value, np.generic) and value == value else value  # noqa: PLR0124 - not NaT
