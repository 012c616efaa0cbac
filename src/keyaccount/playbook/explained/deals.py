"""Where deals stand: stages, and what else is said of open deals."""

from __future__ import annotations

from keyaccount.funnel.conversion import StallRule
from keyaccount.funnel.forecast import Categories
from keyaccount.funnel.funnel import Funnel
from keyaccount.funnel.presets import AppraisalShares
from keyaccount.funnel.stages import Stage
from keyaccount.playbook.explained.words import (
    Lines,
    listed,
    named,
    number,
    percent,
    several,
)
from keyaccount.scoring.evidence import WinEvidence
from keyaccount.scoring.genes import Gene

__all__ = [
    "appraisal_lines",
    "categories_lines",
    "evidence_lines",
    "funnel_lines",
    "gene_lines",
    "stall_lines",
]


def funnel_lines(spec: Funnel) -> Lines:
    """Say which stages a deal goes through."""
    title = named(spec.name, spec.name_zh)
    return [f"{title}, {several(len(spec.stages), 'stage')}:", *map(_stage, spec.stages)]


def _stage(stage: Stage) -> str:
    said = [
        "" if stage.win_probability is None else f"won with {percent(stage.win_probability)}",
        "" if stage.planned_days is None else f"planned {several(stage.planned_days, 'day')}",
        "" if stage.key_result is None else f"left when: {stage.key_result.name}",
        several(len(stage.key_actions), "key action") if stage.key_actions else "",
    ]
    told = "; ".join(text for text in said if text)
    label = named(stage.name, stage.name_zh)
    letter = f"{stage.letter} " if stage.letter else ""
    outcome = "" if stage.outcome == "open" else f" [{stage.outcome}]"
    return f"- {letter}{label}{outcome}{': ' + told if told else ''}"


def stall_lines(spec: StallRule) -> Lines:
    """Say when an open deal stalls."""
    words = {
        "over_plan": f"it has spent more than {_times(spec.over_plan)}the planned days",
        "outlasted": f"{percent(spec.outlasted)} of comparable deals had left the stage by now",
        "slow_ahead": f"what remains is more than {_times(spec.slow_ahead)}the planned days",
        "missing_actions": f"{several(spec.missing_actions, 'action')} or more are missing",
    }
    return [f"A deal stalls where {listed([words[t] for t in spec.tests], 'or')}."]


def _times(factor: float) -> str:
    """Say a multiple, and nothing of once."""
    return "" if factor == 1.0 else f"{number(factor)} times "


def categories_lines(spec: Categories) -> Lines:
    """Say how sure each category is."""
    return [
        f"- {named(s.name, s.name_zh, s.code)}: a chance of at least {percent(s.at_least)}"
        for s in spec.steps
    ]


def appraisal_lines(spec: AppraisalShares) -> Lines:
    """Say who is credited with what of each stage."""
    stages = dict.fromkeys(stage for stage, _, _ in spec.shares)
    return [
        f"- {stage}: "
        + ", ".join(f"{role} {percent(share)}" for at, role, share in spec.shares if at == stage)
        for stage in stages
    ]


def evidence_lines(spec: WinEvidence) -> Lines:
    """Say what the chance of winning is judged by."""
    lines = [f"The chance of winning is judged by {listed(spec.fields)} (naive Bayes)."]
    if spec.counts is None:
        return [*lines, "Nothing was learned yet."]
    won, lost = spec.learned_from
    return [*lines, f"Learned from {won:,} won and {lost:,} lost deals."]


def gene_lines(spec: Gene) -> Lines:
    """Say what was learned of which labels."""
    labels = several(len(spec.entries), "label")
    return [f"Large deals, from {number(spec.large)} on, by {spec.by!r}: {labels} learned of."]
