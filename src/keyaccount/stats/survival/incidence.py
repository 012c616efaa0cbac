"""The share gone by each cause as time goes on: curves, and what they say at a time."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from keyaccount._columns import Bools, Codes, Floats
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.stats.survival.horizons import horizons_of
from keyaccount.stats.survival.product_limit import greenwood_variance
from keyaccount.stats.survival.risk import RiskTable
from keyaccount.stats.survival.rows import plain_row
from keyaccount.stats.survival.variance import (
    effective_number,
    incidence_variance,
    share_interval,
    watched_at_steps,
)

__all__ = ["CumulativeIncidence", "IncidenceAt"]


@attrs.frozen(eq=False)
class IncidenceAt(Viewed):
    """Shares gone by each cause at stated times, one row per group and time.

    Parameters
    ----------
    horizon
        ``(n,)`` the times.
    group
        ``(n,)`` code of the group.
    incidence
        ``(k, n)`` shares gone by each cause; NaN where the group has no rows.
    variance
        ``(k, n)`` their variances.
    open
        ``(n,)`` share not gone.
    open_variance
        ``(n,)`` its variance.
    watched
        ``(n,)`` those at risk over the share open, just before: what `effective_number` falls back
        on.
    beyond
        ``(n,)`` whether nobody was watched that long while some were still open: the shares are
        the last ones known.

    Examples
    --------
    >>> from keyaccount.stats.survival import aalen_johansen
    >>> at = aalen_johansen([2, 4, 6, 8], [1, 2, 0, 1]).at([1, 4])
    >>> at.incidence.tolist(), at.open.tolist()
    ([[0.0, 0.25], [0.0, 0.25]], [1.0, 0.5])
    """

    horizon: Floats
    group: Codes
    incidence: NDArray[np.float64]
    variance: NDArray[np.float64]
    open: Floats
    open_variance: Floats
    watched: Floats
    beyond: Bools

    def __len__(self) -> int:
        return len(self.horizon)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the shares as columns, for any DataFrame constructor."""
        shares = {f"share_{c}": f for c, f in enumerate(self.incidence, start=1)}
        read = {"group": self.group, "horizon": self.horizon, **shares}
        return {**read, "open": self.open, "beyond": self.beyond}

    def row(self, i: int) -> Record:
        """Return one group at one time as a record."""
        return plain_row(self.columns(), checked_row(i, len(self)))

    def _view(self) -> View:
        return View("Incidence at stated times", self.columns(), len(self))

    def interval(self, cause: int, level: float = 0.9) -> tuple[Floats, Floats]:
        """Return the shares gone by a cause (from 1) that the data do not contradict.

        See `share_interval`; `cause` 0 is the share still open.
        """
        if cause == 0:
            low, high = share_interval(1.0 - self.open, self.open_variance, self.watched, level)
            return 1.0 - high, 1.0 - low
        of = self._place(cause)
        return share_interval(self.incidence[of], self.variance[of], self.watched, level)

    def effective(self, cause: int) -> Floats:
        """Return how many fully watched rows would tell a cause's share as surely."""
        of = self._place(cause)
        return effective_number(self.incidence[of], self.variance[of], self.watched)

    def _place(self, cause: int) -> int:
        known = range(1, len(self.incidence) + 1)
        if cause not in known:
            raise SpecError.from_choice("cause", cause, [str(c) for c in (0, *known)])
        return cause - 1


@attrs.frozen(eq=False)
class CumulativeIncidence(Viewed):
    """The share gone by each cause as time goes on, by group; right-continuous steps.

    Parameters
    ----------
    times
        ``(m,)`` times at which somebody left, rising inside each group.
    incidence
        ``(k, m)`` share gone by each cause by then, that time included.
    open
        ``(m,)`` share not gone.
    risk
        Who was at risk and who left.
    labels
        The groups, sorted; none where all rows are one group.
    findings
        What was left out.

    Examples
    --------
    >>> from keyaccount.stats.survival import aalen_johansen
    >>> curves = aalen_johansen([2, 4, 6, 8], [1, 2, 0, 1])
    >>> curves.times.tolist(), curves.open.tolist()
    ([2.0, 4.0, 8.0], [0.75, 0.5, 0.0])
    >>> print(curves.row(2))
    time      8
    at_risk   1
    share_1   0.75
    share_2   0.25
    open      0
    """

    times: Floats
    incidence: NDArray[np.float64]
    open: Floats
    risk: RiskTable
    labels: tuple[str, ...]
    findings: tuple[Finding, ...]

    @cached_property
    def variance(self) -> NDArray[np.float64]:
        """``(k, m)`` variance of each share gone; see `incidence_variance`."""
        found = [
            incidence_variance(self.risk, c, f, self.open) for c, f in enumerate(self.incidence)
        ]
        return np.stack(found)

    @cached_property
    def open_variance(self) -> Floats:
        """``(m,)`` variance of the share not gone: Greenwood's."""
        return greenwood_variance(self.risk, self.open)

    def at(self, horizon: ArrayLike | None = None) -> IncidenceAt:
        """Read the curves at one time or several, or where each group was last watched.

        Before the first step nobody is gone; beyond the last look the last shares are kept, and
        `beyond` says so.

        Raises
        ------
        RowError
            A time is unknown or below 0.
        """
        group, t = horizons_of(horizon, self.risk.followed_until)
        steps = self.risk.steps_until(group, t)
        place = np.where(steps > 0, self.risk.offsets[group] + steps - 1, len(self.times))
        empty = self.risk.rows[group] == 0

        def read(curve: Floats, first: float) -> Floats:
            return np.where(empty, np.nan, np.append(curve, first)[place])

        still_open = read(self.open, 1.0)
        return IncidenceAt(
            horizon=t,
            group=group,
            incidence=np.stack([read(curve, 0.0) for curve in self.incidence]),
            variance=np.stack([read(curve, 0.0) for curve in self.variance]),
            open=still_open,
            open_variance=read(self.open_variance, 0.0),
            watched=self._watched(group, t, steps),
            beyond=(t > self.risk.followed_until[group]) & (still_open > 0.0),
        )

    def _watched(self, group: Codes, t: Floats, steps: Codes) -> Floats:
        """Give those at risk just before a time over the share that was open then."""
        last = np.where(steps > 0, self.risk.offsets[group] + steps - 1, len(self.times))
        on_step = np.append(self.times, np.nan)[last] == t
        share = np.append(self.open, 1.0)[last]
        there = self.risk.at_risk_at(group, t).astype(np.float64)
        # Where all have gone, as many as there were when the last of them went.
        at_last = np.append(watched_at_steps(self.risk, self.open), 0.0)[last]
        use = (share > 0.0) & ~on_step
        found: Floats = np.divide(there, share, out=at_last, where=use)
        return found

    def __len__(self) -> int:
        return len(self.times)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the steps as columns, for any DataFrame constructor."""
        found: dict[str, NDArray[Any]] = {}
        if self.labels:
            found["group"] = np.array(self.labels, dtype=object)[self.risk.step_group]
        found |= {"time": self.times, "at_risk": self.risk.at_risk}
        found |= {f"share_{c}": f for c, f in enumerate(self.incidence, start=1)}
        return {**found, "open": self.open}

    def row(self, i: int) -> Record:
        """Return one step as a record."""
        return plain_row(self.columns(), checked_row(i, len(self)))

    def _view(self) -> View:
        return View(f"CumulativeIncidence: {len(self):,} steps", self.columns(), len(self))
