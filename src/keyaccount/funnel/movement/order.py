"""The order of the stages: stated, or that of the funnel of two standings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Codes, Columns, Objects
from keyaccount.errors import SpecError
from keyaccount.funnel.funnel import Funnel
from keyaccount.funnel.pipeline.standing import Standing
from keyaccount.funnel.stages import Stage

__all__ = ["StageOrder", "positions", "stage_order"]


@attrs.frozen(eq=False)
class StageOrder:
    """The codes of the stages from first to last, and the position of each by its words."""

    codes: tuple[str, ...]
    place: Mapping[str, int]

    @classmethod
    def of(cls, funnel: Funnel) -> StageOrder:
        """Take the order, and the words, of a funnel."""
        return cls(tuple(s.code for s in funnel.stages), funnel.rules.stage)

    def position(self, word: str) -> int:
        """Give the position of a stage by any word it goes by; -1 where nobody knows it."""
        return self.place.get(word, self.place.get(word.strip().casefold(), -1))


def stage_order(stages: Any, sides: Iterable[Columns]) -> StageOrder | None:
    """Take the stated order, or that of two standings; None where nobody knows it.

    Raises
    ------
    SpecError
        What is stated is no order of stages.
    """
    if stages is None:
        return _of_standings(list(sides))
    if isinstance(stages, Funnel):
        return StageOrder.of(stages)
    listed = isinstance(stages, Iterable) and not isinstance(stages, str | bytes)
    found: tuple[Any, ...] = tuple(stages) if listed else ()
    codes = [s.code if isinstance(s, Stage) else s for s in found]
    if not codes or not all(isinstance(c, str) for c in codes) or len(set(codes)) < len(codes):
        raise SpecError.from_field(
            "waterfall(stages)",
            "must list each stage once, from the first to the last",
            stages,
            "give a Funnel, or the codes of its stages in order.",
        )
    return StageOrder(tuple(codes), _words(found))


def positions(stage: Objects, order: StageOrder, column: str) -> Codes:
    """Give the position of each stage; -1 where there is none.

    Raises
    ------
    SpecError
        A stage is not in the order.
    """
    labels: set[str] = set(stage.tolist()) - {None}
    place: dict[Any, int] = {label: order.position(label) for label in labels}
    for label in sorted(name for name, position in place.items() if position < 0):
        raise SpecError.from_choice(f"column {column!r}", label, order.codes)
    place[None] = -1
    return np.fromiter(map(place.__getitem__, stage.tolist()), dtype=np.int64, count=len(stage))


def _words(stages: Iterable[Stage | str]) -> dict[str, int]:
    """List the words that stages go by: codes as they are first, then all words in any case."""
    listed = [
        (s.code, s.letter, s.name, s.name_zh) if isinstance(s, Stage) else (s,) for s in stages
    ]
    words = {spoken[0]: i for i, spoken in enumerate(listed)}
    for i, spoken in enumerate(listed):
        for word in spoken:
            if word:
                words.setdefault(word.casefold(), i)
    return words


def _of_standings(sides: list[Columns]) -> StageOrder | None:
    """Take the order of the funnel of two standings; two funnels may tell two orders."""
    funnels = [side.funnel for side in sides if isinstance(side, Standing)]
    orders = [StageOrder.of(funnel) for funnel in funnels]
    if len(orders) < len(sides) or len({order.codes for order in orders}) > 1:
        return None
    return orders[0]
