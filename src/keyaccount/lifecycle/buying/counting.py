"""Counts of orders that come at a rate nobody knows exactly."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Floats
from keyaccount.lifecycle.buying._scipy import special

__all__ = ["negative_binomial"]


def negative_binomial(k: Floats, rate: Floats, t: Floats, n: Floats) -> Floats:
    """Return P(n orders within t) where their rate is Gamma(k, rate)."""
    sp = special()
    # 0·log 0 is 0: no orders within no time are certain
    found: Floats = np.exp(
        sp.gammaln(k + n)
        - sp.gammaln(k)
        - sp.gammaln(n + 1.0)
        - k * np.log1p(t / rate)
        + sp.xlogy(n, t / (rate + t))
    )
    return found
