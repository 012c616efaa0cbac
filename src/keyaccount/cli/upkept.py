"""What plans, tasks and contacts say of each judged account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Objects
from keyaccount.cli.found import Found
from keyaccount.findings import Finding
from keyaccount.program.plan import PlanTemplate, check_plans, plan_template
from keyaccount.program.rhythm import Rhythm
from keyaccount.program.tasks import task_status, upkeep
from keyaccount.program.term import Term
from keyaccount.stats.sums import group_min

__all__ = ["contacted", "planned", "tasked"]

Log = Mapping[str, Any]
_TIERS = ("strategic", "important", "other")
_FIGURES = ("resources", "expected_return", "concession")
_JUDGED = ("holds", "late")


def planned(
    log: Log, columns: Mapping[str, Objects], day: date, asked: tuple[PlanTemplate, ...] = ()
) -> Found:
    """Check the plans of all accounts; an account without any has none that holds.

    They are held to the templates that are asked for, else to those of the library.
    """
    rows = _plan_rows(log)
    templates = asked or tuple(map(plan_template, _TIERS))
    tier = "tier" if _are_tiers(columns.get("tier"), templates) else None
    used = templates if tier is not None else _for_all(templates)
    figures = {name: name for name in _FIGURES if name in columns}
    read = [name for name in (tier, *figures) if name is not None]
    found = check_plans(
        {"account": columns["id"], **{name: columns[name] for name in read}},
        goals=rows,
        initiatives={name: column[_is_initiative(log)] for name, column in rows.items()},
        templates=used,
        as_of=day,
        tier=tier,
        **figures,
    )
    given = {name: np.asarray(found.columns()[name], dtype=np.float64) for name in _JUDGED}
    alone = _one_template(len(found), used) if isinstance(used, PlanTemplate) else ()
    return Found(given, (*found.findings, *alone))


def _plan_rows(log: Log) -> dict[str, Objects]:
    """Give the columns of goals and initiatives, blank where nobody gave them."""
    n = len(log["account"])
    blank = np.full(n, None, dtype=object)
    return {
        "account": log["account"],
        "goal": log.get("goal", blank),
        "owner": log.get("owner", blank),
        "due": log.get("due", np.full(n, "NaT", dtype="datetime64[D]")),
        "done": np.array([said is True for said in log.get("done", blank)], dtype=np.bool_),
    }


def _is_initiative(log: Log) -> Bools:
    """Say which rows tell more than a goal."""
    told = [log[name] for name in ("initiative", "owner", "due", "done") if name in log]
    said = [_any_told(row) for row in zip(*told, strict=True)] if told else []
    return np.array(said or [False] * len(log["account"]), dtype=np.bool_)


def _are_tiers(column: Objects | None, templates: tuple[PlanTemplate, ...]) -> bool:
    """Say whether accounts have a tier, and each of these has a template."""
    tiers = set() if column is None else set(column.tolist()) - {None}
    known = {template.tier for template in templates}
    return bool(tiers) and (tiers <= known or "" in known)


def _for_all(templates: tuple[PlanTemplate, ...]) -> PlanTemplate:
    """Choose the template for accounts without a tier: of any other, else the last."""
    by_tier = {template.tier: template for template in templates}
    return by_tier.get("", by_tier.get("other", templates[-1]))


def _one_template(n: int, template: PlanTemplate) -> tuple[Finding, ...]:
    message = (
        f"plans are held to the template {template.tier!r}: accounts have no tier of the programme"
    )
    where = "plans"
    return (Finding(code="plan_template", message=message, count=n, where=where, severity="info"),)


def _any_told(row: tuple[Any, ...]) -> bool:
    return any(cell is not None and cell == cell for cell in row)  # noqa: PLR0124 - NaT


def tasked(
    log: Log,
    ids: Objects,
    day: date,
    stalled_after: float | None,
    core: tuple[Term, ...] | None = None,
) -> Found:
    """Say how the core tasks of each account stand; unknown where nobody speaks of it."""
    found = task_status(
        log,
        as_of=day,
        stalled_after=stalled_after,
        core=core,
        accounts={"account": ids},
        evidence="evidence" if "evidence" in log else None,
    )
    known = (found.status >= 0).any(axis=1)
    columns: dict[str, Objects] = {"tasks_completion": np.where(known, found.completion, np.nan)}
    told = found.findings
    if stalled_after is None:
        message = (
            "which tasks have stalled is not judged: say with --stalled-after after how many days "
            "one has, for the method gives no figure"
        )
        count, where = len(ids), "tasks_stalled"
        told = (*told, Finding(code="stall_unknown", message=message, count=count, where=where))
    else:
        stalled = np.count_nonzero(found.stalled, axis=1).astype(np.float64)
        columns["tasks_stalled"] = np.where(known, stalled, np.nan)
    return Found(columns, told)


def contacted(
    log: Log,
    columns: Mapping[str, Objects],
    day: date,
    every: float | tuple[Rhythm, ...] | None,
    channels: tuple[Term, ...] | None = None,
) -> Found:
    """Say how long ago each account was contacted, and whether that is too long."""
    ids, tiers = columns["id"], columns.get("tier")
    usable = _without_tiers(every) if tiers is None else every
    if usable is None:
        given = Found({"days_since_contact": _since(log, ids, day)})
        return attrs.evolve(given, findings=(_no_rhythm(len(ids), by_tier=every is not None),))
    said = log.get("channel", np.full(len(log["account"]), None, dtype=object))
    rows = {"account": log["account"], "channel": said, "date": log["date"]}
    tier = None if tiers is None or isinstance(usable, float) else "tier"
    found = upkeep(
        rows,
        rhythm=usable,
        as_of=day,
        accounts={"account": ids, **({} if tiers is None else {"tier": tiers})},
        channels=channels,
        tier=tier,
    )
    overdue = found.overdue.astype(np.float64)
    columns = {"days_since_contact": found.since, "contact_overdue": overdue}
    return Found({**columns, "routine": overdue == 0.0}, found.findings)


def _without_tiers(
    every: float | tuple[Rhythm, ...] | None,
) -> float | tuple[Rhythm, ...] | None:
    """Leave out what is asked for by tier, where accounts have none."""
    if not isinstance(every, tuple):
        return every
    return tuple(rhythm for rhythm in every if not rhythm.tier) or None


def _no_rhythm(n: int, *, by_tier: bool) -> Finding:
    why = (
        "the playbook says it by tier, and accounts have no column 'tier'"
        if by_tier
        else "say with --contact-every how many days may lie between them, for the method gives no "
        "figure"
    )
    message = f"whether contacts are often enough is not judged: {why}"
    return Finding(code="rhythm_unknown", message=message, count=n, where="contact_overdue")


def _since(log: Log, ids: Objects, day: date) -> Objects:
    """Count the days since the last contact by the day; NaN where there is none."""
    place = {account: row for row, account in enumerate(ids.tolist())}
    age = (np.datetime64(day, "D") - log["date"]).astype(np.float64)
    age[np.isnat(log["date"]) | (age < 0.0)] = np.nan
    codes = np.array([place[account] for account in log["account"].tolist()], dtype=np.int64)
    return group_min(age, codes, len(ids))
