"""One round of events over all deals: each held to its rule, then taken or refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from keyaccount._columns import Codes
from keyaccount.funnel.events import KINDS
from keyaccount.funnel.pipeline.changing import Changes
from keyaccount.funnel.pipeline.judging import BEGIN, STAY, Judge
from keyaccount.funnel.pipeline.log import Log
from keyaccount.funnel.pipeline.trace import Short, Small, Trace
from keyaccount.funnel.refusal import Refusal
from keyaccount.funnel.rules import Rules

__all__ = ["Machine"]

Asks: TypeAlias = Callable[[Codes, Codes, Small], Short]
"""Deals, events and target stages in; which rule each event breaks out."""

Does: TypeAlias = Callable[[Codes, Codes, Small], None]
"""Deals, events and target stages in; the deals are changed."""


class Machine:
    """The state of all deals, and for each kind of event its rule and its change."""

    def __init__(self, rules: Rules, log: Log, deals: Trace) -> None:
        self.deals: Trace = deals
        self.judge: Judge = Judge(rules, log, deals)
        self.changes: Changes = Changes(rules, log, deals)
        judge, changes = self.judge, self.changes
        named: dict[str, tuple[Asks, Does]] = {
            "open": (judge.opens, changes.put),
            "reopen": (judge.opens, changes.put_again),
            "advance": (judge.advances, changes.put),
            "win": (judge.wins, changes.win),
            "lose": (judge.loses, changes.lose),
            "regress": (judge.regresses, changes.put_back),
            "confirm": (judge.confirms, changes.confirm),
            "defer": (judge.defers, changes.defer),
            "set_amount": (judge.sets_amount, changes.nothing),
            "set_probability": (judge.passes, changes.set_probability),
            "reschedule": (judge.reschedules, changes.nothing),
            "reassign": (judge.reassigns, changes.nothing),
        }
        self.kinds: dict[int, tuple[Asks, Does]] = {
            **{i: named[kind] for i, kind in enumerate(KINDS) if kind in named},
            STAY: (judge.passes, changes.nothing),
            BEGIN: (judge.passes, changes.put),
        }

    def round(self, events: Codes) -> None:
        """Take each of the first deals through one event.

        An event with a bad value is held to its rule too, so that the first rule broken is named.
        """
        judge = self.judge
        refusal = judge.out_of_place(events)
        target = judge.targets(events)
        kinds = judge.kinds(events, target, refusal)
        in_place = refusal == 0
        np.putmask(refusal, in_place & judge.bad_values(events), Refusal.BAD_VALUE)
        for kind, (asks, does) in self.kinds.items():
            rows = np.flatnonzero((kinds == kind) & in_place)
            if not len(rows):
                continue
            found = asks(rows, events[rows], target[rows])
            refusal[rows] = np.where(found != 0, found, refusal[rows])
            good = rows[refusal[rows] == 0]
            does(good, events[good], target[good])
        self.deals.refusal[: len(events)] = refusal
        self.changes.values(np.flatnonzero(refusal == 0), events)
