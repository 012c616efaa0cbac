"""Straight lines between knots, found through a table on the leading bits of the number.

The bits of a positive float, read as an integer, rise with the number. Shifted right they make a
bucket number in one step; a bucket says how many knots lie below it, and a comparison or two find
the segment. That is several times faster than a binary search, and as exact.

The same lookup serves many groups at once: each has its own stretch of the table.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Floats
from keyaccount._validators import field_name, is_finite
from keyaccount.errors import SpecError

Knots: TypeAlias = tuple[tuple[float, float], ...]
"""Points (raw value, worth), raw values rising."""

_MAX_BUCKETS = 1 << 13
_MAX_TABLE = 1 << 20
_MAX_STEPS = 8
_SIGN = np.int64(0x7FFF_FFFF_FFFF_FFFF)


def valid_knots(instance: object, attribute: Any, value: Any) -> None:
    """Refuse knots that are not finite, do not rise, or have no worth in [0, 1]."""
    name = field_name(instance, attribute)
    hint = "give pairs (raw value, worth in [0, 1]) with rising raw values."
    pairs = isinstance(value, tuple) and all(isinstance(p, tuple) and len(p) == 2 for p in value)  # noqa: PLR2004 - a pair
    if not pairs or not value or not all(is_finite(v) for p in value for v in p):
        raise SpecError.from_field(name, "must be pairs of finite numbers", value, hint)
    xs = [x for x, _ in value]
    if any(a >= b for a, b in pairwise(xs)):
        raise SpecError.from_field(name, "must have rising raw values", xs, hint)
    if not math.isfinite(xs[-1] - xs[0]):
        raise SpecError.from_field(name, "must not span too wide a range", xs, hint)
    if any(not 0.0 <= y <= 1.0 for _, y in value):
        raise SpecError.from_field(name, "must have worths in [0, 1]", value, hint)


class Segments:
    """Knots unpacked into one line per segment, flat beyond both ends.

    Segment ``j`` holds the values with exactly ``j`` knots at or below them. Its line is
    ``base + slope × (x - start)``; slopes are rounded toward 0 until the line does not pass the
    next knot, so that the whole function never turns.
    """

    __slots__ = ("bases", "slopes", "starts", "xs")

    def __init__(self, knots: Knots, top: float) -> None:
        self.xs: list[float] = [x for x, _ in knots]
        ys = [y * top for _, y in knots]
        self.starts: list[float] = [self.xs[0], *self.xs]
        self.bases: list[float] = [ys[0], *ys]
        self.slopes: list[float] = [0.0, *map(_slope, pairwise(self.xs), pairwise(ys)), 0.0]


def _slope(x: tuple[float, float], y: tuple[float, float]) -> float:
    span, rise = x[1] - x[0], y[1] - y[0]
    slope = rise / span
    if not math.isfinite(slope):
        return 0.0  # two knots with no room between them: a step
    way = math.copysign(1.0, rise)
    while (y[0] + slope * span - y[1]) * way > 0.0:
        slope = math.nextafter(slope, 0.0)
    return slope


class KnotsKernel:
    """Straight lines between the knots of one function, or of one function per group."""

    __slots__ = (
        "_base",
        "_bases",
        "_edges",
        "_groups",
        "_negative",
        "_own",
        "_shift",
        "_size",
        "_slopes",
        "_starts",
        "_steps",
        "_table",
        "_width",
    )

    def __init__(self, functions: Sequence[Segments]) -> None:
        self._own = functions
        self._groups = len(functions)
        self._width = max(len(f.starts) for f in functions)
        self._starts = self._flat([f.starts for f in functions], 0.0)
        self._bases = self._flat([f.bases for f in functions], 0.0)
        self._slopes = self._flat([f.slopes for f in functions], 0.0)
        self._edges = self._flat([f.xs for f in functions], np.inf)
        self._negative = any(f.xs[0] < 0.0 for f in functions)
        self._steps = 0
        self._build_table()

    def _flat(self, rows: Sequence[Sequence[float]], fill: float) -> Floats:
        """Lay the groups' numbers side by side, each padded to the same width."""
        flat = np.full((len(rows), self._width), fill)
        for i, row in enumerate(rows):
            flat[i, : len(row)] = row
        return flat.ravel()

    def _build_table(self) -> None:
        """Choose the buckets: as few comparisons as possible, then as few buckets."""
        keys = [self._keys(np.array(f.xs) + 0.0) for f in self._own]
        limit = min(_MAX_BUCKETS, max(2, _MAX_TABLE // self._groups))
        best = None
        for trim in range(4):
            lows = [int(k[min(trim, len(k) - 1)]) for k in keys]
            low, high = min(lows), max(int(k[-1]) for k in keys)
            # At least 1: a difference of two halved keys cannot leave 64 bits.
            shift = max(1, (high - low).bit_length() - limit.bit_length() + 1)
            size = (high >> shift) - (low >> shift) + 1
            counts = [self._per_bucket(k, low >> shift, shift, size) for k in keys]
            steps = max(int(c.max()) for c in counts)
            if best is None or steps < best[0]:
                best = (steps, shift, low >> shift, size, counts)
        assert best is not None
        self._steps, self._shift, self._base, self._size, counts = best
        below = np.concatenate([np.cumsum(c) - c for c in counts])
        first = np.repeat(np.arange(self._groups) * self._width, self._size)
        self._table: NDArray[np.int64] = below + first

    @staticmethod
    def _per_bucket(keys: Codes, base: int, shift: int, size: int) -> Codes:
        bucket = np.clip((keys >> np.int64(shift)) - base, 0, size - 1)
        return np.bincount(bucket, minlength=size)

    def _keys(self, x: Floats) -> Codes:
        """Read floats as integers that rise with them."""
        if not self._negative:
            return x.view(np.int64)  # a negative value has a negative key: below every knot
        bits = (x + 0.0).view(np.int64)  # -0.0 becomes 0.0
        return bits ^ ((bits >> np.int64(63)) & _SIGN)

    def into(self, x: Floats, out: Floats) -> None:
        """Write the worth of one contiguous block of finite values into `out`."""
        self._run(x, None, out)

    def into_grouped(self, x: Floats, codes: Codes, out: Floats) -> None:
        """Write the worth of one block, each row by the function of its group."""
        self._run(x, codes, out)

    def _run(self, x: Floats, codes: Codes | None, out: Floats) -> None:
        segment = self._segments(x, codes)
        work = np.take(self._starts, segment, mode="clip")
        np.subtract(x, work, out=work)
        np.take(self._slopes, segment, mode="clip", out=out)
        np.multiply(work, out, out=work)
        np.take(self._bases, segment, mode="clip", out=out)
        np.add(out, work, out=out)

    def _segments(self, x: Floats, codes: Codes | None) -> Codes:
        if self._steps > _MAX_STEPS:
            return self._searched(x, codes)
        bucket = self._keys(x) >> np.int64(self._shift)
        np.subtract(bucket, self._base, out=bucket)
        if codes is not None:
            np.maximum(bucket, 0, out=bucket)
            np.minimum(bucket, self._size - 1, out=bucket)
            bucket += codes * self._size
        segment = np.take(self._table, bucket, mode="clip")
        for _ in range(self._steps):
            edge = np.take(self._edges, segment, mode="clip")
            segment += x >= edge
        return segment

    def _searched(self, x: Floats, codes: Codes | None) -> Codes:
        """Search each group's knots: for knots that crowd into one bucket."""
        segment = np.empty(len(x), dtype=np.int64)
        for i, f in enumerate(self._own):
            rows = slice(None) if codes is None else np.flatnonzero(codes == i)
            segment[rows] = np.searchsorted(f.xs, x[rows], side="right") + i * self._width
        return segment

    def one(self, x: float, group: int = 0) -> float:
        """Give the worth of one finite value, to the same bit as a block."""
        own = self._own[group]
        j = bisect_right(own.xs, x)
        return own.bases[j] + own.slopes[j] * (x - own.starts[j])
