"""`stage_conversion`: the share of deals that leave a stage forward, open deals censored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from keyaccount.errors import SpecError
from keyaccount.findings import Finding, counted, note
from keyaccount.funnel.conversion.conversion_curves import StageConversion
from keyaccount.funnel.conversion.outcomes import LOST, read_outcomes
from keyaccount.stats.survival.aalen_johansen import incidence_of
from keyaccount.stats.survival.incidence import CumulativeIncidence
from keyaccount.stats.survival.observations import Observations, coded_groups, observations
from keyaccount.stats.wilson import two_sided_z

__all__ = ["conversion_of", "stage_conversion"]


def stage_conversion(
    durations: Any,
    outcomes: Any,
    *,
    groups: Any = None,
    horizon: float | None = None,
    entered: Any = None,
    level: float = 0.9,
) -> StageConversion:
    """Estimate the share of deals that advance from a stage and that are lost in it.

    Deals that are still open are neither: they are censored at the time they have been followed.

    Parameters
    ----------
    durations
        ``(n,)`` time each deal spent in the stage until it left or was last seen, at least 0.
    outcomes
        ``(n,)`` 0 or ``"open"``, 1 or ``"advanced"``, 2 or ``"lost"``; missing is left out.
    groups
        ``(n,)`` labels such as owner, team, segment or cohort; each gets curves of its own.
    horizon
        The time in the stage at which `at_horizon` and the naive ratios are read. None: where each
        group was last watched; groups are then read at different times.
    entered
        ``(n,)`` time a deal had already been in the stage when it was first observed. It is at risk
        only after that (left truncation); deals gone before they could be seen would be missed
        else. None: all are seen from their first day.
    level
        How often intervals hold the true share (90 % is a choice of this library).

    Returns
    -------
    StageConversion
        The curves, a step per time at which a deal left.

    Raises
    ------
    RowError
        A duration is below 0, an outcome is none of the three, an entry lies after the end, or the
        horizon is no time.
    ColumnError
        Columns differ in length or hold no numbers.
    SpecError
        The level does not lie between 0 and 1.

    Notes
    -----
    Aalen-Johansen estimator for two competing ends; see `keyaccount.stats.survival`. Of a deal that
    leaves and one that is last seen at the same time, the leaving comes first; several at one time
    are one step. Variances are of Greenwood's type, intervals symmetric on the scale
    ``log(−log(1 − F))``.

    Book-wise: the order of rows changes no bit, and a group is what it would be alone.

    Examples
    --------
    >>> import keyaccount as ka
    >>> days = [2, 3, 4, 5, 7, 8, 9, 11, 14, 20]
    >>> outcomes = [1, 2, 0, 1, 0, 1, 2, 0, 1, 0]
    >>> found = ka.stage_conversion(days, outcomes)
    >>> found.at([8, 14]).advanced.round(4)
    array([0.3514, 0.5571])
    >>> found.naive_over_all, found.naive_over_resolved.round(4), found.naive_one_minus_km.round(4)
    (array([0.4]), array([0.6667]), array([0.6914]))
    """
    found = observations(
        durations,
        read_outcomes(outcomes),
        n_causes=LOST,
        groups=None if groups is None else coded_groups(groups),
        entered=entered,
    )
    return conversion_of(found, horizon, level, "stage_conversion")


def conversion_of(
    found: Observations, horizon: float | None, level: float, caller: str
) -> StageConversion:
    """Estimate the curves of observations already read."""
    _ = two_sided_z(level)
    if horizon is not None and (np.ndim(horizon) or isinstance(horizon, Mapping)):
        raise SpecError.from_field(
            f"{caller}(horizon)",
            "must be one time",
            horizon,
            "read several with .at([30, 60, 90]).",
        )
    curves = incidence_of(found)
    told = (*curves.findings, *_beyond(curves, horizon))
    return StageConversion(curves, None if horizon is None else float(horizon), float(level), told)


def _beyond(curves: CumulativeIncidence, horizon: float | None) -> tuple[Finding, ...]:
    """Tell which groups were not watched until the horizon."""
    if horizon is None:
        return ()
    at = curves.at(horizon)
    short = np.flatnonzero(at.beyond)
    names = [curves.labels[g] for g in short.tolist()] if curves.labels else []
    who = f"{counted(len(short), 'group')} not" if curves.labels else "no deal"
    message = f"{who} watched until {horizon:g}: the shares are the last ones known"
    return note("beyond_follow_up", message, len(short), "horizon", examples=names)
