"""The figures behind `Coverage`: holders, levels, load, and what leaves with whom."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Bools, Codes, Floats, Labels
from keyaccount.program.book import Keys, distinct
from keyaccount.program.coverage.assignments import Assignments
from keyaccount.program.coverage.people import PeopleLoad
from keyaccount.program.coverage.result import Coverage
from keyaccount.program.coverage.role import CoverageRole
from keyaccount.stats.sums import exact_sum, group_counts, group_max, group_sums

__all__ = ["reckoned"]


def reckoned(
    rows: Assignments,
    book: Keys,
    team: Keys,
    read: tuple[Floats, Codes, Codes, Floats],
    words: tuple[tuple[CoverageRole, ...], tuple[str, ...]],
) -> Coverage:
    """Count and add up everything, each pair of account and person once."""
    worth, grade, asked, room = read
    n, p, k = len(book), len(team), len(words[0])
    there = (book.rows >= 0) & (team.rows >= 0)
    on = _unique((book.rows[there], team.rows[there]), p)
    in_role = there & (rows.role >= 0)
    held = _unique((book.rows[in_role], team.rows[in_role] * k + rows.role[in_role]), p * k)
    account, who, role = held[0], held[1] // k, held[1] % k
    cell = account * k + role
    level = np.nan_to_num(group_max(_floats(grade[who]), cell, n * k), nan=-1.0)
    people_on = group_counts(on[0], n)
    only = np.full(n, None, dtype=object)
    single = people_on[on[0]] == 1
    only[on[0][single]] = team.ids[on[1][single]]
    return Coverage(
        account=book.ids,
        value=worth,
        roles=words[0],
        holders=group_counts(cell, n * k).reshape(n, k),
        level=level.astype(np.int64).reshape(n, k),
        required=asked,
        levels=words[1],
        people_on=people_on,
        only_person=only,
        representatives=_kinds(rows.representative, book.rows, team.rows, n),
        division_stated=_stated(rows.division, book.rows, n),
        people=_people(rows, (book, team), on, worth, room),
        held=(account, who, role),
    )


def _floats(codes: Codes) -> Floats:
    """Turn codes into floats, NaN where missing."""
    return np.where(codes < 0, np.nan, codes.astype(np.float64))


def _unique(pairs: tuple[Codes, Codes], size: int) -> tuple[Codes, Codes]:
    """Keep each pair once, in sorted order."""
    found = distinct(pairs[0] * size + pairs[1])
    return found // max(size, 1), found % max(size, 1)


def _kinds(kind: Labels | None, account: Codes, person: Codes, n: int) -> Codes:
    """Count the kinds on each account; one person alone has nobody to divide the work with."""
    if kind is None:
        return np.zeros(n, dtype=np.int64)
    words = [label.strip().casefold() for label in kind.labels]
    first = {word: i for i, word in reversed(list(enumerate(words)))}
    codes = np.array([*(first[word] for word in words), -1], dtype=np.int64)[kind.codes]
    there = (account >= 0) & (codes >= 0)
    kinds = group_counts(_unique((account[there], codes[there]), len(words))[0], n)
    people = there & (person >= 0)
    most = int(person.max(initial=0)) + 1
    who = group_counts(_unique((account[people], person[people]), most)[0], n)
    return np.where(who == 1, np.minimum(kinds, 1), kinds)


def _stated(division: Labels | None, account: Codes, n: int) -> Bools:
    if division is None:
        return np.zeros(n, dtype=np.bool_)
    return group_counts(account, n, division.codes >= 0) > 0


def _people(
    rows: Assignments,
    keys: tuple[Keys, Keys],
    on: tuple[Codes, Codes],
    worth: Floats,
    room: Floats,
) -> PeopleLoad:
    team = keys[1]
    p, (account, who) = len(team), on
    single = group_counts(account, len(worth))[account] == 1
    value = np.nan_to_num(group_sums(worth[account], who, p))
    leaves = np.nan_to_num(group_sums(worth[account[single]], who[single], p))
    total = exact_sum(worth)
    whole = total if total > 0.0 else np.nan
    time, small = _time(rows, keys, p)
    return PeopleLoad(
        person=team.ids,
        accounts=group_counts(who, p),
        capacity=room,
        value=value,
        value_share=value / whole,
        alone=group_counts(who[single], p),
        leaves=leaves,
        leaves_share=leaves / whole,
        time=time,
        small_deal_time=small,
    )


def _time(rows: Assignments, keys: tuple[Keys, Keys], p: int) -> tuple[Floats, Floats]:
    """Add up time per person; the small deals' share of the time where both are known."""
    unknown = np.full(p, np.nan)
    if rows.time is None:
        return unknown, unknown
    once = _once(rows, keys)
    who, spent = keys[1].rows[once], rows.time[once]
    time = group_sums(spent, who, p)
    if rows.small_deals is None:
        return time, unknown
    small = rows.small_deals[once]
    base = group_sums(np.where(np.isnan(small), np.nan, spent), who, p)
    base[base == 0.0] = np.nan
    share: Floats = group_sums(spent * small, who, p) / base
    return time, np.minimum(share, 1.0)


def _once(rows: Assignments, keys: tuple[Keys, Keys]) -> Codes:
    """Find the first of each row that is there several times."""
    columns = [keys[0].rows, keys[1].rows, rows.role]
    columns += [np.nan_to_num(c, nan=-1.0) for c in (rows.time, rows.small_deals) if c is not None]
    order = np.lexsort(columns)
    new = np.zeros(len(order), dtype=np.bool_)
    new[:1] = True
    for column in columns:
        new[1:] |= column[order][1:] != column[order][:-1]
    return np.sort(order[new])
