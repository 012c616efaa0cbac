"""`CommonShock`: deals that do well or badly together."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Self

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Floats, as_floats
from keyaccount._validators import field_name, is_finite, point_tuple
from keyaccount._view import Spec
from keyaccount.errors import SpecError

_PAIR = 2
_NEAR_1 = 1e-9
_HALVINGS = 110
"""Enough to bring any bracket of log odds down to neighbouring floats."""


def _regimes(instance: Any, attribute: Any, value: Any) -> None:
    pairs = isinstance(value, tuple) and all(
        isinstance(v, tuple) and len(v) == _PAIR for v in value
    )
    good = pairs and value and all(is_finite(x) and x > 0.0 for pair in value for x in pair)
    if not good or abs(math.fsum(w for w, _ in value) - 1.0) > _NEAR_1:
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be pairs of weight and odds, all above 0, with weights that sum to 1",
            value,
            "for a good and a bad half of the time: ((0.5, 2), (0.5, 0.5)).",
        )


@attrs.frozen
class CommonShock(Spec):
    """Regimes that move the chances of all deals of an account, or of a period, together.

    One regime holds for all deals of a group, and each group draws its own. Within a regime the
    deals are independent. A regime multiplies the odds ``p/(1-p)`` of every deal, from a level
    chosen for each deal so that the mean over the regimes stays the deal's stated probability:
    a shock widens the spread of the sum and leaves its expectation.

    Parameters
    ----------
    regimes
        Pairs of weight and odds. Weights sum to 1. Odds are relative to each other: 2 and 0.5 say
        the same as 4 and 1. No figures are given by default: they are the user's own.

    Raises
    ------
    SpecError
        A weight or the odds are not above 0, or the weights do not sum to 1.

    See Also
    --------
    from_rates : Build it from win rates seen in each regime.

    Notes
    -----
    Odds are chosen over multipliers of the probability (a choice of this library): they never lead
    out of [0, 1], for no deal.

    Examples
    --------
    >>> import keyaccount as ka
    >>> shock = ka.CommonShock(((0.5, 7 / 3), (0.5, 3 / 7)))
    >>> shock.conditional([0.5, 0.9]).round(3)
    array([[0.7  , 0.965],
           [0.3  , 0.835]])
    """

    regimes: tuple[tuple[float, float], ...] = attrs.field(
        converter=point_tuple, validator=_regimes
    )

    @classmethod
    def from_rates(cls, rates: Iterable[tuple[float, float]]) -> Self:
        """Build it from pairs of a regime's weight and the win rate seen in it.

        A deal whose probability is the mean of the rates then has exactly these rates.

        Parameters
        ----------
        rates
            Pairs of weight and win rate, the rate above 0 and below 1.

        Raises
        ------
        SpecError
            A rate is not inside (0, 1), or the weights are not those of a `CommonShock`.

        Examples
        --------
        >>> import keyaccount as ka
        >>> ka.CommonShock.from_rates([(0.5, 0.75), (0.5, 0.5)])
        CommonShock(regimes=((0.5, 3.0), (0.5, 1.0)))
        """
        pairs: Any = point_tuple(rates)
        if not isinstance(pairs, tuple) or not all(map(_is_rate, pairs)):
            raise SpecError.from_field(
                "CommonShock.from_rates(rates)",
                "must be pairs of weight and a win rate inside (0, 1)",
                rates,
                "for a good and a bad half of the time: [(0.5, 0.4), (0.5, 0.2)].",
            )
        return cls(tuple((weight, rate / (1.0 - rate)) for weight, rate in pairs))

    @property
    def weights(self) -> tuple[float, ...]:
        """The weight of each regime, in declared order, with what rounding left of 1 shared out."""
        total = math.fsum(weight for weight, _ in self.regimes)
        return tuple(weight / total for weight, _ in self.regimes)

    def conditional(self, probabilities: Any) -> NDArray[np.float64]:
        """Give the probability of each deal in each regime.

        Parameters
        ----------
        probabilities
            ``(n,)`` stated probabilities in [0, 1].

        Returns
        -------
        ndarray
            ``(regimes, n)``, whose mean under the weights is the stated probability, to rounding.
            0 and 1 stay what they are.

        Examples
        --------
        >>> import keyaccount as ka
        >>> ka.CommonShock.from_rates([(0.5, 0.7), (0.5, 0.3)]).conditional([0.5]).round(12)
        array([[0.7],
               [0.3]])
        """
        stated = as_floats(probabilities, "probabilities")
        # Solved once per distinct probability: equal deals are equal to the last bit.
        distinct, place = np.unique(stated, return_inverse=True)
        found: NDArray[np.float64] = self._solved(distinct)[:, place]
        return found

    def _solved(self, p: Floats) -> NDArray[np.float64]:
        """Halve the bracket of the common log odds until the mean over the regimes is `p`."""
        shifts = [math.log(odds) for _, odds in self.regimes]
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            level = np.log(p) - np.log1p(-p)
            low, high = level - max(shifts), level - min(shifts)
            for _ in range(_HALVINGS):
                middle = 0.5 * (low + high)
                below = self._mean(middle, shifts) < p
                low, high = np.where(below, middle, low), np.where(below, high, middle)
            found = np.stack([1.0 / (1.0 + np.exp(-(high + shift))) for shift in shifts])
        return np.where((p > 0.0) & (p < 1.0), found, p)

    def _mean(self, level: Floats, shifts: list[float]) -> Floats:
        mean = np.zeros(len(level))
        for weight, shift in zip(self.weights, shifts, strict=True):
            mean += weight / (1.0 + np.exp(-(level + shift)))
        return mean


def _is_rate(pair: Any) -> bool:
    """Say whether this is a pair of a weight and a rate inside (0, 1)."""
    return (
        isinstance(pair, tuple)
        and len(pair) == _PAIR
        and is_finite(pair[0])
        and is_finite(pair[1])
        and 0.0 < pair[1] < 1.0
    )
