"""`stalled_deals`: hold open deals against the plan, their like and their actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from keyaccount._columns import (
    Bools,
    Codes,
    Columns,
    Floats,
    Labels,
    as_ids,
    common_length,
    floats,
    labels,
    pick,
)
from keyaccount._validators import exact_float, is_finite
from keyaccount.errors import RowError, SpecError
from keyaccount.findings import Finding, about_rows, counted
from keyaccount.funnel.conversion.conversion_curves import StageConversion
from keyaccount.funnel.conversion.stall_rule import STALL_TESTS, StallRule
from keyaccount.funnel.conversion.stalled import StalledDeals
from keyaccount.funnel.forecast.reading import DEAL_WORDS, column_if_there, read_outcomes
from keyaccount.funnel.rules import LOST, OPEN, WON
from keyaccount.stats.survival.variance import ALMOST

__all__ = ["stalled_deals"]

_WORDS = {**DEAL_WORDS, "advanced": WON, "regressed": LOST}
"""What a deal is, and how a stay in a stage ended: only what is open matters here."""


def stalled_deals(
    deals: Columns,
    *,
    stage: str = "stage",
    days: str = "days",
    outcome: str | None = "outcome",
    planned_days: Mapping[str, float | None] | None = None,
    conversion: StageConversion | None = None,
    group: str | None = None,
    missing_actions: str | None = None,
    ids: str | None = None,
    rule: StallRule | None = None,
) -> StalledDeals:
    """Say of each open deal whether it is stalled: against the plan, its like, and its actions.

    Parameters
    ----------
    deals
        Columns, one row per deal: a `Standing`, or any table of deals.
    stage, days
        Columns: the stage, and the time spent in it so far, at least 0.
    outcome
        Column of ``"open"``, ``"won"`` or ``"lost"`` (or 0, 1 and 2), or of how stays ended, as
        `Visits` has it; only open deals can be stalled, and one without an outcome is open. Read
        under its usual name only where the table has it. None: all deals are open.
    planned_days
        Planned time by stage; None for a stage without one.
    conversion
        What became of comparable deals: a `StageConversion`, by stage as a rule.
    group
        Column that names the group of `conversion` each deal is compared with. None: the stage. A
        conversion without groups is compared with every deal.
    missing_actions
        Column: how many actions of the stage are missing, at least 0. They are shown; they make a
        deal stalled only where the rule names them among its tests.
    ids
        Column of ids.
    rule
        When a deal counts as stalled; None: `StallRule` with its defaults, which are choices of
        this library.

    Returns
    -------
    StalledDeals
        Flags with their reasons, aligned with the input.

    Raises
    ------
    ColumnNotFoundError, ColumnError
        A column is not there or holds something else.
    RowError
        A time or count is below 0, an outcome is none of those, or an id is missing.
    SpecError
        A planned time is not above 0, an option is not what it should be, or there is nothing to
        judge by.

    Notes
    -----
    The remaining time is the conditional quantile of Kaplan and Meier's curve: the smallest ``u``
    with ``S(spent + u) ≤ (1 − q)·S(spent)``. Row-wise, given the curves.

    Examples
    --------
    >>> import keyaccount as ka
    >>> past = ka.stage_conversion([2, 3, 5, 8, 30], [1, 1, 2, 1, 1], groups=["confirm"] * 5)
    >>> found = ka.stalled_deals(
    ...     {"stage": ["confirm", "confirm"], "days": [1, 9]},
    ...     planned_days={"confirm": 7},
    ...     conversion=past,
    ... )
    >>> found.outlasted, found.remaining, found.reason
    (array([0. , 0.8]), array([ 4., 21.]), array([None, 'over_plan, slow_ahead'], dtype=object))
    """
    held = _held(rule)
    _refuse_other(conversion)
    _refuse_no_test(planned_days, conversion, missing_actions, held)
    where = labels(deals, stage)
    spent = _at_least_0(floats(deals, days), days)
    is_open, about_outcomes = _open(deals, outcome, len(spent))
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
    planned = _planned(planned_days, where)
    # Nothing lies ahead of a decided deal.
    waiting = np.where(is_open, spent, np.nan)
    outlasted, ahead, at_least = _beside(conversion, compared, waiting, held)
    over_plan: Floats = spent / planned
    allowed = held.slow_ahead * planned
    tests: dict[str, Bools] = {
        "over_plan": over_plan > held.over_plan,
        "outlasted": outlasted >= held.outlasted - ALMOST,  # a share that rounding left short
        "slow_ahead": (ahead > allowed) | (np.isnan(ahead) & (at_least > allowed)),
        "missing_actions": actions >= held.missing_actions,
    }
    reasons = {name: is_open & tests[name] for name in STALL_TESTS if name in held.tests}
    return StalledDeals(
        stalled=np.logical_or.reduce([np.zeros(len(spent), np.bool_), *reasons.values()]),
        open=is_open,
        stage=where.texts(),
        days=spent,
        planned_days=planned,
        over_plan=over_plan,
        outlasted=outlasted,
        remaining=ahead,
        remaining_at_least=at_least,
        missing_actions=actions,
        reasons=reasons,
        rule=held,
        ids=known,
        findings=(
            *about_outcomes,
            *_findings(
                spent,
                is_open,
                unplanned=np.isnan(planned) & (planned_days is not None),
                unlike=np.isnan(outlasted) & (conversion is not None),
                uncounted=np.isnan(actions) & (missing_actions is not None),
            ),
        ),
    )


def _held(rule: object) -> StallRule:
    if rule is None:
        return StallRule()
    if not isinstance(rule, StallRule):
        raise SpecError.from_field(
            "stalled_deals(rule)", "must be a StallRule", rule, "leave it out for the defaults."
        )
    return rule


def _refuse_other(conversion: object) -> None:
    if conversion is not None and not isinstance(conversion, StageConversion):
        raise SpecError.from_field(
            "stalled_deals(conversion)",
            "must be a StageConversion",
            type(conversion).__name__,
            "see stage_conversion; a ConversionTable holds one as table.conversion.",
        )


def _refuse_no_test(
    planned_days: object, conversion: object, missing_actions: object, rule: StallRule
) -> None:
    """Refuse to find no deal stalled only because there was nothing to judge by."""
    if planned_days is not None or conversion is not None:
        return
    shown_only = bool(rule.tests) and "missing_actions" not in rule.tests
    if missing_actions is None or shown_only:
        hint = (
            "give planned_days= or conversion=."
            if missing_actions is None
            else 'missing actions count with rule=ka.StallRule(tests=("missing_actions",)).'
        )
        field = "stalled_deals"
        raise SpecError.from_field(field, "needs something to judge by", missing_actions, hint)


def _open(deals: Columns, name: str | None, rows: int) -> tuple[Bools, tuple[Finding, ...]]:
    """Say which deals are open; without a column of outcomes all are."""
    column = column_if_there(deals, name, "outcome")
    if column is None:
        return np.ones(rows, dtype=np.bool_), ()
    state, findings = read_outcomes(pick(deals, column), column, _WORDS)
    return state == OPEN, findings


def _planned(plan: object, where: Labels) -> Floats:
    given: object = {} if plan is None else plan
    if not isinstance(given, Mapping):
        raise SpecError.from_field(
            "stalled_deals(planned_days)",
            "must map stages to planned days",
            plan,
            'write for instance {"understand": 7, "confirm": 7}.',
        )
    days: Mapping[str, Any] = given
    return np.array([*(_days(days, label) for label in where.labels), np.nan])[where.codes]


def _days(plan: Mapping[str, Any], stage: str) -> float:
    value = exact_float(plan.get(stage))
    if value is None:
        return np.nan
    if not is_finite(value) or value <= 0.0:
        raise SpecError.from_field(
            f"stalled_deals(planned_days)[{stage!r}]",
            "must be a time above 0",
            value,
            "give the planned days, and None where nothing is planned.",
        )
    return float(value)


def _at_least_0(values: Floats, name: str) -> Floats:
    known = np.where(np.isfinite(values), values, np.nan)
    wrong = np.flatnonzero(known < 0.0)
    if len(wrong):
        raise RowError.from_rows(
            name,
            "are below 0" if len(wrong) > 1 else "is below 0",
            wrong.tolist(),
            known[wrong[:5]].tolist(),
            "look for days that were swapped, or leave what is unknown empty.",
        )
    return known + 0.0


def _beside(
    conversion: StageConversion | None,
    compared: Labels,
    spent: Floats,
    rule: StallRule,
) -> tuple[Floats, Floats, Floats]:
    """Give the share of comparable deals gone by now, the time ahead, and its lower bound."""
    if conversion is None:
        unknown = np.full(len(spent), np.nan)
        return unknown, unknown, unknown
    codes = _compared(conversion, compared)
    curve = conversion.dwell_curve
    still = curve.share(codes, spent)
    ahead = curve.remaining(spent, rule.remaining, group=codes)
    until = np.append(conversion.followed_until, np.nan)[codes]
    at_least = np.where(np.isnan(ahead) & (still > 0.0), np.maximum(until - spent, 0.0), np.nan)
    return 1.0 - still, ahead, at_least


def _compared(conversion: StageConversion, found: Labels) -> Codes:
    """Give the group of the curves that each deal is compared with; -1 where there is none."""
    if not conversion.groups:
        return np.zeros(len(found), dtype=np.int64)
    position = {label: i for i, label in enumerate(conversion.groups)}
    table = np.array([*(position.get(label, -1) for label in found.labels), -1], dtype=np.int64)
    return table[found.codes]


def _findings(
    spent: Floats,
    is_open: Bools,
    *,
    unplanned: Bools,
    unlike: Bools,
    uncounted: Bools,
) -> tuple[Finding, ...]:
    known = np.isfinite(spent)
    told: tuple[Finding, ...] = ()
    for code, what, which in (
        ("no_days", "no known time in the stage", ~known),
        ("no_plan", "no planned time for the stage", unplanned),
        ("no_comparison", "no comparable deals", known & unlike),
        ("no_actions", "no known count of missing actions", uncounted),
    ):
        rows = np.flatnonzero(is_open & which)
        told += about_rows(code, f"{counted(len(rows), 'open deal')} with {what}", rows)
    return told
