"""The rules of a funnel made ready to run: stages and codes as positions, moves as a table.

One set of rules serves both ways of running them: `step` takes one deal through one event in plain
Python, the replay takes a million deals through theirs in columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes
from keyaccount.errors import SpecError
from keyaccount.funnel.checks import codes_of
from keyaccount.funnel.moves import Move
from keyaccount.funnel.stages import Stage

__all__ = ["LOST", "OPEN", "OUTCOMES", "WON", "Rules"]

OUTCOMES = ("open", "won", "lost")
OPEN, WON, LOST = range(3)


@attrs.frozen(eq=False, slots=False)
class Rules:
    """A funnel as positions and tables.

    Attributes
    ----------
    stages
        The stages, in order.
    codes
        The codes of all key results, key actions and milestones, stage by stage.
    stage
        Position of each stage by every word it goes by.
    outcome
        Outcome of each stage, as a position in `OUTCOMES`.
    moves
        ``(n, n)``: whether a deal may go forward from a stage to another.
    onward
        The stage that a deal advances to when none is named, -1 where there is none.
    code
        The position of each of the codes.
    key_result
        The code that opens the gate of each stage, -1 where there is none.
    required
        The codes of the required actions of each stage.
    won, lost
        The stage of that outcome, -1 where the funnel has none.
    """

    stages: tuple[Stage, ...]
    codes: tuple[str, ...]
    stage: Mapping[str, int]
    outcome: Codes
    moves: Bools
    onward: Codes
    code: Mapping[str, int]
    key_result: Codes
    required: tuple[tuple[int, ...], ...]
    won: int
    lost: int

    @classmethod
    def of(cls, stages: tuple[Stage, ...], ways: tuple[Move, ...]) -> Rules:
        """Make the rules of a funnel ready, of its stages and the ways forward."""
        position = {s.code: i for i, s in enumerate(stages)}
        moves = np.zeros((len(stages), len(stages)), dtype=np.bool_)
        onward = np.full(len(stages), -1, dtype=np.int64)
        for move in reversed(ways):
            source, target = position[move.source], position[move.target]
            moves[source, target] = True
            onward[source] = target  # the first one declared is written last
        codes = codes_of(stages)
        code = {c: i for i, c in enumerate(codes)}
        outcomes = [s.outcome for s in stages]
        return cls(
            stages=stages,
            codes=codes,
            stage=_words(stages),
            outcome=np.array([OUTCOMES.index(o) for o in outcomes]),
            moves=moves,
            onward=onward,
            code=code,
            key_result=np.array(
                [-1 if s.key_result is None else code[s.key_result.code] for s in stages]
            ),
            required=tuple(
                tuple(code[a.code] for a in s.key_actions if a.required) for s in stages
            ),
            won=outcomes.index("won") if "won" in outcomes else -1,
            lost=outcomes.index("lost") if "lost" in outcomes else -1,
        )

    @cached_property
    def last_open(self) -> int:
        """The last stage in which a deal is open."""
        return int(np.flatnonzero(self.outcome == OPEN)[-1])

    @cached_property
    def results_from(self) -> tuple[tuple[int, ...], ...]:
        """List the key results of each stage and all later ones: what going back takes back."""
        results = self.key_result.tolist()
        return tuple(tuple(r for r in results[i:] if r >= 0) for i in range(len(results)))

    def stage_position(self, word: str) -> int:
        """Give the position of a stage by any word it goes by; -1 where nobody knows it."""
        return self.stage.get(word, self.stage.get(word.strip().casefold(), -1))

    def stage_named(self, word: str) -> Stage:
        """Give a stage by any word it goes by; refuse a word that nobody knows."""
        position = self.stage_position(str(word))
        if position < 0:
            raise SpecError.from_choice("stage", word, [s.code for s in self.stages])
        return self.stages[position]


def _words(stages: tuple[Stage, ...]) -> dict[str, int]:
    """List the words a stage goes by: its code first, then letter and names, whatever the case."""
    words: dict[str, int] = {s.code: i for i, s in enumerate(stages)}
    for i, s in enumerate(stages):
        for word in (s.code, s.letter, s.name, s.name_zh):
            if word:
                words.setdefault(word.casefold(), i)
    return words
