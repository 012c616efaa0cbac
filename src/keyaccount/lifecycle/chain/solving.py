"""Sums over the steps of a chain, solved at once."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Bools, Floats
from keyaccount.errors import KeyAccountError
from keyaccount.lifecycle.chain.graph import closed_classes, reachable, stationary

__all__ = ["discounted", "expected_steps", "long_run_shares", "step"]


def step(shares: Floats, matrix: Floats) -> Floats:
    """Move one period on: shares of the states as a row, added in declared order."""
    out = np.zeros(len(matrix))
    for share, row in zip(shares.tolist(), matrix, strict=True):
        out += share * row
    return out


def discounted(matrix: Floats, rewards: Floats, rate: float, inside: Bools) -> Floats:
    """Give the sum of all discounted rewards of the states `inside`; 0 from the others on."""
    kept = np.flatnonzero(inside)
    value = np.zeros(len(matrix))
    value[kept] = (1.0 + rate) * _solved(matrix, inside, rate, rewards[kept])
    return value + 0.0


def expected_steps(matrix: Floats, target: int) -> Floats:
    """Give the expected steps until the target is reached first; infinite where it may never be."""
    others = np.arange(len(matrix)) != target
    without = np.where(others[:, None] & others[None, :], matrix, 0.0)
    lost = ~reachable(matrix)[:, target]
    never = (reachable(without) & lost[None, :]).any(axis=1) & others
    sure = others & ~never
    steps = np.where(never, np.inf, 0.0)
    steps[sure] = _solved(matrix, sure, 0.0, np.ones(int(sure.sum())))
    return steps


def long_run_shares(matrix: Floats) -> Floats:
    """Give the share of time in each state (column) in the long run, by starting state (row)."""
    shares = np.zeros_like(matrix)
    closed = closed_classes(matrix)
    transient = np.ones(len(matrix), dtype=np.bool_)
    for members in closed:
        transient[members] = False
    for members in closed:
        mix = np.zeros(len(matrix))
        mix[members] = stationary(matrix[np.ix_(members, members)])
        shares[members] = mix
        entered = matrix[np.ix_(transient, members)].sum(axis=1)
        shares[transient] += _solved(matrix, transient, 0.0, entered)[:, None] * mix
    return shares


def _solved(matrix: Floats, inside: Bools, rate: float, right: Floats) -> Floats:
    """Solve ``((1 + rate) I - Q) x = right`` over the states inside.

    What a state keeps is written as what it gives away, which loses no digits where that is rare.
    """
    if not inside.any():
        return np.empty(0)
    leaves = np.where(np.eye(len(matrix), dtype=np.bool_), 0.0, matrix)
    system = 0.0 - leaves[np.ix_(inside, inside)]
    np.fill_diagonal(system, rate + leaves[inside].sum(axis=1))
    try:
        found: Floats = np.linalg.solve(system, right).astype(np.float64, copy=False)
    except np.linalg.LinAlgError:
        fact = "a state of the chain is left too rarely for the sum over its periods to be told"
        hint = "look at the smallest entries of the matrix, or give a horizon."
        raise KeyAccountError(fact, hint) from None
    return found
