"""`holdout_split`: one log cut at a day, to learn on one side and judge on the other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Floats, Objects, is_scalar, one_day
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.errors import ColumnNotFoundError, NotEnoughDataError, SpecError
from keyaccount.findings import Finding
from keyaccount.ledger.purchase_summary import purchase_summary
from keyaccount.ledger.summary import PurchaseSummary
from keyaccount.lifecycle.buying.hiatus import best_hiatus
from keyaccount.lifecycle.buying.model import BuyingUnit

__all__ = ["HoldoutSplit", "holdout_split"]

_DAYS: dict[str, float] = {"day": 1.0, "week": 7.0}
_NAMES = ("id", "frequency", "recency", "T", "mean_spend", "actual", "last_period")


class HoldoutSplit(Viewed):
    """What a log says of each customer by a day, and what came after it.

    It is a container of columns itself, so `BuyingModel.fit_summary` and `holdout_report` take it.

    Attributes
    ----------
    id
        ``(n,)`` the customers with an order by the day of the cut.
    frequency, recency, T, mean_spend
        ``(n,)`` as in `PurchaseSummary`, by that day, orders of one day merged.
    actual
        ``(n,)`` days with an order after the cut.
    last_period
        ``(n,)`` repeat orders in the time before the cut that is as long as the time after it.
    horizon
        The time after the cut, in `time_unit`.
    hiatus
        The silence after which a customer is called gone: the one that misjudged the fewest
        customers when the log before the cut was itself cut, as long before its end as the horizon
        or in the middle, whichever is later.
    time_unit
        ``"day"`` or ``"week"``.
    findings
        What a reader should know of the log by the day of the cut.

    Examples
    --------
    >>> import keyaccount as ka
    >>> log = {
    ...     "customer": ["a", "a", "b", "a"],
    ...     "date": ["2026-01-01", "2026-01-15", "2026-01-29", "2026-02-26"],
    ...     "amount": [10.0, 20.0, 30.0, 10.0],
    ... }
    >>> columns = {"customer": "customer", "at": "date", "amount": "amount"}
    >>> split = ka.holdout_split(log, **columns, cut="2026-02-12", as_of="2026-03-12")
    >>> split.id.tolist(), split.actual, split.horizon
    (['a', 'b'], array([1., 0.]), 4.0)
    """

    def __init__(
        self,
        columns: dict[str, Any],
        *,
        horizon: float,
        hiatus: float,
        time_unit: BuyingUnit,
        findings: tuple[Finding, ...],
    ) -> None:
        self.id: Objects = columns["id"]
        self.frequency: Floats = columns["frequency"]
        self.recency: Floats = columns["recency"]
        self.T: Floats = columns["T"]
        self.mean_spend: Floats = columns["mean_spend"]
        self.actual: Floats = columns["actual"]
        self.last_period: Floats = columns["last_period"]
        self.horizon: float = horizon
        self.hiatus: float = hiatus
        self.time_unit: BuyingUnit = time_unit
        self.findings: tuple[Finding, ...] = findings

    def __len__(self) -> int:
        return len(self.id)

    def __repr__(self) -> str:
        return f"<HoldoutSplit of {len(self)} customers, {self.horizon:g} {self.time_unit}s ahead>"

    def _view(self) -> View:
        return View("Before and after the cut", self.columns(), len(self))

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Give one column by its name.

        Raises
        ------
        ColumnNotFoundError
            There is no such column.
        """
        if name not in _NAMES:
            raise ColumnNotFoundError.from_name(str(name), _NAMES)
        column: NDArray[Any] = getattr(self, name)
        return column

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return _NAMES

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return one column per name, for any DataFrame constructor."""
        return {name: self[name] for name in _NAMES}

    def row(self, i: int) -> Record:
        """Return one customer as a record.

        Raises
        ------
        RowError
            There is no such row.
        """
        i = checked_row(i, len(self))
        cells = {name: column[i] for name, column in self.columns().items()}
        return Record({n: c.item() if isinstance(c, np.generic) else c for n, c in cells.items()})


def holdout_split(
    orders: Any,
    *,
    customer: str,
    at: str,
    amount: str,
    cut: Any,
    as_of: Any,
    time_unit: BuyingUnit = "week",
    date_format: str | None = None,
) -> HoldoutSplit:
    """Cut a log of orders at a day: histories by then, and what each customer did afterwards.

    Parameters
    ----------
    orders
        One row per order, in any order, in any container of columns.
    customer, at, amount, date_format
        As for `ka.purchase_summary`; refunds lower no count, and orders of one day are one.
    cut
        The last day to learn from. Customers who come later are left out.
    as_of
        The last day to judge on, after `cut`.
    time_unit
        Unit of all times: ``"week"`` (of 7 days) or ``"day"``.

    Returns
    -------
    HoldoutSplit
        Book-wise: the same in any order of the rows.

    Raises
    ------
    SpecError
        A day is no day, or `as_of` is not after `cut`.
    NotEnoughDataError
        Nobody ordered by the cut.
    KeyAccountError
        As for `ka.purchase_summary`.

    Examples
    --------
    >>> import keyaccount as ka
    >>> log = {
    ...     "customer": ["a", "a", "b", "a", "b", "c"],
    ...     "date": [
    ...         "2026-01-01",
    ...         "2026-01-15",
    ...         "2026-01-29",
    ...         "2026-02-26",
    ...         "2026-03-05",
    ...         "2026-03-05",
    ...     ],
    ...     "amount": [10.0, 20.0, 30.0, 10.0, 5.0, 5.0],
    ... }
    >>> split = ka.holdout_split(
    ...     log,
    ...     customer="customer",
    ...     at="date",
    ...     amount="amount",
    ...     cut="2026-02-12",
    ...     as_of="2026-03-12",
    ... )
    >>> split.id.tolist(), split.frequency, split.T, split.actual, split.horizon
    (['a', 'b'], array([1., 0.]), array([6., 2.]), array([1., 1.]), 4.0)
    """
    if time_unit not in _DAYS:
        field = "time_unit"
        raise SpecError.from_choice(field, time_unit, tuple(_DAYS))
    day, end = _day(cut, "cut"), _day(as_of, "as_of")
    if not end > day:
        field = "holdout_split(as_of)"
        raise SpecError.from_field(field, f"must be after cut ({day})", str(end), "swap the days.")

    def by(last: np.datetime64) -> PurchaseSummary:
        return purchase_summary(
            orders,
            customer=customer,
            at=at,
            amount=amount,
            as_of=last,
            same_day="merge",
            time_unit=time_unit,
            date_format=date_format,
        )

    now = by(day)
    if not np.isfinite(now.frequency).any():
        raise NotEnoughDataError.from_problem(
            f"nobody ordered by the cut ({day})", "cut the log at a later day."
        )
    begun = now.first[~np.isnat(now.first)].min()
    before = day - (end - day)
    middle = max(before, begun + (day - begun) // 2)
    columns = {name: now[name] for name in _NAMES[:5]}
    columns["actual"] = _since(now, by(end))[0]
    columns["last_period"] = _repeats_since(now, by(before))
    earlier = by(middle)
    later, known = _since(earlier, now)
    return HoldoutSplit(
        columns,
        horizon=float((end - day).astype(np.int64)) / _DAYS[time_unit],
        hiatus=best_hiatus((earlier.T - earlier.recency)[known], later[known] > 0.0),
        time_unit=time_unit,
        findings=now.findings,
    )


def _day(value: Any, name: str) -> np.datetime64:
    day = one_day(value, name) if is_scalar(value) else np.datetime64("NaT", "D")
    if np.isnat(day):
        field = f"holdout_split({name})"
        hint = "write it as YYYY-MM-DD or pass a datetime.date."
        raise SpecError.from_field(field, "must be one day", value, hint)
    return day


def _since(early: PurchaseSummary, late: PurchaseSummary) -> tuple[Floats, NDArray[np.bool_]]:
    """Count the orders of the customers of one summary until another; NaN where unknown."""
    place = {c: i for i, c in enumerate(late.id.tolist())}
    rows = [place[c] for c in early.id.tolist()]
    found: Floats = late.frequency[rows] - early.frequency
    return found + 0.0, np.isfinite(found)


def _repeats_since(now: PurchaseSummary, before: PurchaseSummary) -> Floats:
    """Count the repeat orders since an earlier summary: all of them for who came since."""
    known = np.isfinite(before.frequency)
    had = dict(zip(before.id[known].tolist(), before.frequency[known].tolist(), strict=True))
    found: Floats = now.frequency - np.array([had.get(c, 0.0) for c in now.id.tolist()])
    return found + 0.0
