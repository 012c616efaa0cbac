"""What we have written down about customers: entries of the information map."""

from __future__ import annotations

from typing import Final

import numpy as np

from keyaccount._columns import Objects
from keyaccount.datasets.catalogue import texts
from keyaccount.datasets.truth import Truth, logistic
from keyaccount.program.information.presets import information_map

__all__ = ["information_columns"]

_FIELDS: Final = tuple(field.code for field in information_map().leaves)
_NOTES = (
    "doubling capacity in two years",
    "costs to fall by a tenth",
    "three sites, one system",
    "decided once a year in autumn",
    "measured on deliveries in time",
    "new management since spring",
    "growing abroad",
    "standard parts only",
)
_MOST, _LEAST, _STEEP = 0.7, 0.02, 3
"""The share of the map known of the largest account and of the smallest, and how fast it falls."""
_AGE = 250.0
_NO_DATE = 0.05


def information_columns(truth: Truth, rng: np.random.Generator) -> dict[str, Objects]:
    """Draw entries: more of large accounts and of good relationships, and some long ago."""
    known = _LEAST + _MOST * truth.rank**_STEEP * logistic(truth.bond)
    parts = [np.flatnonzero(rng.random(len(truth)) < known) for _ in _FIELDS]
    account = np.concatenate(parts)
    field = np.repeat(np.arange(len(_FIELDS)), [len(p) for p in parts])
    order = np.argsort(account, kind="stable")
    account, field = account[order], field[order]
    n = len(account)
    written = truth.until[account] - 1.0 - _AGE * rng.standard_exponential(n)
    undated = (rng.random(n) < _NO_DATE) | (written < truth.since[account])
    return {
        "account_id": truth.ids[account],
        "field": texts(_FIELDS, field),
        "value": texts(_NOTES, rng.integers(len(_NOTES), size=n)),
        "date": truth.date(np.where(undated, np.inf, written)),
    }
