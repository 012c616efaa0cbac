"""The five stages of the customer lifecycle, and the rules an account may be in one by."""

from __future__ import annotations

from typing import Final

__all__ = ["LIMIT_SOURCES", "NAMES_ZH", "RULES", "STAGES"]

STAGES: Final = ("acquisition", "growth", "maturity", "decline", "churn")
"""The stages in their order."""

NAMES_ZH: Final = ("获取", "提升", "成熟", "衰退", "流失")

RULES: Final = (
    "contract_ended",
    "silent",
    "prospect",
    "young",
    "few_orders",
    "rising",
    "falling",
    "stepped_up",
    "stepped_down",
    "growth_held",
    "decline_held",
    "no_spend",
    "no_trend",
    "steady",
)
"""What put an account in its stage, in the order in which it is asked."""

LIMIT_SOURCES: Final = ("own_rhythm", "own_longest_gap", "group", "pool", "default")
"""Whose rhythm the silence of an account is held against."""
