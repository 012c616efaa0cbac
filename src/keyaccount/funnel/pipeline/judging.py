"""Which rule events break, by kind of event: the rules of `step` in columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes
from keyaccount.funnel.events import KINDS
from keyaccount.funnel.pipeline.log import ABSENT, NO_DAY, UNKNOWN, Log
from keyaccount.funnel.pipeline.trace import WORD, Short, Small, Trace
from keyaccount.funnel.refusal import Refusal
from keyaccount.funnel.rules import LOST, OPEN, WON, Rules

__all__ = ["BEGIN", "STAY", "Judge", "Words", "masks"]

Words = NDArray[np.uint64]

_DAY = 86_400_000_000
"""Microseconds in a day."""

_K: dict[str, int] = {kind: i for i, kind in enumerate(KINDS)}

STAY = len(KINDS)
"""A move to the stage where the deal stands already."""

BEGIN = STAY + 1
"""The first move of a deal, which opens it."""


class Judge:
    """The rules, held against the state of all deals; nothing is changed here."""

    def __init__(self, rules: Rules, log: Log, deals: Trace) -> None:
        self.rules: Rules = rules
        self.log: Log = log
        self.deals: Trace = deals
        self.outcomes: Short = rules.outcome.astype(np.int8)
        self.onward: Small = rules.onward.astype(np.int16)
        words = len(deals.confirmed)
        results = [[r] if r >= 0 else [] for r in rules.key_result.tolist()]
        self.gate: Words = masks(results, words)
        self.required: Words = masks(rules.required, words)

    # --- What an event is, and whether it is in place --------------------------------------------

    def out_of_place(self, events: Codes) -> Short:
        """Hold events to the state of the deals: opened or not, decided or not."""
        kind, n = self.log.kind[events], len(events)
        opened, closed = self.deals.stage[:n] >= 0, self.deals.outcome[:n] != OPEN
        is_open, is_reopen = kind == _K["open"], kind == _K["reopen"]
        confirms = (kind == _K["confirm"]) & (self.deals.outcome[:n] == WON)
        free = is_open | is_reopen | confirms | (kind == _K["move"])
        refusal = np.zeros(n, dtype=np.int8)
        refusal[closed & ~free] = Refusal.CLOSED
        refusal[is_reopen & ~closed] = Refusal.NOT_CLOSED
        refusal[~opened & ~is_open & (kind != _K["move"])] = Refusal.NOT_OPENED
        refusal[opened & is_open] = Refusal.ALREADY_OPEN
        return refusal

    def targets(self, events: Codes) -> Small:
        """Give the stage each event leads to: the one named, or the usual one."""
        kind, named, n = self.log.kind[events], self.log.of("stage", events), len(events)
        stage = self.deals.stage[:n]
        usual = np.where(stage >= 0, self.onward[stage], np.int16(-1))
        usual[kind == _K["open"]] = 0
        usual[kind == _K["move"]] = UNKNOWN
        for name, value in (
            ("reopen", np.maximum(self.deals.last_open[:n], 0)),
            ("win", stage if self.rules.won < 0 else np.int16(self.rules.won)),
            ("lose", stage if self.rules.lost < 0 else np.int16(self.rules.lost)),
            ("regress", stage - np.int16(1)),
        ):
            np.copyto(usual, value, where=kind == _K[name])
        found: Small = np.where(named == ABSENT, usual, named)
        return found

    def kinds(self, events: Codes, target: Small, refusal: Short) -> Short:
        """Say of each move what kind it is from where the deal stands."""
        kind, n = self.log.kind[events], len(events)
        rows = np.flatnonzero((kind == _K["move"]) & (refusal == 0))
        if not len(rows):
            return kind
        goal, stage = target[rows], self.deals.stage[:n][rows]
        closed = self.deals.outcome[:n][rows] != OPEN
        known = goal >= 0
        ends = np.where(known, self.ends(goal), OPEN)
        found = np.where(goal > stage, _K["advance"], _K["regress"])
        found[ends == LOST] = _K["lose"]
        found[goal == stage] = STAY
        found[closed] = _K["reopen"]
        found[stage < 0] = BEGIN
        refusal[rows[~known]] = Refusal.UNKNOWN_STAGE
        refusal[rows[known & closed & (stage >= 0) & (ends != OPEN)]] = Refusal.CLOSED
        kind = kind.copy()
        kind[rows] = found
        return kind

    def bad_values(self, events: Codes) -> Bools:
        """Say which events carry an amount or a probability that cannot be one."""
        wrong = np.zeros(len(events), dtype=np.bool_)
        if self.log.has("amount"):
            amount = self.log.of("amount", events)
            wrong |= (amount < 0.0) | np.isinf(amount)
        if self.log.has("probability"):
            chance = self.log.of("probability", events)
            wrong |= (chance < 0.0) | (chance > 1.0)
        return wrong

    # --- One method per kind: which rule the events break ----------------------------------------

    def opens(self, rows: Codes, events: Codes, target: Small) -> Short:
        """Open, in a stage that is open."""
        del rows, events
        found = np.zeros(len(target), dtype=np.int8)
        found[self.ends(target) != OPEN] = Refusal.NO_SUCH_MOVE
        found[target < 0] = Refusal.UNKNOWN_STAGE
        return found

    def advances(self, rows: Codes, events: Codes, target: Small) -> Short:
        """Go on, by a move and through the gate."""
        stage, free = self.deals.stage[rows], (self.log.of("override", events) >= 0)
        found = np.zeros(len(rows), dtype=np.int8)
        found[~free] = self.gates(rows[~free])
        found[~free & ~self.rules.moves[stage, np.maximum(target, 0)]] = Refusal.NO_SUCH_MOVE
        found[(target <= stage) | (self.ends(target) == LOST)] = Refusal.NO_SUCH_MOVE
        found[target == UNKNOWN] = Refusal.UNKNOWN_STAGE
        found[target == ABSENT] = Refusal.NO_SUCH_MOVE
        return found

    def wins(self, rows: Codes, events: Codes, target: Small) -> Short:
        """Win: go on to the won stage, or be decided in the last open one."""
        if self.rules.won >= 0:
            return self.advances(rows, events, np.full_like(target, self.rules.won))
        free = self.log.of("override", events) >= 0
        found = np.zeros(len(rows), dtype=np.int8)
        found[~free] = self.gates(rows[~free])
        found[~free & (self.deals.stage[rows] != self.rules.last_open)] = Refusal.NO_SUCH_MOVE
        return found

    def loses(self, rows: Codes, events: Codes, target: Small) -> Short:
        """Lose, with a reason; a bare move to the lost stage has none to give."""
        del rows, target
        silent = (self.log.kind[events] == _K["lose"]) & (self.log.of("reason", events) < 0)
        return np.where(silent, Refusal.NO_REASON, 0).astype(np.int8)

    def regresses(self, rows: Codes, events: Codes, target: Small) -> Short:
        """Go back to an earlier open stage."""
        del events
        found = np.zeros(len(rows), dtype=np.int8)
        found[(target >= self.deals.stage[rows]) | (self.ends(target) != OPEN)] = (
            Refusal.NO_SUCH_MOVE
        )
        found[target == UNKNOWN] = Refusal.UNKNOWN_STAGE
        found[target == ABSENT] = Refusal.NO_SUCH_MOVE
        return found

    def confirms(self, rows: Codes, events: Codes, target: Small) -> Short:
        """Put a code on record."""
        del rows, target
        return np.where(self.log.of("code", events) < 0, Refusal.UNKNOWN_CODE, 0).astype(np.int8)

    def defers(self, rows: Codes, events: Codes, target: Small) -> Short:
        """Put off to a later day."""
        del rows, target
        today = self.log.at[events] // _DAY
        return np.where(self.log.of("until", events) > today, 0, Refusal.BAD_VALUE).astype(np.int8)

    def sets_amount(self, rows: Codes, events: Codes, target: Small) -> Short:
        """Set an amount that is there."""
        del rows, target
        missing = np.isnan(self.log.of("amount", events))
        return np.where(missing, Refusal.BAD_VALUE, 0).astype(np.int8)

    def reschedules(self, rows: Codes, events: Codes, target: Small) -> Short:
        """Set an expected day that is there."""
        del rows, target
        missing = self.log.of("expected", events) == NO_DAY
        return np.where(missing, Refusal.BAD_VALUE, 0).astype(np.int8)

    def reassigns(self, rows: Codes, events: Codes, target: Small) -> Short:
        """Set an owner that is there."""
        del rows, target
        return np.where(self.log.of("owner", events) < 0, Refusal.BAD_VALUE, 0).astype(np.int8)

    def passes(self, rows: Codes, events: Codes, target: Small) -> Short:
        """Break no rule: staying where it is, a history's first move, the hand's probability."""
        del rows, target
        return np.zeros(len(events), dtype=np.int8)

    def ends(self, target: Small) -> Short:
        """Give the outcome of stages; where there is no stage, that of the first."""
        return self.outcomes[np.maximum(target, 0)]

    def gates(self, rows: Codes) -> Short:
        """Say whether the gates of the deals' stages are open."""
        stage = self.deals.stage[rows]
        found = np.zeros(len(rows), dtype=np.int8)
        for masks, refusal in (
            (self.required, Refusal.REQUIRED_ACTION),
            (self.gate, Refusal.KEY_RESULT),
        ):
            for word, mask in zip(self.deals.confirmed, masks, strict=True):
                asked = mask[stage]
                found[(word[rows] & asked) != asked] = refusal
        return found


def masks(codes: Sequence[Sequence[int]], words: int) -> Words:
    """Turn lists of codes, one per stage, into masks of bits: ``(words, stages)``."""
    masks = np.zeros((words, len(codes)), dtype=np.uint64)
    for stage, found in enumerate(codes):
        for code in found:
            masks[code // WORD, stage] |= np.uint64(1) << np.uint64(code % WORD)
    return masks
