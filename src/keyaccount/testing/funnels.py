"""Funnels, and logs of what happens to deals in them: much of it against the rules."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from keyaccount.funnel.events import KINDS, Event
from keyaccount.funnel.funnel import Funnel
from keyaccount.funnel.key_actions import KeyAction, KeyResult
from keyaccount.funnel.moves import any_move_forward
from keyaccount.funnel.stages import Stage

__all__ = ["events", "funnels"]

_FIRST = datetime(2026, 9, 1)  # noqa: DTZ001 - the clock on the wall
_WORDS = st.sampled_from(["", "because"])


@st.composite
def funnels(draw: st.DrawFn, *, max_stages: int = 4) -> Funnel:
    """Draw funnels: with and without gates, required actions, a won stage, a lost stage, skips.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(funnels())
    ... def the_first_stage_is_open(funnel):
    ...     assert funnel.stages[0].outcome == "open"
    >>> the_first_stage_is_open()
    """
    n = draw(st.integers(1, max_stages))
    chances = sorted(draw(st.lists(st.floats(0, 1), min_size=n, max_size=n)))
    stages = [_stage(draw, i, chance) for i, chance in enumerate(chances)]
    if draw(st.booleans()):
        stages.append(Stage("won", "Won", win_probability=1, outcome="won"))
    if draw(st.booleans()):
        stages.append(Stage("lost", "Lost", outcome="lost"))
    skips = draw(st.booleans())
    return Funnel("drawn", stages, moves=any_move_forward(stages) if skips else None)


def _stage(draw: st.DrawFn, i: int, chance: float) -> Stage:
    gated, actions = draw(st.booleans()), draw(st.integers(0, 2))
    return Stage(
        f"s{i}",
        f"Stage {i}",
        letter="ABCDEF"[i],
        win_probability=chance if draw(st.booleans()) else None,
        key_result=KeyResult(f"r{i}", "Result") if gated else None,
        key_actions=[
            KeyAction(f"a{i}.{k}", "Action", required=draw(st.booleans())) for k in range(actions)
        ],
    )


@st.composite
def events(
    draw: st.DrawFn, funnel: Funnel, *, deal: str = "deal", max_size: int = 14
) -> list[Event]:
    """Draw what is said to happen to one deal, in any order of time.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(st.data())
    ... def they_are_about_one_deal(data):
    ...     drawn = data.draw(events(data.draw(funnels()), deal="OPP-1"))
    ...     assert {e.deal for e in drawn} <= {"OPP-1"}
    >>> they_are_about_one_deal()
    """
    opening = [Event(deal, "open", _FIRST)] if draw(st.integers(0, 5)) else []
    more = draw(st.lists(_event(funnel, deal), max_size=max_size))
    return [*opening, *more]


@st.composite
def _event(draw: st.DrawFn, funnel: Funnel, deal: str) -> Event:
    words = [w for s in funnel.stages for w in (s.code, s.letter) if w]
    usual: list[Any] = ["advance", "confirm", "move"]
    at = _FIRST + timedelta(hours=draw(st.integers(-30, 200)))
    several = funnel.codes or ("nothing",)
    return Event(
        deal,
        draw(st.sampled_from([*KINDS, *usual, *usual])),
        at,
        stage=draw(st.sampled_from(["", "", *words, "no such stage"])),
        code=draw(st.sampled_from([*several, "no such code"])),
        amount=draw(st.sampled_from([None, None, 0.0, 500.0, -1.0, 1e6])),
        probability=draw(st.sampled_from([None, None, 0.0, 0.5, 1.0, 1.5])),
        owner=draw(st.sampled_from(["", "li", "wang"])),
        expected=draw(st.sampled_from([None, date(2026, 12, 31)])),
        until=draw(st.sampled_from([None, at.date(), at.date() + timedelta(days=3)])),
        reason=draw(_WORDS),
        override=draw(_WORDS),
    )
