"""`RiskTable`: how many were there to leave at each time, and how many did."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Codes, Floats
from keyaccount.stats.survival.cells import cells_of
from keyaccount.stats.survival.segments import group_offsets, searched

__all__ = ["Ordered", "RiskTable", "risk_table"]


@attrs.frozen(eq=False)
class Ordered:
    """Times in rising order inside each group, and how many rows lie before each of them."""

    time: Floats
    before: Codes
    offsets: Codes

    def below(self, group: Codes, time: Floats) -> Codes:
        """Count the rows of each one's group before a time."""
        place = searched(self.time, self.offsets, group, time, "left")
        found: Codes = self.before[self.offsets[group] + place] - self.before[self.offsets[group]]
        return found


@attrs.frozen(eq=False)
class RiskTable:
    """Who was there to leave at each time at which somebody left, group after group.

    Parameters
    ----------
    times
        ``(m,)`` times with at least one event, rising inside each group.
    at_risk
        ``(m,)`` rows that were there just before: entered before it and not gone earlier. Rows
        censored at that very time are among them.
    events
        ``(k, m)`` how many left, by cause.
    censored
        ``(m,)`` rows last seen at that time or after it, before the next one.
    offsets
        ``(g + 1,)`` where each group starts.
    rows
        ``(g,)`` rows of each group.
    open_rows
        ``(g,)`` those that have not left.
    followed_until
        ``(g,)`` the longest time anybody was watched; NaN without rows.
    exits, entries
        All times at which rows were last seen, and at which late ones were first seen.
    """

    times: Floats
    at_risk: Codes
    events: NDArray[np.int64]
    censored: Codes
    offsets: Codes
    rows: Codes
    open_rows: Codes
    followed_until: Floats
    exits: Ordered
    entries: Ordered | None

    @property
    def n_groups(self) -> int:
        """How many groups there are."""
        return len(self.rows)

    @property
    def left(self) -> Codes:
        """``(m,)`` how many left, whatever the cause."""
        found: Codes = self.events.sum(axis=0)
        return found

    @property
    def step_group(self) -> Codes:
        """``(m,)`` the group of each time."""
        return np.repeat(np.arange(self.n_groups), np.diff(self.offsets))

    def steps_until(self, group: Codes, time: Floats) -> Codes:
        """Count the times of each one's group up to a time, that time included."""
        return searched(self.times, self.offsets, group, time, "right")

    def at_risk_at(self, group: Codes, time: Floats) -> Codes:
        """Count the rows of each one's group that were there just before any time."""
        return _there(self.rows, self.exits, self.entries, group, time)


def risk_table(
    durations: Floats,
    causes: Codes,
    codes: Codes,
    *,
    n_groups: int,
    n_causes: int,
    entered: Floats | None = None,
) -> RiskTable:
    """Count, in one pass over all groups, who was at risk and who left.

    Parameters
    ----------
    durations, causes, codes
        ``(n,)`` time of leaving or of the last look, at least 0; 0 for not left or the cause; the
        group from 0. Nothing is missing.
    n_groups, n_causes
        How many there are of each.
    entered
        ``(n,)`` the time a row was first looked at, below its duration; 0 from the start.
    """
    cells = cells_of(durations, causes, codes, n_groups=n_groups, n_causes=n_causes)
    ends = group_offsets(cells.group, n_groups)
    rows: Codes = np.bincount(codes, minlength=n_groups).astype(np.int64, copy=False)
    exits = Ordered(cells.time, _before(cells.counts.sum(axis=0)), ends)
    entries = None if entered is None else _entries(entered, codes, n_groups)
    happened = cells.counts[1:].any(axis=0)
    group, time = cells.group[happened], cells.time[happened]
    offsets = group_offsets(group, n_groups)
    still_open = _before(cells.counts[0])
    open_then, open_at_end = still_open[:-1][happened], still_open[ends[1:]]
    next_open = np.append(open_then[1:], 0)
    last = offsets[1:][offsets[1:] > offsets[:-1]] - 1
    next_open[last] = open_at_end[group[last]]
    until = np.where(rows > 0, np.append(cells.time, np.nan)[np.maximum(ends[1:] - 1, 0)], np.nan)
    return RiskTable(
        times=time,
        at_risk=_there(rows, exits, entries, group, time),
        events=np.ascontiguousarray(cells.counts[1:, happened]),
        censored=next_open - open_then,
        offsets=offsets,
        rows=rows,
        open_rows=open_at_end - still_open[ends[:-1]],
        followed_until=until,
        exits=exits,
        entries=entries,
    )


def _before(counts: Codes) -> Codes:
    """Give how many rows lie before each entry, and before the end."""
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64, copy=False)


def _entries(entered: Floats, codes: Codes, n_groups: int) -> Ordered:
    order = np.lexsort((entered, codes))
    offsets = group_offsets(codes[order], n_groups)
    return Ordered(entered[order], np.arange(len(order) + 1), offsets)


def _there(
    rows: Codes, exits: Ordered, entries: Ordered | None, group: Codes, time: Floats
) -> Codes:
    """Count the rows of each one's group that entered before a time and were not gone by then."""
    gone = exits.below(group, time)
    if entries is None:
        return rows[group] - gone
    # What was watched from the start is there at time 0 already.
    since = np.where(time > 0.0, time, np.nextafter(0.0, 1.0))
    return entries.below(group, since) - gone
