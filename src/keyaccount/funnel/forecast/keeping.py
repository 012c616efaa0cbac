"""Which of several forecasts of one deal count."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from keyaccount._columns import Codes
from keyaccount.errors import RowError
from keyaccount.findings import Finding, counted, note
from keyaccount.funnel.forecast.matched import Stored

__all__ = ["KEEPS", "Keep", "one_each", "repeated"]

Keep: TypeAlias = Literal["all", "first", "last"]
"""Which of several forecasts of one deal count."""

KEEPS: tuple[Keep, ...] = ("all", "first", "last")


def one_each(stored: Stored, judged: Codes, keep: Keep, name: str) -> Codes:
    """Keep one forecast per deal, the first or the last by day."""
    who, when = stored.deal.codes[judged], stored.made_at[judged]
    order = np.lexsort((when, who))
    who, when = who[order], when[order]
    tied = (who[1:] == who[:-1]) & (when[1:] == when[:-1])
    rows = np.sort(judged[order[np.flatnonzero(tied) + 1]])
    if len(rows):
        raise RowError.from_rows(
            name,
            "hold the day of another forecast of the same deal",
            rows.tolist(),
            [stored.deal.labels[c] for c in stored.deal.codes[rows[:5]].tolist()],
            "keep one forecast per deal and day, or judge all with keep='all'.",
        )
    edge = np.ones(len(order), dtype=np.bool_)
    if keep == "first":
        edge[1:] = who[1:] != who[:-1]
    else:
        edge[:-1] = who[1:] != who[:-1]
    return np.sort(judged[order[edge]])


def repeated(stored: Stored, judged: Codes) -> tuple[Finding, ...]:
    """Tell that some deals have several forecasts."""
    deals = len(np.unique(stored.deal.codes[judged]))
    told = f"{counted(len(judged), 'forecast')} of {deals:,} deals"
    message = f"{told}: those of one deal are not independent"
    return note("repeated", message, len(judged) - deals, severity="info")
