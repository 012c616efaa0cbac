"""`calibrate_forecasts`: stored forecasts of deals, held against how the deals ended."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Literal, TypeAlias

import attrs
import numpy as np

from keyaccount._columns import (
    Bools,
    Codes,
    Columns,
    Days,
    Floats,
    Labels,
    as_ids,
    common_length,
    days,
    labels,
    pick,
    refuse_missing,
)
from keyaccount.bands import Cuts
from keyaccount.errors import NotEnoughDataError, RowError, SpecError
from keyaccount.findings import Finding
from keyaccount.funnel.forecast.judged import ForecastCalibration
from keyaccount.funnel.forecast.reading import read_outcomes, read_probabilities
from keyaccount.funnel.rules import OPEN, WON
from keyaccount.stats.calibration import Calibration, calibration

__all__ = ["HORIZONS", "KEEPS", "Keep", "calibrate_forecasts"]

Keep: TypeAlias = Literal["all", "first", "last"]
"""Which of several forecasts of one deal count."""

KEEPS: tuple[Keep, ...] = ("all", "first", "last")

HORIZONS = Cuts((30, 90))
"""A month and a quarter ahead, in days: a choice of this library."""


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
    cuts = _horizons(horizons)
    stored = _read_stored(forecasts, deal, made_at, probability)
    in_stage = None if stage is None else labels(forecasts, stage)
    if in_stage is not None:
        _ = common_length({deal: stored.deal, str(stage): in_stage})
    ended = _read_ended(outcomes, deal, outcome, closed)
    ahead, won, left, findings = _joined(stored, ended)
    judged = np.flatnonzero(~left)
    if keep != "all":
        judged = _one_each(stored, judged, keep, made_at)
    else:
        findings = (*findings, *_repeated(stored, judged))
    if not len(judged):
        why = "; ".join(f.message for f in findings)
        raise NotEnoughDataError.from_problem(
            f"none of {_forecasts(len(left))} can be judged" + (f" ({why})" if why else ""),
            "store forecasts before deals are decided, and give how the deals ended.",
            findings=findings,
        )
    p, o, horizon = stored.probability[judged], won[judged], ahead[judged]

    def judge(rows: Any) -> Calibration:
        return calibration(p[rows], o[rows], bins=bins, base_rate=base_rate, level=level)

    band = cuts.codes(horizon).astype(np.int64)
    texts = _band_texts(cuts)
    by_stage = {} if in_stage is None else _by_label(in_stage, judged)
    return ForecastCalibration(
        overall=judge(slice(None)),
        by_horizon={t: judge(band == i) for i, t in enumerate(texts) if (band == i).any()},
        by_stage={name: judge(which) for name, which in by_stage.items()},
        probability=p,
        outcome=o,
        horizon=horizon,
        forecast_row=judged,
        findings=findings,
    )


@attrs.frozen(eq=False)
class _Stored:
    deal: Labels
    made_at: Days
    probability: Floats
    findings: tuple[Finding, ...]


@attrs.frozen(eq=False)
class _Ended:
    row_of: dict[str, int]
    state: Codes
    closed: Days
    findings: tuple[Finding, ...]


def _read_stored(forecasts: Columns, deal: str, made_at: str, probability: str) -> _Stored:
    who = labels(forecasts, deal)
    refuse_missing(who, deal)
    when = days(forecasts, made_at)
    chance, findings = read_probabilities(pick(forecasts, probability), probability)
    _ = common_length({deal: who, made_at: when, probability: chance})
    return _Stored(who, when, chance, findings)


def _read_ended(outcomes: Columns, deal: str, outcome: str, closed: str) -> _Ended:
    ids = as_ids(pick(outcomes, deal), deal)
    state, findings = read_outcomes(pick(outcomes, outcome), outcome)
    when = days(outcomes, closed)
    _ = common_length({deal: ids, outcome: state, closed: when})
    return _Ended({id_: row for row, id_ in enumerate(ids.tolist())}, state, when, findings)


def _joined(stored: _Stored, ended: _Ended) -> tuple[Floats, Floats, Bools, tuple[Finding, ...]]:
    """Give the days ahead and the outcome of each forecast, and which of them are left out."""
    row = np.array([ended.row_of.get(d, -1) for d in stored.deal.labels] + [-1], dtype=np.int64)
    place = row[stored.deal.codes]
    state = np.append(ended.state, OPEN)[place]
    closed = np.append(ended.closed, np.datetime64("NaT", "D"))[place]
    apart = (closed - stored.made_at).astype("timedelta64[D]")
    undated = np.isnat(apart)
    ahead = np.where(undated, np.nan, apart.astype(np.int64).astype(np.float64))
    tests = (
        ("unknown_deal", place < 0, "of a deal without an outcome"),
        ("still_open", state == OPEN, "of a deal still open"),
        ("no_day", undated, "made or decided on no known day"),
        ("too_late", ~(ahead > 0.0), "made on the day of the decision or later"),
        ("no_probability", np.isnan(stored.probability), "without a probability"),
    )
    left = np.zeros(len(place), dtype=np.bool_)
    findings = [*stored.findings, *ended.findings]
    for code, holds, said in tests:
        count = int(np.count_nonzero(holds & ~left))
        left |= holds
        if count:
            message = f"left out: {_forecasts(count)} {said}"
            findings.append(Finding(code=code, message=message, count=count, severity="info"))
    return ahead, (state == WON).astype(np.float64), left, tuple(findings)


def _one_each(stored: _Stored, judged: Codes, keep: Keep, name: str) -> Codes:
    """Keep one forecast per deal, the first or the last by day."""
    who, when = stored.deal.codes[judged], stored.made_at[judged]
    order = np.lexsort((when, who))
    who, when = who[order], when[order]
    tied = (who[1:] == who[:-1]) & (when[1:] == when[:-1])
    rows = np.sort(judged[order[np.flatnonzero(tied) + 1]])
    if len(rows):
        raise RowError.from_rows(
            name,
            "hold the day of another forecast of the same deal",
            rows.tolist(),
            [stored.deal.labels[c] for c in stored.deal.codes[rows[:5]].tolist()],
            "keep one forecast per deal and day, or judge all with keep='all'.",
        )
    edge = np.ones(len(order), dtype=np.bool_)
    if keep == "first":
        edge[1:] = who[1:] != who[:-1]
    else:
        edge[:-1] = who[1:] != who[:-1]
    return np.sort(judged[order[edge]])


def _repeated(stored: _Stored, judged: Codes) -> tuple[Finding, ...]:
    deals = len(np.unique(stored.deal.codes[judged]))
    if deals == len(judged):
        return ()
    message = f"{_forecasts(len(judged))} of {deals:,} deals: those of one deal are not independent"
    count = len(judged) - deals
    return (Finding(code="repeated", message=message, count=count, severity="info"),)


def _by_label(found: Labels, judged: Codes) -> dict[str, Bools]:
    codes = found.codes[judged]
    names = sorted((name, code) for code, name in enumerate(found.labels))
    return {name: codes == code for name, code in names if (codes == code).any()}


def _horizons(stated: Cuts | None) -> Cuts:
    given: Any = HORIZONS if stated is None else stated
    if not isinstance(given, Cuts) or any(e <= 0.0 for e in given.edges):
        raise SpecError.from_field(
            "calibrate_forecasts(horizons)",
            "must be Cuts of days above 0",
            given,
            "write horizons=Cuts((30, 90)).",
        )
    return given


def _band_texts(cuts: Cuts) -> list[str]:
    if not cuts.edges:
        return ["any day"]
    inner = [f"{a:g} to under {b:g} days" for a, b in pairwise(cuts.edges)]
    return [f"under {cuts.edges[0]:g} days", *inner, f"{cuts.edges[-1]:g} days or more"]


def _forecasts(count: int) -> str:
    return "1 forecast" if count == 1 else f"{count:,} forecasts"
