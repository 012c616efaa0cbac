"""The hiatus rule: a customer silent for longer than a stated time is taken to have left."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Bools, Floats

__all__ = ["best_hiatus"]


def best_hiatus(silent: Floats, ordered: Bools) -> float:
    """Return the hiatus that misjudges the fewest customers.

    Parameters
    ----------
    silent
        Time since the last order of each customer.
    ordered
        Whether it then ordered.

    Returns
    -------
    float
        One of the times given: customers silent for at most that long are called active. The
        shortest of equally good ones; 0 where nobody should be called active.

    Examples
    --------
    >>> import numpy as np
    >>> from keyaccount.lifecycle.buying.hiatus import best_hiatus
    >>> best_hiatus(np.array([1.0, 2.0, 5.0, 9.0]), np.array([True, True, False, False]))
    2.0
    """
    if not len(silent):
        return 0.0
    times, group = np.unique(silent, return_inverse=True)
    gained = np.bincount(group, np.where(ordered, 1.0, -1.0), len(times))
    right = np.cumsum(gained)  # calling these active, above calling nobody active
    best = int(np.argmax(right))
    return float(times[best]) if right[best] > 0.0 else 0.0
