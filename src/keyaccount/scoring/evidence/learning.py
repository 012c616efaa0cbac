"""Count won and lost deals by label: all that naive Bayes learns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import attrs
import numpy as np

from keyaccount._columns import (
    Bools,
    Codes,
    Days,
    Floats,
    Labels,
    as_truths,
    common_length,
    days,
    pick,
)
from keyaccount._columns import labels as read_labels
from keyaccount.bands import Cuts
from keyaccount.errors import NotEnoughDataError
from keyaccount.groups import ByGroup
from keyaccount.scoring.evidence.counts import LabelCounts, WinCounts
from keyaccount.scoring.evidence.facts import Fact, read_fact

__all__ = ["DealBook", "Reading", "learn_counts", "read_book", "read_facts"]

_LOST, _WON, _LEFT_OUT = 0, 1, 2
_OUTCOMES = 3
_TABLE_PER_ROW = 4
"""Pairs of team and label are counted in a table of at most this many entries per deal."""


class Reading(NamedTuple):
    """Which columns of deals are facts, which of them are cut into bands, and who the teams are."""

    fields: tuple[str, ...]
    bands: Mapping[str, Cuts]
    team: str | None


@attrs.frozen(eq=False)
class DealBook:
    """Deals as facts, with what became of them.

    Attributes
    ----------
    facts
        One per field.
    team
        The team of each deal, if teams are told apart.
    won
        1 won, 0 lost, NaN open.
    closed
        The day each deal was closed, if days are read.
    """

    facts: tuple[Fact, ...]
    team: Labels | None
    won: Floats
    closed: Days | None

    @property
    def ended(self) -> Bools:
        """Which deals are won or lost."""
        return ~np.isnan(self.won)


def read_book(deals: Any, reading: Reading, won: str, closed: str | None) -> DealBook:
    """Read all columns of deals that are learned from."""
    facts, teams = read_facts(deals, reading)
    outcome = _outcomes(deals, won)
    day = None if closed is None else days(deals, closed)
    ends = {won: outcome} if day is None else {won: outcome, str(closed): day}
    common_length({facts[0].field: facts[0], **ends})
    return DealBook(facts, teams, outcome, day)


def read_facts(deals: Any, reading: Reading) -> tuple[tuple[Fact, ...], Labels | None]:
    """Read the fields of deals, and their teams."""
    facts = tuple(read_fact(deals, f, reading.bands.get(f)) for f in reading.fields)
    read: dict[str, Any] = {fact.field: fact for fact in facts}
    teams = None if reading.team is None else read_labels(deals, reading.team)
    common_length(read if teams is None else {**read, str(reading.team): teams})
    return facts, teams


def _outcomes(deals: Any, won: str) -> Floats:
    """Read what became of each deal; what is neither true nor false is still open."""
    hint = "write True for a won deal and False for a lost one, and leave open ones empty."
    return as_truths(pick(deals, won), won, hint)


def learn_counts(book: DealBook, taken: Bools, min_team: int) -> ByGroup[WinCounts]:
    """Count the deals that are taken: all of them, and those of each team that has enough.

    Raises
    ------
    NotEnoughDataError
        No deal taken is won, or none is lost.
    """
    outcome = np.full(len(book.won), _LEFT_OUT, dtype=np.int64)
    np.copyto(outcome, book.won, where=taken, casting="unsafe")
    lost, won = np.bincount(outcome, minlength=_OUTCOMES)[:_LEFT_OUT].tolist()
    if not won or not lost:
        raise NotEnoughDataError.from_problem(
            f"win evidence needs both won and lost deals to learn from (got {won} won and "
            f"{lost} lost)",
            "learn from a longer time, and mark lost deals as False: empty ones count as open.",
            won=won,
            lost=lost,
        )
    fields = [LabelCounts(f.field, _by_label(f.values, outcome)) for f in book.facts]
    teams = {} if book.team is None else _by_team(book, book.team, outcome, min_team)
    return ByGroup(teams, pool=WinCounts(won, lost, fields=fields))


def _counted(found: Labels, outcome: Codes) -> Codes:
    """Count lost and won deals of each label, as a (labels, 2) array."""
    cells = found.codes * _OUTCOMES
    cells += outcome
    cells += _OUTCOMES  # a missing label, -1, counts in the first row
    size = _OUTCOMES * (len(found.labels) + 1)
    counts = np.bincount(cells, minlength=size).reshape(-1, _OUTCOMES)
    return counts[1:, :_LEFT_OUT]


def _by_label(found: Labels, outcome: Codes) -> dict[str, tuple[int, int]]:
    counts = _counted(found, outcome).tolist()
    named = zip(found.labels, counts, strict=True)
    return {label: (won, lost) for label, (lost, won) in named if won or lost}


def _by_team(book: DealBook, team: Labels, outcome: Codes, min_team: int) -> dict[str, WinCounts]:
    """Count the deals of each team that has enough of both kinds."""
    counts = _counted(team, outcome)
    enough = np.flatnonzero(counts.min(axis=1, initial=len(outcome)) >= max(min_team, 1))
    place = np.full(len(team.labels) + 1, -1, dtype=np.int64)
    place[enough] = np.arange(len(enough))
    rows = np.flatnonzero((place[team.codes] >= 0) & (outcome != _LEFT_OUT))
    of_team, ended = place[team.codes[rows]], outcome[rows]
    fields = [
        _pairs(f.field, Labels(f.values.codes[rows], f.values.labels), of_team, ended, len(enough))
        for f in book.facts
    ]
    return {
        team.labels[code]: WinCounts(*counts[code, ::-1].tolist(), fields=[f[i] for f in fields])
        for i, code in enumerate(enough.tolist())
    }


def _pairs(
    field: str, found: Labels, team: Codes, outcome: Codes, n_teams: int
) -> list[LabelCounts]:
    """Count by pairs of team and label; of the many that there might be, few are."""
    k = len(found.labels)
    known = found.codes >= 0
    pair, ended = (team * k + found.codes)[known], outcome[known]
    if n_teams * k <= _TABLE_PER_ROW * len(pair):
        table = np.bincount(pair * 2 + ended, minlength=2 * n_teams * k).reshape(-1, 2)
        pairs = np.flatnonzero(table.any(axis=1))
        counts = table[pairs]
    else:
        pairs, place = np.unique(pair, return_inverse=True)
        counts = np.bincount(place * 2 + ended, minlength=2 * len(pairs)).reshape(-1, 2)
    by_team: list[dict[str, tuple[int, int]]] = [{} for _ in range(n_teams)]
    for key, (lost, won) in zip(pairs.tolist(), counts.tolist(), strict=True):
        by_team[key // k][found.labels[key % k]] = (won, lost)
    return [LabelCounts(field, counts) for counts in by_team]
