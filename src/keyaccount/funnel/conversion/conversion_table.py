"""`conversion_table`: conversion per stage, and per owner, team, segment or cohort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from keyaccount._columns import Codes, Columns, common_length, floats, is_scalar, pick
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, counted
from keyaccount.funnel.conversion.outcomes import LOST, read_outcomes
from keyaccount.funnel.conversion.plan import planned_shares, shrunk_to_plan
from keyaccount.funnel.conversion.stage_conversion import conversion_of
from keyaccount.funnel.conversion.table import ConversionTable
from keyaccount.funnel.conversion.table_groups import grouped, staged
from keyaccount.funnel.conversion.trials import Reentry, trials_of
from keyaccount.stats._levels import checked_share
from keyaccount.stats.survival.observations import Named, observations, refuse_below_0

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
    time = floats(visits, days)
    refuse_below_0(time, Named(durations=days))
    outcomes = read_outcomes(pick(visits, outcome), outcome)
    place, names = staged(visits, stage, stages, plan)
    began = {} if entered is None else {entered: floats(visits, entered)}
    common_length({days: time, outcome: outcomes, stage: place, **began})
    trials = trials_of(visits, time, place, reentry=reentry, deal=deal, order=order)
    found = grouped(visits, by, place, n_stages=len(names), rows=trials.rows)
    since = None if entered is None else began[entered][trials.entered_rows]
    seen = observations(
        trials.days,
        outcomes[trials.rows],
        n_causes=LOST,
        groups=(found.codes, found.names(names)),
        entered=since,
        named=Named(days, outcome, entered or "entered", "stage or group", trials.rows),
    )
    conversion = conversion_of(seen, horizon, level, "conversion_table")
    at, planned = conversion.at_horizon, planned_shares(plan, names)[found.stage]
    shrunk = shrunk_to_plan(at.advanced, at.effective, planned, strength, level)
    return ConversionTable(
        stage=np.array([*names, None], dtype=object)[found.stage],
        by=found.by,
        at=at,
        dwell={q: conversion.dwell(q) for q in quantiles},
        planned=planned,
        shrunk=shrunk,
        conversion=conversion,
        findings=(
            *trials.findings,
            *_unvisited(names, place),
            *conversion.findings,
            *shrunk.findings,
        ),
    )


def _unvisited(names: Sequence[str], place: Codes) -> tuple[Finding, ...]:
    """Tell of stages that are named and have no visit: they may be misspelt."""
    visited = set(np.unique(place).tolist())
    none = [name for i, name in enumerate(names) if i not in visited]
    if not none:
        return ()
    return (
        Finding(
            code="stage_without_visits",
            message=f"{counted(len(none), 'named stage')} without a visit",
            count=len(none),
            where="stage",
            severity="info",
            examples=tuple(none[:5]),
        ),
    )


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
