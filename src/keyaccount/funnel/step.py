"""One deal, one event: what the rules say of it, and the deal after it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from keyaccount.funnel.deal import Confirmation, Deal
from keyaccount.funnel.events import Event
from keyaccount.funnel.refusal import Refusal
from keyaccount.funnel.rules import LOST, OPEN, OUTCOMES, WON, Rules

__all__ = ["refusal_of", "taken", "target_of"]

Change = dict[str, Any]
"""The fields of a deal that an event changes."""


def refusal_of(rules: Rules, deal: Deal, event: Event) -> Refusal:
    """Say which rule an event breaks, the first one where it breaks several."""
    return _judged(rules, deal, event)[0]


def taken(rules: Rules, deal: Deal, event: Event) -> Deal:
    """Give the deal after an event that breaks no rule."""
    refusal, change = _judged(rules, deal, event)
    assert refusal is Refusal.NONE
    return attrs.evolve(deal, **change, history=(*deal.history, event))


def target_of(rules: Rules, deal: Deal, event: Event) -> int:
    """Give the stage an event leads to, -1 where there is none or nobody knows it."""
    if event.stage.strip():
        return rules.stage_position(event.stage)
    stage = rules.stage.get(deal.stage, -1)
    if event.kind == "open":
        return 0
    if event.kind == "reopen":
        return rules.stage.get(deal.last_open_stage, 0)
    if event.kind == "win":
        return rules.won if rules.won >= 0 else stage
    if event.kind == "lose":
        return rules.lost if rules.lost >= 0 else stage
    return stage - 1 if event.kind == "regress" else int(rules.onward[stage])


def _judged(rules: Rules, deal: Deal, event: Event) -> tuple[Refusal, Change]:
    refused = _out_of_place(deal, event)
    if refused:
        return refused, {}
    judge = _move if event.kind == "move" else _JUDGES[event.kind]
    refused, change = judge(rules, deal, event)
    return refused or _bad_values(event), {**change, **_values(event)}


def _out_of_place(deal: Deal, event: Event) -> Refusal:
    """Hold an event to the state of the deal: opened or not, decided or not."""
    if event.kind == "open":
        return Refusal.ALREADY_OPEN if deal.stage else Refusal.NONE
    if not deal.stage:
        return Refusal.NONE if event.kind == "move" else Refusal.NOT_OPENED
    if event.kind == "reopen":
        return Refusal.NOT_CLOSED if deal.outcome == "open" else Refusal.NONE
    free = {"confirm", "move"} if deal.outcome == "won" else {"move"}
    if deal.outcome != "open" and event.kind not in free:
        return Refusal.CLOSED
    return Refusal.NONE


def _open(rules: Rules, deal: Deal, event: Event) -> tuple[Refusal, Change]:
    target = target_of(rules, deal, event)
    if target < 0 or rules.outcome[target] != OPEN:
        return Refusal.UNKNOWN_STAGE if target < 0 else Refusal.NO_SUCH_MOVE, {}
    return Refusal.NONE, {**_at(rules, target, event), **_opening(event)}


def _opening(event: Event) -> Change:
    return {"account": event.account, "origin": event.origin, "opened": event.at}


def _reopen(rules: Rules, deal: Deal, event: Event) -> tuple[Refusal, Change]:
    target = target_of(rules, deal, event)
    if target < 0 or rules.outcome[target] != OPEN:
        return Refusal.UNKNOWN_STAGE if target < 0 else Refusal.NO_SUCH_MOVE, {}
    change = {**_at(rules, target, event), "closed": None, "lost_reason": ""}
    if target < rules.stage.get(deal.last_open_stage, 0):
        change |= _taken_back(rules, deal, target)
    return Refusal.NONE, change


def _taken_back(rules: Rules, deal: Deal, target: int) -> Change:
    """Take back the key results of a stage and all later ones."""
    gone = {rules.codes[i] for i in rules.results_from[target]}
    return {"confirmed": tuple(c for c in deal.confirmed if c.code not in gone)}


def _advance(rules: Rules, deal: Deal, event: Event) -> tuple[Refusal, Change]:
    target, stage = target_of(rules, deal, event), rules.stage[deal.stage]
    if target < 0:
        return Refusal.UNKNOWN_STAGE if event.stage.strip() else Refusal.NO_SUCH_MOVE, {}
    if target <= stage or rules.outcome[target] == LOST:
        return Refusal.NO_SUCH_MOVE, {}
    if not event.override.strip():
        if not rules.moves[stage, target]:
            return Refusal.NO_SUCH_MOVE, {}
        shut = _gate(rules, deal, stage)
        if shut:
            return shut, {}
    return Refusal.NONE, _at(rules, target, event)


def _win(rules: Rules, deal: Deal, event: Event) -> tuple[Refusal, Change]:
    stage = rules.stage[deal.stage]
    if rules.won >= 0:
        return _advance(rules, deal, attrs.evolve(event, stage=rules.stages[rules.won].code))
    if not event.override.strip():
        if stage != rules.last_open:
            return Refusal.NO_SUCH_MOVE, {}
        shut = _gate(rules, deal, stage)
        if shut:
            return shut, {}
    return Refusal.NONE, {"outcome": OUTCOMES[WON], "closed": event.at}


def _lose(rules: Rules, deal: Deal, event: Event) -> tuple[Refusal, Change]:
    if event.kind == "lose" and not event.reason.strip():
        return Refusal.NO_REASON, {}
    del deal
    change: Change = {"outcome": OUTCOMES[LOST], "closed": event.at, "lost_reason": event.reason}
    if rules.lost >= 0:
        change |= {**_at(rules, rules.lost, event), "lost_reason": event.reason}
    return Refusal.NONE, change


def _regress(rules: Rules, deal: Deal, event: Event) -> tuple[Refusal, Change]:
    target, stage = target_of(rules, deal, event), rules.stage[deal.stage]
    if target < 0:
        return Refusal.UNKNOWN_STAGE if event.stage.strip() else Refusal.NO_SUCH_MOVE, {}
    if target >= stage or rules.outcome[target] != OPEN:
        return Refusal.NO_SUCH_MOVE, {}
    return Refusal.NONE, {**_at(rules, target, event), **_taken_back(rules, deal, target)}


def _move(rules: Rules, deal: Deal, event: Event) -> tuple[Refusal, Change]:
    """Go to a stage, whatever kind of move that is from here: the first opens the deal."""
    target, stage = rules.stage_position(event.stage), rules.stage.get(deal.stage, -1)
    if target < 0:
        return Refusal.UNKNOWN_STAGE, {}
    if stage < 0:  # a history may begin anywhere, with the decision too
        return Refusal.NONE, {**_at(rules, target, event), **_opening(event)}
    if deal.outcome != "open":
        decided = rules.outcome[target] != OPEN
        return (Refusal.CLOSED, {}) if decided else _reopen(rules, deal, event)
    if target == stage:
        return Refusal.NONE, {}
    if rules.outcome[target] == LOST:
        return _lose(rules, deal, event)
    return (_advance if target > stage else _regress)(rules, deal, event)


def _confirm(rules: Rules, deal: Deal, event: Event) -> tuple[Refusal, Change]:
    if event.code not in rules.code:
        return Refusal.UNKNOWN_CODE, {}
    new = Confirmation(event.code, event.at, event.by, event.buyer)
    return Refusal.NONE, {"confirmed": (*deal.confirmed, new)}


def _defer(rules: Rules, deal: Deal, event: Event) -> tuple[Refusal, Change]:
    del rules, deal
    good = event.until is not None and event.until > event.at.date()
    return (Refusal.NONE if good else Refusal.BAD_VALUE), {"deferred_until": event.until}


def _set_amount(rules: Rules, deal: Deal, event: Event) -> tuple[Refusal, Change]:
    del rules, deal
    return (Refusal.BAD_VALUE if event.amount is None else Refusal.NONE), {}


def _set_probability(rules: Rules, deal: Deal, event: Event) -> tuple[Refusal, Change]:
    del rules, deal
    return Refusal.NONE, {"hand_probability": event.probability}


def _reschedule(rules: Rules, deal: Deal, event: Event) -> tuple[Refusal, Change]:
    del rules, deal
    return (Refusal.BAD_VALUE if event.expected is None else Refusal.NONE), {}


def _reassign(rules: Rules, deal: Deal, event: Event) -> tuple[Refusal, Change]:
    del rules, deal
    return (Refusal.NONE if event.owner.strip() else Refusal.BAD_VALUE), {}


_JUDGES: Mapping[str, Callable[[Rules, Deal, Event], tuple[Refusal, Change]]] = {
    "open": _open,
    "reopen": _reopen,
    "set_amount": _set_amount,
    "set_probability": _set_probability,
    "reschedule": _reschedule,
    "reassign": _reassign,
    "defer": _defer,
    "confirm": _confirm,
    "regress": _regress,
    "advance": _advance,
    "win": _win,
    "lose": _lose,
}


def _gate(rules: Rules, deal: Deal, stage: int) -> Refusal:
    """Say whether the gate of a stage is open."""
    codes, key_result = rules.codes, int(rules.key_result[stage])
    if key_result >= 0 and not deal.has(codes[key_result]):
        return Refusal.KEY_RESULT
    done = all(deal.has(codes[c]) for c in rules.required[stage])
    return Refusal.NONE if done else Refusal.REQUIRED_ACTION


def _at(rules: Rules, target: int, event: Event) -> Change:
    """Put a deal into a stage."""
    stage, outcome = rules.stages[target], OUTCOMES[rules.outcome[target]]
    change: Change = {
        "stage": stage.code,
        "outcome": outcome,
        "stage_probability": stage.win_probability,
        "entered": event.at,
        "deferred_until": None,
    }
    if outcome == "open":
        return {**change, "last_open_stage": stage.code}
    return {**change, "closed": event.at}


def _bad_values(event: Event) -> Refusal:
    amount, chance = event.amount, event.probability
    wrong = amount is not None and not (math.isfinite(amount) and amount >= 0.0)
    wrong |= chance is not None and not 0.0 <= chance <= 1.0
    return Refusal.BAD_VALUE if wrong else Refusal.NONE


def _values(event: Event) -> Change:
    """Take along what any event says of amount, probability, owner and expected close."""
    stated = {
        "amount": event.amount,
        "hand_probability": event.probability,
        "owner": event.owner if event.owner.strip() else None,
        "expected": event.expected,
    }
    return {name: value for name, value in stated.items() if value is not None}
