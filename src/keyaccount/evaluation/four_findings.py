"""`FourFindings`: what the four questions of a review find in each account, and why."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

import numpy as np

from keyaccount._columns import Bools, Codes, Objects
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.errors import SpecError
from keyaccount.evaluation.answers import Answers
from keyaccount.evaluation.check import QUESTIONS, ReviewCheck
from keyaccount.evaluation.decision import Seats
from keyaccount.evaluation.joined import Joined
from keyaccount.evaluation.nearness import rivals_of
from keyaccount.evaluation.truth import NO, UNKNOWN, YES
from keyaccount.scoring.selection import Selection
from keyaccount.scoring.selection.reasons import MEANINGS, Reason

__all__ = ["FourFindings"]

_OK, _FINDING, _UNKNOWN, _NOT_ASKED = 0, 1, 2, -1
_WORDS: Final[Objects] = np.array(["ok", "finding", "unknown", None], dtype=object)
_JUDGED = ("coverage", "plan", "tasks")
_BY_LEAD = (Reason.RANK, Reason.HELD)
_DECIDED = (Reason.INCLUDED_BY_OVERRIDE, Reason.EXCLUDED_BY_OVERRIDE)


class FourFindings(Viewed):
    """What the four questions find in each account, aligned with the review by position.

    Attributes
    ----------
    ids
        ``(n,)`` str: the accounts.
    still_key, coverage, plan, tasks
        ``(n,)`` str: ``"ok"``, ``"finding"`` or ``"unknown"``; None where the question is not
        asked: the account was not key and is not, or, for the last three, is not any more.

    Notes
    -----
    An answer is ``"ok"`` only where every check of the question could be answered. Whether an
    account is still key is a finding where it lost its seat, is held in it, was key and is near the
    cut, or has its seat by a special approval alone; it is unknown where it has no score, or where
    what is unknown could move it below the cut and out of its seat.

    Examples
    --------
    >>> import keyaccount as ka
    >>> rules = ka.ReviewRules(
    ...     checks=[
    ...         ka.ReviewCheck(
    ...             "thin",
    ...             about="coverage",
    ...             signs=[ka.ReviewSign("people", below=2)],
    ...             name="in one person's hands",
    ...         )
    ...     ]
    ... )
    >>> scorer = ka.CompositeScorer(
    ...     criteria=[ka.Criterion("size", column="size", value=ka.Linear(0, 1))],
    ...     weights={"size": 1},
    ... )
    >>> quarter = ka.Quarter(
    ...     {"id": ["a", "b"], "size": [0.9, 0.5], "people": [1, 3]},
    ...     scorer,
    ...     policy=ka.SelectionPolicy(ka.AtLeast(0.3)),
    ...     as_of="2026-09-30",
    ... )
    >>> findings = ka.review(None, quarter, rules=rules).findings
    >>> findings.coverage.tolist(), findings.why("coverage", 0)
    (['finding', 'ok'], "in one person's hands: people 1 (below 2)")
    """

    def __init__(self, joined: Joined, seats: Seats, answers: Answers) -> None:
        self._joined: Joined = joined
        self._seats: Seats = seats
        self._answers: Answers = answers
        self.ids: Objects = joined.ids

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        found = [int(np.count_nonzero(codes == _FINDING)) for codes in self._codes.values()]
        return f"<Four findings of {len(self)} accounts: {found[0]} on the seat, {sum(found[1:])}>"

    def _view(self) -> View:
        return View(f"Four findings of {len(self):,} accounts", self.columns(), len(self))

    @property
    def still_key(self) -> Objects:
        """Whether it is still a key account."""
        return self.answer("still_key")

    @property
    def coverage(self) -> Objects:
        """Whether it is in the right hands."""
        return self.answer("coverage")

    @property
    def plan(self) -> Objects:
        """Whether strategy and tactics are right."""
        return self.answer("plan")

    @property
    def tasks(self) -> Objects:
        """How the core tasks stand."""
        return self.answer("tasks")

    def answer(self, question: str) -> Objects:
        """Give the answers to one question, by its code."""
        words: Objects = _WORDS[self._codes_of(question)]
        return words

    def why(self, question: str, i: int) -> str:
        """Say what an answer rests on; empty where the question is not asked."""
        i = checked_row(i, len(self))
        code = int(self._codes_of(question)[i])
        if code == _NOT_ASKED:
            return ""
        if question == "still_key":
            return self._seat(i)
        if code == _FINDING:
            return "; ".join(self._answers.found(question, i))
        if code == _UNKNOWN:
            names = self._answers.unknown(question, i)
            return f"not known: {', '.join(names)}" if names else "nothing is asked"
        return "nothing found"

    def checks(self, question: str, i: int) -> tuple[ReviewCheck, ...]:
        """List the checks of a question that find something in one account.

        Whether an account is still key is asked of the selection, and not by checks.
        """
        i = checked_row(i, len(self))
        found = self._codes_of(question)[i] == _FINDING and question != "still_key"
        return self._answers.checks_found(question, i) if found else ()

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame."""
        found: dict[str, Any] = {"account": self.ids}
        for question in QUESTIONS:
            found[question] = self.answer(question)
            found[f"{question}_why"] = self._whys(question)
        return found

    def row(self, i: int) -> Record:
        """Give one account as a readable record."""
        i = checked_row(i, len(self))
        asked = [q for q in QUESTIONS if self._codes[q][i] != _NOT_ASKED]
        said = {q: f"{_WORDS[self._codes[q][i]]}: {self.why(q, i)}" for q in asked}
        return Record({"account": self.ids[i], **said})

    def _codes_of(self, question: str) -> Codes:
        if question not in QUESTIONS:
            raise SpecError.from_choice("FourFindings(question)", question, tuple(QUESTIONS))
        return self._codes[question]

    def _whys(self, question: str) -> Objects:
        found = np.full(len(self), "", dtype=object)
        for i in np.flatnonzero(self._codes[question] != _NOT_ASKED).tolist():
            found[i] = self.why(question, i)
        return found

    @cached_property
    def _codes(self) -> Mapping[str, Codes]:
        asked = {subject: self._judged(subject) for subject in _JUDGED}
        return {"still_key": self._still_key(), **asked}

    def _judged(self, subject: str) -> Codes:
        table = np.empty(3, dtype=np.int64)
        table[[NO, UNKNOWN, YES]] = _OK, _UNKNOWN, _FINDING
        codes: Codes = table[self._answers.about(subject)]
        return np.where(self._seats.now, codes, _NOT_ASKED)

    def _still_key(self) -> Codes:
        seats = self._seats
        codes = np.full(len(self), _NOT_ASKED, dtype=np.int64)
        codes[seats.now] = _OK
        codes[seats.now & (seats.undecided | ~seats.scored)] = _UNKNOWN
        near = seats.borderline & seats.was  # who enters near the cut has lost nothing
        codes[seats.now & (seats.held | near | seats.by_approval)] = _FINDING
        codes[seats.was & ~seats.now] = _FINDING
        return codes

    @cached_property
    def _rivals(self) -> Codes:
        return rivals_of(self._joined.after.selection)

    def _seat(self, i: int) -> str:
        """Say why an account has its seat or lost it, with score and cut."""
        row = int(self._joined.row_after[i])
        if row < 0:
            return "out: not in the book any more"
        chosen = self._joined.after.selection
        rival = int(self._rivals[row])
        said = [MEANINGS[Reason(int(chosen.reason_code[row]))], *_figures(chosen, row, rival)]
        undecided = self._seats.undecided
        flags: tuple[tuple[str, Bools], ...] = (
            ("near the cut", self._seats.borderline),
            (f"the approval alone gives the seat, {_ends(chosen, row)}", self._seats.by_approval),
            ("what is unknown could move it below the cut", undecided & self._seats.now),
            ("what is unknown could move it over the cut", undecided & ~self._seats.now),
        )
        return "; ".join([*said, *(text for text, flag in flags if flag[i])])


def _ends(chosen: Selection, row: int) -> str:
    """Say until when the approval holds that put an account in, the last of several."""
    ids = chosen.ids
    mine = [o for o in chosen.inputs.overrides if ids is not None and o.account == ids[row]]
    days = [o.expires for o in mine if o.include]
    if None in days or not days:
        return "without an end"
    return f"until {max(day for day in days if day is not None)}"


def _figures(chosen: Selection, row: int, rival: int) -> list[str]:
    """Write the score, what it is measured by, and who decided otherwise."""
    score = float(chosen.value[row])
    said = [] if math.isnan(score) else [f"score {score:.3f}{_measured(chosen, row, rival)}"]
    decided = chosen.reason_code[row] in _DECIDED
    return [*said, f"by {chosen.row(row)['override']}"] if decided else said


def _measured(chosen: Selection, row: int, rival: int) -> str:
    """Say who is next to a seat by score and how far behind; of the others, how far the cut is."""
    if chosen.reason_code[row] not in _BY_LEAD:
        distance = float(chosen.distance[row])
        return "" if math.isnan(distance) else f", {distance:+.3f} to the cut"
    own = float(chosen.value[row] + chosen.hold[row])
    held = f", hold of {chosen.hold[row]:g} included" if chosen.hold[row] else ""
    if rival >= 0 and chosen.ids is not None:
        lead = own - float(chosen.value[rival] + chosen.hold[rival])
        return f", {lead:+.3f} to the next, {chosen.ids[rival]}{held}"
    threshold = chosen.groups[int(chosen.inputs.pool[row])].threshold
    return "" if math.isinf(threshold) else f", {own - threshold:+.3f} to the threshold{held}"
