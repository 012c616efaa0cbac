"""`lifecycle_panel`: the stage of each customer at a series of days, rebuilt from an order log."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Columns, Days, Objects, is_scalar
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.errors import ColumnNotFoundError, SpecError
from keyaccount.findings import Finding
from keyaccount.ledger.asked import asked_day
from keyaccount.lifecycle.features import LifecycleFeatures
from keyaccount.lifecycle.lifecycle_features import lifecycle_features
from keyaccount.lifecycle.model import LifecycleModel
from keyaccount.lifecycle.stages import STAGES

__all__ = ["LifecyclePanel", "lifecycle_panel"]

_BEFORE = "stage_before"


class LifecyclePanel(Viewed):
    """Snapshots of lifecycle stages: one row per customer and day, by day and then by id.

    It is a container of columns itself: `StageChain.fit` takes it as it is.

    Attributes
    ----------
    account
        Objects: the customer.
    period
        ``datetime64[D]``: the day of the snapshot.
    state
        Objects: the stage; None where it is unknown.
    state_code
        ``int16``: its position in the five stages; -1 where unknown.
    findings
        What a reader should know of the log, as of the last day.

    Examples
    --------
    >>> import keyaccount as ka
    >>> log = {"who": ["A", "B"], "day": ["2025-01-10", "2025-05-01"], "paid": [10.0, 20.0]}
    >>> panel = ka.lifecycle_panel(
    ...     log, customer="who", at="day", amount="paid", dates=["2025-02-01", "2025-09-01"]
    ... )
    >>> panel.account, panel.state
    (array(['A', 'A', 'B'], dtype=object), array(['acquisition', 'churn', 'acquisition'],
          dtype=object))
    """

    def __init__(
        self,
        account: Objects,
        period: Days,
        state_code: NDArray[np.int16],
        findings: tuple[Finding, ...],
    ) -> None:
        self.account: Objects = account
        self.period: Days = period
        self.state_code: NDArray[np.int16] = state_code
        self.findings: tuple[Finding, ...] = findings

    def __len__(self) -> int:
        return len(self.account)

    def __repr__(self) -> str:
        return f"<LifecyclePanel of {len(self)} snapshots on {len(np.unique(self.period))} days>"

    def _view(self) -> View:
        return View(f"{len(self):,} snapshots", self.columns(), len(self))

    def __getitem__(self, name: str) -> Any:
        """Give one column by its name.

        Raises
        ------
        ColumnNotFoundError
            There is no such column.
        """
        if name not in self.column_names:
            raise ColumnNotFoundError.from_name(str(name), self.column_names)
        return getattr(self, name)

    @property
    def states(self) -> tuple[str, ...]:
        """The five stages, in their order, whichever of them occur."""
        return STAGES

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return ("account", "period", "state")

    @cached_property
    def state(self) -> Objects:
        """The stage of each snapshot; None where it is unknown."""
        found: Objects = np.array([*STAGES, None], dtype=object)[self.state_code]
        return found

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame."""
        return {name: self[name] for name in self.column_names}

    def row(self, i: int) -> Record:
        """Give one snapshot as a readable record."""
        i = checked_row(i, len(self))
        return Record({name: column[i] for name, column in self.columns().items()})


def lifecycle_panel(
    orders: Columns,
    *,
    customer: str,
    at: str,
    amount: str,
    dates: Iterable[Any],
    model: LifecycleModel | None = None,
    periods: int = 8,
    period_days: int = 91,
    gap_quantile: float = 0.9,
    level: float = 0.9,
    end: str | None = None,
    group: str | None = None,
    currency: str | None = None,
    date_format: str | None = None,
) -> LifecyclePanel:
    """Rebuild the stage of each customer at a series of days from its orders by then.

    Parameters
    ----------
    orders, customer, at, amount
        The log, as for `lifecycle_features`.
    dates
        The days, in any order, evenly spaced for a chain. The log is read once per day.
    model
        The rules; None: those of ``LifecycleModel()``. A customer's stage of the day before is
        given to them, so that its `hold` applies.
    periods, period_days, gap_quantile, level, end, group, currency, date_format
        As for `lifecycle_features`.

    Returns
    -------
    LifecyclePanel
        One row per day and customer with an order by then.

    Raises
    ------
    SpecError
        There is no day, or an option cannot be.
    KeyAccountError
        As `lifecycle_features` and `LifecycleModel.classify` raise them.

    Notes
    -----
    Nothing later than a day is used for it, as far as the rules go. A model fitted on a whole log
    knows the rhythm of later orders: fit it on the orders by the first day where that matters.

    Examples
    --------
    >>> import keyaccount as ka
    >>> log = {"who": ["A", "A"], "day": ["2025-01-10", "2025-05-01"], "paid": [10.0, 20.0]}
    >>> days = ["2025-02-01", "2025-06-01", "2026-01-01"]
    >>> ka.lifecycle_panel(log, customer="who", at="day", amount="paid", dates=days).state
    array(['acquisition', 'acquisition', 'churn'], dtype=object)
    """
    rules = _held(LifecycleModel() if model is None else model)
    parts: list[_Snapshot] = []
    for day in _days(dates):
        features = lifecycle_features(
            orders,
            customer=customer,
            at=at,
            amount=amount,
            as_of=day,
            periods=periods,
            period_days=period_days,
            gap_quantile=gap_quantile,
            level=level,
            end=end,
            group=group,
            currency=currency,
            date_format=date_format,
        )
        before = _before(features, parts[-1] if parts else None)
        given = _WithBefore(features, before)
        parts.append(_Snapshot(features, rules.classify(given).stage))
    return LifecyclePanel(
        np.concatenate([p.features.id for p in parts]),
        np.concatenate([np.full(len(p.stage), p.features.as_of) for p in parts]),
        np.concatenate([p.stage for p in parts]),
        parts[-1].features.findings,
    )


@attrs.frozen(eq=False)
class _Snapshot:
    """One day: features, and the stages they led to."""

    features: LifecycleFeatures
    stage: NDArray[np.int16]


@attrs.frozen(eq=False)
class _WithBefore:
    """Features with the stage of the day before as one more column."""

    features: LifecycleFeatures
    before: Objects

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, for an error that lists them."""
        return (*self.features.column_names, _BEFORE)

    def __getitem__(self, name: str) -> Any:
        return self.before if name == _BEFORE else self.features[name]


def _held(model: Any) -> LifecycleModel:
    """Let the rules read the stage of the day before."""
    if not isinstance(model, LifecycleModel):
        hint = "leave it out, or build a LifecycleModel."
        raise SpecError.from_field("model", "must be a LifecycleModel", model, hint)
    return attrs.evolve(model, previous=_BEFORE)


def _days(dates: Any) -> list[np.datetime64]:
    """Sort the days asked for, each once."""
    found = [] if is_scalar(dates) else [asked_day(day, "dates") for day in dates]
    if not found:
        hint = "give days, or a range such as numpy.arange(first, last, 30)."
        raise SpecError.from_field("dates", "must be one day or more", dates, hint)
    return sorted(set(found))


def _before(features: LifecycleFeatures, last: _Snapshot | None) -> Objects:
    """Give the stage of each customer on the day before; None for the new ones."""
    codes = np.full(len(features), -1)
    if last is not None and len(last.stage):
        codes = _looked_up(features.id, last)
    found: Objects = np.array([*STAGES, None], dtype=object)[codes]
    return found


def _looked_up(ids: Objects, last: _Snapshot) -> Codes:
    """Find ids among those of the day before; both are sorted alike."""
    place = np.minimum(np.searchsorted(last.features.id, ids), len(last.stage) - 1)
    found: Codes = np.where(last.features.id[place] == ids, last.stage[place], -1)
    return found
