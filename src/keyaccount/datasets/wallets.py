"""What customers can spend on what we sell, as far as they tell."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Objects
from keyaccount.datasets.orders import Orders
from keyaccount.datasets.truth import DAYS, Truth

__all__ = ["wallet_columns"]

_LAST_YEAR = 365
_OURS = (2.0, 3.0)
"""Our share of a customer's budget is Beta with these."""
_OURS_RANGE = (0.03, 0.95)
_REACHED = (2.0, 4.0)
"""The share of the rest that we can reach is Beta with these."""
_UNKNOWN = 0.3


def wallet_columns(truth: Truth, orders: Orders, rng: np.random.Generator) -> dict[str, Objects]:
    """Give each account a yearly budget of at least what it spent with us in the last year."""
    n = len(truth)
    spent = np.maximum(orders.spend(n, _LAST_YEAR), 0.0)
    usual = np.where(spent > 0.0, spent, truth.rate * truth.value)
    budget = np.ceil(usual / np.clip(rng.beta(*_OURS, n), *_OURS_RANGE))
    present = spent / budget
    attainable = present + (1.0 - present) * rng.beta(*_REACHED, n)
    unknown = rng.random(n) < _UNKNOWN
    asked = truth.within(np.arange(n), DAYS - 1.0 - rng.integers(0, _LAST_YEAR, n))
    return {
        "account_id": truth.ids,
        "spent_12m": spent,
        "budget": np.where(unknown, np.nan, budget),
        "present_share": np.where(unknown, np.nan, present),
        "attainable_share": np.where(unknown, np.nan, np.round(attainable, 4)),
        "asked_on": truth.date(np.where(unknown, np.inf, asked)),
    }
