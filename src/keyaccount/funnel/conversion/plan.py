"""Conversion shrunk toward what was planned, the more the less is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Floats
from keyaccount._record import Record, checked_row
from keyaccount._validators import exact_float, is_finite
from keyaccount._view import View, Viewed
from keyaccount.errors import SpecError
from keyaccount.findings import Finding
from keyaccount.stats.beta import Posterior, beta_posterior
from keyaccount.stats.shrinkage import empirical_bayes_strength
from keyaccount.stats.strength import stated_strength
from keyaccount.stats.sums import exact_sum
from keyaccount.stats.survival.rows import plain_row

_FEWEST = 1.0
"""A plan is worth at least one deal where its worth is learned from nothing."""

__all__ = ["ShrunkConversion", "planned_shares", "shrunk_to_plan"]


@attrs.frozen(eq=False)
class ShrunkConversion(Viewed):
    """What is believed of each conversion, given the plan and the deals.

    Parameters
    ----------
    posterior
        The belief; NaN where there is no plan.
    low, high
        ``(n,)`` ends of the credible interval.
    behind_plan
        ``(n,)`` probability that the conversion lies below the plan.
    strength
        How many deals the plan is worth; NaN where there is no plan at all.
    findings
        Where a learned strength ended at the bound of its search.

    Examples
    --------
    >>> import keyaccount as ka
    >>> visits = {"stage": ["A", "A", "A"], "days": [2, 4, 9], "outcome": [1, 1, 2]}
    >>> found = ka.conversion_table(visits, horizon=10, plan={"A": 0.8}, strength=7)
    >>> found.shrunk.posterior.mean.round(2), found.shrunk.behind_plan.round(2)
    (array([0.76]), array([0.57]))
    """

    posterior: Posterior
    low: Floats
    high: Floats
    behind_plan: Floats
    strength: float
    findings: tuple[Finding, ...]

    def __len__(self) -> int:
        return len(self.low)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the belief as columns, for any DataFrame constructor."""
        return {
            "shrunk": self.posterior.mean,
            "shrunk_low": self.low,
            "shrunk_high": self.high,
            "behind_plan": self.behind_plan,
        }

    def row(self, i: int) -> Record:
        """Return one belief as a record."""
        return plain_row(self.columns(), checked_row(i, len(self)))

    def _view(self) -> View:
        return View("Conversion shrunk to the plan", self.columns(), len(self))


def planned_shares(plan: object, stages: Sequence[str]) -> Floats:
    """Give the planned conversion of each stage; NaN where there is none.

    Raises
    ------
    SpecError
        The plan maps no stages to shares.
    """
    if plan is None:
        return np.full(len(stages), np.nan)
    if not isinstance(plan, Mapping):
        raise SpecError.from_field(
            "conversion_table(plan)",
            "must map stages to planned shares",
            plan,
            'write for instance {"understand": 0.8, "confirm": 0.7}.',
        )
    given: Mapping[str, Any] = plan
    return np.array([_share(stage, given.get(stage)) for stage in stages], dtype=np.float64)


def shrunk_to_plan(
    share: Floats, effective: Floats, planned: Floats, strength: float | None, level: float
) -> ShrunkConversion:
    """Shrink each conversion toward its plan.

    Parameters
    ----------
    share, effective
        ``(n,)`` the estimated conversion, and how many fully watched deals would tell it as surely.
    planned
        ``(n,)`` the planned conversion; NaN where there is none.
    strength
        How many deals the plan is worth; None: learned from all rows together, up to as many as
        all of them are worth (a bound that is a choice of this library).
    level
        How often the credible interval holds the conversion.

    Notes
    -----
    The conjugate beta-binomial model on ``k = F·n`` of ``n`` deals with the effective number ``n``.
    Without open deals these are the plain counts. Counting instead only the deals whose fate at the
    horizon is known would favour whatever is decided fast.
    """
    known = np.isfinite(planned)
    n = np.where(known, effective, np.nan)
    k = np.where(known, np.minimum(np.nan_to_num(share) * n, n), np.nan)
    m, told = _strength(k, n, planned, strength)
    after = beta_posterior(k, n, planned, m)
    low, high = after.interval(level)
    return ShrunkConversion(after, low, high, after.probability_below(planned), m, told)


def _strength(
    k: Floats, n: Floats, planned: Floats, strength: float | None
) -> tuple[float, tuple[Finding, ...]]:
    if strength is not None:
        return stated_strength(strength, "conversion_table", "number of deals"), ()
    if not np.isfinite(planned).any():
        return np.nan, ()
    fit = empirical_bayes_strength(k, n, planned, high=_most(n))
    if fit.at_bound is None:
        return fit.strength, ()
    said = (
        "the conversions differ from the plan no more than chance makes them"
        if fit.at_bound == "high"
        else "the conversions have little to do with the plan"
    )
    message = f"the plan weighs {fit.strength:.4g} in deals, the bound of the search: {said}"
    return fit.strength, (
        Finding(code="strength_at_bound", message=message, count=1, where="plan"),
    )


def _most(effective: Floats) -> float:
    """Give the most deals that a plan may be worth: a few deals say little against any plan."""
    seen = exact_sum(effective[np.isfinite(effective)])
    return max(_FEWEST, seen) if np.isfinite(seen) else _FEWEST


def _share(stage: str, given: Any) -> float:
    value = exact_float(given)
    if given is None:
        return np.nan
    if not is_finite(value) or not 0.0 <= value <= 1.0:
        raise SpecError.from_field(
            f"conversion_table(plan)[{stage!r}]",
            "must be a share in [0, 1]",
            given,
            "write 80 % as 0.8, and None where nothing is planned.",
        )
    return float(value)
