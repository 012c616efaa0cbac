"""Stored forecasts beside how their deals ended, and why some of them cannot be judged."""

from __future__ import annotations

import attrs
import numpy as np

from keyaccount._columns import (
    Bools,
    Codes,
    Columns,
    Days,
    Floats,
    Labels,
    as_ids,
    common_length,
    days,
    labels,
    pick,
    refuse_missing,
)
from keyaccount.findings import Finding, counted, note
from keyaccount.funnel.forecast.reading import read_outcomes, read_probabilities
from keyaccount.funnel.rules import OPEN, WON

__all__ = ["Matched", "Stored", "matched", "read_ended", "read_stored"]


@attrs.frozen(eq=False)
class Stored:
    """Forecasts as they were stored, one per row."""

    deal: Labels
    made_at: Days
    probability: Floats
    findings: tuple[Finding, ...]


@attrs.frozen(eq=False)
class Ended:
    """How deals ended, one per row."""

    row_of: dict[str, int]
    state: Codes
    closed: Days
    findings: tuple[Finding, ...]


@attrs.frozen(eq=False)
class Matched:
    """Each forecast with the days to the decision, what came of it, and whether it is left out."""

    ahead: Floats
    won: Floats
    left: Bools
    findings: tuple[Finding, ...]


def read_stored(forecasts: Columns, deal: str, made_at: str, probability: str) -> Stored:
    """Read the forecasts."""
    who = labels(forecasts, deal)
    refuse_missing(who, deal)
    when = days(forecasts, made_at)
    chance, findings = read_probabilities(pick(forecasts, probability), probability)
    _ = common_length({deal: who, made_at: when, probability: chance})
    return Stored(who, when, chance, findings)


def read_ended(outcomes: Columns, deal: str, outcome: str, closed: str) -> Ended:
    """Read how the deals ended."""
    ids = as_ids(pick(outcomes, deal), deal)
    state, findings = read_outcomes(pick(outcomes, outcome), outcome)
    when = days(outcomes, closed)
    _ = common_length({deal: ids, outcome: state, closed: when})
    return Ended({id_: row for row, id_ in enumerate(ids.tolist())}, state, when, findings)


def matched(stored: Stored, ended: Ended) -> Matched:
    """Put each forecast beside the end of its deal; the first reason to leave it out is told."""
    row = np.array([ended.row_of.get(d, -1) for d in stored.deal.labels] + [-1], dtype=np.int64)
    place = row[stored.deal.codes]
    state = np.append(ended.state, OPEN)[place]
    closed = np.append(ended.closed, np.datetime64("NaT", "D"))[place]
    apart = (closed - stored.made_at).astype("timedelta64[D]")
    undated = np.isnat(apart)
    ahead = np.where(undated, np.nan, apart.astype(np.int64).astype(np.float64))
    tests = (
        ("unknown_deal", place < 0, "of a deal without an outcome"),
        ("still_open", state == OPEN, "of a deal still open"),
        ("no_day", undated, "made or decided on no known day"),
        ("too_late", ~(ahead > 0.0), "made on the day of the decision or later"),
        ("no_probability", np.isnan(stored.probability), "without a probability"),
    )
    left = np.zeros(len(place), dtype=np.bool_)
    told = (*stored.findings, *ended.findings)
    for code, holds, said in tests:
        count = int(np.count_nonzero(holds & ~left))
        left |= holds
        message = f"left out: {counted(count, 'forecast')} {said}"
        told += note(code, message, count, severity="info")
    return Matched(ahead, (state == WON).astype(np.float64), left, told)
