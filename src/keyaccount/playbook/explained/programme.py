"""What the programme asks for: coverage, information, plans, upkeep."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from keyaccount.playbook.explained.words import Lines, listed, named, number, percent, several
from keyaccount.program.plan.template import PlanTemplate
from keyaccount.program.rhythm import Rhythm
from keyaccount.program.rules import ProgramRules

__all__ = ["program_lines"]


def program_lines(spec: ProgramRules) -> Lines:
    """Say what is asked for, and leave out what is not."""
    lines = [
        *_coded("Roles on an account", spec.roles),
        *_coded("Roles on the customer's side", spec.buyer_roles),
        *_coded("How close we are, the loosest first", spec.levels),
    ]
    if spec.strategic is not None:
        level = spec.strategic.from_level
        need = [*spec.strategic.all_of, *([f"level {level} or above"] if level else [])]
        lines.append(f"Strategic: {listed(need)}.")
    if spec.information is not None:
        name = named(spec.information.name, spec.information.name_zh)
        lines.append(f"{name}: {several(len(spec.information.leaves), 'thing')} to know.")
    return [
        *lines,
        *(f"A plan{_of(p)} needs {listed(_needs(p)) or 'nothing'}." for p in spec.plans),
        *_coded("Tasks", spec.tasks),
        *_coded("Channels of upkeep", spec.channels),
        *(f"In touch every {_every(r, r.channel)}." for r in spec.upkeep),
        *(f"Met every {_every(r, r.role)}." for r in spec.meetings),
        *_coded("Signs of a weak programme", spec.symptoms),
    ]


def _coded(title: str, terms: Iterable[Any] | None) -> Lines:
    """List coded things with their names in both languages."""
    if terms is None:
        return []
    return [f"{title}:", *(f"- {named(t.name, t.name_zh, t.code)}" for t in terms)]


def _of(plan: PlanTemplate) -> str:
    return f" of tier {plan.tier!r}" if plan.tier else ""


def _every(rhythm: Rhythm, word: str) -> str:
    """Say how often, with whom or by what, and of which tier."""
    of = [f"tier {rhythm.tier!r}"] if rhythm.tier else []
    told = ", ".join([*([word] if word else []), *of])
    return f"{number(rhythm.days)} days{f' ({told})' if told else ''}"


def _needs(plan: PlanTemplate) -> list[str]:
    needs = [n.replace("_", " ") for n in plan.needs]
    if plan.min_goals is not None:
        needs.append(f"at least {several(plan.min_goals, 'goal')}")
    if plan.min_initiatives is not None:
        needs.append(f"at least {several(plan.min_initiatives, 'initiative')}")
    if plan.min_return is not None:
        needs.append(f"a return of {number(plan.min_return)} for one of resources")
    if plan.concession_limit is not None:
        needs.append(f"concessions of at most {percent(plan.concession_limit)}")
    return needs
