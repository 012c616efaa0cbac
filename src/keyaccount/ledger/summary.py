"""`PurchaseSummary`: what a log says of each customer, each part computed when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Columns, Days, Floats, Objects
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.errors import ColumnNotFoundError
from keyaccount.findings import Finding
from keyaccount.ledger.findings import findings_on, ids_alike, several_on_first_day
from keyaccount.ledger.joined import JoinedSummary, joined
from keyaccount.ledger.options import Options
from keyaccount.ledger.orders import AFTER
from keyaccount.ledger.reduced import ReducedLog, RowsMet
from keyaccount.ledger.rows import RowCounts
from keyaccount.ledger.views import days_between, fixed, plain_cell

__all__ = ["PurchaseSummary"]

_DAYS = {"day": 1.0, "week": 7.0}


class PurchaseSummary(Viewed):
    """What a purchase log says of each customer by a day: one entry per customer in every column.

    It is a container of columns itself: ``summary["count"]``, and any spec that takes columns takes
    a summary.

    Attributes
    ----------
    id
        The customers, in their own kind: whole numbers or texts.
    first, last
        ``datetime64[D]``: days of the first and last purchase; NaT where there are refunds only.
    count
        ``int64``: purchases; distinct purchase days under ``same_day="merge"``.
    total
        ``float64``: money of the purchases, less the refunds under ``refunds="net"``.
    mean
        ``float64``: total per purchase counted; NaN where there are refunds only.
    active_days
        ``int64``: distinct days with a purchase.
    days_since
        ``float64``: days from the last purchase to `as_of`; NaN where there are refunds only.
    frequency
        ``float64``: repeat purchases, count − 1; NaN where there are refunds only. Under ``"keep"``
        later orders of the first day count, which `recency` and `mean_spend` do not know of: where
        there are such customers, a finding says so.
    recency, T
        ``float64``: time from the first purchase to the last one, and to `as_of`, in `time_unit`.
    mean_spend
        ``float64``: mean amount of the purchases (under ``"merge"``: of the purchase days) after
        the first day, without refunds; NaN where there are none.
    margin
        ``float64``: margin of the rows behind `total`, as far as it is known, or NaN; None where
        no margin was asked for.
    rows
        What became of every row of the log.
    findings
        What a reader should know of the log; of the first days as soon as `frequency` or
        `mean_spend` have been asked for.

    Notes
    -----
    `first`, `last`, `count` and `total` are computed at once. The others are computed from the
    caller's own columns when they are first asked for: a buffer that is to be filled anew must be
    copied before.

    Examples
    --------
    >>> import keyaccount as ka
    >>> log = {
    ...     "customer": [7, 9, 7, 7],
    ...     "date": ["2026-01-05", "2026-01-20", "2026-02-02", "2026-02-02"],
    ...     "amount": [100.0, 40.0, 60.0, 20.0],
    ... }
    >>> summary = ka.purchase_summary(
    ...     log, customer="customer", at="date", amount="amount", as_of="2026-03-01"
    ... )
    >>> print(summary.row(0))
    id           7
    first        2026-01-05
    last         2026-02-02
    count        3
    total        180
    mean         60
    active_days  2
    days_since   27
    frequency    2
    recency      28
    T            55
    mean_spend   40
    """

    def __init__(self, log: ReducedLog, options: Options) -> None:
        self._log = log
        self._options = options
        self.id: Objects = fixed(log.ids)
        self.first: Days = fixed(log.first)
        self.last: Days = fixed(log.last)
        self._bought: Codes = fixed(log.bought)
        self.count: Codes = self.active_days if options.same_day == "merge" else self._bought
        self.total: Floats = fixed(log.spent)

    def __len__(self) -> int:
        return len(self.id)

    def __repr__(self) -> str:
        return f"<PurchaseSummary of {len(self)} customers by {self.as_of}>"

    def _view(self) -> View:
        title = f"Purchases of {len(self):,} customers by {self.as_of}"
        return View(title, self.columns(), len(self))

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Give one column by its name.

        Raises
        ------
        ColumnNotFoundError
            There is no such column.
        """
        if name not in self.column_names:
            raise ColumnNotFoundError.from_name(str(name), self.column_names)
        column: NDArray[Any] = getattr(self, name)
        return column

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return (*_COLUMNS, "margin") if self._log.has_margin else _COLUMNS

    @property
    def as_of(self) -> np.datetime64:
        """The last day that counts."""
        return self._options.as_of

    @cached_property
    def mean(self) -> Floats:
        """Total per purchase counted; NaN where there are refunds only."""
        return fixed(self.total / _or_missing(self.count))

    @cached_property
    def active_days(self) -> Codes:
        """Distinct days with a purchase."""
        return fixed(self._log.active_days())

    @cached_property
    def days_since(self) -> Floats:
        """Days from the last purchase to `as_of`; NaN where there are refunds only."""
        return fixed(days_between(self.last, self.as_of))

    @cached_property
    def frequency(self) -> Floats:
        """Repeat purchases: count − 1; NaN where there are refunds only."""
        return fixed(_or_missing(self.count) - 1.0)

    @cached_property
    def recency(self) -> Floats:
        """Time from the first purchase to the last one."""
        return fixed(days_between(self.first, self.last) / self._unit)

    @cached_property
    def T(self) -> Floats:  # noqa: N802 - the symbol of the buy-till-you-die models
        """Time from the first purchase to `as_of`."""
        return fixed(days_between(self.first, self.as_of) / self._unit)

    @cached_property
    def mean_spend(self) -> Floats:
        """Mean amount of the purchases after the first day; NaN where there are none."""
        repeats, spent = self._later
        merged = self._options.same_day == "merge"
        occasions = self.active_days - 1 if merged else repeats
        return fixed(spent / _or_missing(np.maximum(occasions, 0)))

    @cached_property
    def margin(self) -> Floats | None:
        """Margin of the rows behind `total`; None where no margin was asked for."""
        return fixed(self._log.margins()) if self._log.has_margin else None

    @cached_property
    def rows(self) -> RowCounts:
        """What became of every row of the log."""
        met = self._met
        net = self._options.refunds == "net"
        left_out = {reason: rows.count for reason, rows in met.left_out.items()}
        return RowCounts(
            read=met.read,
            purchases=met.purchases,
            refunds_netted=met.refunds if net else 0,
            refunds_dropped=0 if net else met.refunds,
            after_as_of=left_out.pop(AFTER, 0),
            rejected=left_out,
            same_day=met.purchases - int(self.active_days.sum()),
            duplicates=met.duplicates.count,
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader should know of the log, and of the columns asked for so far."""
        asked = not {"frequency", "mean_spend"}.isdisjoint(vars(self))
        return self._on_the_log + self._on_first_days if asked else self._on_the_log

    @cached_property
    def _on_first_days(self) -> tuple[Finding, ...]:
        """Tell whose frequency counts orders of the first day, which merging would not."""
        if self._options.same_day == "merge":
            return ()
        repeats, _ = self._later
        return several_on_first_day(self.id[self._bought - repeats > 1])

    @cached_property
    def _on_the_log(self) -> tuple[Finding, ...]:
        return ids_alike(self.id) + findings_on(
            self._met,
            self.rows,
            refunds_only=self.id[self._bought == 0],
            as_of=self.as_of,
            merged=self._options.same_day == "merge",
        )

    def joined(self, accounts: Columns, *, id: str, columns: Sequence[str]) -> JoinedSummary:
        """Put what is known of the customers beside the summary, by id.

        Parameters
        ----------
        accounts
            One row per account, in any order, in any container of columns.
        id
            The column of ids, each once. Ids are compared by their text: 7 is ``"7"``.
        columns
            The columns to take, under their own names.

        Returns
        -------
        JoinedSummary
            The summary with these columns, missing (None, NaN or NaT) for customers without a row
            among the accounts, which a finding counts. Whole numbers become ``float64``.

        Raises
        ------
        ColumnNotFoundError, ColumnError, RowError
            A column is not there, differs in length, or an account has no id.
        DuplicateIdError
            An id occurs in more than one row.
        SpecError
            A column is asked for twice, or has the name of one of the summary.

        Examples
        --------
        >>> import keyaccount as ka
        >>> log = {"who": [7, 9], "day": ["2026-01-05", "2026-02-02"], "paid": [10.0, 5.0]}
        >>> summary = ka.purchase_summary(
        ...     log, customer="who", at="day", amount="paid", as_of="2026-03-01"
        ... )
        >>> accounts = {"account": ["9", "7"], "industry": ["finance", "carriers"]}
        >>> book = summary.joined(accounts, id="account", columns=["industry"])
        >>> book["industry"]
        array(['carriers', 'finance'], dtype=object)
        >>> ka.Rfm(cuts=ka.MeanCut(), group="industry", min_group=1).fit(book).cuts.monetary.pool
        7.5
        """
        return joined(self, accounts, id, columns)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Give everything as columns, for the constructor of any DataFrame."""
        return {name: self[name] for name in self.column_names}

    def row(self, i: int) -> Record:
        """Give one customer as a readable record."""
        i = checked_row(i, len(self))
        return Record({name: plain_cell(column[i]) for name, column in self.columns().items()})

    @property
    def _unit(self) -> float:
        return _DAYS[self._options.time_unit]

    @cached_property
    def _later(self) -> tuple[Codes, Floats]:
        return self._log.later()

    @cached_property
    def _met(self) -> RowsMet:
        return self._log.met()


_COLUMNS = (
    "id",
    "first",
    "last",
    "count",
    "total",
    "mean",
    "active_days",
    "days_since",
    "frequency",
    "recency",
    "T",
    "mean_spend",
)


def _or_missing(count: Codes) -> Floats:
    """Turn counts into floats, NaN where there is nothing to divide by."""
    return np.where(count == 0, np.nan, count.astype(np.float64))
