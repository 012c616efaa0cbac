"""Which states lead where: reachability, and the classes that are never left."""

from __future__ import annotations

import numpy as np

from keyaccount._columns import Bools, Codes, Floats

__all__ = ["closed_classes", "reachable", "stationary"]


def reachable(matrix: Floats) -> Bools:
    """Say from which state (row) which state (column) can be reached, in no step or more."""
    reach: Bools = (matrix > 0.0) | np.eye(len(matrix), dtype=np.bool_)
    for via in range(len(matrix)):
        reach |= reach[:, via : via + 1] & reach[via : via + 1, :]
    return reach


def closed_classes(matrix: Floats) -> list[Codes]:
    """Give the sets of states that lead to each other and nowhere else, in declared order."""
    reach = reachable(matrix)
    classes: list[Codes] = []
    for state in range(len(matrix)):
        members = np.flatnonzero(reach[state])
        if members[0] == state and reach[np.ix_(members, members)].all():
            classes.append(members)
    return classes


def stationary(matrix: Floats) -> Floats:
    """Give the long-run shares of an irreducible chain.

    Grassmann, Taksar and Heyman (1985), Operations Research 33: no subtraction, so that rare moves
    lose no digits.
    """
    rest = matrix.copy()
    for last in range(len(rest) - 1, 0, -1):
        rest[:last, last] /= rest[last, :last].sum()
        rest[:last, :last] += rest[:last, last : last + 1] * rest[last : last + 1, :last]
    shares = np.ones(len(rest))
    for state in range(1, len(rest)):
        shares[state] = (shares[:state] * rest[:state, state]).sum()
    normal: Floats = shares / shares.sum()
    return normal
