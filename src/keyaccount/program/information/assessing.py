"""What each account's entries fill, how old they are, and what to ask next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from keyaccount._columns import Bools, Codes, Columns, Days, Floats, days, labels
from keyaccount._validators import exact_int
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, about_rows, counted
from keyaccount.program.book import (
    Keys,
    day_given,
    optional_labels,
    read_keys,
    same_length,
    says_nothing,
)
from keyaccount.program.information.asking import asked_next
from keyaccount.program.information.assessment import FRESH, MISSING, STALE, InformationAssessment
from keyaccount.program.term import code_rows

if TYPE_CHECKING:
    from keyaccount.program.information.map import InformationMap

__all__ = ["assessed"]


def assessed(
    spec: InformationMap,
    entries: Columns,
    accounts: Columns | None,
    columns: dict[str, str | None],
    options: tuple[Any, Any],
) -> InformationAssessment:
    """Read the entries, and say what they fill."""
    day = day_given(options[0], "assess(as_of)")
    most = _count(options[1])
    book, field, filled, date, told = _read(spec, entries, accounts, columns, day)
    leaves = [f.code for f in spec.leaves]
    at = np.full(len(spec.fields), -1, dtype=np.int64)
    for place, f in enumerate(spec.fields):
        at[place] = leaves.index(f.code) if f.code in leaves else -1
    leaf = np.append(at, -1)[field]
    on_branch = np.flatnonzero((field >= 0) & (leaf < 0))
    said = f"{counted(len(on_branch), 'row')} of a branch, which holds no value: left out"
    told += about_rows("on_branch", said, on_branch, where="field")
    counts = filled & (book.rows >= 0) & (leaf >= 0)
    age = _ages(book.rows[counts], leaf[counts], (day - date[counts]), (len(book), len(leaves)))
    limits = np.array([_or_endless(spec.max_age_of(code)) for code in leaves])
    state = np.full(age.shape, MISSING, dtype=np.int64)
    state[~np.isnan(age)] = FRESH
    state[(age > limits) & np.isfinite(age)] = STALE
    weights = np.array([spec.weight_of(code) for code in leaves])
    return InformationAssessment(
        account=book.ids,
        map=spec,
        state=state,
        age=np.where(np.isinf(age), np.nan, age),
        weights=weights,
        order=asked_next(state, weights, age, most),
        findings=told,
    )


def _or_endless(limit: float | None) -> float:
    return np.inf if limit is None else limit


def _count(raw: Any) -> int:
    found: Any = exact_int(raw)
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        rule = "must be a whole number of at least 0"
        raise SpecError.from_field("assess(next_fields)", rule, raw, "give a count.")
    return found


def _read(
    spec: InformationMap,
    entries: Columns,
    accounts: Columns | None,
    columns: dict[str, str | None],
    day: np.datetime64,
) -> tuple[Keys, Codes, Bools, Days, tuple[Finding, ...]]:
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
    codes = code_rows(field, spec.fields, str(columns["field"]))
    says = [not says_nothing(label) for label in value.labels]
    filled: Bools = np.array([*says, False], dtype=np.bool_)[value.codes]
    empty = np.flatnonzero((value.codes >= 0) & ~filled)
    later = np.flatnonzero(date > day)
    filled[later] = False
    said = f"{counted(len(empty), 'row')} whose value says that nothing is known: not filled"
    told = about_rows("says_nothing", said, empty, where=str(columns["value"]), severity="info")
    told += about_rows(
        "later", f"{counted(len(later), 'row')} after {day}, left out", later, severity="info"
    )
    for code, given in (("no_field", field), ("no_value", value)):
        rows = np.flatnonzero(given.codes < 0)
        said = f"{counted(len(rows), 'row')} without a {code.removeprefix('no_')}, left out"
        told += about_rows(code, said, rows, where=str(columns[code.removeprefix("no_")]))
    if name is not None:
        rows = np.flatnonzero(filled & np.isnat(date))
        said = f"{counted(len(rows), 'row')} without a date, of unknown age"
        told += about_rows("no_date", said, rows, where=name)
    if source is not None:
        rows = np.flatnonzero(filled & (source.codes < 0))
        said = f"{counted(len(rows), 'row')} without a source"
        told += about_rows("no_source", said, rows, where=str(columns["source"]))
    return book, codes, filled, date, book.findings + told


def _ages(account: Codes, leaf: Codes, gone: Any, shape: tuple[int, int]) -> Floats:
    """Give the age of the latest entry of each field: inf where undated, NaN where none is."""
    days_gone = np.where(np.isnat(gone), np.inf, gone.astype(np.int64).astype(np.float64))
    youngest = np.full(shape[0] * shape[1], np.inf)
    cell = account * shape[1] + leaf
    np.minimum.at(youngest, cell, days_gone)
    there = np.zeros(len(youngest), dtype=np.bool_)
    there[cell] = True
    found: Floats = np.where(there, youngest, np.nan).reshape(shape)
    return found
