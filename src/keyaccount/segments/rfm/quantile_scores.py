"""`QuantileScores`: scores 1 to n by equal parts of the book."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Self, final

import attrs

from keyaccount._columns import Floats
from keyaccount._validators import exact_int, field_name, float_tuple, is_finite, optional
from keyaccount.errors import SpecError
from keyaccount.groups import ByGroup
from keyaccount.segments.rfm.cut_rule import Edges, RfmCut
from keyaccount.segments.rfm.learning import Lesson
from keyaccount.segments.rfm.measures import Measure, oriented_one, own_units
from keyaccount.segments.rfm.thresholds import each_of, per_group

__all__ = ["QuantileScores"]

_FEWEST, _MOST = 2, 100


def _scores(instance: object, attribute: Any, value: Any) -> None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or not _FEWEST <= value <= _MOST:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must be a whole number from {_FEWEST} to {_MOST}",
            value,
            "5 scores are the usual choice.",
        )


def _upper_half(rule: QuantileScores) -> int:
    """Give the first score above the middle one: 4 of 5, 3 of 4."""
    n: Any = rule.n  # not yet validated
    return (n + 1) // 2 + 1 if isinstance(n, int) else 0


def _a_score_above_the_lowest(instance: QuantileScores, attribute: Any, value: Any) -> None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or not 1 < value <= instance.n:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must be a score from 2 to {instance.n}",
            value,
            "with score 1 everybody would be high.",
        )


def _is_ladder(instance: QuantileScores, attribute: Any, value: Any) -> None:
    good = isinstance(value, tuple) and all(is_finite(v) for v in value)
    if not good or len(value) != instance.n - 1:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must be {instance.n - 1} finite numbers, one per score above 1",
            value,
            "leave them out: fit learns them.",
        )
    steps = [oriented_one(attribute.name, v) for v in value]
    if any(a > b for a, b in pairwise(steps)):
        way = "rise" if attribute.name == "recency" else "fall"
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must not {way} from one score to the next",
            value,
            "the first number begins score 2, the last one the highest score.",
        )


def _ladders(value: Any) -> Any:
    return per_group(value, float_tuple)


_are_ladders = optional(each_of(_is_ladder))


@final
@attrs.frozen
class QuantileScores(RfmCut):
    """Scores 1 to `n` by equal parts of the book; the upper scores are high.

    Each measure is put in order from worst to best: most days since the last purchase first, fewest
    purchases and least money first. Score ``s`` begins at the known value at position
    ``⌊(s − 1)·(N − 1)/n⌋ + 1`` of ``N`` (counted from 0): without ties these are the bins of
    ``pandas.qcut``. Equal values always score equally, for every measure: ties across the border of
    two scores all get the higher one, so that heavily tied data leave low scores empty, which a
    finding tells of.

    Parameters
    ----------
    n
        How many scores there are, from 2 to 100.
    high
        The lowest score that is high. The default is the first one above the middle, as in 4 of 5:
        a choice of this library by published practice.
    recency, frequency, monetary
        Learned: ``n - 1`` values at which the scores from 2 to `n` begin, or as many per group.
        Those of recency fall (fewer days score higher), the others rise.

    Raises
    ------
    SpecError
        `n` or `high` is no score, or thresholds are not ``n - 1`` numbers in order.

    See Also
    --------
    Rfm, rfm_map_5x5

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {
    ...     "days_since": [5, 400, 30, 90, 200],
    ...     "count": [9, 1, 1, 2, 5],
    ...     "total": [900.0, 20.0, 15.0, 80.0, 300.0],
    ... }
    >>> rfm = ka.Rfm(cuts=ka.QuantileScores(5)).fit(book)
    >>> rfm.cuts.recency
    (200.0, 90.0, 30.0, 5.0)
    >>> rfm.assign(book).scores[:, 1]
    array([5, 2, 2, 3, 4], dtype=int16)
    """

    n: int = attrs.field(converter=exact_int, validator=_scores)
    high: int = attrs.field(
        default=attrs.Factory(_upper_half, takes_self=True),
        converter=exact_int,
        validator=_a_score_above_the_lowest,
        kw_only=True,
    )
    recency: Edges | ByGroup[Edges] | None = attrs.field(
        default=None, converter=_ladders, validator=_are_ladders, kw_only=True
    )
    frequency: Edges | ByGroup[Edges] | None = attrs.field(
        default=None, converter=_ladders, validator=_are_ladders, kw_only=True
    )
    monetary: Edges | ByGroup[Edges] | None = attrs.field(
        default=None, converter=_ladders, validator=_are_ladders, kw_only=True
    )

    @property
    def levels(self) -> int:
        """How many levels each measure has: one per score."""
        return self.n

    @property
    def high_level(self) -> int:
        """The lowest level, counted from 0, that is high."""
        return self.high - 1

    def fitted(self, lesson: Lesson) -> Self:
        """Learn where the scores begin from a book."""
        return attrs.evolve(self, **lesson.learned(self._beginnings))

    def _beginnings(self, measure: Measure, values: Floats) -> Edges:
        last = len(values) - 1
        at = [min(score * last // self.n + 1, last) for score in range(1, self.n)]
        return tuple(own_units(measure, float(values[position])) for position in at)
