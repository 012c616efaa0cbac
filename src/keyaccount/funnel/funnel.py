"""`Funnel`: stages and the moves between them; every verb gives a new deal or refuses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from keyaccount._columns import Columns
from keyaccount._validators import exact_tuple, optional, text, text_or_empty
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.funnel.checks import codes_of, valid_moves, valid_stages
from keyaccount.funnel.deal import Deal
from keyaccount.funnel.entering import enter, enter_all, missing_of
from keyaccount.funnel.events import Event, EventKind, listed_events
from keyaccount.funnel.moves import Move, step_by_step
from keyaccount.funnel.rules import Rules
from keyaccount.funnel.stages import Stage

if TYPE_CHECKING:
    from keyaccount.funnel.pipeline import Pipeline

__all__ = ["Funnel"]

When: TypeAlias = date | str
"""A date, a moment (a datetime is a date), or ISO text of either."""


def _a_deal(deal: Any) -> Deal:
    """Refuse anything but a deal: its id alone, say."""
    if not isinstance(deal, Deal):
        raise SpecError.from_field(
            "deal", "must be a Deal", deal, "pass what funnel.open(…) or another verb returned."
        )
    return deal


@attrs.frozen(slots=False)
class Funnel(Spec):
    """Stages and the moves between them: a state machine for deals.

    A deal advances along the moves, and only when the key result of its stage is confirmed and the
    key actions that the company marked as required are done. It may go back to any earlier open
    stage, which takes back the key results confirmed from there on; it may be lost in any stage,
    with a reason; decided, it may be reopened. An override with a reason sets the gate and the
    moves aside, and stays on record.

    Parameters
    ----------
    name
        What it is called.
    stages
        The stages, in order.
    name_zh
        What it is called in Chinese.
    moves
        The ways forward. None: from each open stage to the next, and from the last to the won one.

    Raises
    ------
    SpecError
        Codes occur twice, win probabilities fall along the way, a stage cannot be reached, or a
        move leads to nowhere.

    Examples
    --------
    >>> import keyaccount as ka
    >>> funnel = ka.Funnel(
    ...     "two steps",
    ...     [
    ...         ka.Stage("talk", "Talk", key_result=ka.KeyResult("need", "There is a need")),
    ...         ka.Stage("offer", "Offer"),
    ...         ka.Stage("won", "Won", outcome="won"),
    ...     ],
    ... )
    >>> deal = funnel.open("OPP-1", account="A-17", amount=120_000, at="2026-09-01", by="li")
    >>> funnel.advance(deal, at="2026-09-08", by="li")
    Traceback (most recent call last):
        ...
    keyaccount.errors.TransitionRefused: deal 'OPP-1' cannot advance from 'talk' to 'offer': ...
    >>> deal = funnel.confirm(deal, "need", at="2026-09-03", by="li")
    >>> funnel.advance(deal, at="2026-09-08", by="li").stage
    'offer'
    """

    name: str = attrs.field(validator=text)
    stages: tuple[Stage, ...] = attrs.field(converter=exact_tuple, validator=valid_stages)
    name_zh: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
    moves: tuple[Move, ...] | None = attrs.field(
        default=None, kw_only=True, converter=exact_tuple, validator=optional(valid_moves)
    )

    def __attrs_post_init__(self) -> None:
        reached = {self.stages[0].code}
        for stage in self.stages:
            if stage.code in reached:
                reached |= {m.target for m in self.all_moves if m.source == stage.code}
        lost = [s.code for s in self.stages if s.outcome != "lost" and s.code not in reached]
        if lost:
            raise SpecError.from_field(
                "Funnel.moves", "must reach every stage", lost, "add a move that leads there."
            )

    def __getstate__(self) -> dict[str, Any]:
        """Leave the rules behind: they are made anew where the spec goes."""
        return {k: v for k, v in self.__dict__.items() if k != "rules"}

    @property
    def all_moves(self) -> tuple[Move, ...]:
        """The ways forward, stated or usual."""
        return step_by_step(self.stages) if self.moves is None else self.moves

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all key results, key actions and milestones, stage by stage."""
        return codes_of(self.stages)

    @cached_property
    def rules(self) -> Rules:
        """The rules made ready to run."""
        return Rules.of(self.stages, self.all_moves)

    def stage(self, word: str) -> Stage:
        """Give a stage by its code, letter or name.

        Parameters
        ----------
        word
            The code, letter or name of the stage, in either language; case does not matter.

        Returns
        -------
        Stage
            The stage.

        Raises
        ------
        SpecError
            There is none.
        """
        return self.rules.stage_named(word)

    # --- One deal --------------------------------------------------------------------------------

    def open(
        self,
        id: str,
        *,
        at: When,
        by: str = "",
        account: str = "",
        amount: float | None = None,
        origin: str = "",
        stage: str = "",
        owner: str = "",
        expected: date | str | None = None,
    ) -> Deal:
        """Open a deal, in the first stage or the one named.

        Parameters
        ----------
        id
            The id of the deal.
        at, by
            When: a date, or a moment on the wall clock, as a date, a datetime or ISO text; and who
            recorded it.
        account, owner
            The account it belongs to, and who of us owns it.
        amount
            Money, at least 0; None: not known yet.
        origin
            ``"explicit"`` (显性项目) or ``"created"`` before the need was felt (为之于未有).
        stage
            The code, letter or name of the stage it is opened in; empty: the first.
        expected
            The day on which it is expected to close.

        Returns
        -------
        Deal
            The deal, with this event in its history.

        Raises
        ------
        TransitionRefused
            The stage is none that a deal can be open in, or the amount is negative.

        Examples
        --------
        >>> import keyaccount as ka
        >>> deal = ka.opportunity_funnel().open("OPP-1", account="A-17", at="2026-09-01", by="li")
        >>> deal.stage, deal.probability
        ('understand', 0.1)
        """
        event = Event(
            id,
            "open",
            at,
            by=by,
            account=account,
            amount=amount,
            origin=origin,
            stage=stage,
            owner=owner,
            expected=expected,
        )
        return enter(self.rules, Deal(id=event.deal), event)

    def confirm(
        self,
        deal: Deal,
        code: str,
        *,
        at: When,
        by: str = "",
        buyer: str = "",
        back_filled: bool = False,
    ) -> Deal:
        """Put a key result, key action or milestone on record, and in which buyer's name.

        Parameters
        ----------
        deal
            The deal as it is; it stays as it was.
        code
            Its code: one of `codes`, of any stage.
        at, by
            When: a date, or a moment on the wall clock, as a date, a datetime or ISO text; and who
            recorded it.
        buyer
            The buyer role, or the person, in whose name it is confirmed.
        back_filled
            True where it is entered after later events, knowingly; else that is refused.

        Returns
        -------
        Deal
            The deal after it, with one more event in its history.

        Raises
        ------
        TransitionRefused
            The funnel has no such code, the deal is lost, or `at` is before the last event.

        Examples
        --------
        >>> import keyaccount as ka
        >>> funnel = ka.opportunity_funnel()
        >>> deal = funnel.open("OPP-1", at="2026-09-01")
        >>> funnel.confirm(deal, "needs_understood", at="2026-09-03").has("needs_understood")
        True
        """
        return self._enter(
            deal, "confirm", at, by=by, code=code, buyer=buyer, back_filled=back_filled
        )

    def advance(
        self,
        deal: Deal,
        *,
        at: When,
        by: str = "",
        to: str = "",
        override: str | None = None,
        back_filled: bool = False,
    ) -> Deal:
        """Go on to the next stage, or to the one named.

        Parameters
        ----------
        deal
            The deal as it is; it stays as it was.
        at, by
            When: a date, or a moment on the wall clock, as a date, a datetime or ISO text; and who
            recorded it.
        to
            The code, letter or name of a later stage; empty: the next.
        override
            The reason why the gate, or a missing move, is set aside; it stays in the history.
        back_filled
            True where it is entered after later events, knowingly; else that is refused.

        Returns
        -------
        Deal
            The deal after it, with one more event in its history.

        Raises
        ------
        TransitionRefused
            The gate is shut, the funnel has no such move, or the deal is decided.

        Examples
        --------
        >>> import keyaccount as ka
        >>> funnel = ka.opportunity_funnel()
        >>> deal = funnel.open("OPP-1", at="2026-09-01")
        >>> deal = funnel.confirm(deal, "needs_understood", at="2026-09-03")
        >>> funnel.advance(deal, at="2026-09-08").stage
        'confirm'
        """
        return self._enter(
            deal, "advance", at, by=by, stage=to, override=override, back_filled=back_filled
        )

    def regress(
        self, deal: Deal, *, at: When, by: str = "", to: str = "", back_filled: bool = False
    ) -> Deal:
        """Go back to the stage before, or to the one named; its key result is open again.

        Parameters
        ----------
        deal
            The deal as it is; it stays as it was.
        at, by
            When: a date, or a moment on the wall clock, as a date, a datetime or ISO text; and who
            recorded it.
        to
            The code, letter or name of an earlier stage; empty: the one before.
        back_filled
            True where it is entered after later events, knowingly; else that is refused.

        Returns
        -------
        Deal
            The deal after it, with one more event in its history.

        Raises
        ------
        TransitionRefused
            There is no such stage, or the deal is decided.

        Examples
        --------
        >>> import keyaccount as ka
        >>> funnel = ka.opportunity_funnel()
        >>> deal = funnel.open("OPP-1", at="2026-09-01", stage="validate")
        >>> funnel.regress(deal, at="2026-09-08").stage
        'confirm'
        """
        return self._enter(deal, "regress", at, by=by, stage=to, back_filled=back_filled)

    def win(
        self,
        deal: Deal,
        *,
        at: When,
        by: str = "",
        amount: float | None = None,
        override: str | None = None,
        back_filled: bool = False,
    ) -> Deal:
        """Win a deal from its last open stage, with its final amount where it differs.

        Parameters
        ----------
        deal
            The deal as it is; it stays as it was.
        at, by
            When: a date, or a moment on the wall clock, as a date, a datetime or ISO text; and who
            recorded it.
        amount
            The final amount, at least 0; None: as it was.
        override
            The reason why the rules are set aside.
        back_filled
            True where it is entered after later events, knowingly; else that is refused.

        Returns
        -------
        Deal
            The deal after it, with one more event in its history.

        Raises
        ------
        TransitionRefused
            The deal is not in the last open stage, its gate is shut, or it is decided.

        Examples
        --------
        >>> import keyaccount as ka
        >>> funnel = ka.opportunity_funnel()
        >>> deal = funnel.open("OPP-1", at="2026-09-01", stage="close", amount=80_000)
        >>> funnel.win(deal, at="2026-09-30", amount=75_000).outcome
        'won'
        """
        return self._enter(
            deal, "win", at, by=by, amount=amount, override=override, back_filled=back_filled
        )

    def lose(
        self, deal: Deal, *, at: When, reason: str, by: str = "", back_filled: bool = False
    ) -> Deal:
        """Lose a deal, and say why.

        Parameters
        ----------
        deal
            The deal as it is; it stays as it was.
        at, by
            When: a date, or a moment on the wall clock, as a date, a datetime or ISO text; and who
            recorded it.
        reason
            Why it is lost, in words.
        back_filled
            True where it is entered after later events, knowingly; else that is refused.

        Returns
        -------
        Deal
            The deal after it, with one more event in its history.

        Raises
        ------
        TransitionRefused
            There is no reason, or the deal is decided.

        Examples
        --------
        >>> import keyaccount as ka
        >>> funnel = ka.opportunity_funnel()
        >>> deal = funnel.open("OPP-1", at="2026-09-01")
        >>> funnel.lose(deal, at="2026-09-30", reason="budget frozen").probability
        0.0
        """
        return self._enter(deal, "lose", at, by=by, reason=reason, back_filled=back_filled)

    def reopen(
        self, deal: Deal, *, at: When, by: str = "", to: str = "", back_filled: bool = False
    ) -> Deal:
        """Open a decided deal again, in the stage it was last open in or the one named.

        Parameters
        ----------
        deal
            The deal as it is; it stays as it was.
        at, by
            When: a date, or a moment on the wall clock, as a date, a datetime or ISO text; and who
            recorded it.
        to
            The code, letter or name of an open stage; empty: the one it was last open in.
        back_filled
            True where it is entered after later events, knowingly; else that is refused.

        Returns
        -------
        Deal
            The deal after it, with one more event in its history.

        Raises
        ------
        TransitionRefused
            The deal is open, or the stage is none that a deal can be open in.
        """
        return self._enter(deal, "reopen", at, by=by, stage=to, back_filled=back_filled)

    def defer(
        self, deal: Deal, *, until: date | str, at: When, by: str = "", back_filled: bool = False
    ) -> Deal:
        """Put a deal off until a day: no reminder asks for it before.

        Parameters
        ----------
        deal
            The deal as it is; it stays as it was.
        until
            The day, after that of `at`.
        at, by
            When: a date, or a moment on the wall clock, as a date, a datetime or ISO text; and who
            recorded it.
        back_filled
            True where it is entered after later events, knowingly; else that is refused.

        Returns
        -------
        Deal
            The deal after it, with one more event in its history.

        Raises
        ------
        TransitionRefused
            The day is not after `at`, or the deal is decided.
        """
        return self._enter(deal, "defer", at, by=by, until=until, back_filled=back_filled)

    def set_amount(
        self, deal: Deal, amount: float, *, at: When, by: str = "", back_filled: bool = False
    ) -> Deal:
        """Set the amount.

        Parameters
        ----------
        deal
            The deal as it is; it stays as it was.
        amount
            Money, at least 0.
        at, by
            When: a date, or a moment on the wall clock, as a date, a datetime or ISO text; and who
            recorded it.
        back_filled
            True where it is entered after later events, knowingly; else that is refused.

        Returns
        -------
        Deal
            The deal after it, with one more event in its history.

        Raises
        ------
        TransitionRefused
            The amount is missing or below 0, or the deal is decided.
        """
        return self._enter(deal, "set_amount", at, by=by, amount=amount, back_filled=back_filled)

    def set_probability(
        self,
        deal: Deal,
        probability: float | None,
        *,
        at: When,
        by: str = "",
        back_filled: bool = False,
    ) -> Deal:
        """Set the chance of winning by hand, beside the stage's.

        Parameters
        ----------
        deal
            The deal as it is; it stays as it was.
        probability
            A chance in [0, 1], which comes first, whatever the stage says; None takes it back.
        at, by
            When: a date, or a moment on the wall clock, as a date, a datetime or ISO text; and who
            recorded it.
        back_filled
            True where it is entered after later events, knowingly; else that is refused.

        Returns
        -------
        Deal
            The deal after it, with one more event in its history.

        Raises
        ------
        TransitionRefused
            It is no chance, or the deal is decided.
        """
        return self._enter(
            deal, "set_probability", at, by=by, probability=probability, back_filled=back_filled
        )

    def reschedule(
        self,
        deal: Deal,
        expected: date | str,
        *,
        at: When,
        by: str = "",
        back_filled: bool = False,
    ) -> Deal:
        """Set the day on which the deal is expected to close.

        Parameters
        ----------
        deal
            The deal as it is; it stays as it was.
        expected
            The day.
        at, by
            When: a date, or a moment on the wall clock, as a date, a datetime or ISO text; and who
            recorded it.
        back_filled
            True where it is entered after later events, knowingly; else that is refused.

        Returns
        -------
        Deal
            The deal after it, with one more event in its history.

        Raises
        ------
        TransitionRefused
            There is no day, or the deal is decided.
        """
        return self._enter(
            deal, "reschedule", at, by=by, expected=expected, back_filled=back_filled
        )

    def reassign(
        self, deal: Deal, owner: str, *, at: When, by: str = "", back_filled: bool = False
    ) -> Deal:
        """Give the deal to another owner.

        Parameters
        ----------
        deal
            The deal as it is; it stays as it was.
        owner
            Who owns it from now on.
        at, by
            When: a date, or a moment on the wall clock, as a date, a datetime or ISO text; and who
            recorded it.
        back_filled
            True where it is entered after later events, knowingly; else that is refused.

        Returns
        -------
        Deal
            The deal after it, with one more event in its history.

        Raises
        ------
        TransitionRefused
            There is no owner, or the deal is decided.
        """
        return self._enter(deal, "reassign", at, by=by, owner=owner, back_filled=back_filled)

    def fold(self, events: Iterable[Event]) -> Deal:
        """Take one deal through its events, in the order given.

        Parameters
        ----------
        events
            Events of one deal, at least one, the first of which opens it.

        Returns
        -------
        Deal
            The deal after the last of them.

        Raises
        ------
        TransitionRefused
            One of them breaks a rule.
        SpecError
            There are none.

        Examples
        --------
        >>> import keyaccount as ka
        >>> funnel = ka.opportunity_funnel()
        >>> deal = funnel.open("OPP-1", at="2026-09-01", amount=5_000)
        >>> funnel.fold(deal.history) == deal
        True
        """
        kept = listed_events(events)
        if kept is None or len({e.deal for e in kept}) != 1:
            raise SpecError.from_field(
                "fold(events)",
                "must be events of one deal, at least one",
                events,
                "give a deal's history; a log of many deals is replayed.",
            )
        return enter_all(self.rules, kept[0].deal, kept)

    def requiring(self, *codes: str) -> Funnel:
        """Return the same funnel with some key actions marked as required.

        Parameters
        ----------
        codes
            Codes of key actions: from now on their stage's gate asks for them.

        Returns
        -------
        Funnel
            The funnel with them required; what was required stays so.

        Raises
        ------
        SpecError
            The funnel has no such key action.

        Examples
        --------
        >>> import keyaccount as ka
        >>> funnel = ka.opportunity_funnel().requiring("coach_developed")
        >>> deal = funnel.open("OPP-1", at="2026-09-01")
        >>> funnel.missing(deal)
        ('needs_understood', 'coach_developed')
        """
        known = [a.code for s in self.stages for a in s.key_actions]
        for code in codes:
            if code not in known:
                raise SpecError.from_choice("requiring(codes)", code, known)
        stages = [
            attrs.evolve(
                s,
                key_actions=[
                    attrs.evolve(a, required=a.required or a.code in codes) for a in s.key_actions
                ],
            )
            for s in self.stages
        ]
        return attrs.evolve(self, stages=stages)

    def missing(self, deal: Deal) -> tuple[str, ...]:
        """List what the gate of a deal's stage still asks for: key result and required actions.

        Parameters
        ----------
        deal
            A deal of this funnel.

        Returns
        -------
        tuple of str
            Codes, to be confirmed before the deal goes on; empty where the gate is open.

        Examples
        --------
        >>> import keyaccount as ka
        >>> funnel = ka.opportunity_funnel()
        >>> funnel.missing(funnel.open("OPP-1", at="2026-09-01"))
        ('needs_understood',)
        """
        return missing_of(self.stage(_a_deal(deal).stage), deal)

    def completeness(self, deal: Deal) -> float | None:
        """Give the share of the key actions of a deal's stage that are done.

        Parameters
        ----------
        deal
            A deal of this funnel.

        Returns
        -------
        float or None
            A share in [0, 1]; None where the stage has no key actions.
        """
        actions = self.stage(_a_deal(deal).stage).key_actions
        if not actions:
            return None
        return sum(deal.has(a.code) for a in actions) / len(actions)

    # --- Many deals ------------------------------------------------------------------------------

    def replay(self, events: Columns, **columns: str) -> Pipeline:
        """Take every deal of an event log through its events.

        Parameters
        ----------
        events
            The log, in any order: ``deal`` and ``at`` (dates or moments) are needed; ``event`` says
            what happened, one of the verbs of a funnel; without it each row says the ``stage`` in
            which the deal stands from then on. ``code``, ``amount``, ``probability``, ``owner``,
            ``expected``, ``until``, ``account``, ``reason``, ``override`` and ``seq`` (the order of
            events of one moment) are read where they are there.
        columns
            Other names of these columns, as ``deal="opportunity_id"``.

        Returns
        -------
        Pipeline
            The state of every deal at any date, its stays, and every refused event.
        """
        from keyaccount.funnel.pipeline import replay

        return replay(self, events, **columns)

    def snapshot(self, deals: Columns, as_of: Any, **columns: str) -> Pipeline:
        """Build a pipeline from a table without history: the stage of each deal and its dates.

        Parameters
        ----------
        deals
            One row per deal: ``deal``, ``stage``, and where they are there ``opened``, ``closed``,
            ``amount``, ``probability``, ``owner`` and ``account``.
        as_of
            The day of the table.
        columns
            Other names of these columns, as ``deal="opportunity_id"``.

        Returns
        -------
        Pipeline
            Its findings count what such a table cannot know.

        Examples
        --------
        >>> import keyaccount as ka
        >>> table = {
        ...     "deal": ["1", "2"],
        ...     "stage": ["Confirm the opportunity", "won"],
        ...     "opened": ["2026-03-01", "2026-01-15"],
        ...     "closed": [None, "2026-04-02"],
        ... }
        >>> pipeline = ka.opportunity_funnel().snapshot(table, as_of="2026-06-30")
        >>> pipeline.now.outcome.tolist()
        ['open', 'won']
        >>> for finding in pipeline.findings:
        ...     print(finding.message)
        1 deal has been decided: the stages they passed are not known
        1 deal has stood in their stage at most since they were opened
        """
        from keyaccount.funnel.pipeline import snapshot

        return snapshot(self, deals, as_of, **columns)

    def _enter(self, deal: Deal, kind: EventKind, at: When, **said: Any) -> Deal:
        """Take a deal of this funnel through an event of the same name as the verb."""
        if _a_deal(deal).stage:
            self.stage(deal.stage)
        return enter(self.rules, deal, Event(deal.id, kind, at, **said))
