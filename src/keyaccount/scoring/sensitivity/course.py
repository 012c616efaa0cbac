"""The course of a contest as a weight moves, where accounts are tied for good.

Accounts whose lines are the same stay tied whatever the weight, and go in or out together. A knot
of them at the cut may be all in, beyond the seats, or all out, below them; such a knot can change
places with others, and nobody goes in or out.
"""

from __future__ import annotations

import math

import attrs
import numpy as np

from keyaccount._columns import Bools
from keyaccount.scoring.selection.seating import Contest
from keyaccount.scoring.sensitivity.breakeven import (
    TOGETHER,
    Lines,
    first_crossing,
    level,
    nearest,
)


@attrs.frozen(eq=False)
class Course:
    """A contest, its lines, and who has a seat as soon as the weight moves."""

    contest: Contest
    lines: Lines
    after: Bools

    @property
    def outside(self) -> Bools:
        """Who competes, and has none."""
        return self.contest.open_to & ~self.after

    @property
    def odd(self) -> int:
        """How many accounts are in beyond the seats, or how many seats are free."""
        return abs(int(np.count_nonzero(self.after)) - (self.contest.seats or 0))

    def entering(self, start: float, reach: float) -> float | None:
        """Find when somebody reaches the threshold and takes a free seat, from `start` on."""
        if abs(reach - start) <= TOGETHER:  # the end: what happens there has no beyond
            return None
        now = self._at(start).take(self.outside)
        change = first_crossing(level(self.contest.threshold), now, reach - start)
        if change is None:
            return None
        entrants = self._highest(self.outside, start + change)
        free = self.contest.seats is None or self.contest.ties != "exclude_all"
        if free or np.count_nonzero(entrants) <= self.odd:
            return start + change
        return self.knot_flip(entrants, start + change, reach)

    def knot_flip(self, knot: Bools, start: float, reach: float) -> float | None:
        """Find when the set changes in which a knot is all in, or all out, from `start` on.

        All in, a knot changes places unnoticed with accounts above it that are more than those
        beyond the seats: they become the knot. So do, all out, accounts below it that are too many
        for the free seats.
        """
        if abs(reach - start) <= TOGETHER:
            return None
        for _ in range(2 * len(knot)):  # lines meet once: only rounding could bring it to an end
            certain, swap = self._certain(knot, start, reach), self._swap(knot, start, reach)
            fallen = self._fallen(knot, start, reach)
            first = nearest([certain, swap])
            if fallen is not None and (first is None or abs(fallen) <= abs(first)):
                return self.entering(start + fallen, reach)
            if swap is None or first != swap:
                return None if first is None else start + first
            start += swap
            knot = self._next_to(knot, start)
            if np.count_nonzero(knot) <= self.odd:
                return start
        return start

    @property
    def _all_in(self) -> bool:
        return self.contest.ties == "include_all"

    def _at(self, start: float) -> Lines:
        return Lines(self.lines.value(start), self.lines.slope)

    def _certain(self, knot: Bools, start: float, reach: float) -> float | None:
        """Find when a knot that is in is passed from outside, or one that is out gets inside."""
        now = self._at(start)
        if self._all_in:
            return first_crossing(now.take(knot), now.take(self.outside), reach - start)
        return first_crossing(now.take(self.after), now.take(knot), reach - start)

    def _swap(self, knot: Bools, start: float, reach: float) -> float | None:
        """Find when a knot changes places with others that are in as it is, or out as it is."""
        now = self._at(start)
        if self._all_in:
            return first_crossing(now.take(self.after & ~knot), now.take(knot), reach - start)
        return first_crossing(now.take(knot), now.take(self.outside & ~knot), reach - start)

    def _fallen(self, knot: Bools, start: float, reach: float) -> float | None:
        """Find when a knot that is out falls below the threshold, and the seats are free."""
        if self._all_in:
            return None
        bar = level(self.contest.threshold)
        return first_crossing(self._at(start).take(knot), bar, reach - start)

    def _next_to(self, knot: Bools, at: float) -> Bools:
        """Say who changes places with a knot."""
        if self._all_in:
            return self._highest(self.after & ~knot, at, -1.0)
        return self._highest(self.outside & ~knot, at)

    def _highest(self, among: Bools, at: float, way: float = 1.0) -> Bools:
        """Say whose line is the highest at some change, and the same for good; or the lowest."""
        lines = self.lines
        row = int(np.argmax(np.where(among, lines.value(at) * way, -math.inf)))
        same: Bools = among & (lines.at == lines.at[row]) & (lines.slope == lines.slope[row])
        return same
