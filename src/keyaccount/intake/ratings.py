"""Ratings by people: mean, spread, number of raters and last day per account and criterion."""

from __future__ import annotations

from typing import Any

import numpy as np

from keyaccount._columns import Bools, Codes, Days, Floats, Objects, one_day
from keyaccount.findings import Finding
from keyaccount.intake.accounts import UNKNOWN, Accounts
from keyaccount.intake.aliases import Aliases
from keyaccount.intake.cells import blanks, distinct
from keyaccount.intake.mapping import Roles
from keyaccount.intake.notes import Severity, note, rows
from keyaccount.intake.tables import Table
from keyaccount.stats.sums import group_counts, group_max, group_means, group_min

__all__ = ["rating_features"]

_DEFAULT = "showcase"
"""What is rated where no column says so: the one criterion that is a judgement by nature."""
_UNDATED = -1e9
"""Stands for a rating without a date: before every day there is."""


def rating_features(
    table: Table,
    roles: Roles,
    accounts: Accounts,
    *,
    as_of: Any = None,
    aliases: Aliases | None = None,
    date_format: str | None = None,
) -> tuple[dict[str, Objects], tuple[Finding, ...]]:
    """Sum up the ratings of each account, per criterion.

    Of several ratings by one rater the latest counts; where the day is the same, their mean.

    Returns
    -------
    tuple
        Per criterion ``c`` the columns ``c_rating`` (mean over raters), ``c_rating_spread``
        (highest less lowest), ``c_raters`` and ``c_rated_on`` (the latest day); and the findings.
    """
    names = aliases or Aliases()
    where = table.where(roles["account"])
    texts, told = table.texts(roles["account"])
    repaired, said = names.repair("account", texts, also=roles["account"], where=where)
    account, unknown = accounts.find(repaired, "account", where)
    values, read = table.numbers(roles["rating"])
    days, dated = _rated_on(table, roles, date_format)
    usable, left_out = _usable(account, values, days, as_of, table.source)
    criteria, raters, spaces = _labelled(table, roles, names)
    found: dict[str, Objects] = {}
    codes, labels, _ = distinct(criteria)
    for i, label in enumerate(labels):
        mask = usable & (codes == i)
        pair, owner = _pairs(account[mask], raters[mask])
        words, last = _last_words(values[mask], days[mask], pair, len(owner))
        found |= _summed(label, owner, words, last, len(accounts))
    return found, told + said + unknown + read + dated + left_out + spaces


def _rated_on(
    table: Table, roles: Roles, date_format: str | None
) -> tuple[Days, tuple[Finding, ...]]:
    if "date" in roles:
        return table.dates(roles["date"], date_format)
    return np.full(len(table), "NaT", dtype="datetime64[D]"), ()


def _usable(
    account: Codes, values: Floats, days: Days, as_of: Any, source: str
) -> tuple[Bools, tuple[Finding, ...]]:
    later = np.zeros(len(days), dtype=bool) if as_of is None else days > one_day(as_of, "as_of")
    told: tuple[Finding, ...] = ()
    left_out = np.zeros(len(days), dtype=bool)
    faults: tuple[tuple[str, Bools, Severity, str], ...] = (
        ("no_account", account == -1, "error", "rejected: no account"),
        ("unknown_account_ratings", account == UNKNOWN, "error", "rejected: unknown account"),
        ("no_rating", np.isnan(values), "error", "rejected: no rating"),
        ("after_the_day", later, "info", f"given after {as_of} left out"),
    )
    for code, mask, severity, said in faults:
        n = int(np.count_nonzero(mask & ~left_out))
        told += note(code, f"{source}: {rows(n, 'rating')} {said}", n, source, severity)
        left_out |= mask
    return ~left_out, told


def _labelled(
    table: Table, roles: Roles, aliases: Aliases
) -> tuple[Objects, Codes, tuple[Finding, ...]]:
    """Read criterion and rater; an unnamed rater is a person of their own."""
    criteria: Objects = np.full(len(table), _DEFAULT, dtype=object)
    told: tuple[Finding, ...] = ()
    if "criterion" in roles:
        texts, said = table.texts(roles["criterion"])
        criteria, repaired = aliases.repair("criterion", texts, also=roles["criterion"])
        blank = int(np.count_nonzero(blanks(criteria)))
        message = f"{table.source}: {rows(blank, 'rating')} rejected: no criterion"
        told += said + repaired + note("no_criterion", message, blank, table.source, "error")
    raters = np.full(len(table), -1, dtype=np.int64)
    if "rater" in roles:
        raters, _, _ = distinct(table.texts(roles["rater"])[0])
    unnamed = raters < 0
    raters[unnamed] = raters.max(initial=-1) + 1 + np.arange(np.count_nonzero(unnamed))
    return criteria, raters, told


def _pairs(account: Codes, raters: Codes) -> tuple[Codes, Codes]:
    """Give the pair of account and rater of each rating, and the account of each pair."""
    pairs, pair = np.unique(np.stack([account, raters]), axis=1, return_inverse=True)
    return pair.reshape(-1), np.ascontiguousarray(pairs[0])


def _last_words(values: Floats, days: Days, pair: Codes, n: int) -> tuple[Floats, Floats]:
    """Take each rater's latest word on an account, and its day as a number; NaN if undated."""
    ordinals = np.where(np.isnat(days), _UNDATED, days.astype(np.int64).astype(np.float64))
    last = group_max(ordinals, pair, n)
    words = group_means(np.where(ordinals == last[pair], values, np.nan), pair, n)
    return words, np.where(last == _UNDATED, np.nan, last)


def _summed(label: str, owner: Codes, words: Floats, last: Floats, n: int) -> dict[str, Objects]:
    """Sum up over the raters of each account."""
    day = group_max(last, owner, n)
    rated_on = np.full(n, "NaT", dtype="datetime64[D]")
    dated = ~np.isnan(day)
    rated_on[dated] = day[dated].astype(np.int64).astype("datetime64[D]")
    return {
        f"{label}_rating": group_means(words, owner, n),
        f"{label}_rating_spread": group_max(words, owner, n) - group_min(words, owner, n),
        f"{label}_raters": group_counts(owner, n).astype(np.float64),
        f"{label}_rated_on": rated_on,
    }
