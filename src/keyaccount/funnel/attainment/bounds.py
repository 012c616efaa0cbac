"""What a law of a sum says: the whole distribution, and quantiles, each between bounds."""

from __future__ import annotations

from typing import Any

import attrs
from numpy.typing import NDArray

from keyaccount._columns import Floats
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed


@attrs.frozen(eq=False)
class SumDistribution(Viewed):
    """The probability that the sum is at least each of its amounts, in ascending order.

    Parameters
    ----------
    amount
        ``(m,)`` float64: every sum that has a probability of its own where the result is exact,
        the points of a lattice where it is not.
    probability
        ``(m,)`` float64: P(sum >= amount).
    low, high
        ``(m,)`` float64: what it lies between; both equal it where it is exact.
    exact
        Whether it is.

    Examples
    --------
    >>> import keyaccount as ka
    >>> whole = ka.attainment([100, 200], [0.5, 0.5], 200).distribution()
    >>> whole.amount, whole.probability
    (array([  0., 100., 200., 300.]), array([1.  , 0.75, 0.5 , 0.25]))
    """

    amount: Floats
    probability: Floats
    low: Floats
    high: Floats
    exact: bool

    def __len__(self) -> int:
        return len(self.amount)

    def _view(self) -> View:
        return View(f"SumDistribution of {len(self):,} sums", self.columns(), len(self))

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the distribution as columns, for any DataFrame constructor."""
        return {
            "amount": self.amount,
            "probability": self.probability,
            "low": self.low,
            "high": self.high,
        }

    def row(self, i: int) -> Record:
        """Return one amount with the probability of reaching it."""
        i = checked_row(i, len(self))
        return Record({name: column[i].item() for name, column in self.columns().items()})


@attrs.frozen
class SumQuantile:
    """The smallest amount that the sum does not exceed with a stated probability.

    Parameters
    ----------
    share
        The probability that the sum stays at or below it.
    low, high
        What the amount lies between; equal where it is exact.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.attainment([100, 200], [0.5, 0.5], 200).quantile(0.7)
    SumQuantile(share=0.7, low=200.0, high=200.0)
    """

    share: float
    low: float
    high: float

    @property
    def exact(self) -> bool:
        """Whether the bounds meet."""
        return self.low == self.high
