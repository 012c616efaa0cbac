"""Two quarters side by side: one row per account that is in either of them."""

from __future__ import annotations

from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np

from keyaccount._columns import Bools, Codes, Floats, Labels, Objects, common_length, names_of
from keyaccount._columns import floats as read_floats
from keyaccount._columns import labels as read_labels
from keyaccount.evaluation.quarter import Quarter
from keyaccount.evaluation.windows import lengths_problem, window_problem
from keyaccount.findings import Finding, counted

__all__ = ["Joined", "When"]

When: TypeAlias = Literal["before", "after"]
"""Which of two quarters is asked."""


class Joined:
    """The accounts of two quarters, joined by id: those of the later one, then those that left.

    In a first review those have left who are named as incumbents and are not in the book.

    Attributes
    ----------
    ids
        The id of each account.
    row_before, row_after
        Its row in the earlier and in the later quarter, -1 where it is not there.
    """

    def __init__(self, before: Quarter | None, after: Quarter) -> None:
        self.before: Quarter | None = before
        self.after: Quarter = after
        earlier = [] if before is None else before.ids.tolist()
        later = after.ids.tolist()
        row_of = {account: row for row, account in enumerate(earlier)}
        there = set(later)
        left = [row for row, account in enumerate(earlier) if account not in there]
        told = () if before is not None else after.incumbents or ()
        absent = [account for account in told if account not in there]
        ids = [*later, *(earlier[row] for row in left), *absent]
        self.ids: Objects = np.array([*ids, None], dtype=object)[:-1]
        self.row_after: Codes = np.full(len(ids), -1, dtype=np.int64)
        self.row_after[: len(later)] = np.arange(len(later))
        rows = [row_of.get(account, -1) for account in ids]
        self.row_before: Codes = np.array(rows, dtype=np.int64)
        self._numbers: dict[tuple[When, str], Floats] = {}

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def newcomer(self) -> Bools:
        """Which accounts are in the later quarter only."""
        found: Bools = (self.row_before < 0) & (self.row_after >= 0)
        return found

    @cached_property
    def leaver(self) -> Bools:
        """Which accounts were there before, as a quarter says or the later one was told."""
        return self.row_after < 0

    @cached_property
    def was_key(self) -> Bools:
        """Which accounts were key before: by the earlier quarter, or as the later one was told."""
        if self.before is not None:
            return self.spread_flags(self.before.selection.is_key, "before")
        told = self.after.incumbents or {}
        return np.array([account in told for account in self.ids.tolist()], dtype=np.bool_)

    def window_problem(self, column: str) -> str:
        """Say why the quarters cannot be compared by a column; empty where they can."""
        return "" if self.before is None else window_problem(self.before, self.after, column)

    def lengths_problem(self, column: str) -> str:
        """Say that a column is a sum over windows of two lengths; empty where it is not."""
        return "" if self.before is None else lengths_problem(self.before, self.after, column)

    @property
    def common(self) -> int:
        """How many accounts are in both quarters."""
        return int(np.count_nonzero((self.row_before >= 0) & (self.row_after >= 0)))

    def quarter(self, when: When) -> Quarter | None:
        """Give one of the quarters."""
        return self.before if when == "before" else self.after

    def has(self, name: str, when: When) -> bool:
        """Say whether a quarter has a column."""
        quarter = self.quarter(when)
        return quarter is not None and name in names_of(quarter.columns)

    def floats(self, name: str, when: When) -> Floats:
        """Read a column of numbers; NaN where it, the account or the column is missing."""
        values = self._read(name, when)
        return self.spread(np.where(np.isfinite(values), values, np.nan), when)

    def labels(self, name: str, when: When) -> Labels:
        """Read a column of labels; missing where it, the account or the column is missing."""
        quarter = self.quarter(when)
        if quarter is None or not self.has(name, when):
            return Labels(np.full(len(self), -1, dtype=np.int64), ())
        found = read_labels(quarter.columns, name)
        _ = common_length({quarter.id: quarter.ids, name: found})
        return Labels(np.append(found.codes, -1)[self._rows(when)], found.labels)

    def spread(self, values: Floats, when: When) -> Floats:
        """Lay what one quarter says of its accounts beside the joined ones."""
        return np.append(values, np.nan)[self._rows(when)]

    def spread_flags(self, flags: Bools, when: When) -> Bools:
        """Lay flags of one quarter beside the joined accounts; False where one is not there."""
        return np.append(flags, np.False_)[self._rows(when)]

    def infinite(self) -> list[Finding]:
        """Say which columns that were read hold infinite values: these count as missing."""
        return [
            Finding(
                code="infinite",
                message=_infinite(count, f"{name!r} ({when})"),
                count=count,
                where=name,
            )
            for (when, name), values in sorted(self._numbers.items())
            if (count := int(np.count_nonzero(np.isinf(values))))
        ]

    def _rows(self, when: When) -> Codes:
        return self.row_before if when == "before" else self.row_after

    def _read(self, name: str, when: When) -> Floats:
        quarter = self.quarter(when)
        key: tuple[When, str] = (when, name)
        if quarter is None:
            return np.empty(0)
        if key not in self._numbers:
            missing = not self.has(name, when)
            found = np.full(len(quarter), np.nan) if missing else read_floats(quarter.columns, name)
            _ = common_length({quarter.id: quarter.ids, name: found})
            self._numbers[key] = found
        return self._numbers[key]


def _infinite(count: int, where: str) -> str:
    """Say how many values are infinite."""
    verbs = "is infinite and counts" if count == 1 else "are infinite and count"
    return f"{counted(count, 'value')} of {where} {verbs} as missing"
