"""`JoinedSummary`: a purchase summary with what is known of its customers beside it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import (
    Codes,
    Columns,
    Objects,
    as_floats,
    as_ids,
    as_labels,
    common_length,
    pick,
    to_numpy,
)
from keyaccount._record import Record, checked_row
from keyaccount._validators import exact_tuple
from keyaccount._view import View, Viewed
from keyaccount.errors import ColumnNotFoundError, SpecError
from keyaccount.findings import Finding, Severity, counted, note
from keyaccount.ledger.views import fixed, plain_cell

if TYPE_CHECKING:
    from keyaccount.ledger.summary import PurchaseSummary

__all__ = ["JoinedSummary", "joined"]


class JoinedSummary(Viewed):
    """A purchase summary with attributes of its customers beside it, aligned by id.

    It is a container of columns, as the summary is, and any spec that takes columns takes it.

    Attributes
    ----------
    summary
        The purchase summary.
    findings
        What a reader should know of the log, of customers without a row among the accounts, and of
        accounts without a customer in the log.

    Examples
    --------
    >>> import keyaccount as ka
    >>> log = {"who": ["A", "B"], "day": ["2026-01-05", "2026-02-02"], "paid": [10.0, 5.0]}
    >>> summary = ka.purchase_summary(
    ...     log, customer="who", at="day", amount="paid", as_of="2026-03-01"
    ... )
    >>> accounts = {"account": ["A", "C"], "industry": ["finance", "carriers"]}
    >>> book = summary.joined(accounts, id="account", columns=["industry"])
    >>> book["industry"], book["total"]
    (array(['finance', None], dtype=object), array([10.,  5.]))
    >>> [finding.message for finding in book.findings]
    ['1 customer without a row among the accounts', '1 account without an order in the log']
    """

    def __init__(
        self,
        summary: PurchaseSummary,
        beside: dict[str, NDArray[Any]],
        findings: tuple[Finding, ...],
    ) -> None:
        self.summary: PurchaseSummary = summary
        self.findings: tuple[Finding, ...] = findings
        self._beside: dict[str, NDArray[Any]] = beside

    def __len__(self) -> int:
        return len(self.summary)

    def __repr__(self) -> str:
        return f"<{repr(self.summary)[1:-1]}, with {', '.join(self._beside)}>"

    def _view(self) -> View:
        return View(repr(self)[1:-1], self.columns(), len(self))

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Give one column by its name.

        Raises
        ------
        ColumnNotFoundError
            There is no such column.
        """
        if name in self._beside:
            return self._beside[name]
        if name not in self.column_names:
            raise ColumnNotFoundError.from_name(str(name), self.column_names)
        return self.summary[name]

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns: those of the summary, then those beside it."""
        return (*self.summary.column_names, *self._beside)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Give everything as columns, for the constructor of any DataFrame."""
        return {name: self[name] for name in self.column_names}

    def row(self, i: int) -> Record:
        """Give one customer as a readable record."""
        i = checked_row(i, len(self))
        return Record({name: plain_cell(column[i]) for name, column in self.columns().items()})


def joined(
    summary: PurchaseSummary, accounts: Columns, id: str, columns: Sequence[str]
) -> JoinedSummary:
    """Put columns of accounts beside a summary, by id."""
    names = _asked(summary, columns)
    raw = {name: pick(accounts, name) for name in (id, *names)}
    ids = as_ids(raw[id], id)
    cells = {name: _cells(raw[name], name) for name in names}
    common_length({id: ids, **cells})
    place = {one: i for i, one in enumerate(ids.tolist())}
    own: Objects = as_labels(summary.id, "id").texts()
    rows: Codes = np.array([place.get(one, -1) for one in own.tolist()], dtype=np.int64)
    beside = {name: fixed(_taken(column, rows)) for name, column in cells.items()}
    alone = np.setdiff1d(np.arange(len(ids)), rows)
    findings = (*summary.findings, *_unknown(summary.id, rows, id), *_silent(ids[alone], id))
    return JoinedSummary(summary, beside, findings)


def _asked(summary: PurchaseSummary, columns: Any) -> tuple[str, ...]:
    names: Any = (columns,) if isinstance(columns, str) else exact_tuple(columns)
    good = isinstance(names, tuple) and names and all(isinstance(n, str) for n in names)
    if not good or len(set(names)) < len(names) or set(names) & set(summary.column_names):
        raise SpecError.from_field(
            "PurchaseSummary.joined(columns)",
            "must name columns, each once, that the summary does not have",
            columns,
            f"the summary has {', '.join(summary.column_names)}: rename those of the accounts.",
        )
    found: tuple[str, ...] = names
    return found


def _cells(raw: Any, name: str) -> NDArray[Any]:
    """Read a raw column: numbers as floats, days as they are, everything else as objects."""
    column = to_numpy(raw, name)
    if column.dtype.kind in "mM":
        return column
    kinds = set(map(type, column.tolist())) - {type(None)} if column.dtype.kind == "O" else set()
    numbers = bool(kinds) and kinds <= {int, float, Decimal}
    return as_floats(raw, name) if numbers or column.dtype.kind in "iuf" else column.astype(object)


def _taken(column: NDArray[Any], rows: Codes) -> NDArray[Any]:
    """Take the cells of some rows; row -1 is missing: NaN, NaT or None."""
    if column.dtype.kind == "f":
        return np.append(column, np.nan)[rows]
    if column.dtype.kind in "mM":
        return np.append(column, np.array(["NaT"], dtype=column.dtype))[rows]
    found = np.full(len(column) + 1, None, dtype=object)
    found[:-1] = column
    return found[rows]


def _unknown(ids: Objects, rows: Codes, where: str) -> tuple[Finding, ...]:
    return _told("no_account", "customer", "without a row among the accounts", ids[rows < 0], where)


def _silent(ids: Objects, where: str) -> tuple[Finding, ...]:
    told = "without an order in the log"
    return _told("no_orders", "account", told, ids, where, severity="info")


def _told(
    code: str, noun: str, what: str, ids: Objects, where: str, *, severity: Severity = "warning"
) -> tuple[Finding, ...]:
    said = f"{counted(len(ids), noun)} {what}"
    return note(code, said, len(ids), where, severity, examples=ids)
