"""What every cut rule of RFM is: a way to find the thresholds between low and high."""

from __future__ import annotations

import abc
from typing import Any, Self, TypeAlias

from keyaccount._view import Spec
from keyaccount.segments.rfm.learning import Lesson
from keyaccount.segments.rfm.measures import MEASURES, Measure

__all__ = ["Edges", "RfmCut", "edges_of"]

Edges: TypeAlias = tuple[float, ...]
"""Where each level of a measure begins, in its own units, from the second-lowest level up."""


class RfmCut(Spec, abc.ABC):
    """A way to find the thresholds that tell a low measure from a high one.

    Every cut rule has one field per measure (``recency``, ``frequency``, ``monetary``) that holds
    its thresholds in the measure's own units, or one per group; None until they are learned.

    Examples
    --------
    >>> import keyaccount as ka
    >>> isinstance(ka.MeanCut(), ka.RfmCut)
    True
    """

    __slots__ = ()

    @property
    @abc.abstractmethod
    def levels(self) -> int:
        """How many levels each measure has: 2 for low and high."""

    @property
    @abc.abstractmethod
    def high_level(self) -> int:
        """The lowest level, counted from 0, that is high."""

    @abc.abstractmethod
    def fitted(self, lesson: Lesson) -> Self:
        """Learn the thresholds from a book; a rule that states them returns itself."""

    @property
    def is_fitted(self) -> bool:
        """Whether every threshold is there."""
        return all(self.thresholds(measure) is not None for measure in MEASURES)

    def thresholds(self, measure: Measure) -> Any:
        """Give what is known of one measure: its thresholds, a `ByGroup` of them, or None."""
        return getattr(self, measure)


def edges_of(constant: float | Edges) -> Edges:
    """List one threshold, or several, from the lowest level up."""
    return constant if isinstance(constant, tuple) else (constant,)
