"""`conversion_table`: conversion per stage, and per owner, team, segment or cohort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Codes, Columns, Floats, common_length, floats, is_scalar, pick
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, counted, note
from keyaccount.funnel.conversion.outcomes import LOST, read_outcomes
from keyaccount.funnel.conversion.plan import planned_shares, shrunk_to_plan
from keyaccount.funnel.conversion.stage_conversion import conversion_of
from keyaccount.funnel.conversion.table import ConversionTable
from keyaccount.funnel.conversion.table_groups import TableGroups, grouped, staged
from keyaccount.funnel.conversion.trials import Reentry, Trials, trials_of
from keyaccount.stats._levels import checked_share
from keyaccount.stats.survival.observations import Named, Observations, observations, refuse_below_0

__all__ = ["conversion_table"]

_QUARTILES = (0.25, 0.5, 0.75)


def conversion_table(
    visits: Columns,
    *,
    horizon: float,
    stage: str = "stage",
    days: str = "days",
    outcome: str = "outcome",
    by: str | Sequence[str] | None = None,
    stages: Sequence[str] | None = None,
    plan: Mapping[str, float | None] | None = None,
    strength: float | None = None,
    reentry: Reentry = "each",
    deal: str | None = None,
    order: str | None = None,
    entered: str | None = None,
    level: float = 0.9,
    dwell: Sequence[float] = _QUARTILES,
) -> ConversionTable:
    """Estimate conversion per stage and group at a horizon, beside plan and naive ratios.

    Parameters
    ----------
    visits
        Columns, one row per visit of a deal to a stage.
    horizon
        The time in the stage at which shares are read, in the unit of `days`.
    stage, days, outcome
        Columns: the stage; the time spent in it until leaving or the last look, at least 0; what
        came of it, as in `stage_conversion`. A visit that ended by going back to an earlier stage
        did not advance: write ``"open"`` where the deal may come back (and take all its visits as
        one, ``reentry="whole"``), ``"lost"`` where going back counts against the stage.
    by
        Further columns that make the groups: owner, team, segment, cohort. None: stages alone.
    stages
        All stages there may be, in order. None: those of the plan, in its order, then others by
        name.
    plan
        Planned conversion by stage; None for a stage without one.
    strength
        How many deals the plan is worth. None: learned from all rows, as
        `empirical_bayes_strength` does, up to as many as all of them are worth.
    reentry
        Where a deal comes back to a stage: ``"each"`` visit is a trial of its own; only the
        ``"first"`` one is; or the ``"whole"``: its visits are one trial that lasts as long as all
        of them and ends as the last one, under the groups of the last one.
    deal, order
        Columns: the deal; the day a visit began, or its number. Needed for ``"first"`` and
        ``"whole"``; with ``"each"`` they serve to tell how many visits come back.
    entered
        Column: the time already spent in the stage when a visit was first observed.
    level
        How often confidence and credible intervals hold the truth (90 % is a choice of this
        library).
    dwell
        Quantiles of the time until a deal leaves either way (quartiles are a choice of this
        library).

    Returns
    -------
    ConversionTable
        A row per stage and group that occur. Without `by`, every stage that is named has a row.

    Raises
    ------
    ColumnNotFoundError, ColumnError
        A column is not there or holds something else.
    RowError
        As `stage_conversion`, or a visit has no deal or no place in order.
    SpecError
        A stage is none of `stages`, or an argument is not what it should be.

    Notes
    -----
    With ``"each"``, visits of one deal count as if they were independent, and intervals are a
    little too narrow where many come back. For the plan see `ShrunkConversion`: the estimate counts
    as its effective number of deals. Book-wise: the order of rows changes no bit.

    Examples
    --------
    >>> import keyaccount as ka
    >>> visits = {
    ...     "stage": ["A", "A", "A", "A"],
    ...     "days": [4, 6, 9, 3],
    ...     "outcome": ["advanced", "lost", "open", "advanced"],
    ...     "owner": ["li", "li", "wang", "wang"],
    ... }
    >>> table = ka.conversion_table(visits, horizon=7, by="owner")
    >>> table.by["owner"].tolist(), table.at.advanced.tolist()
    (['li', 'wang'], [0.5, 0.5])
    >>> table.row(1)["why"]
    'by 7: 1 of 2 advanced, 0 lost, 1 open or seen too short'
    """
    _refuse_none(horizon)
    quantiles = _quantiles(dwell)
    named = Named(days, outcome, entered or "entered", "stage or group")
    read = _read(visits, named, stage, stages, plan, began=entered is not None)
    trials = trials_of(visits, read.days, read.stage, reentry=reentry, deal=deal, order=order)
    found = grouped(visits, by, read.stage, n_stages=len(read.stages), rows=trials.rows)
    seen = _observed(read, trials, found, named)
    conversion = conversion_of(seen, horizon, level, "conversion_table")
    at, planned = conversion.at_horizon, planned_shares(plan, read.stages)[found.stage]
    shrunk = shrunk_to_plan(at.advanced, at.effective, planned, strength, level)
    return ConversionTable(
        stage=np.array([*read.stages, None], dtype=object)[found.stage],
        by=found.by,
        at=at,
        dwell={q: conversion.dwell(q) for q in quantiles},
        planned=planned,
        shrunk=shrunk,
        conversion=conversion,
        findings=(
            *trials.findings,
            *_unvisited(read),
            *conversion.findings,
            *shrunk.findings,
        ),
    )


@attrs.frozen(eq=False)
class _Visits:
    """Visits as read, one per row."""

    days: Floats
    outcome: Codes
    stage: Codes
    stages: tuple[str, ...]
    entered: Floats | None


def _read(
    visits: Columns,
    named: Named,
    stage: str,
    stages: Sequence[str] | None,
    plan: Mapping[str, float | None] | None,
    *,
    began: bool,
) -> _Visits:
    time = floats(visits, named.durations)
    refuse_below_0(time, named)
    outcomes = read_outcomes(pick(visits, named.outcomes), named.outcomes)
    place, names = staged(visits, stage, stages, plan)
    since = floats(visits, named.entered) if began else None
    given = {named.durations: time, named.outcomes: outcomes, stage: place}
    common_length(given if since is None else {**given, named.entered: since})
    return _Visits(time, outcomes, place, names, since)


def _observed(read: _Visits, trials: Trials, found: TableGroups, named: Named) -> Observations:
    """Take the visits that count as trials for observations, in the groups of the table."""
    return observations(
        trials.days,
        read.outcome[trials.rows],
        n_causes=LOST,
        groups=(found.codes, found.names(read.stages)),
        entered=None if read.entered is None else read.entered[trials.entered_rows],
        named=attrs.evolve(named, rows=trials.rows),
    )


def _unvisited(read: _Visits) -> tuple[Finding, ...]:
    """Tell of stages that are named and have no visit: they may be misspelt."""
    visited = set(np.unique(read.stage).tolist())
    none = [name for i, name in enumerate(read.stages) if i not in visited]
    said = f"{counted(len(none), 'named stage')} without a visit"
    return note("stage_without_visits", said, len(none), "stage", "info", examples=none)


def _refuse_none(horizon: object) -> None:
    if horizon is None:
        raise SpecError.from_field(
            "conversion_table(horizon)",
            "must be a time in the stage",
            horizon,
            "say by when deals are to have advanced: rows are compared at one time.",
        )


def _quantiles(dwell: Any) -> tuple[float, ...]:
    given = (dwell,) if is_scalar(dwell) else dwell
    return tuple(checked_share(q, "conversion_table(dwell)") for q in given)
