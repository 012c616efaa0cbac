"""Shrink rates toward a prior rate: a win rate from three deals is no win rate yet.

A rate seen ``k`` times in ``n`` trials is read as one draw from a population of rates that scatter
about a mean ``p``, as far as a Beta distribution with the weight of ``m`` trials lets them. What is
left to believe is again a Beta distribution, with mean ``(k + m·p) / (n + m)``: few trials stay
near the group, many speak for themselves. Events over a time are read in the same way, with a Gamma
distribution and the exposure in the place of the trials.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from keyaccount._columns import Codes, Floats, as_floats, as_labels, common_length, is_scalar
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.stats.beta import (
    BetaPrior,
    Posterior,
    beta_log_marginal,
    beta_posterior,
    counted_trials,
)
from keyaccount.stats.gamma import (
    GammaPosterior,
    counted_events,
    gamma_log_marginal,
    gamma_posterior,
)
from keyaccount.stats.strength import (
    StrengthFit,
    distinct_cases,
    most_probable_strength,
    stated_strength,
)
from keyaccount.stats.sums import exact_sum, group_sums

__all__ = [
    "BetaPrior",
    "Posterior",
    "ShrunkRates",
    "StrengthFit",
    "empirical_bayes_strength",
    "event_strength",
    "shrink_event_rates",
    "shrink_rates",
]

_WEAKEST, _STRONGEST = 0.1, 10_000.0
"""Prior strengths searched, in trials or in events of the pool."""


@attrs.frozen(eq=False)
class ShrunkRates(Viewed):
    """Rates shrunk toward the rate of their group, aligned with the input by position.

    Parameters
    ----------
    mean
        The shrunk rate; NaN where the counts are unknown.
    sd
        Its standard deviation.
    prior
        The rate each one is shrunk toward: that of its group, or of the pool.
    pooled
        Whether the pool stands in for the group: no group, or one without trials.
    strength
        How many trials, or how much exposure, the prior is worth.
    posterior
        The whole belief: quantiles, intervals, the probability to be below a rate.
    fit
        How the strength was learned; None where it was given.

    Examples
    --------
    >>> from keyaccount.stats.shrinkage import shrink_rates
    >>> len(shrink_rates([3, 10], [3, 20], strength=5))
    2
    """

    mean: Floats
    sd: Floats
    prior: Floats
    pooled: NDArray[np.bool_]
    strength: float
    posterior: Posterior | GammaPosterior
    fit: StrengthFit | None = None

    def __len__(self) -> int:
        return len(self.mean)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the result as columns, for any DataFrame constructor."""
        return {"mean": self.mean, "sd": self.sd, "prior": self.prior, "pooled": self.pooled}

    def _view(self) -> View:
        return View(f"ShrunkRates of {len(self):,} rows", self.columns(), len(self))

    def row(self, i: int) -> Record:
        """Return one rate as a record."""
        i = checked_row(i, len(self))
        return Record({name: column[i].item() for name, column in self.columns().items()})


def shrink_rates(
    successes: ArrayLike,
    trials: ArrayLike,
    *,
    group: Any = None,
    strength: float | None = None,
) -> ShrunkRates:
    """Shrink each rate toward the rate of its group, the more the fewer its trials.

    Parameters
    ----------
    successes, trials
        Counts per row; NaN where unknown, and then the rate is unknown too.
    group
        The group of each row, as any column of labels; None: all rows are one group. A row without
        a group, or whose group has no trials, is shrunk toward the pool.
    strength
        How many trials the group's rate is worth; None: learned by `empirical_bayes_strength`.

    Returns
    -------
    ShrunkRates
        ``mean = (k + m·p) / (n + m)`` with the group's rate ``p`` and the strength ``m``, and the
        posterior standard deviation. All NaN where there is no trial at all.

    Raises
    ------
    RowError
        Counts below 0, or more successes than trials.

    Notes
    -----
    Book-wise: the rates of groups are exact sums, so the order of rows does not matter. The prior
    counts as known; its own error is not in `sd`.
    Efron, B. (2010), Large-Scale Inference, chapter 1, for empirical Bayes.

    Examples
    --------
    >>> from keyaccount.stats.shrinkage import shrink_rates
    >>> rates = shrink_rates([3, 47], [3, 97], strength=20)
    >>> rates.mean.round(3)  # three wins out of three are no win rate of 1 yet
    array([0.565, 0.487])
    """
    k, n = counted_trials(successes, trials)
    prior, pooled = _group_rates(k, n, _grouped(group, len(k)))
    fit = empirical_bayes_strength(k, n, prior) if strength is None else None
    m = (
        stated_strength(strength, "shrink_rates", "number of trials")
        if fit is None
        else fit.strength
    )
    after = beta_posterior(k, n, prior, m)
    return ShrunkRates(after.mean, after.sd, prior, pooled, m, after, fit)


def shrink_event_rates(
    events: ArrayLike,
    exposure: ArrayLike,
    *,
    group: Any = None,
    strength: float | None = None,
) -> ShrunkRates:
    """Shrink each rate of events toward the rate of its group, the more the less its exposure.

    Parameters
    ----------
    events
        Events counted per row; NaN where unknown, and then the rate is unknown too.
    exposure
        What they were counted in, such as years, or accounts times years.
    group
        The group of each row, as in `shrink_rates`.
    strength
        How much exposure the group's rate is worth; None: learned by `event_strength`.

    Returns
    -------
    ShrunkRates
        ``mean = (k + m·p) / (e + m)`` with the group's rate ``p`` and the strength ``m``, and the
        posterior standard deviation. All NaN where there is no exposure at all.

    Raises
    ------
    RowError
        Events or exposure below 0, or events without any exposure.

    Notes
    -----
    The conjugate gamma-Poisson model. Book-wise: the rates of groups are exact sums, so the order
    of rows does not matter. The prior counts as known; its own error is not in `sd`.

    Examples
    --------
    >>> from keyaccount.stats.shrinkage import shrink_event_rates
    >>> rates = shrink_event_rates([0, 12], [1.0, 5.0], strength=2.0)
    >>> rates.mean.round(3)  # a year without a deal is no rate of 0 yet
    array([1.333, 2.286])
    """
    k, e = counted_events(events, exposure)
    prior, pooled = _group_rates(k, e, _grouped(group, len(k)))
    fit = event_strength(k, e, prior) if strength is None else None
    m = stated_strength(strength, "shrink_event_rates", "exposure") if fit is None else fit.strength
    after = gamma_posterior(k, e, prior, m)
    return ShrunkRates(after.mean, after.sd, prior, pooled, m, after, fit)


def empirical_bayes_strength(
    successes: ArrayLike,
    trials: ArrayLike,
    mean: ArrayLike,
    *,
    low: float = _WEAKEST,
    high: float = _STRONGEST,
) -> StrengthFit:
    """Find the prior strength under which the counts are most probable.

    Parameters
    ----------
    successes, trials
        Counts per row; unknown ones and rows without trials say nothing and are left out.
    mean
        The prior mean, one for all or one per row.
    low, high
        Bounds of the search.

    Returns
    -------
    StrengthFit
        The strength, its log marginal likelihood, and whether it ended at a bound. Without any
        trials there is nothing to learn: the upper bound, which trusts the prior.

    Notes
    -----
    Type II maximum likelihood of the beta-binomial model, searched by `most_probable_strength`.

    Examples
    --------
    >>> from keyaccount.stats.shrinkage import empirical_bayes_strength
    >>> fit = empirical_bayes_strength([26, 17, 5, 3], [40, 26, 12, 3], [0.8, 0.7, 0.6, 0.5])
    >>> round(fit.strength, 2), fit.at_bound
    (21.68, None)
    """
    k, n = counted_trials(successes, trials)
    p = _aligned(mean, {"successes": k})
    return _learned(beta_log_marginal, (k, n, p), low, high, "empirical_bayes_strength")


def event_strength(
    events: ArrayLike,
    exposure: ArrayLike,
    mean: ArrayLike,
    *,
    low: float | None = None,
    high: float | None = None,
) -> StrengthFit:
    """Find the exposure a prior rate is worth under which the counts of events are most probable.

    Parameters
    ----------
    events, exposure
        Per row; unknown ones and rows without exposure say nothing and are left out.
    mean
        The prior rate, one for all or one per row.
    low, high
        Bounds of the search, in exposure. None: what brings 0.1 and 10,000 events at the rate of
        all rows together (a choice of this library).

    Returns
    -------
    StrengthFit
        As `empirical_bayes_strength` gives it.

    Notes
    -----
    Type II maximum likelihood of the negative binomial model, searched by `most_probable_strength`.

    Examples
    --------
    >>> from keyaccount.stats.shrinkage import event_strength
    >>> fit = event_strength([0, 1, 9, 30], [1.0, 2.0, 3.0, 4.0], 4.0)
    >>> round(fit.strength, 2), fit.at_bound
    (0.18, None)
    """
    k, e = counted_events(events, exposure)
    p = _aligned(mean, {"events": k})
    count, time = exact_sum(k), exact_sum(e)
    per_event = time / count if count > 0.0 else 1.0
    return _learned(
        gamma_log_marginal,
        (k, e, p),
        _WEAKEST * per_event if low is None else low,
        _STRONGEST * per_event if high is None else high,
        "event_strength",
    )


def _learned(
    log_marginal: Callable[[Floats, Floats, Floats, float], Floats],
    columns: tuple[Floats, Floats, Floats],
    low: float,
    high: float,
    caller: str,
) -> StrengthFit:
    """Search the strength over the rows that say something: those with trials and a prior."""
    _, n, p = columns
    told = (n > 0.0) & np.isfinite(p)
    cases, times = distinct_cases(*(column[told] for column in columns))
    k, n, p = cases

    def likelihood(strength: float) -> float:
        return exact_sum(times * log_marginal(k, n, p, strength)) if len(times) else 0.0

    return most_probable_strength(likelihood, low, high, caller=caller)


def _grouped(group: Any, n_rows: int) -> tuple[Codes, int]:
    if group is None:
        return np.zeros(n_rows, dtype=np.int64), 1
    found = as_labels(group, "group")
    common_length({"successes": np.empty(n_rows), "group": found})
    return found.codes, len(found.labels)


def _group_rates(
    k: Floats, n: Floats, groups: tuple[Codes, int]
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the prior rate of each row, and whether the pool stands in for its group."""
    codes, n_groups = groups
    pool = np.zeros(len(k), dtype=np.int64)
    # One entry more than groups: code -1 reads the last one, which is never known.
    rates = np.append(_rates(k, n, codes, n_groups), np.nan)[codes]
    pooled: NDArray[np.bool_] = np.isnan(rates)
    return np.where(pooled, _rates(k, n, pool, 1)[0], rates), pooled


def _rates(k: Floats, n: Floats, codes: Codes, n_groups: int) -> Floats:
    wins, tries = group_sums(k, codes, n_groups), group_sums(n, codes, n_groups)
    tries[tries == 0.0] = np.nan
    rates: Floats = wins / tries
    return rates


def _aligned(mean: ArrayLike, beside: dict[str, Floats]) -> Floats:
    """Read one prior mean for all rows, or one per row."""
    given = as_floats(mean, "mean")
    if is_scalar(mean):
        return np.full(len(next(iter(beside.values()))), given[0])
    common_length({**beside, "mean": given})
    return given
