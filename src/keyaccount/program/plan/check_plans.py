"""`check_plans`: the plans of a whole book against what their tiers ask for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Columns, Floats, as_ids, common_length, labels, pick
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.ledger.told import counted
from keyaccount.program.book import about, day_given, marked, numbers
from keyaccount.program.plan.checked import PlanCheck
from keyaccount.program.plan.counting import initiative_counts, planned_goals
from keyaccount.program.plan.template import PLAN_PARTS, PlanTemplate
from keyaccount.stats.sums import group_counts

__all__ = ["check_plans"]


def check_plans(
    accounts: Columns,
    *,
    goals: Columns,
    initiatives: Columns,
    templates: PlanTemplate | Iterable[PlanTemplate],
    as_of: Any,
    account: str = "account",
    goal: str = "goal",
    owner: str = "owner",
    due: str = "due",
    done: str = "done",
    tier: str | None = None,
    resources: str | None = None,
    expected_return: str | None = None,
    concession: str | None = None,
) -> PlanCheck:
    """Say of each account what its plan lacks, what is late, and whether limits are kept.

    Parameters
    ----------
    accounts
        Columns, one row per account.
    goals
        Columns, one row per account and goal.
    initiatives
        Columns, one row per initiative.
    templates
        What a plan must hold: one template for all, or one per tier.
    as_of
        The day: what is open and was due before it is late.
    account, goal
        Columns of ids of accounts, in all three tables, and of codes of goals, in the latter two;
        an initiative with a blank goal serves none.
    owner, due, done
        Columns of `initiatives`; blank: no owner, no date, not done.
    tier
        Column of `accounts`, where there is a template per tier.
    resources, expected_return, concession
        Columns of `accounts`: what goes in, what should come out in the same unit, and what is
        conceded; missing: not stated.

    Returns
    -------
    PlanCheck
        One row per account, aligned with `accounts`.

    Raises
    ------
    ColumnNotFoundError, ColumnError
        A column is not there or holds something else.
    RowError
        Resources or concessions are below 0, or a flag is neither true nor false.
    DuplicateIdError
        An account occurs twice.
    SpecError
        A template is none, two are for one tier, or the tier of accounts is not named.

    Notes
    -----
    The parts are those of an account plan in key-account practice. Limits are the templates', which
    have none by default.

    Examples
    --------
    >>> import keyaccount as ka
    >>> found = ka.check_plans(
    ...     {"account": ["A", "B"], "tier": ["strategic", "other"], "spent": [10, 0]},
    ...     goals={"account": ["A", "B"], "goal": ["share", "entry"]},
    ...     initiatives={
    ...         "account": ["A", "B"],
    ...         "goal": ["share", "entry"],
    ...         "owner": ["li", None],
    ...         "due": ["2026-09-01", None],
    ...         "done": [True, False],
    ...     },
    ...     templates=[ka.plan_template("strategic"), ka.plan_template("other")],
    ...     as_of="2026-09-30",
    ...     tier="tier",
    ...     resources="spent",
    ... )
    >>> found.missing_parts.tolist(), found.done_share.tolist()
    (['expected_return', 'owners'], [1.0, 0.0])
    """
    day = day_given(as_of, "check_plans(as_of)")
    ids = as_ids(pick(accounts, account), account)
    n = len(ids)
    held, which = _templates(templates, accounts, tier, n)
    put, put_told = _figures(accounts, resources, n, low=0.0)
    out, out_told = _figures(accounts, expected_return, n, low=-np.inf)
    given, given_told = _figures(accounts, concession, n, low=0.0)
    goal_keys, served, goal_told = planned_goals(goals, accounts, account, goal)
    counts, told = initiative_counts(
        initiatives, accounts, (account, goal, owner, due, done), (goal_keys, served, day, n)
    )
    wanted = group_counts(goal_keys // max(len(served), 1), n)
    asked = (_least(held, which, "goals"), _least(held, which, "initiatives"))
    found = PlanCheck(
        account=ids,
        goals=wanted,
        resources=put,
        expected_return=out,
        concession=given,
        concession_limit=_limits(held, which, "concession_limit"),
        min_return=_limits(held, which, "min_return"),
        min_goals=asked[0],
        min_initiatives=asked[1],
        lacks=_lacks(held, which, (wanted, *asked), counts, (put, out)),
        has_template=which >= 0,
        initiatives=counts["initiatives"],
        idle_goals=counts["idle_goals"],
        stray=counts["stray"],
        unowned=counts["unowned"],
        undated=counts["undated"],
        late=counts["late"],
        done=counts["done"],
    )
    read = put_told + out_told + given_told + goal_told + told
    return attrs.evolve(found, findings=read + _findings(found))


def _templates(
    given: Any, accounts: Columns, tier: str | None, n: int
) -> tuple[tuple[PlanTemplate, ...], Codes]:
    """Give the templates, and the one of each account; -1 where its tier has none."""
    name = "check_plans(templates)"
    if isinstance(given, PlanTemplate):
        return (given,), np.zeros(n, dtype=np.int64)
    try:
        held = tuple(given)
    except TypeError:
        held = (given,)
    if not held or not all(isinstance(one, PlanTemplate) for one in held):
        raise SpecError.from_field(name, "must be PlanTemplates", given, "see plan_template.")
    words = [one.tier for one in held]
    if len(set(words)) < len(words):
        raise SpecError.from_field(name, "must be of different tiers", words, "keep one of them.")
    if tier is None:
        hint = "name the column of tiers with tier=, or give one template for all."
        raise SpecError.from_field(name, "needs the tier of each account", words, hint)
    tiers = labels(accounts, tier)
    common_length({"account": np.empty(n), tier: tiers})
    table = [words.index(t) if t in words else -1 for t in tiers.labels]
    return held, np.array([*table, -1], dtype=np.int64)[tiers.codes]


def _figures(
    accounts: Columns, name: str | None, n: int, *, low: float
) -> tuple[Floats, tuple[Finding, ...]]:
    if name is None:
        return np.full(n, np.nan), ()
    found, told = numbers(accounts, name, low=low)
    common_length({"account": np.empty(n), name: found})
    return found, told


def _limits(held: tuple[PlanTemplate, ...], which: Codes, name: str) -> Floats:
    stated = [getattr(one, name) for one in held]
    table = np.array([*(np.nan if one is None else one for one in stated), np.nan])
    found: Floats = table[which]
    return found


def _lacks(
    held: tuple[PlanTemplate, ...],
    which: Codes,
    least: tuple[Codes, Codes, Codes],
    counts: dict[str, Codes],
    money: tuple[Floats, Floats],
) -> Bools:
    """Mark the parts that the template asks for and that are not there."""
    goals, min_goals, min_initiatives = least
    some = counts["initiatives"] > 0
    there = {
        "goals": goals >= min_goals,
        "initiatives": counts["initiatives"] >= min_initiatives,
        "owners": some & (counts["unowned"] == 0),
        "due_dates": some & (counts["undated"] == 0),
        "resources": ~np.isnan(money[0]),
        "expected_return": ~np.isnan(money[1]),
    }
    found = np.zeros((len(goals), len(PLAN_PARTS)), dtype=np.bool_)
    for j, part in enumerate(PLAN_PARTS):
        asked = np.array([*(part in one.needs for one in held), False])[which]
        counts_here = part in {"goals", "initiatives"}  # a least number asks by itself
        found[:, j] = ~there[part] & (asked | counts_here)
    return found


def _least(held: tuple[PlanTemplate, ...], which: Codes, part: str) -> Codes:
    """Give the least number asked for: the one stated, else one where the part is needed."""
    table = [
        int(part in one.needs) if (least := getattr(one, f"min_{part}")) is None else least
        for one in held
    ]
    found: Codes = np.array([*table, 0], dtype=np.int64)[which]
    return found


def _findings(found: PlanCheck) -> tuple[Finding, ...]:
    told: tuple[Finding, ...] = ()
    for j, part in enumerate(PLAN_PARTS):
        ids = marked(found.account, found.lacks[:, j])
        fewer = "with fewer" if part in {"goals", "initiatives"} else "without"
        asked = " than asked for" if fewer == "with fewer" else ""
        said = f"{counted(len(ids), 'plan')} {fewer} {part}{asked}"
        told += about("plan_lacks", said, ids, part)
    for code, which, said in (
        ("late", found.late > 0, "with late initiatives"),
        ("idle_goals", found.idle_goals > 0, "with goals that no initiative serves"),
        ("stray", found.stray > 0, "with initiatives that serve no goal"),
        ("low_return", found.low_return, "of less return than the tier asks for"),
        ("return_unknown", found.return_unknown, "whose return for the resources is not known"),
        ("concession_unknown", found.concession_unknown, "with a limit and no known concession"),
        ("over_limit", found.over_limit, "with concessions above the limit of the tier"),
        ("no_template", ~found.has_template, "of a tier without a template"),
    ):
        ids = marked(found.account, which)
        told += about(code, f"{counted(len(ids), 'plan')} {said}", ids)
    return told
