"""`Standing`: where every deal stands at one moment."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from keyaccount._columns import Bools, Codes, Days, Floats, Objects, one_day
from keyaccount._record import Record, checked_row
from keyaccount._stamp import Stamped
from keyaccount._view import View, Viewed
from keyaccount.errors import ColumnNotFoundError, SpecError
from keyaccount.funnel.events import KINDS
from keyaccount.funnel.pipeline.trace import WORD
from keyaccount.funnel.rules import LOST, OPEN, OUTCOMES, WON

if TYPE_CHECKING:
    from keyaccount.funnel.funnel import Funnel
    from keyaccount.funnel.pipeline.pipeline import Pipeline

__all__ = ["Standing"]


class Standing(Stamped, Viewed):
    """Where every deal that has been opened stands at one moment, one row per deal.

    Attributes
    ----------
    as_of
        The end of which day.
    deal, account, owner
        ``(n,)`` texts.
    stage
        ``(n,)`` texts: the code of the stage.
    outcome
        ``(n,)`` texts: ``"open"``, ``"won"`` or ``"lost"``.
    amount
        ``(n,)`` float64, NaN where nobody said.
    stage_probability, hand_probability, probability
        ``(n,)`` float64: what the stage states, what was set by hand, and what counts: 1 or 0 once
        decided, else the hand's, else the stage's.
    expected, deferred_until
        ``(n,)`` days: when it is expected to close; to when it is put off.
    opened, entered, closed
        ``(n,)`` days: when it was opened, came to its stage, was decided.
    days_in_stage
        ``(n,)`` float64: since it came to its stage; of a decided deal, until it was decided.
    lost_reason
        ``(n,)`` texts: why it was lost.
    last_event
        ``(n,)`` days: when something last happened to it.
    actions_done, actions_missing
        ``(n,)`` int64: of the key actions of its stage.

    Examples
    --------
    >>> import keyaccount as ka
    >>> funnel = ka.opportunity_funnel()
    >>> deal = funnel.open("OPP-1", amount=5_000, at="2026-09-01", by="li")
    >>> standing = funnel.replay(ka.event_log(deal.history)).at("2026-09-10")
    >>> standing.stage, standing.days_in_stage
    (array(['understand'], dtype=object), array([9.]))
    """

    def __init__(self, pipeline: Pipeline, events: Codes, as_of: Any) -> None:
        self._pipeline = pipeline
        self._events = events
        self.as_of: np.datetime64 = one_day(as_of, "as_of")

    @property
    def spec(self) -> Funnel:
        """The spec that made it."""
        return self._pipeline.funnel

    def __len__(self) -> int:
        return len(self._events)

    def __repr__(self) -> str:
        return f"<Standing of {len(self)} deals as of {self.as_of}>"

    def _view(self) -> View:
        return View(f"{len(self):,} deals as of {self.as_of}", self.columns(), len(self))

    def __getitem__(self, name: str) -> Any:
        if name not in _COLUMNS:
            raise ColumnNotFoundError.from_name(name, _COLUMNS)
        return getattr(self, name)

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return _COLUMNS

    @property
    def funnel(self) -> Funnel:
        """The stages and the rules."""
        return self._pipeline.funnel

    @cached_property
    def deal(self) -> Objects:
        """The id of each deal."""
        log = self._pipeline.log
        found: Objects = log.ids[log.deal[self._events]]
        return found

    @property
    def deal_position(self) -> Codes:
        """The position of each deal among all of the pipeline."""
        return self._pipeline.log.deal[self._events]

    @cached_property
    def account(self) -> Objects:
        """The account of each deal, None where nobody said."""
        return self._pipeline.account[self._pipeline.log.deal[self._events]]

    @cached_property
    def owner(self) -> Objects:
        """The owner of each deal, None where nobody said."""
        table = np.array([*self._pipeline.log.owners, None], dtype=object)
        found: Objects = table[self._trace("owner")]
        return found

    @cached_property
    def stage_position(self) -> Codes:
        """The position of each deal's stage in the funnel."""
        found: Codes = self._trace("stage").astype(np.int64)
        return found

    @cached_property
    def stage(self) -> Objects:
        """The code of each deal's stage."""
        codes = np.array([s.code for s in self._pipeline.funnel.stages], dtype=object)
        return codes[self.stage_position]

    @cached_property
    def outcome(self) -> Objects:
        """What each deal is: open, won or lost."""
        found: Objects = np.array(OUTCOMES, dtype=object)[self._trace("outcome")]
        return found

    @cached_property
    def amount(self) -> Floats:
        """The amount of each deal."""
        return np.asarray(self._trace("amount"), dtype=np.float64)

    @cached_property
    def stage_probability(self) -> Floats:
        """The chance of winning that the stage states."""
        stated = [s.win_probability for s in self._pipeline.funnel.stages]
        return np.array([np.nan if p is None else p for p in stated])[self.stage_position]

    @cached_property
    def hand_probability(self) -> Floats:
        """The chance of winning set by hand."""
        return np.asarray(self._trace("by_hand"), dtype=np.float64)

    @cached_property
    def probability(self) -> Floats:
        """The chance of winning that counts."""
        hand, outcome = self.hand_probability, self._trace("outcome")
        by_stage = np.where(np.isnan(hand), self.stage_probability, hand)
        return np.where(outcome == OPEN, by_stage, (outcome == WON).astype(np.float64))

    @cached_property
    def expected(self) -> Days:
        """When each deal is expected to close."""
        found: Days = self._trace("expected").view("datetime64[D]")
        return found

    @cached_property
    def deferred_until(self) -> Days:
        """To when each deal is put off."""
        found: Days = self._trace("deferred").view("datetime64[D]")
        return found

    @cached_property
    def opened(self) -> Days:
        """When each deal was opened."""
        return self._pipeline.opened[self._pipeline.log.deal[self._events]]

    @cached_property
    def entered(self) -> Days:
        """When each deal came to its stage."""
        return _days(self._trace("entered"))

    @cached_property
    def closed(self) -> Days:
        """When each deal was decided."""
        return _days(self._trace("closed"))

    @cached_property
    def days_in_stage(self) -> Floats:
        """How long each deal has been in its stage."""
        until = np.where(np.isnat(self.closed), self.as_of, self.closed)
        days = (until - self.entered).astype(np.float64)
        return np.where(np.isnat(self.entered), np.nan, days)

    @cached_property
    def actions_done(self) -> Codes:
        """How many of the key actions of its stage are done."""
        done = np.zeros(len(self), dtype=np.int64)
        for i, stage in enumerate(self.funnel.stages):
            here = self.stage_position == i
            for action in stage.key_actions if here.any() else ():
                done += here & self.has(action.code)
        return done

    @cached_property
    def actions_missing(self) -> Codes:
        """How many of the key actions of its stage are not."""
        counts = np.array([len(s.key_actions) for s in self._pipeline.funnel.stages])
        missing: Codes = counts[self.stage_position] - self.actions_done
        return missing

    def has(self, code: str) -> Bools:
        """Say which deals have a key result, key action or milestone confirmed.

        Raises
        ------
        SpecError
            The funnel has no such code.
        """
        codes = self.funnel.rules.code
        if code not in codes:
            field = "code"
            raise SpecError.from_choice(field, code, tuple(codes))
        word, bit = divmod(codes[code], WORD)
        bits = self._pipeline.trace.confirmed[word][self._events] >> np.uint64(bit)
        found: Bools = (bits & np.uint64(1)).astype(np.bool_)
        return found

    def date_of(self, code: str) -> Days:
        """Give the day on which each deal first had something confirmed that still stands.

        Of a milestone that is its date: the day of signing, of collection.

        Raises
        ------
        SpecError
            The funnel has no such code.
        """
        stands, log = self.has(code), self._pipeline.log
        confirms = (log.kind == KINDS.index("confirm")) & (self._pipeline.trace.refusal == 0)
        confirms &= log.of("code", np.arange(len(log))) == self.funnel.rules.code[code]
        first = np.full(len(log.ids), np.iinfo(np.int64).max)
        np.minimum.at(first, log.deal[confirms], log.at[confirms])
        days = _days(first[log.deal[self._events]])
        days[~stands] = np.datetime64("NaT", "D")
        return days

    @cached_property
    def lost_reason(self) -> Objects:
        """Why each lost deal was lost, None where nobody said or where it is not lost."""
        table = np.array([*self._pipeline.log.reasons, None], dtype=object)
        lost = self._trace("outcome") == LOST
        return table[np.where(lost, self._trace("reason"), -1)]

    @cached_property
    def last_event(self) -> Days:
        """When something last happened to each deal."""
        return _days(self._pipeline.log.at[self._events])

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame."""
        return {name: getattr(self, name) for name in _COLUMNS}

    def row(self, i: int) -> Record:
        """Give one deal as a readable record."""
        i = checked_row(i, len(self))
        return Record({name: getattr(self, name)[i] for name in _COLUMNS})

    def _trace(self, name: str) -> Any:
        return getattr(self._pipeline.trace, name)[self._events]


_COLUMNS = (
    "deal",
    "account",
    "owner",
    "stage",
    "outcome",
    "amount",
    "probability",
    "stage_probability",
    "hand_probability",
    "expected",
    "deferred_until",
    "opened",
    "entered",
    "closed",
    "lost_reason",
    "last_event",
    "days_in_stage",
    "actions_done",
    "actions_missing",
)


def _days(moments: Any) -> Days:
    days: Days = moments.view("datetime64[us]").astype("datetime64[D]")
    return days
