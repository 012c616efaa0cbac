"""Key accounts at risk: those that show a way to fail, with what hangs on them."""

from __future__ import annotations

from math import fsum
from typing import Final

import attrs
import numpy as np

from keyaccount._words import Words
from keyaccount.evaluation import Review
from keyaccount.evaluation.check import WAYS
from keyaccount.report.report import Report
from keyaccount.report.wording import code_name

__all__ = ["RiskFacts", "RiskRow", "risk_facts"]

_GRAVE: Final = ("retain", "get_in", "grow")
"""The ways to fail, the gravest first: what is ours may go; what is not may stay away."""


@attrs.frozen(kw_only=True)
class RiskRow:
    """A key account that shows a way to fail.

    `seen` names what was found; `evidence` gives the figures, in English as the review writes them.
    """

    id: str
    title: str
    ways: tuple[str, ...]
    seen: tuple[str, ...]
    evidence: str
    stage: str
    owner: str
    sales: float
    potential: float


@attrs.frozen(kw_only=True)
class RiskFacts:
    """The key accounts at risk, those with most sales first, and what hangs on them."""

    rows: tuple[RiskRow, ...]
    sales: float
    counts: tuple[tuple[str, int, int], ...]
    """Each way with how many key accounts show it, and of how many it is not known."""


def risk_facts(report: Report, words: Words) -> RiskFacts | None:
    """List the key accounts that show a way to fail; None where there is no review."""
    found = report.review
    if found is None:
        return None
    sales = np.nan_to_num(report.numbers("sales"))
    at_risk = [i for i in np.flatnonzero(report.is_key).tolist() if found.ways.shown(i)]
    at_risk.sort(key=lambda i: (-sales[i], str(report.ids[i])))
    return RiskFacts(
        rows=tuple(_row(report, found, i, words) for i in at_risk),
        sales=fsum(sales[at_risk].tolist()),
        counts=tuple(_count(report, found, way, words) for way in _GRAVE),
    )


def _row(report: Report, found: Review, i: int, words: Words) -> RiskRow:
    shown = [way for way in _GRAVE if way in found.ways.shown(i)]
    checks = [check for way in shown for check in found.ways.checks(way, i)]
    stage = report.texts("lifecycle_stage")[i]
    account = str(report.ids[i])
    return RiskRow(
        id=account,
        title=report.title(account),
        ways=tuple(words.say(*WAYS[way]) for way in shown),
        seen=tuple(words.name(check.name, check.name, check.name_zh) for check in checks),
        evidence="; ".join(found.ways.why(way, i) for way in shown).replace("_", " "),
        stage="" if stage is None else code_name(stage, words),
        owner=str(report.texts("owner")[i] or ""),
        sales=float(report.numbers("sales")[i]),
        potential=float(report.numbers("potential")[i]),
    )


def _count(report: Report, found: Review, way: str, words: Words) -> tuple[str, int, int]:
    answers = found.ways.answer(way)[: len(report.ids)][report.is_key]
    shown, unknown = (int(np.count_nonzero(answers == word)) for word in ("shown", "unknown"))
    return words.say(*WAYS[way]), shown, unknown
