"""`kaplan_meier`: the share still there as time goes on, and how long things take."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from keyaccount._columns import Codes, Floats, as_floats, common_length, refuse_rows
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding
from keyaccount.stats._levels import checked_share
from keyaccount.stats.survival.horizons import horizons_of
from keyaccount.stats.survival.observations import coded_groups, observations, read_causes
from keyaccount.stats.survival.product_limit import greenwood_variance, open_share
from keyaccount.stats.survival.risk import RiskTable
from keyaccount.stats.survival.rows import plain_row
from keyaccount.stats.survival.segments import searched
from keyaccount.stats.survival.variance import ALMOST, share_interval, watched_at_steps

__all__ = ["SurvivalCurve", "conditional_quantile", "kaplan_meier"]


@attrs.frozen(eq=False)
class SurvivalCurve(Viewed):
    """The share still there as time goes on, by group; right-continuous steps.

    Parameters
    ----------
    times
        ``(m,)`` times at which somebody left, rising inside each group.
    survival
        ``(m,)`` share still there after that time.
    risk
        Who was at risk and who left.
    labels
        The groups, sorted; none where all rows are one group.
    findings
        What was left out.

    Examples
    --------
    >>> from keyaccount.stats.survival import kaplan_meier
    >>> curve = kaplan_meier([3, 5, 5, 8, 9], [1, 1, 0, 1, 0])
    >>> curve.survival.round(3), curve.quantile(0.5), curve.at([2, 6]).round(3)
    (array([0.8, 0.6, 0.3]), array([8.]), array([1. , 0.6]))
    """

    times: Floats
    survival: Floats
    risk: RiskTable
    labels: tuple[str, ...]
    findings: tuple[Finding, ...]

    @classmethod
    def of(
        cls, risk: RiskTable, labels: tuple[str, ...] = (), findings: tuple[Finding, ...] = ()
    ) -> SurvivalCurve:
        """Estimate the curve of a table, whatever the causes."""
        return cls(risk.times, open_share(risk), risk, labels, findings)

    @cached_property
    def variance(self) -> Floats:
        """``(m,)`` Greenwood's variance; 0 where nobody is left."""
        return greenwood_variance(self.risk, self.survival)

    def interval(self, level: float = 0.9) -> tuple[Floats, Floats]:
        """Return at each step the shares that the data do not contradict; see `share_interval`."""
        watched = watched_at_steps(self.risk, self.survival)
        gone = 1.0 - self.survival
        low, high = share_interval(gone, self.variance, watched, level)
        return 1.0 - high, 1.0 - low

    def at(self, horizon: ArrayLike) -> Floats:
        """Return the share still there at each time, group after group; NaN without rows.

        The last share known is kept beyond `risk.followed_until`.
        """
        group, t = horizons_of(horizon, self.risk.followed_until)
        return self.share(group, t)

    def share(self, group: Codes, time: Floats) -> Floats:
        """Return the share of each one's group still there at its time; NaN where unknown."""
        known = np.isfinite(time) & (group >= 0)
        of = np.where(known, group, 0)
        steps = self.risk.steps_until(of, np.where(known, time, 0.0))
        place = np.where(steps > 0, self.risk.offsets[of] + steps - 1, len(self.times))
        found: Floats = np.append(self.survival, 1.0)[place]
        return np.where(known & (self.risk.rows[of] > 0), found, np.nan)

    def quantile(self, q: float) -> Floats:
        """Return the time by which the share `q` of each group has gone.

        The first time at which at most ``1 − q`` are still there; NaN where that is not reached.

        Raises
        ------
        SpecError
            `q` is not above 0 and below 1.
        """
        group = np.arange(self.risk.n_groups)
        return self._time_of(
            group, np.full(len(group), 1.0 - checked_share(q, "SurvivalCurve.quantile(q)"))
        )

    def remaining(self, spent: ArrayLike, q: float = 0.5, *, group: Codes | None = None) -> Floats:
        """Return how much longer it takes until the share `q` of those still there has gone.

        Parameters
        ----------
        spent
            ``(n,)`` time already spent, at least 0; NaN where unknown.
        q
            The share, above 0 and below 1.
        group
            ``(n,)`` code of each one's group, -1 where unknown; None: the first group.

        Returns
        -------
        ndarray
            ``(n,)`` the smallest ``u`` with ``S(spent + u) ≤ (1 − q)·S(spent)``; NaN where that is
            not reached, or nobody of the group stayed that long.

        Raises
        ------
        RowError
            A time is below 0.
        SpecError
            `q` is not above 0 and below 1.
        """
        share = checked_share(q, "SurvivalCurve.remaining(q)")
        time = as_floats(spent, "spent")
        of = np.zeros(len(time), np.int64) if group is None else group
        common_length({"spent": time, "group": of})
        refuse_rows("spent", time, time < 0.0, "are below 0", "give the time already spent.")
        still = self.share(of, time)
        known = still > 0.0
        ends = self._time_of(np.where(known, of, 0), np.where(known, (1.0 - share) * still, 0.0))
        return np.where(known, ends - time, np.nan)

    def _time_of(self, group: Codes, share: Floats) -> Floats:
        """Give the first time at which at most a share is still there; NaN where not reached."""
        # A product of many steps may end a bit above the share that it is.
        enough = share + ALMOST * share
        above = searched(-self.survival, self.risk.offsets, group, -enough, "left")
        place = self.risk.offsets[group] + above
        reached = place < self.risk.offsets[group + 1]
        return np.append(self.times, np.nan)[np.where(reached, place, len(self.times))]

    def __len__(self) -> int:
        return len(self.times)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the steps as columns, for any DataFrame constructor."""
        found: dict[str, NDArray[Any]] = {}
        if self.labels:
            found["group"] = np.array(self.labels, dtype=object)[self.risk.step_group]
        counts = {"at_risk": self.risk.at_risk, "left": self.risk.left}
        return {**found, "time": self.times, **counts, "survival": self.survival}

    def row(self, i: int) -> Record:
        """Return one step as a record."""
        return plain_row(self.columns(), checked_row(i, len(self)))

    def _view(self) -> View:
        return View(f"SurvivalCurve: {len(self):,} steps", self.columns(), len(self))


def kaplan_meier(
    durations: Any, events: Any, *, groups: Any = None, entered: Any = None
) -> SurvivalCurve:
    """Estimate the share still there as time goes on.

    Parameters
    ----------
    durations
        ``(n,)`` how long each row was watched, at least 0.
    events
        ``(n,)`` 1 where it ended, 0 where it was still there at the last look.
    groups, entered
        As in `aalen_johansen`.

    Returns
    -------
    SurvivalCurve
        Steps at the times of events.

    Raises
    ------
    RowError, ColumnError
        As in `aalen_johansen`.

    References
    ----------
    Kaplan, E. L. and Meier, P. (1958), Nonparametric estimation from incomplete observations,
    Journal of the American Statistical Association 53.

    Examples
    --------
    >>> from keyaccount.stats.survival import kaplan_meier
    >>> kaplan_meier([1, 2, 3], [1, 0, 1]).survival.round(3)
    array([0.667, 0.   ])
    """
    found = observations(
        durations,
        read_causes(events, 1, "events"),
        n_causes=1,
        groups=None if groups is None else coded_groups(groups),
        entered=entered,
    )
    return SurvivalCurve.of(found.risk(), found.labels, found.findings)


def conditional_quantile(curve: SurvivalCurve, spent: ArrayLike, q: float = 0.5) -> Floats:
    """Return how much longer it takes, given the time already spent; see `SurvivalCurve.remaining`.

    Examples
    --------
    >>> from keyaccount.stats.survival import conditional_quantile, kaplan_meier
    >>> curve = kaplan_meier([2, 4, 8, 16], [1, 1, 1, 1])
    >>> conditional_quantile(curve, [0, 4, 20])
    array([ 4.,  4., nan])
    """
    return curve.remaining(spent, q)
