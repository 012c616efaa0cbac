"""`StalledDeals`: which open deals do not move, and why one thinks so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import (
    Bools,
    Floats,
    Objects,
)
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding
from keyaccount.funnel.conversion.stall_rule import StallRule
from keyaccount.stats.survival.rows import plain_row

__all__ = ["StalledDeals"]


@attrs.frozen(eq=False)
class StalledDeals(Viewed):
    """Which open deals do not move and why, aligned with the input by position.

    Parameters
    ----------
    stalled
        ``(n,)`` whether any test of the rule says so of an open deal.
    open
        ``(n,)`` whether the deal is open: a decided one is never stalled.
    stage
        ``(n,)`` the stage.
    days
        ``(n,)`` time spent in it.
    planned_days
        ``(n,)`` the planned time; NaN where there is none.
    over_plan
        ``(n,)`` time spent over planned time.
    outlasted
        ``(n,)`` share of comparable deals that had left the stage by now.
    remaining
        ``(n,)`` how much longer it takes until the stated share of those that stayed as long has
        left; NaN where that is not reached, or nobody stayed as long.
    remaining_at_least
        ``(n,)`` where `remaining` is not reached: how much longer comparable deals were watched.
    missing_actions
        ``(n,)`` actions missing; NaN where unknown.
    reasons
        The tests that were made, to ``(n,)`` whether each found the deal stalled.
    rule
        The rule.
    ids
        ``(n,)`` ids of the deals, if given.
    findings
        What could not be judged.

    Examples
    --------
    >>> import keyaccount as ka
    >>> open_deals = {"stage": ["confirm", "confirm"], "days": [5, 12], "missing": [0, 2]}
    >>> rule = ka.StallRule(tests=("over_plan", "missing_actions"))
    >>> found = ka.stalled_deals(
    ...     open_deals, planned_days={"confirm": 7}, missing_actions="missing", rule=rule
    ... )
    >>> found.stalled
    array([False,  True])
    >>> print(found.row(1))
    stalled            True
    stage              confirm
    days               12
    planned_days       7
    over_plan          1.71429
    missing_actions    2
    why
      over_plan        12 spent, 7 planned
      missing_actions  2 missing
    """

    stalled: Bools
    open: Bools
    stage: Objects
    days: Floats
    planned_days: Floats
    over_plan: Floats
    outlasted: Floats
    remaining: Floats
    remaining_at_least: Floats
    missing_actions: Floats
    reasons: Mapping[str, Bools]
    rule: StallRule
    ids: Objects | None
    findings: tuple[Finding, ...]

    def __len__(self) -> int:
        return len(self.stalled)

    @property
    def reason(self) -> Objects:
        """``(n,)`` the tests that found each deal stalled, joined by commas; None for none."""
        out = np.empty(len(self), dtype=object)
        for i in np.flatnonzero(self.stalled).tolist():
            out[i] = ", ".join(name for name, found in self.reasons.items() if found[i])
        return out

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return everything as columns, for any DataFrame constructor."""
        found: dict[str, NDArray[Any]] = {} if self.ids is None else {"id": self.ids}
        told = {"stalled": self.stalled, "reason": self.reason, "open": self.open}
        return {**found, **told, **self._measures()}

    def _measures(self) -> dict[str, NDArray[Any]]:
        return {
            "stage": self.stage,
            "days": self.days,
            "planned_days": self.planned_days,
            "over_plan": self.over_plan,
            "outlasted": self.outlasted,
            "remaining": self.remaining,
            "missing_actions": self.missing_actions,
        }

    def row(self, i: int) -> Record:
        """Return one deal as a record, with why it is stalled; what is unknown is left out."""
        i = checked_row(i, len(self))
        record: dict[str, Any] = {} if self.ids is None else {"id": self.ids[i]}
        record["stalled"] = bool(self.stalled[i])
        record |= {} if self.open[i] else {"open": False}
        told = plain_row(self._measures(), i).items()
        record |= {name: cell for name, cell in told if cell is not None and cell == cell}  # noqa: PLR0124 - not NaN
        why = {name: self._why(name, i) for name, found in self.reasons.items() if found[i]}
        return Record({**record, "why": why} if why else record)

    def _why(self, test: str, i: int) -> str:
        days, planned, ahead = (float(c[i]) for c in (self.days, self.planned_days, self.remaining))
        if test == "over_plan":
            return f"{days:.4g} spent, {planned:.4g} planned"
        if test == "outlasted":
            return f"{self.outlasted[i]:.1%} of comparable deals had left by {days:.4g}"
        if test == "missing_actions":
            return f"{self.missing_actions[i]:g} missing"
        share = f"{self.rule.remaining:.0%} of those that stayed as long"
        if np.isnan(ahead):
            at_least = float(self.remaining_at_least[i])
            return f"{share} had not left {at_least:.4g} later, {planned:.4g} planned"
        return f"{ahead:.4g} more until {share} have left, {planned:.4g} planned"

    def _view(self) -> View:
        title = f"{int(self.stalled.sum()):,} of {int(self.open.sum()):,} open deals stalled"
        return View(title, self.columns(), len(self))
