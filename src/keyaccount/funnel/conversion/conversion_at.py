"""`ConversionAt`: what had become of the deals of each group by a stated day."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Codes, Floats, Objects
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.funnel.conversion.outcomes import ADVANCED, LOST
from keyaccount.stats.survival.incidence import CumulativeIncidence
from keyaccount.stats.survival.rows import plain_row
from keyaccount.stats.survival.segments import accumulated

__all__ = ["ConversionAt", "conversion_at"]


@attrs.frozen(eq=False)
class ConversionAt(Viewed):
    """Shares advanced, lost and still open at a horizon, a row per group and horizon.

    Parameters
    ----------
    group
        ``(n,)`` label of the group; None where all deals are one group.
    horizon
        ``(n,)`` time in the stage that the shares are read at.
    deals
        ``(n,)`` deals of the group.
    n_advanced, n_lost
        ``(n,)`` deals seen to advance or to be lost by then.
    advanced, lost, open
        ``(n,)`` shares by Aalen and Johansen, open deals censored; they add up to 1. NaN without
        deals.
    advanced_low, advanced_high, lost_low, lost_high, open_low, open_high
        ``(n,)`` ends of the confidence intervals, see `keyaccount.stats.survival`.
    naive_over_all
        ``(n,)`` advanced by then over all deals. Too low: open deals count as if they never would.
    naive_over_resolved
        ``(n,)`` advanced by then over those advanced or lost. Favours whatever is decided fast.
    naive_one_minus_km
        ``(n,)`` one minus Kaplan-Meier with lost deals censored. Too high: it takes lost deals for
        deals that may still advance.
    effective
        ``(n,)`` how many deals, all watched until then, would tell `advanced` as surely.
    followed_until
        ``(n,)`` the longest time a deal of the group was watched.
    beyond
        ``(n,)`` whether the horizon lies beyond that while deals were open: the shares are the last
        ones known.

    Examples
    --------
    >>> import keyaccount as ka
    >>> found = ka.stage_conversion([5, 8, 12, 20], [1, 2, 0, 1])
    >>> print(found.at(10).row(0))
    horizon              10
    deals                4
    n_advanced           1
    n_lost               1
    advanced             0.25
    advanced_low         0.053723
    advanced_high        0.776591
    lost                 0.25
    lost_low             0.053723
    lost_high            0.776591
    open                 0.5
    open_low             0.103261
    open_high            0.809283
    naive_over_all       0.25
    naive_over_resolved  0.5
    naive_one_minus_km   0.25
    effective            4
    followed_until       20
    beyond               False
    """

    group: Objects
    horizon: Floats
    deals: Codes
    n_advanced: Codes
    n_lost: Codes
    advanced: Floats
    advanced_low: Floats
    advanced_high: Floats
    lost: Floats
    lost_low: Floats
    lost_high: Floats
    open: Floats
    open_low: Floats
    open_high: Floats
    naive_over_all: Floats
    naive_over_resolved: Floats
    naive_one_minus_km: Floats
    effective: Floats
    followed_until: Floats
    beyond: Bools

    def __len__(self) -> int:
        return len(self.horizon)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return everything as columns, for any DataFrame constructor."""
        found: dict[str, NDArray[Any]] = attrs.asdict(self, recurse=False)
        if len(self) and self.group[0] is None:
            del found["group"]
        return found

    def row(self, i: int) -> Record:
        """Return one group at one horizon as a record."""
        return plain_row(self.columns(), checked_row(i, len(self)))

    def _view(self) -> View:
        return View("Conversion at a horizon", self.columns(), len(self))


def conversion_at(curves: CumulativeIncidence, horizon: Any, level: float) -> ConversionAt:
    """Read the curves, their intervals and the naive ratios at one horizon or several."""
    at, risk = curves.at(horizon), curves.risk
    steps = risk.steps_until(at.group, at.horizon)
    n_advanced, n_lost = (
        _events_until(risk.events[c], risk.offsets, at.group, steps) for c in (0, 1)
    )
    deals = risk.rows[at.group]
    advanced = at.interval(ADVANCED, level)
    lost = at.interval(LOST, level)
    still_open = at.interval(0, level)
    labels = np.array([*curves.labels, None], dtype=object)
    wrong_km = 1.0 - accumulated(
        np.multiply, (risk.at_risk - risk.events[0]) / risk.at_risk, risk.offsets
    )
    place = np.where(steps > 0, risk.offsets[at.group] + steps - 1, len(wrong_km))
    return ConversionAt(
        group=labels[at.group if curves.labels else np.full(len(at), -1)],
        horizon=at.horizon,
        deals=deals,
        n_advanced=n_advanced,
        n_lost=n_lost,
        advanced=at.incidence[0],
        advanced_low=advanced[0],
        advanced_high=advanced[1],
        lost=at.incidence[1],
        lost_low=lost[0],
        lost_high=lost[1],
        open=at.open,
        open_low=still_open[0],
        open_high=still_open[1],
        naive_over_all=_ratio(n_advanced, deals),
        naive_over_resolved=_ratio(n_advanced, n_advanced + n_lost),
        naive_one_minus_km=np.where(deals > 0, np.append(wrong_km, 0.0)[place], np.nan),
        effective=at.effective(ADVANCED),
        followed_until=risk.followed_until[at.group],
        beyond=at.beyond,
    )


def _events_until(events: Codes, offsets: Codes, group: Codes, steps: Codes) -> Codes:
    so_far = np.concatenate(([0], np.cumsum(events)))
    start = offsets[group]
    found: Codes = so_far[start + steps] - so_far[start]
    return found


def _ratio(part: Codes, whole: Codes) -> Floats:
    found: Floats = np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
    return found
