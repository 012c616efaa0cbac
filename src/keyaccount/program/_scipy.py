"""SciPy at the border of this room: the one exact assignment, imported when it is asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes
from keyaccount.errors import MissingExtra

__all__ = ["most_gained"]


def most_gained(gain: NDArray[np.float64], caller: str) -> tuple[Codes, Codes]:
    """Match rows with columns, each at most once, for the largest sum of gains of at least 0.

    Whole numbers whose sum stays below 2⁵³ are added without rounding, so that the answer is exact.

    Raises
    ------
    MissingExtra
        SciPy is not installed.
    """
    try:
        from scipy.optimize import linear_sum_assignment
    except ImportError:
        raise MissingExtra.from_caller(caller, "assign", "scipy") from None
    found: Any = linear_sum_assignment(gain, maximize=True)
    return found[0].astype(np.int64), found[1].astype(np.int64)
