"""`RfmCounts`: how the book that a spec was fitted to stood at its thresholds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import attrs
import numpy as np

from keyaccount._columns import Floats
from keyaccount._validators import exact_int, exact_tuple, field_name
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.groups import ByGroup
from keyaccount.segments.rfm.ladder import Ladder, Levels
from keyaccount.segments.rfm.measures import MEASURES, Measure
from keyaccount.segments.rfm.reading import RfmRows
from keyaccount.segments.rfm.thresholds import per_group

__all__ = ["Counts", "RfmCounts", "counts_of", "standings"]

Counts: TypeAlias = tuple[int, ...]
"""How many accounts are at each level, the lowest first."""


def _one_tuple(value: Any) -> Any:
    found = exact_tuple(value)
    return tuple(map(exact_int, found)) if isinstance(found, tuple) else found


def _as_counts(value: Any) -> Any:
    return per_group(value, _one_tuple)


def _are_counts(instance: object, attribute: Any, value: Any) -> None:
    whole = [value.pool, *value] if isinstance(value, ByGroup) else [value]
    for counts in whole:
        good = isinstance(counts, tuple) and all(type(c) is int and c >= 0 for c in counts)
        if not good:
            hint = "leave them out: fit counts."
            rule = "must be whole numbers of at least 0"
            raise SpecError.from_field(field_name(instance, attribute), rule, counts, hint)


@attrs.frozen(kw_only=True)
class RfmCounts(Spec):
    """How many accounts of the book that a spec was fitted to are at each level and segment.

    Whether a threshold tells accounts apart is a fact of the book it was learned from, not of
    whoever is held against it later: so `Rfm.fit` counts, and stores what it found.

    Parameters
    ----------
    recency, frequency, monetary
        How many known accounts are at each level of the measure, the lowest first. Where thresholds
        differ by group, those of each group; the pool's are those of all accounts.
    segments
        How many accounts are in each segment, in the order of the map.

    Raises
    ------
    SpecError
        A count is no whole number of at least 0.

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {"days_since": [10, 20, 90], "count": [5, 2, 2], "total": [60.0, 30.0, 30.0]}
    >>> seen = ka.Rfm(cuts=ka.MedianCut()).fit(book).seen
    >>> seen.recency, seen.frequency
    ((1, 2), (0, 3))
    """

    recency: Counts | ByGroup[Counts] = attrs.field(converter=_as_counts, validator=_are_counts)
    frequency: Counts | ByGroup[Counts] = attrs.field(converter=_as_counts, validator=_are_counts)
    monetary: Counts | ByGroup[Counts] = attrs.field(converter=_as_counts, validator=_are_counts)
    segments: Counts = attrs.field(converter=_one_tuple, validator=_are_counts)

    def of(self, measure: Measure) -> Counts | ByGroup[Counts]:
        """Give the counts of one measure."""
        by_measure = dict(zip(MEASURES, (self.recency, self.frequency, self.monetary), strict=True))
        return by_measure[measure]


def counts_of(rows: RfmRows, codes: Levels, levels: int, segments: int) -> RfmCounts:
    """Count the accounts of a book by level of each measure, and by segment."""
    by_measure: dict[Measure, Any] = {
        ladder.measure: _of_measure(rows, ladder, levels) for ladder in rows.ladders
    }
    return RfmCounts(**by_measure, segments=_tally(codes, segments))


def _of_measure(rows: RfmRows, ladder: Ladder, levels: int) -> Counts | ByGroup[Counts]:
    values, found = rows.values[ladder.measure], rows.levels[ladder.measure]
    if not ladder.grouped or rows.groups is None:
        return _tally(found, levels)
    cell = np.where(found < 0, -1, rows.groups * levels + found)
    table = np.array(_tally(cell, len(ladder.edges) * levels)).reshape(-1, levels).tolist()
    own = {
        name: tuple(counts)
        for name, counts, owned in zip(rows.group_names, table, ladder.owned, strict=False)
        if owned
    }
    return ByGroup(own, pool=_tally(ladder.pooled(values), levels))


def _tally(codes: Floats | Any, size: int) -> Counts:
    counted = np.bincount(codes[codes >= 0].astype(np.int64), minlength=size)
    return tuple(counted.tolist())


def standings(
    seen: RfmCounts, thresholds: Callable[[Measure], Any]
) -> Iterator[tuple[Measure, str, Any, Counts]]:
    """Run over each measure and group: its thresholds, and the accounts at each level."""
    for measure in MEASURES:
        counts, known = seen.of(measure), thresholds(measure)
        if not isinstance(counts, ByGroup):
            yield measure, "", known, counts
            continue
        for group, some in counts.groups:
            yield measure, f" in group {group!r}", known.of(group), some
        yield measure, " in the pool of all groups", known.pool, counts.of(None)
