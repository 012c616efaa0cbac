"""Which visits of a deal to a stage count as a trial, where deals come back to a stage."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import attrs
import numpy as np

from keyaccount._columns import (
    Codes,
    Columns,
    Floats,
    as_days,
    as_floats,
    common_length,
    labels,
    pick,
    refuse_missing,
    to_numpy,
)
from keyaccount.errors import RowError, SpecError
from keyaccount.findings import Finding
from keyaccount.stats.sums import group_sums

__all__ = ["REENTRIES", "Reentry", "Trials", "trials_of"]

Reentry: TypeAlias = Literal["each", "first", "whole"]
"""Each visit is a trial; only the first is; or all visits of a deal to a stage are one."""

REENTRIES: tuple[Reentry, ...] = ("each", "first", "whole")


@attrs.frozen(eq=False)
class Trials:
    """The rows that count as trials, and how long each of them lasted.

    Parameters
    ----------
    rows
        Position of the visit whose outcome counts.
    days
        How long the trial lasted; NaN where a visit of it is of unknown length.
    entered_rows
        Position of the visit at which the trial began.
    findings
        How many visits came back to a stage.
    """

    rows: Codes
    days: Floats
    entered_rows: Codes
    findings: tuple[Finding, ...]


def trials_of(
    visits: Columns,
    days: Floats,
    stage: Codes,
    *,
    reentry: Reentry,
    deal: str | None,
    order: str | None,
) -> Trials:
    """Apply the rule for deals that come back to a stage.

    Raises
    ------
    SpecError
        The rule is none of the three, or needs columns that are not named.
    RowError
        A visit has no deal or no place in order, or two visits of a deal to a stage share one.
    """
    given: object = reentry
    if not isinstance(given, str) or given not in REENTRIES:
        raise SpecError.from_choice("conversion_table(reentry)", reentry, REENTRIES)
    every = np.arange(len(days))
    if reentry == "each" and (deal is None or order is None):
        return Trials(every, days, every, ())
    if deal is None or order is None:
        raise SpecError.from_field(
            "conversion_table(reentry)",
            "needs deal= and order=",
            reentry,
            "name the columns of the deal and of when, or as which, each visit began.",
        )
    first, place = _in_order(visits, stage, deal, order)
    told = _came_back(int(np.count_nonzero(~first & (stage[place] >= 0))), reentry)
    if reentry == "each":
        return Trials(every, days, every, told)
    starts = np.flatnonzero(first)
    begins = place[starts]
    if reentry == "first":
        return Trials(begins, days[begins], begins, told)
    ends = place[np.append(starts[1:], len(place)) - 1] if len(starts) else begins
    trial = np.cumsum(first) - 1
    total = group_sums(days[place], trial, len(starts))
    unknown = np.unique(trial[~np.isfinite(days[place])])
    total[unknown] = np.nan
    return Trials(ends, total, begins, told)


def _in_order(visits: Columns, stage: Codes, deal: str, order: str) -> tuple[Any, Codes]:
    """Sort visits by deal, stage and order; say where a deal's visits to a stage begin."""
    found = labels(visits, deal)
    refuse_missing(found, deal)
    when = _order(visits, order)
    common_length({"stage": stage, deal: found, order: when})
    place = np.lexsort((when, stage, found.codes))
    who, where, at = found.codes[place], stage[place], when[place]
    first = np.ones(len(place), dtype=np.bool_)
    first[1:] = (who[1:] != who[:-1]) | (where[1:] != where[:-1])
    tied = np.flatnonzero(~first[1:] & (at[1:] == at[:-1]) & (where[1:] >= 0)) + 1
    if len(tied):
        rows = np.sort(place[tied]).tolist()
        raise RowError.from_rows(
            order,
            f"begin{'' if len(tied) > 1 else 's'} with another visit of the same deal to the stage",
            rows,
            [found.labels[c] for c in found.codes[rows[:5]].tolist()],
            "number the visits of a deal, or drop what is there twice.",
        )
    return first, place


def _order(visits: Columns, name: str) -> Floats:
    raw = pick(visits, name)
    numbers = to_numpy(raw, name).dtype.kind in "iufb"
    when = as_floats(raw, name) if numbers else _day_numbers(raw, name)
    wrong = np.flatnonzero(~np.isfinite(when))
    if len(wrong):
        raise RowError.from_rows(
            name,
            "have no place in order",
            wrong.tolist(),
            [None] * min(5, len(wrong)),
            "give each visit the day it began or its number, or set these rows aside first.",
        )
    return when


def _day_numbers(raw: Any, name: str) -> Floats:
    given = as_days(raw, name)
    missing = np.isnat(given)
    return np.where(missing, np.nan, given.astype(np.int64).astype(np.float64))


def _came_back(count: int, reentry: Reentry) -> tuple[Finding, ...]:
    if not count:
        return ()
    said = {
        "each": "each counts as a trial of its own",
        "first": "only the first visit counts",
        "whole": "the visits of a deal to a stage count as one",
    }[reentry]
    noun = "1 visit comes" if count == 1 else f"{count:,} visits come"
    message = f"{noun} back to a stage: {said}"
    return (Finding(code="reentries", message=message, count=count, severity="info"),)
