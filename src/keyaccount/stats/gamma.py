"""Events over a time as a Gamma distribution of their rate: expected before, believed after.

Large deals of an industry come now and then. ``k`` of them in an exposure ``e`` (years, or accounts
times years) are read as Poisson events, and their rate as one of a population of rates that scatter
about a mean as a Gamma distribution lets them.
"""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import ArrayLike

from keyaccount._columns import Floats, as_floats, common_length
from keyaccount._validators import exact_float, positive
from keyaccount._view import Spec
from keyaccount.errors import RowError
from keyaccount.stats._levels import tails_of
from keyaccount.stats.special import gamma_cdf, gamma_quantile, log_gamma

__all__ = [
    "GammaPosterior",
    "GammaPrior",
    "counted_events",
    "gamma_log_marginal",
    "gamma_posterior",
]


@attrs.frozen(eq=False)
class GammaPosterior:
    """What is believed of each rate after the events seen.

    Parameters
    ----------
    mean
        The expected rate, in events per unit of exposure.
    sd
        Its standard deviation.
    weight
        The exposure it rests on, the prior's and its own: the belief is a Gamma distribution of
        shape mean·weight and rate weight.

    Examples
    --------
    >>> from keyaccount.stats.gamma import GammaPrior
    >>> after = GammaPrior(2.0, strength=3.0).posterior([9], [2.0])
    >>> after.mean
    array([3.])
    >>> low, high = after.interval(0.9)
    >>> low.round(3), high.round(3), after.probability_below(2.0).round(3)
    (array([1.849]), array([4.377]), array([0.083]))
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
        """
        return gamma_quantile(q, self.mean * self.weight, self.weight)

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
        return gamma_cdf(x, self.mean * self.weight, self.weight)


@attrs.frozen
class GammaPrior(Spec):
    """A rate of events expected before any was seen, and the exposure that expectation is worth.

    Parameters
    ----------
    mean
        The expected rate, in events per unit of exposure, above 0.
    strength
        The exposure it weighs, above 0: Gamma of shape mean·strength and rate strength.

    Notes
    -----
    The conjugate gamma-Poisson model: Gelman et al., Bayesian Data Analysis, 3rd edition, 2.6.

    Examples
    --------
    >>> from keyaccount.stats.gamma import GammaPrior
    >>> GammaPrior(2.0, strength=3.0).posterior([9, 0], [2.0, 0.0]).mean
    array([3., 2.])
    """

    mean: float = attrs.field(converter=exact_float, validator=positive)
    strength: float = attrs.field(converter=exact_float, validator=positive)

    def posterior(self, events: ArrayLike, exposure: ArrayLike) -> GammaPosterior:
        """Return what is believed of each rate after its events.

        Unknown events or exposure stay unknown (NaN); no exposure leaves the prior as it is.
        """
        k, e = counted_events(events, exposure)
        return gamma_posterior(k, e, np.full(len(k), self.mean), self.strength)

    def log_marginal(self, events: ArrayLike, exposure: ArrayLike) -> Floats:
        """Return the log probability of each count of events under the prior.

        The negative binomial probability.

        Examples
        --------
        >>> from keyaccount.stats.gamma import GammaPrior
        >>> GammaPrior(1.0, strength=1.0).log_marginal([0, 1], [1.0, 1.0]).round(6)  # 1/2, 1/4
        array([-0.693147, -1.386294])
        """
        k, e = counted_events(events, exposure)
        return gamma_log_marginal(k, e, np.full(len(k), self.mean), self.strength)


def counted_events(events: ArrayLike, exposure: ArrayLike) -> tuple[Floats, Floats]:
    """Read events and exposure; where one of them is unknown, both are.

    Raises
    ------
    RowError
        Events or exposure below 0, or events without any exposure.
    """
    k, e = as_floats(events, "events"), as_floats(exposure, "exposure")
    common_length({"events": k, "exposure": e})
    known = np.isfinite(k) & np.isfinite(e)
    k, e = np.where(known, k, np.nan), np.where(known, e, np.nan)
    wrong = np.flatnonzero((k < 0.0) | (e < 0.0) | ((k > 0.0) & (e == 0.0)))
    if len(wrong):
        column = "events"
        raise RowError.from_rows(
            column,
            "are below 0, or happened in no exposure",
            wrong.tolist(),
            [f"{k[i]:g} in {e[i]:g}" for i in wrong[:5]],
            "give the events seen and the exposure they were seen in, both at least 0.",
        )
    return k, e


def gamma_posterior(k: Floats, e: Floats, prior: Floats, strength: float) -> GammaPosterior:
    """Return what is believed after `k` events in `e`, `prior` weighing `strength` of exposure."""
    weight: Floats = e + strength
    mean: Floats = (k + strength * prior) / weight
    return GammaPosterior(mean, np.sqrt(mean / weight), weight)


def gamma_log_marginal(k: Floats, e: Floats, prior: Floats, strength: float) -> Floats:
    """Return the log of the negative binomial probability; its limit where the prior is 0."""
    sure = prior <= 0.0
    shape = np.where(sure, 1.0, prior * strength)
    odds = e / (e + strength)
    # 0·log 0 is 0: no events are certain in no exposure
    logs = np.log(np.where(odds > 0.0, odds, 1.0))
    found: Floats = (
        log_gamma(k + shape) - log_gamma(shape) - log_gamma(k + 1.0) + k * logs
    ) - shape * np.log1p(e / strength)
    return np.where(sure, np.where(k == 0.0, 0.0, -np.inf), found)
