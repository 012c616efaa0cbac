"""By what rules the page came about: criteria, weights, the rule of selection, the digests."""

from __future__ import annotations

from typing import Any

import attrs

from keyaccount._words import Words
from keyaccount.playbook.explain import explain
from keyaccount.report.report import Report
from keyaccount.report.wording import criterion_name
from keyaccount.scoring.selection import SelectionPolicy

__all__ = ["CriterionRow", "rules_section"]


@attrs.frozen(kw_only=True)
class CriterionRow:
    """A criterion with its weight, and of how many accounts it is known."""

    name: str
    weight: float
    column: str
    known: float
    place: int


def rules_section(report: Report, words: Words) -> dict[str, Any]:
    """Give the criteria with their weights, the rules in plain words, and what they are called."""
    spec, scores = report.scores.spec, report.scores
    known = scores.known.sum(axis=0).tolist()
    rows = [
        CriterionRow(
            name=criterion_name(c.name, words),
            weight=scores.weights[k],
            column=c.column or "",
            known=known[k] / len(scores) if len(scores) else float("nan"),
            place=k,
        )
        for k, c in enumerate(spec.criteria)
    ]
    policy: SelectionPolicy = report.selection.policy
    return {
        "criteria": sorted(rows, key=lambda row: (-row.weight, row.name)),
        "scorer": explain(spec),
        "policy": explain(policy),
        "playbook": None if report.playbook is None else explain(report.playbook),
    }
