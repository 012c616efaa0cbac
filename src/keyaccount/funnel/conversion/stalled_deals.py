"""`stalled_deals`: hold open deals against the plan, their like and their actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from keyaccount._columns import Bools, Columns, Floats, Labels
from keyaccount._validators import exact_float, is_finite
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, about_rows, counted
from keyaccount.funnel.conversion.comparable import Comparable, comparable
from keyaccount.funnel.conversion.conversion_curves import StageConversion
from keyaccount.funnel.conversion.in_stage import InStage, read_in_stage
from keyaccount.funnel.conversion.stall_rule import STALL_TESTS, StallRule
from keyaccount.funnel.conversion.stalled import StalledDeals
from keyaccount.stats.survival.variance import ALMOST

__all__ = ["stalled_deals"]


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
    read = read_in_stage(
        deals,
        stage=stage,
        days=days,
        outcome=outcome,
        group=group,
        missing_actions=missing_actions,
        ids=ids,
    )
    planned = _planned(planned_days, read.stage)
    # Nothing lies ahead of a decided deal.
    waiting = np.where(read.open, read.days, np.nan)
    like = comparable(conversion, read.compared, waiting, remaining=held.remaining)
    tests = _tests(read, planned, like, held)
    reasons = {name: read.open & tests[name] for name in STALL_TESTS if name in held.tests}
    findings = _findings(
        read,
        unplanned=np.isnan(planned) & (planned_days is not None),
        unlike=np.isnan(like.gone) & (conversion is not None),
        uncounted=np.isnan(read.missing_actions) & (missing_actions is not None),
    )
    return StalledDeals(
        stalled=np.logical_or.reduce([np.zeros(len(read.days), np.bool_), *reasons.values()]),
        open=read.open,
        stage=read.stage.texts(),
        days=read.days,
        planned_days=planned,
        over_plan=read.days / planned,
        outlasted=like.gone,
        remaining=like.ahead,
        remaining_at_least=like.at_least,
        missing_actions=read.missing_actions,
        reasons=reasons,
        rule=held,
        ids=read.ids,
        findings=(*read.findings, *findings),
    )


def _tests(read: InStage, planned: Floats, like: Comparable, rule: StallRule) -> dict[str, Bools]:
    """Hold every deal to each test, open or not."""
    allowed = rule.slow_ahead * planned
    return {
        "over_plan": read.days / planned > rule.over_plan,
        "outlasted": like.gone >= rule.outlasted - ALMOST,  # a share that rounding left short
        "slow_ahead": (like.ahead > allowed) | (np.isnan(like.ahead) & (like.at_least > allowed)),
        "missing_actions": read.missing_actions >= rule.missing_actions,
    }


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


def _findings(
    read: InStage, *, unplanned: Bools, unlike: Bools, uncounted: Bools
) -> tuple[Finding, ...]:
    known = np.isfinite(read.days)
    told: tuple[Finding, ...] = ()
    for code, what, which in (
        ("no_days", "no known time in the stage", ~known),
        ("no_plan", "no planned time for the stage", unplanned),
        ("no_comparison", "no comparable deals", known & unlike),
        ("no_actions", "no known count of missing actions", uncounted),
    ):
        rows = np.flatnonzero(read.open & which)
        told += about_rows(code, f"{counted(len(rows), 'open deal')} with {what}", rows)
    return told
