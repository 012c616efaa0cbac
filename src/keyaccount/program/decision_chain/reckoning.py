"""The figures behind `DecisionChain`: people by role, support, the main opponent."""

from __future__ import annotations

from typing import Any

import numpy as np

from keyaccount._columns import Bools, Floats
from keyaccount.program.decision_chain.meetings import Met, frequency
from keyaccount.program.decision_chain.people import ChainPeople, joined
from keyaccount.program.decision_chain.reading import Known
from keyaccount.program.decision_chain.result import DecisionChain
from keyaccount.program.term import Term, plain
from keyaccount.stats.sums import group_counts, group_max, group_sums

__all__ = ["reckoned"]

_COACH = "coach"


def reckoned(
    known: Known,
    roles: tuple[Term, ...],
    timing: tuple[Floats, Bools, Floats],
    seen: Met,
    *,
    contact_given: bool,
) -> DecisionChain:
    """Count people by role, weigh their stances, and say how often those who matter are met."""
    n, k = len(known.book), len(roles)
    row, role = np.nonzero(known.in_role)
    cell = known.position[row] * k + role
    return DecisionChain(
        account=known.book.ids,
        roles=roles,
        known=group_counts(cell, n * k).reshape(n, k),
        reached=group_counts(cell, n * k, known.has_contact[row]).reshape(n, k),
        lapsed=group_counts(known.position, n, timing[1]),
        contact_given=contact_given,
        people=_people(known, tuple(one.code for one in roles), timing, seen, contact_given),
        **_coaches(known, roles, seen),
        **_opponents(known, seen),
        **_supports(known),
    )


def _people(
    known: Known,
    codes: tuple[str, ...],
    timing: tuple[Floats, Bools, Floats],
    seen: Met,
    contact_given: bool,  # noqa: FBT001 - one of the figures of the result
) -> ChainPeople:
    since, lapsed, every = timing
    return ChainPeople(
        account=known.book.ids[known.position],
        person=known.person,
        position=known.position,
        in_role=known.in_role,
        role_codes=codes,
        stance=known.stance,
        influence=known.influence,
        has_contact=known.has_contact,
        contact_given=contact_given,
        last_met=known.last_met,
        since=since,
        every=every,
        meetings=seen.count,
        mean_interval=seen.interval,
        channels=seen.channels,
        by_channel=seen.by_channel,
        lapsed=lapsed,
    )


def _coaches(known: Known, roles: tuple[Term, ...], seen: Met) -> dict[str, Any]:
    """Name the coaches, and say how often one of them was met."""
    n = len(known.book)
    codes = [plain(role.code) for role in roles]
    which = np.zeros(len(known.person), np.bool_)
    if _COACH in codes:
        which = known.in_role[:, codes.index(_COACH)]
    meetings, interval = _met(known, which, seen)
    return {
        "coach": joined(known.position, known.person, which, n),
        "coaches": group_counts(known.position, n, which),
        "coach_meetings": meetings,
        "coach_interval": interval,
    }


def _opponents(known: Known, seen: Met) -> dict[str, Any]:
    """Name who opposes with the largest influence; an unknown one ranks below any known."""
    n = len(known.book)
    against = known.stance == -1.0
    weight = np.where(against, np.nan_to_num(known.influence, nan=-1.0), np.nan)
    largest = group_max(weight, known.position, n)
    which = against & (weight == largest[known.position])
    meetings, interval = _met(known, which, seen)
    return {
        "main_opponent": joined(known.position, known.person, which, n),
        "opponents_tied": group_counts(known.position, n, which) > 1,
        "opponent_meetings": meetings,
        "opponent_interval": interval,
    }


def _met(known: Known, which: Bools, seen: Met) -> tuple[Floats, Floats]:
    """Say how often any of the people marked was met; NaN where there is nobody, or no log."""
    n = len(known.book)
    rows = which[seen.who]
    count, interval = frequency(known.position[seen.who[rows]], seen.ago[rows], n)
    asked = group_counts(known.position, n, which & ~np.isnan(seen.count)) > 0
    return np.where(asked, count, np.nan), np.where(asked, interval, np.nan)


def _supports(known: Known) -> dict[str, Any]:
    """Weigh the stances, and once more with the unknown ones all against or all for us."""
    n = len(known.book)
    unknown = np.isnan(known.stance)
    weightless = group_counts(known.position, n, np.isnan(known.influence)) > 0
    low = _support(known, np.where(unknown, -1.0, known.stance), n)
    high = _support(known, np.where(unknown, 1.0, known.stance), n)
    return {
        "support": _support(known, known.stance, n),
        "support_low": np.where(weightless, np.nan, low),
        "support_high": np.where(weightless, np.nan, high),
    }


def _support(known: Known, stance: Floats, n: int) -> Floats:
    weight = np.where(np.isnan(stance), np.nan, known.influence)
    total = group_sums(weight, known.position, n)
    total[total == 0.0] = np.nan
    found: Floats = group_sums(weight * stance, known.position, n) / total
    return np.minimum(np.maximum(found, -1.0), 1.0) + 0.0
