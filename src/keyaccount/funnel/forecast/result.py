"""`Forecast`: what is won and what is weighted, by group and by category."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Floats, Objects
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding
from keyaccount.funnel.forecast.deals import ForecastDeals

__all__ = ["Forecast", "ForecastSums"]


@attrs.frozen(eq=False, kw_only=True)
class ForecastSums:
    """The sums of each group of deals. What is missing adds nothing, and is counted.

    Parameters
    ----------
    open, won, lost
        ``(n,)`` int64: how many deals of the group are open, won and lost.
    amount
        ``(n,)`` the amounts of its open deals.
    weighted
        ``(n,)`` their amounts times their chances of winning, each product to the cent.
    won_amount
        ``(n,)`` the amounts of its won deals.
    projected
        ``(n,)`` what is won and what is weighted together.
    categories
        The amounts of each category, ``"closed"`` (won) first, each deal in one of them; last
        ``"omitted"``, open deals left out by hand, and ``"uncategorised"``, open deals of which
        nobody can say.
    up_to
        The amounts of each category together with all surer ones, as ``"best_case"``: closed,
        commit and best case.
    no_amount
        ``(n,)`` int64: open and won deals without an amount.
    no_probability
        ``(n,)`` int64: open deals without a chance of winning.
    overdue
        ``(n,)`` int64: open deals that should have closed by now; None where no day was given.

    Notes
    -----
    No sum is NaN: where nothing is known of the deals of a group, its sums are 0, and `no_amount`
    and `no_probability` say why. So groups add up to the total.

    Examples
    --------
    >>> import keyaccount as ka
    >>> deals = {"owner": ["li", "wu"], "amount": [120.0, 50.0], "probability": [0.75, 0.5]}
    >>> sums = ka.forecast(deals, by="owner", outcome=None).sums
    >>> sums.amount, sums.weighted
    (array([120.,  50.]), array([90., 25.]))
    """

    open: Codes
    won: Codes
    lost: Codes
    amount: Floats
    weighted: Floats
    won_amount: Floats
    projected: Floats
    categories: Mapping[str, Floats]
    up_to: Mapping[str, Floats]
    no_amount: Codes
    no_probability: Codes
    overdue: Codes | None

    def __len__(self) -> int:
        return len(self.open)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the sums as columns, for any DataFrame constructor."""
        late: dict[str, Any] = {} if self.overdue is None else {"overdue": self.overdue}
        return {
            "open": self.open,
            "amount": self.amount,
            "weighted": self.weighted,
            "won": self.won,
            "won_amount": self.won_amount,
            "projected": self.projected,
            **self.categories,
            **{f"up_to_{code}": sums for code, sums in self.up_to.items()},
            "lost": self.lost,
            "no_amount": self.no_amount,
            "no_probability": self.no_probability,
            **late,
        }


@attrs.frozen(eq=False)
class Forecast(Viewed):
    """A forecast: one row per group of deals.

    Parameters
    ----------
    keys
        What the groups are by, as columns of labels; none where all deals are one group.
    sums
        The sums of each group.
    total
        The same of all deals.
    deals
        What each deal adds, aligned with the input by position.
    findings
        What a reader should know of the data.

    Examples
    --------
    >>> import keyaccount as ka
    >>> deals = {
    ...     "stage": ["confirm", "close", "close"],
    ...     "outcome": ["open", "open", "won"],
    ...     "amount": [100.0, 80.0, 50.0],
    ...     "probability": [0.25, 0.9, 1.0],
    ... }
    >>> found = ka.forecast(deals, by="stage")
    >>> found.keys["stage"].tolist(), found.weighted.tolist(), found.won_amount.tolist()
    (['close', 'confirm'], [72.0, 25.0], [50.0, 0.0])
    >>> found.total["projected"]
    147.0
    """

    keys: Mapping[str, Objects]
    sums: ForecastSums
    total: Record
    deals: ForecastDeals
    findings: tuple[Finding, ...]

    def __len__(self) -> int:
        return len(self.sums)

    @property
    def amount(self) -> Floats:
        """``(n,)`` the amounts of open deals."""
        return self.sums.amount

    @property
    def weighted(self) -> Floats:
        """``(n,)`` the weighted amounts of open deals."""
        return self.sums.weighted

    @property
    def won_amount(self) -> Floats:
        """``(n,)`` the amounts of won deals."""
        return self.sums.won_amount

    @property
    def projected(self) -> Floats:
        """``(n,)`` what is won and what is weighted together."""
        return self.sums.projected

    @property
    def categories(self) -> Mapping[str, Floats]:
        """The amounts of each category, each deal in one of them."""
        return self.sums.categories

    @property
    def up_to(self) -> Mapping[str, Floats]:
        """The amounts of each category together with all surer ones."""
        return self.sums.up_to

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the groups as columns, for any DataFrame constructor."""
        return {**self.keys, **self.sums.columns()}

    def row(self, i: int) -> Record:
        """Return one group as a record."""
        i = checked_row(i, len(self))
        return record_of(self.columns(), i)

    def _view(self) -> View:
        won, projected = self.total["won_amount"], self.total["projected"]
        title = f"Forecast: {projected:,.2f}, of it won {won:,.2f}"
        return View(title, self.columns(), len(self))


def record_of(columns: Mapping[str, Any], i: int) -> Record:
    """Make a record of one row, of plain Python values."""
    cells = {name: column[i] for name, column in columns.items()}
    return Record({n: c.item() if isinstance(c, np.generic) else c for n, c in cells.items()})
