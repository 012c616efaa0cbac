"""`WinProbabilities`: how likely each deal is to be won, and which facts say so."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from keyaccount._columns import Bools, Codes, Floats, Labels
from keyaccount._record import Record, checked_row
from keyaccount._stamp import Stamped
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding, counted
from keyaccount.scoring.evidence.facts import Fact
from keyaccount.scoring.evidence.plan import Plan

if TYPE_CHECKING:
    from keyaccount.scoring.evidence.win_evidence import WinEvidence

__all__ = ["WinProbabilities"]

_MOST_ODDS = 36.0
"""Beyond 36.7 the nearest float64 to the probability is 1."""


class WinProbabilities(Stamped, Viewed):
    """How likely each deal is to be won, aligned with the input by position.

    Attributes
    ----------
    probability
        ``(n,)`` float64, strictly between 0 and 1: log odds beyond 36 either way, of which float64
        cannot tell the probability from 0 or 1, count as 36 here.
    log_odds
        ``(n,)`` float64: the log odds of winning: those before any fact, plus the factors, however
        large they are.
    prior
        ``(n,)`` float64: the log odds before any fact, of the deal's team or of all deals.
    factors
        ``(n, k)`` float64: the log likelihood ratio of each fact, in declared order: above 0 it
        raises the probability, below 0 it lowers it; exactly 0 where the fact is not known.
    known
        ``(n, k)`` bool: which facts are there and were seen in learning.
    deals_behind
        ``(n, k)`` int64: won and lost deals that the factor rests on.
    pooled
        ``(n,)`` bool: deals whose team has no counts of its own; all False without teams.
    findings
        What a reader should know of the data.

    Notes
    -----
    Only `probability` and `log_odds` are computed at once, the others when they are asked for.

    Examples
    --------
    >>> import keyaccount as ka
    >>> past = {
    ...     "sector": ["retail"] * 10 + ["finance"] * 10,
    ...     "won": [True] * 7 + [False] * 3 + [True] * 2 + [False] * 8,
    ... }
    >>> evidence = ka.WinEvidence.fit(past, ["sector"])
    >>> found = evidence.predict({"sector": ["retail", "finance", "media"]})
    >>> found.probability.round(3)
    array([0.659, 0.244, 0.45 ])
    >>> print(found.row(0))
    probability      0.659155
    log odds         0.659531
    before any fact  45 % (9 won and 11 lost deals)
    evidence
      sector         'retail' ×2.36, on 7 won and 3 lost deals
    """

    def __init__(
        self, spec: WinEvidence, plan: Plan, facts: tuple[Fact, ...], team: Labels | None
    ) -> None:
        self._spec = spec
        self._plan = plan
        self._facts = facts
        self._told_apart = team is not None
        self._team = plan.teams(team, len(facts[0]))
        read = zip(plan.factors, facts, strict=True)
        self._positions = [f.positions(fact.values) for f, fact in read]
        self.prior: Floats = plan.priors[self._team]
        total = self.prior.copy()
        for factors, position in zip(plan.factors, self._positions, strict=True):
            total += factors.ratios(position, self._team)
        self.log_odds: Floats = total + 0.0
        self.probability: Floats = _probability(self.log_odds)

    def __len__(self) -> int:
        return len(self.probability)

    def __repr__(self) -> str:
        return f"<WinProbabilities of {len(self)} deals by {', '.join(self.fields)}>"

    def _view(self) -> View:
        title = f"Win probabilities of {len(self):,} deals"
        return View(title, self.columns(), len(self))

    @property
    def spec(self) -> WinEvidence:
        """The spec that made it."""
        return self._spec

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields, in declared order."""
        return self._plan.fields

    @cached_property
    def factors(self) -> Floats:
        """The log likelihood ratio of each fact, as an (n, k) array in declared order."""
        read = zip(self._plan.factors, self._positions, strict=True)
        return np.stack([f.ratios(position, self._team) for f, position in read], axis=1)

    @cached_property
    def known(self) -> Bools:
        """Which facts are there and were seen in learning, as an (n, k) array."""
        return np.stack([position >= 0 for position in self._positions], axis=1)

    @cached_property
    def deals_behind(self) -> Codes:
        """How many won and lost deals each factor rests on, as an (n, k) array."""
        read = zip(self._plan.factors, self._positions, strict=True)
        found = [f.deals_behind(position, self._team)[0] for f, position in read]
        return np.stack([deals[:, 0] + deals[:, 1] for deals in found], axis=1)

    @cached_property
    def pooled(self) -> Bools:
        """Which deals are judged by all deals because their team has no counts of its own."""
        return (self._team < 0) & self._told_apart

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader should know of the data."""
        found = [
            n for fact, p in zip(self._facts, self._positions, strict=True) for n in _notes(fact, p)
        ]
        n = int(np.count_nonzero(self.pooled))
        if n:
            said = f"judged by the deals of all teams, for want of own ones: {counted(n, 'deal')}"
            found.append(Finding(code="pooled", message=said, count=n, severity="info"))
        return tuple(found)

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame."""
        behind = zip(self.fields, self.deals_behind.T, strict=True)
        return {**self.row_wise_columns(), **{f"deals_{name}": deals for name, deals in behind}}

    def row_wise_columns(self) -> dict[str, Any]:
        """Give the probability, its log odds and the factors as columns."""
        named = zip(self.fields, self.factors.T, strict=True)
        return {
            "win_probability": self.probability,
            "win_log_odds": self.log_odds,
            **{f"factor_{name}": np.ascontiguousarray(column) for name, column in named},
        }

    def row(self, i: int) -> Record:
        """Give one deal as a readable record: what raised and what lowered its probability."""
        i = checked_row(i, len(self))
        won, lost = self._plan.deals[self._team[i]].tolist()
        chance = 1.0 / (1.0 + math.exp(-float(self.prior[i])))
        whose = " of all teams" if self.pooled[i] else " of the team" if self._told_apart else ""
        return Record(
            {
                "probability": float(self.probability[i]),
                "log odds": float(self.log_odds[i]),
                "before any fact": f"{100.0 * chance:.3g} % ({_counts(won, lost)}{whose})",
                "evidence": {f.field: self._said(k, i) for k, f in enumerate(self._facts)},
            }
        )

    def _said(self, k: int, i: int) -> str:
        """Say what one fact of one deal does, and why."""
        values = self._facts[k].values
        code = int(values.codes[i])
        if code < 0:
            return "missing, so neutral"
        label = repr(values.labels[code])
        at = slice(i, i + 1)
        position, team = self._positions[k][at], self._team[at]
        if position[0] < 0:
            return f"{label} was never seen, so neutral"
        factors = self._plan.factors[k]
        ratio = math.exp(float(factors.ratios(position, team)[0]))
        deals, own = factors.deals_behind(position, team)
        whose = "" if not self._told_apart else " of the team" if own[0] else " of all teams"
        return f"{label} ×{ratio:.3g}, on {_counts(*deals[0].tolist())}{whose}"


def _probability(log_odds: Floats) -> Floats:
    """Turn log odds into probabilities that never round to 0 or 1."""
    held = np.minimum(np.maximum(log_odds, -_MOST_ODDS), _MOST_ODDS)
    found: Floats = 1.0 / (1.0 + np.exp(-held))
    return found


def _notes(fact: Fact, position: Codes) -> list[Finding]:
    """Tell what was met in one field: infinite numbers, labels that learning never saw."""
    found: list[Finding] = []
    infinite = len(fact.infinite)
    if infinite:
        values = "1 infinite value counts" if infinite == 1 else f"{infinite} infinite values count"
        said = f"{fact.field}: {values} as missing"
        found.append(Finding(code="infinite", message=said, count=infinite, where=fact.field))
    unseen = (position < 0) & (fact.values.codes >= 0)
    n = int(np.count_nonzero(unseen))
    if n:
        said = (
            f"{fact.field}: {counted(n, 'deal')} with a value that learning never saw; "
            "it counts as neutral"
        )
        which = np.unique(fact.values.codes[unseen])[:5].tolist()
        examples = tuple(sorted(fact.values.labels[code] for code in which))
        found.append(
            Finding(code="unseen", message=said, count=n, where=fact.field, examples=examples)
        )
    return found


def _counts(won: int, lost: int) -> str:
    return f"{won:,} won and {lost:,} lost deals"
