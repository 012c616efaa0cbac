"""Hold forecast probabilities against what came about, and say plainly whether they help."""

from __future__ import annotations

import math
from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Floats, as_floats, as_truths, common_length
from keyaccount._record import Record
from keyaccount._validators import exact_float, is_finite
from keyaccount._view import View, Viewed
from keyaccount.bands import Cuts
from keyaccount.errors import NotEnoughDataError, RowError, SpecError
from keyaccount.findings import Finding, counted, note
from keyaccount.stats.reliability import (
    BrierParts,
    ReliabilityTable,
    as_bins,
    brier_parts,
    reliability_table,
)
from keyaccount.stats.skill import in_percent, skill_of
from keyaccount.stats.sums import exact_sum
from keyaccount.stats.wilson import two_sided_z

__all__ = ["Calibration", "calibration"]

_HINT = "give probabilities from 0 to 1, and outcomes as True and False, or 1 and 0."
_ENOUGH = 30
"""Below this many forecasts the normal approximation is not leaned on."""


@attrs.frozen(eq=False, kw_only=True)
class Calibration(Viewed):
    """How forecasts fared against outcomes.

    Parameters
    ----------
    n
        Forecasts judged.
    brier
        Mean squared error of the forecasts (Brier 1950); 0 is best.
    log_loss
        Mean of −log(probability given to what came about); infinite where a sure one was wrong.
    mean_forecast, observed_rate
        The mean forecast, and how often the event came about.
    base_rate
        The constant forecast they are compared with: the stated one, else the observed rate.
    reference_brier
        The Brier score of that constant.
    skill
        1 − brier / reference_brier: 1 is perfect, 0 no better than the constant, below 0 worse. NaN
        where the constant is never wrong.
    skill_low, skill_high
        Interval of the skill from the differences per forecast; NaN for fewer than two forecasts.
    level
        How often such intervals hold the true value.
    parts
        What the Brier score is made of, by the bins of the table.
    table
        The reliability table.
    findings
        What was left out.

    Examples
    --------
    >>> import keyaccount as ka
    >>> found = ka.calibration([0.9, 0.9, 0.1, 0.1], [1, 1, 0, 1])
    >>> round(found.brier, 3), found.observed_rate
    (0.21, 0.75)
    """

    n: int
    brier: float
    log_loss: float
    mean_forecast: float
    observed_rate: float
    base_rate: float
    reference_brier: float
    skill: float
    skill_low: float
    skill_high: float
    level: float
    parts: BrierParts
    table: ReliabilityTable
    findings: tuple[Finding, ...] = ()

    @property
    def verdict(self) -> str:
        """Say in one sentence whether the forecasts beat the base rate.

        They do where the whole interval of the skill lies above 0. The limit of 30 forecasts, below
        which nothing is said, is a choice of this library.
        """
        rate = f"the base rate of {in_percent(self.base_rate)}"
        on = f"on {counted(self.n, 'forecast')}"
        if math.isnan(self.skill):
            return f"no skill can be told {on}: {rate} is never wrong"
        measured = f"skill {in_percent(self.skill)} {on}"
        if self.n < _ENOUGH:
            return f"too few to tell from {rate}: {measured}"
        interval = (
            f"{in_percent(self.level, 0)} interval "
            f"{in_percent(self.skill_low)} to {in_percent(self.skill_high)}"
        )
        if self.skill_low > 0.0:
            return f"better than {rate}: {measured}, {interval}"
        if self.skill_high < 0.0:
            return f"worse than {rate}: {measured}, {interval}"
        return f"no better than {rate}: {measured}, {interval}, which includes 0"

    def summary(self) -> Record:
        """Return the figures as a record, without the table."""
        left = {"parts", "table", "findings"}
        names = [a.name for a in attrs.fields(type(self)) if a.name not in left]
        figures = {name: getattr(self, name) for name in names}
        return Record({**figures, **attrs.asdict(self.parts), "verdict": self.verdict})

    def _view(self) -> View:
        return View(f"Calibration: {self.verdict}", self.table.columns(), len(self.table))


def calibration(
    probabilities: Any,
    outcomes: Any,
    *,
    bins: int | Cuts = 10,
    base_rate: float | None = None,
    level: float = 0.95,
) -> Calibration:
    """Hold forecast probabilities against what came about.

    Parameters
    ----------
    probabilities
        One forecast per row, from 0 to 1, as any column of numbers; NaN where there is none.
    outcomes
        True or 1 where the event came about, False or 0 where it did not; missing where nobody
        knows yet. Rows without either are left out and counted.
    bins
        How many equal bins the reliability table has, or the cuts between them. The default of 10
        is a choice of this library.
    base_rate
        The constant forecast to beat: the rate known before these outcomes were. None: their own
        rate, which no forecaster knew, and which is the hardest constant to beat.
    level
        How often the intervals hold the true value. The default of 0.95 is a choice of this
        library.

    Returns
    -------
    Calibration
        Brier score, skill over the base rate with its interval, log loss, the parts of the score,
        the reliability table, and a verdict in one sentence.

    Raises
    ------
    NotEnoughDataError
        No row has both a forecast and an outcome.
    RowError
        A forecast lies outside [0, 1], or an outcome is neither true nor false.
    SpecError
        An option is not what it should be.

    Notes
    -----
    Book-wise: all sums are exact, so the order of the rows does not matter.

    The interval of the skill is that of the mean difference between the two squared errors of each
    row, by the normal approximation (Diebold & Mariano 1995), over the reference's score, which
    counts as known. It takes rows to be independent of each other: deals of one account, or of one
    campaign, are less than that, and the true interval is then wider.

    References
    ----------
    Brier, G. W. (1950), Verification of forecasts expressed in terms of probability, Monthly
    Weather Review 78. Murphy, A. H. (1973), A new vector partition of the probability score,
    Journal of Applied Meteorology 12. Stephenson, D. B., Coelho, C. A. S. & Jolliffe, I. T. (2008),
    Two extra components in the Brier score decomposition, Weather and Forecasting 23. Diebold, F.
    X. & Mariano, R. S. (1995), Comparing predictive accuracy, Journal of Business & Economic
    Statistics 13.

    Examples
    --------
    >>> import keyaccount as ka
    >>> found = ka.calibration([0.8] * 50 + [0.3] * 50, [1] * 40 + [0] * 45 + [1] * 15)
    >>> round(found.brier, 3), round(found.reference_brier, 4), found.observed_rate
    (0.185, 0.2475, 0.55)
    >>> print(found.verdict)
    better than the base rate of 55.0 %: skill 25.3 % on 100 forecasts,
    95 % interval 8.1 % to 42.4 %
    """
    cuts = as_bins(bins)
    z = two_sided_z(level)
    p, o, findings = _pairs(probabilities, outcomes)
    observed = exact_sum(o) / len(o)
    rate = observed if base_rate is None else _rate(base_rate)
    table = reliability_table(p, o, cuts, level)
    errors, reference = (p - o) * (p - o), (rate - o) * (rate - o)
    brier, at_rate = exact_sum(errors) / len(o), exact_sum(reference) / len(o)
    skill = skill_of(errors, reference, z=z)
    return Calibration(
        n=len(o),
        brier=brier,
        log_loss=_log_loss(p, o),
        mean_forecast=exact_sum(p) / len(o),
        observed_rate=observed,
        base_rate=rate,
        reference_brier=at_rate,
        skill=skill.skill,
        skill_low=skill.low,
        skill_high=skill.high,
        level=float(level),
        parts=brier_parts(p, o, cuts, table),
        table=table,
        findings=findings,
    )


def _pairs(probabilities: Any, outcomes: Any) -> tuple[Floats, Floats, tuple[Finding, ...]]:
    """Read the rows that have both a forecast and an outcome."""
    p = as_floats(probabilities, "probabilities")
    o = as_truths(outcomes, "outcomes", _HINT)
    common_length({"probabilities": p, "outcomes": o})
    wrong = np.flatnonzero(np.isfinite(p) & ((p < 0.0) | (p > 1.0)))
    if len(wrong):
        problem, shown = "lie outside [0, 1]", p[wrong[:5]].tolist()
        raise RowError.from_rows("probabilities", problem, wrong.tolist(), shown, _HINT)
    both = np.isfinite(p) & np.isfinite(o)
    if not both.any():
        raise NotEnoughDataError.from_problem(
            f"no row of {len(p)} has both a forecast and an outcome",
            "judge forecasts of events whose outcome is known.",
        )
    left = len(p) - int(np.count_nonzero(both))
    said = f"left out: {counted(left, 'row')} without a forecast or without an outcome"
    return p[both], o[both], note("not_judged", said, left, severity="info")


def _rate(base_rate: float) -> float:
    rate = exact_float(base_rate)
    if not is_finite(rate) or not 0.0 <= rate <= 1.0:
        field = "calibration(base_rate)"
        raise SpecError.from_field(field, "must be a rate in [0, 1]", base_rate, "write 0.6.")
    return float(rate)


def _log_loss(p: Floats, o: Floats) -> float:
    given = np.where(o == 1.0, p, 1.0 - p)
    if not given.all():
        return math.inf
    return -exact_sum(np.log(given)) / len(o) + 0.0
