"""`MedianCut`: high is what reaches the middle of the book."""

from __future__ import annotations

from typing import Self, final

import attrs

from keyaccount._columns import Floats
from keyaccount._validators import optional
from keyaccount.groups import ByGroup
from keyaccount.segments.rfm.cut_rule import RfmCut
from keyaccount.segments.rfm.learning import Lesson
from keyaccount.segments.rfm.measures import Measure, own_units
from keyaccount.segments.rfm.thresholds import as_threshold, is_threshold

__all__ = ["MedianCut"]

_LEVELS = 2


@final
@attrs.frozen(kw_only=True)
class MedianCut(RfmCut):
    """High is what reaches the median of the book.

    The median of an even number of values is the mean of the two in the middle. On heavily tied
    data it degenerates: where half of the customers bought once, the median frequency is 1 and
    everybody is high. The result tells of it in a finding.

    Parameters
    ----------
    recency
        Learned: days since the last purchase that are high when at most this.
    frequency, monetary
        Learned: purchases and money that are high when at least this.

    Raises
    ------
    SpecError
        A threshold is not finite, or thresholds by group have no pool.

    See Also
    --------
    Rfm, MeanCut, FixedCut, QuantileScores

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {"days_since": [10, 20, 90], "count": [5, 2, 2], "total": [60.0, 30.0, 30.0]}
    >>> ka.Rfm(cuts=ka.MedianCut()).fit(book).cuts
    MedianCut(recency=20.0, frequency=2.0, monetary=30.0)
    """

    recency: float | ByGroup[float] | None = attrs.field(
        default=None, converter=as_threshold, validator=optional(is_threshold)
    )
    frequency: float | ByGroup[float] | None = attrs.field(
        default=None, converter=as_threshold, validator=optional(is_threshold)
    )
    monetary: float | ByGroup[float] | None = attrs.field(
        default=None, converter=as_threshold, validator=optional(is_threshold)
    )

    @property
    def levels(self) -> int:
        """How many levels each measure has: low and high."""
        return _LEVELS

    @property
    def high_level(self) -> int:
        """The lowest level, counted from 0, that is high."""
        return 1

    def fitted(self, lesson: Lesson) -> Self:
        """Learn the thresholds from a book."""
        return attrs.evolve(self, **lesson.learned(_median))


def _median(measure: Measure, values: Floats) -> float:
    low, high = float(values[(len(values) - 1) // 2]), float(values[len(values) // 2])
    # Halves first: the sum of two large numbers might overflow.
    return own_units(measure, low if low == high else 0.5 * low + 0.5 * high)
