"""Skill: by what share the errors of a forecast are smaller than those of another."""

from __future__ import annotations

import math
from typing import NamedTuple

from keyaccount._columns import Floats
from keyaccount.stats.sums import exact_sum

__all__ = ["Skill", "in_percent", "skill_of"]


class Skill(NamedTuple):
    """A skill with its interval: 1 where the forecast never errs, 0 where it errs as the other."""

    skill: float
    low: float
    high: float


def skill_of(errors: Floats, reference: Floats, *, z: float) -> Skill:
    """Compare the errors of two forecasts case by case.

    Parameters
    ----------
    errors, reference
        ``(n,)`` errors of the forecast and of the other one, at least 0 each and none missing.
    z
        Standard errors on either side of the skill.

    Returns
    -------
    Skill
        NaN where the other one never errs; no interval for a single case.
    """
    at = exact_sum(reference) / len(reference)
    if not at > 0.0:
        return Skill(math.nan, math.nan, math.nan)
    skill = 1.0 - exact_sum(errors) / len(errors) / at
    reach = z * _standard_error(reference - errors) / at
    return Skill(skill, skill - reach, skill + reach)


def _standard_error(differences: Floats) -> float:
    n = len(differences)
    if n == 1:
        return math.nan
    off = differences - exact_sum(differences) / n
    return math.sqrt(exact_sum(off * off) / (n - 1) / n)


def in_percent(share: float, digits: int = 1) -> str:
    """Write a skill or a rate in percent; one that rounds to nothing has no sign."""
    value = round(share * 100.0, digits) + 0.0
    return f"{value:.{digits}f} %".replace("-", "−")
