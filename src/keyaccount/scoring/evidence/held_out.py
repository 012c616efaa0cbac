"""Learn from the past and judge on what came after: what evidence is really worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Columns, Days, Labels
from keyaccount._record import Record
from keyaccount._validators import exact_date
from keyaccount._view import View, Viewed
from keyaccount.bands import Cuts
from keyaccount.errors import NotEnoughDataError, SpecError
from keyaccount.findings import Finding
from keyaccount.scoring.evidence.learning import DealBook, read_book
from keyaccount.scoring.evidence.plan import Plan
from keyaccount.scoring.evidence.probabilities import WinProbabilities
from keyaccount.scoring.evidence.win_evidence import WinEvidence, learned, reading_of, refuse_leaks
from keyaccount.stats.calibration import Calibration, calibration

__all__ = ["HeldOut", "held_out_evidence"]

_NAME = "held_out_evidence"


@attrs.frozen(eq=False, kw_only=True)
class HeldOut(Viewed):
    """Win evidence from the deals closed before a day, judged on those closed from then on.

    Parameters
    ----------
    evidence
        What the earlier deals say.
    calibration
        How that fared on the later ones, against the win rate of the earlier ones.
    probabilities
        The probabilities of the judged deals.
    rows
        Where those stand in the input.
    learned_from, judged
        Deals learned from, and deals judged.
    open, undated, later
        Deals that are neither: not won or lost yet, without a close date, closed from `until` on.

    Examples
    --------
    >>> import keyaccount as ka
    >>> deals = {
    ...     "sector": ["retail", "finance"] * 100,
    ...     "won": [True, False] * 100,
    ...     "closed": ["2026-03-01"] * 120 + ["2026-08-01"] * 80,
    ... }
    >>> found = ka.held_out_evidence(deals, ["sector"], closed="closed", split="2026-07-01")
    >>> found.learned_from, found.judged, round(found.calibration.skill, 3)
    (120, 80, 0.999)
    """

    evidence: WinEvidence
    calibration: Calibration
    probabilities: WinProbabilities
    rows: Codes
    learned_from: int
    judged: int
    open: int
    undated: int
    later: int

    def __len__(self) -> int:
        return self.judged

    @property
    def verdict(self) -> str:
        """Say in one sentence whether the evidence beats the base rate."""
        return self.calibration.verdict

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader should know of the judged deals."""
        return self.probabilities.findings

    def columns(self) -> dict[str, Any]:
        """Give the judged deals as columns, with their rows in the input."""
        return {"row": self.rows, **self.probabilities.columns()}

    def row(self, i: int) -> Record:
        """Give one judged deal as a readable record."""
        return self.probabilities.row(i)

    def summary(self) -> Record:
        """Return the counts and the figures of the calibration as a record."""
        names = ("learned_from", "judged", "open", "undated", "later")
        return Record({**{n: getattr(self, n) for n in names}, **self.calibration.summary()})

    def _view(self) -> View:
        table = self.calibration.table
        return View(f"Held-out evidence: {self.verdict}", table.columns(), len(table))


def held_out_evidence(
    deals: Columns,
    fields: Sequence[str],
    won: str = "won",
    *,
    closed: str,
    split: date | str,
    until: date | str | None = None,
    bands: Mapping[str, Cuts | Sequence[float]] | None = None,
    smoothing: float = 1.0,
    team: str | None = None,
    min_team: int = 30,
    team_strength: float = 30.0,
    bins: int | Cuts = 10,
    level: float = 0.95,
) -> HeldOut:
    """Learn from deals closed before a day, and judge what was learned on those closed later.

    Parameters
    ----------
    deals, fields, won, bands, smoothing, team, min_team, team_strength
        As for `WinEvidence.fit`.
    closed
        The column of the day on which a deal was closed.
    split
        Deals closed before this day are learned from, and those closed from it on are judged.
    until
        Deals closed from this day on are left alone. None: there is no end.
    bins, level
        As for `calibration`.

    Returns
    -------
    HeldOut
        The evidence, its calibration on the later deals, and how many deals went where.

    Raises
    ------
    NotEnoughDataError
        There is no won or no lost deal to learn from, or none to judge.
    ColumnNotFoundError, ColumnError, RowError, SpecError
        A column or an option is not what it should be.

    Notes
    -----
    Nothing of a judged deal is learned from, and the base rate to beat is that of the earlier
    deals, which was known at the split. What this cannot see is a field that is filled in when a
    deal is closed: it gives the outcome away before and after the split alike. Name only fields
    whose value at the time of judging is known to be the one in the table.

    Deals that were closed late are judged, open ones are not: where losing takes longer than
    winning, the last months before an export hold too many wins.

    Examples
    --------
    >>> import keyaccount as ka
    >>> deals = {
    ...     "sector": ["retail", "finance"] * 100,
    ...     "won": [True, True, False, False] * 50,
    ...     "closed": ["2026-03-01"] * 120 + ["2026-08-01"] * 80,
    ... }
    >>> found = ka.held_out_evidence(deals, ["sector"], closed="closed", split="2026-07-01")
    >>> print(found.verdict)
    no better than the base rate of 50.0 %: skill 0.0 % on 80 forecasts,
    95 % interval 0.0 % to 0.0 %, which includes 0
    """
    spec = WinEvidence(
        fields=fields,
        bands=bands,
        smoothing=smoothing,
        team=team,
        min_team=min_team,
        team_strength=team_strength,
        before=_day(split, "split"),
    )
    end = None if until is None else _day(until, "until")
    refuse_leaks(spec, won, closed)
    book = read_book(deals, reading_of(spec), won, closed)
    days = book.closed
    assert days is not None
    evidence = learned(spec, book)
    taken, later = _judged(book, days, evidence, end)
    probabilities = _probabilities(book, evidence, taken)
    found = calibration(
        probabilities.probability,
        book.won[taken],
        bins=bins,
        base_rate=evidence.base_rate,
        level=level,
    )
    left = dict(evidence.left_out)
    return HeldOut(
        evidence=evidence,
        calibration=found,
        probabilities=probabilities,
        rows=np.flatnonzero(taken),
        learned_from=sum(evidence.learned_from),
        judged=found.n,
        open=left["open"],
        undated=left["no close date"],
        later=later,
    )


def _day(value: date | str, name: str) -> date:
    day = exact_date(value)
    if not isinstance(day, date):
        field = f"{_NAME}({name})"
        raise SpecError.from_field(field, "must be a date", value, "write it as YYYY-MM-DD.")
    return day


def _judged(
    book: DealBook, days: Days, evidence: WinEvidence, end: date | None
) -> tuple[Bools, int]:
    """Find the deals closed from the split on, and count those beyond the end."""
    split = np.datetime64(str(evidence.before), "D")
    after = book.ended & ~np.isnat(days) & (days >= split)
    taken = after if end is None else after & (days < np.datetime64(end, "D"))
    if not taken.any():
        span = f"from {split} on" if end is None else f"from {split} to before {end}"
        problem = f"no won or lost deal closed {span} is there to be judged"
        raise NotEnoughDataError.from_problem(problem, "split at an earlier day.")
    judged: Bools = taken
    return judged, int(np.count_nonzero(after & ~taken))


def _probabilities(book: DealBook, evidence: WinEvidence, taken: Bools) -> WinProbabilities:
    """Judge some deals of a book that is read already."""
    assert evidence.counts is not None
    plan = Plan(evidence.fields, evidence.counts, evidence.smoothing, evidence.team_strength)
    facts = tuple(fact.rows(taken) for fact in book.facts)
    team = book.team
    chosen = None if team is None else Labels(team.codes[taken], team.labels)
    return WinProbabilities(evidence, plan, facts, chosen)
