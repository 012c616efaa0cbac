"""`HoldoutReport`: forecasts and outcomes side by side, and a verdict in words."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Bools, Floats
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding
from keyaccount.stats.skill import in_percent, skill_of
from keyaccount.stats.sums import exact_sum, group_counts, group_sums
from keyaccount.stats.wilson import two_sided_z

__all__ = ["HoldoutReport", "RuleScore", "score_of"]

_SAID = {"hiatus": "the hiatus rule", "last_period": "repeating the last period"}
_ENOUGH = 30
"""Below this many customers the normal approximation is not leaned on."""


@attrs.frozen(eq=False, kw_only=True)
class RuleScore:
    """How one way to forecast fared.

    Parameters
    ----------
    rule
        ``"model"``, ``"hiatus"`` or ``"last_period"``.
    expected
        Orders it expected of all customers.
    total_error
        Share by which that missed what they placed: 0.1 is a tenth too many; NaN where they placed
        none.
    mae, rmse
        Mean absolute error and root of the mean squared error, in orders per customer.
    called_right
        Share of customers rightly called active (at least one order) or gone.
    skill
        1 − the model's mean squared error over this rule's: above 0 the model is better. 0 for the
        model itself; NaN where the rule never errs.
    skill_low, skill_high
        Its interval from the differences per customer; NaN for fewer than two customers.

    Examples
    --------
    >>> import keyaccount as ka
    >>> model = ka.BetaGeometricNBD(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> seen = {"frequency": [0, 2, 5], "recency": [0.0, 30.4, 20.0], "T": [38.9, 38.9, 38.9]}
    >>> came = {"actual": [0, 1, 0], "last_period": [0, 2, 5]}
    >>> report = ka.holdout_report(model, {**seen, **came}, horizon=39.0, hiatus=12.0)
    >>> score = report.scores[0]
    >>> score.rule, round(score.expected, 2)
    ('model', 2.51)
    """

    rule: str
    expected: float
    total_error: float
    mae: float
    rmse: float
    called_right: float
    skill: float
    skill_low: float
    skill_high: float


def score_of(
    rule: str, forecast: Floats, active: Bools, *, actual: Floats, model: Floats, level: float
) -> RuleScore:
    """Score one forecast, and the model against it."""
    n, placed, expected = len(actual), exact_sum(actual), exact_sum(forecast)
    off, models = np.square(forecast - actual), np.square(model - actual)
    skill = skill_of(models, off, z=two_sided_z(level))
    return RuleScore(
        rule=rule,
        expected=expected,
        total_error=expected / placed - 1.0 if placed > 0.0 else math.nan,
        mae=exact_sum(np.abs(forecast - actual)) / n,
        rmse=math.sqrt(exact_sum(off) / n),
        called_right=float(np.count_nonzero(active == (actual > 0.0))) / n,
        skill=skill.skill,
        skill_low=skill.low,
        skill_high=skill.high,
    )


class HoldoutReport(Viewed):
    """How a model and two simple rules fared on orders they had not seen.

    One row per frequency by the cut, the last one for all that are higher.

    Attributes
    ----------
    frequency
        ``(k,)`` repeat orders by the cut.
    customers
        ``(k,)`` int64: customers of that frequency.
    actual
        ``(k,)`` orders that each of them placed afterwards, on average.
    expected
        Rule to ``(k,)`` orders that it expected of each of them, on average.
    scores
        One `RuleScore` per rule, the model first.
    actual_total
        Orders placed by all.
    horizon, hiatus
        The time ahead and the silence that makes a customer gone, in the unit of T.
    level
        How often the intervals hold.
    findings
        Customers left out.

    Examples
    --------
    >>> import keyaccount as ka
    >>> model = ka.BetaGeometricNBD(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> seen = {"frequency": [0, 2, 5], "recency": [0.0, 30.4, 20.0], "T": [38.9, 38.9, 38.9]}
    >>> came = {"actual": [0, 1, 0], "last_period": [0, 2, 5]}
    >>> report = ka.holdout_report(model, {**seen, **came}, horizon=39.0, hiatus=12.0)
    >>> [score.rule for score in report.scores], report.actual_total
    (['model', 'hiatus', 'last_period'], 1.0)
    """

    def __init__(
        self,
        *,
        horizon: float,
        hiatus: float,
        level: float,
        frequency: Floats,
        most: int,
        actual: Floats,
        forecasts: dict[str, Floats],
        scores: tuple[RuleScore, ...],
        findings: tuple[Finding, ...],
    ) -> None:
        codes = frequency.astype(np.int64)
        present = np.flatnonzero(np.bincount(codes, minlength=most + 1))
        size = most + 1
        n = group_counts(codes, size)[present]
        self.frequency: NDArray[np.int64] = present.astype(np.int64)
        self.customers: NDArray[np.int64] = n
        self.actual: Floats = group_sums(actual, codes, size)[present] / n
        self.expected: dict[str, Floats] = {
            rule: group_sums(forecast, codes, size)[present] / n
            for rule, forecast in forecasts.items()
        }
        self.scores: tuple[RuleScore, ...] = scores
        self.actual_total: float = exact_sum(actual)
        self.horizon: float = horizon
        self.hiatus: float = hiatus
        self.level: float = level
        self.findings: tuple[Finding, ...] = findings
        self._most = most

    def __len__(self) -> int:
        return len(self.frequency)

    def __repr__(self) -> str:
        return f"<HoldoutReport of {int(self.customers.sum())} customers: {self.verdict}>"

    def _view(self) -> View:
        return View(f"Hold-out: {self.verdict}", self.columns(), len(self))

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the table by frequency as columns, for any DataFrame constructor."""
        return {
            "frequency": self.frequency,
            "customers": self.customers,
            "actual": self.actual,
            **{f"expected_{rule}": values for rule, values in self.expected.items()},
        }

    def row(self, i: int) -> Record:
        """Return one frequency as a record.

        Raises
        ------
        RowError
            There is no such row.
        """
        i = checked_row(i, len(self))
        cells = {name: column[i].item() for name, column in self.columns().items()}
        label = f"{cells['frequency']}{' or more' if cells['frequency'] == self._most else ''}"
        return Record({**cells, "frequency": label})

    @cached_property
    def verdict(self) -> str:
        """Say in one sentence whether the model earns its place.

        By the squared error per customer: better or worse where the whole interval of the skill is
        on one side of 0. The limit of 30 customers, below which nothing is said, is a choice of
        this library.
        """
        n = int(self.customers.sum())
        if n < _ENOUGH:
            return f"too few customers to tell ({n})"
        return "; ".join(_compared(score) for score in self.scores[1:])


def _compared(score: RuleScore) -> str:
    said = _SAID[score.rule]
    if math.isnan(score.skill) or math.isnan(score.skill_low):
        return f"the model cannot be compared with {said}"
    measured = (
        f"skill {in_percent(score.skill)}, "
        f"interval {in_percent(score.skill_low)} to {in_percent(score.skill_high)}"
    )
    if score.skill_low > 0.0:
        return f"the model did better than {said} ({measured})"
    if score.skill_high < 0.0:
        return f"the model did worse than {said} ({measured})"
    return f"the model did no better than {said} ({measured}, which includes 0)"
