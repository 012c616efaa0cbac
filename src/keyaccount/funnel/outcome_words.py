"""Outcomes written as words in any case, or as numbers: read as codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from keyaccount._columns import Codes, as_labels, to_numpy
from keyaccount.errors import RowError
from keyaccount.stats.survival.observations import read_causes

__all__ = ["read_outcome_words"]

_SHOWN = 5


def read_outcome_words(raw: Any, name: str, words: Mapping[str, int]) -> Codes:
    """Read outcomes by the words for them, or by the numbers from 0; -1 where missing.

    Raises
    ------
    RowError
        An outcome is none of these.
    """
    most = max(words.values())
    if to_numpy(raw, name).dtype.kind in "iufb":
        return read_causes(raw, most, name)
    known = {**words, **{str(code): code for code in range(most + 1)}}
    found = as_labels(raw, name)
    table = [known.get(label.strip().casefold(), most + 1) for label in found.labels]
    codes: Codes = np.array([*table, -1], dtype=np.int64)[found.codes]
    wrong = np.flatnonzero(codes > most)
    if len(wrong):
        numbers = [str(code) for code in range(most + 1)]
        raise RowError.from_rows(
            name,
            "hold no known outcome",
            wrong.tolist(),
            [found.labels[code] for code in found.codes[wrong[:_SHOWN]].tolist()],
            f"write {_listed([repr(w) for w in words], 'or')}, or {_listed(numbers, 'and')}.",
        )
    return codes


def _listed(items: list[str], last: str) -> str:
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
