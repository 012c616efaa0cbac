"""The table of assignments: who is on which account in which role, as it holds on a day."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Columns, Days, Floats, Labels, days, labels
from keyaccount.errors import RowError, SpecError
from keyaccount.findings import Finding, about_rows, counted
from keyaccount.program.book import day_given, distinct, numbers, optional_labels, same_length, who
from keyaccount.program.coverage.repeats import first_of_equal
from keyaccount.program.coverage.role import CoverageRole
from keyaccount.program.term import coded, one_spelling

__all__ = ["Assignments", "read_assignments"]


@attrs.frozen(eq=False)
class Assignments:
    """The assignments that hold, one per row; `first` are the positions of those that differ.

    `row` is where each stands in the table, and `share_name` what its column of shares is called.
    """

    account: Labels
    person: Labels
    role: Codes
    time: Floats | None
    small_deals: Floats | None
    share: Floats | None
    representative: Labels | None
    division: Labels | None
    first: Codes
    row: Codes
    share_name: str
    findings: tuple[Finding, ...]


def read_assignments(
    table: Columns,
    roles: tuple[CoverageRole, ...],
    names: dict[str, str | None],
    as_of: Any,
) -> Assignments:
    """Read the assignments, and leave out those that do not hold on the day."""
    account = labels(table, str(names["account"]))
    person, person_told = who(table, str(names["person"]))
    role = one_spelling(labels(table, str(names["role"])))
    time, time_told = _share(table, names["time"])
    small, small_told = _share(table, names["small_deals"])
    share, share_told = _share(table, names["share"])
    kind = optional_labels(table, names["representative"])
    kind = None if kind is None else one_spelling(kind)
    division = optional_labels(table, names["division"])
    same_length(
        account=account,
        person=person,
        role=role,
        time=time,
        small_deals=small,
        share=share,
        representative=kind,
        division=division,
    )
    holds, dates, held_told = _holds(table, names, as_of, len(account))
    codes, role_told = _roles(role, roles, holds)
    written = np.where(codes < 0, role.codes + len(roles), codes)  # other roles differ by word
    words = [c.codes for c in (account, person, kind, division) if c is not None]
    read = [written, *words, *dates, *(c for c in (time, small, share) if c is not None)]
    return Assignments(
        _kept(account, holds),
        _kept(person, holds),
        codes[holds],
        None if time is None else time[holds],
        None if small is None else small[holds],
        None if share is None else share[holds],
        None if kind is None else _kept(kind, holds),
        None if division is None else _kept(division, holds),
        first_of_equal([column[holds] for column in read], int(np.count_nonzero(holds))),
        np.flatnonzero(holds),
        str(names["share"]),
        person_told + time_told + small_told + share_told + held_told + role_told,
    )


def _share(table: Columns, name: str | None) -> tuple[Floats | None, tuple[Finding, ...]]:
    return (None, ()) if name is None else numbers(table, name, low=0.0, high=1.0)


def _kept(column: Labels, holds: Bools) -> Labels:
    """Keep some rows, and of the labels those that still occur."""
    if holds.all():
        return column
    left = column.codes[holds]
    there = distinct(left[left >= 0])
    table = np.full(len(column.labels) + 1, -1, dtype=np.int64)
    table[there] = np.arange(len(there))
    return Labels(table[left], tuple(column.labels[i] for i in there.tolist()))


def _roles(
    given: Labels, roles: tuple[CoverageRole, ...], holds: Bools
) -> tuple[Codes, tuple[Finding, ...]]:
    """Find the roles; a person in none of them is still on the account."""
    found: Codes = np.append(coded(given.labels, roles), -1)[given.codes]
    strange = np.flatnonzero(holds & (given.codes >= 0) & (found < 0))
    words = sorted({given.labels[c] for c in given.codes[strange].tolist()})
    said = f"{counted(len(strange), 'assignment')} in a role that is none: {', '.join(words[:5])}"
    blank = np.flatnonzero(holds & (given.codes < 0))
    told = about_rows("unknown_role", said, strange, where="role")
    said = f"{counted(len(blank), 'assignment')} without a role"
    return found, told + about_rows("no_role", said, blank, where="role")


def _holds(
    table: Columns, names: dict[str, str | None], as_of: Any, n: int
) -> tuple[Bools, tuple[Days, ...], tuple[Finding, ...]]:
    """Say which assignments hold on the day, with the first and the last day of each."""
    start, end = names["start"], names["end"]
    if start is None and end is None:
        return np.ones(n, dtype=np.bool_), (), ()
    if as_of is None:
        hint = "say as_of=: assignments with dates hold on some days only."
        raise SpecError.from_field("coverage(as_of)", "must be a date", None, hint)
    day = day_given(as_of, "coverage(as_of)")
    first = _days(table, start, n)
    last = _days(table, end, n)
    _refuse_reversed(first, last, str(end))
    holds: Bools = ~(first > day) & ~(last < day)  # a missing day is no limit
    over = np.flatnonzero(~holds)
    said = f"{counted(len(over), 'assignment')} not valid on {day}, left out"
    return holds, (first, last), about_rows("not_valid", said, over, severity="info")


def _days(table: Columns, name: str | None, n: int) -> Days:
    found = np.full(n, "NaT", dtype="datetime64[D]") if name is None else days(table, name)
    if len(found) != n:
        same_length(account=np.empty(n), day=found)
    return found


def _refuse_reversed(first: Days, last: Days, name: str) -> None:
    wrong = np.flatnonzero(last < first)
    if len(wrong):
        raise RowError.from_rows(
            name,
            "end before they start" if len(wrong) > 1 else "ends before it starts",
            wrong.tolist(),
            [str(d) for d in last[wrong[:5]]],
            "look for days that were swapped.",
        )
