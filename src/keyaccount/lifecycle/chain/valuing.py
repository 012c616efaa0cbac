"""The present value of an account by its starting state."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Bools, Floats
from keyaccount.errors import KeyAccountError, SpecError
from keyaccount.lifecycle.chain.graph import closed_classes
from keyaccount.lifecycle.chain.solving import discounted

__all__ = ["present_value"]


def present_value(
    states: tuple[str, ...], matrix: Floats, flow: Floats, rate: float, horizon: int | None
) -> Floats:
    """Add up discounted cash flows to the horizon, or without end."""
    with np.errstate(over="ignore", invalid="ignore"):
        if horizon is None:
            value = discounted(matrix, flow, rate, _summed(states, matrix, flow, rate))
        else:
            value = _stepped(matrix, flow, rate, horizon)
    if not np.isfinite(value).all():
        fact = f"a value of rewards up to {float(np.abs(flow).max())!r} may not fit a float64"
        raise KeyAccountError(fact, "write the rewards in a larger unit.", rewards=flow.tolist())
    return value + 0.0


def _stepped(matrix: Floats, flow: Floats, rate: float, horizon: int) -> Floats:
    value = flow.copy()
    for _ in range(horizon):
        ahead = np.zeros(len(value))
        for column, worth in zip(matrix.T, value.tolist(), strict=True):  # in declared order
            ahead += column * worth
        value = flow + ahead / (1.0 + rate)
    return value


def _summed(states: tuple[str, ...], matrix: Floats, flow: Floats, rate: float) -> Bools:
    """Say which states to sum over: without discount, those that are left for good."""
    inside = np.ones(len(flow), dtype=np.bool_)
    if rate > 0.0:
        return inside
    for members in closed_classes(matrix):
        inside[members] = False
        paid = [states[i] for i in members.tolist() if flow[i] != 0.0]
        if paid:
            raise SpecError.from_field(
                "discount",
                f"must be above 0, or the sum has no end: {paid[0]!r} pays for ever",
                rate,
                "give a discount, a horizon, or a reward of 0 to states that are never left.",
            )
    return inside
