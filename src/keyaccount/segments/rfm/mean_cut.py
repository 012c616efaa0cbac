"""`MeanCut`: high is what reaches the average of the book."""

from __future__ import annotations

from typing import final

import attrs
import numpy as np

from keyaccount._columns import Floats
from keyaccount.segments.rfm.measures import Measure, own_units
from keyaccount.segments.rfm.two_levels import LearnedCut
from keyaccount.stats.sums import group_means

__all__ = ["MeanCut"]


@final
@attrs.frozen(kw_only=True)
class MeanCut(LearnedCut):
    """High is what reaches the mean of the book: the most common cut of RFM.

    The mean is taken of the raw values, exactly rounded, so that the order of a book never moves an
    account across it. A few large customers pull the mean up: few accounts are then high.

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
    Rfm, MedianCut, FixedCut, QuantileScores

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {"days_since": [10, 20, 90], "count": [5, 2, 2], "total": [60.0, 30.0, 30.0]}
    >>> ka.Rfm(cuts=ka.MeanCut()).fit(book).cuts
    MeanCut(recency=40.0, frequency=3.0, monetary=40.0)
    """

    def learn(self, measure: Measure, values: Floats) -> float:
        """Learn one threshold: the mean, rounded once."""
        mean = group_means(values, np.zeros(len(values), dtype=np.int64), 1)
        return own_units(measure, float(mean[0]))
