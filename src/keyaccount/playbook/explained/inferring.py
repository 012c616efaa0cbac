"""Targets without data: questions, gates and the bridge to a score."""

from __future__ import annotations

from keyaccount.playbook.explained.scoring import scorer_lines
from keyaccount.playbook.explained.words import (
    Lines,
    indented,
    named,
    number,
    percent,
    several,
)
from keyaccount.scoring.inference import Bridge, ExperienceInference, Gate, Question

__all__ = ["bridge_lines", "inference_lines"]


def inference_lines(spec: ExperienceInference) -> Lines:
    """Say what is asked at each gate."""
    lines = [f"An account passes {several(len(spec.gates), 'gate')} in order:"]
    for gate in spec.gates:
        lines += [f"- {_gate(gate)}", *indented([f"- {_asked(q)}" for q in gate.questions])]
    if spec.industries:
        lines.append(f"{several(len(spec.industries), 'industry', 'industries')} are answered for.")
    return lines


def _gate(gate: Gate) -> str:
    rule = "the weighted mean of the answers" if gate.rule == "weighted_mean" else "each answer"
    return (
        f"{named(gate.name, gate.name_zh, gate.code)}; {rule} must reach {number(gate.pass_mark)}"
    )


def _asked(question: Question) -> str:
    heavy = "" if question.weight == 1.0 else f" (weight {number(question.weight)})"
    return f"{question.text} {question.text_zh}".rstrip() + heavy


def bridge_lines(spec: Bridge) -> Lines:
    """Say when data take over from inference."""
    begin, alone = percent(spec.at), percent(spec.full)
    come = several(spec.min_accounts, "account")
    return [
        *inference_lines(spec.inference),
        (
            f"From a coverage of {begin} on, data begin to count; at {alone} they count alone, "
            f"once {come} have come so far."
        ),
        *scorer_lines(spec.scorer),
    ]
