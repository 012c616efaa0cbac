"""The accounts table: who the customers are."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Objects
from keyaccount.datasets.catalogue import COUNTRIES, SECTORS, picked, texts
from keyaccount.datasets.hierarchy import Hierarchy
from keyaccount.datasets.names import company_names
from keyaccount.datasets.truth import Truth

__all__ = ["account_columns"]

_FOUNDED = (1950, 2021)
_STAFF_UNKNOWN = 0.06
"""The share of accounts of which nobody knows how many people they employ."""


def account_columns(
    truth: Truth, hierarchy: Hierarchy, rng: np.random.Generator
) -> dict[str, Objects]:
    """Describe each account; the larger it is, the more people it employs."""
    n = len(truth)
    employees = np.ceil(truth.size * rng.lognormal(5.0, 0.5, n))
    employees[rng.random(n) < _STAFF_UNKNOWN] = np.nan
    return {
        "account_id": truth.ids,
        "account": company_names(n, rng),
        "sector": texts(tuple(s.name for s in SECTORS), truth.sector),
        "country": texts(COUNTRIES, truth.country),
        "founded": rng.integers(*_FOUNDED, n),
        "employees": employees,
        "subsidiary_of": picked(truth.ids, hierarchy.parent),
    }
