"""Who gets a seat in one group of accounts: the order of precedence, and nothing else.

Excluded by override, included by override, minimum tenure, incumbents held, rank. All take seats
inside the quota.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Floats, Objects
from keyaccount.errors import SelectionError
from keyaccount.scoring.selection.cutting import kth_largest
from keyaccount.scoring.selection.inputs import Inputs
from keyaccount.scoring.selection.reasons import Reason, ReasonCodes
from keyaccount.scoring.selection.rules import Quota, Rule

Ties: TypeAlias = Literal["include_all", "exclude_all", "by_id"]
"""What becomes of accounts tied at the cut when there are fewer seats than of them: all are in,
even beyond the quota; none is; or they are seated in the order of their ids, incumbents first."""


@attrs.frozen(eq=False)
class Pool:
    """One group of accounts that compete for the same seats, aligned by position."""

    value: Floats
    ids: Objects | None
    label: str | None
    excluded: Bools
    included: Bools
    tenured: Bools
    incumbent: Bools

    def without_overrides(self) -> Pool:
        """Give the same accounts as if nobody had overridden anything."""
        nobody = np.zeros(len(self.value), dtype=np.bool_)
        return attrs.evolve(self, excluded=nobody, included=nobody)

    def without_tenures(self) -> Pool:
        """Give the same accounts as if none were too recent to leave."""
        return attrs.evolve(self, tenured=np.zeros(len(self.value), dtype=np.bool_))


@attrs.frozen(eq=False)
class Seating:
    """Who got a seat, why, and what score the last seat went for."""

    is_key: Bools
    reason: ReasonCodes
    cut: float
    tied: int
    """How many accounts are tied at the cut where not all of them have a seat by right."""


@attrs.frozen(kw_only=True)
class Manners:
    """How seats change hands: what a policy says beside the rule."""

    ties: Ties
    hold: float
    max_changes: int | None


@attrs.frozen(eq=False)
class Contest:
    """Who competes by score in one group, once precedence has given its seats away.

    Attributes
    ----------
    keys
        The scores, those of incumbents raised by the hold.
    open_to
        Who competes.
    threshold, seats
        The key that must be reached, and how many seats are left (None: no limit).
    hold, held
        By how much the keys of which accounts are raised. Where keys are equal, a challenger is
        ahead by exactly the hold and goes first.
    ties
        What becomes of accounts that are equal in that too. Where ids decide, incumbents go first:
        nobody is ahead of them.
    """

    keys: Floats
    open_to: Bools
    threshold: float
    seats: int | None
    hold: float
    held: Bools
    ids: Objects | None
    ties: Ties

    def by_id(self, rows: Codes) -> Codes:
        """Order rows by id, incumbents first."""
        assert self.ids is not None
        return rows[np.lexsort((self.ids[rows].astype(str), ~self.held[rows]))]


def seat(pool: Pool, quota: Quota, manners: Manners) -> Seating:
    """Seat the accounts of one group in the order of precedence."""
    found = _seat(pool, quota, manners)
    if pool.tenured.any():
        plain = _seat(pool.without_tenures(), quota, manners)
        found.reason[plain.is_key & ~found.is_key] = Reason.DISPLACED_BY_TENURE
    return found


def _seat(pool: Pool, quota: Quota, manners: Manners) -> Seating:
    reason = np.full(len(pool.value), int(Reason.UNSCORED), dtype=np.int8)
    is_key = pool.included & ~pool.excluded
    left = _seats_left(pool, quota, is_key)
    tenured, left = _seat_tenured(pool, is_key, left)
    open_to = ~(pool.excluded | is_key | tenured | np.isnan(pool.value))
    ranked = _seat_by_rank(pool, quota.threshold, manners, open_to, left)
    np.copyto(reason, ranked.reason, where=open_to)
    reason[pool.excluded] = Reason.EXCLUDED_BY_OVERRIDE
    reason[is_key] = Reason.INCLUDED_BY_OVERRIDE
    reason[tenured] = Reason.MINIMUM_TENURE
    return Seating(is_key | tenured | ranked.is_key, reason, ranked.cut, ranked.tied)


def _seats_left(pool: Pool, quota: Quota, included: Bools) -> int | None:
    if quota.seats is None:
        return None
    taken = int(np.count_nonzero(included))
    if taken > quota.seats:
        assert pool.ids is not None
        raise SelectionError.from_quota(sorted(pool.ids[included]), quota.seats, pool.label)
    return quota.seats - taken


def _seat_tenured(pool: Pool, taken: Bools, left: int | None) -> tuple[Bools, int | None]:
    """Seat incumbents too recent to leave, the best first where seats are few."""
    wanted = pool.tenured & ~pool.excluded & ~taken
    if left is None or not wanted.any():
        return wanted, left
    rows = _best(np.flatnonzero(wanted), pool.value, pool.ids, left)
    seated = np.zeros(len(pool.value), dtype=np.bool_)
    seated[rows] = True
    return seated, left - len(rows)


def contest_of(pool: Pool, quota: Quota, manners: Manners) -> Contest:
    """Find who competes by score for what, once precedence has given its seats away.

    Where there are more accounts too recent to leave than seats, they are the ones who compete.
    """
    is_key = pool.included & ~pool.excluded
    before = _seats_left(pool, quota, is_key)
    tenured, left = _seat_tenured(pool, is_key, before)
    scored = ~(pool.excluded | is_key | np.isnan(pool.value))
    wanted = pool.tenured & scored
    if before is not None and np.count_nonzero(wanted) > before:
        return Contest(pool.value, wanted, -np.inf, before, 0.0, wanted, pool.ids, "by_id")
    return _contest(pool, quota.threshold, manners, scored & ~tenured, left)


def _contest(
    pool: Pool, threshold: float, manners: Manners, open_to: Bools, left: int | None
) -> Contest:
    held, hold = pool.incumbent & open_to, manners.hold
    keys = pool.value
    if hold:
        keys = keys.copy()
        keys[held] += hold
    return Contest(keys, open_to, threshold, left, hold, held, pool.ids, manners.ties)


def _seat_by_rank(
    pool: Pool, threshold: float, manners: Manners, open_to: Bools, left: int | None
) -> Seating:
    """Seat incumbents and challengers by score, incumbents ahead by the hold."""
    contest = _contest(pool, threshold, manners, open_to, left)
    found = seat_best(contest)
    if manners.hold > 0.0 and contest.held.any():
        plain = seat_best(attrs.evolve(contest, keys=pool.value, hold=0.0))
        found.reason[found.is_key & ~plain.is_key] = Reason.HELD
        found.reason[plain.is_key & ~found.is_key] = Reason.DISPLACED_BY_HOLD
    if manners.max_changes is not None:
        return _capped(contest, found, manners.max_changes)
    return found


def seat_best(contest: Contest) -> Seating:
    """Seat the highest keys that reach the threshold."""
    keys, threshold, left = contest.keys, contest.threshold, contest.seats
    reaches = contest.open_to & (keys >= threshold) if np.isfinite(threshold) else contest.open_to
    reason = np.full(len(keys), int(Reason.BELOW_THRESHOLD), dtype=np.int8)
    candidates = int(np.count_nonzero(reaches))
    if left is None or candidates <= left:
        reason[reaches] = Reason.RANK
        cut = threshold if np.isfinite(threshold) else float("nan")
        return Seating(reaches.copy(), reason, cut, 0)
    if left == 0:
        reason[reaches] = Reason.NO_SEAT
        return Seating(np.zeros(len(keys), dtype=np.bool_), reason, float("nan"), 0)
    cut = kth_largest(keys, reaches, left)
    is_key = reaches & (keys > cut)
    at_cut = np.flatnonzero(reaches & (keys == cut))
    first, tied, room = _tied(contest, at_cut, left - int(np.count_nonzero(is_key)))
    reason[reaches] = Reason.BELOW_CUT
    reason[tied] = Reason.TIED_AT_CUT
    is_key[first] = True
    is_key[_of_the_tied(tied, room, contest)] = True
    reason[is_key] = Reason.RANK
    return Seating(is_key, reason, cut, len(tied) if len(tied) > room else 0)


def _tied(contest: Contest, at_cut: Codes, room: int) -> tuple[Codes, Codes, int]:
    """Part those at the cut: who goes first, who is tied for the room that is left, and how much.

    Where those who go first are too many, they are the tied.
    """
    later = contest.held[at_cut]
    if not contest.hold or not later.any():
        return at_cut[:0], at_cut, room
    first, last = at_cut[~later], at_cut[later]
    if len(first) >= room:
        return first[:0], first, room
    return first, last, room - len(first)


def _of_the_tied(tied: Codes, room: int, contest: Contest) -> Codes:
    if len(tied) <= room or contest.ties == "include_all":
        return tied
    return contest.by_id(tied)[:room] if contest.ties == "by_id" else tied[:0]


def _best(rows: Codes, keys: Floats, ids: Objects | None, count: int) -> Codes:
    """Find the so many rows with the highest keys, NaN last; ids decide between the last ones."""
    if count >= len(rows):
        return rows
    if count == 0:
        return rows[:0]
    own = keys[rows]
    own[np.isnan(own)] = -np.inf
    last = np.partition(own, len(own) - count)[len(own) - count]
    ahead, tied = rows[own > last], rows[own == last]
    if len(ahead) + len(tied) > count:
        assert ids is not None  # incumbents are named by id
        tied = tied[np.argsort(ids[tied].astype(str), kind="stable")]
    return np.concatenate((ahead, tied[: count - len(ahead)]))


def _capped(contest: Contest, found: Seating, cap: int) -> Seating:
    """Let at most `cap` accounts enter and at most `cap` leave, as far as the seats allow."""
    keys, left = contest.keys, contest.seats
    incumbents = np.flatnonzero(contest.held)
    entrants = np.flatnonzero(found.is_key & ~contest.held)
    staying = int(np.count_nonzero(found.is_key[incumbents]))
    seats = len(keys) if left is None else max(left, int(np.count_nonzero(found.is_key)))
    keep = min(seats, max(staying, len(incumbents) - cap))
    enter = min(len(entrants), cap, seats - keep)
    if left is not None and enter < len(entrants):  # seats that entrants must wait for stay taken
        eligible = int(np.count_nonzero(found.reason[incumbents] != Reason.BELOW_THRESHOLD))
        keep = max(keep, min(eligible, seats - enter))
    is_key, reason = np.zeros(len(keys), dtype=np.bool_), found.reason.copy()
    is_key[_best(incumbents, keys, contest.ids, keep)] = True
    is_key[_best(entrants, keys, contest.ids, enter)] = True
    reason[is_key & ~found.is_key] = Reason.KEPT_BY_CHANGE_CAP
    reason[found.is_key & ~is_key] = Reason.WAITS_FOR_CHANGE_CAP
    return Seating(is_key, reason, found.cut, found.tied)


def pool_of(inputs: Inputs, group: int) -> Pool:
    """Take one group of accounts out of the inputs."""
    rows = inputs.rows(group)
    return Pool(
        value=inputs.value[rows],
        ids=None if inputs.ids is None else inputs.ids[rows],
        label=inputs.labels[group],
        excluded=inputs.excluded[rows],
        included=inputs.included[rows],
        tenured=inputs.tenured[rows],
        incumbent=inputs.incumbent[rows],
    )


def seat_group(inputs: Inputs, group: int, rule: Rule, manners: Manners) -> tuple[Seating, Quota]:
    """Seat one group, and find who would have a seat without the overrides."""
    pool = pool_of(inputs, group)
    quota = rule.quota(len(pool.value), pool.label)
    found = seat(pool, quota, manners)
    if pool.included.any():
        plain = seat(pool.without_overrides(), quota, manners)
        displaced = plain.is_key & ~found.is_key & ~pool.excluded
        found.reason[displaced] = Reason.DISPLACED_BY_OVERRIDE
    return found, quota
