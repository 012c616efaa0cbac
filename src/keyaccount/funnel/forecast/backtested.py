"""`Backtest`: what a method of forecasting would have said, and what came about."""

from __future__ import annotations

from typing import Any

import attrs
from numpy.typing import NDArray

from keyaccount._columns import Codes, Days, Floats
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding
from keyaccount.funnel.forecast.result import record_of
from keyaccount.stats.calibration import Calibration

__all__ = ["Backtest"]


@attrs.frozen(eq=False, kw_only=True)
class Backtest(Viewed):
    """Forecasts of past periods, made from what was known then. One row per period.

    Parameters
    ----------
    start, end
        ``(n,)`` the end of which day the forecast was made at, and the last day of its period.
    open
        ``(n,)`` int64: deals open at the start.
    predicted
        ``(n,)`` the sum of their weighted amounts, each to the cent.
    predicted_sd
        ``(n,)`` its standard deviation, were the deals independent and the chances right.
    won
        ``(n,)`` int64: those of them won in the period.
    actual
        ``(n,)`` their amounts as they stood at the start, which is what was predicted.
    brought
        ``(n,)`` their amounts as they were won.
    ratio
        ``(n,)`` actual over predicted: 1 is right, below 1 the forecast promised too much. NaN
        where nothing was predicted.
    off
        ``(n,)`` actual less predicted, in standard deviations; NaN where there is none.
    new_won, new_brought
        ``(n,)`` deals won in the period that were not open at its start, and what they brought: no
        forecast of deals can know them.
    calibration
        The chances of all periods against what came about; None where no deal has a chance.
    findings
        What was left out.

    Notes
    -----
    A deal that is open at two starts is forecast twice: its periods are not independent.

    Examples
    --------
    >>> import keyaccount as ka
    >>> standing = {"deal": ["a"], "outcome": ["open"], "amount": [100.0], "probability": [0.5]}
    >>> ended = {"deal": ["a"], "outcome": ["won"], "closed": ["2026-02-20"], "amount": [90.0]}
    >>> found = ka.backtest(lambda day: standing, ended, ["2025-12-31", "2026-03-31"])
    >>> found.predicted, found.actual, found.brought
    (array([50.]), array([100.]), array([90.]))
    """

    start: Days
    end: Days
    open: Codes
    predicted: Floats
    predicted_sd: Floats
    won: Codes
    actual: Floats
    brought: Floats
    ratio: Floats
    off: Floats
    new_won: Codes
    new_brought: Floats
    calibration: Calibration | None
    findings: tuple[Finding, ...]

    def __len__(self) -> int:
        return len(self.start)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the periods as columns, for any DataFrame constructor."""
        left = {"calibration", "findings"}
        names = [a.name for a in attrs.fields(type(self)) if a.name not in left]
        return {name: getattr(self, name) for name in names}

    def row(self, i: int) -> Record:
        """Return one period as a record."""
        i = checked_row(i, len(self))
        return record_of(self.columns(), i)

    def _view(self) -> View:
        said = "no deal with a chance" if self.calibration is None else self.calibration.verdict
        return View(f"Back-test of {len(self)} periods: {said}", self.columns(), len(self))
