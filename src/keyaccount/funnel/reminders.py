"""`reminders`: which deals want attention by a day, and the visit plan that follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from keyaccount._columns import Bools, Codes, Days, Objects, one_day
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.errors import SpecError
from keyaccount.funnel.pipeline import Pipeline

if TYPE_CHECKING:
    from keyaccount.funnel.pipeline import Standing

__all__ = ["REASONS", "Reminders", "reminders"]

REASONS = (
    "deferred_until",
    "expected_to_close",
    "planned_days_over",
    "milestone_open",
    "nothing_planned",
)
"""Why a deal wants attention, the first of them where several hold."""


class Reminders(Viewed):
    """Deals that want attention, the earliest first, with what to do next: rows of a visit plan.

    Attributes
    ----------
    deal, account, owner, stage
        ``(n,)`` texts.
    due
        ``(n,)`` days: since when, or from when.
    reason
        ``(n,)`` texts: ``"deferred_until"`` the day it was put off to has come, and nothing has
        happened since; ``"expected_to_close"`` the day on which it was expected to close;
        ``"planned_days_over"`` the planned days of its stage are used up; ``"milestone_open"`` it
        is won, and a milestone of its stage (its collection, say) is not on record;
        ``"nothing_planned"`` nothing else will ever remind of it.
    whom
        ``(n,)`` texts: the buyer roles that the next step is about, empty where about nobody alone.
    what, what_zh
        ``(n,)`` texts: the next step: the first key action of the stage that is not done; empty
        where all are done or there are none.
    purpose, purpose_zh
        ``(n,)`` texts: the key result it serves, empty where it is confirmed or there is none.

    Examples
    --------
    >>> import keyaccount as ka
    >>> funnel = ka.opportunity_funnel()
    >>> deal = funnel.open("OPP-1", amount=5_000, at="2026-09-01", by="li")
    >>> found = ka.reminders(funnel.replay(ka.event_log(deal.history)), "2026-09-30")
    >>> found.row(0)["reason"], found.row(0)["what"]
    ('planned_days_over', 'Find and develop a coach')
    """

    def __init__(self, standing: Standing, rows: Codes, due: Days, reason: Objects) -> None:
        self._steps = _next_steps(standing, rows)
        self.deal: Objects = standing.deal[rows]
        self.account: Objects = standing.account[rows]
        self.owner: Objects = standing.owner[rows]
        self.stage: Objects = standing.stage[rows]
        self.due: Days = due
        self.reason: Objects = reason

    def __len__(self) -> int:
        return len(self.deal)

    def __repr__(self) -> str:
        return f"<Reminders of {len(self)} deals>"

    def _view(self) -> View:
        return View(f"{len(self):,} reminders", self.columns(), len(self))

    @property
    def whom(self) -> Objects:
        """The buyer role that the next step is about."""
        return self._steps[0]

    @property
    def what(self) -> Objects:
        """The next step."""
        return self._steps[1]

    @property
    def what_zh(self) -> Objects:
        """The next step, in Chinese."""
        return self._steps[2]

    @property
    def purpose(self) -> Objects:
        """The key result it serves."""
        return self._steps[3]

    @property
    def purpose_zh(self) -> Objects:
        """The key result it serves, in Chinese."""
        return self._steps[4]

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame."""
        return {name: getattr(self, name) for name in _COLUMNS}

    def row(self, i: int) -> Record:
        """Give one reminder as a readable record."""
        i = checked_row(i, len(self))
        return Record({name: getattr(self, name)[i] for name in _COLUMNS})


_COLUMNS = (
    "deal",
    "account",
    "owner",
    "stage",
    "due",
    "reason",
    "whom",
    "what",
    "what_zh",
    "purpose",
    "purpose_zh",
)


def reminders(pipeline: Pipeline, day: Any, *, ahead: int = 0) -> Reminders:
    """List the open deals that want attention by a day, so that none is forgotten.

    Parameters
    ----------
    pipeline
        Every deal through its events.
    day
        Today: a date, or ISO text.
    ahead
        How many days to look ahead.

    Returns
    -------
    Reminders
        One row per deal, the earliest first. A deal that is put off to a later day is left alone
        until then.

    Raises
    ------
    SpecError
        The day is no date, or `ahead` is negative.

    Examples
    --------
    >>> import keyaccount as ka
    >>> funnel = ka.opportunity_funnel()
    >>> deal = funnel.open("OPP-1", account="A-17", at="2026-09-01", owner="li")
    >>> found = ka.reminders(funnel.replay(ka.event_log(deal.history)), "2026-09-10")
    >>> print(found.row(0))
    deal        OPP-1
    account     A-17
    owner       li
    stage       understand
    due         2026-09-08
    reason      planned_days_over
    whom        coach
    what        Find and develop a coach
    ...
    """
    _a_count(ahead)
    _a_pipeline(pipeline)
    standing, by = pipeline.at(day), one_day(day, "day") + np.timedelta64(ahead, "D")
    asleep = standing.deferred_until > by
    due, reason = _first_due(_dates(standing), by)
    rows = np.flatnonzero(~asleep & (reason >= 0))
    rows = rows[np.lexsort((standing.deal_position[rows], due[rows]))]
    named = np.array(REASONS, dtype=object)[reason[rows]]
    return Reminders(standing, rows, due[rows], named)


def _dates(standing: Standing) -> tuple[Days, ...]:
    """Give, for each reason, the day from which it holds; NaT where it never does."""
    stages = standing.funnel.stages
    is_open, won = standing.outcome == "open", standing.outcome == "won"
    planned = np.array([s.planned_days or 0 for s in stages])[standing.stage_position]
    answered = standing.last_event >= standing.deferred_until
    nothing = (planned == 0) & np.isnat(standing.expected) & np.isnat(standing.deferred_until)
    return (
        _where(is_open & ~answered, standing.deferred_until),
        _where(is_open, standing.expected),
        _where(is_open & (planned > 0), standing.entered + planned.astype("timedelta64[D]")),
        _where(won & _milestone_open(standing), standing.closed),
        _where(is_open & nothing, standing.entered),
    )


def _where(holds: Bools, days: Days) -> Days:
    found: Days = np.where(holds, days, np.datetime64("NaT", "D"))
    return found


def _milestone_open(standing: Standing) -> Bools:
    """Say of which deals a milestone of their stage is not on record."""
    found = np.zeros(len(standing), dtype=np.bool_)
    for i, stage in enumerate(standing.funnel.stages):
        for code in stage.milestones:
            found |= (standing.stage_position == i) & ~standing.has(code)
    return found


def _a_pipeline(pipeline: Any) -> None:
    if not isinstance(pipeline, Pipeline):
        field = "reminders(pipeline)"
        raise SpecError.from_field(field, "must be a Pipeline", pipeline, "see funnel.replay.")


def _a_count(ahead: Any) -> None:
    if not isinstance(ahead, int) or isinstance(ahead, bool) or ahead < 0:
        field = "reminders(ahead)"
        raise SpecError.from_field(
            field, "must be a whole number of at least 0", ahead, "give a number of days."
        )


def _first_due(dates: tuple[Days, ...], by: np.datetime64) -> tuple[Days, Codes]:
    """Give the first reason that has come, and its day; -1 where none has."""
    reason = np.full(len(dates[0]), -1, dtype=np.int64)
    due = np.full(len(dates[0]), "NaT", dtype="datetime64[D]")
    for i, date in reversed(list(enumerate(dates))):
        come: Bools = date <= by
        reason[come], due[come] = i, date[come]
    return due, reason


def _next_steps(standing: Standing, rows: Codes) -> tuple[Objects, ...]:
    """Give whom the next step is about, what it is, and the key result it serves."""
    steps = tuple(np.full(len(rows), "", dtype=object) for _ in range(5))
    for i, stage in enumerate(standing.funnel.stages):
        here = np.flatnonzero(standing.stage_position[rows] == i)
        for action in reversed(stage.key_actions) if len(here) else ():
            todo = here[~standing.has(action.code)[rows[here]]]
            texts = (", ".join(action.roles), action.name, action.name_zh)
            for column, text in zip(steps, texts, strict=False):
                column[todo] = text
        if stage.key_result is not None and len(here):
            todo = here[~standing.has(stage.key_result.code)[rows[here]]]
            steps[3][todo], steps[4][todo] = stage.key_result.name, stage.key_result.name_zh
    return steps
