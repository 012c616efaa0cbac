"""The figures behind `Coverage`: holders, levels, load, and what leaves with whom."""

from __future__ import annotations

from typing import Any

import numpy as np

from keyaccount._columns import Bools, Codes, Floats, Objects
from keyaccount.program.book import Keys, distinct
from keyaccount.program.coverage.assignments import Assignments
from keyaccount.program.coverage.demands import Demands
from keyaccount.program.coverage.people import PeopleLoad
from keyaccount.program.coverage.representatives import representatives
from keyaccount.program.coverage.result import Coverage
from keyaccount.program.coverage.role import CoverageRole
from keyaccount.program.coverage.shares import held_shares
from keyaccount.program.coverage.staff import Staff
from keyaccount.stats.sums import exact_sum, group_counts, group_max, group_sums

__all__ = ["reckoned"]


def reckoned(
    rows: Assignments,
    book: Keys,
    staff: Staff,
    demands: Demands,
    words: tuple[tuple[CoverageRole, ...], tuple[str, ...]],
) -> Coverage:
    """Count and add up everything, each pair of account and person once."""
    n, k, team = len(book), len(words[0]), staff.keys
    there = (book.rows >= 0) & (team.rows >= 0)
    on = _unique((book.rows[there], team.rows[there]), len(team))
    held = _held(rows, book, team, k)
    cell = held[0] * k + held[2]
    holders = group_counts(cell, n * k).reshape(n, k)
    level = np.nan_to_num(group_max(_floats(staff.level[held[1]]), cell, n * k), nan=-1.0)
    speak = representatives(rows, book, team)
    return Coverage(
        account=book.ids,
        value=demands.worth,
        is_key=demands.is_key,
        roles=words[0],
        holders=holders,
        level=level.astype(np.int64).reshape(n, k),
        required=demands.level,
        levels=words[1],
        people_on=group_counts(on[0], n),
        only_person=_only(on, team, n),
        representatives=speak.kinds,
        represented_twice=speak.doubled,
        divided=speak.named,
        division_stated=speak.division_stated,
        **_time_of_accounts(rows, book),
        people=_people(rows, staff, on, demands, (held, holders)),
        held=held,
        held_share=held_shares(rows, book, team, held, k),
    )


def _held(rows: Assignments, book: Keys, team: Keys, k: int) -> tuple[Codes, Codes, Codes]:
    """List once who holds which role on which account: positions of the three."""
    p = len(team)
    in_role = (book.rows >= 0) & (team.rows >= 0) & (rows.role >= 0)
    found = _unique((book.rows[in_role], team.rows[in_role] * k + rows.role[in_role]), p * k)
    return found[0], found[1] // k, found[1] % k


def _only(on: tuple[Codes, Codes], team: Keys, n: int) -> Objects:
    """Name the one person on each account; None where there are several, or nobody."""
    found: Objects = np.full(n, None, dtype=object)
    single = group_counts(on[0], n)[on[0]] == 1
    found[on[0][single]] = team.ids[on[1][single]]
    return found


def _floats(codes: Codes) -> Floats:
    """Turn codes into floats, NaN where missing."""
    return np.where(codes < 0, np.nan, codes.astype(np.float64))


def _unique(
    pairs: tuple[Codes, Codes], size: int, where: Bools | None = None
) -> tuple[Codes, Codes]:
    """Keep each pair once, in sorted order; of those that are marked."""
    numbers = pairs[0] * size + pairs[1]
    found = distinct(numbers if where is None else numbers[where])
    return found // max(size, 1), found % max(size, 1)


def _people(
    rows: Assignments,
    staff: Staff,
    on: tuple[Codes, Codes],
    demands: Demands,
    reckoned_before: tuple[tuple[Codes, Codes, Codes], Codes],
) -> PeopleLoad:
    """Count the load of all accounts, and what hangs on whom of the key ones."""
    (account, who), team, is_key = on, staff.keys, demands.is_key
    worth = np.where(is_key, demands.worth, 0.0)
    p = len(team)
    held, holders = reckoned_before
    single = (group_counts(account, len(worth))[account] == 1) & is_key[account]
    sole = _unique((held[0], held[1]), p, (holders[held[0], held[2]] == 1) & is_key[held[0]])
    total = exact_sum(worth)
    whole = total if total > 0.0 else np.nan
    value, leaves = _added(worth, on, p), _added(worth, (account[single], who[single]), p)
    time, small = _time_of_people(rows, team)
    return PeopleLoad(
        person=team.ids,
        accounts=group_counts(who, p),
        capacity=staff.capacity,
        value=value,
        value_share=value / whole,
        alone=group_counts(who[single], p),
        leaves=leaves,
        leaves_share=leaves / whole,
        sole_holder=group_counts(sole[1], p),
        sole_value=_added(worth, sole, p),
        time=time,
        small_deal_time=small,
    )


def _added(worth: Floats, on: tuple[Codes, Codes], p: int) -> Floats:
    """Add up what the accounts of each person bring."""
    return np.nan_to_num(group_sums(worth[on[0]], on[1], p))


def _time_of_people(rows: Assignments, team: Keys) -> tuple[Floats, Floats]:
    """Add up time per person; the small deals' share of the time where both are known."""
    p = len(team)
    if rows.time is None:
        return np.full(p, np.nan), np.full(p, np.nan)
    who, spent = team.rows[rows.first], rows.time[rows.first]
    time = group_sums(spent, who, p)
    if rows.small_deals is None:
        return time, np.full(p, np.nan)
    small = rows.small_deals[rows.first]
    base = group_sums(np.where(np.isnan(small), np.nan, spent), who, p)
    base[base == 0.0] = np.nan
    share: Floats = group_sums(spent * small, who, p) / base
    return time, np.minimum(share, 1.0)


def _time_of_accounts(rows: Assignments, book: Keys) -> dict[str, Any]:
    """Add up time per account, and the part that small deals take where all of it is known."""
    n = len(book)
    unknown = np.full(n, np.nan)
    if rows.time is None:
        return {"time": unknown, "small_deal_time": unknown}
    at, spent = book.rows[rows.first], rows.time[rows.first]
    small = unknown
    if rows.small_deals is not None:
        of_small = spent * rows.small_deals[rows.first]
        dark = group_counts(at, n, np.isnan(of_small) & ~np.isnan(spent)) > 0
        small = np.where(dark, np.nan, group_sums(of_small, at, n))
    return {"time": group_sums(spent, at, n), "small_deal_time": small}
