"""The figures behind `DecisionChain`: people by role, support, the main opponent."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Bools, Floats, Objects
from keyaccount.program.decision_chain.people import ChainPeople, joined
from keyaccount.program.decision_chain.reading import Known
from keyaccount.program.decision_chain.result import DecisionChain
from keyaccount.program.term import Term
from keyaccount.stats.sums import group_counts, group_max, group_sums

__all__ = ["reckoned"]

_COACH = "coach"


def reckoned(
    known: Known,
    roles: tuple[Term, ...],
    timing: tuple[Floats, Bools, Floats],
    *,
    contact_given: bool,
) -> DecisionChain:
    """Count people by role, and weigh their stances."""
    n, k = len(known.book), len(roles)
    since, lapsed, limit = timing
    codes = tuple(role.code for role in roles)
    row, role = np.nonzero(known.in_role)
    cell = known.position[row] * k + role
    coach_rows = (
        known.in_role[:, codes.index(_COACH)]
        if _COACH in codes
        else np.zeros(len(known.person), np.bool_)
    )
    opponent, tied = _opponents(known, n)
    support = _support(known, known.stance, n)
    unknown = np.isnan(known.stance)
    weightless = group_counts(known.position, n, np.isnan(known.influence)) > 0
    low = _support(known, np.where(unknown, -1.0, known.stance), n)
    high = _support(known, np.where(unknown, 1.0, known.stance), n)
    return DecisionChain(
        account=known.book.ids,
        roles=roles,
        known=group_counts(cell, n * k).reshape(n, k),
        reached=group_counts(cell, n * k, known.has_contact[row]).reshape(n, k),
        coach=joined(known.position, known.person, coach_rows, n),
        coaches=group_counts(known.position, n, coach_rows),
        main_opponent=opponent,
        opponents_tied=tied,
        support=support,
        support_low=np.where(weightless, np.nan, low),
        support_high=np.where(weightless, np.nan, high),
        lapsed=group_counts(known.position, n, lapsed),
        contact_given=contact_given,
        people=ChainPeople(
            account=known.book.ids[known.position],
            person=known.person,
            position=known.position,
            in_role=known.in_role,
            role_codes=codes,
            stance=known.stance,
            influence=known.influence,
            has_contact=known.has_contact,
            contact_given=contact_given,
            meeting_asked=np.isfinite(limit[known.position]),
            last_met=known.last_met,
            since=since,
            lapsed=lapsed,
        ),
    )


def _support(known: Known, stance: Floats, n: int) -> Floats:
    weight = np.where(np.isnan(stance), np.nan, known.influence)
    total = group_sums(weight, known.position, n)
    total[total == 0.0] = np.nan
    found: Floats = group_sums(weight * stance, known.position, n) / total
    return np.minimum(np.maximum(found, -1.0), 1.0) + 0.0


def _opponents(known: Known, n: int) -> tuple[Objects, Bools]:
    """Name who opposes with the largest influence; an unknown one ranks below any known."""
    against = known.stance == -1.0
    weight = np.where(against, np.nan_to_num(known.influence, nan=-1.0), np.nan)
    largest = group_max(weight, known.position, n)
    main = against & (weight == largest[known.position])
    return joined(known.position, known.person, main, n), group_counts(known.position, n, main) > 1
