"""`TaskStatus`: how the core tasks stand, per account and per team."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Floats, Labels, Objects
from keyaccount.findings import Finding
from keyaccount.ledger.told import counted
from keyaccount.program.table import Table, listed
from keyaccount.program.tasks.core_tasks import TASK_STATUSES
from keyaccount.program.term import Term
from keyaccount.stats.sums import group_counts, group_means, group_sums

__all__ = ["TaskStatus", "TeamTasks"]

_UNDER_WAY, _DONE = 1, 2


@attrs.frozen(eq=False)
class TeamTasks(Table):
    """How the core tasks stand in each team: one row per team, sorted by name.

    Parameters
    ----------
    team
        ``(t,)`` labels; None last, where accounts have no team.
    accounts
        ``(t,)`` int64: its accounts.
    completion
        ``(t,)`` float64: the mean completion of its accounts.
    stalled, unknown
        ``(t,)`` int64: tasks that stalled, and that nobody says anything of.
    """

    team: Objects
    accounts: Codes
    completion: Floats
    stalled: Codes
    unknown: Codes

    def __len__(self) -> int:
        return len(self.team)

    @property
    def title(self) -> str:
        """What the rows are."""
        return f"Core tasks of {counted(len(self), 'team')}"

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the teams as columns, for any DataFrame constructor."""
        return {
            "team": self.team,
            "accounts": self.accounts,
            "completion": self.completion,
            "stalled": self.stalled,
            "unknown": self.unknown,
        }

    def why(self, i: int) -> tuple[str, ...]:
        """Say what there is to ask one team."""
        said = [f"{counted(int(self.stalled[i]), 'task')} stalled"] if self.stalled[i] else []
        unknown = int(self.unknown[i])
        return (*said, f"{counted(unknown, 'task')} to be asked for") if unknown else tuple(said)


@attrs.frozen(eq=False)
class TaskStatus(Table):
    """How the core tasks of each account stand: one row per account.

    Parameters
    ----------
    account
        ``(n,)`` ids.
    tasks
        The tasks.
    status
        ``(n, t)`` int64: 0 not started, 1 under way, 2 done; -1 where nobody says.
    evidence
        ``(n, t)`` bool: there is evidence for the status; False where it was not asked for.
    evidence_given
        Whether evidence was asked for; if not, nothing is unproven.
    age
        ``(n, t)`` float64: days since the status was set; NaN where unknown.
    stalled
        ``(n, t)`` bool: under way, and not moved for longer than was said.
    team
        ``(n,)`` the team of each account; None where no team was given.
    findings
        What there is to say.

    Examples
    --------
    >>> import keyaccount as ka
    >>> log = {
    ...     "account": ["A", "A", "A"],
    ...     "task": ["closer_relationships", "价格接受度", "价格接受度"],
    ...     "status": ["done", "not_started", "进行中"],
    ...     "date": ["2026-09-01", "2026-01-01", "2026-03-01"],
    ... }
    >>> found = ka.task_status(log, as_of="2026-09-30", stalled_after=90)
    >>> found.completion.tolist(), found.columns()["stalled"].tolist()
    ([0.125], ['price_acceptance'])
    """

    account: Objects
    tasks: tuple[Term, ...]
    status: Codes
    evidence: Bools
    evidence_given: bool
    age: Floats
    stalled: Bools
    team: Labels | None
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.account)

    @property
    def title(self) -> str:
        """What the rows are."""
        return f"Core tasks of {counted(len(self), 'account')}"

    @property
    def task_codes(self) -> tuple[str, ...]:
        """The codes of the tasks, in their order."""
        return tuple(task.code for task in self.tasks)

    @property
    def completion(self) -> Floats:
        """``(n,)`` float64: the share of all tasks that are done; an unknown one is not."""
        found: Floats = np.count_nonzero(self.status == _DONE, axis=1) / len(self.tasks)
        return found

    @property
    def completion_high(self) -> Floats:
        """``(n,)`` float64: the same if every unknown task were done."""
        may_be = (self.status == _DONE) | (self.status < 0)
        found: Floats = np.count_nonzero(may_be, axis=1) / len(self.tasks)
        return found

    @property
    def is_unproven(self) -> Bools:
        """``(n, t)`` bool: said to be done, without evidence."""
        found: Bools = (self.status == _DONE) & ~self.evidence & self.evidence_given
        return found

    @cached_property
    def unknown(self) -> Objects:
        """``(n,)`` texts: the tasks nobody says anything of."""
        return listed(self.status < 0, self.task_codes)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the accounts as columns, for any DataFrame constructor."""
        words = np.array([*(s.code for s in TASK_STATUSES), None], dtype=object)
        return {
            "account": self.account,
            "completion": self.completion,
            "completion_high": self.completion_high,
            "stalled": listed(self.stalled, self.task_codes),
            "unproven": listed(self.is_unproven, self.task_codes),
            "unknown": self.unknown,
            **{code: words[self.status[:, j]] for j, code in enumerate(self.task_codes)},
        }

    def why(self, i: int) -> tuple[str, ...]:
        """Say what there is to do on one account."""
        said = [
            f"{code} has not moved for {self.age[i, j]:.0f} days"
            for j, code in enumerate(self.task_codes)
            if self.stalled[i, j]
        ]
        unproven = listed(self.is_unproven[i : i + 1], self.task_codes)[0]
        said += [f"done without evidence: {unproven}"] if unproven else []
        return (*said, f"to be asked for: {self.unknown[i]}") if self.unknown[i] else tuple(said)

    def by_team(self) -> TeamTasks:
        """Add the accounts of each team up; all of them where no team was given.

        Returns
        -------
        TeamTasks
            One row per team, sorted by name; accounts without a team come last.
        """
        words = () if self.team is None else tuple(sorted(self.team.labels))
        t, n = len(words), len(self)
        codes = np.full(n, t, dtype=np.int64)
        if self.team is not None:
            place = {word: i for i, word in enumerate(words)}
            table = [place[label] for label in self.team.labels]
            codes = np.array([*table, t], dtype=np.int64)[self.team.codes]
        stalled = np.count_nonzero(self.stalled, axis=1).astype(np.float64)
        unknown = np.count_nonzero(self.status < 0, axis=1).astype(np.float64)
        sizes = group_counts(codes, t + 1)
        kept = np.flatnonzero(sizes > 0)
        return TeamTasks(
            team=np.array([*words, None], dtype=object)[kept],
            accounts=sizes[kept],
            completion=group_means(self.completion, codes, t + 1)[kept],
            stalled=group_sums(stalled, codes, t + 1)[kept].astype(np.int64),
            unknown=group_sums(unknown, codes, t + 1)[kept].astype(np.int64),
        )
