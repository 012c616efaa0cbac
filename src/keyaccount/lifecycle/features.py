"""`LifecycleFeatures`: rhythm, spend per period and trend of each customer by a day."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Days, Floats, Objects
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.errors import ColumnNotFoundError
from keyaccount.findings import Finding, counted
from keyaccount.ledger.gaps import Gaps, gaps_of
from keyaccount.ledger.orders import Orders
from keyaccount.ledger.purchases import Purchases
from keyaccount.ledger.summary import PurchaseSummary
from keyaccount.ledger.views import days_between, fixed, plain_cell
from keyaccount.lifecycle.steps import level_steps
from keyaccount.lifecycle.trend import Trends, median_rows, theil_sen
from keyaccount.lifecycle.window import Window

__all__ = ["LifecycleFeatures", "Told"]

_SHOWN = 5
_COLUMNS = (
    "id",
    "first",
    "last",
    "count",
    "total",
    "order_days",
    "days_since",
    "tenure_days",
    "gaps",
    "gap_median",
    "gap_high",
    "covered_periods",
    "typical_spend",
    "slope",
    "slope_low",
    "slope_high",
    "step",
    "contract_end",
    "days_to_end",
)


@attrs.frozen(eq=False)
class Told:
    """What a log says of customers themselves, one entry per customer."""

    contract_end: Days
    group: Objects
    torn: Codes
    """The customers that are in more than one group."""
    group_name: str = "group"
    """How the log calls the groups."""


class LifecycleFeatures(Viewed):
    """Rhythm, spend per period and trend of each customer by a day: one entry per customer.

    It is a container of columns itself: `LifecycleModel.classify` takes it as it is.

    Attributes
    ----------
    id, first, last, count, total
        As in `purchase_summary`: refunds lower the total and are no orders.
    order_days
        ``int64``: distinct days with an order.
    days_since, tenure_days
        ``float64``: days from the last and from the first order to `as_of`; NaN where there are
        refunds only.
    gaps
        ``int64``: gaps between one order day and the next.
    gap_median, gap_high
        ``float64``: the middle gap and a high quantile of the gaps, in days; the longest one where
        there are too few for that quantile; NaN where there is none.
    spend
        ``(n, periods)`` float64: money of each period of the window less refunds, the oldest first;
        0 where nothing was ordered. As columns: ``spend_1`` (the oldest) and so on.
    covered_periods
        ``int64``: periods of the window wholly after the one of the first order: these make the
        trend.
    typical_spend
        ``float64``: the median spend of the covered periods; their mean where the median is not
        above 0; NaN where that is not either.
    slope, slope_low, slope_high
        ``float64``: robust slope of spend per period as a share of the typical spend, and the ends
        of its interval; NaN where fewer than 2 periods are covered (for an interval at 90 %, 4).
    step
        ``float64``: where every covered period of the later half is above every one of the earlier
        half, or all are below: the change of the median from one half to the other, per period and
        as a share of the typical spend; else NaN. For halves so long that chance, with the interval
        of the slope, does no such thing more often than `level` allows: 7 periods at 90 %.
    contract_end
        ``datetime64[D]``: the latest end of a contract told in the log; NaT where there is none.
    days_to_end
        ``float64``: days from `as_of` to that end, below 0 when it is past; NaN where there is
        none.
    group
        Objects: the group of the customer; None where none or more than one is told. As a column
        it has the name that it has in the log, and answers to ``"group"`` as well.
    summary
        The `PurchaseSummary` of the same log, with what became of each row.
    findings
        What a reader should know of the log.

    Notes
    -----
    The others but the first five are computed from the caller's own columns when they are first
    asked for: a buffer that is to be filled anew must be copied before.

    Examples
    --------
    >>> import keyaccount as ka
    >>> days = ["2024-12-20", "2025-02-10", "2025-05-05", "2025-08-01", "2025-11-20"]
    >>> log = {"who": ["A"] * 5, "day": days, "paid": [50.0, 100.0, 130.0, 160.0, 190.0]}
    >>> features = ka.lifecycle_features(
    ...     log, customer="who", at="day", amount="paid", as_of="2025-12-31", periods=4
    ... )
    >>> features.spend, features.covered_periods
    (array([[100., 130., 160., 190.]]), array([4]))
    >>> features["slope"].round(3), features["gap_high"]
    (array([0.207]), array([111.]))
    """

    def __init__(
        self, orders: Orders, slots: Codes, summary: PurchaseSummary, window: Window, told: Told
    ) -> None:
        self._orders: Orders = orders
        self._slots: Codes = slots
        self._told: Told = told
        self.summary: PurchaseSummary = summary
        self.window: Window = window
        self.id: Objects = summary.id
        self.first: Days = summary.first
        self.last: Days = summary.last
        self.count: Codes = summary.count
        self.total: Floats = summary.total

    def __len__(self) -> int:
        return len(self.id)

    def __repr__(self) -> str:
        return f"<LifecycleFeatures of {len(self)} customers by {self.as_of}>"

    def _view(self) -> View:
        title = f"Lifecycle features of {len(self):,} customers by {self.as_of}"
        return View(title, self.columns(), len(self))

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Give one column by its name.

        Raises
        ------
        ColumnNotFoundError
            There is no such column.
        """
        if name not in (*self.column_names, "group"):
            raise ColumnNotFoundError.from_name(str(name), self.column_names)
        if name == self._group_name:
            return self.group
        if name.startswith("spend_"):
            column: NDArray[Any] = self.spend[:, int(name.removeprefix("spend_")) - 1]
            return column
        found: NDArray[Any] = getattr(self, name)
        return found

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return (*_COLUMNS, self._group_name, *self._spend_names)

    @property
    def as_of(self) -> np.datetime64:
        """The last day that counts."""
        return self.window.as_of

    @property
    def days_since(self) -> Floats:
        """Days from the last order to `as_of`; NaN where there are refunds only."""
        return self.summary.days_since

    @cached_property
    def tenure_days(self) -> Floats:
        """Days from the first order to `as_of`; NaN where there are refunds only."""
        return fixed(days_between(self.first, self.as_of))

    @cached_property
    def order_days(self) -> Codes:
        """Distinct days with an order."""
        return fixed(self.gaps + (self.count > 0))

    @cached_property
    def gaps(self) -> Codes:
        """Gaps between one order day and the next."""
        return fixed(self._gaps.counts[self._slots])

    @cached_property
    def gap_median(self) -> Floats:
        """The middle gap in days; NaN where there is none."""
        return fixed(self._gaps.quantile(0.5)[self._slots])

    @cached_property
    def gap_high(self) -> Floats:
        """A high quantile of the gaps in days; NaN where there is none."""
        return fixed(self._gaps.quantile(self.window.gap_quantile)[self._slots])

    @cached_property
    def spend(self) -> Floats:
        """Money of each period of the window, the oldest first."""
        return fixed(self.window.spend(self._orders, self._slots))

    @cached_property
    def covered_periods(self) -> Codes:
        """Periods of the window wholly after the one of the first order."""
        return fixed(self.window.covered(self.first))

    @cached_property
    def typical_spend(self) -> Floats:
        """The median spend of the covered periods, or their mean."""
        covered = self.covered_periods
        middle = median_rows(self.spend, covered)
        mean = _means(self.spend, covered)
        typical = np.where(middle > 0.0, middle, mean)
        return fixed(np.where(typical > 0.0, typical, np.nan))

    @property
    def slope(self) -> Floats:
        """Robust slope of spend per period, as a share of the typical spend."""
        return self._trends.slope

    @property
    def slope_low(self) -> Floats:
        """The lower end of its interval."""
        return self._trends.low

    @property
    def slope_high(self) -> Floats:
        """The upper end of its interval."""
        return self._trends.high

    @cached_property
    def step(self) -> Floats:
        """The change of level per period, as a share of the typical spend; NaN where halves mix."""
        found = level_steps(self.spend, self.covered_periods, self.window.level)
        return fixed(found / self.typical_spend + 0.0)

    @property
    def contract_end(self) -> Days:
        """The latest end of a contract told in the log; NaT where there is none."""
        return self._told.contract_end

    @cached_property
    def days_to_end(self) -> Floats:
        """Days from `as_of` to the end of the contract, below 0 when it is past."""
        return fixed(days_between(self.as_of, self.contract_end))

    @property
    def group(self) -> Objects:
        """The group of the customer; None where none or more than one is told."""
        return self._told.group

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader should know of the log."""
        torn = self._told.torn
        if not len(torn):
            return self.summary.findings
        told = Finding(
            code="many_groups",
            message=f"{counted(len(torn), 'customer')} in more than one group: taken as none",
            count=len(torn),
            where=self._group_name,
            examples=tuple(str(i) for i in self.id[torn[:_SHOWN]].tolist()),
        )
        return (*self.summary.findings, told)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Give everything as columns, for the constructor of any DataFrame."""
        return {name: self[name] for name in self.column_names}

    def row(self, i: int) -> Record:
        """Give one customer as a readable record."""
        i = checked_row(i, len(self))
        return Record({name: plain_cell(column[i]) for name, column in self.columns().items()})

    @property
    def _spend_names(self) -> tuple[str, ...]:
        return tuple(f"spend_{k + 1}" for k in range(self.window.periods))

    @property
    def _group_name(self) -> str:
        """Call the groups as the log does, unless that is the name of a feature."""
        name = self._told.group_name
        return "group" if name in (*_COLUMNS, *self._spend_names) else name

    @cached_property
    def _gaps(self) -> Gaps:
        bought = Purchases.among(self._orders)
        return gaps_of(bought.codes, bought.days, bought.size)

    @cached_property
    def _trends(self) -> Trends:
        found = theil_sen(self.spend, self.covered_periods, self.window.level)
        typical = self.typical_spend
        shares = (t / typical + 0.0 for t in (found.slope, found.low, found.high))
        return Trends(*(fixed(share) for share in shares))


def _means(spend: Floats, covered: Codes) -> Floats:
    """Average the covered periods of each row, added from the oldest on."""
    width = spend.shape[1]
    total = np.zeros(len(spend))
    for k in range(width):
        total += np.where(width - k <= covered, spend[:, k], 0.0)
    means: Floats = total / np.where(covered > 0, covered, np.nan)
    return means
