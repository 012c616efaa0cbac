"""Read the columns that a table of deals has, whatever its source: a standing or a CRM export."""

from __future__ import annotations

from typing import Any

import numpy as np

from keyaccount._columns import Bools, Codes, Columns, Floats, as_floats, as_labels, pick, to_numpy
from keyaccount.errors import ColumnError, RowError
from keyaccount.findings import Finding
from keyaccount.funnel.forecast.cents import refuse_too_large
from keyaccount.funnel.rules import OPEN, OUTCOMES
from keyaccount.stats.survival.observations import read_causes

__all__ = ["read_money", "read_outcomes", "read_probabilities", "read_states", "told"]

_CODES = {word: code for code, word in enumerate(OUTCOMES)} | {
    str(code): code for code in range(len(OUTCOMES))
}
_SHOWN = 5


def told(
    code: str, which: Bools, said: str, where: str = "", *, severity: str = "warning"
) -> tuple[Finding, ...]:
    """Say how many rows something holds for; nothing where it holds for none."""
    count = int(np.count_nonzero(which))
    if not count:
        return ()
    message = f"{_deals(count)} {said}"
    return (Finding(code=code, message=message, count=count, where=where, severity=severity),)


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
    wrong = np.flatnonzero((found < 0.0) | (found > 1.0))
    if len(wrong):
        raise RowError.from_rows(
            name,
            "lie outside [0, 1]" if len(wrong) > 1 else "lies outside [0, 1]",
            wrong.tolist(),
            given[wrong[:_SHOWN]].tolist(),
            "write 90 % as 0.9: divide a column of percentages by 100.",
        )
    said = "of an infinite probability, which counts as missing"
    return found, told("infinite", infinite, said, name)


def read_outcomes(raw: Any, name: str) -> tuple[Codes, tuple[Finding, ...]]:
    """Read what deals are: the words open, won and lost in any case, or 0, 1 and 2.

    A deal without an outcome has not been decided: it is open, and that is told.

    Raises
    ------
    ColumnError
        The column holds true and false, which may mean won and lost or decided and open.
    RowError
        An outcome is none of these.
    """
    kind = to_numpy(raw, name).dtype.kind
    if kind == "b":
        hint = "write 'open', 'won' or 'lost': false may mean lost, or not decided yet."
        raise ColumnError.from_kind(name, "outcomes", "true and false", hint)
    codes = read_causes(raw, len(OUTCOMES) - 1, name) if kind in "iuf" else _from_words(raw, name)
    unknown = codes < 0
    said = "without an outcome, taken for open"
    return np.where(unknown, OPEN, codes), told("no_outcome", unknown, said, name, severity="info")


def read_states(columns: Columns, name: str | None, rows: int) -> tuple[Codes, tuple[Finding, ...]]:
    """Read the outcomes of a table; without such a column all deals are open."""
    if name is None:
        return np.full(rows, OPEN, dtype=np.int64), ()
    return read_outcomes(pick(columns, name), name)


def _from_words(raw: Any, name: str) -> Codes:
    found = as_labels(raw, name)
    table = [_CODES.get(label.strip().casefold(), len(OUTCOMES)) for label in found.labels]
    codes = np.array([*table, -1], dtype=np.int64)[found.codes]
    wrong = np.flatnonzero(codes == len(OUTCOMES))
    if len(wrong):
        raise RowError.from_rows(
            name,
            "hold no known outcome" if len(wrong) > 1 else "holds no known outcome",
            wrong.tolist(),
            [found.labels[code] for code in found.codes[wrong[:_SHOWN]].tolist()],
            "write 'open', 'won' or 'lost', or 0, 1 and 2.",
        )
    return codes


def _deals(count: int) -> str:
    return "1 deal" if count == 1 else f"{count:,} deals"
