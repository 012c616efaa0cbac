"""Read a column of ids: one text per row, never missing, never twice."""

from __future__ import annotations

from typing import Any

import numpy as np

from keyaccount._columns.kinds import Labels, Objects
from keyaccount._columns.labels import as_labels
from keyaccount.errors import DuplicateIdError, RowError


def as_ids(raw: Any, name: str) -> Objects:
    """Read a raw column as unique ids, one text per row.

    Raises
    ------
    RowError
        Some rows have no id.
    DuplicateIdError
        An id occurs in more than one row.
    """
    found = as_labels(raw, name)
    refuse_missing(found, name)
    if len(found.labels) < len(found):
        counts = np.bincount(found.codes, minlength=len(found.labels))
        raise DuplicateIdError.from_ids(
            f"ids in {name!r}", [found.labels[i] for i in np.flatnonzero(counts > 1)]
        )
    return found.texts()


def refuse_missing(found: Labels, name: str) -> None:
    """Refuse a column of ids in which some rows have none; a blank text is none."""
    blank = np.array([not label.strip() for label in found.labels] + [True])
    missing = np.flatnonzero(blank[found.codes])
    if len(missing):
        raise RowError.from_rows(
            name,
            "have no id",
            missing.tolist(),
            [None] * min(5, len(missing)),
            "give every row an id, or set these rows aside first.",
        )
