"""Judgements: how good a reference an account is."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Objects
from keyaccount.datasets.truth import DAYS, Truth

__all__ = ["rating_columns"]

_RATERS = ("chen", "diaz", "okafor", "schmidt")
_RATED = 0.3
_MOST_RATERS = 3
_WORST, _BEST = 1, 5


def rating_columns(truth: Truth, rng: np.random.Generator) -> dict[str, Objects]:
    """Let one to three people rate three accounts of ten; large ones get better marks."""
    n = len(truth)
    rated = np.sort(rng.permutation(n)[: round(_RATED * n)])
    account = np.repeat(rated, rng.integers(1, _MOST_RATERS + 1, len(rated)))
    nth = np.arange(len(account)) - np.searchsorted(account, account)
    marks = 2.2 + 0.6 * np.log(truth.size[account]) + 0.2 * truth.bond[account]
    marks += rng.normal(0.0, 0.8, len(account))
    ago = rng.integers(1, 365, len(account))
    return {
        "account_id": truth.ids[account],
        "criterion": np.full(len(account), "showcase", dtype=object),
        "rating": np.clip(np.rint(marks), _WORST, _BEST),
        "rater": np.array(_RATERS, dtype=object)[(account + nth) % len(_RATERS)],
        "rated_on": truth.date(truth.within(account, DAYS - 1.0 - ago)),
    }
