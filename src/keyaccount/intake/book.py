"""A customer book: clean columns per account, with all that was met on the way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs

from keyaccount._columns import Objects
from keyaccount._record import Record
from keyaccount.findings import Finding
from keyaccount.intake.reconcile import Reconciliation

__all__ = ["Book", "TableCount"]


@attrs.frozen(kw_only=True)
class TableCount:
    """How many rows of a table were read, and how many could not be used.

    Parameters
    ----------
    table
        ``"accounts"``, ``"deals"``, ``"orders"``, ``"products"``, ``"ratings"``, ``"team"``,
        ``"assignments"``, ``"plans"``, ``"tasks"`` or ``"contacts"``.
    source
        The name of the file.
    read
        Rows in the file.
    rejected
        Rows that did not have the cells of the header, and accounts without an id of their own.
        Deals and orders that belong to no account are in the findings and reconciliations.
    columns
        Which column played which part: pairs of role and column.
    """

    table: str
    source: str
    read: int
    rejected: int
    columns: tuple[tuple[str, str], ...] = ()


@attrs.frozen(kw_only=True, eq=False)
class Book:
    """One row per account, ready for scoring, and what was met while reading.

    Parameters
    ----------
    columns
        ``id``, ``name``, ``sector``, ``parent`` where the accounts table has them; ``sales``,
        ``potential``, ``wins``, ``losses``, ``trials`` (NaN where no table tells); ratings as
        ``<criterion>_rating``, ``_spread``, ``_raters``, ``_latest``, ``_age_days``; all other
        columns of the accounts table, as numbers where they are numbers.
    findings
        What was met, in the order of reading.
    reconciliations
        Money in = money out, per sum.
    tables
        Rows per table.
    as_of
        The day asked about.
    logs
        Tables of many rows per account, as columns by role with ``account`` as in `columns`:
        ``"purchases"`` (orders, else deals won by the day), ``"pipeline"`` (deals that are open on
        the day, with stage, amount and chance; the account is None where it is not known),
        ``"sales"`` (what was sold by the day, of known accounts and others), ``"deal_people"``
        (who is on the deals that are open, or ended in the window), ``"assignments"``,
        ``"plans"``, ``"tasks"``, ``"contacts"``; and ``"team"``, one row per person of
        ours. Those that were given.
    trailing
        Columns that are sums over a window to that day, to the months of it.

    Examples
    --------
    >>> from keyaccount.intake import read_book
    >>> book = read_book({"account": ["A", "B"], "sector": ["retail", "retail"]})
    >>> book.columns["sales"], book.balances
    (array([nan, nan]), True)
    """

    columns: Mapping[str, Objects]
    findings: tuple[Finding, ...]
    reconciliations: tuple[Reconciliation, ...]
    tables: tuple[TableCount, ...]
    as_of: date | None = None
    logs: Mapping[str, Mapping[str, Objects]] = attrs.field(factory=dict, repr=False)
    trailing: Mapping[str, int] = attrs.field(factory=dict)

    def __len__(self) -> int:
        return len(self.columns["id"])

    @property
    def ids(self) -> Objects:
        """The ids of the accounts."""
        return self.columns["id"]

    @property
    def balances(self) -> bool:
        """Whether every sum of money is accounted for, to the cent."""
        return all(r.balances for r in self.reconciliations)

    def row(self, i: int) -> Record:
        """Show one account."""
        return Record({name: values[i] for name, values in self.columns.items()})
