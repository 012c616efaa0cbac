"""Read the customer's people: several rows about one person become one."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Columns, Days, Floats, Labels, Objects, days, labels
from keyaccount._validators import float_tuple, is_finite
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, about_rows, counted
from keyaccount.program.book import Keys, numbers, ranked, read_keys, same_length, says_nothing, who
from keyaccount.program.decision_chain.roles import STANCES, roles_of
from keyaccount.program.term import Term, code_rows
from keyaccount.stats.sums import group_counts, group_max, group_min

__all__ = ["Known", "people_rows", "read_people"]

_NOBODY = frozenset(("no", "n", "none", "nobody", "否", "无", "没有", "不是"))


@attrs.frozen(eq=False)
class Known:
    """The people of the customers, once each, by account and then by id."""

    book: Keys
    position: Codes
    person: Objects
    in_role: Bools
    stance: Floats
    influence: Floats
    has_contact: Bools
    last_met: Days
    findings: tuple[Finding, ...]


@attrs.frozen(eq=False)
class _Rows:
    """The rows of the table of people, as they were written."""

    account: Labels
    person: Labels
    in_role: Bools
    stance: Floats
    influence: Floats
    has_contact: Bools
    last_met: Days
    findings: tuple[Finding, ...]


def read_people(
    table: Columns,
    accounts: Columns | None,
    names: dict[str, str | None],
    roles: tuple[Term, ...],
    scale_and_day: tuple[Any, np.datetime64 | None],
) -> Known:
    """Read the people; what rows about the same person say is put together."""
    rows = _read_rows(table, names, roles, scale_and_day)
    book = read_keys(rows.account, accounts, str(names["account"]), "account")
    return _put_together(rows, book)


def _read_rows(
    table: Columns,
    names: dict[str, str | None],
    roles: tuple[Term, ...],
    scale_and_day: tuple[Any, np.datetime64 | None],
) -> _Rows:
    account = labels(table, str(names["account"]))
    person, nobody = who(table, str(names["person"]))
    role = labels(table, str(names["role"]))
    n = len(account)
    stance = _stances(table, names["stance"], n)
    influence, told = _influence(table, names["influence"], scale_and_day[0], n)
    contact = _contacts(table, names["contact"], n)
    met, later_told = _met(table, names["last_met"], n, scale_and_day[1])
    given = {"stance": stance, "influence": influence, "contact": contact, "last_met": met}
    same_length(account=account, person=person, role=role, **given)
    in_role, role_told = _roles(role, roles)
    blank = np.flatnonzero((account.codes >= 0) & (person.codes < 0))
    said = f"{counted(len(blank), 'row')} without a person, left out"
    told += nobody + later_told + role_told + about_rows("no_person", said, blank, where="person")
    return _Rows(account, person, in_role, stance, influence, contact, met, told)


def _put_together(rows: _Rows, book: Keys) -> Known:
    """Make one of all rows about one person of an account."""
    who = ranked(rows.person)
    there = (book.rows >= 0) & (who >= 0)
    size = max(len(rows.person.labels), 1)
    cells, first, group = np.unique(
        book.rows[there] * size + who[there], return_index=True, return_inverse=True
    )
    m = len(cells)
    stance, differ = _merged(rows.stance[there], group, m)
    return Known(
        book=book,
        position=cells // size,
        person=rows.person.texts()[there][first],
        in_role=_any(rows.in_role[there], group, m),
        stance=stance,
        influence=group_max(rows.influence[there], group, m),
        has_contact=group_counts(group, m, rows.has_contact[there]) > 0,
        last_met=_latest(rows.last_met[there], group, m),
        findings=book.findings + rows.findings + differ,
    )


def people_rows(account: Labels, person: Labels, known: Known) -> Codes:
    """Find the person that each row of another table is about, -1 where it is none of them."""
    names = sorted(set(known.person.tolist()))
    rank = {name: i for i, name in enumerate(names)}
    size = max(len(names), 1)
    keys = known.position * size + np.array([rank[p] for p in known.person], dtype=np.int64)
    at = _places(account, {one: i for i, one in enumerate(known.book.ids.tolist())})
    who = _places(person, rank)
    wanted = np.where((at < 0) | (who < 0), -1, at * size + who)
    found = np.searchsorted(keys, wanted)  # people are in the order of their keys
    there = np.append(keys, -2)[found] == wanted
    return np.where(there, found, -1)


def _places(given: Labels, position: dict[str, int]) -> Codes:
    table = [position.get(label, -1) for label in given.labels]
    found: Codes = np.array([*table, -1], dtype=np.int64)[given.codes]
    return found


def _roles(given: Labels, roles: tuple[Term, ...]) -> tuple[Bools, tuple[Finding, ...]]:
    """Mark the roles that each row names; words that are none are told."""
    codes = [role.code for role in roles]
    table = np.zeros((len(given.labels) + 1, len(codes)), dtype=np.bool_)
    strange: set[str] = set()
    for i, label in enumerate(given.labels):
        for word in roles_of(label, roles):
            if word in codes:
                table[i, codes.index(word)] = True
            else:
                strange.add(word)
    if not strange:
        return table[given.codes], ()
    said = f"{counted(len(strange), 'word')} that name no role: {', '.join(sorted(strange)[:5])}"
    finding = Finding(code="unknown_role", message=said, count=len(strange), where="role")
    return table[given.codes], (finding,)


def _stances(table: Columns, name: str | None, n: int) -> Floats:
    if name is None:
        return np.full(n, np.nan)
    codes = code_rows(labels(table, name), STANCES, name)
    return np.where(codes < 0, np.nan, codes - 1.0)


def _influence(
    table: Columns, name: str | None, scale: Any, n: int
) -> tuple[Floats, tuple[Finding, ...]]:
    if name is None:
        return np.full(n, np.nan), ()
    if scale is None:
        return numbers(table, name, low=0.0)
    ends: Any = float_tuple(scale)
    pair = isinstance(ends, tuple) and len(ends) == 2  # noqa: PLR2004 - low and high
    if not pair or not all(map(is_finite, ends)) or not 0.0 <= ends[0] < ends[1]:
        rule, hint = "must be two rising numbers of at least 0", "write for instance (0, 10)."
        raise SpecError.from_field("decision_chain(scale)", rule, scale, hint)
    return numbers(table, name, low=ends[0], high=ends[1])


def _contacts(table: Columns, name: str | None, n: int) -> Bools:
    """Say who has a contact of ours: anybody named; a flag or a word may say no."""
    if name is None:
        return np.zeros(n, dtype=np.bool_)
    found = labels(table, name)
    says = [
        not says_nothing(label) and label.strip().casefold() not in _NOBODY
        for label in found.labels
    ]
    return np.array([*says, False], dtype=np.bool_)[found.codes]


def _met(
    table: Columns, name: str | None, n: int, day: np.datetime64 | None
) -> tuple[Days, tuple[Finding, ...]]:
    """Read the last meetings; those after the day have not been held yet."""
    if name is None:
        return np.full(n, "NaT", dtype="datetime64[D]"), ()
    found = days(table, name)
    if day is None:
        return found, ()
    later = np.flatnonzero(found > day)
    said = f"{counted(len(later), 'meeting')} after {day}, left out"
    return np.where(found > day, np.datetime64("NaT", "D"), found), about_rows(
        "later", said, later, where=name
    )


def _any(mask: Bools, group: Codes, m: int) -> Bools:
    found = np.zeros((m, mask.shape[1]), dtype=np.bool_)
    np.logical_or.at(found, group, mask)
    return found


def _merged(stance: Floats, group: Codes, m: int) -> tuple[Floats, tuple[Finding, ...]]:
    """Give the one known stance; NaN where rows differ, which is told."""
    low, high = group_min(stance, group, m), group_max(stance, group, m)
    differs = low < high
    clash = int(np.count_nonzero(differs))
    said = f"{counted(clash, 'person')} of different stances, taken for unknown"
    told = Finding(code="stances_differ", message=said, count=clash, where="stance")
    return np.where(differs, np.nan, low), (told,) if clash else ()


def _latest(met: Days, group: Codes, m: int) -> Days:
    number = np.where(np.isnat(met), np.nan, met.astype(np.int64).astype(np.float64))
    last = group_max(number, group, m)
    found = np.full(m, "NaT", dtype="datetime64[D]")
    known = ~np.isnan(last)
    found[known] = last[known].astype(np.int64).astype("datetime64[D]")
    return found
