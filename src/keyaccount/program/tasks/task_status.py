"""`task_status`: how the eight core tasks stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Columns, Labels
from keyaccount._validators import exact_float, is_finite
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, counted
from keyaccount.program.book import (
    Keys,
    about,
    day_given,
    free_codes,
    marked,
    optional_labels,
    read_keys,
    same_length,
)
from keyaccount.program.tasks.core_tasks import STATUS_COLUMNS, core_tasks
from keyaccount.program.tasks.status import TaskStatus
from keyaccount.program.tasks.task_log import TaskLog, latest, read_tasks
from keyaccount.program.term import Term, one_spelling, terms_given

__all__ = ["task_status"]


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
        task counts; of several of one day, the least advanced. Its age runs from the first row
        since which the status is the same: saying it again moves nothing.
    as_of
        The day; what was set after it is left out, with a finding.
    stalled_after
        Days after which a task that is under way has stalled. None: none has. There is no default:
        the method gives no figure. Of a task under way without a date it cannot be said, which is
        told.
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
    wanted = _core(core)
    _need_accounts(team, accounts)
    names = {"account": account, "task": task, "status": status, "date": date, "evidence": evidence}
    log = read_tasks(tasks, names, wanted, day)
    book = read_keys(log.account, accounts, account, "account")
    found = _reckoned(log, book, wanted, (day, limit))
    teams = _teams(accounts, team, len(book))
    found = attrs.evolve(found, team=teams, evidence_given=evidence is not None)
    return attrs.evolve(found, findings=(*book.findings, *log.findings, *_findings(found)))


def _core(core: Any) -> tuple[Term, ...]:
    found: tuple[Term, ...] = (
        core_tasks() if core is None else terms_given(core, Term, "task_status(core)")
    )
    free_codes(found, STATUS_COLUMNS, "task_status(core)")
    return found


def _need_accounts(team: object, accounts: Columns | None) -> None:
    if team is not None and accounts is None:
        hint = "give accounts=, the table that holds it."
        rule = "is a column of accounts, which are not given"
        raise SpecError.from_field("task_status(team)", rule, team, hint)


def _limit(raw: Any) -> float:
    limit: Any = np.nan if raw is None else exact_float(raw)
    if raw is not None and (not is_finite(limit) or limit <= 0.0):
        rule = "must be a number of days above 0"
        hint = "leave it out where nothing counts as stalled."
        raise SpecError.from_field("task_status(stalled_after)", rule, raw, hint)
    found: float = limit
    return found


def _reckoned(
    log: TaskLog, book: Keys, tasks: tuple[Term, ...], days: tuple[np.datetime64, float]
) -> TaskStatus:
    """Take the row that counts for each account and task."""
    n, k = len(book), len(tasks)
    rows = np.flatnonzero(log.counts & (book.rows >= 0))
    cells = book.rows[rows] * k + log.task[rows]
    which, first = latest(cells, log, rows)
    begun, rows, cells = rows[first], rows[which], cells[which]
    status, proof = np.full(n * k, -1, dtype=np.int64), np.full(n * k, -1, dtype=np.int64)
    when, said = (np.full(n * k, "NaT", dtype="datetime64[D]") for _ in range(2))
    status[cells], proof[cells] = log.status[rows], log.proof[rows]
    when[cells], said[cells] = log.when[begun], log.when[rows]
    gone = np.where(np.isnat(when), np.nan, (days[0] - when).astype(np.float64))
    return TaskStatus(
        account=book.ids,
        tasks=tasks,
        status=status.reshape(n, k),
        date=when.reshape(n, k),
        last_confirmed=said.reshape(n, k),
        age=gone.reshape(n, k),
        proof=proof.reshape(n, k),
        proofs=log.proofs,
        evidence_given=False,
        stalled_after=days[1],
        team=None,
    )


def _teams(accounts: Columns | None, team: str | None, n: int) -> Labels | None:
    given = None if accounts is None else optional_labels(accounts, team)
    found = None if given is None else one_spelling(given)
    same_length(account=np.empty(n), team=found)
    return found


def _findings(found: TaskStatus) -> tuple[Finding, ...]:
    """Tell task by task; without a limit an undated one matters little."""
    told: tuple[Finding, ...] = ()
    undated = "info" if np.isnan(found.stalled_after) else "warning"
    for j, task in enumerate(found.task_codes):
        since = f"where {task} is under way since an unknown day: nobody can say whether it stalled"
        for code, mask, said, severity in (
            ("task_unknown", found.status < 0, f"of which nobody says how {task} stands", "info"),
            ("task_stalled", found.stalled, f"where {task} has stalled", "warning"),
            ("task_undated", found.is_undated, since, undated),
            (
                "task_unproven",
                found.is_unproven,
                f"where {task} is done without evidence",
                "warning",
            ),
        ):
            ids = marked(found.account, mask[:, j])
            message = f"{counted(len(ids), 'account')} {said}"
            told += about(code, message, ids, task, severity=severity)
    return told
