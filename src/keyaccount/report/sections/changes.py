"""What changed since the quarter before: who entered and left, why, and what moved the scores."""

from __future__ import annotations

from typing import Any, Final

import attrs
import numpy as np

from keyaccount._columns import Codes
from keyaccount._words import Words
from keyaccount.evaluation import Review
from keyaccount.report.report import Report
from keyaccount.report.sections.accounts import ON_PAGE
from keyaccount.report.sections.seen import seen
from keyaccount.report.wording import decision_name, mover_name, seat_reason

__all__ = ["FIRST", "SHOWN", "ChangeRow", "changes_section"]

FIRST: Final = 10
"""So many rows are shown at first; all that entered or left are."""
SHOWN: Final = ("promote", "demote", "hold", "watch")
"""The decisions that somebody has to act on, in the order in which they are shown."""


@attrs.frozen(kw_only=True)
class ChangeRow:
    """One account of which the review decided something."""

    id: str
    title: str
    decision: str
    before: float
    after: float
    data: float
    spec: float
    moved_by: str
    why: str
    seen: tuple[str, ...]


def changes_section(report: Report, words: Words) -> dict[str, Any] | None:
    """Say who was decided on, and why; None where there is no day."""
    found = report.review
    if found is None:
        return None
    shown = SHOWN if report.compared else ()  # of a first review all are new
    rows = [i for code in shown for i in _ordered(found, code).tolist()]
    moved = found.counts["promote"] + found.counts["demote"]
    return {
        "first": max(moved, FIRST),
        "rows": [_row(report, found, i, words) for i in rows[:ON_PAGE]],
        "more": max(len(rows) - ON_PAGE, 0),
        "decisions": [(decision_name(d, words), n) for d, n in found.counts.items()],
        "compared": report.compared,
    }


def _ordered(found: Review, decision: str) -> Codes:
    """List the accounts of one decision, the greatest change of score first, then by id."""
    rows = np.flatnonzero(found.decision == decision)
    change = np.abs(np.nan_to_num(found.drivers.change[rows]))
    by_id = np.argsort(np.argsort(found.ids[rows].astype(str), kind="stable"))
    ordered: Codes = rows[np.lexsort((by_id, -change))]
    return ordered


def _row(report: Report, found: Review, i: int, words: Words) -> ChangeRow:
    drivers, account = found.drivers, str(found.ids[i])
    return ChangeRow(
        id=account,
        title=report.title(account),
        decision=decision_name(str(found.decision[i]), words),
        before=float(drivers.before[i]),
        after=float(drivers.after[i]),
        data=float(drivers.data[i]),
        spec=float(drivers.spec[i]),
        moved_by=mover_name(drivers.why_seat(i), words),
        why=_why(report, found, i, words),
        seen=seen(found, i, words),
    )


def _why(report: Report, found: Review, i: int, words: Words) -> str:
    """Say why it has its seat, or has none."""
    if found.leaver[i]:
        return words.say("gone from the book", "已不在客户表中")
    row = report.row_of[str(found.ids[i])]
    said = seat_reason(str(report.selection.reason[row]), words)
    new = (
        words.say("new in the book; ", "新进客户；")
        if found.newcomer[i] and report.compared
        else ""
    )
    return new + said
