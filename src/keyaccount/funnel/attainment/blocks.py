"""Blocks of open deals: independent of each other, and inside each given the block's regime."""

from __future__ import annotations

import math
from collections.abc import Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Floats
from keyaccount.funnel.attainment.shock import CommonShock


@attrs.frozen(eq=False)
class Block:
    """Deals that share a regime; a block of one regime holds independent deals.

    `values` are units above or at 0, ascending; `chances` are ``(regimes, deals)``; `rows` say
    where each deal stands in the input.
    """

    weights: tuple[float, ...]
    chances: NDArray[np.float64]
    values: tuple[int, ...]
    rows: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.values)

    def take(self, places: Sequence[int]) -> Block:
        """Keep some of the deals."""
        return Block(
            self.weights,
            self.chances[:, list(places)],
            tuple(self.values[i] for i in places),
            tuple(self.rows[i] for i in places),
        )

    def in_regime(self, regime: int) -> Block:
        """Give the independent deals that these are in one regime."""
        return Block((1.0,), self.chances[regime : regime + 1], self.values, self.rows)

    def variance(self, sizes: Floats) -> float:
        """Give the variance of the sum of deals of these sizes."""
        within = [
            weight * math.fsum((sizes * sizes * p * (1.0 - p)).tolist())
            for weight, p in zip(self.weights, self.chances, strict=True)
        ]
        means = [math.fsum((sizes * p).tolist()) for p in self.chances]
        mean = math.fsum(w * m for w, m in zip(self.weights, means, strict=True))
        between = [w * (m - mean) ** 2 for w, m in zip(self.weights, means, strict=True)]
        return math.fsum(within + between)


def blocks_of(
    values: Sequence[int],
    stated: Floats,
    rows: Sequence[int],
    shock: CommonShock | None,
    codes: Codes | None,
) -> tuple[Block, ...]:
    """Sort open deals into blocks, in an order that does not depend on that of the rows.

    `stated` are probabilities of the deals as given: a negative value is a deal that takes away.
    It is counted as taken for certain, and given back with the probability of the complement.
    """
    away = np.array([v < 0 for v in values], dtype=bool)

    def block(members: Sequence[int], among: CommonShock | None) -> Block:
        chances = stated[members]
        chances = chances[np.newaxis, :] if among is None else among.conditional(chances)
        chances = np.where(away[members], 1.0 - chances, chances)
        given = Block(
            (1.0,) if among is None else among.weights,
            chances,
            tuple(abs(values[i]) for i in members),
            tuple(rows[i] for i in members),
        )
        likeness = list(zip(given.values, chances.T.tolist(), strict=True))
        return given.take(sorted(range(len(members)), key=likeness.__getitem__))

    # A deal that shares its regime with nobody is independent, whatever the regime.
    shared = [] if shock is None else [g for g in _members(codes, len(values)) if len(g) > 1]
    alone = sorted(set(range(len(values))).difference(*shared))
    found = [block(alone, None)] if alone else []
    found += [block(members, shock) for members in shared]
    return tuple(sorted(found, key=_spread))


def _members(codes: Codes | None, n: int) -> list[list[int]]:
    """List the deals of each group; without groups all are one, without a label nobody's."""
    if codes is None:
        return [list(range(n))]
    groups: dict[int, list[int]] = {}
    for i, code in enumerate(codes.tolist()):
        groups.setdefault(code, []).append(i)
    return [members for code, members in groups.items() if code >= 0]


def _spread(block: Block) -> tuple[object, ...]:
    """Sort narrow blocks before wide ones: what is convolved first stays short."""
    return sum(v * v for v in block.values), block.values, block.chances.ravel().tolist()
