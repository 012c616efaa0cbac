"""Run one value function per group over a column, each row by the function of its group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from keyaccount._columns import Codes, Floats
from keyaccount.groups import ByGroup, GroupIndex
from keyaccount.scoring.values.base import Kernel, ValueFunction
from keyaccount.scoring.values.knots import KnotsKernel, Segments
from keyaccount.scoring.values.linear import RampKernel
from keyaccount.scoring.values.percentile import Percentile
from keyaccount.scoring.values.piecewise import PiecewiseLinear


class GroupedKernel(Protocol):
    """A kernel that also reads the position of each row's group."""

    def into(self, x: Floats, codes: Codes | None, out: Floats) -> None:
        """Write the worth of one contiguous block of finite values into `out`."""
        ...

    def one(self, x: float, group: int) -> float:
        """Give the worth of one finite value, to the same bit as `into`."""
        ...


def grouped_kernel(
    value: ValueFunction | ByGroup[ValueFunction], index: GroupIndex, top: float
) -> GroupedKernel:
    """Make a value function, or one per group, ready to run with the weight folded in."""
    if not isinstance(value, ByGroup):
        return Ungrouped(value.kernel(top))
    functions = index.spread(value)
    if all(isinstance(f, Percentile | PiecewiseLinear) for f in functions):
        return GroupedKnots([Segments(_knots(f), top) for f in functions])
    kernels = [f.kernel(top) for f in functions]
    ramps = [k for k in kernels if isinstance(k, RampKernel)]
    if len(ramps) == len(kernels) and len({r.falling for r in ramps}) == 1:
        return GroupedRamps(ramps)
    return GroupedAny(kernels)


def _knots(function: ValueFunction) -> tuple[tuple[float, float], ...]:
    if isinstance(function, PiecewiseLinear):
        return function.points
    assert isinstance(function, Percentile)
    assert function.knots is not None
    return function.knots


class Ungrouped:
    """One function for every group."""

    __slots__ = ("_kernel",)

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel

    def into(self, x: Floats, codes: Codes | None, out: Floats) -> None:
        """Write the worth of one contiguous block of finite values into `out`."""
        del codes
        self._kernel.into(x, out)

    def one(self, x: float, group: int) -> float:
        """Give the worth of one finite value, to the same bit as `into`."""
        del group
        return self._kernel.one(x)


class GroupedKnots:
    """Knots per group, all in one table."""

    __slots__ = ("_kernel",)

    def __init__(self, functions: Sequence[Segments]) -> None:
        self._kernel = KnotsKernel(functions)

    def into(self, x: Floats, codes: Codes | None, out: Floats) -> None:
        """Write the worth of one contiguous block of finite values into `out`."""
        assert codes is not None
        self._kernel.into_grouped(x, codes, out)

    def one(self, x: float, group: int) -> float:
        """Give the worth of one finite value, to the same bit as `into`."""
        return self._kernel.one(x, group)


class GroupedRamps:
    """Ramps per group that rise (or fall) together: their constants are looked up by row."""

    __slots__ = ("_falling", "_lengths", "_ramps", "_scales", "_shifts")

    def __init__(self, ramps: Sequence[RampKernel]) -> None:
        self._ramps = ramps
        self._falling = ramps[0].falling
        self._lengths = np.array([r.length for r in ramps])
        self._scales = np.array([r.scale for r in ramps])
        self._shifts = np.array([r.shift for r in ramps])

    def into(self, x: Floats, codes: Codes | None, out: Floats) -> None:
        """Write the worth of one contiguous block of finite values into `out`."""
        assert codes is not None
        work = np.take(self._shifts, codes, mode="clip")
        if self._falling:
            np.subtract(work, x, out=out)
        else:
            np.add(x, work, out=out)
        np.take(self._lengths, codes, mode="clip", out=work)
        out.clip(0.0, work, out=out)
        np.take(self._scales, codes, mode="clip", out=work)
        np.multiply(out, work, out=out)

    def one(self, x: float, group: int) -> float:
        """Give the worth of one finite value, to the same bit as `into`."""
        return self._ramps[group].one(x)


class GroupedAny:
    """Any mix of functions: the rows of each group are brought together and run at once."""

    __slots__ = ("_kernels",)

    def __init__(self, kernels: Sequence[Kernel]) -> None:
        self._kernels = kernels

    def into(self, x: Floats, codes: Codes | None, out: Floats) -> None:
        """Write the worth of one contiguous block of finite values into `out`."""
        assert codes is not None
        order = np.argsort(codes, kind="stable")
        ends = np.cumsum(np.bincount(codes, minlength=len(self._kernels)))
        start = 0
        for kernel, end in zip(self._kernels, ends.tolist(), strict=True):
            if end > start:
                rows = order[start:end]
                worth = np.empty(end - start)
                kernel.into(x[rows], worth)
                out[rows] = worth
            start = end

    def one(self, x: float, group: int) -> float:
        """Give the worth of one finite value, to the same bit as `into`."""
        return self._kernels[group].one(x)
