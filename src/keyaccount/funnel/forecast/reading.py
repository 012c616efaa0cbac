"""Read the columns that a table of deals has, whatever its source: a standing or a CRM export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from keyaccount._columns import (
    Bools,
    Codes,
    Columns,
    Floats,
    as_floats,
    names_of,
    pick,
    refuse_rows,
    to_numpy,
)
from keyaccount.errors import ColumnError
from keyaccount.findings import Finding, Severity, counted, note
from keyaccount.funnel.forecast.cents import refuse_too_large
from keyaccount.funnel.outcome_words import read_outcome_words
from keyaccount.funnel.rules import OPEN, OUTCOMES

__all__ = [
    "DEAL_WORDS",
    "column_if_there",
    "read_money",
    "read_outcomes",
    "read_probabilities",
    "read_states",
    "told",
]

DEAL_WORDS: Final[Mapping[str, int]] = {word: code for code, word in enumerate(OUTCOMES)}
"""The words for what a deal is."""

_SHOWN = 5


def told(
    code: str, which: Bools, said: str, where: str = "", *, severity: Severity = "warning"
) -> tuple[Finding, ...]:
    """Say how many rows something holds for; nothing where it holds for none."""
    count = int(np.count_nonzero(which))
    return note(code, f"{counted(count, 'deal')} {said}", count, where, severity)


def read_money(raw: Any, name: str) -> tuple[Floats, tuple[Finding, ...]]:
    """Read amounts; what is infinite is missing, and amounts below 0 are told.

    Raises
    ------
    RowError
        An amount is no number, or too large for its cents to be counted.
    """
    given = as_floats(raw, name)
    infinite = np.isinf(given)
    found = np.where(infinite, np.nan, given) + 0.0
    refuse_too_large(found, name)
    findings = told("infinite", infinite, "of an infinite amount, which counts as missing", name)
    negative = found < 0.0
    return found, findings + told(
        "negative", negative, "of an amount below 0, added as it is", name, severity="info"
    )


def read_probabilities(raw: Any, name: str) -> tuple[Floats, tuple[Finding, ...]]:
    """Read chances of winning; what is infinite is missing.

    Raises
    ------
    RowError
        One lies outside [0, 1].
    """
    given = as_floats(raw, name)
    infinite = np.isinf(given)
    found = np.where(infinite, np.nan, given) + 0.0
    hint = "write 90 % as 0.9: divide a column of percentages by 100."
    refuse_rows(name, given, (found < 0.0) | (found > 1.0), "lie outside [0, 1]", hint)
    said = "of an infinite probability, which counts as missing"
    return found, told("infinite", infinite, said, name)


def column_if_there(columns: Columns, name: str | None, usual: str) -> str | None:
    """Give the column to read: None where there is none of the usual name, and no other is named.

    A column of another name that is not there stays named: to read it tells that it is missing.
    """
    usually = isinstance(name, str) and name == usual
    return None if usually and usual not in names_of(columns) else name


def read_outcomes(
    raw: Any, name: str, words: Mapping[str, int] = DEAL_WORDS
) -> tuple[Codes, tuple[Finding, ...]]:
    """Read what deals are: the words open, won and lost in any case, or 0, 1 and 2.

    A deal without an outcome has not been decided: it is open, and that is told.

    Raises
    ------
    ColumnError
        The column holds true and false, which may mean won and lost or decided and open.
    RowError
        An outcome is none of these.
    """
    if to_numpy(raw, name).dtype.kind == "b":
        hint = "write 'open', 'won' or 'lost': false may mean lost, or not decided yet."
        raise ColumnError.from_kind(name, "outcomes", "true and false", hint)
    codes = read_outcome_words(raw, name, words)
    unknown = codes < 0
    said = "without an outcome, taken for open"
    return np.where(unknown, OPEN, codes), told("no_outcome", unknown, said, name, severity="info")


def read_states(columns: Columns, name: str | None, rows: int) -> tuple[Codes, tuple[Finding, ...]]:
    """Read the outcomes of a table; without such a column all deals are open."""
    if name is None:
        return np.full(rows, OPEN, dtype=np.int64), ()
    return read_outcomes(pick(columns, name), name)
