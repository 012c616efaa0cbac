"""The table of accounts of a quarter: scores, seats and data, the best account first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from keyaccount._columns import Codes, Objects, names_of, pick, to_numpy
from keyaccount.evaluation import Review
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.selection import Selection

__all__ = ["leavers_table", "quarter_table", "rank_order"]

_CLASHED = "accounts_"
"""What is put before a column of the data that is called as one of the review's."""


def quarter_table(
    columns: Any, id: str, scores: Scores, chosen: Selection, more: Mapping[str, Any]
) -> tuple[dict[str, Objects], dict[str, str]]:
    """Give one row per account, the best first: its score, its seat, why, and its data.

    The order does not depend on that of the input. A column of the data that is called as one of
    the review's keeps its values under ``accounts_…``.

    Returns
    -------
    tuple
        The table, and each column of the data to its name in the table.
    """
    own = _own(columns, id, scores, chosen, more)
    named = _data_names([name for name in names_of(columns) if name != id], own)
    known = {stored: to_numpy(pick(columns, name), name) for name, stored in named.items()}
    order = rank_order(scores, own["account"])
    return {name: np.asarray(column)[order] for name, column in (own | known).items()}, named


def _data_names(names: Sequence[str], own: Mapping[str, Any]) -> dict[str, str]:
    """Say under which name each column of the data is stored, none of them twice."""
    free = [name for name in names if name not in own]
    found: dict[str, str] = {}
    for name in names:
        stored = name
        while stored in own or (stored != name and stored in free):
            stored = f"{_CLASHED}{stored}"
        found[name] = stored
    return found


def rank_order(scores: Scores, ids: Objects) -> Codes:
    """Give the rows from the best score to the worst, equal ones by id, those without one last."""
    by_id = np.argsort(np.argsort(ids.astype(str), kind="stable"))
    worst_first = np.where(np.isnan(scores.value), -np.inf, scores.value)
    return np.lexsort((by_id, -worst_first))


def _own(
    columns: Any, id: str, scores: Scores, chosen: Selection, more: Mapping[str, Any]
) -> dict[str, Any]:
    """Give what the review says of each account."""
    seats = chosen.columns()
    ids = to_numpy(pick(columns, id), id)
    return {
        "account": ids,
        "is_key": seats["is_key"],
        "reason": seats["reason"],
        **scores.columns(),
        **seats,
        **more,
    }


def leavers_table(review: Review) -> dict[str, Objects]:
    """Give the accounts that left the book, by id: what they were, and what was decided."""
    rows = np.flatnonzero(review.leaver)
    rows = rows[np.argsort(review.ids[rows].astype(str), kind="stable")]
    return {
        "account": review.ids[rows],
        "was_key": review.seats.was[rows],
        "score_before": review.drivers.before[rows],
        "decision": review.decision[rows],
        "decision_reason": review.reason[rows],
    }
