"""`order_statistics`: values at places of a sorted column that nobody sorts, found by counting.

One pass counts the values in some thousand buckets and keeps the lowest and the highest of each.
The buckets in which a place looked for falls are cut again in the next pass, until they hold few
values or a single one. What is found is a value of the book, so that it is the same on every
engine; how the buckets are cut decides how many passes it takes and nothing else.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import attrs
import numpy as np

from keyaccount.engines.bucketing import Bucketing, Range, Ranges
from keyaccount.engines.engine import FEW_AT_HOME, LazyEngine
from keyaccount.engines.tally import Tally, tally, values_in_buckets
from keyaccount.errors import KeyAccountError
from keyaccount.groups import order_of_codes

__all__ = ["OrderStatistics", "Places", "order_statistics"]

Places = Callable[[int, int], tuple[int, ...]]
"""Key and count of its values to the places that are looked for."""

_BUCKETS = 16_384
"""How many buckets a pass has: their counts come home, and each value is looked up among them."""
_PER_PLACE = 64
"""So few values per place that is looked for are not worth another cut."""


@attrs.frozen(eq=False)
class OrderStatistics:
    """Some values of a sorted column by their places, and how many there are in all.

    Attributes
    ----------
    count
        How many values there are.
    found
        Place to value; the lowest and the highest are always there.
    """

    count: int
    found: Mapping[int, float]

    def __len__(self) -> int:
        """Count the values, those that are not at hand too."""
        return self.count

    def __getitem__(self, place: int, /) -> float:
        """Give the value at a place, from 0 for the lowest; -1 is the highest."""
        return self.found[place if place >= 0 else self.count + place]


def order_statistics(
    engine: LazyEngine, frame: Any, bucketing: Bucketing, places: Places
) -> list[OrderStatistics]:
    """Find values at places of each key of a column.

    Parameters
    ----------
    engine, frame
        The book.
    bucketing
        The column, and the groups that are its keys.
    places
        What is looked for.

    Returns
    -------
    list of OrderStatistics
        One per key; of a key without a known value the count is 0.
    """
    keys = max(len(bucketing.position), 1) if bucketing.group is not None else 1
    search = _Search(engine, frame, bucketing, keys, [{} for _ in range(keys)])
    counts, ranges = np.zeros(keys, dtype=np.int64), []
    for key, count, low, high in _rows(tally(engine, frame, bucketing)):
        counts[key] = count
        wanted = tuple(sorted({0, count - 1, *places(key, count)}))
        ranges.append(Range(key, low, high, 0, count, wanted))
    search.run(ranges)
    pairs = zip(counts.tolist(), search.found, strict=True)
    return [OrderStatistics(count, found) for count, found in pairs]


def _rows(found: Tally) -> zip[tuple[int, int, float, float]]:
    """List the buckets of a tally as plain numbers."""
    columns = (found.bucket, found.count, found.low, found.high)
    return zip(*(column.tolist() for column in columns), strict=True)


def _few(ranges: list[Range]) -> tuple[list[list[Range]], list[Range]]:
    """Part ranges into those to be sorted at home, a few values at a time, and those to be cut.

    A range with many places among few values would be cut into as many pieces as it has values.
    """
    if sum(r.count for r in ranges) <= FEW_AT_HOME:
        return [ranges], []
    batches: list[list[Range]] = []
    room = 0
    for found in filter(_is_dense, ranges):
        if found.count > room:
            batches.append([])
            room = FEW_AT_HOME
        batches[-1].append(found)
        room -= found.count
    return batches, [r for r in ranges if not _is_dense(r)]


def _is_dense(found: Range) -> bool:
    """Say whether a range has too few values per place for another cut."""
    return found.count <= min(_PER_PLACE * len(found.wanted), FEW_AT_HOME)


def _changed() -> KeyAccountError:
    return KeyAccountError(
        "the rows changed between two passes over them",
        "learn from a table or a file: a query that draws at random, or on what others write to, "
        "gives other rows each time it runs.",
    )


@attrs.frozen(eq=False)
class _Search:
    """One search: what is found so far, by key and place."""

    engine: LazyEngine
    frame: Any
    bucketing: Bucketing
    keys: int
    found: list[dict[int, float]]

    def run(self, ranges: list[Range]) -> None:
        """Cut the ranges until what is left of them is few."""
        left = self._left(ranges)
        while left:
            few, left = _few(left)
            for some in few:
                self._sort(some)
            if left:
                cut = Ranges.of(left, self.keys, max(_BUCKETS // len(left), 2))
                left = self._left(self._pieces(left, cut))

    def _left(self, ranges: list[Range]) -> list[Range]:
        """Note what the ends of ranges tell, and give those with more to be found in them."""
        left: list[Range] = []
        for r in ranges:
            ends = {r.start: r.low, r.start + r.count - 1: r.high}
            one = r.low == r.high
            known = {p: r.low if one else ends[p] for p in r.wanted if one or p in ends}
            self.found[r.key].update(known)
            rest = tuple(p for p in r.wanted if p not in known)
            if rest:
                left.append(attrs.evolve(r, wanted=rest))
        return left

    def _pieces(self, ranges: list[Range], cut: Ranges) -> list[Range]:
        """Count the pieces of the ranges, and keep those in which a place falls."""
        pieces: list[Range] = []
        below = [r.start for r in ranges]
        counted = tally(self.engine, self.frame, attrs.evolve(self.bucketing, ranges=cut))
        for bucket, count, low, high in _rows(counted):
            owner = int(cut.owner[bucket])
            start, whole = below[owner], ranges[owner]
            below[owner] = start + count
            first = bisect_left(whole.wanted, start)
            wanted = whole.wanted[first : bisect_left(whole.wanted, start + count, first)]
            if wanted:
                pieces.append(Range(whole.key, low, high, start, count, wanted))
        if any(end != r.start + r.count for end, r in zip(below, ranges, strict=True)):
            raise _changed()
        return pieces

    def _sort(self, ranges: list[Range]) -> None:
        """Bring home the values that are left, and sort them."""
        cut = Ranges.of(ranges, self.keys, 1)
        bucketing = attrs.evolve(self.bucketing, ranges=cut)
        buckets, values = values_in_buckets(self.engine, self.frame, bucketing)
        laid = values[order_of_codes(buckets, len(cut.owner))]
        ends = np.cumsum(np.bincount(buckets, minlength=len(cut.owner))).tolist()
        for owner, (start, end) in zip(cut.owner.tolist(), pairwise([0, *ends]), strict=True):
            whole, own = ranges[owner], np.sort(laid[start:end])
            if len(own) != whole.count or own[0] != whole.low or own[-1] != whole.high:
                raise _changed()
            self.found[whole.key].update({p: float(own[p - whole.start]) for p in whole.wanted})
