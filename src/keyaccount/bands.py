"""Half-open numeric bands and named states as codes: the one notion of bands in the library.

``k`` rising cuts make ``k + 1`` bands; band ``i`` is ``[cut[i-1], cut[i])``, so that a value equal
to a cut belongs to the upper band. Comparing against a few cuts and adding the answers is several
times faster than a binary search per row.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._blocks import blocks
from keyaccount._columns import Codes, Floats, as_floats, as_labels
from keyaccount._validators import exact_tuple, field_name, float_tuple, is_finite, unique_names
from keyaccount._view import Spec
from keyaccount.errors import SpecError

__all__ = ["Cuts", "States"]

_MANY = 24
"""From this many cuts on, a binary search per row is the faster way."""

_MOST = np.iinfo(np.int16).max
"""Codes are 16-bit integers."""


def _rising(instance: object, attribute: Any, value: Any) -> None:
    good = isinstance(value, tuple) and all(is_finite(v) for v in value)
    if not good or any(a >= b for a, b in pairwise(value)):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be finite numbers, each above the one before",
            value,
            "list the cuts from low to high, each once.",
        )
    if len(value) > _MOST:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must be at most {_MOST} cuts",
            len(value),
            "take fewer: a band of its own for each value tells nothing apart.",
        )


@attrs.frozen
class Cuts(Spec):
    """Rising cuts that make half-open bands; a tie belongs to the upper band.

    Parameters
    ----------
    edges
        The cuts, rising. ``k`` cuts make ``k + 1`` bands.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Cuts((10, 20)).codes([5, 10, 19.99, 20, float("nan")])
    array([ 0,  1,  1,  2, -1], dtype=int16)
    """

    edges: tuple[float, ...] = attrs.field(converter=float_tuple, validator=_rising)

    def codes(self, values: Any) -> NDArray[np.int16]:
        """Give the band of each value as ``int16``, 0 for the lowest and -1 where missing."""
        x = as_floats(values, "values")
        out = np.empty(len(x), dtype=np.int16)
        for rows in blocks(len(x)):
            self.into(x[rows], out[rows])
        out[np.isnan(x)] = -1
        return out

    def into(self, x: Floats, out: NDArray[np.int16]) -> None:
        """Write the band of each value of one block into `out`; NaN counts as below all cuts."""
        if len(self.edges) >= _MANY:
            out[:] = np.searchsorted(np.array(self.edges), x, side="right")
            return
        # A sum of at most 23 answers fits a byte, and bytes add four times faster.
        total = np.zeros(len(x), dtype=np.int8)
        answer = np.empty(len(x), dtype=np.bool_)
        for edge in self.edges:
            np.greater_equal(x, edge, out=answer)
            np.add(total, answer.view(np.int8), out=total)
        out[:] = total

    def one(self, x: float) -> int:
        """Give the band of one value."""
        return bisect_right(self.edges, x)


@attrs.frozen
class States(Spec):
    """Named states, in a declared order, as codes.

    Parameters
    ----------
    names
        The states a value may take.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.States(("potential", "common", "vip")).codes(["vip", None, "common"])
    array([ 2, -1,  1])
    """

    names: tuple[str, ...] = attrs.field(converter=exact_tuple, validator=unique_names)

    def codes(self, values: Any, column: str = "values") -> Codes:
        """Give the position of each state; -1 where missing.

        Raises
        ------
        SpecError
            A value is none of the states.
        """
        found = as_labels(values, column)
        position = {name: i for i, name in enumerate(self.names)}
        for label in found.labels:
            if label not in position:
                raise SpecError.from_choice(f"column {column!r}", label, self.names)
        table = np.array([position[n] for n in found.labels] + [-1], dtype=np.int64)
        return table[found.codes]
