"""`task_status`: how the eight core tasks stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Columns, Floats, Labels, days, labels
from keyaccount._validators import exact_float, is_finite
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.ledger.told import about_rows, counted
from keyaccount.program.book import (
    about,
    day_given,
    free_codes,
    marked,
    optional_labels,
    read_keys,
    same_length,
)
from keyaccount.program.tasks.core_tasks import TASK_STATUSES, core_tasks
from keyaccount.program.tasks.status import TaskStatus
from keyaccount.program.term import Term, code_rows, terms_given

__all__ = ["task_status"]

_UNDER_WAY, _DONE = 1, 2


_COLUMNS = ("account", "completion", "completion_high", "stalled", "unproven", "unknown")


def task_status(
    tasks: Columns,
    *,
    as_of: Any,
    stalled_after: float | None = None,
    accounts: Columns | None = None,
    core: Iterable[Term] | None = None,
    account: str = "account",
    task: str = "task",
    status: str = "status",
    date: str = "date",
    evidence: str | None = None,
    team: str | None = None,
) -> TaskStatus:
    """Say of each account how its core tasks stand, which stalled, and which nobody speaks of.

    Parameters
    ----------
    tasks
        Columns, one row per account, task and time at which its status was set. The latest row of a
        task counts; of several of one day, the least advanced.
    as_of
        The day; what was set after it is left out, with a finding.
    stalled_after
        Days after which a task that is under way has stalled. None: none has. There is no default:
        the method gives no figure.
    accounts
        Columns, one row per account, with the column that `account` names. None: the accounts that
        have tasks, sorted by id.
    core
        The tasks there are; None: `core_tasks()`.
    account, task, status, date
        Columns of `tasks`: the id, the task and its status (not_started, under_way, done) in either
        language, and the day it was set. A row without a status says nothing; one without a date is
        older than all others, and of unknown age.
    evidence
        Column of `tasks`: what shows it, in words. None: evidence is not asked for.
    team
        Column of `accounts`: the team.

    Returns
    -------
    TaskStatus
        One row per account; `.by_team()` one per team.

    Raises
    ------
    ColumnNotFoundError, ColumnError
        A column is not there or holds something else.
    RowError
        A task or a status is none.
    DuplicateIdError
        An account occurs twice in `accounts`.
    SpecError
        An argument is not what it should be.

    Notes
    -----
    The tasks are those of key-account practice; status, evidence and date are choices of this
    library. The order of the rows does not matter.

    Examples
    --------
    >>> import keyaccount as ka
    >>> log = {"account": ["A"], "task": ["deal_winning_skills"], "status": ["done"]}
    >>> found = ka.task_status({**log, "date": ["2026-03-01"]}, as_of="2026-09-30")
    >>> found.completion.tolist(), found.completion_high.tolist()
    ([0.125], [1.0])
    """
    day = day_given(as_of, "task_status(as_of)")
    limit = _limit(stalled_after)
    wanted: tuple[Term, ...] = (
        core_tasks() if core is None else terms_given(core, Term, "task_status(core)")
    )
    free_codes(wanted, _COLUMNS, "task_status(core)")
    if team is not None and accounts is None:
        hint = "give accounts=, the table that holds it."
        rule = "is a column of accounts, which are not given"
        raise SpecError.from_field("task_status(team)", rule, team, hint)
    seen, what = labels(tasks, account), labels(tasks, task)
    state, when = labels(tasks, status), days(tasks, date)
    proof = optional_labels(tasks, evidence)
    same_length(account=seen, task=what, status=state, date=when, evidence=proof)
    book = read_keys(seen, accounts, account, "account")
    task_codes = code_rows(what, wanted, task)
    codes = code_rows(state, TASK_STATUSES, status)
    later = when > day
    counts = (book.rows >= 0) & (task_codes >= 0) & (codes >= 0) & ~later
    n, k = len(book), len(wanted)
    cell = book.rows[counts] * k + task_codes[counts]
    age = (day - when[counts]).astype(np.float64)
    gone = np.where(np.isnat(when[counts]), np.inf, age)
    proven = np.zeros(len(cell), np.bool_) if proof is None else proof.codes[counts] >= 0
    latest = _latest(cell, gone, codes[counts], proven)
    found = _found(n * k, (cell[latest], codes[counts][latest], gone[latest], proven[latest]))
    teams = _teams(accounts, team, n)
    shown = found[1].reshape(n, k)
    stalled = (found[0] == _UNDER_WAY) & (found[2] > limit)
    result = TaskStatus(
        account=book.ids,
        tasks=wanted,
        status=found[0].reshape(n, k),
        evidence=shown,
        evidence_given=proof is not None,
        age=found[2].reshape(n, k),
        stalled=stalled.reshape(n, k),
        team=teams,
    )
    told = book.findings + _about_rows(later, when, codes, str(day))
    return attrs.evolve(result, findings=told + _findings(result))


def _limit(raw: Any) -> float:
    limit: Any = np.inf if raw is None else exact_float(raw)
    if raw is not None and (not is_finite(limit) or limit <= 0.0):
        rule = "must be a number of days above 0"
        hint = "leave it out where nothing counts as stalled."
        raise SpecError.from_field("task_status(stalled_after)", rule, raw, hint)
    found: float = limit
    return found


def _latest(cell: Codes, gone: Floats, status: Codes, proven: Bools) -> Codes:
    """Find the row that counts for each task: the youngest, then the least advanced and proven."""
    order = np.lexsort((proven, status, gone, cell))
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = cell[order][1:] != cell[order][:-1]
    return order[first]


def _found(size: int, rows: tuple[Codes, Codes, Floats, Bools]) -> tuple[Codes, Bools, Floats]:
    cell, status, gone, proven = rows
    states = np.full(size, -1, dtype=np.int64)
    evidence, age = np.zeros(size, dtype=np.bool_), np.full(size, np.nan)
    states[cell], evidence[cell] = status, proven
    age[cell] = np.where(np.isinf(gone), np.nan, gone)
    return states, evidence, age


def _teams(accounts: Columns | None, team: str | None, n: int) -> Labels | None:
    found = None if accounts is None else optional_labels(accounts, team)
    same_length(account=np.empty(n), team=found)
    return found


def _about_rows(later: Bools, when: Any, status: Codes, day: str) -> tuple[Finding, ...]:
    told: tuple[Finding, ...] = ()
    for code, which, said in (
        ("later", later, f"after {day}, left out"),
        ("no_status", status < 0, "without a status, which says nothing"),
        ("no_date", np.isnat(when) & (status >= 0), "without a date, of unknown age"),
    ):
        rows = np.flatnonzero(which)
        message = f"{counted(len(rows), 'row')} {said}"
        severity: Literal["info", "warning"] = "info" if code == "later" else "warning"
        told += about_rows(code, message, rows, severity=severity)
    return told


def _findings(found: TaskStatus) -> tuple[Finding, ...]:
    told: tuple[Finding, ...] = ()
    for j, task in enumerate(found.task_codes):
        for code, mask, said in (
            ("task_unknown", found.status < 0, f"of which nobody says how {task} stands"),
            ("task_stalled", found.stalled, f"where {task} has stalled"),
            ("task_unproven", found.is_unproven, f"where {task} is done without evidence"),
        ):
            ids = marked(found.account, mask[:, j])
            severity = "info" if code == "task_unknown" else "warning"
            message = f"{counted(len(ids), 'account')} {said}"
            told += about(code, message, ids, task, severity=severity)
    return told
