"""Enter events: give the deal after each, or refuse and say which rule stands against it."""

from __future__ import annotations

from collections.abc import Iterable

from keyaccount.errors import TransitionRefused
from keyaccount.funnel.deal import Deal
from keyaccount.funnel.events import Event
from keyaccount.funnel.refusal import Refusal
from keyaccount.funnel.rules import Rules
from keyaccount.funnel.stages import Stage
from keyaccount.funnel.step import refusal_of, taken, target_of

__all__ = ["enter", "enter_all", "missing_of"]

_OVERRIDE = ", or pass override='the reason' where the rules may be set aside."


def enter(rules: Rules, deal: Deal, event: Event) -> Deal:
    """Take a deal through one event."""
    if deal.last is not None and event.at < deal.last:
        return _back_fill(rules, deal, event)
    refusal = refusal_of(rules, deal, event)
    if refusal:
        raise _refused(rules, deal, event, refusal)
    return taken(rules, deal, event)


def enter_all(rules: Rules, id: str, events: Iterable[Event]) -> Deal:
    """Take a deal through its events, from the first one on, in the order given."""
    deal = Deal(id=id)
    for event in events:
        deal = enter(rules, deal, event)
    return deal


def missing_of(stage: Stage, deal: Deal) -> tuple[str, ...]:
    """List what the gate of a stage still asks of a deal: key result and required actions."""
    asked = [] if stage.key_result is None else [stage.key_result.code]
    asked += [a.code for a in stage.key_actions if a.required]
    return tuple(c for c in asked if not deal.has(c))


def _back_fill(rules: Rules, deal: Deal, event: Event) -> Deal:
    """Enter an event before later ones, and take the deal through all of them again."""
    if not event.back_filled:
        raise _refused(rules, deal, event, Refusal.BACKWARDS)
    before = [e for e in deal.history if e.at <= event.at]
    after = deal.history[len(before) :]
    return enter_all(rules, deal.id, [*before, event, *after])


def _refused(rules: Rules, deal: Deal, event: Event, refusal: Refusal) -> TransitionRefused:
    gated = refusal in {Refusal.KEY_RESULT, Refusal.REQUIRED_ACTION}
    missing = missing_of(rules.stage_named(deal.stage), deal) if gated else ()
    may = event.kind in {"advance", "win", "move"}
    hint = refusal.way_out + (_OVERRIDE if may and refusal.may_be_set_aside else ".")
    said = _attempted(rules, deal, event)
    return TransitionRefused.from_event(deal.id, said, refusal.rule, missing, hint)


def _attempted(rules: Rules, deal: Deal, event: Event) -> str:
    """Say what an event would have done: ``advance from 'talk' to 'offer'``."""
    said = event.kind.replace("_", " ")
    if event.kind in {"advance", "regress", "move", "win"} and deal.stage:
        target = target_of(rules, deal, event)
        goal = rules.stages[target].code if target >= 0 else event.stage
        said += f" from {deal.stage!r}" + (f" to {goal!r}" if goal else "")
    return said + (f" {event.code!r}" if event.code else "")
