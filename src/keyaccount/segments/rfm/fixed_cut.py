"""`FixedCut`: high is what reaches a threshold that the business states."""

from __future__ import annotations

from typing import Self, final

import attrs

from keyaccount.groups import ByGroup
from keyaccount.segments.rfm.learning import Lesson
from keyaccount.segments.rfm.thresholds import as_threshold, is_threshold
from keyaccount.segments.rfm.two_levels import TwoLevelCut

__all__ = ["FixedCut"]


@final
@attrs.frozen(kw_only=True)
class FixedCut(TwoLevelCut):
    """High is what reaches the thresholds that the business states; nothing is learned.

    Fixed thresholds keep this quarter's segments comparable with the last.

    Parameters
    ----------
    recency
        Days since the last purchase are high when at most this; a number, or one per group.
    frequency, monetary
        Purchases and money are high when at least this; a number, or one per group.

    Raises
    ------
    SpecError
        A threshold is missing or not finite, or thresholds by group have no pool.

    See Also
    --------
    Rfm, MeanCut, MedianCut, QuantileScores

    Examples
    --------
    >>> import keyaccount as ka
    >>> rfm = ka.Rfm(cuts=ka.FixedCut(recency=30, frequency=3, monetary=1_000))
    >>> rfm.assign({"days_since": 30, "count": 3, "total": 999.99}).labels
    array(['general_value'], dtype=object)
    """

    recency: float | ByGroup[float] = attrs.field(converter=as_threshold, validator=is_threshold)
    frequency: float | ByGroup[float] = attrs.field(converter=as_threshold, validator=is_threshold)
    monetary: float | ByGroup[float] = attrs.field(converter=as_threshold, validator=is_threshold)

    def fitted(self, lesson: Lesson) -> Self:
        """Return itself: stated thresholds stay."""
        del lesson
        return self
