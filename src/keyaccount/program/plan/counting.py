"""Count the goals and the initiatives of each account's plan."""

from __future__ import annotations

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Columns, Labels, days, labels
from keyaccount.findings import Finding, about_rows, counted
from keyaccount.program.book import (
    distinct,
    optional_labels,
    read_keys,
    same_length,
    says_nothing,
    who,
)
from keyaccount.program.flags import flags
from keyaccount.program.term import one_spelling, sought
from keyaccount.stats.sums import group_counts

__all__ = ["initiative_counts", "planned_goals"]


def planned_goals(
    goals: Columns, accounts: Columns, account: str, goal: str
) -> tuple[Codes, tuple[str, ...], tuple[Finding, ...]]:
    """Give each goal of each account once, as one number, with the words that goals go by."""
    seen, code = labels(goals, account), one_spelling(labels(goals, goal))
    same_length(account=seen, goal=code)
    book = read_keys(seen, accounts, account, "account")
    blank = np.flatnonzero(code.codes < 0)
    said = f"{counted(len(blank), 'goal')} without a code, left out"
    there = (book.rows >= 0) & (code.codes >= 0)
    keys = distinct(book.rows[there] * max(len(code.labels), 1) + code.codes[there])
    return keys, code.labels, book.findings + about_rows("no_goal_code", said, blank, where=goal)


def initiative_counts(
    table: Columns,
    accounts: Columns,
    names: tuple[str, str, str, str, str, str | None],
    plan: tuple[Codes, tuple[str, ...], np.datetime64, int],
) -> tuple[dict[str, Codes], tuple[Finding, ...]]:
    """Count the initiatives of each account that are so and so."""
    goal_keys, words, day, n = plan
    account, goal, owner, due, done, initiative = names
    seen, serves = labels(table, account), labels(table, goal)
    by, is_done = days(table, due), flags(table, done) == 1.0
    (owned, told), what = who(table, owner), optional_labels(table, initiative)
    same_length(account=seen, goal=serves, owner=owned, due=by, done=is_done, initiative=what)
    book = read_keys(seen, accounts, account, "account")
    if what is not None:  # a goal that nothing serves has a row of its own
        nothing = np.array([*(says_nothing(label) for label in what.labels), True])[what.codes]
        book = attrs.evolve(book, rows=np.where(nothing, -1, book.rows))
    key = _goal_keys(serves, words, book.rows)
    known = np.isin(key, goal_keys) & (key >= 0)
    reached = distinct(key[known & (book.rows >= 0)])
    size = max(len(words), 1)

    def count(where: Bools | None = None) -> Codes:
        return group_counts(book.rows, n, where)

    return {
        "initiatives": count(),
        "idle_goals": group_counts(goal_keys // size, n) - group_counts(reached // size, n),
        "stray": count(~known),
        "unowned": count(owned.codes < 0),
        "undated": count(np.isnat(by) & ~is_done),
        "late": count((by < day) & ~is_done),
        "done": count(is_done),
    }, book.findings + told


def _goal_keys(serves: Labels, words: tuple[str, ...], account: Codes) -> Codes:
    """Write account and goal as one number, as `planned_goals` does; -1 where there is none."""
    codes = sought(serves, words)
    return np.where((codes < 0) | (account < 0), -1, account * max(len(words), 1) + codes)
