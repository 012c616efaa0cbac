"""`check_plans`: the plans of a whole book against what their tiers ask for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import (
    Bools,
    Codes,
    Columns,
    Floats,
    Objects,
    as_ids,
    common_length,
    labels,
    pick,
)
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, counted
from keyaccount.program.book import about, day_given, numbers
from keyaccount.program.plan.checked import PlanCheck
from keyaccount.program.plan.counting import initiative_counts, planned_goals
from keyaccount.program.plan.notes import plan_findings
from keyaccount.program.plan.template import PLAN_PARTS, PlanTemplate
from keyaccount.program.term import plain, sought
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
    initiative: str | None = None,
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
        What a plan must hold: one template for all, or one per tier; one without a tier is for
        accounts of any other.
    as_of
        The day: what is open and was due before it is late.
    account, goal
        Columns of ids of accounts, in all three tables, and of codes of goals, in the latter two;
        an initiative with a blank goal serves none.
    owner, due, done
        Columns of `initiatives`; blank, or a word such as "TBD": no owner, no date, not done.
    initiative
        Column of `initiatives`: what is done, in words; a blank one is a goal that nothing serves,
        no initiative. So one table may be both `goals` and `initiatives`. None: every row is one.
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
    held, which, tier_told = _templates(templates, accounts, tier, n)
    money, money_told = _money(accounts, (resources, expected_return, concession), n)
    goal_keys, served, goal_told = planned_goals(goals, accounts, account, goal)
    counts, told = initiative_counts(
        initiatives,
        accounts,
        (account, goal, owner, due, done, initiative),
        (goal_keys, served, day, n),
    )
    wanted = group_counts(goal_keys // max(len(served), 1), n)
    found = _reckoned(ids, (held, which), wanted, counts, money)
    read = tier_told + money_told + goal_told + told
    return attrs.evolve(found, findings=read + plan_findings(found))


def _reckoned(
    ids: Objects,
    templates: tuple[tuple[PlanTemplate, ...], Codes],
    goals: Codes,
    counts: dict[str, Any],
    money: tuple[Floats, Floats, Floats],
) -> PlanCheck:
    """Hold what each account has against what its tier asks for."""
    held, which = templates
    asked = (_least(held, which, "goals"), _least(held, which, "initiatives"))
    return PlanCheck(
        account=ids,
        goals=goals,
        resources=money[0],
        expected_return=money[1],
        concession=money[2],
        concession_limit=_limits(held, which, "concession_limit"),
        min_return=_limits(held, which, "min_return"),
        min_goals=asked[0],
        min_initiatives=asked[1],
        lacks=_lacks(held, which, (goals, *asked), counts, money[:2]),
        has_template=which >= 0,
        **counts,
    )


def _templates(
    given: Any, accounts: Columns, tier: str | None, n: int
) -> tuple[tuple[PlanTemplate, ...], Codes, tuple[Finding, ...]]:
    """Give the templates, and the one of each account; -1 where its tier has none."""
    if isinstance(given, PlanTemplate):
        return (given,), np.zeros(n, dtype=np.int64), ()
    held = _held(given)
    words = [one.tier for one in held]
    if tier is None:
        hint = "name the column of tiers with tier=, or give one template for all."
        name = "check_plans(templates)"
        raise SpecError.from_field(name, "needs the tier of each account", words, hint)
    tiers = labels(accounts, tier)
    common_length({"account": np.empty(n), tier: tiers})
    other = words.index("") if "" in words else -1
    own = sought(tiers, words)
    there = {plain(word) for word in ("", *tiers.labels)}
    unused = sorted(word for word in words if plain(word) not in there)
    said = f"{counted(len(unused), 'tier')} with a template and no account"
    which = np.where(own < 0, other, own)
    return held, which, about("unknown_tier", said, unused, tier, severity="info")


def _held(given: Any) -> tuple[PlanTemplate, ...]:
    """Take the templates, one per tier."""
    name = "check_plans(templates)"
    try:
        held = tuple(given)
    except TypeError:
        held = (given,)
    if not held or not all(isinstance(one, PlanTemplate) for one in held):
        raise SpecError.from_field(name, "must be PlanTemplates", given, "see plan_template.")
    words = [one.tier for one in held]
    if len({plain(word) for word in words}) < len(words):
        raise SpecError.from_field(name, "must be of different tiers", words, "keep one of them.")
    return held


def _money(
    accounts: Columns, names: tuple[str | None, str | None, str | None], n: int
) -> tuple[tuple[Floats, Floats, Floats], tuple[Finding, ...]]:
    """Read resources, expected return and concession; only a return may be below 0."""
    put, told = _figures(accounts, names[0], n, low=0.0)
    out, out_told = _figures(accounts, names[1], n, low=-np.inf)
    given, given_told = _figures(accounts, names[2], n, low=0.0)
    return (put, out, given), told + out_told + given_told


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
