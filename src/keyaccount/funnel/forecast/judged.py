"""`ForecastCalibration`: how stored forecasts fared, in all, by horizon and by stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Floats, Objects
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding
from keyaccount.stats.calibration import Calibration

__all__ = ["ForecastCalibration"]

_FIGURES = ("n", "mean_forecast", "observed_rate", "brier", "skill", "skill_low", "skill_high")


@attrs.frozen(eq=False)
class ForecastCalibration(Viewed):
    """How stored forecasts fared: all together, by how far ahead they were made, and by stage.

    The rows are all forecasts together, then each horizon, then each stage.

    Parameters
    ----------
    overall
        The calibration of all of them.
    by_horizon
        The same by how many days ahead of the decision they were made; only what occurs.
    by_stage
        The same by the stage they were made in; empty where no stages were given.
    probability, outcome, horizon
        ``(m,)`` the forecasts that were judged, their outcomes (1 won, 0 lost) and the days ahead.
    forecast_row
        ``(m,)`` their positions in the stored forecasts.
    findings
        What was left out, and why.

    Examples
    --------
    >>> import keyaccount as ka
    >>> stored = {
    ...     "deal": ["a", "b", "c"],
    ...     "made_at": ["2026-01-05"] * 3,
    ...     "probability": [0.9, 0.2, 0.5],
    ... }
    >>> ended = {
    ...     "deal": ["a", "b", "c"],
    ...     "outcome": ["won", "lost", "open"],
    ...     "closed": ["2026-01-20", "2026-03-01", None],
    ... }
    >>> found = ka.calibrate_forecasts(stored, ended)
    >>> found.overall.n, round(found.overall.brier, 3), list(found.by_horizon)
    (2, 0.025, ['under 30 days', '30 to under 90 days'])
    """

    overall: Calibration
    by_horizon: Mapping[str, Calibration]
    by_stage: Mapping[str, Calibration]
    probability: Floats
    outcome: Floats
    horizon: Floats
    forecast_row: NDArray[np.int64]
    findings: tuple[Finding, ...]

    def __len__(self) -> int:
        return len(self._rows())

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the figures of each group of forecasts as columns."""
        rows = self._rows()
        kinds, names, found = zip(*rows, strict=True)
        figures = {f: np.array([getattr(c, f) for c in found]) for f in _FIGURES}
        return {"by": _objects(kinds), "group": _objects(names), **figures}

    def row(self, i: int) -> Record:
        """Return one group of forecasts as a record, with its verdict."""
        i = checked_row(i, len(self))
        kind, name, found = self._rows()[i]
        return Record({"by": kind, "group": name, **found.summary()})

    def _rows(self) -> list[tuple[str, str, Calibration]]:
        return [
            ("all", "all", self.overall),
            *(("horizon", name, found) for name, found in self.by_horizon.items()),
            *(("stage", name, found) for name, found in self.by_stage.items()),
        ]

    def _view(self) -> View:
        title = f"Stored forecasts: {self.overall.verdict}"
        return View(title, self.columns(), len(self))


def _objects(values: Any) -> Objects:
    return np.array(list(values), dtype=object)
