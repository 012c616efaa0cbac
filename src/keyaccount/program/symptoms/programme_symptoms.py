"""`programme_symptoms`: the six symptoms of a weak programme, measured where data allow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Codes, Columns, Floats
from keyaccount._validators import exact_float, is_finite
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.program.flags import flags
from keyaccount.program.symptoms.measuring import (
    Part,
    bad_marks,
    either_bad,
    held_by_few,
    known_of,
    share_of_marks,
    time_on_small_deals,
    without_budget,
)
from keyaccount.program.symptoms.presets import weak_programme_symptoms
from keyaccount.program.symptoms.result import ProgrammeSymptoms
from keyaccount.program.term import placed_words

__all__ = ["programme_symptoms"]

_MEASURES = (
    "of key accounts have no budget",
    "of key value is held by the largest few owners",
    "of the time on key accounts goes into small deals",
    "of key accounts have no routine, or a conflict of regions",
    "of key accounts have no known decision chain",
    "of key accounts are in one person's hands",
)


def programme_symptoms(
    accounts: Columns,
    *,
    key: str = "is_key",
    budget: str | None = None,
    owner: str | None = None,
    value: str | None = None,
    stars: int | None = None,
    time: str | None = None,
    small_deal_time: str | None = None,
    routine: str | None = None,
    conflict: str | None = None,
    chain_known: str | None = None,
    one_hand: str | None = None,
    limits: Mapping[str, float] | None = None,
) -> ProgrammeSymptoms:
    """Measure the six symptoms of a weak key-account programme, and ask where data do not answer.

    Each figure is a share of the key accounts (or of their value or time) with a known answer, the
    higher the weaker. A share judges nothing without a limit, and there are no default limits.

    Parameters
    ----------
    accounts
        Columns, one row per account.
    key
        Column: whether it is a key account; missing counts as undefined. No key account at all
        gives ``undefined`` the figure 1.
    budget
        Column: the budget of each account; missing or 0: none. Accounts of which it is not known
        whether they are key count as key accounts without a budget.
    owner, value, stars
        Columns: who owns each account and what it brings (missing or below 0 counts 0, with a
        finding; None: 1 each); and how many people count as the few. What nobody owns is no part
        of the whole, and told. Needed together: owner and stars.
    time, small_deal_time
        Columns: the time spent on each account, and the part of it that small deals take, in one
        unit. Needed together.
    routine, conflict
        Columns of true and false: it is managed by routine; regions are in conflict over it.
    chain_known
        Column of true and false: its decision chain is known.
    one_hand
        Column of true and false: one person alone is on it, as `Coverage.one_hand`.
    limits
        Code of a symptom to the share above which it is shown.

    Returns
    -------
    ProgrammeSymptoms
        Six rows.

    Raises
    ------
    ColumnNotFoundError, ColumnError
        A column is not there or holds something else.
    RowError
        A flag is neither true nor false, or a number is below 0.
    SpecError
        A limit is no share, or of no symptom; an argument misses another that it needs.

    Notes
    -----
    The symptoms are a checklist of key-account practice; how each is measured is a choice of this
    library. The order of the rows does not matter.

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {
    ...     "is_key": [True, True, True, False],
    ...     "owner": ["li", "li", "wu", "he"],
    ...     "worth": [60, 20, 20, 90],
    ... }
    >>> found = ka.programme_symptoms(book, owner="owner", value="worth", stars=1)
    >>> print(found.row(1)["why"], "|", found.row(2)["why"])
    80.0 % of key value is held by the largest few owners: 80 of 100 | asked: How much of the time
    of key-account staff goes into small deals?
    """
    _together(owner=owner, stars=stars)
    _together(time=time, small_deal_time=small_deal_time)
    named = {
        "budget": budget,
        "owner": owner,
        "value": value,
        "time": time,
        "small_deal_time": small_deal_time,
        "routine": routine,
        "conflict": conflict,
        "chain_known": chain_known,
        "one_hand": one_hand,
    }
    is_key = flags(accounts, key)
    parts, told = _of_money_and_time(accounts, is_key, named, stars)
    marked, known = _of_marks(accounts, is_key, named)
    shares = np.array([one.share for one in (*parts, *marked)])
    silent = np.isnan(shares)
    found = ProgrammeSymptoms(
        symptoms=weak_programme_symptoms(),
        figure=shares + 0.0,
        part=np.array([one.part for one in (*parts, *marked)]) + 0.0,
        whole=np.array([one.whole for one in (*parts, *marked)]) + 0.0,
        known=np.where(silent, 0, np.array([*_known(accounts, is_key, named), *known])),
        concerned=_concerned(is_key),
        measures=_measures(value),
        limit=_limits(limits),
    )
    return attrs.evolve(found, findings=told + _findings(found))


def _of_money_and_time(
    accounts: Columns, is_key: Floats, names: Mapping[str, str | None], stars: int | None
) -> tuple[tuple[Part, ...], tuple[Finding, ...]]:
    """Measure the first three symptoms: budgets, stars, small deals."""
    budget, told = without_budget(accounts, is_key, names["budget"])
    few, few_told = held_by_few(accounts, is_key, (names["owner"], names["value"], stars))
    spent = (names["time"], names["small_deal_time"])
    small, small_told = time_on_small_deals(accounts, is_key, spent)
    return (budget, few, small), told + few_told + small_told


def _of_marks(
    accounts: Columns, is_key: Floats, names: Mapping[str, str | None]
) -> tuple[tuple[Part, ...], tuple[int, ...]]:
    """Measure the other three, by flags: routine, decision chain, one hand; and how many say."""
    routine = either_bad(
        bad_marks(accounts, is_key, names["routine"], bad=False),
        bad_marks(accounts, is_key, names["conflict"], bad=True),
    )
    chain = bad_marks(accounts, is_key, names["chain_known"], bad=False)
    alone = bad_marks(accounts, is_key, names["one_hand"], bad=True)
    marks = (routine, chain, alone)
    known = tuple(0 if m is None else int(np.isfinite(m).sum()) for m in marks)
    return tuple(share_of_marks(m) for m in marks), known


def _known(
    accounts: Columns, is_key: Floats, names: Mapping[str, str | None]
) -> tuple[int, int, int]:
    """Count the key accounts of which the figures of the first three symptoms are known."""
    return (
        known_of(accounts, is_key, None, names["budget"]),
        known_of(accounts, is_key, names["owner"], names["value"]),
        known_of(accounts, is_key, None, names["time"], names["small_deal_time"]),
    )


def _measures(value: str | None) -> tuple[str, ...]:
    """Say what each figure is a share of; without values owners are counted by accounts."""
    counted = "of key accounts are held by the largest few owners"
    return _MEASURES if value is not None else (_MEASURES[0], counted, *_MEASURES[2:])


def _concerned(is_key: Floats) -> Codes:
    """Count the key accounts; of the first symptom also those that may be key, if any is."""
    found = np.full(len(_MEASURES), np.count_nonzero(is_key == 1.0), dtype=np.int64)
    found[0] = np.count_nonzero(is_key != 0.0) if found[0] else 0
    return found


def _together(**given: object) -> None:
    missing = [name for name, value in given.items() if value is None]
    if missing and len(missing) < len(given):
        there = next(name for name, value in given.items() if value is not None)
        rule = f"needs {missing[0]}"
        hint = f"give {missing[0]}= as well, or neither."
        raise SpecError.from_field(f"programme_symptoms({there})", rule, given[there], hint)


def _limits(limits: Any) -> Floats:
    codes = [symptom.code for symptom in weak_programme_symptoms()]
    name = "programme_symptoms(limits)"
    given: Any = {} if limits is None else limits
    if not isinstance(given, Mapping):
        hint = 'write for instance {"thin_bench": 0.3}.'
        raise SpecError.from_field(name, "must map symptoms to shares", limits, hint)
    found = np.full(len(codes), np.nan)
    for place, (code, raw) in placed_words(given, weak_programme_symptoms(), name).items():
        limit = exact_float(raw)
        if not is_finite(limit) or not 0.0 <= limit <= 1.0:
            rule = "must be a share in [0, 1]"
            raise SpecError.from_field(f"{name}[{code!r}]", rule, raw, "write 20 % as 0.2.")
        found[place] = limit
    return found


def _findings(found: ProgrammeSymptoms) -> tuple[Finding, ...]:
    """Tell the symptoms that are shown, and those that data do not answer."""
    told: list[Finding] = []
    for i, (symptom, shown) in enumerate(zip(found.symptoms, found.shown.tolist(), strict=True)):
        if shown:
            text = f"{symptom.name}: {found.why(i)[0]}"
            told.append(Finding(code=symptom.code, message=text, count=1))
        elif not found.measured[i]:
            text = f"{symptom.name}: {found.why(i)[0]}"
            told.append(Finding(code="asked", message=text, count=1, severity="info"))
    return tuple(told)
