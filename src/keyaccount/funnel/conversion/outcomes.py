"""How a stage ended, or that it has not: as codes 0, 1, 2 or as the words for them."""

from __future__ import annotations

from typing import Any

from keyaccount._columns import Codes
from keyaccount.funnel.outcome_words import read_outcome_words

__all__ = ["ADVANCED", "LOST", "OUTCOMES", "read_outcomes"]

OUTCOMES = ("open", "advanced", "lost")
"""The words for outcome 0, 1 and 2."""

ADVANCED, LOST = 1, 2

_WORDS = {word: code for code, word in enumerate(OUTCOMES)}


def read_outcomes(raw: Any, name: str = "outcomes") -> Codes:
    """Read outcomes, as numbers or words in any case; -1 where unknown.

    Raises
    ------
    RowError
        An outcome is none of these.
    """
    return read_outcome_words(raw, name, _WORDS)
