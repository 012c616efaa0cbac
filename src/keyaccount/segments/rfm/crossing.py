"""From the levels of the measures to the segment they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np

from keyaccount.segments.rfm.cut_rule import RfmCut
from keyaccount.segments.rfm.ladder import Levels
from keyaccount.segments.rfm.measures import Measure
from keyaccount.segments.rfm.segment_map import RfmMap

__all__ = ["Crossing"]


class Crossing:
    """A map of segments over the levels of a cut rule: a level is a step of the map, or H or L."""

    __slots__ = ("_levels", "_same", "_table", "high_level", "map")

    def __init__(self, cuts: RfmCut, map_: RfmMap) -> None:
        self.map: RfmMap = map_
        self.high_level: int = cuts.high_level
        self._levels: int = cuts.levels
        self._same: bool = len(map_.symbols) == cuts.levels
        cells = [map_.positions[cell] for cell in map_.cells]
        self._table: Levels = np.array(cells, dtype=np.int16)

    def codes(self, levels: Mapping[Measure, Levels], rows: int) -> Levels:
        """Give the position of the segment of each account; -1 where a measure is unknown."""
        place = np.zeros(rows, dtype=np.int64)
        unknown = np.zeros(rows, dtype=np.bool_)
        for measure in self.map.measures:
            level = levels[measure]
            step = level if self._same else level >= self.high_level
            place = place * len(self.map.symbols) + step
            unknown |= level < 0
        return np.where(unknown, np.int16(-1), self._table[np.where(unknown, 0, place)])

    def code(self, levels: Mapping[Measure, int]) -> int:
        """Give the position of the segment of one account, every measure of the map known."""
        place = 0
        for measure in self.map.measures:
            level = levels[measure]
            step = level if self._same else int(level >= self.high_level)
            place = place * len(self.map.symbols) + step
        return int(self._table[place])

    def possible(self, levels: Mapping[Measure, int]) -> tuple[str, ...]:
        """List the segments an account may be in, best first; unknown levels are -1."""
        measures = self.map.measures
        options: list[Sequence[int]] = [
            range(self._levels) if levels[m] < 0 else (levels[m],) for m in measures
        ]
        found = {self.code(dict(zip(measures, some, strict=True))) for some in product(*options)}
        return tuple(self.map.codes[position] for position in sorted(found))
