"""What the accounts bring, and the level that each asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Codes, Columns, Floats, Objects, common_length, labels
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, counted
from keyaccount.program.book import about, marked, numbers
from keyaccount.program.coverage.role import CoverageRole
from keyaccount.program.term import coded

__all__ = ["Demands", "levels_asked", "read_demands"]


@attrs.frozen(eq=False)
class Demands:
    """The worth of each account, and the level it asks for in each role, -1 for none."""

    worth: Floats
    level: Codes
    findings: tuple[Finding, ...]


def read_demands(
    accounts: Columns | None,
    ids: Objects,
    names: tuple[str | None, str | None],
    required: Any,
    words: tuple[tuple[CoverageRole, ...], tuple[str, ...]],
) -> Demands:
    """Read what the table of accounts says."""
    value, tier = names
    worth, told = _worth(accounts, value, len(ids))
    level, level_told = levels_asked((accounts, tier, ids), required, words, "coverage")
    return Demands(worth, level, told + level_told)


def levels_asked(
    of_accounts: tuple[Columns | None, str | None, Objects],
    required: Any,
    words: tuple[tuple[CoverageRole, ...], tuple[str, ...]],
    caller: str,
) -> tuple[Codes, tuple[Finding, ...]]:
    """Give the level that each account asks for, ``(n, k)``: by its tier, in each role.

    Raises
    ------
    SpecError
        Tiers are needed and not given, or a level or a role is none.
    """
    accounts, tier, ids = of_accounts
    roles, levels = words
    none = np.full((len(ids), max(len(roles), 1)), -1, dtype=np.int64)
    if required is None:
        _refuse_unused(tier, caller)
        return none, ()
    if accounts is None or tier is None:
        hint = "give accounts= and name the column with tier=."
        raise SpecError.from_field(f"{caller}(required)", "needs tiers", required, hint)
    by_tier = _required(required, roles, levels, f"{caller}(required)")
    return _asked(accounts, tier, by_tier, none, ids)


def _refuse_unused(tier: str | None, caller: str) -> None:
    if tier is not None:
        hint = "say required=, the lowest level for each tier, or leave both out."
        raise SpecError.from_field(f"{caller}(tier)", "needs required", tier, hint)


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


def _required(
    required: Any, roles: tuple[CoverageRole, ...], levels: tuple[str, ...], name: str
) -> dict[str, list[int]]:
    """Take the levels that each tier asks for: one for all roles, or one by role."""
    if not isinstance(required, Mapping):
        hint = 'write for instance {"A": "senior"}.'
        raise SpecError.from_field(name, "must map tiers to levels", required, hint)
    found: dict[str, list[int]] = {}
    for tier, asked in required.items():
        row = [-1] * max(len(roles), 1)
        if isinstance(asked, Mapping) and roles:
            for role, level in asked.items():
                row[_place(role, roles, name)] = _level(level, levels, name)
        else:
            row = [_level(asked, levels, name)] * len(row)
        found[str(tier)] = row
    return found


def _place(role: Any, roles: tuple[CoverageRole, ...], name: str) -> int:
    place = int(coded((str(role),), roles)[0])
    if place < 0:
        raise SpecError.from_choice(f"{name}: role", role, [one.code for one in roles])
    return place


def _level(level: Any, levels: tuple[str, ...], name: str) -> int:
    if level not in levels:
        raise SpecError.from_choice(name, level, levels)
    return levels.index(level)


def _asked(
    accounts: Columns, tier: str, required: dict[str, list[int]], none: Codes, ids: Objects
) -> tuple[Codes, tuple[Finding, ...]]:
    """Give the levels that each account's tier asks for; tiers that match nothing are told."""
    tiers = labels(accounts, tier)
    common_length({"account": ids, tier: tiers})
    blank = [-1] * none.shape[1]
    table = [required.get(t, blank) for t in tiers.labels]
    found = np.array([*table, blank], dtype=np.int64)[tiers.codes]
    absent = [t for t in required if t not in tiers.labels]
    absent_said = f"{counted(len(absent), 'tier')} with a level required that no account has"
    free = marked(ids, np.all(found < 0, axis=1))
    said = f"{counted(len(free), 'account')} of a tier for which no level is required"
    told = about("unknown_tier", absent_said, absent, tier)
    return found, told + about("no_required_level", said, free, tier, severity="info")
