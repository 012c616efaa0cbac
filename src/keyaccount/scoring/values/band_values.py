"""`Bands`: one worth for each half-open band of raw values."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Floats
from keyaccount._validators import field_name, float_tuple, is_finite
from keyaccount.bands import Cuts
from keyaccount.errors import SpecError
from keyaccount.scoring.values.base import ValueFunction


def _cuts(value: Any) -> Any:
    return value if isinstance(value, Cuts) else Cuts(value)


def _one_worth_per_band(instance: Any, attribute: Any, value: Any) -> None:
    bands = len(instance.cuts.edges) + 1
    good = isinstance(value, tuple) and all(is_finite(v) and 0.0 <= v <= 1.0 for v in value)
    if not good or len(value) != bands:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must be {bands} worths in [0, 1], one per band",
            value,
            f"{bands - 1} cuts make {bands} bands, the lowest first.",
        )


@attrs.frozen
class Bands(ValueFunction):
    """One worth for each half-open band of raw values; a tie belongs to the upper band.

    Parameters
    ----------
    cuts
        The cuts between the bands, rising.
    values
        The worth of each band in [0, 1], the lowest band first: one more than there are cuts.

    Raises
    ------
    SpecError
        The cuts do not rise, or there is not one worth per band.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Bands((10_000, 50_000), (0.0, 0.5, 1.0)).value([9_999, 10_000, 60_000])
    array([0. , 0.5, 1. ])
    """

    cuts: Cuts = attrs.field(converter=_cuts)
    values: tuple[float, ...] = attrs.field(converter=float_tuple, validator=_one_worth_per_band)

    def kernel(self, top: float = 1.0) -> BandsKernel:
        """Make the function ready to run, its result multiplied by `top`."""
        return BandsKernel(self.cuts, [v * top for v in self.values])


class BandsKernel:
    """Look the worth of each value's band up."""

    __slots__ = ("cuts", "table", "worths")

    def __init__(self, cuts: Cuts, worths: list[float]) -> None:
        self.cuts: Cuts = cuts
        self.worths: list[float] = worths
        self.table: Floats = np.array(worths)

    def into(self, x: Floats, out: Floats) -> None:
        """Write the worth of one contiguous block of finite values into `out`."""
        codes = np.empty(len(x), dtype=np.int16)
        self.cuts.into(x, codes)
        np.take(self.table, codes, mode="clip", out=out)

    def one(self, x: float) -> float:
        """Give the worth of one finite value, to the same bit as `into`."""
        return self.worths[self.cuts.one(x)]
