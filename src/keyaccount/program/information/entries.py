"""The entries of an information map as read: of whom, on what, whether filled, and since when."""

from __future__ import annotations

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Columns, Days, Labels, days, labels
from keyaccount.findings import Finding, about_rows, counted
from keyaccount.program.book import (
    Keys,
    optional_labels,
    read_keys,
    same_length,
    says_nothing,
)
from keyaccount.program.information.field import InformationField
from keyaccount.program.term import code_rows

__all__ = ["Entries", "read_entries"]


@attrs.frozen(eq=False)
class Entries:
    """Entries, one per row.

    Attributes
    ----------
    book
        The accounts, and the account of each entry.
    field
        The field of each entry, as a position in the map's fields; -1 where it has none.
    filled
        Whether it says anything by the day.
    date
        When it was learned.
    findings
        Entries that say too little.
    """

    book: Keys
    field: Codes
    filled: Bools
    date: Days
    findings: tuple[Finding, ...]


def read_entries(
    fields: tuple[InformationField, ...],
    entries: Columns,
    accounts: Columns | None,
    columns: dict[str, str | None],
    day: np.datetime64,
) -> Entries:
    """Read the entries; those after the day fill nothing."""
    seen = labels(entries, str(columns["account"]))
    field = labels(entries, str(columns["field"]))
    value = labels(entries, str(columns["value"]))
    source = optional_labels(entries, columns["source"])
    name = columns["date"]
    unknown = np.full(len(seen), "NaT", dtype="datetime64[D]")
    date = unknown if name is None else days(entries, name)
    same_length(account=seen, field=field, value=value, date=date, source=source)
    book = read_keys(seen, accounts, str(columns["account"]), "account")
    codes = code_rows(field, fields, str(columns["field"]))
    says = [not says_nothing(label) for label in value.labels]
    says_something: Bools = np.array([*says, False], dtype=np.bool_)[value.codes]
    filled: Bools = says_something & ~(date > day)
    told = (
        *book.findings,
        *_about_values(value, says_something, str(columns["value"])),
        *_about_later(date, day),
        *_about_blanks({"field": field, "value": value}, columns),
        *_about_origins(filled, date, source, columns),
    )
    return Entries(book, codes, filled, date, told)


def _about_values(value: Labels, filled: Bools, where: str) -> tuple[Finding, ...]:
    rows = np.flatnonzero((value.codes >= 0) & ~filled)
    said = f"{counted(len(rows), 'row')} whose value says that nothing is known: not filled"
    return about_rows("says_nothing", said, rows, where=where, severity="info")


def _about_later(date: Days, day: np.datetime64) -> tuple[Finding, ...]:
    rows = np.flatnonzero(date > day)
    said = f"{counted(len(rows), 'row')} after {day}, left out"
    return about_rows("later", said, rows, severity="info")


def _about_blanks(given: dict[str, Labels], columns: dict[str, str | None]) -> tuple[Finding, ...]:
    """Tell of entries that name no field, or have no value."""
    told: tuple[Finding, ...] = ()
    for what, cells in given.items():
        rows = np.flatnonzero(cells.codes < 0)
        said = f"{counted(len(rows), 'row')} without a {what}, left out"
        told += about_rows(f"no_{what}", said, rows, where=str(columns[what]))
    return told


def _about_origins(
    filled: Bools, date: Days, source: Labels | None, columns: dict[str, str | None]
) -> tuple[Finding, ...]:
    """Tell of filled entries without a date or a source, where there are columns of them."""
    told: tuple[Finding, ...] = ()
    if columns["date"] is not None:
        rows = np.flatnonzero(filled & np.isnat(date))
        said = f"{counted(len(rows), 'row')} without a date, of unknown age"
        told += about_rows("no_date", said, rows, where=columns["date"])
    if source is not None:
        rows = np.flatnonzero(filled & (source.codes < 0))
        said = f"{counted(len(rows), 'row')} without a source"
        told += about_rows("no_source", said, rows, where=str(columns["source"]))
    return told
