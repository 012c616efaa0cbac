"""Which fields to ask for next: the missing before the stale, the heavy before the light."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Codes, Floats
from keyaccount.program.information.assessment import FRESH, MISSING

__all__ = ["asked_next"]


def asked_next(state: Codes, weights: Floats, most: int) -> Codes:
    """Give positions of fields, ``(n, m)``, -1 where there are no more; ties in declared order."""
    n, k = state.shape
    by_weight = np.argsort(-weights, kind="stable")
    rank = np.empty(k, dtype=np.int64)
    rank[by_weight] = np.arange(k)
    key = np.where(state == MISSING, rank, k + rank)
    key = np.where((state == FRESH) | (weights == 0.0), 2 * k, key)
    m = min(most, k)
    if m == 0:
        return np.empty((n, 0), dtype=np.int64)
    first = np.sort(key, axis=1)[:, :m]
    table = np.concatenate([by_weight, by_weight, [-1]])
    found: Codes = table[first]
    return found
