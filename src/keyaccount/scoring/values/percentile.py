"""`Percentile`: worth is the share of the book that lies below."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import attrs

from keyaccount._validators import exact_int, field_name, flag, optional, point_tuple
from keyaccount.errors import SpecError
from keyaccount.scoring.values.base import ValueFunction
from keyaccount.scoring.values.knots import Knots, KnotsKernel, Segments, valid_knots
from keyaccount.scoring.values.quantiles import Ordered, at_equal_steps, places_at_equal_steps


def _at_least_one(instance: Any, attribute: Any, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be a whole number of at least 1",
            value,
            "100 parts give one knot per per cent.",
        )


@attrs.frozen
class Percentile(ValueFunction):
    """Worth is the share of the book that lies below, learned by fit.

    The distribution is kept as knots: the quantiles at each of `parts` equal steps (every value
    itself, where there are no more than that), with straight lines between. Tied values share the
    middle of their ranks, so that a rising and a falling percentile are worth 1 together; the
    single worst is worth 0 and the single best 1.

    Parameters
    ----------
    parts
        Into how many equal parts the book is cut; 100 gives 101 knots.
    knots
        Learned: pairs (raw value, worth) with rising raw values.
    falling
        Less is better.

    Raises
    ------
    SpecError
        The knots are not finite, do not rise, or have a worth outside [0, 1].

    Examples
    --------
    >>> import keyaccount as ka
    >>> import numpy as np
    >>> ka.Percentile().fit(np.array([1.0, 2.0, 2.0, 9.0])).value([1, 2, 5.5, 9, 100])
    array([0.  , 0.5 , 0.75, 1.  , 1.  ])
    """

    parts: int = attrs.field(
        default=100, kw_only=True, converter=exact_int, validator=_at_least_one
    )
    knots: Knots | None = attrs.field(
        default=None, kw_only=True, converter=point_tuple, validator=optional(valid_knots)
    )
    falling: bool = attrs.field(default=False, kw_only=True, validator=flag)

    @property
    def is_fitted(self) -> bool:
        """Whether the knots are learned."""
        return self.knots is not None

    @property
    def learns(self) -> bool:
        """Whether `fit` learns anything from a book: always."""
        return True

    def fit_sorted(self, values: Ordered) -> Percentile:
        """Learn the knots from known values in rising order."""
        knots = tuple(
            (x, 1.0 - share if self.falling else share)
            for x, share in _middle_ranks(at_equal_steps(values, self.parts))
        )
        return attrs.evolve(self, knots=knots)

    def places(self, count: int) -> tuple[int, ...]:
        """List which of so many values, in rising order, `fit_sorted` looks at."""
        return places_at_equal_steps(count, self.parts)

    def kernel(self, top: float = 1.0) -> KnotsKernel:
        """Make the function ready to run, its result multiplied by `top`."""
        assert self.knots is not None
        return KnotsKernel([Segments(self.knots, top)])


def _middle_ranks(sample: list[float]) -> list[tuple[float, float]]:
    """Give each distinct value the middle of the ranks it takes, as a share."""
    last = len(sample) - 1
    if last == 0:
        return [(sample[0], 0.5)]
    found, start = [], 0
    for value, run in groupby(sample):
        end = start + len(list(run)) - 1
        found.append((value, (start + end) / (2 * last)))
        start = end + 1
    return found
