"""`pace`: what a target split by phases asks for by now, what is there, and what is left to do."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import (
    Codes,
    Days,
    Floats,
    Objects,
    as_days,
    common_length,
    one_day,
    one_float,
)
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.funnel.forecast.cents import money, refuse_too_large, total_cents, whole_cents
from keyaccount.funnel.forecast.reading import read_money, told
from keyaccount.funnel.forecast.result import record_of
from keyaccount.funnel.forecast.target import SalesTarget

__all__ = ["Pace", "pace"]


@attrs.frozen(eq=False, kw_only=True)
class Pace(Viewed):
    """A target by phase, and how far it has come. One row per phase.

    Parameters
    ----------
    as_of
        The end of which day.
    phase, start, end
        ``(n,)`` the phases, their first and last days.
    target
        ``(n,)`` what falls to each; together the target, to the cent.
    due
        ``(n,)`` what should be there by now: all of a phase that is over, none of one to come, and
        of a running one its part by days.
    actual
        ``(n,)`` what was won in the phase by now.
    ahead
        ``(n,)`` actual less due; below 0 is behind.
    days_left
        ``(n,)`` int64: days of the phase after this one.
    per_day
        ``(n,)`` what is missing to the phase's target per day left: 0 where nothing is missing, NaN
        where something is and no day is left.
    total
        The same of the whole target, with ``gap``, what is missing to it, ``open_weighted`` and
        ``coverage``, the weighted open pipeline over the gap: NaN without a pipeline, or where
        nothing is missing.
    findings
        What was left out.

    Examples
    --------
    >>> import keyaccount as ka
    >>> target = ka.SalesTarget.by_quarter(400.0, 2026, shares=(0.25,) * 4)
    >>> found = ka.pace(target, [90, 60], ["2026-02-01", "2026-05-20"], as_of="2026-06-30")
    >>> found.ahead.tolist(), found.total["gap"]
    ([-10.0, -40.0, 0.0, 0.0], 250.0)
    """

    as_of: np.datetime64
    phase: Objects
    start: Days
    end: Days
    target: Floats
    due: Floats
    actual: Floats
    ahead: Floats
    days_left: Codes
    per_day: Floats
    total: Record
    findings: tuple[Finding, ...]

    def __len__(self) -> int:
        return len(self.phase)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the phases as columns, for any DataFrame constructor."""
        left = {"as_of", "total", "findings"}
        return {
            a.name: getattr(self, a.name) for a in attrs.fields(type(self)) if a.name not in left
        }

    def row(self, i: int) -> Record:
        """Return one phase as a record."""
        i = checked_row(i, len(self))
        return record_of(self.columns(), i)

    def _view(self) -> View:
        title = f"{self.total['actual']:,.2f} of {self.total['target']:,.2f} by {self.as_of}"
        return View(title, self.columns(), len(self))


def pace(
    target: SalesTarget, amounts: Any, on: Any, *, as_of: Any, open_weighted: float | None = None
) -> Pace:
    """Hold what was won against a target split by phases.

    Parameters
    ----------
    target
        The target and its phases.
    amounts
        What was won: any column of amounts, counted in whole cents.
    on
        The day each was won.
    as_of
        The end of which day to look at; what was won later does not count yet.
    open_weighted
        The weighted amount of the open pipeline, as of `forecast`, to hold against what is missing.

    Returns
    -------
    Pace
        Per phase and in all: what is due, what is there, and what is needed per day left.

    Raises
    ------
    ColumnError, RowError
        A column cannot be read, or the two differ in length.
    SpecError
        An option is not what it should be.

    Notes
    -----
    Within a phase what is due grows by the day, evenly: a choice of this library. A business with a
    season states it as phases with shares.

    Examples
    --------
    >>> import keyaccount as ka
    >>> target = ka.SalesTarget.by_quarter(400.0, 2026, shares=(0.25,) * 4)
    >>> won = {"amount": [90, 60], "on": ["2026-02-01", "2026-05-20"]}
    >>> found = ka.pace(target, won["amount"], won["on"], as_of="2026-06-30", open_weighted=500)
    >>> print(found.total)
    target         400
    due            200
    actual         150
    ahead          -50
    gap            250
    days_left      184
    per_day        1.3587
    open_weighted  500
    coverage       2
    """
    _refuse_other(target)
    today = _day(as_of)
    start = np.array([p.start for p in target.phases], dtype="datetime64[D]")
    end = np.array([p.end for p in target.phases], dtype="datetime64[D]")
    goal = whole_cents(np.array(target.amounts))
    actual, findings = _won(amounts, on, start, end, today)
    days = (end - start).astype(np.int64) + 1
    left = np.minimum(np.maximum((end - today).astype(np.int64), 0), days)
    due = _part(goal, days - left, days)
    return Pace(
        as_of=today,
        phase=np.array([p.name for p in target.phases], dtype=object),
        start=start,
        end=end,
        target=money(goal),
        due=money(due),
        actual=money(actual),
        ahead=money(actual - due),
        days_left=left,
        per_day=_per_day(goal - actual, left),
        total=_total(goal, due, actual, left, open_weighted),
        findings=findings,
    )


def _refuse_other(target: Any) -> None:
    if not isinstance(target, SalesTarget):
        hint = "see SalesTarget, or SalesTarget.by_quarter."
        raise SpecError.from_field("pace(target)", "must be a SalesTarget", target, hint)


def _day(as_of: Any) -> np.datetime64:
    today = one_day(as_of, "as_of")
    if np.isnat(today):
        raise SpecError.from_field("pace(as_of)", "must be a day", as_of, "write YYYY-MM-DD.")
    return today


def _won(
    amounts: Any, on: Any, start: Days, end: Days, today: np.datetime64
) -> tuple[Codes, tuple[Finding, ...]]:
    """Add up what was won in each phase, in cents."""
    found, about = read_money(amounts, "amounts")
    when = as_days(on, "on")
    _ = common_length({"amounts": found, "on": when})
    cents = whole_cents(found)
    _ = total_cents(cents, "amounts")
    phase = np.searchsorted(start, when, side="right").astype(np.int64) - 1
    inside = (phase >= 0) & (when <= end[phase])  # NaT sorts last, and is before no day
    later = when > today
    sums = np.zeros(len(start), dtype=np.int64)
    np.add.at(sums, phase[inside & ~later], cents[inside & ~later])
    return sums, (
        *about,
        *told("no_amount", np.isnan(found), "without an amount, counted as 0", "amounts"),
        *told("no_day", np.isnat(when), "won on no known day, left out", "on"),
        *told("later", later, "won after the day looked at, left out", "on", severity="info"),
        *told(
            "outside_phases",
            ~inside & ~later & ~np.isnat(when),
            "won outside every phase, left out",
            "on",
        ),
    )


def _part(goal: Codes, elapsed: Codes, days: Codes) -> Codes:
    """Give the part of each goal by days, rounded to the cent, ties to even."""
    exact = [
        round(Fraction(g * e, d)) if e < d else g
        for g, e, d in zip(goal.tolist(), elapsed.tolist(), days.tolist(), strict=True)
    ]
    return np.array(exact, dtype=np.int64)


def _per_day(missing: Codes, left: Codes) -> Floats:
    asked = np.maximum(missing, 0)
    found = np.divide(money(asked), left, out=np.full(len(left), np.nan), where=left > 0)
    return np.where(asked == 0, 0.0, found)


def _total(
    goal: Codes, due: Codes, actual: Codes, left: Codes, open_weighted: float | None
) -> Record:
    sums = [np.array([column.sum()]) for column in (goal, due, actual, left)]
    whole, by_now, there, days = sums
    gap = np.maximum(whole - there, 0)
    record: dict[str, Any] = {
        "target": money(whole),
        "due": money(by_now),
        "actual": money(there),
        "ahead": money(there - by_now),
        "gap": money(gap),
        "days_left": days,
        "per_day": _per_day(gap, days),
    }
    weighted = _weighted(open_weighted)
    covered = np.divide(weighted, money(gap), out=np.array([np.nan]), where=gap > 0)
    return record_of({**record, "open_weighted": weighted, "coverage": covered}, 0)


def _weighted(given: float | None) -> Floats:
    found = np.array([np.nan if given is None else one_float(given, "open_weighted")])
    refuse_too_large(found, "open_weighted")
    return found
