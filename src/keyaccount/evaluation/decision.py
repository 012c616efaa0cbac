"""What becomes of each account: promote, keep, hold, demote or watch, in a stated precedence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Floats, Objects
from keyaccount.evaluation.joined import Joined
from keyaccount.evaluation.nearness import lead_of
from keyaccount.evaluation.truth import YES, Truth
from keyaccount.scoring.selection.reasons import Reason

__all__ = [
    "DECISIONS",
    "Grounds",
    "Seats",
    "decide",
    "decision_words",
    "grounds_of",
    "seats_of",
]

DECISIONS: Final = ("promote", "keep", "hold", "demote", "watch")
"""The decisions, by code; -1 stands for none, where an account was not key and is not."""

_HELD = (Reason.HELD, Reason.MINIMUM_TENURE, Reason.KEPT_BY_CHANGE_CAP)
"""Why an account keeps a seat that its score alone would not give it."""

_BY_SCORE = (Reason.RANK, Reason.BELOW_CUT, Reason.BELOW_THRESHOLD)
"""Where the score alone gave the seat or took it, and what is unknown of it could do otherwise."""

_SLACK = 1e-12
"""What adding up may cost a score: a fall of 0.05 is no more than 0.05."""

_WORDS: Objects = np.array([*DECISIONS, None], dtype=object)


@attrs.frozen(eq=False)
class Seats:
    """Who was key and who is, and on what the seat rests, one flag per joined account.

    `by_approval` is a seat that rests on a special approval alone: the score gives none. `lead` is
    how far a seat is from the other side of the cut.
    """

    was: Bools
    now: Bools
    held: Bools
    borderline: Bools
    undecided: Bools
    scored: Bools
    by_approval: Bools
    lead: Floats

    @property
    def concerned(self) -> Bools:
        """Which accounts are key in either quarter: the review is about them."""
        found: Bools = self.was | self.now
        return found


@attrs.frozen(eq=False)
class Grounds:
    """Why a key account is watched, one flag per joined account."""

    borderline: Bools
    fell: Bools
    fall: Floats
    found: Mapping[str, Bools]

    @property
    def any(self) -> Bools:
        """Which accounts have any ground."""
        found: Bools = np.logical_or.reduce([self.borderline, self.fell, *self.found.values()])
        return found


def seats_of(joined: Joined) -> Seats:
    """Read the seats of both quarters."""
    later = joined.after.selection
    lead = lead_of(later)
    ranked = later.reason_code == Reason.RANK
    approved = later.reason_code == Reason.INCLUDED_BY_OVERRIDE
    return Seats(
        was=joined.was_key,
        now=joined.spread_flags(later.is_key, "after"),
        held=joined.spread_flags(np.isin(later.reason_code, _HELD), "after"),
        borderline=joined.spread_flags(ranked & (lead <= later.margin + _SLACK), "after"),
        undecided=joined.spread_flags(
            later.undecided & np.isin(later.reason_code, _BY_SCORE), "after"
        ),
        scored=joined.spread_flags(~np.isnan(later.value), "after"),
        by_approval=joined.spread_flags(approved & ~joined.after.plain_selection.is_key, "after"),
        lead=joined.spread(lead, "after"),
    )


def grounds_of(
    seats: Seats, change: Floats, answers: Mapping[str, Truth], watch_fall: float
) -> Grounds:
    """Find why a key account is to be watched; `change` is what its data made of the score."""
    with np.errstate(invalid="ignore"):
        fell = change < -watch_fall - _SLACK
    return Grounds(
        borderline=seats.borderline,
        fell=fell,
        fall=0.0 - change,
        found={subject: truth == YES for subject, truth in answers.items()},
    )


def decide(seats: Seats, grounds: Grounds) -> Codes:
    """Decide: who enters or leaves, then who is held, then who is watched; the rest is kept."""
    stays = seats.was & seats.now
    found = np.full(len(stays), -1, dtype=np.int64)
    for code, chosen in (
        ("keep", stays),
        ("watch", stays & grounds.any),
        ("hold", stays & seats.held),
        ("promote", ~seats.was & seats.now),
        ("demote", seats.was & ~seats.now),
    ):
        found[chosen] = DECISIONS.index(code)
    return found


def decision_words(codes: Codes) -> Objects:
    """Write decisions out; None where there is none."""
    words: Objects = _WORDS[codes]
    return words
