"""`TaskStatus`: how the core tasks stand, account by account."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Days, Floats, Labels, Objects
from keyaccount.findings import Finding, counted
from keyaccount.program.book import ranked
from keyaccount.program.table import Table, day_count, listed
from keyaccount.program.tasks.core_tasks import TASK_STATUSES
from keyaccount.program.tasks.team_tasks import TeamTasks
from keyaccount.program.term import Term
from keyaccount.stats.sums import group_counts, group_means, group_sums

__all__ = ["TaskStatus"]

_UNDER_WAY, _DONE = 1, 2


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
    date
        ``(n, t)`` datetime64[D]: the day since which the status is known to be the same; NaT where
        unknown.
    last_confirmed
        ``(n, t)`` datetime64[D]: the day it was last said; NaT where unknown.
    age
        ``(n, t)`` float64: days since `date`; NaN where unknown.
    proof
        ``(n, t)`` int64: which of `proofs` shows it; -1 where none does.
    proofs
        The words of evidence, sorted; empty where evidence was not asked for.
    evidence_given
        Whether evidence was asked for; if not, nothing is unproven.
    stalled_after
        Days after which a task under way has stalled; NaN where none has.
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
    date: Days
    last_confirmed: Days
    age: Floats
    proof: Codes
    proofs: tuple[str, ...]
    evidence_given: bool
    stalled_after: float
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

    @cached_property
    def completion(self) -> Floats:
        """``(n,)`` float64: the share of all tasks that are done; an unknown one is not."""
        found: Floats = np.count_nonzero(self.status == _DONE, axis=1) / len(self.tasks)
        return found

    @cached_property
    def completion_high(self) -> Floats:
        """``(n,)`` float64: the same if every unknown task were done."""
        may_be = (self.status == _DONE) | (self.status < 0)
        found: Floats = np.count_nonzero(may_be, axis=1) / len(self.tasks)
        return found

    @cached_property
    def evidence(self) -> Bools:
        """``(n, t)`` bool: there is evidence for the status; False where it was not asked for."""
        found: Bools = self.proof >= 0
        return found

    @cached_property
    def stalled(self) -> Bools:
        """``(n, t)`` bool: under way, and not moved for longer than was said."""
        found: Bools = (self.status == _UNDER_WAY) & (self.age > self.stalled_after)
        return found

    @cached_property
    def is_undated(self) -> Bools:
        """``(n, t)`` bool: under way since an unknown day, so that it may have stalled."""
        found: Bools = (self.status == _UNDER_WAY) & np.isnat(self.date)
        return found

    @cached_property
    def is_unproven(self) -> Bools:
        """``(n, t)`` bool: said to be done, without evidence."""
        found: Bools = (self.status == _DONE) & ~self.evidence & self.evidence_given
        return found

    @cached_property
    def unknown(self) -> Objects:
        """``(n,)`` texts: the tasks nobody says anything of."""
        return listed(self.status < 0, self.task_codes)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the accounts as columns, for any DataFrame constructor.

        Each task has five: its status under its code, ``evidence:…``, ``date:…``, ``confirmed:…``
        and ``age:…``.
        """
        words = np.array([*(s.code for s in TASK_STATUSES), None], dtype=object)
        proofs = np.array([*self.proofs, None], dtype=object)
        found: dict[str, NDArray[Any]] = {
            "account": self.account,
            "completion": self.completion,
            "completion_high": self.completion_high,
            "stalled": listed(self.stalled, self.task_codes),
            "undated": listed(self.is_undated, self.task_codes),
            "unproven": listed(self.is_unproven, self.task_codes),
            "unknown": self.unknown,
        }
        for name, figures in (
            ("{}", words[self.status]),
            ("evidence:{}", proofs[self.proof]),
            ("date:{}", self.date),
            ("confirmed:{}", self.last_confirmed),
            ("age:{}", self.age),
        ):
            found |= {name.format(code): figures[:, j] for j, code in enumerate(self.task_codes)}
        return found

    def _why(self, i: int) -> tuple[str, ...]:
        """Say what there is to do on one account."""
        said = [
            f"{code} has not moved for {day_count(self.age[i, j])}"
            for j, code in enumerate(self.task_codes)
            if self.stalled[i, j]
        ]
        undated = listed(self.is_undated[i : i + 1], self.task_codes)[0]
        said += [f"under way since an unknown day: {undated}"] if undated else []
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
        words, codes = self._teams()
        t = len(words)
        sizes = group_counts(codes, t + 1)
        kept = np.flatnonzero(sizes > 0)

        def tasks(which: Bools) -> Codes:
            of_account = np.count_nonzero(which, axis=1).astype(np.float64)
            return group_sums(of_account, codes, t + 1)[kept].astype(np.int64)

        return TeamTasks(
            team=np.array([*words, None], dtype=object)[kept],
            accounts=sizes[kept],
            completion=group_means(self.completion, codes, t + 1)[kept],
            stalled=tasks(self.stalled),
            undated=tasks(self.is_undated),
            unknown=tasks(self.status < 0),
        )

    def _teams(self) -> tuple[tuple[str, ...], Codes]:
        """List the teams by name, and code the accounts by them; without a team comes last."""
        if self.team is None:
            return (), np.zeros(len(self), dtype=np.int64)
        codes = ranked(self.team)
        return tuple(sorted(self.team.labels)), np.where(codes < 0, len(self.team.labels), codes)
