"""What the accounts bring, and the level that each asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Columns, Floats, Objects, common_length, labels
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, counted
from keyaccount.program.book import about, marked
from keyaccount.program.coverage.role import CoverageRole
from keyaccount.program.flags import flags
from keyaccount.program.term import placed_words, plain, sought
from keyaccount.program.worth import read_worth

__all__ = ["Demands", "levels_asked", "read_demands"]


@attrs.frozen(eq=False)
class Demands:
    """The worth of each account, whether it is key, and the levels it asks for, -1 for none."""

    worth: Floats
    is_key: Bools
    level: Codes
    findings: tuple[Finding, ...]


def read_demands(
    accounts: Columns | None,
    ids: Objects,
    names: tuple[str | None, str | None, str | None],
    required: Any,
    words: tuple[tuple[CoverageRole, ...], tuple[str, ...]],
) -> Demands:
    """Read what the table of accounts says."""
    value, tier, key = names
    is_key, key_told = _key(accounts, key, ids)
    what = "account" if key is None else "key account"
    worth, told = read_worth(accounts, value, is_key, what)
    of_accounts = (accounts, tier, ids, is_key)
    level, level_told = levels_asked(of_accounts, required, words, "coverage")
    return Demands(worth, is_key, level, key_told + told + level_told)


def _key(
    accounts: Columns | None, key: str | None, ids: Objects
) -> tuple[Bools, tuple[Finding, ...]]:
    """Say which accounts are key: all of them where no column says it."""
    if accounts is None or key is None:
        return np.ones(len(ids), dtype=np.bool_), ()
    found = flags(accounts, key)
    _ = common_length({"account": ids, key: found})
    unknown = marked(ids, np.isnan(found))
    said = f"{counted(len(unknown), 'account')} of which it is not known whether they are key"
    return found == 1.0, about("key_unknown", f"{said}: counted as others", unknown, key)


def levels_asked(
    of_accounts: tuple[Columns | None, str | None, Objects, Bools],
    required: Any,
    words: tuple[tuple[CoverageRole, ...], tuple[str, ...]],
    caller: str,
) -> tuple[Codes, tuple[Finding, ...]]:
    """Give the level that each account asks for, ``(n, k)``: by its tier, in each role.

    Accounts of a tier that asks for none are told, of those that are marked.

    Raises
    ------
    SpecError
        Tiers are needed and not given, or a level or a role is none.
    """
    accounts, tier, ids, concerned = of_accounts
    roles, levels = words
    none = np.full((len(ids), max(len(roles), 1)), -1, dtype=np.int64)
    if required is None:
        _refuse_unused(tier, caller)
        return none, ()
    if accounts is None or tier is None:
        hint = "give accounts= and name the column with tier=."
        raise SpecError.from_field(f"{caller}(required)", "needs tiers", required, hint)
    by_tier = _required(required, roles, levels, f"{caller}(required)")
    return _asked(accounts, tier, by_tier, none, (ids, concerned))


def _refuse_unused(tier: str | None, caller: str) -> None:
    if tier is not None:
        hint = "say required=, the lowest level for each tier, or leave both out."
        raise SpecError.from_field(f"{caller}(tier)", "needs required", tier, hint)


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
            for place, (role, level) in placed_words(asked, roles, f"{name}: role").items():
                row[place] = _level(level, levels, f"{name}: {role}")
        else:
            row = [_level(asked, levels, name)] * len(row)
        other = next((one for one in found if plain(one) == plain(str(tier))), None)
        if other is not None:
            hint = "keep one of them: case, width and spaces make no difference."
            raise SpecError.from_field(name, "must name each tier once", [other, tier], hint)
        found[str(tier)] = row
    return found


def _level(level: Any, levels: tuple[str, ...], name: str) -> int:
    words = [plain(one) for one in levels]
    if not isinstance(level, str) or plain(level) not in words:
        raise SpecError.from_choice(name, level, levels)
    return words.index(plain(level))


def _asked(
    accounts: Columns,
    tier: str,
    required: dict[str, list[int]],
    none: Codes,
    whose: tuple[Objects, Bools],
) -> tuple[Codes, tuple[Finding, ...]]:
    """Give the levels that each account's tier asks for; tiers that match nothing are told."""
    (ids, concerned), tiers = whose, labels(accounts, tier)
    common_length({"account": ids, tier: tiers})
    table = [*required.values(), [-1] * none.shape[1]]
    found = np.array(table, dtype=np.int64)[sought(tiers, required)]
    there = {plain(label) for label in tiers.labels}
    absent = [t for t in required if plain(t) not in there]
    absent_said = f"{counted(len(absent), 'tier')} with a level required that no account has"
    free = marked(ids, np.all(found < 0, axis=1) & concerned)
    said = f"{counted(len(free), 'account')} of a tier for which no level is required"
    told = about("unknown_tier", absent_said, absent, tier)
    return found, told + about("no_required_level", said, free, tier, severity="info")
