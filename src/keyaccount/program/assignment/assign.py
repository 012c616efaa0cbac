"""`assign`: owners for key accounts, under capacity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from keyaccount._columns import Codes, Columns, Floats, Objects
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, counted
from keyaccount.program.assignment.asked import asked_roles
from keyaccount.program.assignment.assigned import BY_ROW, OUTCOMES, Assigned
from keyaccount.program.assignment.problem import Problem, read_problems
from keyaccount.program.assignment.seats import Seats
from keyaccount.program.assignment.solving import fits_of_holders, proposed
from keyaccount.program.book import about
from keyaccount.program.coverage.role import CoverageRole
from keyaccount.stats.sums import group_counts

__all__ = ["assign"]


def assign(
    accounts: Columns,
    people: Columns,
    *,
    capacity: str | int,
    account: str = "account",
    person: str = "person",
    value: str | None = None,
    match: Sequence[str] = (),
    eligibility: Columns | None = None,
    fit: str | None = None,
    incumbents: str | Mapping[str, str] | None = None,
    released: str | Mapping[str, str] | None = None,
    tier: str | None = None,
    required: Mapping[str, str | Mapping[str, str]] | None = None,
    level: str | None = None,
    levels: Iterable[str] = (),
    roles: Iterable[CoverageRole] | None = None,
    load: float | Mapping[str, float] | None = None,
    role: str | None = None,
) -> Assigned:
    """Propose one owner for each account, so that the most value is in good hands.

    Who holds an account keeps it, unless the account is released. Of all ways to place the rest
    this is one with the most value placed (value times fit), then the most accounts placed, then
    the fewest changes, then the most even load. Exact, and the same in any order of the rows: ties
    fall by id.

    With `roles`, somebody is proposed for each of them, one role after the other in their order:
    each is the best there is with the capacity that the roles before leave. First, in that order,
    who holds a role keeps it. Nobody is proposed for a second role on an account, which would then
    be in one person's hands; who holds it now may keep it.

    Parameters
    ----------
    accounts
        Columns, one row per account that needs an owner.
    people
        Columns, one row per person who may own accounts.
    capacity
        Column of `people`, or one number for all: how many accounts a person may take, or with
        roles what load.
    account, person
        Columns of ids, in `accounts` and `people`, and in `eligibility`. With roles, `accounts` has
        a row per account all the same.
    value
        Column of `accounts`: what each brings; missing or below 0 counts 0, and is told, as in
        `coverage`. None: each counts 1.
    match
        Columns of both tables in which account and person must agree, such as the region, whatever
        case, width and spaces. A missing cell agrees with nothing.
    eligibility
        Columns of pairs: who may own which account. None: everybody any account.
    fit
        Column of `eligibility`: how well the person fits the account, at least 0; missing counts 0.
    incumbents
        Column of `accounts`: who holds it now; blank where nobody does. With several roles, a
        column by role, such as ``{"AR": "owner"}``. None, or none for a role: nobody holds any.
    released
        Column of `accounts`, or a column by role: true where the account may go to somebody else.
        None: no account may.
    tier
        Column of `accounts`: the tier.
    required
        Tier to the lowest level that may own such an account, or to levels by role, as in
        `coverage`; a tier or a role not named asks for none. Somebody of unknown level may own no
        account whose tier asks for one.
    level, levels
        Column of `people`: their level; and the levels there are, lowest first.
    roles
        The roles to propose somebody for, such as `iron_triangle()`. None: one owner.
    load
        What a role on one account costs of a person's capacity, above 0: one number, or numbers by
        role. None, or none for a role: 1. The capacity is shared by all roles.
    role
        Column of `eligibility`: the role that the pair is for; blank: any. None: any.

    Returns
    -------
    Assigned
        One row per account, or per role and account: the person, or why there is none; `.seats`:
        one row per person; `.of(role)`: one role.

    Raises
    ------
    MissingExtra
        SciPy is not installed, and some account has no seat yet.
    ColumnNotFoundError, ColumnError, RowError, DuplicateIdError
        A column is not there, or holds what cannot be.
    SpecError
        An argument is not what it should be, or value times fit is beyond any number.
    NotEnoughDataError
        Accounts times seats are beyond what is weighed at once (25 million).

    Notes
    -----
    The assignment problem of operations research, solved by SciPy's ``linear_sum_assignment`` with
    a seat for each account that a person may take: first for value, in whole numbers of a unit that
    follows the data (some 13 digits of the largest), then among the best for the rest. The load is
    even where the squares of accounts per capacity, each times the capacity, add up to the least:
    a choice of this library, so that people of one capacity carry as many accounts. Where a
    holder has more accounts than seats, those of the highest value stay, ties by id.

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {"account": ["A", "B", "C"], "worth": [9, 5, 3], "region": ["N", "N", "S"]}
    >>> team = {"person": ["li", "wu"], "region": ["N", "N"]}
    >>> found = ka.assign(book, team, capacity=1, value="worth", match=["region"])
    >>> found.person.tolist(), found.row(2)["why"]
    (['li', 'wu', None], 'nobody is eligible')
    >>> found = ka.assign(
    ...     {"account": ["A", "B"], "owner": ["li", None]},
    ...     {"person": ["li", "wu", "he"]},
    ...     capacity=1,
    ...     roles=ka.iron_triangle()[:2],
    ...     load={"SR": 0.5},
    ...     incumbents={"AR": "owner"},
    ... )
    >>> found.of("AR").person.tolist(), found.of("SR").person.tolist()
    (['li', 'he'], ['wu', 'wu'])
    """
    if fit is not None and eligibility is None:
        hint = "give eligibility=, the table of pairs that holds it."
        rule = "is a column of eligibility, which is not given"
        raise SpecError.from_field("assign(fit)", rule, fit, hint)
    if released is not None and incumbents is None:
        hint = "name the column of holders with incumbents=."
        raise SpecError.from_field("assign(released)", "needs incumbents", released, hint)
    asked = asked_roles(roles, load, incumbents, released)
    _need_roles(role, eligibility, asked[0])
    problems = read_problems(
        accounts,
        people,
        capacity=capacity,
        names={
            "account": account,
            "person": person,
            "value": value,
            "fit": fit,
            "role": role,
        },
        match=match,
        eligibility=eligibility,
        grades=(tier, required, level, levels),
        roles=asked,
    )
    placed = proposed(problems)
    seats = _seats(problems, tuple(one[0] for one in placed))
    parts = [
        _of_role(problem, found, seats, one)
        for problem, found, one in zip(problems, placed, asked[0] or (None,), strict=True)
    ]
    return parts[0] if roles is None else _joined(parts)


def _need_roles(
    role: str | None, eligibility: Columns | None, roles: tuple[CoverageRole, ...]
) -> None:
    """Refuse a column of roles where there are no pairs, or no roles."""
    for name, needed in (("eligibility", eligibility), ("roles", roles or None)):
        if role is not None and needed is None:
            hint = f"give {name}= as well, or leave both out."
            raise SpecError.from_field("assign(role)", f"needs {name}", role, hint)


def _seats(problems: tuple[Problem, ...], placed: tuple[Codes, ...]) -> Seats:
    """Add up what each person takes of all roles."""
    problem = problems[0]
    n = len(problem.person)
    counts = [group_counts(who, n) for who in placed]
    taken, load = np.zeros(n, dtype=np.int64), np.zeros(n)
    for one, count in zip(problems, counts, strict=True):
        taken, load = taken + count, load + one.load * count
    back = np.argsort(problem.person_order)
    return Seats(problem.person[back], problem.capacity[back], taken[back], load[back])


def _of_role(
    problem: Problem,
    found: tuple[Codes, Floats, Codes],
    seats: Seats,
    role: CoverageRole | None,
) -> Assigned:
    """Put what was found for one role into the order of the accounts."""
    who, how_well, pushed = found
    outcome = _outcomes(problem, who)
    back = np.argsort(problem.account_order)
    code = "" if role is None else role.code
    codes: Objects = np.full(len(back), code, dtype=object)
    return Assigned(
        account=problem.account[back],
        person=_named(problem.person, who)[back],
        before=problem.before[back],
        outcome=outcome[back],
        value=problem.value[back],
        fit=how_well[back],
        not_kept=_not_kept(problem, pushed, code)[back],
        seats=seats,
        findings=problem.findings + _findings(problem, outcome, pushed, code),
        role=None if role is None else codes,
    )


def _joined(parts: list[Assigned]) -> Assigned:
    """Write the roles one below the other."""
    rows: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in BY_ROW
    }
    told = tuple(finding for part in parts for finding in part.findings)
    return Assigned(seats=parts[0].seats, findings=told, **rows)


def _named(person: Objects, who: Codes) -> Objects:
    table: Objects = np.full(len(person) + 1, None, dtype=object)
    table[:-1] = person
    found: Objects = table[np.maximum(who, -1)]
    return found


def _outcomes(problem: Problem, who: Codes) -> Codes:
    """Say what came of each account; a holder who is not among the people has lost it."""
    code = {name: i for i, name in enumerate(OUTCOMES)}
    had_one = np.array([b is not None for b in problem.before.tolist()], dtype=np.bool_)
    found = np.where(had_one, code["moved"], code["new"])
    stays = who == problem.holder
    found[stays & problem.may_move] = code["returned"]
    found[stays & ~problem.may_move] = code["kept"]
    found[who == -1] = code["capacity_used_up"]
    found[who == -2] = code["no_eligible_person"]  # noqa: PLR2004 - as `proposed` says
    return found.astype(np.int64)


def _not_kept(problem: Problem, pushed: Codes, role: str) -> Objects:
    """Say why an account could not stay with its holder; empty where it could, or had none."""
    found: Objects = np.full(len(problem.account), "", dtype=object)
    had_one = np.array([who is not None for who in problem.before.tolist()], dtype=np.bool_)
    gone = had_one & (problem.holder < 0)
    found[gone] = "{before} is not among the people"
    found[pushed] = "{before} is not eligible"
    full = pushed[fits_of_holders(problem, pushed) >= 0.0]
    first = "what comes first: other roles, or " if role else ""
    found[full] = f"{{before}} is full with {first}accounts of at least its value"
    found[full[problem.capacity[problem.holder[full]] == 0]] = "{before} may take none"
    return found


def _findings(problem: Problem, outcome: Codes, pushed: Codes, role: str) -> tuple[Finding, ...]:
    told: tuple[Finding, ...] = ()
    for code, said in (
        ("no_eligible_person", "for which nobody is eligible"),
        ("capacity_used_up", "left over: everybody eligible is full"),
    ):
        ids = problem.account[outcome == OUTCOMES.index(code)].tolist()
        told += about(code, f"{counted(len(ids), 'account')} {said}", ids, role)
    ids = problem.account[pushed].tolist()
    said = f"{counted(len(ids), 'account')} could not stay: the holder is full or not eligible"
    return told + about("not_kept", said, ids, role)
