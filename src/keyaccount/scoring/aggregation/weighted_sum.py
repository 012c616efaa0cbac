"""The weighted sum: worths times weights, added in declared order."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from keyaccount._columns import Bools, Floats
from keyaccount.scoring.aggregation.base import Termwise
from keyaccount.scoring.plan import Part


class WeightedSum(Termwise):
    """Σ wᵢ·uᵢ. The weights are folded into the kernels, so that a worth is a contribution.

    Terms are added one criterion after the other and never by a matrix product, whose order of
    summation changes with the shape of the data.
    """

    kind: ClassVar[str] = "sum"
    combine: ClassVar[np.ufunc] = np.add

    def top(self, weight: float) -> float:
        """Give what the worths of a criterion are multiplied by: its weight."""
        return weight

    def to_term(self, part: Part, missing: Bools | None, out: Floats) -> None:
        """Turn the worths of one block into terms: they are."""

    def one_term(self, part: Part, worth: float, *, known: bool) -> float:
        """Turn the worth of one account into its term: it is."""
        del part, known
        return worth

    def one_combined(self, value: float, term: float) -> float:
        """Add one more term to the value of one account."""
        return value + term

    def rescale(self, values: Floats, known: Floats) -> Floats:
        """Scale values whose terms carry only part of the weight."""
        scaled: Floats = values / known
        return scaled
