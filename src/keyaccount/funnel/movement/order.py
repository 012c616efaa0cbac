"""The order of the stages: stated, or known from the standings themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from keyaccount._columns import Codes, Columns, Objects
from keyaccount.errors import SpecError
from keyaccount.funnel.funnel import Funnel
from keyaccount.funnel.pipeline.standing import Standing
from keyaccount.funnel.stages import Stage

__all__ = ["positions", "stage_order"]


def stage_order(stages: Any, sides: Iterable[Columns]) -> tuple[str, ...] | None:
    """List the stages in order; None where nobody knows it.

    Raises
    ------
    SpecError
        What is stated is no order of stages.
    """
    if stages is None:
        return _of_standings(list(sides))
    found: Any = stages.stages if isinstance(stages, Funnel) else stages
    listed = isinstance(found, Iterable) and not isinstance(found, str | bytes)
    codes: tuple[Any, ...] = (
        tuple(s.code if isinstance(s, Stage) else s for s in found) if listed else ()
    )
    if not codes or not all(isinstance(c, str) for c in codes) or len(set(codes)) < len(codes):
        raise SpecError.from_field(
            "waterfall(stages)",
            "must list each stage once, from the first to the last",
            stages,
            "give a Funnel, or the codes of its stages in order.",
        )
    return codes


def positions(stage: Objects, order: tuple[str, ...], column: str) -> Codes:
    """Give the position of each stage; -1 where there is none.

    Raises
    ------
    SpecError
        A stage is not in the order.
    """
    place: dict[Any, int] = {code: i for i, code in enumerate(order)}
    place[None] = -1
    for label in sorted({s for s in stage.tolist() if s not in place}):
        raise SpecError.from_choice(f"column {column!r}", label, order)
    return np.fromiter(map(place.__getitem__, stage.tolist()), dtype=np.int64, count=len(stage))


def _of_standings(sides: list[Columns]) -> tuple[str, ...] | None:
    """Read the order off the positions that two standings give their stages."""
    place: dict[str, int] = {}
    for side in sides:
        if not isinstance(side, Standing):
            return None
        for code, position in zip(side.stage.tolist(), side.stage_position.tolist(), strict=True):
            if place.setdefault(code, position) != position:
                return None  # two funnels
    return tuple(sorted(place, key=place.__getitem__))
