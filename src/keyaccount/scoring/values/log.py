"""`Log`: worth rises evenly in the logarithm, so that each doubling counts the same."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Floats
from keyaccount._validators import exact_float, field_name, positive
from keyaccount.errors import SpecError
from keyaccount.scoring.values.base import ValueFunction, stretch


def log_of(x: float) -> float:
    """Take the logarithm of one number by the same loop as of a block, to the same bit."""
    return float(np.log(np.array([x]))[0])


def _differs_in_log(instance: Any, attribute: Any, value: float) -> None:
    if log_of(value) == log_of(instance.low):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must differ from low",
            value,
            "give the two raw values that are worth 0 and 1.",
        )


@attrs.frozen
class Log(ValueFunction):
    """Worth rises evenly in the logarithm from 0 at `low` to 1 at `high`, and stays there beyond.

    Zero and negative values count as the smaller end.

    Parameters
    ----------
    low
        The raw value worth 0; above 0.
    high
        The raw value worth 1; above 0. Below `low` it makes a falling function.

    Raises
    ------
    SpecError
        An end is not finite and above 0, or both are equal.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Log(1_000, 1_000_000).value([-5, 1_000, 31_622.7766, 1_000_000]).round(6)
    array([0. , 0. , 0.5, 1. ])
    """

    low: float = attrs.field(converter=exact_float, validator=positive)
    high: float = attrs.field(converter=exact_float, validator=[positive, _differs_in_log])

    def kernel(self, top: float = 1.0) -> LogKernel:
        """Make the function ready to run, its result multiplied by `top`."""
        return LogKernel(self.low, self.high, top)


class LogKernel:
    """Clip to the two ends, take the logarithm, scale to [0, top]."""

    __slots__ = ("falling", "least", "length", "most", "scale", "start")

    def __init__(self, low: float, high: float, top: float) -> None:
        self.least: float = min(low, high)
        self.most: float = max(low, high)
        self.falling: bool = high < low
        self.start: float = log_of(low)
        length, scale = stretch(top, abs(log_of(high) - self.start))
        self.length: float = length
        self.scale: float = scale

    def into(self, x: Floats, out: Floats) -> None:
        """Write the worth of one contiguous block of finite values into `out`."""
        x.clip(self.least, self.most, out=out)
        np.log(out, out=out)
        if self.falling:
            np.subtract(self.start, out, out=out)
        else:
            np.subtract(out, self.start, out=out)
        out.clip(0.0, self.length, out=out)
        np.multiply(out, self.scale, out=out)

    def one(self, x: float) -> float:
        """Give the worth of one finite value, to the same bit as `into`."""
        log = log_of(min(max(x, self.least), self.most))
        distance = self.start - log if self.falling else log - self.start
        return min(max(distance, 0.0), self.length) * self.scale
