"""`WaysToFail`: which of the three ways to fail an account shows, and by what evidence."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

import numpy as np

from keyaccount._columns import Objects
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.errors import SpecError
from keyaccount.evaluation.answers import Answers
from keyaccount.evaluation.check import WAYS, ReviewCheck
from keyaccount.evaluation.decision import Seats
from keyaccount.evaluation.truth import NO, UNKNOWN, YES

__all__ = ["WaysToFail"]

_WORDS: Final[Objects] = np.empty(3, dtype=object)
_WORDS[[NO, UNKNOWN, YES]] = "not_shown", "unknown", "shown"


class WaysToFail(Viewed):
    """Which of the three ways to fail each account shows, aligned with the review by position.

    Attributes
    ----------
    ids
        ``(n,)`` str: the accounts.
    get_in, grow, retain
        ``(n,)`` str: ``"shown"``, ``"not_shown"`` or ``"unknown"``; None where the account is key
        in neither quarter. A way is not shown only where every check of it could be answered.

    Examples
    --------
    >>> import keyaccount as ka
    >>> scorer = ka.CompositeScorer(
    ...     criteria=[ka.Criterion("size", column="size", value=ka.Linear(0, 1))],
    ...     weights={"size": 1},
    ... )
    >>> quarter = ka.Quarter(
    ...     {"id": ["a", "b"], "size": [0.9, 0.5], "wins": [0, 4], "losses": [2, 1]},
    ...     scorer,
    ...     policy=ka.SelectionPolicy(ka.AtLeast(0.3)),
    ...     as_of="2026-09-30",
    ... )
    >>> ways = ka.review(None, quarter).ways
    >>> ways.get_in.tolist(), ways.why("get_in", 0)
    (['shown', 'not_shown'], 'deals lost and none won: wins 0 (below 1) and losses 2 (at least 1)')
    """

    def __init__(self, seats: Seats, answers: Answers, ids: Objects) -> None:
        self._seats: Seats = seats
        self._answers: Answers = answers
        self.ids: Objects = ids

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        shown = {way: int(np.count_nonzero(self.answer(way) == "shown")) for way in WAYS}
        said = ", ".join(f"{WAYS[way][0]} {count}" for way, count in shown.items())
        return f"<Ways to fail of {len(self)} accounts: {said}>"

    def _view(self) -> View:
        return View(repr(self).strip("<>"), self.columns(), len(self))

    @property
    def get_in(self) -> Objects:
        """Whether we cannot get in (进不来)."""
        return self.answer("get_in")

    @property
    def grow(self) -> Objects:
        """Whether we cannot grow (做不大)."""
        return self.answer("grow")

    @property
    def retain(self) -> Objects:
        """Whether we cannot retain (留不住)."""
        return self.answer("retain")

    def answer(self, way: str) -> Objects:
        """Give the answers on one way, by its code."""
        if way not in WAYS:
            raise SpecError.from_choice("WaysToFail(way)", way, tuple(WAYS))
        return self._words[way]

    @cached_property
    def _words(self) -> dict[str, Objects]:
        found = {way: _WORDS[self._answers.about(way)] for way in WAYS}
        for words in found.values():
            words[~self._seats.concerned] = None
        return found

    def shown(self, i: int) -> tuple[str, ...]:
        """List the ways that one account shows."""
        i = checked_row(i, len(self))
        return tuple(way for way in WAYS if self._words[way][i] == "shown")

    def why(self, way: str, i: int) -> str:
        """Say what an answer rests on; empty where the account is not concerned."""
        i = checked_row(i, len(self))
        word = self.answer(way)[i]
        if word is None:
            return ""
        if word == "unknown":
            names = self._answers.unknown(way, i)
            return f"not known: {', '.join(names)}" if names else "nothing is asked"
        return "; ".join(self._answers.found(way, i)) or "nothing found"

    def checks(self, way: str, i: int) -> tuple[ReviewCheck, ...]:
        """List the checks by which one account shows a way; none where it does not."""
        i = checked_row(i, len(self))
        return self._answers.checks_found(way, i) if self.answer(way)[i] == "shown" else ()

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame."""
        found: dict[str, Any] = {"account": self.ids}
        return found | {f"cannot_{way}": self.answer(way) for way in WAYS}

    def row(self, i: int) -> Record:
        """Give one account as a readable record."""
        i = checked_row(i, len(self))
        said = {f"cannot_{w}": f"{self.answer(w)[i]}: {self.why(w, i)}" for w in WAYS}
        concerned = bool(self._seats.concerned[i])
        return Record({"account": self.ids[i], **(said if concerned else {})})
