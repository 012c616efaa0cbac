"""Replay a log of stage moves, with guards and history, beside two state machines in objects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from typing import Any

import numpy as np

import keyaccount as ka
from benchmarks.harness import Ratio, compare

DEALS, MOVES = 100_000, 5
STAGES = ("a", "b", "c", "d", "e", "f")
CLAIM = "replay 500,000 stage moves of 100,000 deals"


def funnel() -> ka.Funnel:
    """Make six stages whose first is gated by a key result."""
    result = ka.KeyResult("known", "The need is known")
    first = ka.Stage("a", "A", key_result=result)
    return ka.Funnel("bench", [first, *(ka.Stage(code, code.upper()) for code in STAGES[1:])])


def log() -> dict[str, Any]:
    """Make a log in which some deals pass the gate and others are refused; rows are shuffled."""
    rng = np.random.default_rng(0)
    deal = np.tile(np.arange(DEALS), MOVES + 2)
    step = np.repeat(np.arange(MOVES + 2), DEALS)
    kinds = np.array(["open", "confirm", *["advance"] * MOVES], dtype=object)
    kept = (step != 1) | (deal % 10 != 0)  # one deal in ten is never confirmed
    at = np.datetime64("2026-01-01") + (step * 20 + rng.integers(0, 20, len(step)))
    rows = rng.permutation(np.flatnonzero(kept))
    ids = np.array([f"OPP-{i}" for i in range(DEALS)], dtype=object)
    codes = np.where(step == 1, "known", None)
    return {
        "deal": ids[deal[rows]],
        "event": kinds[step[rows]],
        "at": at[rows],
        "code": codes[rows],
    }


def run() -> Iterator[Ratio]:
    made, events = funnel(), log()

    def ours() -> Any:
        return made.replay(events)

    def theirs() -> int:
        return _in_transitions(events)

    def statemachine() -> int:
        return _in_statemachine(events)

    done = int(np.count_nonzero(ours().now.stage_position))
    assert theirs() == done
    yield compare(CLAIM, ours, "transitions", theirs, floor=1 / 100, warm_up=0)
    assert statemachine() == done
    yield compare(CLAIM, ours, "python-statemachine, one pair", statemachine, pairs=1, warm_up=0)


def _by_deal(events: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Give each deal's events in order of time."""
    order = np.lexsort((events["at"], events["deal"]))
    deals, kinds = events["deal"][order], events["event"][order].tolist()
    ends = np.append(np.flatnonzero(deals[1:] != deals[:-1]) + 1, len(deals)).tolist()
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        yield deals[start], kinds[start:end]


def _in_transitions(events: dict[str, Any]) -> int:
    """Count the deals that leave the first stage; each keeps its history, as ours do."""
    from transitions import Machine

    class Deal:
        state: str
        known = False

        def __init__(self) -> None:
            self.history: list[str] = []

        def is_known(self) -> bool:
            return self.known

        def note(self) -> None:
            self.history.append(self.state)

    def machine() -> Any:
        made = Machine(
            states=list(STAGES), initial="a", after_state_change="note", auto_transitions=False
        )
        for source, target in pairwise(STAGES):
            guard = ["is_known"] if source == "a" else []
            made.add_transition("advance", source, target, conditions=guard)
        return made

    deals: dict[str, Any] = {}
    for i, (deal, kinds) in enumerate(_by_deal(events)):
        if i % 1_000 == 0:  # it looks through all its models whenever one is added
            shared = machine()
        model: Any = Deal()
        for kind in kinds:
            if kind == "open":
                shared.add_model(model)
            elif kind == "confirm":
                model.known = True
            else:
                model.advance()
        deals[deal] = model
    return sum(d.state != "a" for d in deals.values())


def _in_statemachine(events: dict[str, Any]) -> int:
    """Count the deals that leave the first stage."""
    from statemachine import State, StateMachine
    from statemachine.exceptions import TransitionNotAllowed

    class Deal(StateMachine):
        a = State(initial=True)
        b, c, d, e, f = State(), State(), State(), State(), State(final=True)
        advance = a.to(b, cond="known") | b.to(c) | c.to(d) | d.to(e) | e.to(f)
        known = False

        def __init__(self) -> None:
            self.history: list[str] = []
            super().__init__()

        def on_enter_state(self, target: Any) -> None:
            self.history.append(target.id)

    deals: dict[str, Any] = {}
    for deal, kinds in _by_deal(events):
        model = deals[deal] = Deal()
        model.known = "confirm" in kinds
        for _ in range(kinds.count("advance")):
            with suppress(TransitionNotAllowed):
                model.advance()
    return sum(d.history[-1] != "a" for d in deals.values())
