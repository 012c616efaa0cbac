"""`coverage`: whether each account is in good hands, and what hangs on whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from keyaccount._columns import Columns
from keyaccount.errors import SpecError
from keyaccount.program.book import Keys, day_given, read_keys
from keyaccount.program.coverage.assignments import read_assignments
from keyaccount.program.coverage.demands import read_demands
from keyaccount.program.coverage.iron_triangle import iron_triangle
from keyaccount.program.coverage.notes import with_findings
from keyaccount.program.coverage.reckoning import reckoned
from keyaccount.program.coverage.result import Coverage
from keyaccount.program.coverage.role import CoverageRole
from keyaccount.program.coverage.staff import levels_given, read_staff
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
    share: str | None = None,
    representative: str | None = None,
    division: str | None = None,
    start: str | None = None,
    end: str | None = None,
    as_of: Any = None,
    key: str | None = None,
    value: str | None = None,
    tier: str | None = None,
    required: Mapping[str, str | Mapping[str, str]] | None = None,
    level: str | None = None,
    levels: Iterable[str] = (),
    capacity: str | float | None = None,
) -> Coverage:
    """Say of each account whether it is in good hands, and of each person what hangs on them.

    Parameters
    ----------
    assignments
        Columns, one row per account, person and role. The same row twice, equal in every column
        that is named, counts once.
    accounts
        Columns, one row per account, with the column that `account` names. None: the accounts that
        have assignments, sorted by id; accounts in nobody's hands are then not seen. Load and value
        count these accounts alone, time all there are: for the whole load of people, give all
        their accounts, and say with `key` which are key. Those that are not in the table are told.
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
    share
        Column of `assignments`: the share of the account's value, in [0, 1], that the person holds
        in the role, for `dependence`. Rows of one person add up, those of one account and role to 1
        at most; those without one have what is left in equal parts. None: equal parts.
    representative
        Column of `assignments`: the kind of representative (of the region, of the industry).
        Several kinds on one account need a division of work; several people of one kind are told.
    division
        Column of `assignments`: what each representative does, in words; blank where nobody says.
        The work is divided where each kind has words; those of other people do not count.
    start, end
        Columns of `assignments`: the first and the last day on which it holds; missing: no limit.
    as_of
        The day that counts, where assignments have dates; without them nothing depends on it.
    key
        Column of `accounts`: whether it is a key account (true and false; missing: no, and told).
        What people carry (accounts, capacity, time) counts all accounts; what hangs on them (value
        and its shares, what leaves with them, `dependence`) and findings about accounts are about
        the key ones. None: all are.
    value
        Column of `accounts`: what each brings; missing or below 0, as refunds may make it, counts
        0, and is told. None: each counts 1.
    tier
        Column of `accounts`: the tier.
    required
        Tier to the lowest level that may hold a role on such an account, or to levels by role,
        such as ``{"key": {"AR": "senior"}}``; a tier or a role not named asks for none. There is no
        default: the published method gives no levels.
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
        A share is outside [0, 1], or holders of one role have more than the whole of an account; a
        capacity is below 0, or an assignment ends before it starts.
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
    _need_column("small_deals", small_deals, "time", time)
    _need_column("division", division, "representative", representative)
    _need_table(accounts, "accounts", value=value, tier=tier, key=key)
    column = capacity if isinstance(capacity, str) else None
    _need_table(people, "people", level=level, capacity=column)
    wanted, grades = _roles(roles), levels_given(levels, level, "coverage")
    named = {
        "account": account,
        "person": person,
        "role": role,
        "time": time,
        "small_deals": small_deals,
        "share": share,
        "representative": representative,
        "division": division,
        "start": start,
        "end": end,
    }
    rows = read_assignments(assignments, wanted, named, _day(as_of))
    book = _load_told(read_keys(rows.account, accounts, account, "account"))
    staff = read_staff(rows.person, people, (person, level), capacity, grades)
    of_accounts = (value, tier, key)
    demands = read_demands(accounts, book.ids, of_accounts, required, (wanted, grades))
    found = reckoned(rows, book, staff, demands, (wanted, grades))
    read = (rows, book, staff, demands)
    return with_findings(found, tuple(told for table in read for told in table.findings))


def _load_told(book: Keys) -> Keys:
    """Warn of accounts outside the table: those who are on them carry more than is counted."""
    told = tuple(
        attrs.evolve(one, severity="warning", message=f"{one.message}: in nobody's load")
        if one.code == "unknown_account"
        else one
        for one in book.findings
    )
    return attrs.evolve(book, findings=told)


def _roles(roles: Any) -> tuple[CoverageRole, ...]:
    if roles is None:
        return iron_triangle()
    found: tuple[CoverageRole, ...] = terms_given(roles, CoverageRole, "coverage(roles)")
    return found


def _day(as_of: Any) -> Any:
    return None if as_of is None else day_given(as_of, "coverage(as_of)")


def _need_column(name: str, given: object, other: str, needed: str | None) -> None:
    """Refuse an argument that says nothing without another."""
    if given is not None and needed is None:
        rule, hint = f"needs {other}", f"name the column with {other}=, or leave both out."
        raise SpecError.from_field(f"coverage({name})", rule, given, hint)


def _need_table(table: Columns | None, name: str, **columns: object) -> None:
    for argument, column in columns.items():
        if column is not None and table is None:
            hint = f"give {name}=, the table that holds it."
            rule = f"is a column of {name}, which are not given"
            raise SpecError.from_field(f"coverage({argument})", rule, column, hint)
