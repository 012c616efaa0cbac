"""Who is key, and who is just below: each account with its score and what it is made of."""

from __future__ import annotations

from typing import Final

import attrs

from keyaccount._columns import Bools, Codes
from keyaccount._words import Words
from keyaccount.report.report import Report
from keyaccount.report.sections.seen import seen
from keyaccount.report.wording import code_name, criterion_name, decision_name, seat_reason

__all__ = ["NEAR_ON_PAGE", "ON_PAGE", "AccountRow", "AccountRows", "Part", "accounts_section"]

ON_PAGE: Final = 1_000
"""So many rows of a table are on the page, the best ones; the rest are counted."""
NEAR_ON_PAGE: Final = 100
"""So many of those who are just below the cut."""


@attrs.frozen(kw_only=True)
class Part:
    """What one criterion brings to a score; None: it is unknown."""

    name: str
    brings: float | None
    place: int


@attrs.frozen(kw_only=True)
class AccountRow:
    """One account as the page shows it."""

    id: str
    title: str
    about: str
    score: float
    low: float
    high: float
    parts: tuple[Part, ...]
    cut: float
    distance: float
    coverage: float
    sales: float
    potential: float
    stage: str
    owner: str
    decision: str
    why: str
    seen: tuple[str, ...]
    unknown: str


@attrs.frozen(kw_only=True)
class AccountRows:
    """The rows that are shown, and how many there are besides."""

    rows: tuple[AccountRow, ...]
    more: int


def accounts_section(report: Report, words: Words) -> dict[str, AccountRows]:
    """List the key accounts, and those so near below the cut that little would decide."""
    near = report.selection.borderline & ~report.is_key
    return {
        "key": _rows(report, report.is_key, ON_PAGE, words),
        "near": _rows(report, near, NEAR_ON_PAGE, words),
    }


def _rows(report: Report, shown: Bools, most: int, words: Words) -> AccountRows:
    rows: Codes = report.order[shown[report.order]]
    some = tuple(_row(report, i, words) for i in rows[:most].tolist())
    return AccountRows(rows=some, more=len(rows) - len(some))


def _row(report: Report, i: int, words: Words) -> AccountRow:
    scores, chosen = report.scores, report.selection
    account = str(report.ids[i])
    return AccountRow(
        id=account,
        title=report.title(account),
        about=_about(report, i, words),
        score=float(scores.value[i]),
        low=float(scores.low[i]),
        high=float(scores.high[i]),
        parts=_parts(report, i, words),
        cut=float(chosen.cut_by_row[i]),
        distance=float(chosen.distance[i]),
        coverage=float(scores.coverage[i]),
        sales=float(report.numbers("sales")[i]),
        potential=float(report.numbers("potential")[i]),
        stage=_told(report, "lifecycle_stage", i, words),
        owner=str(report.texts("owner")[i] or ""),
        decision=_decision(report, account, words),
        why=_why(report, i, words),
        seen=() if report.review is None else seen(report.review, i, words),
        unknown=words.say(", ", "、").join(
            criterion_name(name, words)
            for k, name in enumerate(scores.names)
            if not scores.known[i, k]
        ),
    )


def _parts(report: Report, i: int, words: Words) -> tuple[Part, ...]:
    scores = report.scores
    return tuple(
        Part(
            name=criterion_name(name, words),
            brings=float(scores.contributions[i, k]) if scores.known[i, k] else None,
            place=k,
        )
        for k, name in enumerate(scores.names)
    )


def _about(report: Report, i: int, words: Words) -> str:
    """Say which account it is, where it belongs, and how many subsidiaries count with it."""
    account, said = str(report.ids[i]), []
    if report.title(account) != account:
        said.append(account)
    sector = report.texts("sector")[i]
    if sector is not None:
        said.append(str(sector))
    size = report.numbers("group_size")[i]
    if size > 1.0:
        below = int(size) - 1
        english = "1 subsidiary" if below == 1 else f"{words.count(below)} subsidiaries"
        said.append(words.say(english, f"{words.count(below)}家子公司"))
    return words.say(", ", "，").join(said)


def _told(report: Report, name: str, i: int, words: Words) -> str:
    value = report.texts(name)[i]
    return "" if value is None else code_name(value, words)


def _decision(report: Report, account: str, words: Words) -> str:
    """Say what the review decided; nothing where it had nobody to compare with."""
    if report.review is None or not report.compared:
        return ""
    decided = report.review.decision[report.row_of[account]]  # the book comes first in a review
    return "" if decided is None else decision_name(decided, words)


def _why(report: Report, i: int, words: Words) -> str:
    """Say why it is key or is not, with the special approval that decides."""
    said = seat_reason(str(report.selection.reason[i]), words)
    row = report.selection.row(i)
    return f"{said}: {row['override']}" if "override" in row else said
