"""`Visits`: every stay of a deal in a stage, from when it came to when and how it left."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from keyaccount._columns import Codes, Days, Floats, Objects
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.errors import ColumnNotFoundError
from keyaccount.funnel.rules import LOST, OPEN, WON

if TYPE_CHECKING:
    from keyaccount.funnel.conversion.trials import Reentry
    from keyaccount.funnel.pipeline.pipeline import Pipeline

__all__ = ["ENDS", "Visits", "visits_of"]

ENDS = ("open", "advanced", "lost", "regressed")
"""How a stay ends: not yet; forward, which winning is too; lost; back to an earlier stage."""

_LAST_MOMENT = 86_400_000_000 - 1


class Visits(Viewed):
    """Every stay of a deal in an open stage up to a day, one row each.

    A deal that goes back and comes again has a row for each stay; `visit` counts them. A stay of a
    deal that was decided and reopened ends with the decision, and another begins.

    Attributes
    ----------
    deal, stage
        ``(n,)`` texts: the deal, and the code of the stage.
    visit
        ``(n,)`` int64: which stay of the deal in that stage, from 1.
    entered, left
        ``(n,)`` days: NaT where it has not left.
    days
        ``(n,)`` float64: from coming to leaving, or to the day asked for.
    outcome
        ``(n,)`` texts: ``"open"``, ``"advanced"`` (won is forward too), ``"lost"`` or
        ``"regressed"``.
    owner
        ``(n,)`` texts: who owned the deal when the stay ended, or owns it.
    cohort
        ``(n,)`` texts: the month in which the stay began.

    Examples
    --------
    >>> import keyaccount as ka
    >>> funnel = ka.opportunity_funnel()
    >>> deal = funnel.open("OPP-1", amount=5_000, at="2026-09-01", by="li")
    >>> visits = funnel.replay(ka.event_log(deal.history)).visits("2026-09-10")
    >>> visits.stage, visits.days, visits.outcome
    (array(['understand'], dtype=object), array([9.]), array(['open'], dtype=object))
    """

    def __init__(
        self, pipeline: Pipeline, entries: Codes, exits: Codes, lasts: Codes, as_of: Any
    ) -> None:
        self._pipeline = pipeline
        self._entries = entries
        self._exits = exits
        self._lasts = lasts
        self.as_of: np.datetime64 = as_of

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"<Visits: {len(self)} stays up to {self.as_of}>"

    def _view(self) -> View:
        return View(f"{len(self):,} stays up to {self.as_of}", self.columns(), len(self))

    def __getitem__(self, name: str) -> Any:
        if name not in _COLUMNS:
            raise ColumnNotFoundError.from_name(name, _COLUMNS)
        return getattr(self, name)

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return _COLUMNS

    @cached_property
    def deal(self) -> Objects:
        """The deal of each stay."""
        log = self._pipeline.log
        return log.ids[log.deal[self._entries]]

    @cached_property
    def stage_position(self) -> Codes:
        """The position of each stay's stage in the funnel."""
        return self._pipeline.trace.stage[self._entries].astype(np.int64)

    @cached_property
    def stage(self) -> Objects:
        """The code of each stay's stage."""
        codes = np.array([s.code for s in self._pipeline.funnel.stages], dtype=object)
        return codes[self.stage_position]

    @cached_property
    def visit(self) -> Codes:
        """Which stay of the deal in that stage it is, from 1."""
        width = len(self._pipeline.funnel.stages)
        key = self._pipeline.log.deal[self._entries] * width + self.stage_position
        order = np.argsort(key, kind="stable")
        first = np.flatnonzero(np.diff(key[order], prepend=-1))
        begun = np.repeat(first, np.diff(np.append(first, len(key))))
        count = np.empty(len(key), dtype=np.int64)
        count[order] = np.arange(len(key)) - begun + 1
        return count

    @cached_property
    def entered(self) -> Days:
        """When each stay began."""
        return self._days(self._entries)

    @cached_property
    def left(self) -> Days:
        """When each stay ended."""
        found = self._days(np.maximum(self._exits, 0))
        found[self._exits < 0] = np.datetime64("NaT", "D")
        return found

    @cached_property
    def days(self) -> Floats:
        """How long each stay lasted, or has lasted so far."""
        end = np.where(self._exits < 0, self.as_of, self.left)
        return (end - self.entered).astype(np.float64)

    @cached_property
    def outcome(self) -> Objects:
        """How each stay ended."""
        return np.array(ENDS, dtype=object)[self.outcome_code]

    @cached_property
    def outcome_code(self) -> Codes:
        """How each stay ended, as a position in `ENDS`."""
        trace, last = self._pipeline.trace, np.maximum(self._exits, 0)
        outcome, stage = trace.outcome[last], trace.stage[last]
        found = np.where(stage > self.stage_position, 1, 3)
        found[outcome == WON] = 1
        found[outcome == LOST] = 2
        return np.where(self._exits < 0, 0, found)

    @cached_property
    def owner(self) -> Objects:
        """Who owned the deal when the stay ended, or owns it."""
        table = np.array([*self._pipeline.log.owners, None], dtype=object)
        return table[self._pipeline.trace.owner[self._lasts]]

    @cached_property
    def cohort(self) -> Objects:
        """The month in which each stay began, as ``"2026-09"``."""
        return self.entered.astype("datetime64[M]").astype(str).astype(object)

    @cached_property
    def account(self) -> Objects:
        """The account of the deal."""
        return self._pipeline.account[self._pipeline.log.deal[self._entries]]

    def trials(self, reentry: Reentry = "whole") -> dict[str, Any]:
        """Give the stays as `conversion_table` reads them; add columns of your own to group by.

        A stay that ends by going back has not advanced. Under ``"whole"``, where the stays of a
        deal in a stage are one trial, it is open as long as the deal is, and ends as the deal was
        decided; under ``"each"`` and ``"first"`` it counts as lost to the stage.

        Examples
        --------
        >>> import keyaccount as ka
        >>> funnel = ka.opportunity_funnel()
        >>> deal = funnel.open("OPP-1", at="2026-09-01", owner="li")
        >>> trials = funnel.replay(ka.event_log(deal.history)).visits("2026-09-10").trials()
        >>> team = {"li": "north"}
        >>> trials["team"] = [team[owner] for owner in trials["owner"]]
        >>> ka.conversion_table(trials, horizon=7, by="team").by["team"].tolist()
        ['north']
        """
        back = self.outcome == "regressed"
        ended = self.outcome.copy()
        ended[back] = self._fates()[back] if reentry == "whole" else "lost"
        return {**self.columns(), "outcome": ended}

    def _fates(self) -> Objects:
        """Say what became of each stay's deal in the end."""
        now = self._pipeline.at(self.as_of)
        fate = np.full(len(self._pipeline), "open", dtype=object)
        fate[now.deal_position] = now.outcome
        words = {"open": "open", "won": "advanced", "lost": "lost"}
        table = np.array([words[w] for w in fate.tolist()], dtype=object)
        return table[self._pipeline.log.deal[self._entries]]

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame."""
        return {name: getattr(self, name) for name in _COLUMNS}

    def row(self, i: int) -> Record:
        """Give one stay as a readable record."""
        i = checked_row(i, len(self))
        return Record({name: getattr(self, name)[i] for name in _COLUMNS})

    def _days(self, events: Codes) -> Days:
        days: Days = self._pipeline.log.at[events].view("datetime64[us]").astype("datetime64[D]")
        return days


_COLUMNS = (
    "deal",
    "account",
    "owner",
    "stage",
    "visit",
    "entered",
    "left",
    "days",
    "outcome",
    "cohort",
)


def visits_of(pipeline: Pipeline, as_of: Any) -> Visits:
    """Find the events by which deals came to open stages, and those by which they left."""
    log, trace = pipeline.log, pipeline.trace
    limit = as_of.astype("datetime64[us]").astype(np.int64) + _LAST_MOMENT
    taken = np.flatnonzero((trace.refusal == 0) & (log.at <= limit))
    stage, outcome = trace.stage[taken], trace.outcome[taken]
    deal = log.deal[taken]
    # A state is a stage in which the deal is open, or a decision; a stay lasts while it holds.
    state = np.where(outcome == OPEN, stage.astype(np.int64), -1 - outcome)
    new_deal = np.diff(deal, prepend=-1) != 0
    changes = new_deal | (np.diff(state, prepend=-9) != 0)
    marks = np.flatnonzero(changes)
    exits = np.full(len(marks), -1, dtype=np.int64)
    follows = ~new_deal[marks[1:]]
    exits[:-1][follows] = taken[marks[1:]][follows]
    lasts = taken[np.append(marks[1:], len(taken)) - 1] if len(marks) else taken
    lasts = np.where(exits < 0, lasts, exits)
    begins = outcome[marks] == OPEN
    return Visits(pipeline, taken[marks][begins], exits[begins], lasts[begins], as_of)
