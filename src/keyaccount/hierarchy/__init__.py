"""Accounts rolled up along their parent links to the one that decides."""

from keyaccount.hierarchy.how import How, WeightedMean
from keyaccount.hierarchy.roll_up import roll_up
from keyaccount.hierarchy.rolled_up import RollUp

__all__ = ["How", "RollUp", "WeightedMean", "roll_up"]
