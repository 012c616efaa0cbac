"""Aggregations: an account's worths together in one value."""

from keyaccount.scoring.aggregation.base import Aggregation
from keyaccount.scoring.aggregation.topsis import Ideal, Topsis, ideal_ends, learn_ideal
from keyaccount.scoring.aggregation.weighted_product import WeightedProduct
from keyaccount.scoring.aggregation.weighted_sum import WeightedSum

AGGREGATIONS: dict[str, Aggregation] = {
    a.kind: a for a in (WeightedSum(), WeightedProduct(), Topsis())
}
"""The aggregations by the word a spec names them with."""

__all__ = [
    "AGGREGATIONS",
    "Aggregation",
    "Ideal",
    "Topsis",
    "WeightedProduct",
    "WeightedSum",
    "ideal_ends",
    "learn_ideal",
]
