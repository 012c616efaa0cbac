"""What a summary needs to know of a log, wherever its rows are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import attrs

from keyaccount._columns import Codes, Days, Floats, Objects
from keyaccount.findings import Finding, Met

__all__ = ["Met", "ReducedLog", "RowsMet"]


@attrs.frozen(kw_only=True, eq=False)
class RowsMet:
    """What was met among the rows of a log.

    Attributes
    ----------
    read, purchases, refunds
        How many rows the log has, and how many of them are orders and refunds that are kept.
    left_out
        Reason to the rows that do not count, in the order in which the reasons are asked.
    duplicates
        Rows that equal an earlier one.
    no_margin
        Kept rows without a margin, where margins were asked for.
    findings
        What a reader should know of the columns.
    """

    read: int
    purchases: int
    refunds: int
    left_out: Mapping[str, Met]
    duplicates: Met
    no_margin: Met
    findings: tuple[Finding, ...]


class ReducedLog(Protocol):
    """A log reduced to its customers; every column has one entry per customer, in one order.

    The properties are there at once; the methods may take another pass over the rows.
    """

    @property
    def ids(self) -> Objects:
        """The customers with at least one row that counts."""
        ...

    @property
    def first(self) -> Days:
        """The days of the first purchases; NaT where there is none."""
        ...

    @property
    def last(self) -> Days:
        """The days of the last purchases; NaT where there is none."""
        ...

    @property
    def bought(self) -> Codes:
        """How many purchases there are."""
        ...

    @property
    def spent(self) -> Floats:
        """The money of the rows that count; 0 where there is none."""
        ...

    @property
    def has_margin(self) -> bool:
        """Whether margins were asked for."""
        ...

    def margins(self) -> Floats:
        """Add up the known margins of the rows that count; NaN where there is none."""
        ...

    def active_days(self) -> Codes:
        """Count the distinct days with a purchase."""
        ...

    def later(self) -> tuple[Codes, Floats]:
        """Count the purchases after the first day, and add up their money."""
        ...

    def met(self) -> RowsMet:
        """Tell what was met among the rows."""
        ...
