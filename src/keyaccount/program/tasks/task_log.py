"""The log of tasks: which row says how a task of an account stands."""

from __future__ import annotations

from typing import Literal

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Columns, Days, Labels, days, labels
from keyaccount.findings import Finding, about_rows, counted
from keyaccount.program.book import optional_labels, ranked, same_length
from keyaccount.program.tasks.core_tasks import TASK_STATUSES
from keyaccount.program.term import Term, code_rows

__all__ = ["TaskLog", "latest", "read_tasks"]


@attrs.frozen(eq=False)
class TaskLog:
    """The rows of the log; `counts` marks those that say something by the day asked for."""

    account: Labels
    task: Codes
    status: Codes
    when: Days
    proof: Codes
    proofs: tuple[str, ...]
    counts: Bools
    findings: tuple[Finding, ...]


def read_tasks(
    table: Columns,
    names: dict[str, str | None],
    tasks: tuple[Term, ...],
    day: np.datetime64,
) -> TaskLog:
    """Read the log; what is after the day, or without a status, says nothing."""
    account, what = labels(table, str(names["account"])), labels(table, str(names["task"]))
    state, when = labels(table, str(names["status"])), days(table, str(names["date"]))
    proof = optional_labels(table, names["evidence"])
    same_length(account=account, task=what, status=state, date=when, evidence=proof)
    task = code_rows(what, tasks, str(names["task"]))
    status = code_rows(state, TASK_STATUSES, str(names["status"]))
    later = when > day
    shown, proofs = _proofs(proof, len(account))
    return TaskLog(
        account=account,
        task=task,
        status=status,
        when=when,
        proof=shown,
        proofs=proofs,
        counts=(task >= 0) & (status >= 0) & ~later,
        findings=_findings((later, np.isnat(when) & (status >= 0), status < 0, task < 0), str(day)),
    )


def _proofs(given: Labels | None, n: int) -> tuple[Codes, tuple[str, ...]]:
    """Code the evidence by the order of its words, so that the order of rows does not matter."""
    if given is None:
        return np.full(n, -1, dtype=np.int64), ()
    return ranked(given), tuple(sorted(given.labels))


def latest(cell: Codes, log: TaskLog, rows: Codes) -> tuple[Codes, Codes]:
    """Find the row that counts for each cell, and the one since which its status is the same.

    The one that counts is the youngest; of several of one day, the least advanced and proven. Its
    status goes back to the first row of the run that no day of another status breaks; a row
    without a day begins a run only where it is alone.
    """
    when = log.when[rows].astype(np.int64)  # a missing day is the smallest number there is
    order = np.lexsort((-log.proof[rows], -log.status[rows], when, cell))
    by_day = order[_last_of(cell[order], when[order])]
    at, state = cell[by_day], log.status[rows[by_day]]
    last = np.flatnonzero(_last_of(at))
    position = np.arange(len(by_day))
    begins = np.ones(len(by_day), dtype=np.bool_)
    begins[1:] = (at[1:] != at[:-1]) | (state[1:] != state[:-1])
    first = np.maximum.accumulate(np.where(begins, position, 0))[last]
    undated = np.isnat(log.when[rows[by_day[first]]])
    return by_day[last], by_day[np.minimum(first + undated, last)]


def _last_of(*keys: Codes) -> Bools:
    """Mark the last row of each stretch of equal keys."""
    found = np.ones(len(keys[0]), dtype=np.bool_)
    found[:-1] = False
    for key in keys:
        found[:-1] |= key[1:] != key[:-1]
    return found


def _findings(which: tuple[Bools, Bools, Bools, Bools], day: str) -> tuple[Finding, ...]:
    """Tell of rows after the day, without a date, a status or a task."""
    later, undated, silent, no_task = which
    told: tuple[Finding, ...] = ()
    for code, marked, said in (
        ("later", later, f"after {day}, left out"),
        ("no_status", silent, "without a status, which says nothing"),
        ("no_date", undated, "without a date, of unknown age"),
        ("no_task", no_task, "without a task, left out"),
    ):
        rows = np.flatnonzero(marked)
        message = f"{counted(len(rows), 'row')} {said}"
        severity: Literal["info", "warning"] = "info" if code == "later" else "warning"
        told += about_rows(code, message, rows, severity=severity)
    return told
