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
from keyaccount.scoring.selection.inputs import Inputs
from keyaccount.scoring.selection.reasons import Reason
from keyaccount.scoring.selection.rules import Quota, Rule

Ties: TypeAlias = Literal["include_all", "exclude_all", "by_id"]
"""What becomes of accounts tied at the cut when there are fewer seats than of them: all are in,
even beyond the quota; none is; or they are seated in the order of their ids."""


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


@attrs.frozen(eq=False)
class Seating:
    """Who got a seat, why, and what score the last seat went for."""

    is_key: Bools
    reason: Codes
    cut: float
    tied: int
    """How many accounts are tied at the cut where not all of them have a seat by right."""


@attrs.frozen(kw_only=True)
class Manners:
    """How seats change hands: what a policy says beside the rule."""

    ties: Ties
    hold: float
    max_changes: int | None


def seat(pool: Pool, quota: Quota, manners: Manners) -> Seating:
    """Seat the accounts of one group in the order of precedence."""
    reason = np.where(np.isnan(pool.value), Reason.UNSCORED, Reason.BELOW_CUT).astype(np.int64)
    is_key = pool.included & ~pool.excluded
    left = _seats_left(pool, quota, is_key)
    tenured, left = _seat_tenured(pool, is_key, left)
    open_to = ~(pool.excluded | is_key | tenured | np.isnan(pool.value))
    ranked = _seat_by_rank(pool, quota, manners, open_to, left)
    reason[pool.excluded] = Reason.EXCLUDED_BY_OVERRIDE
    reason[is_key] = Reason.INCLUDED_BY_OVERRIDE
    reason[tenured] = Reason.MINIMUM_TENURE
    reason[open_to] = ranked.reason[open_to]
    return Seating(is_key | tenured | ranked.is_key, reason, ranked.cut, ranked.tied)


def _seats_left(pool: Pool, quota: Quota, included: Bools) -> int | None:
    if quota.seats is None:
        return None
    taken = int(np.count_nonzero(included))
    if taken > quota.seats:
        assert pool.ids is not None
        raise SelectionError.from_quota(pool.ids[included].tolist(), quota.seats, pool.label)
    return quota.seats - taken


def _seat_tenured(pool: Pool, taken: Bools, left: int | None) -> tuple[Bools, int | None]:
    """Seat incumbents too recent to leave, the best first where seats are few."""
    wanted = pool.tenured & ~pool.excluded & ~taken
    if left is None:
        return wanted, None
    rows = _best(np.flatnonzero(wanted), pool.value, pool.ids)[:left]
    seated = np.zeros(len(pool.value), dtype=np.bool_)
    seated[rows] = True
    return seated, left - len(rows)


def _seat_by_rank(
    pool: Pool, quota: Quota, manners: Manners, open_to: Bools, left: int | None
) -> Seating:
    """Seat incumbents and challengers by score, incumbents ahead by the hold."""
    held = pool.incumbent & open_to
    keys = np.where(held, pool.value + manners.hold, pool.value)
    found = _top(pool, keys, open_to, quota.threshold, left, manners.ties)
    if manners.hold > 0.0 and held.any():
        plain = _top(pool, pool.value, open_to, quota.threshold, left, manners.ties)
        found.reason[found.is_key & ~plain.is_key & held] = Reason.HELD
        found.reason[plain.is_key & ~found.is_key] = Reason.DISPLACED_BY_HOLD
    if manners.max_changes is not None and pool.incumbent.any():
        return _capped(pool, found, keys, open_to, left, manners.max_changes)
    return found


def _top(
    pool: Pool, keys: Floats, open_to: Bools, threshold: float, left: int | None, ties: Ties
) -> Seating:
    """Seat the highest keys that reach the threshold."""
    reaches = open_to & (keys >= threshold)
    reason = np.where(reaches, Reason.BELOW_CUT, Reason.BELOW_THRESHOLD).astype(np.int64)
    candidates = np.flatnonzero(reaches)
    if left is None or len(candidates) <= left:
        reason[candidates] = Reason.RANK
        cut = threshold if np.isfinite(threshold) else float("nan")
        return Seating(reaches, reason, cut, 0)
    if left == 0:
        return Seating(np.zeros(len(keys), dtype=np.bool_), reason, float("nan"), 0)
    cut = float(np.partition(keys[candidates], len(candidates) - left)[len(candidates) - left])
    is_key = reaches & (keys > cut)
    tied = np.flatnonzero(reaches & (keys == cut))
    room = left - int(np.count_nonzero(is_key))
    is_key[_of_the_tied(tied, room, pool.ids, ties)] = True
    reason[tied] = Reason.TIED_AT_CUT
    reason[is_key] = Reason.RANK
    return Seating(is_key, reason, cut, len(tied) if len(tied) > room else 0)


def _of_the_tied(tied: Codes, room: int, ids: Objects | None, ties: Ties) -> Codes:
    if len(tied) == room or ties == "include_all":
        return tied
    if ties == "exclude_all":
        return tied[:0]
    if ids is None:
        raise SelectionError.from_missing_argument(
            "ids",
            f"{len(tied)} accounts are tied at the cut for {room} seats",
            'pass ids=, or choose ties="include_all" or "exclude_all".',
        )
    return tied[np.argsort(ids[tied].astype(str), kind="stable")][:room]


def _best(rows: Codes, keys: Floats, ids: Objects | None) -> Codes:
    """Order rows from the highest key down, NaN last, ties by id."""
    names = rows if ids is None else ids[rows].astype(str)
    return rows[np.lexsort((names, -keys[rows]))]


def _capped(
    pool: Pool, found: Seating, keys: Floats, open_to: Bools, left: int | None, cap: int
) -> Seating:
    """Let at most `cap` accounts enter and at most `cap` leave, as far as the seats allow."""
    incumbents = _best(np.flatnonzero(pool.incumbent & open_to), keys, pool.ids)
    entrants = _best(np.flatnonzero(found.is_key & ~pool.incumbent), keys, pool.ids)
    staying = int(np.count_nonzero(found.is_key[incumbents]))
    seats = len(keys) if left is None else max(left, int(np.count_nonzero(found.is_key)))
    keep = min(seats, max(staying, len(incumbents) - cap))
    enter = min(len(entrants), cap, seats - keep)
    if left is not None and enter < len(entrants):  # seats that entrants must wait for stay taken
        eligible = int(np.count_nonzero(found.reason[incumbents] != Reason.BELOW_THRESHOLD))
        keep = max(keep, min(eligible, seats - enter))
    is_key, reason = np.zeros(len(keys), dtype=np.bool_), found.reason.copy()
    is_key[incumbents[:keep]] = True
    is_key[entrants[:enter]] = True
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
