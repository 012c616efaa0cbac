"""Shrink rates toward a prior rate: a win rate from three deals is no win rate yet.

A rate seen ``k`` times in ``n`` trials is read as one draw from a population of rates that scatter
about a mean ``p``, as far as a Beta distribution with the weight of ``m`` trials lets them. What is
left to believe is again a Beta distribution, with mean ``(k + m·p) / (n + m)``: few trials stay
near the group, many speak for themselves.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from keyaccount._columns import Codes, Floats, as_floats, as_labels, common_length, is_scalar
from keyaccount._record import Record, checked_row
from keyaccount._validators import exact_float, field_name, is_finite, positive
from keyaccount._view import html_table
from keyaccount.errors import RowError, SpecError
from keyaccount.stats.sums import exact_sum, group_sums

__all__ = [
    "BetaPrior",
    "Posterior",
    "ShrunkRates",
    "StrengthFit",
    "empirical_bayes_strength",
    "shrink_rates",
]

_lgamma = np.frompyfunc(math.lgamma, 1, 1)
_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0
_GRID = 33
_TOLERANCE = 1e-9


def _between_0_and_1(instance: object, attribute: Any, value: Any) -> None:
    if not is_finite(value) or not 0.0 < value < 1.0:
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be a rate above 0 and below 1",
            value,
            "a prior mean of exactly 0 or 1 leaves no doubt for data to change.",
        )


@attrs.frozen(eq=False)
class Posterior:
    """What is believed of each rate after the trials.

    Parameters
    ----------
    mean
        The expected rate.
    sd
        Its standard deviation: how sure that is.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.BetaPrior(0.5, strength=2).posterior([1], [2]).mean
    array([0.5])
    """

    mean: Floats
    sd: Floats


@attrs.frozen
class BetaPrior:
    """A rate expected before any trial, and the number of trials that expectation is worth.

    Parameters
    ----------
    mean
        The expected rate, above 0 and below 1.
    strength
        How many trials it weighs, above 0: Beta(mean·strength, (1 − mean)·strength).

    Notes
    -----
    The conjugate beta-binomial model: Gelman et al., Bayesian Data Analysis, 3rd edition, 2.4.

    Examples
    --------
    >>> import keyaccount as ka
    >>> prior = ka.BetaPrior(0.6, strength=10)
    >>> prior.posterior([5, 0], [12, 0]).mean
    array([0.5, 0.6])
    """

    mean: float = attrs.field(converter=exact_float, validator=_between_0_and_1)
    strength: float = attrs.field(converter=exact_float, validator=positive)

    def posterior(self, successes: ArrayLike, trials: ArrayLike) -> Posterior:
        """Return mean and standard deviation of each rate after its trials.

        Unknown counts stay unknown (NaN); no trials leave the prior as it is.
        """
        k, n = _counts(successes, trials)
        return _posterior(k, n, np.full(len(k), self.mean), self.strength)

    def log_marginal(self, successes: ArrayLike, trials: ArrayLike) -> Floats:
        """Return the log probability of each count of successes under the prior.

        The beta-binomial probability, with its binomial coefficient.

        Examples
        --------
        >>> import keyaccount as ka
        >>> ka.BetaPrior(0.5, strength=2).log_marginal([0], [1]).round(6)  # log(1/2)
        array([-0.693147])
        """
        k, n = _counts(successes, trials)
        return _log_marginal(k, n, np.full(len(k), self.mean), self.strength)


@attrs.frozen
class StrengthFit:
    """The strength of a prior learned from the rates themselves.

    Parameters
    ----------
    strength
        The strength under which the counts are most probable.
    log_marginal
        The summed log probability of the counts at that strength.
    at_bound
        ``"low"`` or ``"high"`` where the search ended at its bound. ``"high"``: the rates differ no
        more than chance makes them. None: the best strength lies inside the bounds.

    Examples
    --------
    >>> from keyaccount.stats.shrinkage import empirical_bayes_strength
    >>> empirical_bayes_strength([5, 5, 5], [10, 10, 10], 0.5).at_bound
    'high'
    """

    strength: float
    log_marginal: float
    at_bound: Literal["low", "high"] | None


@attrs.frozen(eq=False)
class ShrunkRates:
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
        How many trials the prior is worth.
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
    fit: StrengthFit | None = None

    def __len__(self) -> int:
        return len(self.mean)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the result as columns, for any DataFrame constructor."""
        return {"mean": self.mean, "sd": self.sd, "prior": self.prior, "pooled": self.pooled}

    def _repr_html_(self) -> str:
        return html_table(f"ShrunkRates of {len(self):,} rows", self.columns(), len(self))

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
    k, n = _counts(successes, trials)
    codes, n_groups = _grouped(group, len(k))
    prior, pooled = _group_rates(k, n, codes, n_groups)
    fit = empirical_bayes_strength(k, n, prior) if strength is None else None
    m = _stated(strength) if fit is None else fit.strength
    after = _posterior(k, n, prior, m)
    return ShrunkRates(after.mean, after.sd, prior, pooled, m, fit)


def empirical_bayes_strength(
    successes: ArrayLike,
    trials: ArrayLike,
    mean: ArrayLike,
    *,
    low: float = 0.1,
    high: float = 10_000.0,
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
    Type II maximum likelihood: 33 strengths evenly spaced in the logarithm, then a golden-section
    search (Kiefer 1953, Proc. AMS 4) between the neighbours of the best one.

    Examples
    --------
    >>> from keyaccount.stats.shrinkage import empirical_bayes_strength
    >>> fit = empirical_bayes_strength([26, 17, 5, 3], [40, 26, 12, 3], [0.8, 0.7, 0.6, 0.5])
    >>> round(fit.strength, 2), fit.at_bound
    (21.68, None)
    """
    k, n = _counts(successes, trials)
    bounds = _bounds(low, high)
    cells, times = _distinct(k, n, _aligned(mean, len(k)))
    if not len(times):
        return StrengthFit(high, 0.0, "high")

    def likelihood(log_strength: float) -> float:
        return exact_sum(times * _log_marginal(*cells, math.exp(log_strength)))

    grid = np.linspace(*bounds, _GRID).tolist()
    best = max(range(_GRID), key=lambda i: (likelihood(grid[i]), i))
    found = _golden_section(likelihood, grid[max(best - 1, 0)], grid[min(best + 1, _GRID - 1)])
    return _fitted(found, likelihood, bounds)


def _counts(successes: ArrayLike, trials: ArrayLike) -> tuple[Floats, Floats]:
    """Read both counts; where one of them is unknown, both are."""
    k, n = as_floats(successes, "successes"), as_floats(trials, "trials")
    common_length({"successes": k, "trials": n})
    known = np.isfinite(k) & np.isfinite(n)
    k, n = np.where(known, k, np.nan), np.where(known, n, np.nan)
    wrong = np.flatnonzero((k < 0.0) | (k > n))
    if len(wrong):
        column = "successes"
        raise RowError.from_rows(
            column,
            "count fewer than 0 or more than the trials",
            wrong.tolist(),
            [f"{k[i]:g} of {n[i]:g}" for i in wrong[:5]],
            "give the successes among the trials, and all trials, not the failures.",
        )
    return k, n


def _grouped(group: Any, n_rows: int) -> tuple[Codes, int]:
    if group is None:
        return np.zeros(n_rows, dtype=np.int64), 1
    found = as_labels(group, "group")
    common_length({"successes": np.empty(n_rows), "group": found})
    return found.codes, len(found.labels)


def _group_rates(
    k: Floats, n: Floats, codes: Codes, n_groups: int
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the prior rate of each row, and whether the pool stands in for its group."""
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


def _posterior(k: Floats, n: Floats, prior: Floats, strength: float) -> Posterior:
    weight: Floats = n + strength
    mean: Floats = (k + strength * prior) / weight
    spread: Floats = mean * (1.0 - mean)
    return Posterior(mean, np.sqrt(np.maximum(spread, 0.0) / (weight + 1.0)))


def _log_marginal(k: Floats, n: Floats, prior: Floats, strength: float) -> Floats:
    """Return the log of the beta-binomial probability; its limit where the prior is 0 or 1."""
    sure = (prior <= 0.0) | (prior >= 1.0)
    a = np.where(sure, 1.0, prior * strength)
    b = np.where(sure, 1.0, (1.0 - prior) * strength)
    binomial: Floats = _log_gamma(n + 1.0) - _log_gamma(k + 1.0) - _log_gamma(n - k + 1.0)
    found: Floats = binomial + _log_beta(k + a, n - k + b) - _log_beta(a, b)
    return np.where(sure, np.where(k == n * prior, 0.0, -np.inf), found)


def _log_beta(a: Floats, b: Floats) -> Floats:
    found: Floats = _log_gamma(a) + _log_gamma(b) - _log_gamma(a + b)
    return found


def _log_gamma(values: Floats) -> Floats:
    return np.asarray(_lgamma(values), dtype=np.float64)


def _distinct(k: Floats, n: Floats, p: Floats) -> tuple[tuple[Floats, Floats, Floats], Floats]:
    """Keep each case once, with its number of rows: many accounts share few small counts."""
    told = (n > 0.0) & np.isfinite(p)
    cases, times = np.unique(np.stack([k[told], n[told], p[told]]), axis=1, return_counts=True)
    return (cases[0], cases[1], cases[2]), times.astype(np.float64)


def _golden_section(f: Any, left: float, right: float) -> float:
    """Return where `f` is largest between two points, if it has one peak there."""
    inner, outer = right - _GOLDEN * (right - left), left + _GOLDEN * (right - left)
    at_inner, at_outer = f(inner), f(outer)
    while right - left > _TOLERANCE:
        if at_inner > at_outer:
            right, outer, at_outer = outer, inner, at_inner
            inner = right - _GOLDEN * (right - left)
            at_inner = f(inner)
        else:
            left, inner, at_inner = inner, outer, at_outer
            outer = left + _GOLDEN * (right - left)
            at_outer = f(outer)
    return (left + right) / 2.0


def _fitted(found: float, likelihood: Any, bounds: tuple[float, float]) -> StrengthFit:
    """Take the bound instead of what was found next to it, where it is as good."""
    best = likelihood(found)
    slack = _TOLERANCE * max(1.0, abs(best))
    ends: tuple[tuple[float, Literal["low", "high"]], ...] = (
        (bounds[1], "high"),
        (bounds[0], "low"),
    )
    for bound, name in ends:
        at_bound = likelihood(bound)
        if at_bound >= best - slack:
            return StrengthFit(math.exp(bound), at_bound, name)
    return StrengthFit(math.exp(found), best, None)


def _aligned(mean: ArrayLike, n_rows: int) -> Floats:
    """Read one prior mean for all rows, or one per row."""
    given = as_floats(mean, "mean")
    if is_scalar(mean):
        return np.full(n_rows, given[0])
    common_length({"successes": np.empty(n_rows), "mean": given})
    return given


def _bounds(low: float, high: float) -> tuple[float, float]:
    if not (is_finite(low) and is_finite(high) and 0.0 < low < high):
        field = "empirical_bayes_strength(low, high)"
        raise SpecError.from_field(
            field,
            "must be finite, above 0 and rising",
            (low, high),
            "leave them out, or give the weakest and the strongest prior you would believe.",
        )
    return math.log(low), math.log(high)


def _stated(strength: float | None) -> float:
    """Hold a stated strength to the rule of the spec, under the name the caller used."""
    value = exact_float(strength)
    if not is_finite(value) or value <= 0.0:
        field = "shrink_rates(strength)"
        raise SpecError.from_field(
            field,
            "must be a finite number above 0",
            strength,
            "give the number of trials the group's rate is worth, or None to learn it.",
        )
    return float(value)
