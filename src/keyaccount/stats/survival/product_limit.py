"""The share not gone as a product over time, and its variance."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Floats
from keyaccount.stats.survival.risk import RiskTable
from keyaccount.stats.survival.segments import accumulated

__all__ = ["greenwood_variance", "open_share"]


def open_share(risk: RiskTable) -> Floats:
    """Give the share not gone by any cause at each time: the Kaplan-Meier estimate."""
    stay = (risk.at_risk - risk.left) / risk.at_risk
    return accumulated(np.multiply, stay, risk.offsets)


def greenwood_variance(risk: RiskTable, still_open: Floats) -> Floats:
    """Give Greenwood's variance of the share not gone; 0 where nobody is left."""
    n, left = risk.at_risk.astype(np.float64), risk.left.astype(np.float64)
    weight = np.divide(left, n * (n - left), out=np.zeros_like(n), where=left < n)
    found: Floats = still_open * still_open * accumulated(np.add, weight, risk.offsets)
    return found
