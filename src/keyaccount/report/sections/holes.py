"""Holes in the coverage of key accounts, in their plans and in their tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs
import numpy as np

from keyaccount._columns import Bools
from keyaccount._words import Words
from keyaccount.evaluation import Review
from keyaccount.evaluation.check import QUESTIONS
from keyaccount.report.report import Report
from keyaccount.report.sections.seen import ASKED

__all__ = ["HoleFacts", "HoleRow", "hole_facts"]

_HOLDERS: Final = 12
"""So many people of those who hold the key accounts are on the page."""


@attrs.frozen(kw_only=True)
class HoleRow:
    """A key account in which something is missing: per question, what was found."""

    id: str
    title: str
    owner: str
    sales: float
    coverage: tuple[str, ...]
    plan: tuple[str, ...]
    tasks: tuple[str, ...]
    missing: str


@attrs.frozen(kw_only=True)
class HoleFacts:
    """The key accounts with holes, those with most sales first.

    `answers` gives each question with how many key accounts are fine, have a finding, and are not
    known.
    """

    rows: tuple[HoleRow, ...]
    answers: tuple[tuple[str, int, int, int], ...]
    uncovered: int
    held_by: tuple[tuple[str, Mapping[str, Any], int], ...]


def hole_facts(report: Report, words: Words) -> HoleFacts | None:
    """List the key accounts of which a question found something; None where there is no review."""
    found = report.review
    if found is None:
        return None
    sales = np.nan_to_num(report.numbers("sales"))
    missing = {q: _is_finding(report, found, q) for q in ASKED}
    holes = np.flatnonzero(np.logical_or.reduce(list(missing.values()))).tolist()
    holes.sort(key=lambda i: (-sales[i], str(report.ids[i])))
    return HoleFacts(
        rows=tuple(_row(report, found, i, words) for i in holes),
        answers=tuple(_answers(report, found, question, words) for question in QUESTIONS),
        uncovered=int(np.count_nonzero(missing["coverage"])),
        held_by=_held_by(report.record.get("held_by") or {}),
    )


def _is_finding(report: Report, found: Review, question: str) -> Bools:
    """Say in which key accounts a question found something; the book comes first in a review."""
    answers = found.findings.answer(question)[: len(report.ids)]
    shown: Bools = report.is_key & (answers == "finding")
    return shown


def _row(report: Report, found: Review, i: int, words: Words) -> HoleRow:
    account = str(report.ids[i])
    said = {
        question: tuple(
            words.name(check.name, check.name, check.name_zh)
            for check in found.findings.checks(question, i)
        )
        for question in ASKED
    }
    return HoleRow(
        id=account,
        title=report.title(account),
        owner=str(report.texts("owner")[i] or ""),
        sales=float(report.numbers("sales")[i]),
        missing=str(report.texts("missing_roles")[i] or ""),
        **said,
    )


def _answers(
    report: Report, found: Review, question: str, words: Words
) -> tuple[str, int, int, int]:
    answers = found.findings.answer(question)[: len(report.ids)][report.is_key]
    fine, finding, unknown = (
        int(np.count_nonzero(answers == word)) for word in ("ok", "finding", "unknown")
    )
    return words.say(*QUESTIONS[question]), fine, finding, unknown


def _held_by(held: Mapping[str, Any]) -> tuple[tuple[str, Mapping[str, Any], int], ...]:
    """Give who holds the key accounts by person, manager and region, the largest holders alone."""
    return tuple(
        (
            what,
            {"few": by["few"], "holders": by["holders"][:_HOLDERS]},
            max(len(by["holders"]) - _HOLDERS, 0),
        )
        for what, by in held.items()
    )
