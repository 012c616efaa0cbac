"""How a gene is shown: one row per label in columns, one label as a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._record import Record
from keyaccount.scoring.genes.answering import Answer, not_enough
from keyaccount.scoring.genes.entry import GeneEntry, GeneMeasure, GenePrior

__all__ = ["MEASURES", "columns_of", "record_of"]

MEASURES = {
    "many": "number of large deals",
    "share": "share of large deals",
    "size": "typical large deal",
    "recurrence": "share of stretches with a large deal",
    "per_year": "large deals per year",
    "per_account_year": "large deals per account and year",
}
"""The measures of an entry, with the words they are shown under."""

_PARTS = ("raw", "shrunk", "low", "high", "lift", "above")


def columns_of(
    by: str, entries: Sequence[GeneEntry], priors: Mapping[str, GenePrior], min_deals: int
) -> dict[str, NDArray[Any]]:
    """Give entries as columns: counts that are not known -1, measures that are not NaN."""
    accounts = [-1 if e.accounts is None else e.accounts for e in entries]
    found: dict[str, NDArray[Any]] = {
        by: np.array([e.label for e in entries], dtype=object),
        "deals": np.array([e.deals for e in entries], dtype=np.int64),
        "large_deals": np.array([e.large_deals for e in entries], dtype=np.int64),
        "accounts": np.array(accounts, dtype=np.int64),
        "enough": np.array([e.deals >= min_deals for e in entries], dtype=np.bool_),
        "note": np.array([not_enough(e, min_deals) for e in entries], dtype=object),
    }
    for measure in priors:
        found.update(_spread(measure, [getattr(e, measure) for e in entries]))
    return found


def record_of(
    by: str,
    entry: GeneEntry,
    priors: Mapping[str, GenePrior],
    answers: Mapping[str, Answer],
    *,
    min_deals: int,
    large: float,
) -> Record:
    """Give one entry as a record: its answers, or why there are none, and each measure."""
    record: dict[str, Any] = {
        by: entry.label,
        "deals": entry.deals,
        "large deals": entry.large_deals,
        "large from": large,
    }
    if entry.accounts is not None:
        record["accounts"] = entry.accounts
    record["enough"] = not_enough(entry, min_deals) or "yes"
    record["answers"] = {asked: answer.told for asked, answer in answers.items()}
    for measure, prior in priors.items():
        found = getattr(entry, measure)
        if found is not None:
            record[MEASURES[measure]] = {**attrs.asdict(found), "pool": prior.mean}
    return Record(record)


def _spread(name: str, measures: Sequence[GeneMeasure | None]) -> dict[str, NDArray[Any]]:
    """Give each part of a measure as a column."""
    parts = [[None if m is None else getattr(m, part) for m in measures] for part in _PARTS]
    return {
        f"{name}_{part}": np.array(values, dtype=np.float64)  # None becomes NaN
        for part, values in zip(_PARTS, parts, strict=True)
    }
