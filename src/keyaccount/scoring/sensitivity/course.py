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

    def flip(self, knot: Bools | None, reach: float) -> float | None:
        """Find when the set changes in which a knot is all in, or all out.

        All in, a knot changes places unnoticed with accounts above it that are more than those
        beyond the seats: they become the knot. So do, all out, accounts below it that are too many
        for the free seats. Without a knot seats are free, and who reaches the threshold has one;
        all out, a knot that falls below it leaves them free.
        """
        start = 0.0
        for _ in range(4 * len(self.after) + 4):  # lines meet once: only rounding gets to the end
            if abs(reach - start) <= TOGETHER:
                return None  # what happens at the end has no beyond
            change, knot, changed = self._next(knot, start, reach)
            if change is None:
                return None
            start += change
            if changed:
                return start
        return start

    def _next(
        self, knot: Bools | None, start: float, reach: float
    ) -> tuple[float | None, Bools | None, bool]:
        """Find what happens next: after which change, who is the knot then, did the set change."""
        if knot is None:
            change = self._entering(start, reach)
            if change is None:
                return None, None, False
            entrants = self._foremost(self.outside, start + change, reach, 1.0)
            return change, entrants, self._all_let_in(entrants)
        certain, swap = self._certain(knot, start, reach), self._swap(knot, start, reach)
        fallen, first = self._fallen(knot, start, reach), nearest([certain, swap])
        if fallen is not None and (first is None or abs(fallen) <= abs(first)):
            return fallen, None, False
        if swap is None or first != swap:
            return first, knot, True
        passing = self._passing(knot, start + swap, reach)
        return swap, passing, bool(np.count_nonzero(passing) <= self.odd)

    def _all_let_in(self, entrants: Bools) -> bool:
        """Say whether there are free seats for all who reach the threshold together, or for any."""
        if self.contest.seats is None or self.contest.ties != "exclude_all":
            return True
        return bool(np.count_nonzero(entrants) <= self.odd)

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

    def _entering(self, start: float, reach: float) -> float | None:
        """Find when somebody outside reaches the threshold."""
        now = self._at(start).take(self.outside)
        return first_crossing(level(self.contest.threshold), now, reach - start)

    def _passing(self, knot: Bools, at: float, reach: float) -> Bools:
        """Say who changes places with a knot."""
        if self._all_in:
            return self._foremost(self.after & ~knot, at, reach, -1.0)
        return self._foremost(self.outside & ~knot, at, reach, 1.0)

    def _foremost(self, among: Bools, at: float, reach: float, way: float) -> Bools:
        """Say whose line is the highest from some change on, and the same for good; or lowest."""
        lines = self.lines
        value = np.where(among, lines.value(at) * way, -math.inf)
        near = among & (value >= value.max(initial=-math.inf) - TOGETHER)
        drift = lines.slope * way * math.copysign(1.0, reach)
        row = int(np.argmax(np.where(near, drift, -math.inf)))
        same: Bools = among & (lines.at == lines.at[row]) & (lines.slope == lines.slope[row])
        return same
