"""The exact probability of reaching a target, what each deal adds, and what is still needed."""

from keyaccount.funnel.attainment.bounds import SumDistribution, SumQuantile
from keyaccount.funnel.attainment.contributions import (
    MarginalContributions,
    marginal_contributions,
)
from keyaccount.funnel.attainment.needed import StillNeeded, still_needed
from keyaccount.funnel.attainment.probability import attainment
from keyaccount.funnel.attainment.result import Attainment, AttainmentMethod
from keyaccount.funnel.attainment.shock import CommonShock

__all__ = [
    "Attainment",
    "AttainmentMethod",
    "CommonShock",
    "MarginalContributions",
    "StillNeeded",
    "SumDistribution",
    "SumQuantile",
    "attainment",
    "marginal_contributions",
    "still_needed",
]
