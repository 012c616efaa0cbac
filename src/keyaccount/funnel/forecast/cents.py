"""Money in whole cents, so that parts add up to their total without rounding."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Codes, Floats, refuse_rows
from keyaccount.errors import KeyAccountError

__all__ = ["money", "refuse_too_large", "total_cents", "weighted_money", "whole_cents"]

_CENTS = 100.0
_EXACT_BELOW = 2.0**53
"""Whole numbers below are float64 without rounding."""

_SHOWN = 5


def weighted_money(amounts: Floats, probabilities: Floats) -> Floats:
    """Multiply amounts by probabilities, each product rounded to the nearest cent.

    The amount in cents times the probability is one product of float64, rounded to a whole number,
    ties to even. So the weighted amounts of groups add up to that of all deals.
    """
    cents = np.rint(amounts * _CENTS)
    # 0.07 · 100 is not quite 7: a whole number of cents is taken as the number that was meant.
    exact = np.where(cents / _CENTS == amounts, cents, amounts * _CENTS)
    found: Floats = np.rint(exact * probabilities) / _CENTS + 0.0
    return found


def whole_cents(amounts: Floats) -> Codes:
    """Round amounts to cents, ties to even; what is missing counts 0."""
    known = np.where(np.isfinite(amounts), amounts, 0.0)
    return np.rint(known * _CENTS).astype(np.int64)


def total_cents(cents: Codes, name: str) -> int:
    """Add cents up.

    Raises
    ------
    KeyAccountError
        The sum of the magnitudes is too large for float64 to hold its cents.
    """
    if float(np.abs(cents).astype(np.float64).sum()) >= _EXACT_BELOW:
        raise KeyAccountError(
            f"the amounts in {name!r} add up to more than can be counted in cents",
            "write the amounts in a larger unit, or look for a wrong entry among them.",
            column=name,
        )
    return int(cents.sum())


def money(cents: Codes) -> Floats:
    """Write whole cents as amounts."""
    found: Floats = cents / _CENTS + 0.0
    return found


def refuse_too_large(amounts: Floats, name: str) -> None:
    """Refuse amounts whose cents float64 cannot hold.

    Raises
    ------
    RowError
        There are some.
    """
    hint = "write the amounts in a larger unit, or look for a wrong entry among them."
    refuse_rows(
        name,
        amounts,
        np.abs(amounts) >= _EXACT_BELOW / _CENTS,
        "are too large to be counted in cents",
        hint,
    )
