"""What events change, by kind of event: the state of all deals, written in columns."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Codes
from keyaccount.funnel.pipeline.judging import Words, masks
from keyaccount.funnel.pipeline.log import NO_DAY, Log
from keyaccount.funnel.pipeline.trace import WORD, Short, Small, Trace
from keyaccount.funnel.rules import LOST, OPEN, WON, Rules

__all__ = ["Changes"]

_NOTHING = {"owner": -1, "expected": NO_DAY}


class Changes:
    """The state of all deals, changed by events that break no rule."""

    def __init__(self, rules: Rules, log: Log, deals: Trace) -> None:
        self.rules: Rules = rules
        self.log: Log = log
        self.deals: Trace = deals
        self.outcomes: Short = rules.outcome.astype(np.int8)
        self.taken_back: Words = masks(rules.results_from, len(deals.confirmed))

    def put(self, rows: Codes, events: Codes, target: Small) -> None:
        """Put deals into a stage."""
        deals = self.deals
        outcome = self.outcomes[target]
        deals.stage[rows] = target
        deals.outcome[rows] = outcome
        deals.entered[rows] = self.log.at[events]
        deals.deferred[rows] = NO_DAY
        still_open = outcome == OPEN
        deals.closed[rows] = np.where(still_open, NO_DAY, self.log.at[events])
        deals.last_open[rows[still_open]] = target[still_open]

    def put_again(self, rows: Codes, events: Codes, target: Small) -> None:
        """Put decided deals into a stage; an earlier one than they were in is going back."""
        back = target < self.deals.last_open[rows]
        self.put(rows, events, target)
        self.take_back(rows[back], target[back])

    def put_back(self, rows: Codes, events: Codes, target: Small) -> None:
        """Put deals into an earlier stage."""
        self.put(rows, events, target)
        self.take_back(rows, target)

    def win(self, rows: Codes, events: Codes, target: Small) -> None:
        """Win deals: in the stage for that, or where they stand."""
        self.decide(rows, events, target, WON)

    def lose(self, rows: Codes, events: Codes, target: Small) -> None:
        """Lose deals: in the stage for that, or where they stand."""
        self.deals.reason[rows] = self.log.of("reason", events)
        self.decide(rows, events, target, LOST)

    def decide(self, rows: Codes, events: Codes, target: Small, outcome: int) -> None:
        """Put deals into the stage of an outcome; without one they keep the stage they are in."""
        stage = self.rules.won if outcome == WON else self.rules.lost
        if stage >= 0:
            self.put(rows, events, np.full_like(target, stage))
            return
        self.deals.outcome[rows] = outcome
        self.deals.closed[rows] = self.log.at[events]

    def confirm(self, rows: Codes, events: Codes, target: Small) -> None:
        """Put codes on record."""
        del target
        code = self.log.of("code", events)
        bits = np.left_shift(np.uint64(1), (code % WORD).astype(np.uint64))
        for w, word in enumerate(self.deals.confirmed):
            here = code // WORD == w
            word[rows[here]] |= bits[here]

    def defer(self, rows: Codes, events: Codes, target: Small) -> None:
        """Put deals off."""
        del target
        self.deals.deferred[rows] = self.log.of("until", events)

    def set_probability(self, rows: Codes, events: Codes, target: Small) -> None:
        """Set the hand's probability, or take it back."""
        del target
        self.deals.by_hand[rows] = self.log.of("probability", events)

    def nothing(self, rows: Codes, events: Codes, target: Small) -> None:
        """Change nothing but the values that any event takes along."""
        del rows, events, target

    def take_back(self, rows: Codes, target: Small) -> None:
        """Take back the key results of a stage and all later ones."""
        for word, mask in zip(self.deals.confirmed, self.taken_back, strict=True):
            word[rows] &= ~mask[target]

    def values(self, rows: Codes, events: Codes) -> None:
        """Take along what any event says of amount, probability, owner and expected close."""
        deals = self.deals
        for name, into in (
            ("amount", deals.amount),
            ("probability", deals.by_hand),
            ("owner", deals.owner),
            ("expected", deals.expected),
        ):
            if self.log.has(name):
                stated = self.log.of(name, events[rows])
                known = ~np.isnan(stated) if stated.dtype.kind == "f" else stated > _NOTHING[name]
                into[rows[known]] = stated[known]
