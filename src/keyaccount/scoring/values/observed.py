"""`ObservedRange`: worth rises evenly between two learned quantiles."""

from __future__ import annotations

import math
from typing import Any

import attrs

from keyaccount._validators import (
    exact_float,
    field_name,
    finite,
    flag,
    optional,
    optional_float,
    share,
)
from keyaccount.errors import SpecError
from keyaccount.scoring.values.base import Kernel, ValueFunction
from keyaccount.scoring.values.linear import RampKernel
from keyaccount.scoring.values.quantiles import Ordered, quantile, quantile_places
from keyaccount.scoring.values.step import StepKernel


def _above_lower(instance: Any, attribute: Any, value: float) -> None:
    if value <= instance.lower:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must be above lower ({instance.lower})",
            value,
            "give the quantiles of the worst and the best end, such as 0.05 and 0.95.",
        )


def _with_low(instance: Any, attribute: Any, value: float | None) -> None:
    if (value is None) != (instance.low is None) or (value is not None and value < instance.low):
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must be given with low, and at least as large ({instance.low})",
            value,
            "leave both out and call .fit, or take both from a fitted spec.",
        )
    if value is not None and not math.isfinite(value - instance.low):
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"is too far from low ({instance.low})",
            value,
            "give quantiles that leave the outliers out, such as 0.05 and 0.95.",
        )


@attrs.frozen
class ObservedRange(ValueFunction):
    """Worth rises evenly between two quantiles of the book, learned by fit.

    With the quantiles 0 and 1 this is the classical min-max normalisation. Where all values of the
    book are equal, that value is worth one half, lower ones 0 and higher ones 1.

    Parameters
    ----------
    lower, upper
        The quantiles in [0, 1] that are worth 0 and 1.
    low, high
        Learned: the raw values at those quantiles.
    falling
        Less is better: the lower quantile is worth 1.

    Raises
    ------
    SpecError
        The quantiles are not rising shares.

    Examples
    --------
    >>> import keyaccount as ka
    >>> import numpy as np
    >>> ka.ObservedRange().fit(np.array([2.0, 4.0, 8.0])).value([2, 4, 8]).round(4)
    array([0.    , 0.3333, 1.    ])
    >>> ka.ObservedRange(falling=True).fit(np.array([2.0, 4.0, 8.0])).value([2, 4, 8]).round(4)
    array([1.    , 0.6667, 0.    ])
    """

    lower: float = attrs.field(default=0.0, converter=exact_float, validator=share)
    upper: float = attrs.field(default=1.0, converter=exact_float, validator=[share, _above_lower])
    low: float | None = attrs.field(
        default=None, kw_only=True, converter=optional_float, validator=optional(finite)
    )
    high: float | None = attrs.field(
        default=None,
        kw_only=True,
        converter=optional_float,
        validator=[optional(finite), _with_low],
    )
    falling: bool = attrs.field(default=False, kw_only=True, validator=flag)

    @property
    def is_fitted(self) -> bool:
        """Whether both ends are learned."""
        return self.low is not None

    @property
    def learns(self) -> bool:
        """Whether `fit` learns anything from a book: always."""
        return True

    def fit_sorted(self, values: Ordered) -> ObservedRange:
        """Learn both ends from known values in rising order."""
        low, high = quantile(values, self.lower), quantile(values, self.upper)
        return attrs.evolve(self, low=low, high=max(low, high))  # rounding may turn close ones

    def places(self, count: int) -> tuple[int, ...]:
        """List which of so many values, in rising order, `fit_sorted` looks at."""
        return (*quantile_places(count, self.lower), *quantile_places(count, self.upper))

    def kernel(self, top: float = 1.0) -> Kernel:
        """Make the function ready to run, its result multiplied by `top`."""
        assert self.low is not None
        assert self.high is not None
        span = self.high - self.low
        if span == 0.0 or not math.isfinite(1.0 / span):
            return StepKernel(self.low, top, falling=self.falling)
        ends = (self.high, self.low) if self.falling else (self.low, self.high)
        return RampKernel(*ends, top)
