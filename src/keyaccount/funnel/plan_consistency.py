"""`plan_consistency`: whether chances of winning and planned conversions can both hold."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Floats
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.funnel.funnel import Funnel

__all__ = ["PlanConsistency", "plan_consistency"]

_SLACK = 1e-12
"""Products of decimal figures miss what they are on paper by a bit."""


@attrs.frozen(eq=False)
class PlanConsistency(Viewed):
    """The two readings of a funnel's plan side by side, stage by stage.

    Attributes
    ----------
    stages
        The codes of the stages, those that a deal is lost in left out.
    win_probability
        ``(n,)`` float64: the stated chance of winning; NaN where there is none.
    implied_conversion
        The share that must go on to the next stage for the stated chances to hold: the chance here
        over the chance there.
    planned_conversion
        The stated share that goes on to the next stage.
    implied_win_probability
        The chance of winning that the planned conversions amount to: their product from here on. A
        stage without a planned conversion counts 1: at best nothing is lost there.
    complete
        Where every conversion still ahead is stated.
    infeasible
        Where the stated chance of winning is higher than that: both cannot hold.
    gap
        Stated less implied chance of winning.

    Examples
    --------
    >>> import keyaccount as ka
    >>> plan = ka.plan_consistency(ka.opportunity_funnel())
    >>> plan.implied_win_probability.round(3)
    array([0.168, 0.21 , 0.3  , 0.5  , 1.   , 1.   ])
    >>> print(plan.findings[0].message)
    3 stages state chances of winning above what the planned conversions allow
    """

    stages: tuple[str, ...]
    win_probability: Floats
    implied_conversion: Floats
    planned_conversion: Floats
    implied_win_probability: Floats
    complete: Bools
    infeasible: Bools

    def __len__(self) -> int:
        return len(self.stages)

    @property
    def gap(self) -> Floats:
        """Stated less implied chance of winning."""
        return self.win_probability - self.implied_win_probability

    @property
    def is_consistent(self) -> bool:
        """Whether both readings give the same figures wherever both are stated.

        A chance of winning is held against the product of the conversions ahead only where all of
        them are stated; elsewhere that product is no more than an upper bound.
        """
        gaps = [self.implied_conversion - self.planned_conversion, self.gap[self.complete]]
        off = np.abs(np.concatenate(gaps))
        return not self.infeasible.any() and not bool((off > _SLACK).any())

    @property
    def reach(self) -> float:
        """The share of deals that the plan takes from the first stage past its last conversion."""
        return float(self.implied_win_probability[0])

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What contradicts itself."""
        wrong = [s for s, bad in zip(self.stages, self.infeasible, strict=True) if bad]
        if wrong:
            verb = "stage states a chance" if len(wrong) == 1 else "stages state chances"
            message = f"{len(wrong)} {verb} of winning above what the planned conversions allow"
            code = "infeasible_plan"
        elif not self.is_consistent:
            message = "chances of winning and planned conversions imply different figures"
            code = "inconsistent_plan"
        else:
            return ()
        return (Finding(code=code, message=message, count=max(len(wrong), 1), examples=wrong),)

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame."""
        names = ("win_probability", "implied_conversion", "planned_conversion")
        more = ("implied_win_probability", "gap", "infeasible")
        table = {name: getattr(self, name) for name in (*names, *more)}
        return {"stage": np.array(self.stages, dtype=object), **table}

    def row(self, i: int) -> Record:
        """Give one stage as a readable record."""
        i = checked_row(i, len(self))
        return Record({name: column[i] for name, column in self.columns().items()})

    def _view(self) -> View:
        return View("Plan consistency", self.columns(), len(self))


def _a_funnel(funnel: Any) -> None:
    if not isinstance(funnel, Funnel):
        field = "plan_consistency(funnel)"
        raise SpecError.from_field(field, "must be a Funnel", funnel, "see opportunity_funnel().")


def plan_consistency(funnel: Funnel) -> PlanConsistency:
    """Hold the stated chances of winning against the planned conversions.

    Parameters
    ----------
    funnel
        Stages in order; those that are lost are left out.

    Returns
    -------
    PlanConsistency
        Both readings, what each implies for the other, and where they cannot both hold.

    Notes
    -----
    Without re-entry, the chance of winning from a stage is the product of the conversions still
    ahead: neither reading is changed, each is only carried to the other's terms.

    Examples
    --------
    >>> import keyaccount as ka
    >>> plan = ka.plan_consistency(ka.opportunity_funnel())
    >>> plan.implied_conversion.round(3)
    array([0.4  , 0.5  , 0.667, 0.833, 0.9  ,   nan])
    >>> plan.implied_win_probability
    array([0.168, 0.21 , 0.3  , 0.5  , 1.   , 1.   ])
    >>> [stage for stage, wrong in zip(plan.stages, plan.infeasible) if wrong]
    ['confirm', 'validate', 'negotiate']
    """
    _a_funnel(funnel)
    stages = [s for s in funnel.stages if s.outcome != "lost"]
    win = np.array([np.nan if s.win_probability is None else s.win_probability for s in stages])
    planned = np.array(
        [np.nan if s.planned_conversion is None else s.planned_conversion for s in stages]
    )
    ahead = np.where(np.isnan(planned), 1.0, planned)
    implied = np.multiply.accumulate(ahead[::-1])[::-1]
    next_win = np.append(win[1:], np.nan)
    conversion = np.divide(win, next_win, out=np.full(len(win), np.nan), where=next_win > 0.0)
    planned_at_all = bool((~np.isnan(planned)).any())
    silent = np.array([s.outcome == "open" for s in stages]) & np.isnan(planned)
    complete = ~np.logical_or.accumulate(silent[::-1])[::-1] & planned_at_all
    return PlanConsistency(
        stages=tuple(s.code for s in stages),
        win_probability=win,
        implied_conversion=conversion,
        planned_conversion=planned,
        implied_win_probability=implied if planned_at_all else np.full(len(win), np.nan),
        complete=complete,
        infeasible=(win > implied + _SLACK) & planned_at_all,
    )
