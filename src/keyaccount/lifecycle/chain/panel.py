"""Read a panel of snapshots: one row per account and period, with the state it was in."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import (
    Codes,
    Columns,
    Objects,
    as_days,
    as_floats,
    as_labels,
    common_length,
    pick,
    to_numpy,
)
from keyaccount._columns.digits import days_of_digits
from keyaccount.bands import States
from keyaccount.errors import ColumnError, DuplicateIdError, SpecError
from keyaccount.ledger.customers import Customers
from keyaccount.ledger.ids import read_customers
from keyaccount.ledger.slots import slots_of

__all__ = ["Snapshots", "read_snapshots"]

_ROOM = 2**62
_WHOLE = 2.0**53


@attrs.frozen(eq=False)
class Snapshots:
    """The snapshots of a panel, by account and then by period.

    Attributes
    ----------
    states
        The states.
    account, period, state
        Account, period (counted from 0 in the order of time) and state of each snapshot.
    periods
        How many periods there are.
    skipped
        Rows of the panel without an account, a period or a state.
    spacing
        The shortest and the longest distance between two periods that follow each other.
    """

    states: tuple[str, ...]
    account: Codes
    period: Codes
    state: Codes
    periods: int
    skipped: int
    spacing: tuple[float, float] | None


def read_snapshots(
    panel: Columns, account: str, at: str, state: str, states: tuple[str, ...] | None
) -> Snapshots:
    """Read the columns of a panel, in any order of its rows."""
    who = read_customers(pick(panel, account), account)
    when, known = _times(pick(panel, at), at)
    names, codes = _states(pick(panel, state), state, states)
    rows = common_length({account: who, at: when, state: codes})
    taken = known & (codes >= 0)
    if who.missing is not None:
        taken &= ~who.missing
    period, spacing = _periods(when[taken])
    periods = int(period.max(initial=-1)) + 1
    keys = _packed(who, who.codes[taken], period, codes[taken], (periods, len(names)))
    cell, found = np.divmod(keys, len(names))
    owner, step = np.divmod(cell, periods) if periods else (cell, cell)
    again = np.flatnonzero(cell[1:] == cell[:-1])
    if len(again):
        ids = who.ids(np.unique(owner[again]))
        raise DuplicateIdError.from_ids(
            "account and period of a panel", [str(i) for i in ids.tolist()]
        )
    return Snapshots(names, owner, step, found, periods, rows - len(keys), spacing)


def _states(raw: Any, column: str, states: tuple[str, ...] | None) -> tuple[tuple[str, ...], Codes]:
    """Give the states, as stated or by name, and the position of each row's among them."""
    found = as_labels(raw, column)
    if states is not None:
        return states, States(states).codes(found, column)
    names = tuple(sorted(found.labels))
    return names, States(names).codes(found, column)


def _times(raw: Any, name: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Read whole numbers or days as whole numbers, and which of them are known."""
    array = to_numpy(raw, name)
    if array.dtype.kind in "iu" and int(array.max(initial=0)) < _ROOM:
        return array.astype(np.int64, copy=False), np.ones(len(array), dtype=np.bool_)
    if array.dtype.kind in "iuf" or (array.dtype.kind == "O" and _holds_numbers(array)):
        return _whole(as_floats(raw, name), name)
    days = as_days(raw, name)
    return days.view(np.int64), ~np.isnat(days)


def _holds_numbers(array: Objects) -> bool:
    """Say whether cells of any type hold numbers; NaN is missing among days as well."""
    return any(isinstance(c, int | float | np.number) and c == c for c in array.tolist())  # noqa: PLR0124 - NaN


def _whole(values: NDArray[np.float64], name: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    known = np.isfinite(values)
    held = np.where(known, values, 0.0)
    if (np.abs(held) >= _WHOLE).any() or (np.rint(held) != held).any():
        raise ColumnError.from_kind(
            name, "days or whole numbers", "fractions", "number the periods, or give their days."
        )
    return held.astype(np.int64), known


def _periods(when: NDArray[np.int64]) -> tuple[Codes, tuple[float, float] | None]:
    """Put numbers to the times that occur, in their order, and say how far apart they are."""
    slots = slots_of(when)
    there = np.bincount(slots.codes, minlength=slots.size) > 0
    times = slots.numbers(np.flatnonzero(there))
    written = days_of_digits(times.astype(np.float64))
    if not np.isnat(written).any():  # 20260131: their order is that of the days, not their distance
        times = written.view(np.int64)
    between = np.diff(times.astype(np.float64))
    spacing = (float(between.min()), float(between.max())) if len(between) else None
    return (np.cumsum(there) - 1)[slots.codes], spacing


def _packed(
    who: Customers, owner: Codes, period: Codes, state: Codes, sizes: tuple[int, int]
) -> Codes:
    """Pack account, period and state into one number per snapshot, sorted."""
    periods, states = sizes
    if max(who.size, 1) * max(periods, 1) * max(states, 1) >= _ROOM:
        raise SpecError.from_field(
            "a panel",
            f"must have fewer than 2**62 cells of account, period and state ({who.size} accounts)",
            sizes,
            "take longer periods, or fewer states.",
        )
    keys = (owner * periods + period) * states + state
    keys.sort()
    return keys
