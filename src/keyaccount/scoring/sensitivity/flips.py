"""When a contest for seats is decided otherwise: for the set, and for one account.

Who has a seat now, and who has one as soon as the weight moves, are two questions where accounts
are tied: those who were equal part at once, unless their lines are the same.
"""

from __future__ import annotations

import math
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Floats
from keyaccount.scoring.selection.seating import Contest, seat_best
from keyaccount.scoring.sensitivity.breakeven import (
    Lines,
    first_crossing,
    first_flip,
    level,
    nearest,
)
from keyaccount.scoring.sensitivity.course import Course


def set_flip(contest: Contest, now: Bools, slope: Floats, reach: float) -> float | None:
    """Find the change nearest to 0, toward `reach`, from which others have the seats."""
    drift = slope * math.copysign(1.0, reach)
    reaches = _reaching(contest, drift)
    after = _seated_after(contest, drift, reaches)
    if (after != now).any():
        return 0.0
    course = Course(contest, Lines(contest.keys, slope), after)
    leaving = first_crossing(course.lines.take(after), level(contest.threshold), reach)
    if contest.seats is None or np.count_nonzero(reaches) < contest.seats:
        return nearest([leaving, course.flip(None, reach)])
    knot = _knot(contest, drift, after, reaches)
    if knot.any():
        return nearest([leaving, course.flip(knot, reach)])
    inside, outside = course.lines.take(after), course.lines.take(course.outside)
    return nearest([leaving, first_crossing(inside, outside, reach)])


def _reaching(contest: Contest, drift: Floats) -> Bools:
    """Say who reaches the threshold as soon as the weight moves."""
    keys, bar = contest.keys, contest.threshold
    found: Bools = contest.open_to & ((keys > bar) | ((keys == bar) & (drift >= 0.0)))
    return found


def _seated_after(contest: Contest, drift: Floats, reaches: Bools) -> Bools:
    """Say who has a seat as soon as the weight moves: those tied at the cut part by drift."""
    seats, keys = contest.seats, contest.keys
    candidates = int(np.count_nonzero(reaches))
    if seats is None or candidates <= seats or seats == 0:
        return reaches & (seats != 0)
    cut = np.partition(keys[reaches], candidates - seats)[candidates - seats]
    order = np.where(keys == cut, drift, np.where(keys > cut, np.inf, -np.inf))
    parted = attrs.evolve(contest, keys=order, open_to=reaches, threshold=-math.inf)
    return seat_best(parted).is_key


def _knot(contest: Contest, drift: Floats, after: Bools, reaches: Bools) -> Bools:
    """Say who are tied at the cut for good: all in beyond the seats, or all out below them."""
    seated = int(np.count_nonzero(after))
    if seated == contest.seats:
        return np.zeros(len(after), dtype=np.bool_)
    beyond = contest.ties == "include_all"
    found = after.copy() if beyond else reaches & ~after
    for order in (contest.keys, drift, (contest.hold > 0.0) & ~contest.held):
        ranked = order * (1.0 if beyond else -1.0)
        found &= ranked == np.min(ranked, where=found, initial=np.inf)
    return found


def account_flip(
    contest: Contest, now: Bools, slope: Floats, row: int, reach: float
) -> float | None:
    """Find the change nearest to 0, toward `reach`, from which one account goes in or out."""
    if not contest.open_to[row] or contest.seats == 0:
        return None
    way = math.copysign(1.0, reach)
    rival = contest.open_to & (contest.seats is not None)
    rival[row] = False
    gap = _with(contest.keys[rival], contest.threshold) - contest.keys[row]
    drift = (_with(slope[rival], 0.0) - slope[row]) * way
    first = _with(_goes_first(contest, row)[rival], 0.0) > 0.0
    ahead = (gap > 0.0) | ((gap == 0.0) & ((drift > 0.0) | ((drift == 0.0) & first)))
    seats = 1 if contest.seats is None else contest.seats
    blocks = np.ones(len(gap), dtype=np.int64)
    blocks[-1] = seats  # below the threshold no seat is open
    blocked = int(blocks[ahead].sum())
    if (blocked < seats) != now[row]:
        return 0.0
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        times = -gap / drift
    change = np.where(ahead, -blocks, blocks)
    found = first_flip(times, change, blocked=blocked, seats=seats, reach=abs(reach))
    return None if found is None else found * way


def _with(rivals: NDArray[Any], threshold: float) -> Floats:
    """Put the threshold last, as one more rival."""
    return np.append(rivals, threshold).astype(np.float64)


def _goes_first(contest: Contest, row: int) -> Bools:
    """Say who goes before an account that has the same key, and the same for good."""
    held = contest.held
    other = held != held[row]
    if contest.hold and other.any():
        return np.where(other, ~held, _goes_first_of_equals(contest, row))
    if contest.ties == "by_id":
        return np.where(other, held, _goes_first_of_equals(contest, row))
    return _goes_first_of_equals(contest, row)


def _goes_first_of_equals(contest: Contest, row: int) -> Bools:
    if contest.ties != "by_id":
        return np.full(len(contest.keys), contest.ties == "exclude_all")
    assert contest.ids is not None
    own = str(contest.ids[row])
    same = np.flatnonzero(contest.keys == contest.keys[row])
    found = np.zeros(len(contest.keys), dtype=np.bool_)
    found[same] = contest.ids[same].astype(str) < own
    return found


def bars(contest: Contest) -> Floats:
    """Give the key at which each account goes in or out, the others as they are.

    It is the higher of the threshold and the key of the rival that holds the last seat; NaN where
    an account does not compete, or no key could move it.
    """
    keys = contest.keys[contest.open_to]
    found = np.full(len(contest.keys), contest.threshold)
    seats = contest.seats
    if seats is not None and 0 < seats < len(keys):
        last = np.partition(keys, (len(keys) - seats - 1, len(keys) - seats))
        outside, inside = last[len(keys) - seats - 1], last[len(keys) - seats]
        rival = np.where(contest.keys >= inside, outside, inside)
        found = np.maximum(found, rival)
    found[~contest.open_to | np.isinf(found)] = np.nan
    return found if seats != 0 else np.full(len(found), np.nan)
