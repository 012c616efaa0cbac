"""What plans, tasks and contacts say of each judged account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from keyaccount._columns import Bools, Objects
from keyaccount.cli.found import Found
from keyaccount.findings import Finding
from keyaccount.program.plan import check_plans, plan_template
from keyaccount.program.tasks import task_status, upkeep
from keyaccount.stats.sums import group_min

__all__ = ["contacted", "planned", "tasked"]

Log = Mapping[str, Any]
_TIERS = ("strategic", "important", "other")
_FIGURES = ("resources", "expected_return", "concession")
_JUDGED = ("holds", "late")


def planned(log: Log, columns: Mapping[str, Objects], day: date) -> Found:
    """Check the plans of all accounts; an account without any has none that holds."""
    rows = _plan_rows(log)
    tier = "tier" if _are_tiers(columns.get("tier")) else None
    figures = {name: name for name in _FIGURES if name in columns}
    read = [name for name in (tier, *figures) if name is not None]
    found = check_plans(
        {"account": columns["id"], **{name: columns[name] for name in read}},
        goals=rows,
        initiatives={name: column[_is_initiative(log)] for name, column in rows.items()},
        templates=plan_template("other") if tier is None else [plan_template(t) for t in _TIERS],
        as_of=day,
        tier=tier,
        **figures,
    )
    given = {name: np.asarray(found.columns()[name], dtype=np.float64) for name in _JUDGED}
    return Found(given, (*found.findings, *(_one_template(len(found)) if tier is None else ())))


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


def _are_tiers(column: Objects | None) -> bool:
    """Say whether accounts have a tier that there is a template for."""
    tiers = set() if column is None else set(column.tolist()) - {None}
    return bool(tiers) and tiers <= set(_TIERS)


def _one_template(n: int) -> tuple[Finding, ...]:
    message = "plans are held to the template 'other': accounts have no tier of the programme"
    where = "plans"
    return (Finding(code="plan_template", message=message, count=n, where=where, severity="info"),)


def _any_told(row: tuple[Any, ...]) -> bool:
    return any(cell is not None and cell == cell for cell in row)  # noqa: PLR0124 - NaT


def tasked(log: Log, ids: Objects, day: date, stalled_after: float | None) -> Found:
    """Say how the core tasks of each account stand; unknown where nobody speaks of it."""
    found = task_status(
        log,
        as_of=day,
        stalled_after=stalled_after,
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


def contacted(log: Log, ids: Objects, day: date, every: float | None) -> Found:
    """Say how long ago each account was contacted, and whether that is too long."""
    if every is None:
        message = (
            "whether contacts are often enough is not judged: say with --contact-every how many "
            "days may lie between them, for the method gives no figure"
        )
        where = "contact_overdue"
        told = Finding(code="rhythm_unknown", message=message, count=len(ids), where=where)
        return Found({"days_since_contact": _since(log, ids, day)}, (told,))
    channels = log.get("channel", np.full(len(log["account"]), None, dtype=object))
    rows = {"account": log["account"], "channel": channels, "date": log["date"]}
    found = upkeep(rows, rhythm=every, as_of=day, accounts={"account": ids})
    overdue = found.overdue.astype(np.float64)
    columns = {"days_since_contact": found.since, "contact_overdue": overdue}
    return Found({**columns, "routine": overdue == 0.0}, found.findings)


def _since(log: Log, ids: Objects, day: date) -> Objects:
    """Count the days since the last contact by the day; NaN where there is none."""
    place = {account: row for row, account in enumerate(ids.tolist())}
    age = (np.datetime64(day, "D") - log["date"]).astype(np.float64)
    age[np.isnat(log["date"]) | (age < 0.0)] = np.nan
    codes = np.array([place[account] for account in log["account"].tolist()], dtype=np.int64)
    return group_min(age, codes, len(ids))
