"""How much each criterion counts: stated, ranked, compared in pairs or read from the data."""

from __future__ import annotations

from keyaccount.scoring.weights.ahp import AhpWeights, ahp_weights
from keyaccount.scoring.weights.critic import critic_weights
from keyaccount.scoring.weights.entropy import entropy_weights
from keyaccount.scoring.weights.market import market_weights
from keyaccount.scoring.weights.random_index import RANDOM_INDEX_TABLES
from keyaccount.scoring.weights.surrogate import (
    equal_weights,
    rank_order_centroid_weights,
    rank_reciprocal_weights,
    rank_sum_weights,
)
from keyaccount.scoring.weights.weights import Weights, as_weights

__all__ = [
    "RANDOM_INDEX_TABLES",
    "AhpWeights",
    "Weights",
    "ahp_weights",
    "as_weights",
    "critic_weights",
    "entropy_weights",
    "equal_weights",
    "market_weights",
    "rank_order_centroid_weights",
    "rank_reciprocal_weights",
    "rank_sum_weights",
]
