"""What `assign` has to solve: accounts, people, seats, and who may hold what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import (
    Bools,
    Codes,
    Columns,
    Floats,
    Objects,
    as_ids,
    common_length,
    labels,
    pick,
)
from keyaccount._validators import exact_int, exact_tuple
from keyaccount.errors import RowError, SpecError
from keyaccount.findings import Finding, counted
from keyaccount.program.assignment.asked import Asked
from keyaccount.program.book import about, numbers, who
from keyaccount.program.coverage.demands import levels_asked
from keyaccount.program.coverage.role import CoverageRole
from keyaccount.program.coverage.staff import levels_given, person_levels
from keyaccount.program.flags import flags
from keyaccount.program.term import code_rows, one_spelling, sought
from keyaccount.program.worth import read_worth

__all__ = ["Problem", "fits", "read_problems"]


_MOST = 10**9
"""Seats beyond this are no capacity that anybody has: a choice of this library."""
_ALMOST = 1e-9
"""Loads such as 0.1 add up to a bit more or less than a seat."""


@attrs.frozen(eq=False)
class Problem:
    """One role: accounts and people by position, in the order of their ids: ties fall alike.

    `load` is what the role costs of a capacity, and `barred` are those who have other roles: the
    person of each account, -1 where there is none.
    """

    account: Objects
    person: Objects
    value: Floats
    capacity: Codes
    before: Objects
    holder: Codes
    may_move: Bools
    match: tuple[tuple[Codes, Codes], ...]
    pairs: tuple[Codes, Codes, Floats] | None
    required: Codes
    level: Codes
    account_order: Codes
    person_order: Codes
    findings: tuple[Finding, ...]
    load: float = 1.0
    barred: tuple[Codes, ...] = ()

    def rooms(self, used: Floats) -> Codes:
        """Count the seats that each person has left, of what is not used of their capacity."""
        free = np.floor((self.capacity - used) / self.load + _ALMOST)
        found: Codes = np.maximum(free, 0.0).astype(np.int64)
        return found


def read_problems(
    accounts: Columns,
    people: Columns,
    *,
    capacity: str | int,
    names: dict[str, str | None],
    match: Sequence[str],
    eligibility: Columns | None,
    grades: tuple[str | None, Any, str | None, Any],
    roles: tuple[tuple[CoverageRole, ...], tuple[Asked, ...]],
) -> tuple[Problem, ...]:
    """Read everything, role by role, and put accounts and people into the order of their ids.

    What is read for all roles is told by the first.
    """
    account = as_ids(pick(accounts, str(names["account"])), str(names["account"]))
    person = as_ids(pick(people, str(names["person"])), str(names["person"]))
    by_account, by_person = np.argsort(account.astype(str)), np.argsort(person.astype(str))
    value, told = read_worth(accounts, names["value"], np.ones(len(account), dtype=np.bool_))
    terms, asked = roles
    who_may = _pairs(eligibility, names, account[by_account], person[by_person], terms)
    (required, level), level_told = _grades(accounts, people, grades, (account, len(person)), terms)
    room = _seats(people, capacity, len(person))[by_person]
    agree = _matches(accounts, people, match, (by_account, by_person))
    found: list[Problem] = []
    for k, one in enumerate(asked):
        before, holder, held_told = _holders(accounts, one.incumbents, account, person[by_person])
        problem = Problem(
            account=account[by_account],
            person=person[by_person],
            value=value[by_account],
            capacity=room,
            before=before[by_account],
            holder=holder[by_account],
            may_move=_released(accounts, one.released, account)[by_account],
            match=agree,
            pairs=who_may.of_role(k),
            required=required[by_account, k],
            level=level[by_person],
            account_order=by_account,
            person_order=by_person,
            findings=(*told, *held_told, *(() if k else who_may.findings + level_told)),
            load=one.load,
        )
        told = ()
        found.append(problem)
    return tuple(found)


def _released(accounts: Columns, name: str | None, account: Objects) -> Bools:
    """Say which accounts may go to somebody else; none where no column says it."""
    if name is None:
        return np.zeros(len(account), dtype=np.bool_)
    found: Bools = flags(accounts, name) == 1.0
    common_length({"account": account, name: found})
    return found


def fits(problem: Problem, rows: Codes) -> Floats:
    """Give the fit of each person for some accounts; NaN where not eligible."""
    n, p = len(rows), len(problem.person)
    allowed = np.ones((n, p), dtype=np.bool_)
    for ours, theirs in problem.match:
        allowed &= ours[rows][:, None] == theirs[None, :]  # missing: -1 here, -2 there
    allowed &= problem.required[rows][:, None] <= problem.level[None, :]
    for other in problem.barred:
        taken = other[rows]
        at = np.flatnonzero((taken >= 0) & (taken != problem.holder[rows]))
        allowed[at, taken[at]] = False
    if problem.pairs is None:
        return np.where(allowed, 1.0, np.nan)
    position = np.full(len(problem.account), -1, dtype=np.int64)
    position[rows] = np.arange(n)
    account, person, fit = problem.pairs
    there = position[account] >= 0
    given = np.full((n, p), np.nan)
    given[position[account[there]], person[there]] = fit[there]
    return np.where(allowed, given, np.nan)


def _grades(
    accounts: Columns,
    people: Columns,
    given: tuple[str | None, Any, str | None, Any],
    size: tuple[Objects, int],
    roles: tuple[CoverageRole, ...],
) -> tuple[tuple[Codes, Codes], tuple[Finding, ...]]:
    """Give the levels that each account asks for, ``(n, k)``, and that of each person; -1: none."""
    tier, required, level, levels = given
    account, n = size
    words = levels_given(levels, level, "assign")
    everyone = np.ones(len(account), dtype=np.bool_)
    of_accounts = (accounts, tier, account, everyone)
    asked, told = levels_asked(of_accounts, required, (roles, words), "assign")
    if level is not None:
        common_length({"person": np.empty(n), level: labels(people, level)})
    return (asked, person_levels(people, level, words, n, "assign")), told


def _holders(
    accounts: Columns, name: str | None, account: Objects, person: Objects
) -> tuple[Objects, Codes, tuple[Finding, ...]]:
    """Read who holds what; a holder who is not among the people holds no seat."""
    if name is None:
        nobody: Objects = np.full(len(account), None, dtype=object)
        return nobody, np.full(len(account), -1, dtype=np.int64), ()
    given, blank = who(accounts, name)
    common_length({"account": account, name: given})
    position = {one: i for i, one in enumerate(person.tolist())}
    table = [position.get(label, -1) for label in given.labels]
    holder = np.array([*table, -1], dtype=np.int64)[given.codes]
    gone = account[(given.codes >= 0) & (holder < 0)].tolist()
    said = f"{counted(len(gone), 'account')} held by somebody who is not among the people"
    return given.texts(), holder, blank + about("holder_gone", said, gone, name)


def _seats(people: Columns, capacity: str | int, n: int) -> Codes:
    if not isinstance(capacity, str):
        one: Any = exact_int(capacity)
        if not isinstance(one, int) or isinstance(one, bool) or not 0 <= one <= _MOST:
            rule = f"must be a whole number of at least 0, and at most {_MOST:,}"
            hint = "say how many accounts each may take, or name a column of people."
            raise SpecError.from_field("assign(capacity)", rule, capacity, hint)
        return np.full(n, one, dtype=np.int64)
    found, _ = numbers(people, capacity, low=0.0, high=float(_MOST))
    common_length({"person": np.empty(n), capacity: found})
    wrong = np.flatnonzero(np.isnan(found) | (found != np.floor(found)))
    if len(wrong):
        raise RowError.from_rows(
            capacity,
            "hold no whole number" if len(wrong) > 1 else "holds no whole number",
            wrong.tolist(),
            found[wrong[:5]].tolist(),
            "say how many accounts each person may take, 0 for none.",
        )
    return found.astype(np.int64)


def _names(match: Any) -> tuple[str, ...]:
    """Take names of columns; one may come alone."""
    found: Any = (match,) if isinstance(match, str) else exact_tuple(match)
    if not isinstance(found, tuple) or not all(isinstance(name, str) for name in found):
        hint = "list the columns in which account and person must agree."
        raise SpecError.from_field("assign(match)", "must be names of columns", match, hint)
    names: tuple[str, ...] = found
    return names


def _matches(
    accounts: Columns, people: Columns, match: Sequence[str], order: tuple[Codes, Codes]
) -> tuple[tuple[Codes, Codes], ...]:
    """Code the columns in which account and person must agree, with one code per text."""
    found: list[tuple[Codes, Codes]] = []
    for name in _names(match):
        ours, theirs = one_spelling(labels(accounts, name)), labels(people, name)
        common_length({"account": order[0], name: ours})
        common_length({"person": order[1], name: theirs})
        codes = sought(theirs, ours.labels)
        codes = np.where(codes < 0, -2, codes)  # never equal to ours
        found.append((ours.codes[order[0]], codes[order[1]]))
    return tuple(found)


@attrs.frozen(eq=False)
class _Pairs:
    """Who may hold what and how well they fit, -1 for a role: any; None where nothing says it."""

    pairs: tuple[Codes, Codes, Floats] | None = None
    role: Codes | None = None
    findings: tuple[Finding, ...] = ()

    def of_role(self, k: int) -> tuple[Codes, Codes, Floats] | None:
        """Give the pairs of one role."""
        if self.pairs is None or self.role is None:
            return self.pairs
        own = (self.role < 0) | (self.role == k)
        account, person, fit = self.pairs
        return account[own], person[own], fit[own]


def _pairs(
    table: Columns | None,
    names: dict[str, str | None],
    account: Objects,
    person: Objects,
    roles: tuple[CoverageRole, ...],
) -> _Pairs:
    """Read who may hold what, and how well they fit; of pairs given twice the best fit counts."""
    if table is None:
        return _Pairs()
    ours, theirs = labels(table, str(names["account"])), labels(table, str(names["person"]))
    name = names["fit"]
    fit, told = (np.ones(len(ours)), ()) if name is None else numbers(table, name, low=0.0)
    of_role = names["role"]
    part = None if of_role is None else code_rows(labels(table, of_role), roles, of_role)
    lengths = {"account": ours, "person": theirs, "fit": fit, "role": part}
    common_length({column: held for column, held in lengths.items() if held is not None})
    unknown = int(np.isnan(fit).sum())
    if unknown:
        said = f"{counted(unknown, 'pair')} without a known fit, taken for 0"
        told += (Finding(code="missing", message=said, count=unknown, where=str(name)),)
    at = _positions(ours.labels, account)[ours.codes]
    who = _positions(theirs.labels, person)[theirs.codes]
    for code, gone, given in (("unknown_account", at, ours), ("unknown_person", who, theirs)):
        ids = sorted({given.labels[c] for c in given.codes[gone < 0].tolist() if c >= 0})
        said = f"{counted(len(ids), code.removeprefix('unknown_'))} in pairs and not in the table"
        told += about(code, f"{said}, left out", ids, "eligibility")
    there = (at >= 0) & (who >= 0)
    at, who, fit = at[there], who[there], np.nan_to_num(fit[there])
    order = np.argsort(fit, kind="stable")  # written last: the best
    part = None if part is None else part[there][order]
    return _Pairs((at[order], who[order], fit[order]), part, told)


def _positions(words: tuple[str, ...], ids: Objects) -> Codes:
    known = {one: i for i, one in enumerate(ids.tolist())}
    return np.array([*(known.get(word, -1) for word in words), -1], dtype=np.int64)
