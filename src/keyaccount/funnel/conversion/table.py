"""`ConversionTable`: conversion at a horizon, a row per stage and group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Floats, Objects
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding
from keyaccount.funnel.conversion.conversion_at import ConversionAt
from keyaccount.funnel.conversion.conversion_curves import StageConversion
from keyaccount.funnel.conversion.plan import ShrunkConversion
from keyaccount.stats.survival.rows import plain_row

__all__ = ["ConversionTable"]


@attrs.frozen(eq=False)
class ConversionTable(Viewed):
    """Conversion at a horizon, one row per stage and group, in the order of the stages.

    Parameters
    ----------
    stage
        ``(n,)`` the stage.
    by
        The further columns that make the groups, ``(n,)`` each.
    at
        Deals, shares, intervals and the naive ratios, by row.
    dwell
        Quantile to ``(n,)`` the time by which that share has left the stage, either way; NaN where
        it is not reached.
    planned
        ``(n,)`` the planned conversion; NaN where there is none.
    shrunk
        What is believed of the conversion, given the plan.
    conversion
        The curves behind it; their groups are the rows.
    findings
        What was left out, came back or cannot be known.

    Examples
    --------
    >>> import keyaccount as ka
    >>> visits = {
    ...     "stage": ["confirm", "confirm", "confirm", "confirm", "understand", "understand"],
    ...     "days": [3, 6, 9, 9, 2, 4],
    ...     "outcome": ["advanced", "lost", "open", "advanced", "advanced", "advanced"],
    ... }
    >>> plan = {"understand": 0.8, "confirm": 0.7}
    >>> table = ka.conversion_table(visits, horizon=14, plan=plan, strength=10)
    >>> table.stage.tolist(), table.at.advanced.round(3).tolist()
    (['understand', 'confirm'], [1.0, 0.5])
    >>> table.shrunk.posterior.mean.round(3)
    array([0.833, 0.643])
    """

    stage: Objects
    by: Mapping[str, Objects]
    at: ConversionAt
    dwell: Mapping[float, Floats]
    planned: Floats
    shrunk: ShrunkConversion
    conversion: StageConversion
    findings: tuple[Finding, ...]

    def __len__(self) -> int:
        return len(self.stage)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return everything as columns, for any DataFrame constructor."""
        found: dict[str, NDArray[Any]] = {"stage": self.stage, **self.by}
        read = self.at.columns()
        _ = read.pop("group", None)
        dwell = {f"dwell_{100 * q:g}": days for q, days in self.dwell.items()}
        return {
            **found,
            **read,
            **dwell,
            "planned": self.planned,
            **self.shrunk.columns(),
        }

    def row(self, i: int) -> Record:
        """Return one stage of one group as a record, with what it rests on."""
        i = checked_row(i, len(self))
        return Record({**plain_row(self.columns(), i), "why": self._why(i)})

    def _why(self, i: int) -> str:
        at = self.at
        deals, advanced, lost = (int(c[i]) for c in (at.deals, at.n_advanced, at.n_lost))
        if not deals:
            return "no deal was seen in this stage"
        told = (
            f"by {at.horizon[i]:g}: {advanced} of {deals} advanced, {lost} lost, "
            f"{deals - advanced - lost} open or seen too short"
        )
        if at.beyond[i]:
            told += f"; nobody was watched beyond {at.followed_until[i]:g}"
        if np.isnan(self.planned[i]):
            return told
        return (
            f"{told}; the plan of {self.planned[i]:g} weighs {self.shrunk.strength:.4g} deals, "
            f"the data weigh {at.effective[i]:.4g}"
        )

    def _view(self) -> View:
        return View(f"Conversion of {len(self):,} stages and groups", self.columns(), len(self))
