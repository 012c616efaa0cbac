"""`Lorenz`: the share of value that the smallest customers bring, point by point."""

from __future__ import annotations

import attrs
import numpy as np

from keyaccount._columns import Floats
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.segments.concentration.ranked import Ranked


@attrs.frozen(eq=False)
class Lorenz(Viewed):
    """The Lorenz curve: from the smallest customer up, the share of customers and of value.

    Parameters
    ----------
    customers
        ``(n + 1,)`` float64: the share of customers, from 0 to 1.
    value
        ``(n + 1,)`` float64: the share of value that they bring, from 0 to 1. NaN throughout where
        there is no value. Rounded once where all values are whole cents.

    Notes
    -----
    Lorenz, M. O. (1905), Methods of measuring the concentration of wealth, Publications of the
    American Statistical Association 9. Between two points the curve is the straight line.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Concentration.of([4, 1, 3, 2]).lorenz.value
    array([0. , 0.1, 0.3, 0.6, 1. ])
    """

    customers: Floats
    value: Floats

    def __len__(self) -> int:
        return len(self.customers)

    def columns(self) -> dict[str, Floats]:
        """Return the points as columns, for any DataFrame constructor."""
        return {"customers": self.customers, "value": self.value}

    def _view(self) -> View:
        return View(f"Lorenz curve of {len(self):,} points", self.columns(), len(self))

    def row(self, i: int) -> Record:
        """Return one point as a record."""
        i = checked_row(i, len(self))
        return Record({name: float(column[i]) for name, column in self.columns().items()})


def lorenz_of(source: Ranked) -> Lorenz:
    """Draw the curve; where nobody brings anything, only the shares of customers are known."""
    n = len(source.sums)
    if not source.sums.total:
        return Lorenz(np.arange(n + 1) / max(n, 1), np.full(n + 1, np.nan))
    value = np.concatenate([[0.0], source.sums.shares_from_the_bottom()])
    return Lorenz(np.arange(n + 1) / n, value)
