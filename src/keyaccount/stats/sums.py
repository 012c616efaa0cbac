"""Exact sums, means and extremes per group: the same to the last bit in any order of the rows.

Float addition rounds at every step, so a plain sum depends on the order of its rows. Money is
summed in whole cents, which float64 adds without rounding below 2⁵³; everything else is rounded
once, at the end (Shewchuk's algorithm, ``math.fsum``). Each group chooses its way from its own
values alone, so that no group's sum depends on another group.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from keyaccount._columns import Bools, Codes, Floats
from keyaccount.errors import KeyAccountError
from keyaccount.stats._whole import rounded_sum

__all__ = [
    "exact_sum",
    "group_counts",
    "group_max",
    "group_means",
    "group_min",
    "group_sums",
    "refuse_overflow",
]

_MINOR_UNITS = 100.0
_EXACT_BELOW = 2.0**53
_LARGEST = 2.0**1000
"""No sum may come near the end of float64: there one order of adding overflows, another not."""


def exact_sum(values: ArrayLike) -> float:
    """Add the known values and round once, at the end.

    Parameters
    ----------
    values
        Numbers; NaN and ±inf are missing and left out.

    Returns
    -------
    float
        The exactly rounded sum of the binary values; NaN where nothing is known.

    Notes
    -----
    Shewchuk, J. R. (1997), Adaptive precision floating-point arithmetic, Discrete & Computational
    Geometry 18, as ``math.fsum``.

    Examples
    --------
    >>> from keyaccount.stats.sums import exact_sum
    >>> exact_sum([1e16, 1.0, -1e16])
    1.0
    """
    array = np.asarray(values, dtype=np.float64)
    known = array[np.isfinite(array)]
    _refuse_overflow(known)
    return rounded_sum(known) + 0.0 if len(known) else math.nan


def group_sums(values: Floats, codes: Codes, n_groups: int) -> Floats:
    """Add the known values of each group, independently of the order of the rows.

    Parameters
    ----------
    values
        One number per row; NaN and ±inf are missing and left out.
    codes
        The group of each row, from 0; rows of code -1 are left out.
    n_groups
        How many groups there are.

    Returns
    -------
    ndarray
        One sum per group; NaN where a group has no known value. A group whose values are all whole
        cents is added as money (0.1 + 0.2 is 0.3); any other sum is exactly rounded.

    Examples
    --------
    >>> import numpy as np
    >>> from keyaccount.stats.sums import group_sums
    >>> group_sums(np.array([0.1, 0.2, np.nan]), np.array([0, 0, 1]), 2)
    array([0.3, nan])
    """
    taken = np.isfinite(values) & (codes >= 0)
    known, group = values[taken], codes[taken]
    _refuse_overflow(known)
    cents = np.rint(known * _MINOR_UNITS)
    other = group_counts(group, n_groups, cents / _MINOR_UNITS != known) > 0
    # A running total of magnitudes reaches 2⁵³ in one order exactly if it does in every order.
    other |= np.bincount(group, np.abs(cents), n_groups) >= _EXACT_BELOW
    sums: Floats = np.bincount(group, cents, n_groups) / _MINOR_UNITS
    if other.any():
        rows = other[group]
        sums[other] = _rounded_once(known[rows], group[rows], n_groups)[other]
    sums[group_counts(group, n_groups) == 0] = np.nan
    return sums + 0.0


def group_counts(codes: Codes, n_groups: int, where: Bools | None = None) -> Codes:
    """Count the rows of each group, or those of them that `where` marks.

    Examples
    --------
    >>> import numpy as np
    >>> from keyaccount.stats.sums import group_counts
    >>> group_counts(np.array([0, 0, 1, -1]), 3)
    array([2, 1, 0])
    """
    taken = codes >= 0 if where is None else where & (codes >= 0)
    return np.bincount(codes[taken], minlength=n_groups).astype(np.int64, copy=False)


def group_max(values: Floats, codes: Codes, n_groups: int) -> Floats:
    """Return the largest known value of each group, NaN where there is none.

    Examples
    --------
    >>> import numpy as np
    >>> from keyaccount.stats.sums import group_max
    >>> group_max(np.array([1.0, 3.0, np.nan]), np.array([0, 0, 1]), 2)
    array([ 3., nan])
    """
    taken = np.isfinite(values) & (codes >= 0)
    largest = np.full(n_groups, -np.inf)
    np.maximum.at(largest, codes[taken], values[taken])
    largest[largest == -np.inf] = np.nan
    return largest + 0.0  # −0.0 and 0.0 are equal, so which of them is met depends on the order


def group_min(values: Floats, codes: Codes, n_groups: int) -> Floats:
    """Return the smallest known value of each group, NaN where there is none.

    Examples
    --------
    >>> import numpy as np
    >>> from keyaccount.stats.sums import group_min
    >>> group_min(np.array([1.0, 3.0, np.nan]), np.array([0, 0, 1]), 2)
    array([ 1., nan])
    """
    return -group_max(-values, codes, n_groups) + 0.0


def group_means(
    values: Floats, codes: Codes, n_groups: int, weights: Floats | None = None
) -> Floats:
    """Average the known values of each group, independently of the order of the rows.

    Parameters
    ----------
    values, codes, n_groups
        As in `group_sums`.
    weights
        One number of at least 0 per row; a row counts where both value and weight are known.

    Returns
    -------
    ndarray
        One mean per group, never outside the values it averages; NaN where nothing is known, or
        where all weights are 0.

    Examples
    --------
    >>> import numpy as np
    >>> from keyaccount.stats.sums import group_means
    >>> group_means(np.array([1.0, 4.0]), np.array([0, 0]), 1, weights=np.array([2.0, 1.0]))
    array([2.])
    """
    taken = np.isfinite(values) if weights is None else np.isfinite(values) & np.isfinite(weights)
    known = np.where(taken, values, np.nan)
    weight = np.where(taken, 1.0 if weights is None else weights, np.nan)
    total = group_sums(weight, codes, n_groups)
    total[total == 0.0] = np.nan
    means = group_sums(_products(known, weight), codes, n_groups) / total
    # Rounding may push the mean of equal values off them by a bit: keep it between its values.
    low, high = group_min(known, codes, n_groups), group_max(known, codes, n_groups)
    clipped: Floats = np.minimum(np.maximum(means, low), high)
    return clipped


def _products(values: Floats, weights: Floats) -> Floats:
    with np.errstate(over="ignore"):
        products: Floats = values * weights
    _refuse_overflow(products[~np.isnan(products)])
    return products


def _rounded_once(values: Floats, codes: Codes, n_groups: int) -> Floats:
    """Round each group's sum once; one addition rounds once anyway, so only longer ones loop."""
    sums: Floats = np.bincount(codes, values, n_groups).astype(np.float64, copy=False)
    sizes = np.bincount(codes, minlength=n_groups)
    ends = np.cumsum(sizes)
    in_order = values[np.argsort(codes, kind="stable")].tolist()
    for g in np.flatnonzero(sizes > 2).tolist():  # noqa: PLR2004 - two numbers: one addition
        sums[g] = math.fsum(in_order[ends[g] - sizes[g] : ends[g]])
    return sums


def _refuse_overflow(known: Floats) -> None:
    refuse_overflow(float(np.abs(known).max(initial=0.0)), len(known))


def refuse_overflow(largest: float, count: int) -> None:
    """Refuse to add up so many values, the largest of which lies so far from 0."""
    if largest >= _LARGEST / max(count, 1):
        fact = f"a sum of {count} values up to {largest!r} may not fit a float64"
        raise KeyAccountError(
            fact,
            "write the amounts in a larger unit, or look for a wrong entry among them.",
            largest=largest,
            count=count,
        )
