"""`MedianCut`: high is what reaches the middle of the book."""

from __future__ import annotations

from typing import final

import attrs

from keyaccount._columns import Floats
from keyaccount.segments.rfm.measures import Measure, own_units
from keyaccount.segments.rfm.two_levels import LearnedCut

__all__ = ["MedianCut"]


@final
@attrs.frozen(kw_only=True)
class MedianCut(LearnedCut):
    """High is what reaches the median of the book.

    The median of an even number of values is the mean of the two in the middle. On heavily tied
    data it degenerates: where half of the customers bought once, the median frequency is 1 and
    everybody is high. `Rfm.findings` tells of it once it is fitted, and so does every result.

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

    def learn(self, measure: Measure, values: Floats) -> float:
        """Learn one threshold: the value in the middle."""
        low, high = float(values[(len(values) - 1) // 2]), float(values[len(values) // 2])
        # Halves first: the sum of two large numbers might overflow.
        return own_units(measure, low if low == high else 0.5 * low + 0.5 * high)
