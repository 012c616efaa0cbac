"""Why a seat moved: the account's data, the others, time, scorer, policy, an override."""

from __future__ import annotations

from typing import Final

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, names_of
from keyaccount.errors import KeyAccountError
from keyaccount.evaluation.joined import Joined, When
from keyaccount.evaluation.nearness import other_side
from keyaccount.evaluation.quarter import Quarter
from keyaccount.findings import Finding
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.selection import Selection

__all__ = ["SEAT_PARTS", "SeatParts", "seat_parts"]

SEAT_PARTS: Final = {
    "data": "its own data",
    "others": "what the others did",
    "time": "incumbency and time",
    "scorer": "the scorer",
    "policy": "the policy of selection",
    "override": "special approvals",
}
"""What a seat may owe its move to, in words."""


@attrs.frozen(eq=False)
class SeatParts:
    """What each seat owes its move to: six whole numbers that add up to the move."""

    data: Codes
    others: Codes
    time: Codes
    scorer: Codes
    policy: Codes
    override: Codes
    notes: tuple[Finding, ...] = ()


def seat_parts(joined: Joined, between: Scores | None) -> SeatParts:
    """Split the move of each seat; `between` is what the earlier scorer makes of the later data.

    Seats are given one after the other by: the earlier quarter; the same on the later day, with who
    is incumbent then; the later data under the earlier scorer and policy; the later scorer; the
    later policy; the overrides. Each step is one part.
    """
    now, plain = (_flags(joined, q, "after") for q in _selections(joined.after))
    nothing = np.zeros(len(joined), dtype=np.int64)
    if joined.before is None or between is None:
        was = joined.was_key.astype(np.int64)
        return SeatParts(plain - was, nothing, nothing, nothing, nothing, now - plain)
    was, earlier = (_flags(joined, q, "before") for q in _selections(joined.before))
    override = (now - plain) - (was - earlier)
    try:
        base = joined.before.seated_at(joined.after)
        scored, moved = _under_the_earlier_policy(joined, joined.before, between)
    except KeyAccountError as error:
        own = _own(joined, joined.before.plain_selection, between, plain - earlier)
        told = (_not_split(error, len(joined)),)
        return SeatParts(*own, nothing, nothing, nothing, override, told)
    start = _flags(joined, base, "before")
    first, second = (_flags(joined, chosen, "after") for chosen in (moved, scored))
    own = _own(joined, base, between, first - start)
    return SeatParts(*own, start - earlier, second - first, plain - second, override)


def _selections(quarter: Quarter) -> tuple[Selection, Selection]:
    return quarter.selection, quarter.plain_selection


def _flags(joined: Joined, chosen: Selection, when: When) -> Codes:
    return joined.spread_flags(chosen.is_key, when).astype(np.int64)


def _under_the_earlier_policy(
    joined: Joined, before: Quarter, between: Scores
) -> tuple[Selection, Selection]:
    """Choose by the earlier policy from the later scores, and from those of the earlier scorer."""
    after = joined.after
    known = before.within is None or before.within in names_of(after.columns)
    within = before.within if known else after.within
    same = before.policy == after.policy and within == after.within
    scored = after.plain_selection if same else after.seated(before.policy, after.scores, within)
    if between is after.scores:
        return scored, scored
    return scored, after.seated(before.policy, between, within)


def _own(joined: Joined, base: Selection, between: Scores, moved: Codes) -> tuple[Codes, Codes]:
    """Part what the data moved: what the account's alone would have moved, and the others' part.

    A seat is lost by the account's own data where its score is now below the best earlier account
    without a seat (or the threshold), and won by it where it reaches the earlier cut, which is the
    score of the last seat. Who enters or leaves the book does so by itself.
    """
    incumbent = joined.after.selection.inputs.incumbent
    value = joined.spread(between.value + np.where(incumbent, base.manners.hold, 0.0), "after")
    rival = joined.spread(other_side(base), "before")
    cut = joined.spread(base.cut_by_row, "before")
    then = joined.spread(base.value, "before")
    with np.errstate(invalid="ignore"):
        lost: Bools = (moved < 0) & ((value < rival) | np.isnan(value))
        won: Bools = (moved > 0) & ((value >= cut) | np.isnan(then))
    own = lost | won | joined.newcomer | joined.leaver
    nothing = np.zeros(len(joined), dtype=np.int64)
    return np.where(own, moved, nothing), np.where(own, nothing, moved)


def _not_split(error: KeyAccountError, accounts: int) -> Finding:
    message = (
        "the earlier policy cannot be applied to the later quarter, so what it would have chosen "
        f"is not known, and moves of seats are told as those of the data: {error.fact}"
    )
    return Finding(code="seats_not_split", message=message, count=accounts)
