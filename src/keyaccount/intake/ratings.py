"""Ratings by people: what each account is worth on a scale, in the judgement of its raters."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Codes, Days, Labels, Objects, one_day
from keyaccount.findings import Finding, counted, note
from keyaccount.intake.accounts import UNKNOWN, Accounts
from keyaccount.intake.aliases import Aliases
from keyaccount.intake.cells import taken
from keyaccount.intake.mapping import Roles
from keyaccount.intake.tables import Table
from keyaccount.scoring.judgement import AnchoredScale, RatingSummary

__all__ = ["rating_features"]

_SCALE = AnchoredScale(1, 5)
_DEFAULT = "showcase"
"""What is rated where no column says so: the one criterion that is a judgement by nature."""


def rating_features(
    table: Table,
    roles: Roles,
    accounts: Accounts,
    *,
    as_of: Any,
    aliases: Aliases | None = None,
    date_format: str | None = None,
    scale: AnchoredScale = _SCALE,
) -> tuple[dict[str, Objects], tuple[Finding, ...]]:
    """Summarise the ratings of each account, per criterion, as `AnchoredScale` does.

    A file without a column of raters or of days is read all the same: then each rating counts as
    that of another person, and its age is unknown.

    Parameters
    ----------
    table
        The raw table.
    roles
        Which column plays which part.
    accounts
        The accounts that ratings are of.
    as_of
        The day asked about; ratings after it are not looked at.
    aliases
        What labels should be called.
    date_format
        How dates are written, where more than one way is possible.
    scale
        The scale that ratings are on; the default, from 1 to 5, is a choice of this library.

    Returns
    -------
    tuple
        Per criterion ``c`` the columns ``c_rating`` (mean over raters), ``c_spread`` (sample
        standard deviation), ``c_raters``, ``c_latest`` and ``c_age_days``; and the findings.
    """
    names = aliases or Aliases()
    owner, told = _owners(table, roles, accounts, names)
    values, read = table.numbers(roles["rating"])
    criteria, labelled = _criteria(table, roles, names)
    raters, named = _raters(table, roles)
    days, dated = _days(table, roles, as_of, date_format)
    told += read + labelled + named + dated
    ids = Labels(owner, tuple(accounts.columns["id"].tolist()))
    found: dict[str, Objects] = {}
    for code, criterion in enumerate(criteria.labels):
        mask = (criteria.codes == code) & (owner != UNKNOWN)
        people = {"account": taken(ids, mask), "rater": taken(raters, mask)}
        ratings = {**people, "rating": values[mask], "date": days[mask]}
        summary = _summary(scale, ratings, as_of)
        found |= summary.for_accounts(accounts.columns["id"], criterion)
        told += tuple(_placed(f, table.source, criterion) for f in summary.findings)
    return (found if "date" in roles else _undated(found)), told


def _summary(scale: AnchoredScale, ratings: dict[str, Any], as_of: Any) -> RatingSummary:
    return scale.summarise(
        ratings, account="account", rating="rating", rater="rater", at="date", as_of=as_of
    )


def _owners(
    table: Table, roles: Roles, accounts: Accounts, aliases: Aliases
) -> tuple[Codes, tuple[Finding, ...]]:
    """Find the account of each rating."""
    where = table.where(roles["account"])
    texts, told = table.texts(roles["account"])
    names, repaired = aliases.repair("account", texts, also=roles["account"], where=where)
    owner, unknown = accounts.find(names, "account", where)
    n = int(np.count_nonzero(owner == UNKNOWN))
    message = f"{table.source}: {counted(n, 'rating')} rejected: unknown account"
    rejected = note("unknown_account_ratings", message, n, table.source, "error")
    return owner, told + repaired + unknown + rejected


def _criteria(table: Table, roles: Roles, aliases: Aliases) -> tuple[Labels, tuple[Finding, ...]]:
    """Read what is rated."""
    if "criterion" not in roles:
        return Labels(np.zeros(len(table), dtype=np.int64), (_DEFAULT,)), ()
    where = table.where(roles["criterion"])
    texts, told = table.texts(roles["criterion"])
    found, repaired = aliases.repair("criterion", texts, also=roles["criterion"], where=where)
    blank = int(np.count_nonzero(found.codes < 0))
    message = f"{where}: {counted(blank, 'rating')} rejected: no criterion"
    return found, told + repaired + note("no_criterion", message, blank, where, "error")


def _raters(table: Table, roles: Roles) -> tuple[Labels, tuple[Finding, ...]]:
    """Read who rated; without such a column each rating is that of another person."""
    if "rater" in roles:
        return table.texts(roles["rater"])
    n = len(table)
    message = f"{table.source}: no column of raters; each rating counts as another person's"
    nobody = tuple(f"rater {i}" for i in range(n))
    return Labels(np.arange(n), nobody), note("no_raters", message, n, table.source)


def _days(
    table: Table, roles: Roles, as_of: Any, date_format: str | None
) -> tuple[Days, tuple[Finding, ...]]:
    """Read when it was rated; without such a column every rating counts on the day asked about."""
    if "date" in roles:
        return table.dates(roles["date"], date_format)
    message = f"{table.source}: no column of days; the age of the ratings is unknown"
    days = np.full(len(table), one_day(as_of, "as_of"), dtype="datetime64[D]")
    return days, note("no_rating_days", message, len(table), table.source)


def _undated(found: dict[str, Objects]) -> dict[str, Objects]:
    """Forget the day that stood in for an unknown one."""
    unknown = (("_latest", np.datetime64("NaT", "D")), ("_age_days", np.nan))
    forgotten = {
        name: np.full(len(values), missing)
        for name, values in found.items()
        for ending, missing in unknown
        if name.endswith(ending)
    }
    return found | forgotten


def _placed(finding: Finding, source: str, criterion: str) -> Finding:
    """Say in which file, and of which criterion, a finding was met."""
    message = f"{source}: {criterion}: {finding.message}"
    return attrs.evolve(finding, message=message, where=f"{source}: {finding.where}")
