"""Roots that never turn: a larger number never has a smaller root, not by one bit.

``np.power`` may be off by a bit, and by another one on another processor. The root found here is
the smallest float whose power, multiplied out, reaches the number: that can be checked with
multiplications alone, which every processor rounds alike.
"""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Floats

__all__ = ["nth_root"]

_TINY = 2.0**-1000
"""Below this, powers lose their digits: the root is taken to be 0."""


def nth_root(x: Floats, n: int) -> Floats:
    """Give the `n`-th root of numbers in [0, 1].

    Parameters
    ----------
    x
        ``(m,)`` float64 in [0, 1], without missing values.
    n
        Which root, at least 1.

    Returns
    -------
    ndarray
        The smallest floats whose `n`-th power, multiplied out from the left, reaches `x`.

    Examples
    --------
    >>> import numpy as np
    >>> from keyaccount.stats.roots import nth_root
    >>> nth_root(np.array([0.0, 0.125, 1.0]), 3)
    array([0. , 0.5, 1. ])
    """
    if n == 1:
        return x.copy()
    root = np.where(x < _TINY, 0.0, np.power(x, 1.0 / n))
    short = (x >= _TINY) & (_power(root, n) < x)
    while short.any():
        root[short] = np.nextafter(root[short], np.inf)
        short[short] = _power(root[short], n) < x[short]
    below = np.nextafter(root, 0.0)
    ample = (x >= _TINY) & (_power(below, n) >= x)
    while ample.any():
        root[ample] = below[ample]
        below[ample] = np.nextafter(root[ample], 0.0)
        ample[ample] = _power(below[ample], n) >= x[ample]
    return root


def _power(x: Floats, n: int) -> Floats:
    found = x.copy()
    for _ in range(n - 1):
        found *= x
    return found
