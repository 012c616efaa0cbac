"""`coverage`: whether each account is in good hands, and what hangs on whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from keyaccount._columns import Codes, Columns, Floats, Labels, Objects, common_length, labels
from keyaccount._validators import exact_float, exact_tuple, is_finite
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.ledger.told import counted
from keyaccount.program.book import Keys, about, day_given, marked, numbers, read_keys
from keyaccount.program.coverage.assignments import read_assignments
from keyaccount.program.coverage.iron_triangle import iron_triangle
from keyaccount.program.coverage.notes import with_findings
from keyaccount.program.coverage.reckoning import reckoned
from keyaccount.program.coverage.result import Coverage
from keyaccount.program.coverage.role import CoverageRole
from keyaccount.program.term import terms_given

__all__ = ["coverage"]


def coverage(
    assignments: Columns,
    *,
    accounts: Columns | None = None,
    people: Columns | None = None,
    roles: Iterable[CoverageRole] | None = None,
    account: str = "account",
    person: str = "person",
    role: str = "role",
    time: str | None = None,
    small_deals: str | None = None,
    representative: str | None = None,
    division: str | None = None,
    start: str | None = None,
    end: str | None = None,
    as_of: Any = None,
    value: str | None = None,
    tier: str | None = None,
    required: Mapping[str, str] | None = None,
    level: str | None = None,
    levels: Iterable[str] = (),
    capacity: str | float | None = None,
) -> Coverage:
    """Say of each account whether it is in good hands, and of each person what hangs on them.

    Parameters
    ----------
    assignments
        Columns, one row per account, person and role. The same row twice counts once.
    accounts
        Columns, one row per account, with the column that `account` names. None: the accounts that
        have assignments, sorted by id; accounts in nobody's hands are then not seen.
    people
        Columns, one row per person, with the column that `person` names. Who has assignments and
        is not among them comes last, of unknown level and capacity, with a finding. None: the
        people who have assignments, sorted by id.
    roles
        The roles that every account needs; None: `iron_triangle()`.
    account, person, role
        Columns of `assignments`: ids, and the code or name of a role, in either language. A person
        in a role that is none of `roles` is on the account all the same, with a finding.
    time, small_deals
        Columns of `assignments`: the share of the person's time in [0, 1] that the account gets,
        and the share of that time that small deals take. Rows of the same person add up.
    representative
        Column of `assignments`: the kind of representative (of the region, of the industry).
        Several kinds on one account need a division of work.
    division
        Column of `assignments`: how the work is divided, in words; blank where nobody says.
    start, end
        Columns of `assignments`: the first and the last day on which it holds; missing: no limit.
    as_of
        The day that counts, where assignments have dates.
    value
        Column of `accounts`: what each brings; missing or below 0 counts 0. None: each counts 1.
    tier
        Column of `accounts`: the tier.
    required
        Tier to the lowest level that may hold a role on such an account; a tier not named asks for
        none. There is no default: the published method gives no levels.
    level, levels
        Column of `people`: their level; and the levels there are, lowest first.
    capacity
        Column of `people`, or one number for all: how many accounts a person can carry.

    Returns
    -------
    Coverage
        One row per account; `.people`: one row per person; `.dependence(share)`.

    Raises
    ------
    ColumnNotFoundError, ColumnError
        A column is not there or holds something else.
    RowError
        A share is outside [0, 1], a capacity below 0, or an assignment ends before it starts.
    DuplicateIdError
        An account or a person occurs twice in its table.
    SpecError
        An argument is not what it should be, or misses another that it needs.

    Notes
    -----
    Book-wise: the order of the assignments does not matter. Over capacity is a finding of this
    library; the iron triangle (铁三角) and the other findings follow key-account practice.

    Examples
    --------
    >>> import keyaccount as ka
    >>> on = {
    ...     "account": ["A", "A", "A", "B"],
    ...     "person": ["li", "wu", "he", "li"],
    ...     "role": ["AR", "SR", "交付责任人", "AR"],
    ... }
    >>> book = {"account": ["A", "B"], "worth": [70, 30], "tier": ["key", "key"]}
    >>> team = {"person": ["li", "wu", "he"], "grade": ["junior", "senior", "senior"]}
    >>> found = ka.coverage(
    ...     on,
    ...     accounts=book,
    ...     people=team,
    ...     value="worth",
    ...     tier="tier",
    ...     level="grade",
    ...     levels=("junior", "senior"),
    ...     required={"key": "senior"},
    ...     capacity=1,
    ... )
    >>> found.missing.tolist(), found.too_junior.tolist()
    (['', 'SR, FR'], ['AR', 'AR'])
    >>> found.people.row(0)["why"]
    '2 accounts for a capacity of 1; the only one on 1 account, worth 30'
    """
    wanted: tuple[CoverageRole, ...] = (
        iron_triangle() if roles is None else terms_given(roles, CoverageRole, "coverage(roles)")
    )
    _need_column("small_deals", small_deals, "time", time)
    _need_column("division", division, "representative", representative)
    if as_of is not None:
        day_given(as_of, "coverage(as_of)")
    _need(accounts, "accounts", value=value, tier=tier)
    _need(people, "people", level=level, capacity=capacity if isinstance(capacity, str) else None)
    named = {
        "account": account,
        "person": person,
        "role": role,
        "time": time,
        "small_deals": small_deals,
        "representative": representative,
        "division": division,
        "start": start,
        "end": end,
    }
    rows = read_assignments(assignments, wanted, named, as_of)
    book = read_keys(rows.account, accounts, account, "account")
    team, team_told = _team(rows.person, people, person, (level, capacity))
    worth, told = _worth(accounts, value, len(book))
    grades = _levels(levels)
    grade = _grades(people, level, grades, len(team))
    asked, asked_told = _asked(accounts, tier, required, grades, book.ids)
    room, room_told = _capacity(people, capacity, len(team))
    found = reckoned(rows, book, team, (worth, grade, asked, room), (wanted, grades))
    findings = (*rows.findings, *book.findings, *team_told, *told, *asked_told, *room_told)
    return with_findings(found, findings)


def _need_column(name: str, given: str | None, other: str, needed: str | None) -> None:
    """Refuse an argument that says nothing without another."""
    if given is not None and needed is None:
        rule, hint = f"needs {other}", f"name the column with {other}=, or leave both out."
        raise SpecError.from_field(f"coverage({name})", rule, given, hint)


def _need(table: Columns | None, name: str, **columns: object) -> None:
    for argument, column in columns.items():
        if column is not None and table is None:
            hint = f"give {name}=, the table that holds it."
            rule = f"is a column of {name}, which are not given"
            raise SpecError.from_field(f"coverage({argument})", rule, column, hint)


def _team(
    seen: Labels, people: Columns | None, column: str, columns: tuple[object, ...]
) -> tuple[Keys, tuple[Finding, ...]]:
    """Give the people; those on an account who are not in the table come last, by id."""
    known = read_keys(seen, people, column, "person")
    if people is None:
        return known, known.findings
    for name in columns:
        if isinstance(name, str):
            common_length({column: known.ids, name: labels(people, name)})
    there = set(known.ids.tolist())
    others = sorted(one for one in seen.labels if one not in there)
    if not others:
        return known, known.findings
    ids: Objects = np.array([*known.ids.tolist(), *others], dtype=object)
    position = {one: i for i, one in enumerate(ids.tolist())}
    rows = np.array([*(position[one] for one in seen.labels), -1], dtype=np.int64)[seen.codes]
    blank = tuple(one for one in known.findings if one.code != "unknown_person")
    said = f"{counted(len(others), 'person')} on accounts and not in the table of people"
    told = about("unknown_person", f"{said}: of unknown level and capacity", others, "person")
    return Keys(ids, rows, blank + told), blank + told


def _filled(known: Floats, n: int) -> Floats:
    """Lengthen a column of people by those who are not in the table."""
    return np.concatenate([known, np.full(n - len(known), np.nan)])


def _worth(
    accounts: Columns | None, value: str | None, n: int
) -> tuple[Floats, tuple[Finding, ...]]:
    if accounts is None or value is None:
        return np.ones(n), ()
    found, told = numbers(accounts, value)
    common_length({"account": np.empty(n), value: found})
    unknown, below = int(np.isnan(found).sum()), int((found < 0.0).sum())
    for code, count, what in (
        ("missing", unknown, "without a"),
        ("negative", below, "of negative"),
    ):
        if count:
            said = f"{counted(count, 'account')} {what} value, which counts 0"
            told += (Finding(code=code, message=said, count=count, where=value),)
    return np.where(found > 0.0, found, 0.0), told


def _levels(given: Any) -> tuple[str, ...]:
    """Take the levels, lowest first."""
    found: Any = exact_tuple(given)
    good = isinstance(found, tuple) and all(isinstance(one, str) for one in found)
    if not good or len(set(found)) < len(found):
        rule, hint = "must be different texts", "list the levels, lowest first."
        raise SpecError.from_field("coverage(levels)", rule, given, hint)
    levels: tuple[str, ...] = found
    return levels


def _grades(people: Columns | None, level: str | None, levels: tuple[str, ...], n: int) -> Codes:
    """Read the level of each person; -1 where unknown."""
    if people is None or level is None:
        return np.full(n, -1, dtype=np.int64)
    found = labels(people, level)
    for label in found.labels:
        if label not in levels:
            raise SpecError.from_choice(f"coverage(level): column {level!r}", label, levels)
    table = [levels.index(label) for label in found.labels]
    codes = np.array([*table, -1], dtype=np.int64)[found.codes]
    return np.concatenate([codes, np.full(n - len(codes), -1, dtype=np.int64)])


def _asked(
    accounts: Columns | None,
    tier: str | None,
    required: Any,
    levels: tuple[str, ...],
    ids: Objects,
) -> tuple[Codes, tuple[Finding, ...]]:
    """Give the level that each account's tier asks for; -1 for none, which is told."""
    if required is None:
        return np.full(len(ids), -1, dtype=np.int64), ()
    if accounts is None or tier is None:
        hint = "give accounts= and name the column with tier=."
        raise SpecError.from_field("coverage(required)", "needs tiers", required, hint)
    if not isinstance(required, Mapping):
        hint = 'write for instance {"A": "senior"}.'
        raise SpecError.from_field("coverage(required)", "must map tiers to levels", required, hint)
    for asked in required.values():
        if asked not in levels:
            raise SpecError.from_choice("coverage(required)", asked, levels)
    tiers = labels(accounts, tier)
    common_length({"account": ids, tier: tiers})
    by_word = {str(t): asked for t, asked in required.items()}
    table = [levels.index(by_word[t]) if t in by_word else -1 for t in tiers.labels]
    found = np.array([*table, -1], dtype=np.int64)[tiers.codes]
    absent = [t for t in by_word if t not in tiers.labels]
    absent_said = f"{counted(len(absent), 'tier')} with a level required that no account has"
    free = marked(ids, found < 0)
    said = f"{counted(len(free), 'account')} of a tier for which no level is required"
    told = about("unknown_tier", absent_said, absent, tier)
    return found, told + about("no_required_level", said, free, tier, severity="info")


def _capacity(
    people: Columns | None, capacity: str | float | None, n: int
) -> tuple[Floats, tuple[Finding, ...]]:
    if capacity is None:
        return np.full(n, np.nan), ()
    if isinstance(capacity, str):
        assert people is not None
        found, told = numbers(people, capacity, low=0.0)
        return _filled(found, n), told
    one = exact_float(capacity)
    if not is_finite(one) or one < 0.0:
        rule, hint = "must be a number of at least 0", "or name a column of people."
        raise SpecError.from_field("coverage(capacity)", rule, capacity, hint)
    return np.full(n, one), ()
