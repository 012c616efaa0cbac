"""`Review`: what a review found and decided, one row per account."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Objects
from keyaccount._record import Record, checked_row
from keyaccount._stamp import Stamped
from keyaccount._view import View, Viewed
from keyaccount.evaluation.check import WAYS
from keyaccount.evaluation.decision import DECISIONS, Grounds, Seats, decision_words
from keyaccount.evaluation.drivers import Drivers
from keyaccount.evaluation.four_findings import FourFindings
from keyaccount.evaluation.joined import Joined
from keyaccount.evaluation.rules import ReviewRules
from keyaccount.evaluation.ways import WaysToFail
from keyaccount.findings import Finding
from keyaccount.program.symptoms import ProgrammeSymptoms
from keyaccount.segments.migrated import Migration

__all__ = ["Review"]

_JUDGED = ("coverage", "plan", "tasks")


@attrs.frozen(eq=False, slots=False, kw_only=True)
class Review(Stamped, Viewed):
    """What a review found and decided, one row per account of either quarter.

    Attributes
    ----------
    ids
        ``(n,)`` str: the accounts of the later quarter, then those that left.
    decision
        ``(n,)`` str: ``"promote"``, ``"keep"``, ``"hold"``, ``"demote"``, ``"watch"``; None where
        an account was not key and is not.
    reason
        ``(n,)`` str: why, in words, with the figures; empty where there is no decision.
    newcomer, leaver
        ``(n,)`` bool: which accounts are in one of the quarters only.
    findings
        The four findings per account.
    drivers
        Why scores and seats moved.
    ways
        Which of the three ways to fail an account shows.
    migration
        Who moved, with money: by ``"seat"``, and by each column of `ReviewRules.moves`.
    symptoms
        The symptoms of a weak programme, over the key accounts of the later quarter.
    notes
        What a reader should know of the data, and what is asked for.
    rules
        By what was reviewed.

    Examples
    --------
    >>> import keyaccount as ka
    >>> scorer = ka.CompositeScorer(
    ...     criteria=[ka.Criterion("size", column="size", value=ka.Linear(0, 1))],
    ...     weights={"size": 1},
    ... )
    >>> quarters = [
    ...     ka.Quarter(
    ...         {"id": ["a", "b"], "size": size},
    ...         scorer,
    ...         policy=ka.SelectionPolicy(ka.AtLeast(0.3)),
    ...         as_of=day,
    ...     )
    ...     for size, day in (([0.9, 0.5], "2026-06-30"), ([0.8, 0.1], "2026-09-30"))
    ... ]
    >>> found = ka.review(*quarters)
    >>> found.decision.tolist(), found.reason[0]
    (['watch', 'demote'], 'score fell by 0.100 (more than 0.05)')
    >>> found.counts
    {'promote': 0, 'keep': 0, 'hold': 0, 'demote': 1, 'watch': 1}
    """

    decision_code: Codes = attrs.field(repr=False)
    findings: FourFindings
    drivers: Drivers
    ways: WaysToFail
    migration: Mapping[str, Migration]
    symptoms: ProgrammeSymptoms
    notes: tuple[Finding, ...]
    rules: ReviewRules = attrs.field(repr=False)
    joined: Joined = attrs.field(repr=False)
    seats: Seats = attrs.field(repr=False)
    grounds: Grounds = attrs.field(repr=False)

    @property
    def spec(self) -> ReviewRules:
        """The spec that made it."""
        return self.rules

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        said = ", ".join(f"{name} {count}" for name, count in self.counts.items() if count)
        return f"<Review of {len(self)} accounts: {said or 'no decision to take'}>"

    def _view(self) -> View:
        return View(repr(self).strip("<>"), self.columns(), len(self))

    @property
    def ids(self) -> Objects:
        """The accounts of the later quarter, then those that left."""
        return self.joined.ids

    @property
    def newcomer(self) -> Bools:
        """Which accounts are in the later quarter only."""
        return self.joined.newcomer

    @property
    def leaver(self) -> Bools:
        """Which accounts are in the earlier quarter only."""
        return self.joined.leaver

    @cached_property
    def decision(self) -> Objects:
        """What becomes of each account; None where there is nothing to decide."""
        return decision_words(self.decision_code)

    @property
    def counts(self) -> dict[str, int]:
        """How many accounts each decision concerns."""
        codes = np.bincount(self.decision_code + 1, minlength=len(DECISIONS) + 1)[1:]
        return dict(zip(DECISIONS, codes.tolist(), strict=True))

    @cached_property
    def reason(self) -> Objects:
        """Why, in words, with the figures."""
        found = np.full(len(self), "", dtype=object)
        for i in np.flatnonzero(self.decision_code >= 0).tolist():
            found[i] = self.why(i)
        return found

    def why(self, i: int) -> str:
        """Say why one account has its decision; empty where it has none."""
        i = checked_row(i, len(self))
        decision = self.decision[i]
        if decision is None:
            return ""
        if decision == "watch":
            return "; ".join(self._grounds(i))
        said = [self.findings.why("still_key", i)]
        more = [] if decision == "demote" else self._grounds(i, near=False)
        if self.joined.before is None:
            said = ["first review", *said] if decision == "promote" else said
            return "; ".join([*said, *more])
        if self.newcomer[i]:
            return "; ".join(["new in the book", *said, *more])
        moved = "" if self.leaver[i] else self.drivers.why_seat(i)
        said += [f"the seat moved by {moved}"] if moved else []
        return "; ".join([*said, *more])

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame."""
        parts = (self.findings.columns(), self.ways.columns(), self.drivers.columns())
        return {
            "account": self.ids,
            "decision": self.decision,
            "reason": self.reason,
            "newcomer": self.newcomer,
            "leaver": self.leaver,
            **{
                name: column for part in parts for name, column in part.items() if name != "account"
            },
        }

    def row(self, i: int) -> Record:
        """Give one account as a readable record: the decision, why, and all that was found."""
        i = checked_row(i, len(self))
        found = {name: v for name, v in self.findings.row(i).items() if name != "account"}
        failing = {name: v for name, v in self.ways.row(i).items() if name != "account"}
        moved = {name: v for name, v in self.drivers.row(i).items() if name != "account"}
        return Record(
            {
                "account": self.ids[i],
                "decision": self.decision[i] or "none",
                "reason": self.why(i) or "key in neither quarter",
                **({"findings": found} if found else {}),
                **({"ways to fail": failing} if failing else {}),
                "drivers": moved,
            }
        )

    def _fall(self, i: int) -> str:
        """Say how far the score fell by the data, and how much of it may be what became unknown."""
        fall, spec = float(self.grounds.fall[i]), float(self.drivers.spec[i])
        limit = f"(more than {self.rules.watch_fall:g})"
        moved = "score fell" if spec == 0.0 or np.isnan(spec) else "by its data the score fell"
        if unlike := self.drivers.not_comparable:
            limit = f"{limit}, by {', '.join(unlike)} of windows that differ"
        gone = self.drivers.became_unknown(i)
        if not gone:
            return f"{moved} by {fall:.3f} {limit}"
        most = min(fall, self.drivers.regained(i))
        lost = f"up to {most:.3f} of it as {', '.join(gone)} became unknown"
        return f"{moved} by {fall:.3f} {limit}, {lost}"

    def _grounds(self, i: int, *, near: bool = True) -> list[str]:
        """List why an account is watched; `near` is left out where the seat tells it."""
        grounds = self.grounds
        said: list[str] = []
        if near and grounds.borderline[i]:
            lead = float(self.seats.lead[i])
            said.append(f"near the cut ({lead:+.3f} to the other side)")
        if grounds.fell[i]:
            said.append(self._fall(i))
        said += [f"{q}: {self.findings.why(q, i)}" for q in _JUDGED if grounds.found[q][i]]
        said += [f"{WAYS[w][0]}: {self.ways.why(w, i)}" for w in WAYS if grounds.found[w][i]]
        return said
