"""`RfmRows`: the measures of some accounts as read, and the level of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Floats, Labels
from keyaccount.segments.rfm.cut_rule import Edges
from keyaccount.segments.rfm.ladder import Ladder, Levels
from keyaccount.segments.rfm.measures import Measure

__all__ = ["RfmRows"]


def _finite(values: Floats) -> Floats:
    """Turn what is infinite into missing; nothing is copied where nothing is."""
    infinite = np.isinf(values)
    return np.where(infinite, np.nan, values) if infinite.any() else values


@attrs.frozen(eq=False, slots=False)
class RfmRows:
    """The measures of some accounts, aligned with their input by position.

    Attributes
    ----------
    raw
        Each measure as it was read; NaN and ±inf are missing.
    labels
        The group of each account, where thresholds differ by group.
    groups
        The position of each account's group among those that have thresholds; the pool's is last.
    group_names
        The labels of the groups that have thresholds, by position.
    ladders
        The thresholds of each measure.
    """

    raw: Mapping[Measure, Floats]
    labels: Labels | None
    groups: Codes | None
    group_names: tuple[str, ...]
    ladders: Sequence[Ladder]

    def __len__(self) -> int:
        return len(next(iter(self.raw.values())))

    @cached_property
    def values(self) -> Mapping[Measure, Floats]:
        """Each measure; NaN is missing."""
        return {measure: _finite(values) for measure, values in self.raw.items()}

    @cached_property
    def levels(self) -> Mapping[Measure, Levels]:
        """The level of each measure, 0 the lowest, -1 where it is unknown."""
        return {
            ladder.measure: ladder.levels(self.values[ladder.measure], self._members)
            for ladder in self.ladders
        }

    @cached_property
    def _members(self) -> list[Codes]:
        """The rows of each group position; nothing where thresholds do not differ by group."""
        if self.groups is None:
            return []
        # A stable sort of short integers is a radix sort, ten times faster than one of long ones.
        positions = len(self.group_names) + 1
        short = self.groups.astype(np.min_scalar_type(positions))
        ends = np.cumsum(np.bincount(self.groups, minlength=positions))
        return np.split(np.argsort(short, kind="stable"), ends[:-1])

    @cached_property
    def pooled(self) -> Mapping[Measure, Bools]:
        """Which accounts are judged by the pool of all groups, by measure."""
        if self.groups is None:
            return {}
        return {
            ladder.measure: ~ladder.owned[self.groups] for ladder in self.ladders if ladder.grouped
        }

    def group_of(self, i: int) -> str | None:
        """Give the label of one account's group."""
        if self.labels is None or self.labels.codes[i] < 0:
            return None
        return self.labels.labels[int(self.labels.codes[i])]

    def edges_of(self, ladder: Ladder, i: int) -> Edges:
        """Give the thresholds that one account is held against."""
        return ladder.edges_at(-1 if self.groups is None else int(self.groups[i]))

    def levels_of(self, i: int) -> dict[Measure, int]:
        """Give the levels of one account."""
        return {measure: int(levels[i]) for measure, levels in self.levels.items()}
