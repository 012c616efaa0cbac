"""`Logistic`: worth rises in an S around a midpoint."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Floats
from keyaccount._validators import exact_float, field_name, finite
from keyaccount.errors import SpecError
from keyaccount.scoring.values.base import ValueFunction

_FAR = 700.0
"""Beyond this exponent the worth is 0 or 1 to the last bit; exp() would overflow soon after."""


def _not_zero(instance: Any, attribute: Any, value: float) -> None:
    if value == 0.0:
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must not be 0",
            value,
            "a positive slope rises, a negative one falls.",
        )


@attrs.frozen
class Logistic(ValueFunction):
    """Worth rises in an S: ``1 / (1 + exp(-slope × (x - midpoint)))``.

    Parameters
    ----------
    midpoint
        The raw value worth one half.
    slope
        Steepness, per raw unit; the worth rises by ``slope / 4`` per unit at the midpoint. A
        negative slope makes a falling function.

    Raises
    ------
    SpecError
        A number is not finite, or the slope is 0.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Logistic(50, 0.1).value([30, 50, 70]).round(4)
    array([0.1192, 0.5   , 0.8808])
    """

    midpoint: float = attrs.field(converter=exact_float, validator=finite)
    slope: float = attrs.field(converter=exact_float, validator=[finite, _not_zero])

    def kernel(self, top: float = 1.0) -> LogisticKernel:
        """Make the function ready to run, its result multiplied by `top`."""
        return LogisticKernel(self.midpoint, self.slope, top)


class LogisticKernel:
    """The logistic curve on contiguous blocks, scaled to (0, top)."""

    __slots__ = ("factor", "midpoint", "top")

    def __init__(self, midpoint: float, slope: float, top: float) -> None:
        self.midpoint: float = midpoint
        self.factor: float = -slope
        self.top: float = top

    def into(self, x: Floats, out: Floats) -> None:
        """Write the worth of one contiguous block of finite values into `out`."""
        np.subtract(x, self.midpoint, out=out)
        np.multiply(out, self.factor, out=out)
        out.clip(-_FAR, _FAR, out=out)
        np.exp(out, out=out)
        np.add(out, 1.0, out=out)
        np.divide(self.top, out, out=out)

    def one(self, x: float) -> float:
        """Give the worth of one finite value, to the same bit as `into`."""
        out = np.empty(1)
        self.into(np.array([x]), out)
        return float(out[0])
