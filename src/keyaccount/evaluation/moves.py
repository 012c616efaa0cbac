"""Migration of tier, segment and stage between two quarters, with the money that moves along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from keyaccount._columns import Objects, pick
from keyaccount.evaluation.joined import Joined, When
from keyaccount.findings import Finding
from keyaccount.segments.migrated import Migration
from keyaccount.segments.migration import migration

__all__ = ["migrations", "money_problems", "moves_not_given"]

_SEATS: Final = ("key", "not_key")


def migrations(joined: Joined, names: Sequence[str], money: str) -> dict[str, Migration]:
    """Show who moved: by seat in any case, and by each column that both quarters have."""
    seats = [_seats(joined, when) for when in ("before", "after")]
    found = {"seat": _moved(joined, *seats, money=money, order=_SEATS)}
    for name in names:
        if _in_both(joined, name):
            sides = [_column(joined, name, when) for when in ("before", "after")]
            found[name] = _moved(joined, *sides, money=money, order=None)
    return found


def moves_not_given(joined: Joined, names: Sequence[str]) -> list[Finding]:
    """Say which migrations are asked for and cannot be shown."""
    return [
        Finding(
            code="not_given",
            message=f"the migration of {name!r} is not shown: give the column in both quarters",
            count=len(joined),
            where=name,
            severity="info",
        )
        for name in names
        if joined.before is not None and not _in_both(joined, name)
    ]


def _moved(
    joined: Joined, before: Any, after: Any, *, money: str, order: Sequence[str] | None
) -> Migration:
    there: Sequence[When] = _comparable(joined, money)
    return migration(
        before,
        after,
        ids_before=[] if joined.before is None else joined.before.ids,
        ids_after=joined.after.ids,
        money_before=_column(joined, money, "before") if "before" in there else None,
        money_after=_column(joined, money, "after"),
        order=order,
    )


def _comparable(joined: Joined, money: str) -> tuple[When, ...]:
    """Leave out the earlier money where it is of a window of another length."""
    return ("after",) if joined.lengths_problem(money) else ("before", "after")


def money_problems(joined: Joined, money: str) -> list[Finding]:
    """Say why no money moves with the accounts: it is not given, or of windows of two lengths."""
    whens: tuple[When, ...] = ("after",) if joined.before is None else ("before", "after")
    lacking = [when for when in whens if not joined.has(money, when)]
    if lacking:
        message = f"no money moves with the accounts: give {money!r} ({' and '.join(lacking)})"
        return [
            Finding(
                code="not_given",
                message=message,
                count=len(joined),
                where=money,
                severity="info",
            )
        ]
    problem = joined.lengths_problem(money)
    message = f"the money that moved is not compared by {money!r}: {problem}"
    found = Finding(code="windows_differ", message=message, count=len(joined), where=money)
    return [found] if problem else []


def _in_both(joined: Joined, name: str) -> bool:
    return joined.has(name, "before") and joined.has(name, "after")


def _column(joined: Joined, name: str, when: When) -> Any:
    """Give a column of one quarter; None where it is not there."""
    quarter = joined.quarter(when)
    if quarter is None or not joined.has(name, when):
        return None
    return pick(quarter.columns, name)


def _seats(joined: Joined, when: When) -> Objects:
    quarter = joined.quarter(when)
    if quarter is None:
        return np.empty(0, dtype=object)
    words: Objects = np.array(_SEATS, dtype=object)
    return words[np.where(quarter.selection.is_key, 0, 1)]
