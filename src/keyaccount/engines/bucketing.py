"""`Bucketing`: which bucket of its key each value falls into, row by row on any engine."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from typing import Any, Final

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Columns, Floats, Labels, floats, labels
from keyaccount.rowwise import Column

__all__ = ["BUCKET", "VALUE", "Bucketing", "Counting", "Range", "Ranges"]

BUCKET: Final = "keyaccount_bucket"
VALUE: Final = "keyaccount_value"
_FEW_PLACES: Final = 1 << 20
"""So many places are written into a table: eight million bytes."""


@attrs.frozen(eq=False)
class Range:
    """Values of one key that are still to be told apart.

    Attributes
    ----------
    key
        Whose values: the position of a group, or 0 where all rows are one group.
    low, high
        The lowest and the highest of them.
    start
        How many values of the key lie below.
    count
        How many there are.
    wanted
        The places among the values of the key that are looked for here, in rising order.
    """

    key: int
    low: float
    high: float
    start: int
    count: int
    wanted: tuple[int, ...]

    def cuts(self, pieces: int) -> Floats:
        """Cut it: evenly by value and evenly by the floats there are, which heavy tails need.

        The highest value alone is always one of the pieces, so that each cutting gets on.
        """
        with np.errstate(over="ignore", invalid="ignore"):  # from the lowest float to the highest
            by_value = np.linspace(self.low, self.high, pieces + 1)
        by_float = _from_rank(np.linspace(_rank(self.low), _rank(self.high), pieces + 1))
        cuts = np.unique(np.concatenate([by_value, by_float, [self.high]]))
        return cuts[(cuts > self.low) & (cuts <= self.high)]


def _rank(value: float) -> float:
    """Give a float its place among the floats: its bits, which are nearly its logarithm."""
    bits = float(np.float64(abs(value)).view(np.int64))
    return -bits if value < 0.0 else bits


def _from_rank(ranks: Floats) -> Floats:
    bits = np.minimum(np.abs(ranks), _MOST).astype(np.int64).view(np.float64)
    return np.where(ranks < 0.0, -bits, bits)


_MOST = float(np.float64(np.finfo(np.float64).max).view(np.int64)) - 2.0**11


@attrs.frozen(eq=False)
class Ranges:
    """The buckets of one pass: disjoint ranges of each key, cut into pieces.

    A value is found by two numbers: how many edges, of whatever key, are not above it; and the
    place that its key and this number have among those of all edges. No key is looked at alone.

    Attributes
    ----------
    edges
        Where buckets and gaps begin, of whatever key: distinct, in rising order.
    places
        Key and number of each edge of each key, as one number in rising order.
    buckets
        The bucket that begins there; -1 for a gap. What lies below all edges of a key comes before
        them: there is one entry more for each key.
    owner
        For each bucket, the range that it is a piece of.
    """

    edges: Floats
    places: Codes
    buckets: Codes
    owner: Codes

    @classmethod
    def of(cls, ranges: list[Range], keys: int, pieces: int) -> Ranges:
        """Cut ranges into pieces; with one piece, each is a bucket."""
        edges: list[list[Floats]] = [[np.empty(0)] for _ in range(keys)]
        buckets: list[list[Codes]] = [[np.array([-1])] for _ in range(keys)]
        owner: list[int] = []
        for number in sorted(range(len(ranges)), key=lambda i: ranges[i].low):
            found = ranges[number]
            cuts = found.cuts(pieces) if pieces > 1 else np.empty(0)
            starts = np.array([found.low, *cuts])
            edges[found.key] += [starts, np.array([math.nextafter(found.high, math.inf)])]
            buckets[found.key] += [len(owner) + np.arange(len(starts)), np.array([-1])]
            owner += [number] * len(starts)
        begun = [np.concatenate(of_key) for of_key in edges]
        whole = np.concatenate(begun)
        distinct = np.unique(whole)
        key = np.repeat(np.arange(keys), [len(of_key) for of_key in begun])
        return cls(
            distinct,
            _place(distinct, whole, key),
            np.concatenate([part for of_key in buckets for part in of_key]),
            np.array(owner, dtype=np.int64),
        )

    def find(self, values: Floats, keys: Codes) -> Codes:
        """Give the bucket of each known value; -1 where it is in none."""
        place, table = _place(self.edges, values, keys), self._table
        return self._bucket(place, keys) if table is None else table[place]

    def _bucket(self, place: Codes, keys: Codes) -> Codes:
        begun: Codes = np.searchsorted(self.places, place, side="right") + keys
        return self.buckets[begun]

    @cached_property
    def _table(self) -> Codes | None:
        """Know the bucket of every place there is, if they are few: faster than to search."""
        keys = len(self.buckets) - len(self.places)
        size = keys * (len(self.edges) + 1)
        every = np.arange(size) if size <= _FEW_PLACES else None
        return None if every is None else self._bucket(every, every // (len(self.edges) + 1))


def _place(edges: Floats, values: Floats, keys: Codes) -> Codes:
    """Put key and number of edges that are not above into one number."""
    return keys * (len(edges) + 1) + np.searchsorted(edges, values, side="right")


@attrs.frozen(eq=False)
class Bucketing:
    """A row-wise spec of one pass over a column: its value, and the bucket it is in.

    Parameters
    ----------
    column
        The numbers.
    defined
        Turns what cannot be judged into NaN.
    group
        The column of groups; None: all rows are one.
    position
        The position of each group's label, None for rows without one; rows of others are in no
        bucket.
    ranges
        The buckets; None: each key is one.
    """

    column: str
    defined: Callable[[Floats], Floats]
    group: str | None
    position: dict[str | None, int]
    ranges: Ranges | None = None

    @property
    def size(self) -> int:
        """How many buckets there are."""
        keys = 1 if self.group is None else len(self.position)
        return keys if self.ranges is None else len(self.ranges.owner)

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns it needs."""
        return tuple(dict.fromkeys((self.column, self.group or self.column)))

    @property
    def writes(self) -> dict[str, Column]:
        """The bucket and the value; numbers, which every engine can group by and compare."""
        return {BUCKET: Column("float"), VALUE: Column("float")}

    def apply(self, columns: Columns) -> dict[str, NDArray[Any]]:
        """Compute both; the bucket is -1 where the row is in none, and the value then 0."""
        values = self.defined(floats(columns, self.column)) + 0.0
        keys = self._keys(columns, len(values))
        rows = np.flatnonzero(np.isfinite(values) & (keys >= 0))
        bucket = np.full(len(values), -1.0)
        known = keys[rows] if self.ranges is None else self.ranges.find(values[rows], keys[rows])
        bucket[rows] = known
        return {BUCKET: bucket, VALUE: np.where(bucket >= 0.0, values, 0.0)}

    def _keys(self, columns: Columns, rows: int) -> Codes:
        if self.group is None:
            return np.zeros(rows, dtype=np.int64)
        found: Labels = labels(columns, self.group)
        table = [self.position.get(label, -1) for label in found.labels]
        return np.array([*table, self.position.get(None, -1)], dtype=np.int64)[found.codes]


@attrs.frozen(eq=False)
class Counting:
    """A row-wise spec that puts every row into one bucket, whatever the column holds.

    Parameters
    ----------
    column
        Any column.
    """

    column: str
    size: int = 1

    @property
    def reads(self) -> tuple[str, ...]:
        """The column."""
        return (self.column,)

    @property
    def writes(self) -> dict[str, Column]:
        """The bucket and the value, as `Bucketing` writes them."""
        return {BUCKET: Column("float"), VALUE: Column("float")}

    def apply(self, columns: Columns) -> dict[str, NDArray[Any]]:
        """Give bucket 0 and value 0 to each row."""
        zeros = np.zeros(len(columns[self.column]))
        return {BUCKET: zeros, VALUE: zeros}
