"""Buy-till-you-die models: who is still active, what they will order, and what that is worth."""

from keyaccount.lifecycle.buying.beta_geometric import BetaGeometricNBD
from keyaccount.lifecycle.buying.facts import BuyingFit
from keyaccount.lifecycle.buying.gamma_gamma import GammaGamma
from keyaccount.lifecycle.buying.holdout_report import holdout_report
from keyaccount.lifecycle.buying.holdout_result import HoldoutReport, RuleScore
from keyaccount.lifecycle.buying.holdout_split import HoldoutSplit, holdout_split
from keyaccount.lifecycle.buying.model import BuyingModel
from keyaccount.lifecycle.buying.modified import ModifiedBetaGeometricNBD
from keyaccount.lifecycle.buying.order_potential import order_potential
from keyaccount.lifecycle.buying.pareto_nbd import ParetoNBD
from keyaccount.lifecycle.buying.potential import OrderPotential
from keyaccount.lifecycle.buying.total import TotalPotential

__all__ = [
    "BetaGeometricNBD",
    "BuyingFit",
    "BuyingModel",
    "GammaGamma",
    "HoldoutReport",
    "HoldoutSplit",
    "ModifiedBetaGeometricNBD",
    "OrderPotential",
    "ParetoNBD",
    "RuleScore",
    "TotalPotential",
    "holdout_report",
    "holdout_split",
    "order_potential",
]
