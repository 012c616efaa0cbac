"""What a buying model reads of each customer: repeat orders, the last one, the time observed."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Floats, as_floats, common_length, refuse_rows
from keyaccount.findings import Finding

__all__ = ["History", "left_out", "read_history", "read_times", "refuse_rows", "told_infinite"]

_SHOWN = 5


@attrs.frozen(eq=False)
class History:
    """One entry per customer; where one of the three is unknown, all are NaN.

    Parameters
    ----------
    frequency
        Repeat orders: whole numbers.
    recency
        Time from the first order to the last.
    age
        Time from the first order to the day of the count: the T of the literature.
    known
        Where all three are known.
    findings
        Infinite and unknown values.
    """

    frequency: Floats
    recency: Floats
    age: Floats
    known: Bools
    findings: tuple[Finding, ...]

    def __len__(self) -> int:
        return len(self.frequency)


def read_history(frequency: Any, recency: Any, age: Any) -> History:
    """Read and check the three columns.

    Raises
    ------
    ColumnError, RowError
        A column is not numbers, the lengths differ, or a row cannot be a history.
    """
    raw = {
        "frequency": as_floats(frequency, "frequency"),
        "recency": as_floats(recency, "recency"),
        "T": as_floats(age, "T"),
    }
    common_length(raw)
    known: Bools = np.logical_and.reduce([np.isfinite(column) for column in raw.values()])
    x, tx, t = (np.where(known, column, np.nan) + 0.0 for column in raw.values())
    _refuse(x, tx, t)
    return History(x, tx, t, known, (*told_infinite(raw), *left_out(known)))


def read_times(values: Any, name: str, rows: int) -> Floats:
    """Read one time for all rows, or one per row; at least 0, NaN where unknown."""
    found = as_floats(values, name)
    if len(found) == 1 and rows != 1:
        found = np.full(rows, found[0])
    common_length({"frequency": range(rows), name: found})
    found = np.where(np.isfinite(found), found, np.nan)
    refuse_rows(name, found, found < 0.0, "are below 0", "give a time of at least 0.")
    return found + 0.0


def told_infinite(columns: dict[str, Floats]) -> tuple[Finding, ...]:
    """Tell of infinite values, which count as missing."""
    found = []
    for name, column in columns.items():
        rows = np.flatnonzero(np.isinf(column))
        if len(rows):
            are = "1 value is" if len(rows) == 1 else f"{len(rows):,} values are"
            said = f"{name}: {are} infinite and counted as missing"
            examples = tuple(f"row {r}" for r in rows[:_SHOWN].tolist())
            found.append(
                Finding(
                    code="infinite", message=said, count=len(rows), where=name, examples=examples
                )
            )
    return tuple(found)


def left_out(known: Bools) -> tuple[Finding, ...]:
    """Tell of customers whose history is not known."""
    rows = np.flatnonzero(~known)
    if not len(rows):
        return ()
    are = "1 customer has" if len(rows) == 1 else f"{len(rows):,} customers have"
    examples = tuple(f"row {r}" for r in rows[:_SHOWN].tolist())
    said = f"{are} no complete history and nothing is said of them"
    return (Finding(code="missing", message=said, count=len(rows), examples=examples),)


def _refuse(x: Floats, tx: Floats, t: Floats) -> None:
    unit = "recency and T are times since the first order, frequency counts the orders after it."
    refuse_rows("frequency", x, x < 0.0, "are below 0", unit)
    refuse_rows("recency", tx, tx < 0.0, "are below 0", unit)
    refuse_rows("T", t, t < 0.0, "are below 0", unit)
    known = np.isfinite(x)
    refuse_rows(
        "frequency",
        x,
        known & (np.floor(x) != x),
        "are no whole number",
        "count the orders after the first one; money and rates do not fit here.",
    )
    refuse_rows(
        "recency",
        tx,
        tx > t,
        "are beyond T",
        "recency is the time from the first order to the last, not the days since the last.",
    )
    refuse_rows(
        "recency",
        tx,
        (x == 0.0) & (tx > 0.0),
        "are above 0 without a repeat order",
        "a customer of one order has frequency 0 and recency 0.",
    )
    refuse_rows(
        "recency",
        tx,
        (x > 0.0) & (tx == 0.0),
        "are 0 in spite of repeat orders",
        "count the orders of one day as one: ka.purchase_summary(..., same_day='merge').",
    )
