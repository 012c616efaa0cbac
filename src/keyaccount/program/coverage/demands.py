"""What the accounts bring, and the level that each asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Codes, Columns, Floats, Objects, common_length, labels
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.ledger.told import counted
from keyaccount.program.book import about, marked, numbers

__all__ = ["Demands", "read_demands"]


@attrs.frozen(eq=False)
class Demands:
    """The worth of each account, and the level it asks for, -1 for none."""

    worth: Floats
    level: Codes
    findings: tuple[Finding, ...]


def read_demands(
    accounts: Columns | None,
    ids: Objects,
    names: tuple[str | None, str | None],
    required: Any,
    levels: tuple[str, ...],
) -> Demands:
    """Read what the table of accounts says."""
    value, tier = names
    worth, told = _worth(accounts, value, len(ids))
    by_tier = _required(accounts, tier, required, levels)
    if accounts is None or tier is None or by_tier is None:
        return Demands(worth, np.full(len(ids), -1, dtype=np.int64), told)
    level, level_told = _asked(accounts, tier, by_tier, levels, ids)
    return Demands(worth, level, told + level_told)


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
    accounts: Columns | None, tier: str | None, required: Any, levels: tuple[str, ...]
) -> dict[str, str] | None:
    """Take the level of each tier; None where none is required."""
    if required is None:
        return None
    name = "coverage(required)"
    if accounts is None or tier is None:
        hint = "give accounts= and name the column with tier=."
        raise SpecError.from_field(name, "needs tiers", required, hint)
    if not isinstance(required, Mapping):
        hint = 'write for instance {"A": "senior"}.'
        raise SpecError.from_field(name, "must map tiers to levels", required, hint)
    for asked in required.values():
        if asked not in levels:
            raise SpecError.from_choice(name, asked, levels)
    return {str(t): str(asked) for t, asked in required.items()}


def _asked(
    accounts: Columns, tier: str, required: dict[str, str], levels: tuple[str, ...], ids: Objects
) -> tuple[Codes, tuple[Finding, ...]]:
    """Give the level that each account's tier asks for; tiers that match nothing are told."""
    tiers = labels(accounts, tier)
    common_length({"account": ids, tier: tiers})
    table = [levels.index(required[t]) if t in required else -1 for t in tiers.labels]
    found = np.array([*table, -1], dtype=np.int64)[tiers.codes]
    absent = [t for t in required if t not in tiers.labels]
    absent_said = f"{counted(len(absent), 'tier')} with a level required that no account has"
    free = marked(ids, found < 0)
    said = f"{counted(len(free), 'account')} of a tier for which no level is required"
    told = about("unknown_tier", absent_said, absent, tier)
    return found, told + about("no_required_level", said, free, tier, severity="info")
