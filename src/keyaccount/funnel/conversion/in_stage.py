"""The deals that `stalled_deals` looks at: where each stands, since when, and what it lacks."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import (
    Bools,
    Columns,
    Floats,
    Labels,
    Objects,
    as_ids,
    common_length,
    floats,
    labels,
    pick,
    refuse_rows,
)
from keyaccount.findings import Finding
from keyaccount.funnel.forecast.reading import DEAL_WORDS, column_if_there, read_outcomes
from keyaccount.funnel.rules import LOST, OPEN, WON

__all__ = ["InStage", "read_in_stage"]

_WORDS = {**DEAL_WORDS, "advanced": WON, "regressed": LOST}
"""What a deal is, and how a stay in a stage ended: only what is open matters here."""


@attrs.frozen(eq=False, kw_only=True)
class InStage:
    """Deals in their stages, one per row."""

    stage: Labels
    days: Floats
    open: Bools
    compared: Labels
    missing_actions: Floats
    ids: Objects | None
    findings: tuple[Finding, ...]


def read_in_stage(
    deals: Columns,
    *,
    stage: str,
    days: str,
    outcome: str | None,
    group: str | None,
    missing_actions: str | None,
    ids: str | None,
) -> InStage:
    """Read the columns of deals; those that are not named are not asked for."""
    where = labels(deals, stage)
    spent = _at_least_0(floats(deals, days), days)
    is_open, findings = _open(deals, outcome, len(spent))
    compared = where if group is None else labels(deals, group)
    actions = (
        np.full(len(spent), np.nan)
        if missing_actions is None
        else _at_least_0(floats(deals, missing_actions), missing_actions)
    )
    known = None if ids is None else as_ids(pick(deals, ids), ids)
    named = (
        *((stage, where), (days, spent), (outcome, is_open)),
        *((group, compared), (missing_actions, actions)),
    )
    given: dict[str, Any] = {name: column for name, column in named if name is not None}
    common_length(given if known is None else {**given, str(ids): known})
    return InStage(
        stage=where,
        days=spent,
        open=is_open,
        compared=compared,
        missing_actions=actions,
        ids=known,
        findings=findings,
    )


def _open(deals: Columns, name: str | None, rows: int) -> tuple[Bools, tuple[Finding, ...]]:
    """Say which deals are open; without a column of outcomes all are."""
    column = column_if_there(deals, name, "outcome")
    if column is None:
        return np.ones(rows, dtype=np.bool_), ()
    state, findings = read_outcomes(pick(deals, column), column, _WORDS)
    return state == OPEN, findings


def _at_least_0(values: Floats, name: str) -> Floats:
    known = np.where(np.isfinite(values), values, np.nan)
    hint = "look for days that were swapped, or leave what is unknown empty."
    refuse_rows(name, known, known < 0.0, "are below 0", hint)
    return known + 0.0
