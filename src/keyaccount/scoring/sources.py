"""Where scores come from: a batch of rows in blocks, or one account as plain floats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import attrs
import numpy as np

from keyaccount._columns import Bools, Floats
from keyaccount.groups import ByGroup
from keyaccount.scoring.aggregation import Aggregation
from keyaccount.scoring.oddities import Oddities
from keyaccount.scoring.plan import Fill, Inputs, Plan


class Source(Protocol):
    """Where scores come from: a batch of rows, or one account as plain floats."""

    plan: Plan
    aggregation: Aggregation

    def values(self, fill: Fill) -> Floats:
        """Give the values, with a stand-in for what is unknown."""
        ...

    def is_complete(self) -> bool:
        """Say whether every value is known, so that bounds are the value itself."""
        ...

    def contributions(self) -> Floats:
        """Give the (n, k) contributions."""
        ...

    def known(self) -> Bools:
        """Say which values are known, as an (n, k) array."""
        ...

    def pooled(self) -> Bools:
        """Say which constants fell back to the pool, as an (n, k) array."""
        ...

    def worths(self) -> Floats:
        """Give the (n, k) unweighted worths."""
        ...

    def reweighted(self, weights: Sequence[float]) -> Floats:
        """Give the values under other weights."""
        ...

    def oddities(self) -> Oddities:
        """Count what a reader should know of the data."""
        ...


@attrs.define(eq=False)
class Batch:
    """Scores of many rows, computed in blocks."""

    plan: Plan
    aggregation: Aggregation
    inputs: Inputs

    def values(self, fill: Fill) -> Floats:
        """Give the values, with a stand-in for what is unknown."""
        return self.aggregation.values(self.plan, self.inputs, fill)

    def is_complete(self) -> bool:
        """Say whether every value is known, so that bounds are the value itself."""
        return all(bool(np.isfinite(x).all()) for x in self.inputs.xs)

    def contributions(self) -> Floats:
        """Give the (n, k) contributions."""
        return self.aggregation.contributions(self.plan, self.inputs)

    def worths(self) -> Floats:
        """Give the (n, k) unweighted worths."""
        return self.plan.worths(self.inputs, Fill.POLICY)

    def reweighted(self, weights: Sequence[float]) -> Floats:
        """Give the values under other weights."""
        plan = self.plan.with_weights(weights, self.aggregation.top)
        return self.aggregation.values(plan, self.inputs, Fill.POLICY)

    def known(self) -> Bools:
        """Say which values are known, as an (n, k) array."""
        return _stack([np.isfinite(x) for x in self.inputs.xs])

    def pooled(self) -> Bools:
        """Say which constants fell back to the pool, as an (n, k) array."""
        n, index, codes = self.inputs.n, self.plan.index, self.inputs.codes
        if codes is None:
            return np.zeros((n, len(self.plan.parts)), dtype=np.bool_)
        return _stack(
            [
                ~np.array(index.owned(p.criterion.value))[codes]
                if p.grouped
                else np.zeros(n, dtype=np.bool_)
                for p in self.plan.parts
            ]
        )

    def oddities(self) -> Oddities:
        """Count what a reader should know of the data."""
        raw_and_judged = list(zip(self.inputs.raw, self.inputs.xs, strict=True))
        return Oddities(
            infinite=[int(np.count_nonzero(np.isinf(raw))) for raw, _ in raw_and_judged],
            unjudged=[
                int(np.count_nonzero(np.isfinite(raw) & np.isnan(x))) for raw, x in raw_and_judged
            ],
            pooled=np.count_nonzero(self.pooled(), axis=0).tolist(),
        )


@attrs.define(eq=False)
class OneAccount:
    """Scores of one account, computed in plain floats: small arrays would cost ten times more."""

    plan: Plan
    aggregation: Aggregation
    xs: list[float]
    group: int
    own: list[float | None] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.own = [
            part.worth(x, self.group) for part, x in zip(self.plan.parts, self.xs, strict=True)
        ]

    def values(self, fill: Fill) -> Floats:
        """Give the value, with a stand-in for what is unknown."""
        return np.array([self.aggregation.one(self.plan, self.own, self.group, fill)])

    def is_complete(self) -> bool:
        """Say whether every value is known, so that bounds are the value itself."""
        return None not in self.own

    def contributions(self) -> Floats:
        """Give the (1, k) contributions."""
        return np.array([self.aggregation.one_contributions(self.plan, self.own, self.group)])

    def known(self) -> Bools:
        """Say which values are known, as a (1, k) array."""
        return np.array([[w is not None for w in self.own]])

    def pooled(self) -> Bools:
        """Say which constants fell back to the pool, as a (1, k) array."""
        index = self.plan.index
        return np.array(
            [
                [
                    isinstance(p.criterion.value, ByGroup)
                    and not index.owned(p.criterion.value)[self.group]
                    for p in self.plan.parts
                ]
            ]
        )

    def worths(self) -> Floats:
        """Give the (1, k) unweighted worths."""
        return self._batch().worths()

    def reweighted(self, weights: Sequence[float]) -> Floats:
        """Give the value under other weights."""
        return self._batch().reweighted(weights)

    def oddities(self) -> Oddities:
        """Count what a reader should know of the data."""
        return self._batch().oddities()

    def _batch(self) -> Batch:
        """Give the same account as a batch of one."""
        columns = [np.array([x]) for x in self.xs]
        inputs = self.plan.inputs(columns, np.array([self.group]), 1)
        return Batch(self.plan, self.aggregation, inputs)


def _stack(columns: Sequence[Bools]) -> Bools:
    return np.stack(columns, axis=1)
