"""Running sums whose rounding grows with the root of their length."""

from __future__ import annotations

import math

import numpy as np

from keyaccount._columns import Floats


def running_sums(x: Floats) -> Floats:
    """Add numbers of at least 0 one after another, in blocks; the sums never fall.

    Each is off by at most ``2·√n`` roundings of itself, where one long chain is by ``n``.
    """
    n = len(x)
    width = max(math.isqrt(n), 1)
    padded = np.zeros(-(-n // width) * width)
    padded[:n] = x
    table = np.cumsum(padded.reshape(-1, width), axis=1)
    if len(table) > 1:
        table[1:] += np.cumsum(table[:, -1])[:-1, np.newaxis]
    found: Floats = table.ravel()[:n]
    return found
