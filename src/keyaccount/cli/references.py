"""A group of accounts as a reference: it is shown by the best of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from keyaccount._columns import Codes, Objects, as_floats
from keyaccount.hierarchy import RollUp

__all__ = ["best_references"]

_MEASURES = ("rating", "spread", "raters", "latest", "age_days")


def best_references(columns: Mapping[str, Objects], rolled: RollUp) -> dict[str, Objects]:
    """Give each group the rating of its best reference, with the raters and the age of that rating.

    Parameters
    ----------
    columns
        The accounts, with the columns of ratings.
    rolled
        The groups they roll up to.
    """
    rated = [n.removesuffix("raters") for n in columns if n.endswith("_raters")]
    rated += [] if "showcase_" in rated else ["showcase_"]
    found: dict[str, Objects] = {}
    for stem in rated:
        names = [f"{stem}{m}" for m in _MEASURES if f"{stem}{m}" in columns]
        if f"{stem}rating" in names:
            best = _best_rows(columns, f"{stem}rating", rolled)
            found |= {name: columns[name][best] for name in names}
    return found


def _best_rows(columns: Mapping[str, Objects], name: str, rolled: RollUp) -> Codes:
    """Give the row of the highest rating in each group, the first id where several have it."""
    ratings = as_floats(columns[name], name)
    falling = np.where(np.isnan(ratings), np.inf, -ratings)
    by_id = np.argsort(np.argsort(rolled.accounts.astype(str), kind="stable"))
    order = np.lexsort((by_id, falling, rolled.group))
    first = np.unique(rolled.group[order], return_index=True)[1]
    best: Codes = order[first]
    return best
