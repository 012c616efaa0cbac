"""Columns of true and false, as such or in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from keyaccount._columns import Codes, Columns, Floats, floats, labels
from keyaccount.errors import ColumnError, RowError

__all__ = ["flags"]

_SHOWN = 5
_WORDS = {
    **dict.fromkeys(("true", "yes", "y", "1", "是"), 1.0),
    **dict.fromkeys(("false", "no", "n", "0", "否"), 0.0),
}


def flags(columns: Columns, name: str) -> Floats:
    """Read true and false, as such, as 1 and 0 or in words; NaN where unknown.

    Raises
    ------
    RowError
        A cell is neither.
    """
    try:
        found = floats(columns, name)
    except (ColumnError, RowError):  # not numbers: words perhaps
        return _worded(columns, name)
    found = np.where(np.isfinite(found), found, np.nan)
    wrong = np.flatnonzero((found != 0.0) & (found != 1.0) & ~np.isnan(found))
    _refuse(name, wrong, found[wrong].tolist(), "use True and False, or 1 and 0.")
    return found


def _worded(columns: Columns, name: str) -> Floats:
    """Read words for true and false in either language."""
    given = labels(columns, name)
    table = [_WORDS.get(label.strip().casefold(), -1.0) for label in given.labels]
    found: Floats = np.array([*table, np.nan])[given.codes]
    wrong = np.flatnonzero(found == -1.0)
    words = [given.labels[c] for c in given.codes[wrong].tolist()]
    _refuse(name, wrong, words, "use True and False, 1 and 0, or yes and no.")
    return found


def _refuse(name: str, wrong: Codes, values: Sequence[object], hint: str) -> None:
    if len(wrong):
        said = "hold neither true nor false"
        raise RowError.from_rows(name, said, wrong.tolist(), values[:_SHOWN], hint)
