"""`positioning`: where we stand with each account and where we aim; strategic or important."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Columns, Floats, as_ids, labels, pick
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.ledger.told import counted
from keyaccount.program.book import about, flags, marked, numbers, read_keys, same_length
from keyaccount.program.positioning.level import PositionLevel, position_levels
from keyaccount.program.positioning.result import Positioning
from keyaccount.program.positioning.rule import StrategicRule
from keyaccount.program.term import code_rows, terms_given
from keyaccount.stats.sums import exact_sum

__all__ = ["positioning"]


def positioning(
    accounts: Columns,
    *,
    account: str = "account",
    now: str = "now",
    aim: str = "aim",
    levels: Iterable[PositionLevel] | None = None,
    rule: StrategicRule | None = None,
    key: str | None = None,
    resources: str | None = None,
    evidence: Columns | None = None,
    shown: str = "evidence",
) -> Positioning:
    """Say of each account where we stand, where we aim, and whether it is strategic.

    Parameters
    ----------
    accounts
        Columns, one row per account, among them those that `rule` reads (true and false; missing:
        unknown).
    account, now, aim
        Columns: the id, the level now and the level aimed at, by code or name; missing: unknown.
    levels
        The levels, the loosest first; None: `position_levels()`.
    rule
        When an account is strategic; None: `StrategicRule()`.
    key
        Column: whether it is a key account; others are neither strategic nor important. None: all
        are.
    resources
        Column: strategic resources the account takes, at least 0, in any unit.
    evidence, shown
        Columns of pairs: the account, and in the column `shown` the code of what has been shown.

    Returns
    -------
    Positioning
        One row per account, aligned with the input. Row-wise.

    Raises
    ------
    ColumnNotFoundError, ColumnError
        A column is not there or holds something else.
    RowError
        A level is none, a flag is neither true nor false, or resources are below 0.
    DuplicateIdError
        An account occurs twice.
    SpecError
        An argument is not what it should be.

    Notes
    -----
    Relationship positioning (关系定位). Strategic resources go to strategic accounts only: others
    that take them are a finding. Evidence for a level is what that level itself asks for, and all
    levels between now and the aim where it is still to be shown.

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {"account": "A", "now": "vendor", "aim": "业务伙伴", "works_on_strategy": False}
    >>> found = ka.positioning(book, evidence={"account": ["A"], "evidence": ["problems_solved"]})
    >>> found.evidence_required.tolist()
    ['preferred_status']
    """
    steps: tuple[PositionLevel, ...] = (
        position_levels()
        if levels is None
        else terms_given(levels, PositionLevel, "positioning(levels)")
    )
    held = _rule(rule, steps)
    ids = as_ids(pick(accounts, account), account)
    at = code_rows(labels(accounts, now), steps, now)
    to = code_rows(labels(accounts, aim), steps, aim)
    is_key = np.ones(len(ids)) if key is None else flags(accounts, key)
    taken, told = _resources(accounts, resources, len(ids))
    same_length(account=ids, now=at, aim=to, key=is_key, resources=taken)
    standing = _standing(accounts, held, at, is_key, steps)
    codes, given, evidence_told = _evidence(evidence, accounts, account, shown, steps)
    asks = np.array([[c in level.evidence for c in codes] for level in steps], dtype=np.bool_)
    found = Positioning(
        account=ids,
        levels=steps,
        now=at,
        aim=to,
        standing=standing,
        resources=taken,
        evidence=codes,
        unsupported=_claimed(asks, at) & ~given & (evidence is not None),
        required=_between(asks, at, to) & ~given,
        evidence_given=evidence is not None,
    )
    return attrs.evolve(found, findings=told + evidence_told + _findings(found))


def _rule(rule: Any, levels: tuple[PositionLevel, ...]) -> StrategicRule:
    held = StrategicRule() if rule is None else rule
    if not isinstance(held, StrategicRule):
        hint = "leave it out for the default."
        raise SpecError.from_field("positioning(rule)", "must be a StrategicRule", rule, hint)
    codes = [level.code for level in levels]
    if held.from_level is not None and held.from_level not in codes:
        raise SpecError.from_choice("StrategicRule.from_level", held.from_level, codes)
    return held


def _resources(accounts: Columns, name: str | None, n: int) -> tuple[Floats, tuple[Finding, ...]]:
    return (np.full(n, np.nan), ()) if name is None else numbers(accounts, name, low=0.0)


def _standing(
    accounts: Columns,
    rule: StrategicRule,
    now: Codes,
    is_key: Floats,
    levels: tuple[PositionLevel, ...],
) -> Codes:
    """Hold each account against the rule: one known failure decides, the rest must be known."""
    tests_by_name = {name: flags(accounts, name) for name in rule.all_of}
    same_length(now=now, **tests_by_name)
    tests = list(tests_by_name.values())
    if rule.from_level is not None:
        least = [level.code for level in levels].index(rule.from_level)
        tests.append(np.where(now < 0, np.nan, (now >= least).astype(np.float64)))
    fails, unknown = np.zeros(len(now), np.bool_), np.zeros(len(now), np.bool_)
    for test in tests:
        fails |= test == 0.0
        unknown |= np.isnan(test)
    found = np.where(fails, 1, np.where(unknown, -1, 2))
    found[is_key == 0.0] = 0
    found[np.isnan(is_key)] = -1
    return found.astype(np.int64)


def _evidence(
    table: Columns | None,
    accounts: Columns,
    account: str,
    shown: str,
    levels: tuple[PositionLevel, ...],
) -> tuple[tuple[str, ...], Bools, tuple[Finding, ...]]:
    """Read what has been shown of what the levels ask for."""
    codes = tuple(dict.fromkeys(code for level in levels for code in level.evidence))
    n = len(as_ids(pick(accounts, account), account))
    given = np.zeros((n, len(codes)), dtype=np.bool_)
    if table is None:
        return codes, given, ()
    seen, what = labels(table, account), labels(table, shown)
    same_length(account=seen, evidence=what)
    book = read_keys(seen, accounts, account, "account")
    position = {code: i for i, code in enumerate(codes)}
    where = [position.get(label, -1) for label in what.labels]
    column = np.array([*where, -1], dtype=np.int64)[what.codes]
    there = (book.rows >= 0) & (column >= 0)
    given[book.rows[there], column[there]] = True
    other = [label for label, i in zip(what.labels, where, strict=True) if i < 0]
    said = f"{counted(len(other), 'kind')} of evidence that no level asks for"
    return (
        codes,
        given,
        book.findings + about("other_evidence", said, other, shown, severity="info"),
    )


def _claimed(asks: Bools, now: Codes) -> Bools:
    """Mark the evidence that the level now asks for."""
    table = np.concatenate([asks, np.zeros((1, asks.shape[1]), dtype=np.bool_)])
    found: Bools = table[now]
    return found


def _between(asks: Bools, now: Codes, aim: Codes) -> Bools:
    """Mark the evidence that the levels above now and up to the aim ask for."""
    found = np.zeros((len(now), asks.shape[1]), dtype=np.bool_)
    for level in range(len(asks)):
        on_the_way = (now >= 0) & (level > now) & (level <= aim)
        found |= on_the_way[:, None] & asks[level][None, :]
    return found


def _findings(found: Positioning) -> tuple[Finding, ...]:
    told: tuple[Finding, ...] = ()
    lacking: Bools = np.any(found.unsupported, axis=1)
    for code, which, said in (
        ("no_level", found.now < 0, "of unknown level"),
        ("no_aim", found.aim < 0, "without an aim"),
        ("aim_below", found.gap < 0.0, "where we aim lower than we are"),
        ("level_not_shown", lacking, "whose level is claimed without its evidence"),
        ("standing_unknown", found.standing < 0, "of which it is unknown whether strategic"),
    ):
        ids = marked(found.account, which)
        told += about(code, f"{counted(len(ids), 'account')} {said}", ids)
    ids = marked(found.account, found.misplaced)
    total = exact_sum(found.resources[found.misplaced])
    said = f"{counted(len(ids), 'account')} with {total:.15g} of strategic resources, not strategic"
    return told + about("misplaced_resources", said, ids, "resources")
