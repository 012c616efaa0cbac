"""What each account's entries fill, how old they are, and what to ask next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from keyaccount._columns import Codes, Columns, Floats
from keyaccount._validators import exact_int
from keyaccount.errors import SpecError
from keyaccount.findings import Finding, about_rows, counted
from keyaccount.program.book import (
    day_given,
)
from keyaccount.program.information.asking import asked_next
from keyaccount.program.information.assessment import InformationAssessment
from keyaccount.program.information.entries import read_entries
from keyaccount.program.information.state import FRESH, MISSING, STALE

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
    read = read_entries(spec.fields, entries, accounts, columns, day)
    leaves = [f.code for f in spec.leaves]
    leaf, about_branches = _leaves(spec, leaves, read.field)
    counts = read.filled & (read.book.rows >= 0) & (leaf >= 0)
    gone, shape = day - read.date[counts], (len(read.book), len(leaves))
    age = _ages(read.book.rows[counts], leaf[counts], gone, shape)
    limits = np.array([_or_endless(spec.max_age_of(code)) for code in leaves])
    state = np.full(age.shape, MISSING, dtype=np.int64)
    state[~np.isnan(age)] = FRESH
    state[(age > limits) & np.isfinite(age)] = STALE
    weights = np.array([spec.weight_of(code) for code in leaves])
    return InformationAssessment(
        account=read.book.ids,
        map=spec,
        state=state,
        age=np.where(np.isinf(age), np.nan, age),
        weights=weights,
        order=asked_next(state, weights, age, most),
        findings=read.findings + about_branches,
    )


def _leaves(
    spec: InformationMap, leaves: list[str], field: Codes
) -> tuple[Codes, tuple[Finding, ...]]:
    """Give the leaf that each entry is of, -1 for none; branches hold no values."""
    place = {code: i for i, code in enumerate(leaves)}
    table: Codes = np.array([*(place.get(f.code, -1) for f in spec.fields), -1], dtype=np.int64)
    leaf = table[field]
    on_branch = np.flatnonzero((field >= 0) & (leaf < 0))
    said = f"{counted(len(on_branch), 'row')} of a branch, which holds no value: left out"
    return leaf, about_rows("on_branch", said, on_branch, where="field")


def _or_endless(limit: float | None) -> float:
    return np.inf if limit is None else limit


def _count(raw: Any) -> int:
    found: Any = exact_int(raw)
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        rule = "must be a whole number of at least 0"
        raise SpecError.from_field("assess(next_fields)", rule, raw, "give a count.")
    return found


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
