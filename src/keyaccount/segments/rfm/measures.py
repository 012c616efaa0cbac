"""The three measures of RFM, and which way each is good."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from keyaccount._columns import Floats

__all__ = ["MEASURES", "Measure", "oriented", "oriented_one", "own_units"]

Measure: TypeAlias = Literal["recency", "frequency", "monetary"]
"""One of the three measures."""

MEASURES: Final[tuple[Measure, ...]] = ("recency", "frequency", "monetary")
"""R, F and M, in the order in which their letters are written."""

_SIGN: Final[dict[Measure, float]] = {"recency": -1.0, "frequency": 1.0, "monetary": 1.0}


def oriented(measure: Measure, values: Floats) -> Floats:
    """Turn a measure so that more is better: days since the last purchase change their sign.

    The sign of a float changes without rounding, so a tie stays a tie, and "a tie belongs to the
    upper band" says of days: at most the threshold is high.
    """
    turned: Floats = values * _SIGN[measure] + 0.0
    return turned


def oriented_one(measure: Measure, value: float) -> float:
    """Turn one value so that more is better."""
    return value * _SIGN[measure] + 0.0


def own_units(measure: Measure, value: float) -> float:
    """Turn one oriented value back into the measure's own units."""
    return value * _SIGN[measure] + 0.0
