"""How often each person was met: counts and intervals from a log of meetings."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Codes, Columns, Days, Floats
from keyaccount._validators import exact_float, is_finite
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, about_rows, counted
from keyaccount.program.book import distinct
from keyaccount.program.contact_log import ContactLog, read_contacts
from keyaccount.program.decision_chain.reading import Known, people_rows
from keyaccount.program.term import Term
from keyaccount.stats.sums import group_counts, group_max, group_min

__all__ = ["Met", "frequency", "later_of", "met", "not_asked", "window_given"]


@attrs.frozen(eq=False)
class Met:
    """How often each person was met.

    `who` and `day` are the rows that count: a person's position, and days before the day asked for.
    """

    who: Codes
    ago: Codes
    count: Floats
    interval: Floats
    last: Floats
    channels: tuple[Term, ...]
    by_channel: Codes
    findings: tuple[Finding, ...]


def not_asked(people: int) -> Met:
    """Say nothing of meetings: no log was given."""
    none = np.empty(0, dtype=np.int64)
    unknown = np.full(people, np.nan)
    return Met(none, none, unknown, unknown, unknown, (), np.empty((people, 0), np.int64), ())


def met(
    table: Columns,
    known: Known,
    names: dict[str, str | None],
    channels: tuple[Term, ...],
    days: tuple[np.datetime64, float],
) -> Met:
    """Count the meetings of each person in the window; the last one may be before it."""
    day, window = days
    log = read_contacts(table, names, channels, day)
    who, told = _whom(log, known)
    n, c = len(known.person), len(channels)
    counts = (who >= 0) & (log.age < window)
    ago = np.where(counts, np.nan_to_num(log.age), 0.0).astype(np.int64)
    count, interval = frequency(who[counts], ago[counts], n)
    by = counts & (log.channel >= 0)
    cell = who[by] * c + log.channel[by]
    return Met(
        who=who[counts],
        ago=ago[counts],
        count=count,
        interval=interval,
        last=group_min(log.age, who, n),
        channels=channels if names["channel"] else (),
        by_channel=frequency(cell, ago[by], n * c)[0].astype(np.int64).reshape(n, c),
        findings=(*log.findings, *told),
    )


def _whom(log: ContactLog, known: Known) -> tuple[Codes, tuple[Finding, ...]]:
    """Find the person of each row, -1 where the account does not have them, which is told."""
    assert log.person is not None
    found = people_rows(log.account, log.person, known)
    blank = np.flatnonzero(log.person.codes < 0)
    told = about_rows("no_person", f"{counted(len(blank), 'meeting')} with nobody named", blank)
    strange = np.flatnonzero((found < 0) & (log.person.codes >= 0))
    said = f"{counted(len(strange), 'meeting')} with somebody who is not in the chain, left out"
    return found, told + about_rows("not_in_chain", said, strange, where="meetings")


def frequency(group: Codes, ago: Codes, n: int) -> tuple[Floats, Floats]:
    """Count the different days of each group, and give the mean number of days between them."""
    span = int(ago.max(initial=0)) + 1
    cells = distinct(group * span + ago)
    groups, gone = cells // span, (cells % span).astype(np.float64)
    count = group_counts(groups, n).astype(np.float64)
    between = np.where(count > 1.0, count - 1.0, np.nan)
    first, last = group_max(gone, groups, n), group_min(gone, groups, n)
    return count, (first - last) / between


def window_given(raw: Any) -> float:
    """Take the number of days to look back over; all of them where none is said."""
    found: Any = np.inf if raw is None else exact_float(raw)
    if raw is not None and (not is_finite(found) or found <= 0.0):
        hint = "leave it out for the whole log."
        raise SpecError.from_field("decision_chain(window)", "must be days above 0", raw, hint)
    window: float = found
    return window


def later_of(known: Days, since: Floats, day: np.datetime64) -> Days:
    """Give the later of two last meetings, one as a day and one in days ago."""
    found = np.full(len(known), "NaT", dtype="datetime64[D]")
    there = ~np.isnan(since)
    found[there] = day - since[there].astype(np.int64).astype("timedelta64[D]")
    later: Days = np.fmax(known, found)  # which takes the other where one is missing
    return later
