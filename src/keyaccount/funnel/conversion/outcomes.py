"""How a stage ended, or that it has not: as codes 0, 1, 2 or as the words for them."""

from __future__ import annotations

from typing import Any

import numpy as np

from keyaccount._columns import Codes, as_labels, to_numpy
from keyaccount.errors import RowError
from keyaccount.stats.survival.observations import read_causes

__all__ = ["ADVANCED", "LOST", "OUTCOMES", "read_outcomes"]

OUTCOMES = ("open", "advanced", "lost")
"""The words for outcome 0, 1 and 2."""

ADVANCED, LOST = 1, 2

_CODES = {word: code for code, word in enumerate(OUTCOMES)} | {
    str(code): code for code in range(len(OUTCOMES))
}


def read_outcomes(raw: Any, name: str = "outcomes") -> Codes:
    """Read outcomes, as numbers or words in any case; -1 where unknown.

    Raises
    ------
    RowError
        An outcome is none of these.
    """
    if to_numpy(raw, name).dtype.kind in "iufb":
        return read_causes(raw, len(OUTCOMES) - 1, name)
    found = as_labels(raw, name)
    codes = [_CODES.get(label.strip().casefold(), len(OUTCOMES)) for label in found.labels]
    outcomes = np.array([*codes, -1], dtype=np.int64)[found.codes]
    wrong = np.flatnonzero(outcomes == len(OUTCOMES))
    if len(wrong):
        raise RowError.from_rows(
            name,
            "hold no known outcome" if len(wrong) > 1 else "holds no known outcome",
            wrong.tolist(),
            [found.labels[code] for code in found.codes[wrong[:5]].tolist()],
            "write 'open', 'advanced' or 'lost', or 0, 1 and 2.",
        )
    return outcomes
