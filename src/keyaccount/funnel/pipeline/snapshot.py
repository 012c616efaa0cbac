"""A pipeline from a table without history: it says what such a table cannot know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from keyaccount._columns import (
    Bools,
    Codes,
    Columns,
    Days,
    Floats,
    Objects,
    as_days,
    as_floats,
    as_ids,
    as_labels,
    common_length,
    names_of,
    one_day,
    pick,
)
from keyaccount.errors import ColumnNotFoundError, SpecError
from keyaccount.findings import Finding
from keyaccount.funnel.pipeline.log import read_log
from keyaccount.funnel.pipeline.pipeline import Pipeline
from keyaccount.funnel.rules import OPEN, Rules

if TYPE_CHECKING:
    from keyaccount.funnel.funnel import Funnel

__all__ = ["SNAPSHOT_COLUMNS", "snapshot"]

SNAPSHOT_COLUMNS = (
    "deal",
    "stage",
    "opened",
    "closed",
    "amount",
    "probability",
    "owner",
    "account",
)
"""The columns that a table of deals may have, under these names or others."""

_SILENT = "the table keeps no history"


def snapshot(funnel: Funnel, deals: Columns, as_of: Any, **columns: str) -> Pipeline:
    """Build a pipeline from the current stage of each deal, and its dates of opening and closing.

    Parameters
    ----------
    funnel
        The stages and the rules.
    deals
        One row per deal: ``deal`` and ``stage`` are needed (any word a stage goes by, or ``won``
        and ``lost``); ``opened``, ``closed``, ``amount``, ``probability``, ``owner`` and
        ``account`` are read where they are there. For an open deal ``closed`` is when it is
        expected to close.
    as_of
        The day of the table. A deal without a date is taken to have come, or been decided, then.
    columns
        Other names of these columns, as ``deal="opportunity_id"``.

    Returns
    -------
    Pipeline
        Deals that were opened, and won or lost. Its findings count what the table cannot tell:
        which stages a decided deal passed, since when an open one stands in its stage, and the
        dates that are missing.

    Raises
    ------
    SpecError
        A stage is none of the funnel's.
    ColumnNotFoundError, ColumnError, RowError
        A column is not there, or does not hold what it should.
    DuplicateIdError
        A deal has several rows.
    """
    for name in columns:
        if name not in SNAPSHOT_COLUMNS:
            field = "snapshot(columns)"
            raise SpecError.from_choice(field, name, SNAPSHOT_COLUMNS)
    raw = _raw(deals, {name: columns.get(name, name) for name in SNAPSHOT_COLUMNS})
    ids, day = as_ids(raw["deal"], "deal"), _a_day(as_of)
    stage, outcome = _stages(funnel.rules, raw["stage"])
    dates = _days(raw, "opened", len(ids)), _days(raw, "closed", len(ids))
    common_length({"deal": ids, "stage": stage, "opened": dates[0], "closed": dates[1]})
    kept = (stage >= 0) & ~(dates[0] > day)
    found = _findings(raw, ids, (stage, outcome), (*dates, day))
    log = _events(funnel, raw, (ids, kept), (stage, outcome), (*dates, day))
    read = read_log(funnel.rules, log, {n: n for n in log})
    undated = np.isnat(dates[0])[kept][np.argsort(ids[kept].astype(np.str_), kind="stable")]
    return Pipeline(funnel, read, found, day, undated)


def _a_day(as_of: Any) -> np.datetime64:
    day = one_day(as_of, "as_of")
    if np.isnat(day):
        field = "snapshot(as_of)"
        raise SpecError.from_field(field, "must be a date", as_of, "give the day of the table.")
    return day


def _raw(deals: Columns, names: Mapping[str, str]) -> dict[str, Any]:
    known = names_of(deals)
    for needed in ("deal", "stage"):
        if names[needed] not in known:
            raise ColumnNotFoundError.from_name(names[needed], known)
    return {n: pick(deals, names[n]) for n in names if names[n] in known}


def _stages(rules: Rules, raw: Any) -> tuple[Codes, Codes]:
    """Give the stage and the outcome of each deal; -1 where the table says nothing."""
    found = as_labels(raw, "stage")
    positions, outcomes = [], []
    for label in found.labels:
        position = rules.stage_position(label)
        word = label.strip().casefold()
        if position < 0 and word not in {"won", "lost"}:
            allowed = [*(s.code for s in rules.stages), "won", "lost"]
            field = "column 'stage'"
            raise SpecError.from_choice(field, label, allowed)
        positions.append(max(position, 0))
        outcomes.append(int(rules.outcome[position]) if position >= 0 else 1 + (word == "lost"))
    table = np.array([*positions, -1]), np.array([*outcomes, OPEN])
    return table[0][found.codes], table[1][found.codes]


def _days(raw: Mapping[str, Any], name: str, n: int) -> Days:
    return as_days(raw[name], name) if name in raw else np.full(n, "NaT", dtype="datetime64[D]")


def _events(
    funnel: Funnel,
    raw: Mapping[str, Any],
    deals: tuple[Objects, Bools],
    states: tuple[Codes, Codes],
    dates: tuple[Days, Days, np.datetime64],
) -> dict[str, Any]:
    """Write what the table says as events: one that opens each deal, one that decides some."""
    (ids, kept), as_of = deals, dates[2]
    n_all, ids = len(ids), ids[kept]
    stage, outcome = states[0][kept], states[1][kept]
    opened, closed = dates[0][kept], dates[1][kept]
    is_open = outcome == OPEN
    begun = np.where(np.isnat(opened), np.where(is_open | np.isnat(closed), as_of, closed), opened)
    begun = np.minimum(begun, as_of)
    ended = np.where(np.isnat(closed), as_of, np.minimum(closed, as_of))
    ended = np.maximum(ended, begun)[~is_open]
    codes = np.array([*(s.code for s in funnel.stages), None], dtype=object)
    kinds = np.array(["open", "win", "lose"], dtype=object)
    n, later = len(ids), int(np.count_nonzero(~is_open))
    return {
        "deal": np.concatenate([ids, ids[~is_open]]),
        "event": np.concatenate([np.full(n, "open", dtype=object), kinds[outcome[~is_open]]]),
        "at": np.concatenate([begun, ended]),
        "stage": np.concatenate([codes[np.where(is_open, stage, -1)], np.full(later, None)]),
        "expected": np.concatenate([_only(closed, is_open), np.full(later, _NO_DAY)]),
        "reason": np.full(n + later, _SILENT, dtype=object),
        "override": np.full(n + later, _SILENT, dtype=object),
        **{
            name: np.concatenate([values[kept], np.full(later, np.nan)])
            for name, values in _numbers(raw, n_all).items()
        },
        **{
            name: np.concatenate([texts[kept], np.full(later, None)])
            for name, texts in _texts(raw, n_all).items()
        },
    }


_NO_DAY = np.datetime64("NaT", "D")


def _only(days: Days, where: Bools) -> Days:
    found: Days = np.where(where, days, _NO_DAY)
    return found


_LATER = "been decided after the day of the table: taken as decided on it"
_BEFORE = "been decided before they were opened: taken as decided then"


def _numbers(raw: Mapping[str, Any], n: int) -> dict[str, Floats]:
    """Read the numbers; one that cannot be right is left out, and told by `_findings`."""
    found = {k: as_floats(raw[k], k) for k in ("amount", "probability") if k in raw}
    common_length({"deal": range(n), **found})
    most = {"amount": np.inf, "probability": 1.0}
    return {
        k: np.where(np.isfinite(x) & (x >= 0.0) & (x <= most[k]), x, np.nan)
        for k, x in found.items()
    }


def _texts(raw: Mapping[str, Any], n: int) -> dict[str, Objects]:
    found = {k: as_labels(raw[k], k).texts() for k in ("owner", "account") if k in raw}
    common_length({"deal": range(n), **found})
    return found


def _findings(
    raw: Mapping[str, Any],
    ids: Objects,
    states: tuple[Codes, Codes],
    dates: tuple[Days, Days, np.datetime64],
) -> tuple[Finding, ...]:
    (stage, outcome), (opened, closed, as_of) = states, dates
    decided, later = outcome != OPEN, opened > as_of
    read = _numbers(raw, len(ids))
    bad = np.zeros(len(ids), dtype=np.bool_)
    for name, x in read.items():
        bad |= np.isnan(x) & ~np.isnan(as_floats(raw[name], name))
    at_most = ~decided & (stage > 0)
    told = (
        ("no_stage", stage < 0, "no stage: left out", "error"),
        ("opened_later", later, "a day of opening after that of the table: left out", "error"),
        ("bad_value", bad, "an amount or a probability that cannot be one: unknown", "error"),
        ("no_history", decided, "been decided: the stages they passed are not known", "info"),
        ("since_opening", at_most, "stood in their stage at most since they were opened", "info"),
        ("no_opening_date", np.isnat(opened), "no day of opening", "warning"),
        ("no_closing_date", decided & np.isnat(closed), "been decided on no stated day", "warning"),
        ("closed_later", decided & (closed > as_of), _LATER, "warning"),
        ("closed_before", decided & (closed < opened), _BEFORE, "warning"),
    )
    return tuple(
        Finding(
            code=code,
            message=f"{count} {'deal has' if count == 1 else 'deals have'} {what}",
            count=count,
            severity=severity,
            examples=[str(i) for i in ids[flags][:3]],
        )
        for code, flags, what, severity in told
        if (count := int(np.count_nonzero(flags)))
    )
