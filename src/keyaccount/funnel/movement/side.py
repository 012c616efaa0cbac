"""`Side`: the deals of one date, as a waterfall looks at them."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import (
    Bools,
    Codes,
    Columns,
    Days,
    Objects,
    as_ids,
    common_length,
    days,
    labels,
    one_day,
    pick,
)
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.funnel.forecast.calendar import day_in_view
from keyaccount.funnel.forecast.cents import money, whole_cents
from keyaccount.funnel.forecast.reading import column_if_there, read_money, read_states, told
from keyaccount.funnel.rules import OPEN

__all__ = ["ABSENT", "Names", "PeriodDays", "Side", "as_period", "read_side"]

ABSENT = -1
"""The state of a deal that is not in the table of a date."""

PeriodDays = tuple[np.datetime64, np.datetime64]
"""The first and the last day of a period."""


@attrs.frozen
class Names:
    """The names of the columns to read; None where there is no such column."""

    deal: str
    amount: str
    outcome: str | None
    stage: str | None
    expected: str | None
    closed: str | None


@attrs.frozen(eq=False)
class Side:
    """The deals of one date.

    Parameters
    ----------
    ids
        The id of each deal.
    state
        0 open, 1 won, 2 lost; -1 not in the table.
    cents
        The amount in cents, 0 where missing.
    stage
        The stage as text; None where unknown.
    expected
        When it is expected to close.
    in_view
        Whether it is in the table and, where a period is looked at, decided in it, or expected to
        close in it where no day of a decision is known.
    findings
        What a reader should know of the data.
    """

    ids: Objects
    state: Codes
    cents: Codes
    stage: Objects
    expected: Days
    in_view: Bools
    findings: tuple[Finding, ...]

    @property
    def open(self) -> Bools:
        """Whether a deal counts for the value of the date."""
        found: Bools = (self.state == OPEN) & self.in_view
        return found

    @property
    def value(self) -> Codes:
        """What each deal adds to the value of the date, in cents."""
        return np.where(self.open, self.cents, 0)

    def at(self, ids: Objects) -> Side:
        """Put the deals in the order of `ids`; those that are not in the table are absent."""
        row_of = {id_: row for row, id_ in enumerate(self.ids.tolist())}.get
        places = (row_of(id_, len(self.ids)) for id_ in ids.tolist())
        rows = np.fromiter(places, dtype=np.int64, count=len(ids))
        return Side(
            ids=ids,
            state=np.append(self.state, ABSENT)[rows],
            cents=np.append(self.cents, 0)[rows],
            stage=np.append(self.stage, np.array([None], dtype=object))[rows],
            expected=np.append(self.expected, np.datetime64("NaT", "D"))[rows],
            in_view=np.append(self.in_view, [False])[rows],
            findings=self.findings,
        )


def read_side(columns: Columns, names: Names, period: PeriodDays | None, when: str) -> Side:
    """Read the deals of one date.

    Raises
    ------
    ColumnNotFoundError, ColumnError, RowError, DuplicateIdError
        A column is not there or cannot be read, or a deal is there twice.
    """
    ids = as_ids(pick(columns, names.deal), names.deal)
    amounts, about_amounts = read_money(pick(columns, names.amount), names.amount)
    state, about_states = read_states(columns, names.outcome, len(ids))
    read: dict[str, Any] = {names.deal: ids, names.amount: amounts, str(names.outcome): state}
    stage: Objects = np.full(len(ids), None, dtype=object)
    if names.stage is not None:
        read[names.stage] = stage = labels(columns, names.stage).texts()
    expected: Days = np.full(len(ids), "NaT", dtype="datetime64[D]")
    if names.expected is not None:
        read[names.expected] = expected = days(columns, names.expected)
    _ = common_length(read)
    cents = whole_cents(amounts)
    is_open = state == OPEN
    in_view = np.ones(len(ids), dtype=np.bool_)
    undated = np.zeros(len(ids), dtype=np.bool_)
    if period is not None:
        day = _days_of(columns, names, state, expected)
        in_view = (day >= period[0]) & (day <= period[1])
        undated = np.isnat(day)
    counted = is_open & in_view
    findings = (
        *about_amounts,
        *about_states,
        *told("no_amount", counted & np.isnan(amounts), "without an amount, counted as 0"),
        *told(
            "fractions",
            counted & np.isfinite(amounts) & (money(cents) != amounts),
            "of an amount with parts of a cent, rounded to the cent",
        ),
        *told("no_expected", undated & is_open, "without an expected day, outside any period"),
        *told("no_day", undated & ~is_open, "decided on no known day, outside any period"),
    )
    said = tuple(attrs.evolve(f, where=when) for f in findings)
    return Side(ids, state, cents, stage, expected, in_view, said)


def _days_of(columns: Columns, names: Names, state: Codes, expected: Days) -> Days:
    """Give the day that says whether a deal belongs to a period."""
    column = column_if_there(columns, names.closed, "closed")
    if column is None:
        return expected
    closed = days(columns, column)
    _ = common_length({names.deal: state, column: closed})
    return day_in_view(state, expected, closed)


def as_period(period: Any, names: Names) -> PeriodDays | None:
    """Read the first and the last day of the period looked at.

    Raises
    ------
    SpecError
        It is no two days in order, or there is no column of expected days.
    """
    if period is None:
        return None
    hint = 'write period=("2026-07-01", "2026-09-30"): the first and the last day.'
    pair = tuple(period) if isinstance(period, tuple | list) else ()
    both = [one_day(d, "period") for d in pair if not isinstance(d, int | float)]
    if len(pair) != 2 or len(both) != 2 or not both[0] <= both[1]:  # noqa: PLR2004 - first and last
        field = "waterfall(period)"
        raise SpecError.from_field(field, "must be two days in order", period, hint)
    if names.expected is None:
        field = "waterfall(expected)"
        raise SpecError.from_field(
            field, "must name a column where a period is given", None, "name the expected days."
        )
    return both[0], both[1]
