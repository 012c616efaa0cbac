"""Ranks: 1 is the best, equal values share the better rank, a value that is missing has none."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Codes, Floats


def competition_rank(values: Floats) -> Codes:
    """Rank values from the highest down: 1 + how many are strictly higher (1, 2, 2, 4).

    A missing value (NaN) gets -1. The ranks do not depend on the order of the rows.
    """
    order = np.argsort(values)  # rising, NaN last
    known = len(values) - int(np.count_nonzero(np.isnan(values)))
    best_first = order[:known][::-1]
    rank = np.full(len(values), -1, dtype=np.int64)
    if known == 0:
        return rank
    ordered = values[best_first]
    place = np.arange(1, known + 1)
    ties = ordered[1:] == ordered[:-1]
    if ties.any():
        place[1:][ties] = 0  # a tie takes the place of the one before
        np.maximum.accumulate(place, out=place)
    rank[best_first] = place
    return rank
