"""The weighted product (weighted geometric mean): worths to the power of their weights."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from keyaccount._columns import Bools, Floats
from keyaccount.scoring.aggregation.base import Termwise
from keyaccount.scoring.plan import Part


class WeightedProduct(Termwise):
    """Π uᵢ^wᵢ. One worth of 0 makes the value 0: a weakness cannot be made up for.

    A worth below 0, which only an unbounded ratio can have, counts as 0.
    """

    kind: ClassVar[str] = "product"
    combine: ClassVar[np.ufunc] = np.multiply

    def top(self, weight: float) -> float:
        """Give what the worths of a criterion are multiplied by: nothing."""
        del weight
        return 1.0

    def to_term(self, part: Part, missing: Bools | None, out: Floats) -> None:
        """Turn the worths of one block into factors, in place."""
        np.maximum(out, 0.0, out=out)
        np.power(out, part.weight, out=out)
        if missing is not None and part.reweights:
            out[missing] = 1.0
        elif missing is not None and part.criterion.missing == "reject":
            out[missing] = np.nan  # the power 0 would turn it into 1

    def one_term(self, part: Part, worth: float, *, known: bool) -> float:
        """Turn the worth of one account into its factor."""
        out = np.array([worth])
        self.to_term(part, None if known else np.array([True]), out)
        return float(out[0])

    def one_combined(self, value: float, term: float) -> float:
        """Multiply one more factor into the value of one account."""
        return value * term

    def rescale(self, values: Floats, known: Floats) -> Floats:
        """Scale values whose factors carry only part of the weight."""
        return np.where(np.isnan(known), np.nan, np.power(values, 1.0 / known))
