"""`PiecewiseLinear`: worth along straight lines between stated points."""

from __future__ import annotations

import attrs

from keyaccount._validators import point_tuple
from keyaccount.scoring.values.base import ValueFunction
from keyaccount.scoring.values.knots import Knots, KnotsKernel, Segments, valid_knots


@attrs.frozen
class PiecewiseLinear(ValueFunction):
    """Worth runs along straight lines between stated points, flat beyond both ends.

    Parameters
    ----------
    points
        Pairs (raw value, worth in [0, 1]) with rising raw values. The worth may rise, fall, or do
        both: a middle value can be the best.

    Raises
    ------
    SpecError
        The points are not finite, do not rise, or have a worth outside [0, 1].

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.PiecewiseLinear([(0, 0.0), (10, 0.8), (100, 1.0)]).value([5, 10, 55, 1_000])
    array([0.4, 0.8, 0.9, 1. ])
    """

    points: Knots = attrs.field(converter=point_tuple, validator=valid_knots)

    def kernel(self, top: float = 1.0) -> KnotsKernel:
        """Make the function ready to run, its result multiplied by `top`."""
        return KnotsKernel([Segments(self.points, top)])
