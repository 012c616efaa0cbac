"""`ForecastDeals`: what each deal adds to a forecast, and why."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Days, Floats, Objects
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.funnel.rules import OPEN, OUTCOMES

__all__ = ["ForecastDeals"]


@attrs.frozen(eq=False)
class ForecastDeals(Viewed):
    """What each deal adds to a forecast, aligned with the input by position.

    Parameters
    ----------
    deal
        ``(n,)`` ids; None where no column of ids was named.
    state
        ``(n,)`` int64: 0 open, 1 won, 2 lost.
    amount
        ``(n,)`` float64; NaN where missing.
    probability
        ``(n,)`` chance of winning; 1 for won and 0 for lost deals, NaN where nobody stated it.
    weighted
        ``(n,)`` amount times probability, to the cent; NaN where either is missing.
    category
        ``(n,)`` code of the category; None for an open deal that has none.
    stated
        ``(n,)`` whether the category is the one that somebody stated.
    expected
        ``(n,)`` when each deal is expected to close; None where that was not read.
    overdue
        ``(n,)`` whether an open deal should have closed by now; None where no day was given.

    Examples
    --------
    >>> import keyaccount as ka
    >>> open_deals = {"amount": [100.0, 80.0], "probability": [0.75, None]}
    >>> print(ka.forecast(open_deals, outcome=None).deals.row(0))
    outcome      open
    amount       100
    probability  0.75
    weighted     75
    category     best_case
    why          open, won with a chance of 0.75
    """

    deal: Objects | None
    state: Codes
    amount: Floats
    probability: Floats
    weighted: Floats
    category: Objects
    stated: Bools
    expected: Days | None
    overdue: Bools | None

    def __len__(self) -> int:
        return len(self.state)

    @property
    def outcome(self) -> Objects:
        """``(n,)`` open, won or lost."""
        found: Objects = np.array(OUTCOMES, dtype=object)[self.state]
        return found

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return everything as columns, for any DataFrame constructor."""
        return {
            **({} if self.deal is None else {"deal": self.deal}),
            "outcome": self.outcome,
            "amount": self.amount,
            "probability": self.probability,
            "weighted": self.weighted,
            "category": self.category,
            **({} if self.expected is None else {"expected": self.expected}),
            **({} if self.overdue is None else {"overdue": self.overdue}),
        }

    def row(self, i: int) -> Record:
        """Return one deal as a record, with why it counts as it does."""
        i = checked_row(i, len(self))
        cells = {name: column[i] for name, column in self.columns().items()}
        plain = {n: c.item() if isinstance(c, np.generic) else c for n, c in cells.items()}
        return Record({**plain, "why": self._why(i)})

    def _why(self, i: int) -> str:
        outcome = OUTCOMES[self.state[i]]
        if self.state[i] != OPEN:
            return outcome
        chance = self.probability[i]
        known = not np.isnan(chance)
        said = f"won with a chance of {chance:g}" if known else "no chance of winning stated"
        parts = [outcome, said]
        parts += ["category as stated"] if self.stated[i] else []
        parts += ["amount unknown"] if np.isnan(self.amount[i]) else []
        if self.overdue is not None and self.expected is not None and self.overdue[i]:
            parts.append(f"should have closed on {self.expected[i]}")
        return ", ".join(parts)

    def _view(self) -> View:
        return View(f"{len(self):,} deals of a forecast", self.columns(), len(self))
