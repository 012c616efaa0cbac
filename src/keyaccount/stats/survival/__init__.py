"""How long things take and how they end, while some have not ended yet."""

from keyaccount.stats.survival.aalen_johansen import aalen_johansen
from keyaccount.stats.survival.incidence import CumulativeIncidence, IncidenceAt
from keyaccount.stats.survival.kaplan_meier import (
    SurvivalCurve,
    conditional_quantile,
    kaplan_meier,
)
from keyaccount.stats.survival.risk import RiskTable

__all__ = [
    "CumulativeIncidence",
    "IncidenceAt",
    "RiskTable",
    "SurvivalCurve",
    "aalen_johansen",
    "conditional_quantile",
    "kaplan_meier",
]
