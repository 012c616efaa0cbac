"""The columns of a table of deals, as a forecast reads them."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import (
    Bools,
    Codes,
    Columns,
    Days,
    Floats,
    Objects,
    common_length,
    days,
    labels,
    one_day,
    pick,
)
from keyaccount.findings import Finding
from keyaccount.funnel.forecast.calendar import day_in_view, period_labels
from keyaccount.funnel.forecast.cents import weighted_money
from keyaccount.funnel.forecast.reading import (
    read_money,
    read_probabilities,
    read_states,
    told,
)
from keyaccount.funnel.rules import LOST, OPEN, WON

__all__ = ["DealColumns", "DealTable", "read_deals"]


@attrs.frozen
class DealColumns:
    """The names of the columns to read; None where there is no such column."""

    amount: str
    probability: str
    outcome: str | None
    expected: str
    closed: str | None
    deal: str | None


@attrs.frozen(eq=False)
class DealTable:
    """The columns of the deals as read."""

    deal: Objects | None
    state: Codes
    amount: Floats
    probability: Floats
    weighted: Floats
    expected: Days | None
    period: Objects | None
    overdue: Bools | None
    findings: tuple[Finding, ...]


def read_deals(deals: Columns, names: DealColumns, as_of: Any, period: str | None) -> DealTable:
    """Read a table of deals; the expected days only where a period or a day is asked for.

    Raises
    ------
    ColumnNotFoundError, ColumnError, RowError, SpecError
        A column is not there or cannot be read, or there is no such period.
    """
    money, about_money = read_money(pick(deals, names.amount), names.amount)
    stated, about_chance = read_probabilities(pick(deals, names.probability), names.probability)
    state, about_state = read_states(deals, names.outcome, len(money))
    timed = period is not None or as_of is not None
    expected = days(deals, names.expected) if timed else None
    ids = None if names.deal is None else labels(deals, names.deal)
    read: dict[str, Any] = {names.amount: money, names.probability: stated, "outcome": state}
    read |= {} if expected is None else {names.expected: expected}
    read |= {} if ids is None else {str(names.deal): ids}
    _ = common_length(read)
    chance = np.where(state == OPEN, stated, (state == WON).astype(np.float64))
    when = None if period is None or expected is None else _days_of(deals, names, state, expected)
    overdue = None if as_of is None or expected is None else _overdue(state, expected, as_of)
    return DealTable(
        deal=None if ids is None else ids.texts(),
        state=state,
        amount=money,
        probability=chance,
        weighted=weighted_money(money, chance),
        expected=expected,
        period=None
        if when is None or period is None
        else period_labels(when, period, "forecast(period)"),
        overdue=overdue,
        findings=(
            *about_money,
            *about_chance,
            *about_state,
            *_missing(state, money, chance, names),
            *_undated(state, when, period, names),
            *_late(overdue, names.expected),
        ),
    )


def _overdue(state: Codes, expected: Days, as_of: Any) -> Bools:
    found: Bools = (state == OPEN) & (expected < one_day(as_of, "as_of"))
    return found


def _days_of(deals: Columns, names: DealColumns, state: Codes, expected: Days) -> Days:
    """Give the day that says which period a deal belongs to."""
    if names.closed is None:
        return expected
    ended = days(deals, names.closed)
    _ = common_length({names.expected: expected, names.closed: ended})
    return day_in_view(state, expected, ended)


def _undated(
    state: Codes, when: Days | None, period: str | None, names: DealColumns
) -> tuple[Finding, ...]:
    """Tell of the deals that belong to no period: open ones, and won ones."""
    if when is None or period is None:
        return ()
    unknown, ended = np.isnat(when), names.closed or names.expected
    is_open, is_won = unknown & (state == OPEN), unknown & (state == WON)
    return (
        *told("no_expected", is_open, "open without an expected day, in no period", names.expected),
        *told("no_day", is_won, "won on no known day, in no period", ended),
    )


def _missing(
    state: Codes, money: Floats, chance: Floats, names: DealColumns
) -> tuple[Finding, ...]:
    no_money = (state != LOST) & np.isnan(money)
    no_chance = np.isnan(chance)
    said = "without an amount, which add nothing"
    return (
        *told("no_amount", no_money, said, names.amount),
        *told("no_probability", no_chance, "open without a chance of winning", names.probability),
    )


def _late(overdue: Bools | None, name: str) -> tuple[Finding, ...]:
    if overdue is None:
        return ()
    return told("overdue", overdue, "open beyond the day on which it was expected to close", name)
