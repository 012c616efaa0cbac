"""`Pipeline`: every deal of a book through its events, and where each stood at any date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from keyaccount._columns import Bools, Codes, Columns, Days, Objects, one_day
from keyaccount._record import Record
from keyaccount._stamp import Stamped
from keyaccount._view import View, Viewed
from keyaccount.errors import NotEnoughDataError, SpecError, closest
from keyaccount.findings import Finding
from keyaccount.funnel.events import KINDS
from keyaccount.funnel.pipeline.log import ABSENT, COLUMNS, Log, read_log
from keyaccount.funnel.pipeline.replay import run
from keyaccount.funnel.pipeline.standing import Standing
from keyaccount.funnel.pipeline.trace import Trace
from keyaccount.funnel.pipeline.visits import Visits, visits_of
from keyaccount.funnel.refusal import Refusal

if TYPE_CHECKING:
    from keyaccount.funnel.conversion import ConversionTable, StageConversion
    from keyaccount.funnel.conversion.trials import Reentry
    from keyaccount.funnel.funnel import Funnel

__all__ = ["Pipeline", "replay"]

_SOME = 10_000
"""How many ids are looked through for one that resembles a wrong one."""

_LAST_MOMENT = 86_400_000_000 - 1
"""Microseconds from the beginning of a day to its last moment."""


class Pipeline(Stamped, Viewed):
    """Every deal of an event log through its events, under the rules of a funnel.

    Attributes
    ----------
    funnel
        The stages and the rules.
    findings
        What a reader should know of the log: events left out, copies, refusals.
    refused
        Every event that broke a rule and changed nothing, as columns: where it stood in the log,
        its deal, moment and kind, and the rule.

    Examples
    --------
    >>> import keyaccount as ka
    >>> log = {
    ...     "deal": ["OPP-1", "OPP-1", "OPP-1", "OPP-2"],
    ...     "event": ["open", "confirm", "advance", "advance"],
    ...     "at": ["2026-09-01", "2026-09-03", "2026-09-08", "2026-09-08"],
    ...     "code": [None, "needs_understood", None, None],
    ...     "amount": [120_000.0, None, None, None],
    ... }
    >>> pipeline = ka.opportunity_funnel().replay(log)
    >>> pipeline.at("2026-09-07").stage, pipeline.at("2026-09-08").stage
    (array(['understand'], dtype=object), array(['confirm'], dtype=object))
    >>> pipeline.refused["rule"].tolist()
    ['the deal has not been opened yet']
    """

    def __init__(
        self,
        funnel: Funnel,
        log: Log,
        known: tuple[Finding, ...] = (),
        as_of: np.datetime64 | None = None,
        undated: Bools | None = None,
    ) -> None:
        self.funnel: Funnel = funnel
        self.log: Log = log
        self.trace: Trace = run(funnel.rules, log)
        self._known = known
        self._as_of = as_of
        no_deal = np.zeros(len(log.ids), dtype=np.bool_)
        self._undated = no_deal if undated is None else undated

    @property
    def spec(self) -> Funnel:
        """The spec that made it."""
        return self.funnel

    def __len__(self) -> int:
        return len(self.log.ids)

    def __repr__(self) -> str:
        refused = int(np.count_nonzero(self.trace.refusal))
        return f"<Pipeline of {len(self)} deals, {len(self.log)} events, {refused} refused>"

    def _view(self) -> View:
        now = self.now
        return View(f"Pipeline of {len(self):,} deals", now.columns(), len(now))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader should know of the log."""
        counts = np.bincount(self.trace.refusal, minlength=len(Refusal))
        broken = [(r, int(counts[r])) for r in Refusal if r and counts[r]]
        return (
            *self._known,
            *self.log.findings,
            *(
                Finding(
                    code=f"refused_{rule.name.lower()}",
                    message=f"{n} {'event' if n == 1 else 'events'} refused: {rule.rule}",
                    count=n,
                )
                for rule, n in broken
            ),
        )

    @cached_property
    def refused(self) -> dict[str, Any]:
        """Every event that broke a rule, as columns."""
        found = np.flatnonzero(self.trace.refusal)
        log = self.log
        rules = np.array([r.rule for r in Refusal], dtype=object)
        return {
            "row": log.row[found],
            "deal": log.ids[log.deal[found]],
            "at": log.at[found].view("datetime64[us]"),
            "event": np.array(KINDS, dtype=object)[log.kind[found]],
            "refusal": self.trace.refusal[found],
            "rule": rules[self.trace.refusal[found]],
        }

    @cached_property
    def account(self) -> Objects:
        """The account of each deal: what its opening said, None where it said nothing."""
        table = np.array([*self.log.accounts, None], dtype=object)
        found = np.full(len(self), None, dtype=object)
        found[self.log.deal[self._openings]] = table[self.log.of("account", self._openings)]
        return found

    @cached_property
    def opened(self) -> Days:
        """The day each deal was opened, NaT where it never was."""
        found = np.full(len(self), "NaT", dtype="datetime64[D]")
        moments = self.log.at[self._openings].view("datetime64[us]")
        found[self.log.deal[self._openings]] = moments.astype("datetime64[D]")
        return found

    @cached_property
    def _openings(self) -> Codes:
        taken = np.flatnonzero(self.trace.refusal == 0)  # nothing is taken before the opening
        found: Codes = taken[np.diff(self.log.deal[taken], prepend=ABSENT) != 0]
        return found

    @cached_property
    def _starts(self) -> Codes:
        """The first event of each deal, and the end of the last."""
        firsts = np.flatnonzero(np.diff(self.log.deal, prepend=ABSENT))
        return np.append(firsts, len(self.log))

    @property
    def now(self) -> Standing:
        """Where every deal stands after the last event of the log, or on the day of the table."""
        if self._as_of is not None:
            return self.at(self._as_of)
        if not len(self.log):
            return Standing(self, np.empty(0, dtype=np.int64), "1970-01-01")
        return self.at(self.log.at.max().view("datetime64[us]").astype("datetime64[D]"))

    def at(self, day: Any) -> Standing:
        """Give the standing of every deal opened by the end of a day.

        Parameters
        ----------
        day
            A date, or ISO text; events of that day are counted in.
        """
        as_of = one_day(day, "day")
        if np.isnat(as_of):
            field = "day"
            raise SpecError.from_field(field, "must be a date", day, "write it as YYYY-MM-DD.")
        if self._as_of is not None and as_of != self._as_of:
            problem = f"a table without history cannot say how deals stood on {as_of}"
            hint = f"ask for {self._as_of}, the day of the table, or replay a log of events."
            raise NotEnoughDataError.from_problem(problem, hint)
        limit = as_of.astype("datetime64[us]").astype(np.int64) + _LAST_MOMENT
        by_then = np.concatenate([[0], np.cumsum(self.log.at <= limit)])
        counts = by_then[self._starts[1:]] - by_then[self._starts[:-1]]
        last = self._starts[:-1] + counts - 1  # events of a deal are in order of time
        found = last[counts > 0]
        return Standing(self, found[self.trace.stage[found] >= 0], as_of)

    def visits(self, as_of: Any = None) -> Visits:
        """Give every stay of a deal in a stage: when it came, when it left, and how.

        Parameters
        ----------
        as_of
            Up to the end of which day; None: the last of the log, or the day of the table. Stays
            that have not ended by then are open.
        """
        if self._as_of is not None:
            problem = "a table without history cannot say which stages its deals passed, and when"
            hint = "replay a log of events; for all stages together see `outcomes`."
            raise NotEnoughDataError.from_problem(problem, hint)
        day = self.now.as_of if as_of is None else one_day(as_of, "as_of")
        return visits_of(self, day)

    def outcomes(
        self, *, as_of: Any = None, groups: Any = None, horizon: float | None = None
    ) -> StageConversion:
        """Estimate what becomes of deals from their opening on: won, lost, still open.

        The whole way as one stage: a table without history knows this much too.

        Parameters
        ----------
        as_of
            Up to the end of which day; None: the last of the log, or the day of the table.
        groups
            One label per deal of ``at(as_of)``, for a curve per group.
        horizon
            How many days after the opening shares are read.

        Returns
        -------
        StageConversion
            ``advanced`` is won. Deals without a day of opening are left out, and told.

        Examples
        --------
        >>> import keyaccount as ka
        >>> table = {
        ...     "deal": ["1", "2", "3"],
        ...     "stage": ["won", "lost", "A"],
        ...     "opened": ["2026-01-01", "2026-01-01", "2026-01-11"],
        ...     "closed": ["2026-01-05", "2026-01-20", None],
        ... }
        >>> pipeline = ka.opportunity_funnel().snapshot(table, as_of="2026-01-31")
        >>> pipeline.outcomes().at(30).advanced.round(3)
        array([0.333])
        """
        from keyaccount.funnel.conversion import stage_conversion

        standing = self.now if as_of is None else self.at(as_of)
        words = {"open": "open", "won": "advanced", "lost": "lost"}
        until = np.where(np.isnat(standing.closed), standing.as_of, standing.closed)
        days = (until - standing.opened).astype(np.float64)
        days[self._undated[standing.deal_position]] = np.nan
        ended = [words[w] for w in standing.outcome.tolist()]
        return stage_conversion(days, ended, groups=groups, horizon=horizon)

    def conversion(
        self,
        horizon: float,
        *,
        as_of: Any = None,
        by: str | Sequence[str] | None = None,
        reentry: Reentry = "whole",
        strength: float | None = None,
    ) -> ConversionTable:
        """Estimate what becomes of the deals of each stage, beside the plan of the funnel.

        Parameters
        ----------
        horizon
            How many days after coming to a stage shares are read.
        as_of
            Up to the end of which day; None: the last of the log.
        by
            Further columns of the stays: ``"owner"``, ``"account"``, ``"cohort"`` (the month in
            which the deal came). For columns of your own see `Visits.trials`.
        reentry
            Where a deal goes back and comes again: under ``"whole"`` its stays in a stage are one
            trial, open as long as the deal is, which ends as the deal was decided; under
            ``"each"`` and ``"first"`` a stay that ends by going back counts as lost to the stage.
        strength
            How many deals the plan is worth; None: learned.

        Returns
        -------
        ConversionTable
            See `conversion_table`.

        Examples
        --------
        >>> import keyaccount as ka
        >>> log = {
        ...     "deal": ["1", "1", "2", "2", "3"],
        ...     "event": ["open", "advance", "open", "lose", "open"],
        ...     "at": ["2026-01-01", "2026-01-05", "2026-01-01", "2026-01-20", "2026-01-11"],
        ...     "reason": [None, None, None, "price", None],
        ...     "override": [None, "as agreed", None, None, None],
        ... }
        >>> table = ka.opportunity_funnel().replay(log).conversion(horizon=14)
        >>> table.stage[0], table.at.advanced[0].round(3)
        ('understand', np.float64(0.333))
        """
        from keyaccount.funnel.conversion import conversion_table

        return conversion_table(
            self.visits(as_of).trials(reentry),
            horizon=horizon,
            by=by,
            stages=[s.code for s in self.funnel.stages if s.outcome == "open"],
            plan={s.code: s.planned_conversion for s in self.funnel.stages if s.outcome == "open"},
            strength=strength,
            reentry=reentry,
            deal="deal",
            order="visit",
        )

    def row(self, id: str) -> Record:
        """Give one deal as a readable record: how it stands, and what happened to it."""
        found = np.flatnonzero(self.log.ids == id)
        if not len(found):
            near = closest(str(id), [str(i) for i in self.log.ids[:_SOME]])
            hint = f"did you mean {' or '.join(map(repr, near))}?" if near else "look at its log."
            field = "deal"
            raise SpecError.from_field(field, "must be a deal of the pipeline", id, hint)
        events = range(int(self._starts[found[0]]), int(self._starts[found[0] + 1]))
        return Record({"deal": id, "events": {str(k): self._said(e) for k, e in enumerate(events)}})

    def _said(self, event: int) -> str:
        at = self.log.at[event].view("datetime64[us]").astype("datetime64[D]")
        refusal = Refusal(int(self.trace.refusal[event]))
        stage = int(self.trace.stage[event])
        stands = "not opened" if stage < 0 else self.funnel.stages[stage].code
        ending = f"refused: {refusal.rule}" if refusal else f"then {stands}"
        return f"{at} {KINDS[self.log.kind[event]]}, {ending}"


def replay(funnel: Funnel, events: Columns, **columns: str) -> Pipeline:
    """Take every deal of an event log through its events.

    Parameters
    ----------
    funnel
        The stages and the rules.
    events
        The log: any container of columns, in any order. ``deal`` and ``at`` (dates or moments) are
        needed; ``event`` says what happened (without it each row says the ``stage`` in which the
        deal stands from then on). The others are read where they are there: ``stage``, ``code``,
        ``amount``, ``probability``, ``owner``, ``expected``, ``until``, ``account``, ``reason``,
        ``override``, and ``seq``, the order of events of one moment.
    columns
        Other names of these columns, as ``deal="opportunity_id"``.

    Returns
    -------
    Pipeline
        The state of every deal at any date, its stays, and every refused event with its reason.

    Raises
    ------
    SpecError
        An event is of no known kind.
    ColumnNotFoundError, ColumnError, RowError
        A column is not there, or holds no dates or no numbers.
    """
    for name in columns:
        if name not in COLUMNS:
            field = "replay(columns)"
            raise SpecError.from_choice(field, name, COLUMNS)
    names: Mapping[str, str] = {name: columns.get(name, name) for name in COLUMNS}
    return Pipeline(funnel, read_log(funnel.rules, events, names))
