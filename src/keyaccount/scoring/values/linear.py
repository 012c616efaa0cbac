"""`Linear`: worth rises evenly from one raw value to another."""

from __future__ import annotations

import math
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Floats
from keyaccount._validators import exact_float, field_name, finite
from keyaccount.errors import SpecError
from keyaccount.scoring.values.base import ValueFunction, stretch


def differs_from_low(instance: Any, attribute: Any, value: float) -> None:
    """Refuse two ends that are equal, or too close or too far apart for a slope."""
    span = value - instance.low
    if span == 0.0 or not math.isfinite(span) or not math.isfinite(1.0 / span):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must differ from low" if span == 0.0 else "is too close to or too far from low",
            value,
            "give the two raw values that are worth 0 and 1.",
        )


@attrs.frozen
class Linear(ValueFunction):
    """Worth rises evenly from 0 at `low` to 1 at `high`, and stays there beyond.

    Parameters
    ----------
    low
        The raw value worth 0.
    high
        The raw value worth 1. Below `low` it makes a falling function: less is better.

    Raises
    ------
    SpecError
        An end is not finite, or both are equal.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Linear(1, 5).value([1, 2, 5, 7])
    array([0.  , 0.25, 1.  , 1.  ])
    >>> ka.Linear(10, 0).value([4.0])
    array([0.6])
    """

    low: float = attrs.field(converter=exact_float, validator=finite)
    high: float = attrs.field(converter=exact_float, validator=[finite, differs_from_low])

    def kernel(self, top: float = 1.0) -> RampKernel:
        """Make the function ready to run, its result multiplied by `top`."""
        return RampKernel(self.low, self.high, top)


class RampKernel:
    """A line from 0 at `low` to `top` at `high`, flat beyond; see `stretch` for its upper end."""

    __slots__ = ("falling", "length", "scale", "shift")

    def __init__(self, low: float, high: float, top: float) -> None:
        self.falling: bool = high < low
        # Added to x or less x, never subtracted from it: -0.0 - 0.0 would be a distance of -0.0.
        self.shift: float = low if self.falling else 0.0 - low
        length, scale = stretch(top, abs(high - low))
        self.length: float = length
        self.scale: float = scale

    def into(self, x: Floats, out: Floats) -> None:
        """Write the worth of one contiguous block of finite values into `out`."""
        if self.falling:
            np.subtract(self.shift, x, out=out)
        else:
            np.add(x, self.shift, out=out)
        # A distance is never -0.0, so the clip has no sign to choose; one pass of it is several
        # times faster than maximum and minimum.
        out.clip(0.0, self.length, out=out)
        np.multiply(out, self.scale, out=out)

    def one(self, x: float) -> float:
        """Give the worth of one finite value, to the same bit as `into`."""
        distance = self.shift - x if self.falling else x + self.shift
        return min(max(distance, 0.0), self.length) * self.scale
