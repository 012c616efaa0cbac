"""Which fields to ask for next: missing before stale, heavy before light, old before young."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Codes, Floats
from keyaccount.program.information.state import FRESH, MISSING, STALE

__all__ = ["asked_next"]

_OLDEST = 1e6
"""Days beyond which nothing is older: an entry without a date has been there since ever."""


def asked_next(state: Codes, weights: Floats, age: Floats, most: int) -> Codes:
    """Give positions of fields, ``(n, m)``, -1 where there are no more.

    Missing fields go before stale ones, then the heavier before the lighter, then the longer stale
    before the less, then in declared order. What counts nothing is not asked for.
    """
    n, k = state.shape
    m = min(most, k)
    if m == 0 or n == 0:
        return np.empty((n, m), dtype=np.int64)
    _, lightness = np.unique(-weights, return_inverse=True)
    kind = np.where(state == MISSING, 0, 1) * k + lightness
    gone = np.where(state == STALE, np.minimum(age, _OLDEST), 0.0).astype(np.int64)
    span = int(gone.max()) + 1
    key = (kind * span + (span - 1 - gone)) * k + np.arange(k)
    last = 2 * k * span * k
    key = np.where((state == FRESH) | (weights == 0.0), last, key)
    first = np.sort(key, axis=1)[:, :m]
    return np.where(first == last, -1, first % k)
