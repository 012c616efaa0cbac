"""What figures of scores read from a selection, or from scores alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from keyaccount._columns import Objects, as_labels, common_length
from keyaccount._words import Words, shortened
from keyaccount.errors import SpecError
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.selection import Selection

__all__ = [
    "DIGITS",
    "account_labels",
    "cut_of",
    "digits_apart",
    "expect_sum",
    "ids_of",
    "scores_in",
]

DIGITS = range(2, 7)
"""How many digits a score is written with, at least and at most."""


def scores_in(given: Scores | Selection, figure: str) -> Scores:
    """Give the scores, also those behind a selection.

    Raises
    ------
    SpecError
        The selection was made from plain numbers.
    """
    found = given.scores if isinstance(given, Selection) else given
    if found is None:
        raise SpecError.from_field(
            figure,
            "needs scores with their criteria",
            "a selection made from plain numbers",
            "select from the Scores of a scorer.",
        )
    return found


def expect_sum(scores: Scores, figure: str) -> None:
    """Refuse contributions that multiply: bars would add them.

    Raises
    ------
    SpecError
        They do not add up to the score.
    """
    if scores.contribution_kind == "product":
        raise SpecError.from_field(
            figure,
            "needs contributions that add up to the score",
            scores.contribution_kind,
            "the weighted sum and the closeness to the ideal have such; "
            "of a weighted product see scores.row(i).",
        )


def cut_of(given: Scores | Selection) -> float | None:
    """Give the cut where all accounts share one."""
    if not isinstance(given, Selection):
        return None
    cuts = {g.cut for g in given.groups if np.isfinite(g.cut)}
    return cuts.pop() if len(cuts) == 1 and len(given.groups) == 1 else None


def digits_apart(values: Iterable[float], mark: float) -> int:
    """Give with how many digits no value but the mark itself is written as the mark is."""
    others = [v for v in values if v != mark]
    apart = (d for d in DIGITS if all(round(v, d) != round(mark, d) for v in others))
    return next(apart, DIGITS[-1])


def ids_of(given: Scores | Selection, ids: Any, figure: str) -> Objects | None:
    """Give the ids passed, or those of the selection; None where there are none.

    Raises
    ------
    ColumnError
        There is not one id per account.
    """
    if ids is None:
        return given.ids if isinstance(given, Selection) else None
    found = as_labels(ids, f"{figure}(ids)").texts()
    common_length({"ids": found, "scores": range(len(given))})
    return found


def account_labels(
    given: Scores | Selection, ids: Any, words: Words, figure: str
) -> Callable[[int], str]:
    """Give what writes an account: its id, else its position.

    Raises
    ------
    ColumnError
        There is not one id per account.
    """
    known = ids_of(given, ids, figure)

    def label(i: int) -> str:
        """Name an account by its id, or by its row where it has none."""
        if known is None or known[i] is None:
            return words.say(f"row {i}", f"第 {i} 行")
        return shortened(known[i])

    return label
