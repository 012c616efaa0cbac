"""`StageConversion`: what becomes of the deals of a stage as time goes on."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from keyaccount._columns import Codes, Floats
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding
from keyaccount.funnel.conversion.conversion_at import ConversionAt, conversion_at
from keyaccount.funnel.conversion.outcomes import ADVANCED, LOST
from keyaccount.stats.survival.incidence import CumulativeIncidence
from keyaccount.stats.survival.kaplan_meier import SurvivalCurve
from keyaccount.stats.survival.rows import plain_row
from keyaccount.stats.survival.variance import share_interval, watched_at_steps

__all__ = ["StageConversion"]


@attrs.frozen(eq=False)
class StageConversion(Viewed):
    """What becomes of the deals of a stage as time goes on; right-continuous steps, by group.

    Rows are the times at which a deal left, group after group in sorted order.

    Parameters
    ----------
    curves
        The estimated curves, with who was at risk and who left.
    horizon
        The time in the stage that `at_horizon` reads; None: where each group was last watched.
    level
        How often intervals hold the true share.
    findings
        What was left out or cannot be known.

    Examples
    --------
    >>> import keyaccount as ka
    >>> found = ka.stage_conversion([5, 8, 12, 20], ["advanced", "lost", "open", "advanced"])
    >>> found.times, found.advanced, found.lost
    (array([ 5.,  8., 20.]), array([0.25, 0.25, 0.75]), array([0.  , 0.25, 0.25]))
    >>> found.naive_over_all, found.dwell(0.5)
    (array([0.5]), array([8.]))
    """

    curves: CumulativeIncidence
    horizon: float | None
    level: float
    findings: tuple[Finding, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups, sorted; none where all deals are one group."""
        return self.curves.labels

    @property
    def times(self) -> Floats:
        """Times in the stage at which a deal left, rising inside each group."""
        return self.curves.times

    @property
    def advanced(self) -> Floats:
        """Share advanced by each time."""
        found: Floats = self.curves.incidence[ADVANCED - 1]
        return found

    @property
    def lost(self) -> Floats:
        """Share lost by each time."""
        found: Floats = self.curves.incidence[LOST - 1]
        return found

    @property
    def open(self) -> Floats:
        """Share still in the stage after each time."""
        return self.curves.open

    @property
    def at_risk(self) -> Codes:
        """Deals in the stage just before each time."""
        return self.curves.risk.at_risk

    @property
    def n_advanced(self) -> Codes:
        """Deals that advanced at each time."""
        found: Codes = self.curves.risk.events[ADVANCED - 1]
        return found

    @property
    def n_lost(self) -> Codes:
        """Deals lost at each time."""
        found: Codes = self.curves.risk.events[LOST - 1]
        return found

    @property
    def n_censored(self) -> Codes:
        """Open deals last seen at each time or after it, before the next one."""
        return self.curves.risk.censored

    @property
    def followed_until(self) -> Floats:
        """The longest time a deal of each group was watched; NaN without deals."""
        return self.curves.risk.followed_until

    @cached_property
    def dwell_curve(self) -> SurvivalCurve:
        """Time in the stage until a deal leaves it either way, by Kaplan and Meier."""
        return SurvivalCurve.of(self.curves.risk, self.groups)

    @cached_property
    def at_horizon(self) -> ConversionAt:
        """The shares at the stated horizon, one row per group."""
        return self.at(self.horizon)

    @property
    def naive_over_all(self) -> Floats:
        """Naive, too low: advanced over all deals of each group, open ones among them."""
        return self.at_horizon.naive_over_all

    @property
    def naive_over_resolved(self) -> Floats:
        """Naive, favours fast ends: advanced over advanced and lost of each group."""
        return self.at_horizon.naive_over_resolved

    @property
    def naive_one_minus_km(self) -> Floats:
        """Wrong, too high: one minus Kaplan-Meier with lost deals taken for censored ones."""
        return self.at_horizon.naive_one_minus_km

    def at(self, horizon: ArrayLike | None = None) -> ConversionAt:
        """Read all shares at one time in the stage or several, for every group.

        Before the first step nothing has left. Beyond the last look the last shares are kept, and
        `beyond` says so. None: where each group was last watched.

        Raises
        ------
        RowError
            A time is unknown or below 0.
        """
        return conversion_at(self.curves, horizon, self.level)

    def dwell(self, q: float) -> Floats:
        """Return the time by which the share `q` of each group has left the stage, either way.

        NaN where that is not reached.

        Raises
        ------
        SpecError
            `q` is not above 0 and below 1.
        """
        return self.dwell_curve.quantile(q)

    def __len__(self) -> int:
        return len(self.times)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the steps as columns, for any DataFrame constructor."""
        found: dict[str, NDArray[Any]] = {}
        if self.groups:
            found["group"] = np.array(self.groups, dtype=object)[self.curves.risk.step_group]
        found |= {
            "time": self.times,
            "at_risk": self.at_risk,
            "n_advanced": self.n_advanced,
            "n_lost": self.n_lost,
            "n_censored": self.n_censored,
        }
        watched = watched_at_steps(self.curves.risk, self.open)
        shares = zip(("advanced", "lost"), self.curves.incidence, self.curves.variance, strict=True)
        for name, share, variance in shares:
            low, high = share_interval(share, variance, watched, self.level)
            found |= {name: share, f"{name}_low": low, f"{name}_high": high}
        return {**found, "open": self.open}

    def row(self, i: int) -> Record:
        """Return one step as a record."""
        return plain_row(self.columns(), checked_row(i, len(self)))

    def _view(self) -> View:
        return View(f"StageConversion: {len(self):,} steps", self.columns(), len(self))
