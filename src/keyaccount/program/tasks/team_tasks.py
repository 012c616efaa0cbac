"""`TeamTasks`: how the core tasks stand, team by team."""

from __future__ import annotations

from typing import Any

import attrs
from numpy.typing import NDArray

from keyaccount._columns import Codes, Floats, Objects
from keyaccount.findings import counted
from keyaccount.program.table import Table

__all__ = ["TeamTasks"]


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
    stalled, undated, unknown
        ``(t,)`` int64: tasks that stalled, that are under way since an unknown day, and that
        nobody says anything of.

    Examples
    --------
    >>> import keyaccount as ka
    >>> log = {
    ...     "account": ["A", "B"],
    ...     "task": ["price_acceptance"] * 2,
    ...     "status": ["done", "under_way"],
    ... }
    >>> book = {"account": ["A", "B"], "team": ["north", "north"]}
    >>> found = ka.task_status(
    ...     {**log, "date": ["2026-09-01"] * 2}, accounts=book, team="team", as_of="2026-09-30"
    ... )
    >>> teams = found.by_team().columns()
    >>> teams["team"].tolist(), teams["accounts"].tolist(), teams["completion"].tolist()
    (['north'], [2], [0.0625])
    """

    team: Objects
    accounts: Codes
    completion: Floats
    stalled: Codes
    undated: Codes
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
            "undated": self.undated,
            "unknown": self.unknown,
        }

    def _why(self, i: int) -> tuple[str, ...]:
        """Say what there is to ask one team."""
        return tuple(
            f"{counted(int(tasks[i]), 'task')} {said}"
            for tasks, said in (
                (self.stalled, "stalled"),
                (self.undated, "under way since an unknown day"),
                (self.unknown, "to be asked for"),
            )
            if tasks[i]
        )
