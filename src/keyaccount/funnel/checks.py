"""What makes a funnel: codes that occur once, chances that never fall, moves that lead on."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from keyaccount._validators import field_name
from keyaccount.errors import SpecError
from keyaccount.funnel.moves import Move
from keyaccount.funnel.stages import Stage

__all__ = ["codes_of", "valid_moves", "valid_stages"]


def _twice(names: list[str]) -> list[str]:
    return sorted({n for n in names if names.count(n) > 1})


def valid_stages(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse stages that make no funnel."""
    name = field_name(instance, attribute)
    good = isinstance(value, tuple) and all(isinstance(s, Stage) for s in value)
    if not value or not good or value[0].outcome != "open":
        raise SpecError.from_field(
            name, "must be stages, the first of them open", value, "see Stage."
        )
    for what, names in (
        ("codes of stages", [s.code for s in value]),
        ("letters of stages", [s.letter for s in value if s.letter]),
        ("codes of key results, key actions and milestones", list(codes_of(value))),
    ):
        if _twice(names):
            raise SpecError.from_field(
                name, f"must have unique {what}", _twice(names), "rename one of them."
            )
    _refuse_ambiguous(name, value)
    for outcome in ("won", "lost"):
        found = [s.code for s in value if s.outcome == outcome]
        if len(found) > 1:
            raise SpecError.from_field(
                name, f"must have one stage at most that is {outcome}", found, "keep one of them."
            )
    _refuse_falling(name, value)


def _refuse_ambiguous(name: str, stages: tuple[Stage, ...]) -> None:
    """Refuse a word that two stages go by, whatever the case."""
    owner: dict[str, str] = {}
    for stage in stages:
        for word in (stage.code, stage.letter, stage.name, stage.name_zh):
            first = owner.setdefault(word.casefold(), stage.code) if word else stage.code
            if first != stage.code:
                raise SpecError.from_field(
                    name,
                    f"must have words that mean one stage: {first!r} and {stage.code!r} share one",
                    word,
                    "codes, letters and names are read alike, whatever their case: rename one.",
                )


def _refuse_falling(name: str, stages: tuple[Stage, ...]) -> None:
    """Refuse chances of winning that fall along the way."""
    stated = [(s.code, s.win_probability) for s in stages if s.outcome != "lost"]
    known = [(c, p) for c, p in stated if p is not None]
    for (before, p), (after, q) in pairwise(known):
        if q < p:
            raise SpecError.from_field(
                name,
                f"must have win probabilities that never fall: {before!r} {p:g}, then {after!r}",
                q,
                "a deal that has come further is not less likely to be won; check the two figures.",
            )


def valid_moves(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse moves that do not lead from an open stage to a later one."""
    name = field_name(instance, attribute)
    if not isinstance(value, tuple) or not all(isinstance(m, Move) for m in value):
        raise SpecError.from_field(name, "must be moves", value, "see Move and step_by_step.")
    position = {s.code: i for i, s in enumerate(instance.stages)}
    for move in value:
        for code in (move.source, move.target):
            if code not in position:
                raise SpecError.from_choice(name, code, tuple(position))
        forward = position[move.source] < position[move.target]
        source, target = (instance.stages[position[c]] for c in (move.source, move.target))
        if not forward or source.outcome != "open" or target.outcome == "lost":
            raise SpecError.from_field(
                name,
                "must lead from an open stage to a later one",
                move,
                "a deal may go back to any earlier stage, and be lost in any: neither is a move.",
            )


def codes_of(stages: Iterable[Stage]) -> tuple[str, ...]:
    """List the codes of all key results, key actions and milestones, stage by stage."""
    found: list[str] = []
    for stage in stages:
        found += [] if stage.key_result is None else [stage.key_result.code]
        found += [a.code for a in stage.key_actions]
        found += stage.milestones
    return tuple(found)
