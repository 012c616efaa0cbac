"""The event log of the deals: what happened to each, as a funnel replays it."""

from __future__ import annotations

from typing import Final

import attrs
import numpy as np

from keyaccount._columns import Codes, Floats, Objects
from keyaccount.datasets.catalogue import picked, texts
from keyaccount.datasets.course import LOST, REASONS, STAGES, WON
from keyaccount.datasets.deals import AT_END, AT_OPENING, Deals
from keyaccount.datasets.team import Team
from keyaccount.datasets.truth import DAYS, Truth
from keyaccount.funnel.checks import codes_of
from keyaccount.funnel.events import KINDS
from keyaccount.funnel.presets import opportunity_stages

__all__ = ["history_columns"]

_STAGES: Final = opportunity_stages()
_WORDS: Final = tuple(stage.code for stage in _STAGES)
_CODES: Final = codes_of(_STAGES)
_DONE = 0.15
"""The chance that somebody puts a key action on record."""
_AT_A_TIME = 400_000
"""Deals: so many that their columns are given back as soon as they are put together."""
_DAY, _MORNING, _WORKING = 86_400, 8 * 3_600, 10 * 3_600
"""Seconds: in a day, until the working day begins, in a working day."""


@attrs.frozen(eq=False)
class _Events:
    """Some events: the deal and the time of each, and what it says; None: nothing."""

    kind: str
    deal: Codes
    time: Floats
    stage: int = -1
    code: str = ""
    amount: Floats | None = None
    expected: Floats | None = None
    owner: Codes | None = None

    def cut(self, until: Floats) -> _Events:
        """Leave out what would be at or after the end of the record of its deal."""
        kept = np.flatnonzero(self.time < until[self.deal])
        return attrs.evolve(
            self,
            deal=self.deal[kept],
            time=self.time[kept],
            amount=None if self.amount is None else self.amount[kept],
            expected=None if self.expected is None else self.expected[kept],
            owner=None if self.owner is None else self.owner[kept],
        )


def history_columns(
    deals: Deals, truth: Truth, team: Team, rng: np.random.Generator
) -> dict[str, Objects]:
    """Write down what happened to each deal by the day of the export.

    `Funnel.replay` of the opportunity funnel takes all of it: whatever advances has its key result
    confirmed before. Deals are taken some at a time, which bounds the memory on the way.
    """
    starts = range(0, len(deals), _AT_A_TIME)
    parts = [_part(deals.part(slice(i, i + _AT_A_TIME)), truth, team, rng) for i in starts]
    table = {name: np.concatenate([part.pop(name) for part in parts]) for name in list(parts[0])}
    return {**table, "seq": np.arange(len(table["deal"]))}


def _part(deals: Deals, truth: Truth, team: Team, rng: np.random.Generator) -> dict[str, Objects]:
    """Write down what happened to some deals."""
    course = deals.course
    during = [events.cut(course.until) for events in _during(deals, truth, rng)]
    events = [*during, *_endings(deals), *_afterwards(deals)]
    deal = np.concatenate([e.deal for e in events])
    second = _seconds(np.concatenate([e.time for e in events]))
    kind = _repeated(events, [KINDS.index(e.kind) for e in events])
    order = np.argsort(_key(deal, second, kind), kind="stable")
    deal, second, kind = deal[order], second[order], kind[order]
    start = (truth.as_of - np.timedelta64(DAYS - 1, "D")).astype("datetime64[s]")
    owner = _joined([e.owner for e in events], events, -1)[order].astype(np.int64)
    moment = start + second.astype("timedelta64[s]")
    moved = second >= _seconds(deals.reassigned)[deal]
    return {
        "deal": deals.ids[deal],
        "event": texts(KINDS, kind),
        "at": moment,
        "by": team.named(np.where(moved, deals.next_owner[deal], deals.owner[deal])),
        "account": picked(
            truth.ids, np.where(kind == KINDS.index("open"), course.account[deal], -1)
        ),
        "stage": texts(_WORDS, _repeated(events, [e.stage for e in events])[order]),
        "code": texts(_CODES, _repeated(events, [_code(e.code) for e in events])[order]),
        "amount": _joined([e.amount for e in events], events, np.nan)[order],
        "owner": team.named(owner),
        "expected": truth.date(_joined([e.expected for e in events], events, np.inf)[order]),
        "reason": texts(REASONS, np.where(kind == KINDS.index("lose"), course.reason[deal], -1)),
    }


def _during(deals: Deals, truth: Truth, rng: np.random.Generator) -> list[_Events]:
    """Give what happens while deals are open, beyond the end of the record too."""
    everything = np.arange(len(deals))
    asked = np.where(deals.entered == AT_OPENING, deals.asked, np.nan)
    told = np.flatnonzero((deals.entered == AT_OPENING) & np.isfinite(deals.requoted))
    events = [
        _Events(
            "open",
            everything,
            deals.course.enter[0],
            amount=asked,
            expected=deals.expected,
            owner=deals.owner,
        ),
        _Events("set_amount", told, deals.requoted[told], amount=deals.agreed[told]),
        _Events("reschedule", everything, deals.put_off, expected=deals.later),
        _Events("reassign", everything, deals.reassigned, owner=deals.next_owner),
        _Events("confirm", everything, deals.signed, code="signed"),
        *_falls(deals),
    ]
    for stage in range(STAGES):
        events += _in_stage(deals, stage, truth, rng)
    return events


def _in_stage(deals: Deals, stage: int, truth: Truth, rng: np.random.Generator) -> list[_Events]:
    """Give what happens in a stage: it is entered, actions are done, its gate is opened."""
    course, spec = deals.course, _STAGES[stage]
    there = np.flatnonzero(course.enter[stage] < course.until)
    start = course.enter[stage, there]
    stay = course.enter[stage + 1, there] - start
    events = [_Events("advance", there, start, stage=stage)] if stage else []
    if spec.key_result is not None:
        opened = start + rng.uniform(0.85, 0.98, len(there)) * stay
        events.append(_Events("confirm", there, opened, code=spec.key_result.code))
    helped = truth.has_coach[course.account[there]]
    for action in spec.key_actions:
        done = rng.random(len(there)) < _DONE
        if "coach" in action.roles:
            done &= helped
        rows = np.flatnonzero(done)
        time = start[rows] + rng.uniform(0.02, 0.84, len(rows)) * stay[rows]
        events.append(_Events("confirm", there[rows], time, code=action.code))
    return events


def _falls(deals: Deals) -> list[_Events]:
    """Give the deals that fall back by a stage, with the gate that they pass once more."""
    fallen, again = deals.course.fall()
    events: list[_Events] = []
    for stage in range(1, STAGES - 1):
        rows = np.flatnonzero(deals.course.back == stage)
        result = _STAGES[stage - 1].key_result
        assert result is not None
        between = (fallen[rows] + again[rows]) / 2.0
        events += [
            _Events("regress", rows, fallen[rows], stage=stage - 1),
            _Events("confirm", rows, between, code=result.code),
            _Events("advance", rows, again[rows], stage=stage),
        ]
    return events


def _endings(deals: Deals) -> list[_Events]:
    """Give how deals are decided, with the amounts that are entered only then."""
    course, late = deals.course, deals.entered == AT_END
    won, lost = np.flatnonzero(course.outcome == WON), np.flatnonzero(course.outcome == LOST)
    told = lost[late[lost]]
    return [
        _Events("win", won, course.end[won], amount=np.where(late, deals.amount, np.nan)[won]),
        _Events("set_amount", told, course.end[told], amount=deals.amount[told]),
        _Events("lose", lost, course.end[lost]),
    ]


def _afterwards(deals: Deals) -> list[_Events]:
    """Give the milestones after the decision."""
    over, paid = np.isfinite(deals.handed_over), np.isfinite(deals.collected)
    return [
        _Events("confirm", np.flatnonzero(over), deals.handed_over[over], code="handed_over"),
        _Events("confirm", np.flatnonzero(paid), deals.collected[paid], code="collected"),
    ]


def _code(word: str) -> int:
    return _CODES.index(word) if word else -1


def _seconds(time: Floats) -> Codes:
    """Put times of a day into working hours, in their order; never: beyond all others."""
    known = np.where(np.isfinite(time), time, 4.0 * DAYS)
    day = np.floor(known)
    second: Codes = (day * _DAY + _MORNING + np.floor((known - day) * _WORKING)).astype(np.int64)
    return second


def _key(deal: Codes, second: Codes, kind: Codes) -> Codes:
    """Make one number to sort by: the deal, then the moment, then what comes first of two."""
    return (deal * (DAYS * _DAY) + second) * len(KINDS) + kind


def _repeated(events: list[_Events], values: list[int]) -> Codes:
    return np.repeat(np.array(values, dtype=np.int64), [len(e.deal) for e in events])


def _joined(parts: list[Floats | Codes | None], events: list[_Events], blank: float) -> Floats:
    """Put what events say end to end, a blank where they say nothing."""
    filled = [
        np.full(len(e.deal), blank) if part is None else part
        for part, e in zip(parts, events, strict=True)
    ]
    return np.concatenate(filled)
