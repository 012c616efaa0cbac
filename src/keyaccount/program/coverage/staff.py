"""Our people: who there is, at which level, and how much each can carry."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Codes, Columns, Floats, Labels, Objects, common_length, labels
from keyaccount._validators import exact_float, exact_tuple, is_finite
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, counted
from keyaccount.program.book import Keys, about, numbers, read_keys
from keyaccount.program.term import plain, sought

__all__ = ["Staff", "levels_given", "person_levels", "read_staff"]


@attrs.frozen(eq=False)
class Staff:
    """Our people, their levels, -1 where unknown, and their capacities, NaN where unknown."""

    keys: Keys
    level: Codes
    capacity: Floats
    findings: tuple[Finding, ...]


def read_staff(
    seen: Labels,
    people: Columns | None,
    names: tuple[str, str | None],
    capacity: str | float | None,
    levels: tuple[str, ...],
) -> Staff:
    """Read what the table of people says; those on an account who are not in it come last."""
    person, level = names
    known = read_keys(seen, people, person, "person")
    for name in (level, capacity):
        if people is not None and isinstance(name, str):
            common_length({person: known.ids, name: labels(people, name)})
    keys = known if people is None else _with_others(known, seen)
    room, told = _capacity(people, capacity, len(keys))
    grade = person_levels(people, level, levels, len(keys), "coverage")
    return Staff(keys, grade, room, keys.findings + told)


def _with_others(known: Keys, seen: Labels) -> Keys:
    """Add the people who are on an account and not in the table, by id."""
    there = set(known.ids.tolist())
    others = sorted(one for one in seen.labels if one not in there)
    if not others:
        return known
    ids: Objects = np.array([*known.ids.tolist(), *others], dtype=object)
    position = {one: i for i, one in enumerate(ids.tolist())}
    rows = np.array([*(position[one] for one in seen.labels), -1], dtype=np.int64)[seen.codes]
    blank = tuple(one for one in known.findings if one.code != "unknown_person")
    said = f"{counted(len(others), 'person')} on accounts and not in the table of people"
    told = about("unknown_person", f"{said}: of unknown level and capacity", others, "person")
    return Keys(ids, rows, blank + told)


def levels_given(given: Any, level: str | None, caller: str) -> tuple[str, ...]:
    """Take the levels, lowest first.

    Raises
    ------
    SpecError
        They are no texts, two of them are one in another spelling, or they go without a column.
    """
    found: Any = exact_tuple(given)
    good = isinstance(found, tuple) and all(isinstance(one, str) for one in found)
    if not good or len({plain(one) for one in found}) < len(found):
        rule, hint = "must be different texts", "list the levels, lowest first."
        raise SpecError.from_field(f"{caller}(levels)", rule, given, hint)
    if found and level is None:
        hint = "name the column of people with level=, or leave both out."
        raise SpecError.from_field(f"{caller}(levels)", "needs level", given, hint)
    if level is not None and not found:
        hint = "list the levels there are with levels=, lowest first."
        raise SpecError.from_field(f"{caller}(level)", "needs levels", level, hint)
    levels: tuple[str, ...] = found
    return levels


def person_levels(
    people: Columns | None, level: str | None, levels: tuple[str, ...], n: int, caller: str
) -> Codes:
    """Read the level of each person; -1 where unknown."""
    if people is None or level is None:
        return np.full(n, -1, dtype=np.int64)
    found = labels(people, level)
    known = {plain(one) for one in levels}
    for label in found.labels:
        if plain(label) not in known:
            raise SpecError.from_choice(f"{caller}(level): column {level!r}", label, levels)
    codes = sought(found, levels)
    return np.concatenate([codes, np.full(n - len(codes), -1, dtype=np.int64)])


def _capacity(
    people: Columns | None, capacity: str | float | None, n: int
) -> tuple[Floats, tuple[Finding, ...]]:
    if isinstance(capacity, str):
        assert people is not None
        found, told = numbers(people, capacity, low=0.0)
        return np.concatenate([found, np.full(n - len(found), np.nan)]), told
    one = np.nan if capacity is None else exact_float(capacity)
    if capacity is not None and (not is_finite(one) or one < 0.0):
        rule, hint = "must be a number of at least 0", "or name a column of people."
        raise SpecError.from_field("coverage(capacity)", rule, capacity, hint)
    return np.full(n, one), ()
