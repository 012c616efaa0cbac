"""`RfmStep`: the shortest way of one measure to a better segment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil

import attrs

from keyaccount.segments.rfm.crossing import Crossing
from keyaccount.segments.rfm.cut_rule import Edges
from keyaccount.segments.rfm.measures import Measure

__all__ = ["RfmStep", "step_up"]

_CENTS = 100


@attrs.frozen
class RfmStep:
    """The shortest way of one measure, the others as they are, to a better segment.

    Attributes
    ----------
    measure
        ``"recency"``, ``"frequency"`` or ``"monetary"``.
    amount
        How far it is, in the measure's own units: days that the last purchase is too long ago,
        whole purchases that are missing, or money that is missing, rounded up to the cent.
    threshold
        What the measure then reaches.
    segment
        The code of the segment it leads to.

    Examples
    --------
    >>> import keyaccount as ka
    >>> rfm = ka.Rfm(cuts=ka.FixedCut(recency=90, frequency=3, monetary=1_000))
    >>> for step in rfm.assign({"days_since": 100, "count": 1, "total": 20.0}).steps_up(0):
    ...     print(step)
    a purchase now -> general_develop
    2 more purchases -> general_maintain
    980.00 more -> important_win_back
    """

    measure: Measure
    amount: float
    threshold: float
    segment: str

    def __str__(self) -> str:
        return f"{self._way()} -> {self.segment}"

    def _way(self) -> str:
        if self.measure == "recency":
            return "a purchase now"
        if self.measure == "monetary":
            return f"{self.amount:,.2f} more"
        return f"{self.amount:,.0f} more purchase{'' if self.amount == 1.0 else 's'}"


def step_up(
    crossing: Crossing, levels: Mapping[Measure, int], measure: Measure, value: float, edges: Edges
) -> RfmStep | None:
    """Find the least change of one measure that leads to a better segment; None where none does."""
    now = crossing.code(levels)
    for amount, reached in _changes(measure, value, edges[levels[measure] :]):
        level = _level(measure, reached, edges)
        then = crossing.code({**levels, measure: level})
        if level > levels[measure] and then < now:
            threshold = edges[level - 1]
            over = value - threshold if amount is None else amount
            return RfmStep(measure, over, threshold, crossing.map.codes[then])
    return None


def _changes(
    measure: Measure, value: float, above: Edges
) -> Iterator[tuple[float | None, Fraction]]:
    """Run over the changes that reach a higher threshold, and the values they lead to.

    A purchase now leads straight to 0 days. Whole purchases and cents may reach several thresholds
    at once.
    """
    if measure == "recency":
        yield None, Fraction(0)
        return
    for edge in above:
        missing = _missing(value, edge, _CENTS if measure == "monetary" else 1)
        yield float(missing), _decimal(value) + missing


def _missing(value: float, edge: float, parts: int) -> Fraction:
    """Give the fewest whole parts (purchases, cents) that reach the edge, in decimal numbers.

    From 0.10 to 0.80 it takes 0.70, whatever the floats that hold these two add up to.
    """
    return Fraction(ceil((_decimal(edge) - _decimal(value)) * parts), parts)


def _level(measure: Measure, value: Fraction, edges: Edges) -> int:
    """Count the thresholds that a value reaches."""
    if measure == "recency":
        return sum(value <= _decimal(edge) for edge in edges)
    return sum(value >= _decimal(edge) for edge in edges)


def _decimal(value: float) -> Fraction:
    """Give a float as the decimal number it is written as."""
    return Fraction(repr(value))
