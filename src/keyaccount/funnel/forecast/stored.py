"""`calibrate_forecasts`: stored forecasts of deals, held against how the deals ended."""

from __future__ import annotations

from typing import Any

import numpy as np

from keyaccount._columns import Bools, Codes, Columns, Labels, common_length, labels
from keyaccount.bands import Cuts
from keyaccount.errors import NotEnoughDataError, SpecError
from keyaccount.findings import Finding, counted
from keyaccount.funnel.forecast.horizons import band_texts, horizons_of
from keyaccount.funnel.forecast.judged import ForecastCalibration
from keyaccount.funnel.forecast.keeping import KEEPS, Keep, one_each, repeated
from keyaccount.funnel.forecast.matched import Matched, Stored, matched, read_ended, read_stored
from keyaccount.stats.calibration import Calibration, calibration

__all__ = ["calibrate_forecasts"]


def calibrate_forecasts(
    forecasts: Columns,
    outcomes: Columns,
    *,
    deal: str = "deal",
    made_at: str = "made_at",
    probability: str = "probability",
    stage: str | None = None,
    outcome: str = "outcome",
    closed: str = "closed",
    horizons: Cuts | None = None,
    keep: Keep = "all",
    bins: int | Cuts = 10,
    base_rate: float | None = None,
    level: float = 0.95,
) -> ForecastCalibration:
    """Hold stored forecasts of deals against how the deals ended.

    Parameters
    ----------
    forecasts
        One row per forecast: the deal, the day it was made, the chance of winning that was given.
        A deal may have many.
    outcomes
        One row per deal: ``"open"``, ``"won"`` or ``"lost"``, and the day it was decided.
    deal
        Column of ids in both tables.
    made_at, probability, stage
        Columns of `forecasts`: the day, the chance in [0, 1], and the stage the deal was in, if
        wanted.
    outcome, closed
        Columns of `outcomes`.
    horizons
        Cuts of the days between a forecast and the decision; None: 30 and 90 days, a choice of this
        library.
    keep
        ``"all"`` forecasts of a deal, only the ``"first"`` or only the ``"last"`` of those that can
        be judged, by day.
    bins, base_rate, level
        As in `calibration`.

    Returns
    -------
    ForecastCalibration
        Brier score, skill and reliability of all, by horizon and by stage.

    Raises
    ------
    NotEnoughDataError
        No forecast can be judged.
    DuplicateIdError
        A deal is twice in `outcomes`.
    ColumnNotFoundError, ColumnError, RowError
        A column is not there or cannot be read, or two forecasts of a deal on one day have to be
        told apart.
    SpecError
        An option is not what it should be.

    Notes
    -----
    A forecast made on the day of the decision or later says nothing about what was to come, and is
    left out. So are forecasts of deals that are still open: the deals that are decided early may
    not be like the others, and a young book is judged by its fast deals alone.

    The intervals take forecasts to be independent. Several forecasts of a deal are not: with
    ``keep="all"`` the true intervals are wider.

    Examples
    --------
    >>> import keyaccount as ka
    >>> stored = {
    ...     "deal": ["a", "a", "b"],
    ...     "made_at": ["2026-01-05", "2026-02-05", "2026-01-05"],
    ...     "probability": [0.5, 0.9, 0.3],
    ... }
    >>> ended = {
    ...     "deal": ["a", "b"],
    ...     "outcome": ["won", "lost"],
    ...     "closed": ["2026-02-20", "2026-02-20"],
    ... }
    >>> found = ka.calibrate_forecasts(stored, ended, keep="last")
    >>> found.probability.tolist(), found.horizon.tolist()
    ([0.9, 0.3], [15.0, 46.0])
    """
    if keep not in KEEPS:
        raise SpecError.from_choice("calibrate_forecasts(keep)", keep, KEEPS)
    cuts = horizons_of(horizons)
    stored = read_stored(forecasts, deal, made_at, probability)
    in_stage = None if stage is None else labels(forecasts, stage)
    if in_stage is not None:
        _ = common_length({deal: stored.deal, str(stage): in_stage})
    found = matched(stored, read_ended(outcomes, deal, outcome, closed))
    judged, findings = _judged(stored, found, keep, made_at)
    p, o, horizon = stored.probability[judged], found.won[judged], found.ahead[judged]

    def judge(rows: Any) -> Calibration:
        return calibration(p[rows], o[rows], bins=bins, base_rate=base_rate, level=level)

    band = cuts.codes(horizon).astype(np.int64)
    by_horizon = {text: band == i for i, text in enumerate(band_texts(cuts))}
    by_stage = {} if in_stage is None else _by_label(in_stage, judged)
    return ForecastCalibration(
        overall=judge(slice(None)),
        by_horizon={text: judge(rows) for text, rows in by_horizon.items() if rows.any()},
        by_stage={name: judge(rows) for name, rows in by_stage.items()},
        probability=p,
        outcome=o,
        horizon=horizon,
        forecast_row=judged,
        findings=findings,
    )


def _judged(
    stored: Stored, found: Matched, keep: Keep, made_at: str
) -> tuple[Codes, tuple[Finding, ...]]:
    """Give the rows of the forecasts that are judged; there is at least one."""
    judged, findings = np.flatnonzero(~found.left), found.findings
    if keep == "all":
        findings = (*findings, *repeated(stored, judged))
    else:
        judged = one_each(stored, judged, keep, made_at)
    if not len(judged):
        why = "; ".join(f.message for f in findings)
        every = counted(len(found.left), "forecast")
        raise NotEnoughDataError.from_problem(
            f"none of {every} can be judged" + (f" ({why})" if why else ""),
            "store forecasts before deals are decided, and give how the deals ended.",
            findings=findings,
        )
    return judged, findings


def _by_label(found: Labels, judged: Codes) -> dict[str, Bools]:
    codes = found.codes[judged]
    names = sorted((name, code) for code, name in enumerate(found.labels))
    return {name: codes == code for name, code in names if (codes == code).any()}
