"""Whether what two quarters hold of a column may be compared: no windows that overlap.

Sales of 24 months, looked at three months later, share 21 of them: that they hardly moved says
nothing of the account.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from keyaccount.evaluation.quarter import Quarter

__all__ = ["lengths_problem", "window_problem"]

_SLACK = np.timedelta64(3, "D")
"""Months have 28 to 31 days: three of them before the end of June begin on the 30th of March."""


def window_problem(before: Quarter, after: Quarter, column: str) -> str:
    """Say what speaks against comparing a column; empty where nothing does, or nothing is known."""
    now = after.trailing.get(column)
    differ = lengths_problem(before, after, column)
    if differ or now is None:
        return differ
    if _months_before(after.as_of, now) + _SLACK < np.datetime64(before.as_of, "D"):
        return f"its windows of {now} months, to {before.as_of} and {after.as_of}, overlap"
    return ""


def lengths_problem(before: Quarter, after: Quarter, column: str) -> str:
    """Say that the windows of a column have two lengths; empty where they have one, or none."""
    then, now = before.trailing.get(column), after.trailing.get(column)
    if then == now:
        return ""
    windows = " and ".join("unknown" if m is None else f"{m} months" for m in (then, now))
    return f"its windows differ ({windows})"


def _months_before(day: date, months: int) -> np.datetime64:
    """Give the same day some months earlier, or the last day of that month."""
    month = np.datetime64(day, "M") - np.timedelta64(months, "M")
    first, following = (m.astype("datetime64[D]") for m in (month, month + np.timedelta64(1, "M")))
    wanted = first + np.timedelta64(day.day - 1, "D")
    found: np.datetime64 = min(wanted, following - np.timedelta64(1, "D"))
    return found
