"""Cut rules with one threshold per measure: low below it and high from it on."""

from __future__ import annotations

import abc
from typing import Self

import attrs

from keyaccount._columns import Floats
from keyaccount._validators import optional
from keyaccount.groups import ByGroup
from keyaccount.segments.rfm.cut_rule import RfmCut
from keyaccount.segments.rfm.learning import Lesson
from keyaccount.segments.rfm.measures import Measure
from keyaccount.segments.rfm.thresholds import as_threshold, is_threshold

__all__ = ["LearnedCut", "TwoLevelCut"]

_LEVELS = 2


class TwoLevelCut(RfmCut, abc.ABC):
    """A cut rule that tells low from high."""

    __slots__ = ()

    @property
    def levels(self) -> int:
        """How many levels each measure has: low and high."""
        return _LEVELS

    @property
    def high_level(self) -> int:
        """The lowest level, counted from 0, that is high."""
        return 1


@attrs.frozen(kw_only=True)
class LearnedCut(TwoLevelCut, abc.ABC):
    """A cut rule that learns its one threshold of each measure from a book.

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

    def fitted(self, lesson: Lesson) -> Self:
        """Learn the thresholds from a book."""
        return attrs.evolve(self, **lesson.learned(self.learn))

    @abc.abstractmethod
    def learn(self, measure: Measure, values: Floats) -> float:
        """Learn one threshold, in the measure's own units, from known values in rising order.

        The values are turned so that more is better.
        """
