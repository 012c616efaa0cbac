"""Yes, no and unknown: Kleene's logic as three codes, so that `and` and `or` are min and max."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools

__all__ = ["NO", "UNKNOWN", "YES", "Truth", "all_of", "any_of", "truth_of"]

Truth: TypeAlias = NDArray[np.int8]
"""One answer per account."""

NO: Final = 0
UNKNOWN: Final = 1
YES: Final = 2


def truth_of(said: Bools, known: Bools) -> Truth:
    """Give yes or no where it is known, else unknown."""
    found: Truth = np.where(known, np.where(said, YES, NO), UNKNOWN).astype(np.int8)
    return found


def all_of(answers: list[Truth]) -> Truth:
    """Give no where any says no, else unknown where any is unknown, else yes."""
    found: Truth = np.minimum.reduce(answers)
    return found


def any_of(answers: list[Truth], n: int) -> Truth:
    """Give yes where any says yes, else unknown where any is unknown, or nothing is asked."""
    if not answers:
        return np.full(n, UNKNOWN, dtype=np.int8)
    found: Truth = np.maximum.reduce(answers)
    return found
