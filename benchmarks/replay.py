"""Replay a log of stage moves, with guards and history, beside two state machines in objects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
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
    codes = np.array([None, "known"], dtype=object)[(step == 1).astype(np.int64)]
    return {
        "deal": ids[deal[rows]],
        "event": kinds[step[rows]],
        "at": at[rows],
        "code": codes[rows],
    }


def run() -> Iterator[Ratio]:
    import pyarrow as pa

    made, events = funnel(), log()
    table = pa.table({name: pa.array(column) for name, column in events.items()})

    def ours() -> Any:
        return made.replay(table)

    def from_objects() -> Any:
        return made.replay(events)

    def usual() -> int:
        return _in_transitions(events, shared_by=1)

    def lean() -> int:
        return _in_transitions(events, shared_by=1_000)

    def statemachine() -> int:
        return _in_statemachine(events)

    done = int(np.count_nonzero(ours().now.stage_position))
    assert lean() == usual() == done
    usual_name = "transitions, a machine per deal"
    yield compare(CLAIM, ours, usual_name, usual, floor=1 / 100, warm_up=0)
    yield compare(CLAIM, ours, "transitions, shared lean machines", lean, warm_up=0)
    yield compare(f"{CLAIM}, objects", from_objects, usual_name, usual, pairs=3, warm_up=0)
    assert statemachine() == done
    yield compare(CLAIM, ours, "python-statemachine, one pair", statemachine, pairs=1, warm_up=0)


def _by_deal(events: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Give each deal's events in order of time."""
    order = np.lexsort((events["at"], events["deal"]))
    deals, kinds = events["deal"][order], events["event"][order].tolist()
    ends = np.append(np.flatnonzero(deals[1:] != deals[:-1]) + 1, len(deals)).tolist()
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        yield deals[start], kinds[start:end]


class Deal:
    """A model for `transitions`: it knows whether its gate is open, and keeps its history."""

    state: str
    known = False

    def __init__(self) -> None:
        self.history: list[str] = []

    def is_known(self) -> bool:
        """Guard the first transition."""
        return self.known

    def note(self) -> None:
        """Keep the state."""
        self.history.append(self.state)


def _machine(*, lean: bool) -> Any:
    """Make a machine without models; a lean one leaves out the package's extra transitions."""
    from transitions import Machine

    made = Machine(
        model=None,
        states=list(STAGES),
        initial="a",
        after_state_change="note",
        auto_transitions=not lean,
    )
    for source, target in pairwise(STAGES):
        guard = "is_known" if source == "a" else None
        made.add_transition("advance", source, target, conditions=guard)
    return made


def _in_transitions(events: dict[str, Any], shared_by: int) -> int:
    """Count the deals that leave the first stage.

    A machine looks through all its models whenever one is added, so one for all deals would be
    slower still.
    """
    left = 0
    for i, (_, kinds) in enumerate(_by_deal(events)):
        if i % shared_by == 0:
            machine = _machine(lean=shared_by > 1)
        model: Any = Deal()
        machine.add_model(model)
        model.known = "confirm" in kinds
        for _ in range(kinds.count("advance")):
            model.advance()
        left += model.state != "a"
    return left


def _in_statemachine(events: dict[str, Any]) -> int:
    """Count the deals that leave the first stage."""
    machine: Any = import_module("statemachine")
    state = machine.State
    refused = import_module("statemachine.exceptions").TransitionNotAllowed

    class Deal(machine.StateMachine):  # type: ignore[misc]
        a = state(initial=True)
        b, c, d, e, f = state(), state(), state(), state(), state(final=True)
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
            with suppress(refused):
                model.advance()
    return sum(d.history[-1] != "a" for d in deals.values())
