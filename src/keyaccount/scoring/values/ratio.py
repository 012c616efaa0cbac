"""`Ratio`: a value beside the largest, smallest, total or length of its column."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import chain
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Floats
from keyaccount._validators import (
    choice,
    field_name,
    flag,
    is_finite,
    optional,
    optional_float,
)
from keyaccount.errors import SpecError
from keyaccount.scoring.values.base import ValueFunction
from keyaccount.scoring.values.quantiles import Ordered


def _not_zero(instance: Any, attribute: Any, value: Any) -> None:
    if not is_finite(value) or value <= 0.0 or not math.isfinite(1.0 / value):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be a finite number above 0",
            value,
            "a ratio needs a positive reference; shift or band the column instead.",
        )


@attrs.frozen
class Ratio(ValueFunction):
    """The classical linear normalisations: a value beside a reference learned from the book.

    The worth is not held to [0, 1]: outside the book it was learned from, for ``"min"``, and for
    negative values it lies beyond. What is promised of bounds and of unknown values holds for
    worths in [0, 1]; where that matters, use a function that keeps to it.

    Parameters
    ----------
    to
        The reference. With ``x`` the column, the worth of a value is

        ========== ==================== =============================
        ``to``     rising               falling (less is better)
        ========== ==================== =============================
        ``"max"``  ``x / max(x)``       ``min(x) / x``
        ``"min"``  ``x / min(x)``       ``min(x) / x``
        ``"sum"``  ``x / Σx``           ``(1/x) / Σ(1/x)``
        ``"norm"`` ``x / √Σx²``         ``1 - x / √Σx²``
        ========== ==================== =============================

    falling
        Less is better.
    reference
        Learned: the number in the second column for rising; for falling ``min(x)``, ``Σ(1/x)`` or
        ``√Σx²``.

    Raises
    ------
    SpecError
        The reference is not above 0.

    Notes
    -----
    Falling ratios to ``"max"``, ``"min"`` and ``"sum"`` divide by the value: values of 0 and below
    have none and count as missing. Sums are exactly rounded, so that they do not depend on the
    order of the rows.

    References
    ----------
    Hwang & Yoon (1981), *Multiple Attribute Decision Making*; Kracka, Brauers & Zavadskas (2010),
    *Engineering Economics* 21(4) for the inverted sum.

    Examples
    --------
    >>> import keyaccount as ka
    >>> import numpy as np
    >>> x = np.array([2.0, 4.0, 8.0])
    >>> ka.Ratio(to="max").fit(x).value(x)
    array([0.25, 0.5 , 1.  ])
    >>> ka.Ratio(to="max", falling=True).fit(x).value(x)
    array([1.  , 0.5 , 0.25])
    """

    to: str = attrs.field(kw_only=True, validator=choice("max", "min", "sum", "norm"))
    falling: bool = attrs.field(default=False, kw_only=True, validator=flag)
    reference: float | None = attrs.field(
        default=None, kw_only=True, converter=optional_float, validator=optional(_not_zero)
    )

    @property
    def is_fitted(self) -> bool:
        """Whether the reference is learned."""
        return self.reference is not None

    @property
    def learns(self) -> bool:
        """Whether `fit` learns anything from a book: always."""
        return True

    @property
    def _divides_by_value(self) -> bool:
        return self.falling and self.to != "norm"

    def fit_sorted(self, values: Ordered) -> Ratio:
        """Learn the reference from known values in rising order."""
        return attrs.evolve(self, reference=self._reference(values))

    def places(self, count: int) -> tuple[int, ...] | None:
        """List which of so many values, in rising order, `fit_sorted` looks at."""
        if self.to in {"norm", "sum"}:
            return None
        return (0,) if self._takes_smallest else (count - 1,)

    def _reference(self, values: Ordered) -> float:
        if self.to == "norm":
            return _norm(np.asarray(values))
        if self.to == "sum":
            numbers: Floats = np.asarray(values)
            return _total(1.0 / numbers if self.falling else numbers)
        return float(values[0 if self._takes_smallest else -1])

    @property
    def _takes_smallest(self) -> bool:
        return self.to == "min" or self.falling

    def defined(self, x: Floats) -> Floats:
        """Give the values the function can judge, NaN for the others."""
        return np.where(x > 0.0, x, np.nan) if self._divides_by_value else x

    def kernel(self, top: float = 1.0) -> RatioKernel | InverseKernel:
        """Make the function ready to run, its result multiplied by `top`."""
        assert self.reference is not None
        if not self.falling:
            return RatioKernel(0.0, top / self.reference)
        if self.to == "norm":
            return RatioKernel(top, -top / self.reference)
        return InverseKernel(top / self.reference if self.to == "sum" else top * self.reference)


def _total(values: Floats) -> float:
    try:
        return math.fsum(_numbers(values))
    except OverflowError:
        return math.inf


def _numbers(values: Floats) -> Iterator[float]:
    """Run over a column a few at a time: as Python's numbers it would take four times the room."""
    starts = range(0, len(values), _AT_ONCE)
    return chain.from_iterable(values[s : s + _AT_ONCE].tolist() for s in starts)


_AT_ONCE = 1 << 16


def _norm(values: Floats) -> float:
    """Take the Euclidean length, scaled by the largest so that the squares do not overflow."""
    largest = float(np.max(np.abs(values)))
    if largest == 0.0:
        return 0.0
    return largest * math.sqrt(math.fsum(_numbers((values / largest) ** 2)))


class RatioKernel:
    """A line: ``start + slope × x``."""

    __slots__ = ("slope", "start")

    def __init__(self, start: float, slope: float) -> None:
        self.start: float = start
        self.slope: float = slope

    def into(self, x: Floats, out: Floats) -> None:
        """Write the worth of one contiguous block of finite values into `out`."""
        np.multiply(x, self.slope, out=out)
        np.add(out, self.start, out=out)

    def one(self, x: float) -> float:
        """Give the worth of one finite value, to the same bit as `into`."""
        return x * self.slope + self.start


class InverseKernel:
    """A constant divided by the value, which is above 0."""

    __slots__ = ("factor",)

    def __init__(self, factor: float) -> None:
        self.factor: float = factor

    def into(self, x: Floats, out: Floats) -> None:
        """Write the worth of one contiguous block of values into `out`."""
        np.divide(self.factor, x, out=out)

    def one(self, x: float) -> float:
        """Give the worth of one value, to the same bit as `into`; NaN where it is not above 0."""
        return self.factor / x if x > 0.0 else math.nan
