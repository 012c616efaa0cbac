"""`positioning`: where we stand with each account and where we aim; strategic or important."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Columns, Floats, as_ids, labels, pick
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, counted
from keyaccount.program.book import about, marked, numbers, same_length
from keyaccount.program.flags import flags
from keyaccount.program.positioning.level import PositionLevel, position_levels
from keyaccount.program.positioning.result import Positioning
from keyaccount.program.positioning.rule import StrategicRule
from keyaccount.program.positioning.shown import shown_evidence
from keyaccount.program.positioning.steps import other_steps
from keyaccount.program.table import amount
from keyaccount.program.term import code_rows, coded, terms_given
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
    steps: Columns | None = None,
    strategic: str = "strategic",
    taken: str = "resources",
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
    steps
        Columns, one row per step of an account (an initiative, a deal), with the column of ids that
        `account` names.
    strategic, taken
        Columns of `steps`: whether it is a strategic step (true and false; missing: unknown), and
        the strategic resources it takes, in the unit of `resources`; missing: none. On an account
        that is not strategic none of them is in the right place.
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
    Relationship positioning (关系定位). Strategic resources go to strategic accounts and strategic
    steps only: others that take them are a finding. Evidence for a level is what that level itself
    asks for, and all levels between now and the aim where it is still to be shown.

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {"account": "A", "now": "vendor", "aim": "业务伙伴", "works_on_strategy": False}
    >>> found = ka.positioning(book, evidence={"account": ["A"], "evidence": ["problems_solved"]})
    >>> found.evidence_required.tolist()
    ['preferred_status']
    >>> book = {"account": "B", "now": "vendor", "aim": "vendor", "works_on_strategy": True}
    >>> steps = {"account": ["B", "B"], "strategic": [True, False], "resources": [5, 2]}
    >>> print(ka.positioning(book, steps=steps).row(0)["why"])
    2 of strategic resources go to steps that are not strategic
    """
    held = _levels(levels)
    ids = as_ids(pick(accounts, account), account)
    at = code_rows(labels(accounts, now), held, now)
    to = code_rows(labels(accounts, aim), held, aim)
    is_key = np.ones(len(ids)) if key is None else flags(accounts, key)
    put, told = _resources(accounts, resources, len(ids))
    same_length(account=ids, now=at, aim=to, key=is_key, resources=put)
    on_steps = other_steps(steps, accounts, (account, strategic, taken))
    shows = shown_evidence(evidence, accounts, account, shown, held)
    found = Positioning(
        account=ids,
        levels=held,
        now=at,
        aim=to,
        standing=_standing(accounts, _rule(rule, held), at, is_key, held),
        resources=put,
        on_steps=on_steps[0],
        on_other_steps=on_steps[1],
        evidence=shows.codes,
        unsupported=shows.claimed(at) & (evidence is not None),
        required=shows.between(at, to),
        evidence_given=evidence is not None,
    )
    read = (*told, *on_steps[2], *shows.findings)
    return attrs.evolve(found, findings=read + _findings(found))


def _levels(levels: Any) -> tuple[PositionLevel, ...]:
    found: tuple[PositionLevel, ...] = (
        position_levels()
        if levels is None
        else terms_given(levels, PositionLevel, "positioning(levels)")
    )
    return found


def _rule(rule: Any, levels: tuple[PositionLevel, ...]) -> StrategicRule:
    held = StrategicRule() if rule is None else rule
    if not isinstance(held, StrategicRule):
        hint = "leave it out for the default."
        raise SpecError.from_field("positioning(rule)", "must be a StrategicRule", rule, hint)
    if held.from_level is not None and coded((held.from_level,), levels)[0] < 0:
        codes = [level.code for level in levels]
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
        least = coded((rule.from_level,), levels)[0]
        tests.append(np.where(now < 0, np.nan, (now >= least).astype(np.float64)))
    fails, unknown = np.zeros(len(now), np.bool_), np.zeros(len(now), np.bool_)
    for test in tests:
        fails |= test == 0.0
        unknown |= np.isnan(test)
    found = np.where(fails, 1, np.where(unknown, -1, 2))
    found[is_key == 0.0] = 0
    found[np.isnan(is_key)] = -1
    return found.astype(np.int64)


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
    for code, which, put, said, where in (
        ("misplaced_resources", found.misplaced, found.taken, "not strategic", "resources"),
        (
            "misplaced_steps",
            found.misplaced_steps,
            found.on_other_steps,
            "on steps that are not strategic",
            "steps",
        ),
    ):
        ids = marked(found.account, which)
        total = amount(exact_sum(put[which]))
        what = f"{counted(len(ids), 'account')} with {total} of strategic resources"
        told += about(code, f"{what}, {said}", ids, where)
    return told
