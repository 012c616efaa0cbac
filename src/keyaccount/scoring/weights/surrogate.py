"""Weights for those who know the order of the criteria, or not even that."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from keyaccount.errors import WeightsError
from keyaccount.scoring.weights.weights import Weights

_NAMES = "names"


def _names(names: Any) -> tuple[str, ...]:
    """Read names, and refuse one text, whose letters would each become a name."""
    if isinstance(names, str | bytes) or not hasattr(names, "__iter__"):
        raise WeightsError.from_field(
            _NAMES, "must be a sequence of names", names, 'give a tuple, such as ("sales",).'
        )
    return tuple(names)


def _weighted(names: Sequence[str], amounts: Iterable[float]) -> Weights:
    return Weights(zip(names, amounts, strict=True))


def equal_weights(names: Iterable[str]) -> Weights:
    """Give every criterion the same weight.

    Parameters
    ----------
    names
        The criteria, in any order.

    Returns
    -------
    Weights
        One over the number of names for each.

    Raises
    ------
    WeightsError
        If there is no name, or one is blank or occurs twice.

    Notes
    -----
    Equal weights often do nearly as well as weights fitted to data, and are hard to argue with
    [1]_.

    References
    ----------
    .. [1] Dawes, R. M. (1979). The robust beauty of improper linear models in decision making.
       *American Psychologist* 34(7), 571-582.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.equal_weights(("sales", "potential"))
    Weights({'sales': 0.5, 'potential': 0.5})
    """
    known = _names(names)
    return _weighted(known, [1.0 / len(known) for _ in known])


def rank_order_centroid_weights(names: Iterable[str]) -> Weights:
    """Weigh criteria of which only the order is known, by the centroid of all fitting weights.

    Parameters
    ----------
    names
        The criteria, the most important first.

    Returns
    -------
    Weights
        For rank k of n: the sum of 1/i for i from k to n, over n.

    Raises
    ------
    WeightsError
        If there is no name, or one is blank or occurs twice.

    Notes
    -----
    The mean of all weights that agree with the order, none of them preferred [1]_. Steeper than
    `rank_sum_weights`.

    References
    ----------
    .. [1] Barron, F. H. (1992). Selecting a best multiattribute alternative with partial
       information about attribute weights. *Acta Psychologica* 80(1-3), 91-103.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.rank_order_centroid_weights(("sales", "potential"))
    Weights({'sales': 0.75, 'potential': 0.25})
    """
    known = _names(names)
    n = len(known)
    return _weighted(known, [_tail(k, n) / n for k in range(1, n + 1)])


def _tail(k: int, n: int) -> float:
    """Sum 1/i for i from k to n."""
    return math.fsum(1.0 / i for i in range(k, n + 1))


def rank_sum_weights(names: Iterable[str]) -> Weights:
    """Weigh criteria of which only the order is known, falling by equal steps.

    Parameters
    ----------
    names
        The criteria, the most important first.

    Returns
    -------
    Weights
        For rank k of n: proportional to n + 1 - k.

    Raises
    ------
    WeightsError
        If there is no name, or one is blank or occurs twice.

    Notes
    -----
    The flattest of the three rank-based formulas [1]_.

    References
    ----------
    .. [1] Stillwell, W. G., Seaver, D. A., & Edwards, W. (1981). A comparison of weight
       approximation techniques in multiattribute utility decision making. *Organizational Behavior
       and Human Performance* 28(1), 62-77.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.rank_sum_weights(("sales", "potential", "showcase", "win_and_deliver"))
    Weights({'sales': 0.4, 'potential': 0.3, 'showcase': 0.2, 'win_and_deliver': 0.1})
    """
    known = _names(names)
    n = len(known)
    return _weighted(known, [2.0 * (n + 1 - k) / (n * (n + 1)) for k in range(1, n + 1)])


def rank_reciprocal_weights(names: Iterable[str]) -> Weights:
    """Weigh criteria of which only the order is known, by one over the rank.

    Parameters
    ----------
    names
        The criteria, the most important first.

    Returns
    -------
    Weights
        For rank k: proportional to 1/k.

    Raises
    ------
    WeightsError
        If there is no name, or one is blank or occurs twice.

    References
    ----------
    .. [1] Stillwell, W. G., Seaver, D. A., & Edwards, W. (1981). A comparison of weight
       approximation techniques in multiattribute utility decision making. *Organizational Behavior
       and Human Performance* 28(1), 62-77.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.rank_reciprocal_weights(("sales", "potential", "showcase", "win_and_deliver"))
    Weights({'sales': 0.48, 'potential': 0.24, 'showcase': 0.16, 'win_and_deliver': 0.12})
    """
    known = _names(names)
    n = len(known)
    return _weighted(known, [1.0 / (k * _tail(1, n)) for k in range(1, n + 1)])
