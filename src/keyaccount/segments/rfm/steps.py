"""`RfmStep`: a way of buying that leads to a better segment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from math import ceil

import attrs

from keyaccount.segments.rfm.crossing import Crossing
from keyaccount.segments.rfm.cut_rule import Edges
from keyaccount.segments.rfm.measures import Measure

__all__ = ["RfmStep", "steps_from"]

_CENTS = 100


@attrs.frozen
class RfmStep:
    """A way of buying that leads to a better segment, and the segment it truly leads to.

    Who buys moves all three measures: the last purchase is now (0 days ago), the count rises by
    every purchase, and money comes with a purchase only.

    Attributes
    ----------
    purchases
        How many more purchases, at least 1.
    money
        By how much the monetary column has to rise with them, rounded up to the cent; 0 where any
        amount will do. Where that column holds averages, it is the average that has to rise.
    segment
        The code of the segment the account is in afterwards.

    Examples
    --------
    >>> import keyaccount as ka
    >>> rfm = ka.Rfm(cuts=ka.FixedCut(recency=90, frequency=3, monetary=1_000))
    >>> for step in rfm.assign({"days_since": 100, "count": 1, "total": 20.0}).steps_up(0):
    ...     print(step)
    a purchase now -> general_develop
    a purchase now, 980.00 more -> important_develop
    2 more purchases -> general_value
    2 more purchases, 980.00 more -> important_value
    """

    purchases: int
    money: float
    segment: str

    def __str__(self) -> str:
        return f"{self.way} -> {self.segment}"

    @property
    def way(self) -> str:
        """What is to be bought, in words."""
        bought = "a purchase now" if self.purchases == 1 else f"{self.purchases:,} more purchases"
        return f"{bought}, {self.money:,.2f} more" if self.money else bought


def steps_from(
    crossing: Crossing,
    levels: Mapping[Measure, int],
    values: Mapping[Measure, float],
    edges: Mapping[Measure, Edges],
) -> Iterator[RfmStep]:
    """Run over the ways to better segments, fewest purchases first, then least money.

    A way is left out where one of no more purchases and no more money leads as far.
    """
    found: list[tuple[Fraction, int]] = [(Fraction(0), crossing.code(levels))]
    for purchases in _amounts("frequency", levels, values, edges, least=1):
        for money in _amounts("monetary", levels, values, edges, least=0):
            then = crossing.code(_after(levels, values, edges, purchases, money))
            if all(then < code for spent, code in found if spent <= money):
                found.append((money, then))
                yield RfmStep(int(purchases), float(money), crossing.map.codes[then])


def _amounts(
    measure: Measure,
    levels: Mapping[Measure, int],
    values: Mapping[Measure, float],
    edges: Mapping[Measure, Edges],
    *,
    least: int,
) -> list[Fraction]:
    """List the fewest whole purchases, or cents, that reach each higher threshold, rising."""
    level, parts = levels[measure], _CENTS if measure == "monetary" else 1
    above = () if level < 0 else edges[measure][level:]
    missing = {_missing(values[measure], edge, parts) for edge in above}
    return sorted({Fraction(least), *missing})


def _after(
    levels: Mapping[Measure, int],
    values: Mapping[Measure, float],
    edges: Mapping[Measure, Edges],
    purchases: Fraction,
    money: Fraction,
) -> dict[Measure, int]:
    """Give the levels of an account that has bought; what is unknown stays so."""
    change: dict[Measure, Fraction] = {"frequency": purchases, "monetary": money}
    found: dict[Measure, int] = {}
    for measure, level in levels.items():
        if level < 0:
            found[measure] = level
        elif measure == "recency":
            days = min(_decimal(values[measure]), Fraction(0))
            found[measure] = sum(days <= _decimal(edge) for edge in edges[measure])
        else:
            reached = _decimal(values[measure]) + change[measure]
            found[measure] = sum(reached >= _decimal(edge) for edge in edges[measure])
    return found


def _missing(value: float, edge: float, parts: int) -> Fraction:
    """Give the fewest whole parts (purchases, cents) that reach the edge, in decimal numbers.

    From 0.10 to 0.80 it takes 0.70, whatever the floats that hold these two add up to.
    """
    return Fraction(ceil((_decimal(edge) - _decimal(value)) * parts), parts)


@lru_cache(maxsize=4096)  # thresholds, counts and days recur from account to account
def _decimal(value: float) -> Fraction:
    """Give a float as the decimal number it is written as."""
    return Fraction(repr(value))
