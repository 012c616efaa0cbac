"""A rate among trials as a Beta distribution: what is expected before, and believed after."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import ArrayLike

from keyaccount._columns import Floats, as_floats, common_length
from keyaccount._validators import exact_float, field_name, is_finite, positive
from keyaccount._view import Spec
from keyaccount.errors import RowError, SpecError
from keyaccount.stats._levels import tails_of
from keyaccount.stats.special import beta_cdf, beta_quantile, log_gamma

__all__ = ["BetaPrior", "Posterior", "beta_log_marginal", "beta_posterior", "counted_trials"]


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
    weight
        How many trials it rests on, the prior's and its own: the belief is
        Beta(mean·weight, (1 − mean)·weight).

    Examples
    --------
    >>> import keyaccount as ka
    >>> after = ka.BetaPrior(0.8, strength=10).posterior([26], [40])
    >>> after.mean
    array([0.68])
    >>> low, high = after.interval(0.9)
    >>> low.round(3), high.round(3), after.probability_below(0.8).round(3)
    (array([0.568]), array([0.783]), array([0.974]))
    """

    mean: Floats
    sd: Floats
    weight: Floats

    def quantile(self, q: ArrayLike) -> Floats:
        """Return the rate below which each one lies with probability `q`, one or one per row.

        Raises
        ------
        RowError
            A probability outside [0, 1].

        Examples
        --------
        >>> import keyaccount as ka
        >>> ka.BetaPrior(0.5, strength=2).posterior([0], [0]).quantile(0.25).round(9)
        array([0.25])
        """
        return beta_quantile(q, *self._shapes())

    def interval(self, level: float = 0.9) -> tuple[Floats, Floats]:
        """Return the ends of the central interval that holds each rate with probability `level`.

        Raises
        ------
        SpecError
            The level is not above 0 and below 1.
        """
        below, above = tails_of(level)
        return self.quantile(below), self.quantile(above)

    def probability_below(self, x: ArrayLike) -> Floats:
        """Return the probability that each rate is at most `x`, one or one per row."""
        return beta_cdf(x, *self._shapes())

    def _shapes(self) -> tuple[Floats, Floats]:
        return self.mean * self.weight, (1.0 - self.mean) * self.weight


@attrs.frozen
class BetaPrior(Spec):
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
        """Return what is believed of each rate after its trials.

        Unknown counts stay unknown (NaN); no trials leave the prior as it is.
        """
        k, n = counted_trials(successes, trials)
        return beta_posterior(k, n, np.full(len(k), self.mean), self.strength)

    def log_marginal(self, successes: ArrayLike, trials: ArrayLike) -> Floats:
        """Return the log probability of each count of successes under the prior.

        The beta-binomial probability, with its binomial coefficient.

        Examples
        --------
        >>> import keyaccount as ka
        >>> ka.BetaPrior(0.5, strength=2).log_marginal([0], [1]).round(6)  # log(1/2)
        array([-0.693147])
        """
        k, n = counted_trials(successes, trials)
        return beta_log_marginal(k, n, np.full(len(k), self.mean), self.strength)


def counted_trials(successes: ArrayLike, trials: ArrayLike) -> tuple[Floats, Floats]:
    """Read both counts; where one of them is unknown, both are.

    Raises
    ------
    RowError
        Counts below 0, or more successes than trials.
    """
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


def beta_posterior(k: Floats, n: Floats, prior: Floats, strength: float) -> Posterior:
    """Return what is believed after `k` of `n` trials, `prior` weighing `strength` of them."""
    weight: Floats = n + strength
    mean: Floats = (k + strength * prior) / weight
    spread: Floats = mean * (1.0 - mean)
    return Posterior(mean, np.sqrt(np.maximum(spread, 0.0) / (weight + 1.0)), weight)


def beta_log_marginal(k: Floats, n: Floats, prior: Floats, strength: float) -> Floats:
    """Return the log of the beta-binomial probability; its limit where the prior is 0 or 1."""
    sure = (prior <= 0.0) | (prior >= 1.0)
    a = np.where(sure, 1.0, prior * strength)
    b = np.where(sure, 1.0, (1.0 - prior) * strength)
    binomial: Floats = log_gamma(n + 1.0) - log_gamma(k + 1.0) - log_gamma(n - k + 1.0)
    found: Floats = binomial + _log_beta(k + a, n - k + b) - _log_beta(a, b)
    return np.where(sure, np.where(k == n * prior, 0.0, -np.inf), found)


def _log_beta(a: Floats, b: Floats) -> Floats:
    found: Floats = log_gamma(a) + log_gamma(b) - log_gamma(a + b)
    return found
