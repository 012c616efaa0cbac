"""Shrunk rates and means that do not take their prior for known: mixtures over its strength.

Empirical Bayes takes the best strength and the pool's mean as if they were facts, and with a dozen
labels they are not. Here every strength on a grid has its say, as far as the data leave it
probable, and the pool's mean keeps its error. What is believed of a label is a mixture of Beta,
Gamma or Student distributions, one for each strength.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Literal, TypeAlias

import attrs
import numpy as np
from numpy.typing import ArrayLike

from keyaccount._columns import Codes, Floats
from keyaccount.stats._levels import tails_of
from keyaccount.stats._newton import END, where_tail_is
from keyaccount.stats._tails import Tails, beta_tails, gamma_tails
from keyaccount.stats.beta import beta_log_marginal
from keyaccount.stats.gamma import gamma_log_marginal
from keyaccount.stats.normal import ShrunkMeans, shrink_means
from keyaccount.stats.shrinkage import empirical_bayes_strength, event_strength
from keyaccount.stats.strength import StrengthFit
from keyaccount.stats.sums import exact_sum, group_counts

__all__ = ["Mixture", "mixed_event_rates", "mixed_means", "mixed_rates"]

Asked: TypeAlias = Literal["below", "above", "both"]
"""Which tails are asked for: a kernel may leave the other one NaN."""

Kernel: TypeAlias = Callable[[Floats, Floats, Floats, Asked], Tails]
"""Tails and density, ``(m, n)``, at n transformed points, for two ``(m, n)`` parameters."""

_WEAKEST, _STRONGEST = 0.1, 10_000.0
_COARSE, _FINE = 33, 17
_NEGLIGIBLE = 1e-6
_TINY = 1e-200
_NEARLY_NORMAL = 1_000
"""Freedom from which Student's distribution and the normal one differ by less than a thousandth."""


@attrs.frozen(eq=False)
class Mixture:
    """What is believed of the rate or mean of each case, whatever the strength of the prior.

    Parameters
    ----------
    pool
        The rate or mean of all rows together, which each one is compared with.
    fit
        The most probable strength; the mixture is over all of them.
    weights
        The probability of each strength of the grid.
    first, second
        Two parameters of each distribution, a row per strength and a column per case: the shapes of
        a Beta, shape and rate of a Gamma, middle and width of Student's distribution.
    case
        The case of each row: rows of the same counts are one case.

    Examples
    --------
    >>> import numpy as np
    >>> from keyaccount.stats.mixing import mixed_rates
    >>> found = mixed_rates(np.array([2.0, 9.0, 4.0]), np.array([20.0, 20.0, 20.0]))
    >>> low, high = found.interval(0.9)
    >>> bool((low < found.mean).all() and (found.mean < high).all())
    True
    """

    pool: float
    fit: StrengthFit
    weights: Floats
    first: Floats
    second: Floats
    case: Codes
    _means: Floats
    _kernel: Kernel
    _to_point: Callable[[Floats], Floats]
    _from_point: Callable[[Floats], Floats]

    @property
    def mean(self) -> Floats:
        """The expected rate or mean of each row."""
        return self._means[self.case]

    def interval(self, level: float = 0.9) -> tuple[Floats, Floats]:
        """Return the ends of the central interval that holds each one with probability `level`.

        Raises
        ------
        SpecError
            The level is not above 0 and below 1.
        """
        below, above = tails_of(level)
        return self.quantile(below), self.quantile(above)

    def quantile(self, q: float) -> Floats:
        """Return the point below which each one lies with probability `q`, inside (0, 1)."""
        start = self._from_point(self._means)
        asked: Asked = "below" if q <= 0.5 else "above"  # noqa: PLR2004 - as `where_tail_is` reads
        found = where_tail_is(np.full(len(start), q), start, partial(self._tails, asked=asked))
        return self._to_point(found)[self.case] + 0.0

    def probability_below(self, x: ArrayLike) -> Floats:
        """Return the probability that each one is at most `x`, one or one per row."""
        points = np.broadcast_to(np.asarray(x, dtype=np.float64), self.case.shape)
        return _clipped(self._tails(self._from_point(points), self.case)[0])

    def probability_above_pool(self) -> Floats:
        """Return the probability that each one is above the pool's."""
        at = np.full(self.first.shape[1], self.pool)
        above = self._tails(self._from_point(at), np.arange(len(at)))[1]
        return _clipped(above)[self.case]

    def _tails(self, at: Floats, rows: Codes, asked: Asked = "both") -> Tails:
        """Give tails and density of the mixtures of some cases, strength after strength."""
        are_all = len(rows) == self.first.shape[1] and bool(np.all(rows[1:] > rows[:-1]))
        own = slice(None) if are_all else rows  # a view, where no case is done yet
        parts = self._kernel(at, self.first[:, own], self.second[:, own], asked)
        below, above, density = (_mixed(self.weights, part) for part in parts)
        return below, above, density


def mixed_rates(k: Floats, n: Floats) -> Mixture:
    """Believe of the rate of each case what its trials, and those of the others, leave of it.

    Parameters
    ----------
    k, n
        ``(cases,)`` successes and trials, known, with ``0 < exact_sum(k) < exact_sum(n)``.

    Returns
    -------
    Mixture
        What is believed of each case: `mean`, `interval`, `quantile` and others.

    Notes
    -----
    For each strength ``m`` the label's rate is Beta given the pool's, as in `shrink_rates`; the
    pool's own error, by the delta method, widens it to the Beta distribution of the same mean and
    variance. Strengths weigh as the beta-binomial likelihood and the prior say.

    Examples
    --------
    >>> import numpy as np
    >>> from keyaccount.stats.mixing import mixed_rates
    >>> mixed_rates(np.array([9.0, 1.0, 3.0]), np.array([10.0, 10.0, 3.0])).mean.round(2)
    array([0.86, 0.16, 0.87])
    """
    (kk, nn), times, case = _cases(k, n)
    total = exact_sum(n)
    p = exact_sum(k) / total
    prior = np.full(len(kk), p)

    def error(m: float) -> float:
        """Give the variance of the pooled rate where groups differ with this strength."""
        inner = exact_sum(times * nn * (m + nn)) / (m + 1.0)
        return p * (1.0 - p) * inner / total**2

    def log_likelihood(m: float) -> float:
        """Give that of the counts, corrected for the pooled rate that was taken from them."""
        return exact_sum(times * beta_log_marginal(kk, nn, prior, m)) + 0.5 * math.log(error(m))

    strengths, weights = _probable(log_likelihood, 1.0)
    first, second = [], []
    for m in strengths.tolist():
        mean, off = (kk + m * p) / (nn + m), (m / (nn + m)) ** 2 * error(m)
        inside = (mean * (1.0 - mean) - off) / (nn + m + 1.0)
        size = mean * (1.0 - mean) / (inside + off) - 1.0
        first.append(mean * size)
        second.append((1.0 - mean) * size)
    a, b = np.stack(first), np.stack(second)
    means = _mixed(weights, a / (a + b))
    fit = empirical_bayes_strength(k, n, p)
    return Mixture(p, fit, weights, a, b, case, means, _beta_kernel, _from_logit, _logit)


def mixed_event_rates(k: Floats, e: Floats) -> Mixture:
    """Believe of the rate of events of each case what all of them leave of it.

    Parameters
    ----------
    k, e
        ``(cases,)`` events and exposure, known, exposure above 0, with at least one event.

    Returns
    -------
    Mixture
        What is believed of each case: `mean`, `interval`, `quantile` and others.

    Notes
    -----
    As `mixed_rates`, with the Gamma and the negative binomial distribution.

    Examples
    --------
    >>> import numpy as np
    >>> from keyaccount.stats.mixing import mixed_event_rates
    >>> mixed_event_rates(np.array([9.0, 1.0, 3.0]), np.array([10.0, 10.0, 3.0])).mean.round(2)
    array([0.79, 0.25, 0.77])
    """
    (kk, ee), times, case = _cases(k, e)
    total = exact_sum(e)
    r = exact_sum(k) / total
    prior = np.full(len(kk), r)

    def error(m: float) -> float:
        """Give the variance of the pooled rate where groups differ with this strength."""
        return r * exact_sum(times * ee * (1.0 + ee / m)) / total**2

    def log_likelihood(m: float) -> float:
        """Give that of the counts, corrected for the pooled rate that was taken from them."""
        return exact_sum(times * gamma_log_marginal(kk, ee, prior, m)) + 0.5 * math.log(error(m))

    strengths, weights = _probable(log_likelihood, 1.0 / r)
    first, second = [], []
    for m in strengths.tolist():
        mean = (kk + m * r) / (ee + m)
        variance = mean / (ee + m) + (m / (ee + m)) ** 2 * error(m)
        first.append(mean * mean / variance)
        second.append(mean / variance)
    a, b = np.stack(first), np.stack(second)
    means = _mixed(weights, a / b)
    fit = event_strength(k, e, r)
    return Mixture(r, fit, weights, a, b, case, means, _gamma_kernel, _from_log, _log)


def mixed_means(values: Floats, codes: Codes, n_groups: int) -> tuple[ShrunkMeans, Mixture | None]:
    """Believe of the mean of each group what its values, and those of the others, leave of it.

    Parameters
    ----------
    values, codes, n_groups
        As in `shrink_means`.

    Returns
    -------
    tuple
        What `shrink_means` gives, and the mixture; None where values of a group do not scatter, so
        that there is nothing to compare the groups by. A group without values is believed to be
        like the pool.

    Notes
    -----
    As `mixed_rates`, with the normal distribution, or rather Student's: the deviation within groups
    is an estimate too.

    Examples
    --------
    >>> import numpy as np
    >>> from keyaccount.stats.mixing import mixed_means
    >>> values, codes = np.array([1.0, 2.0, 8.0, 9.0, 5.0]), np.array([0, 0, 1, 1, 2])
    >>> shrunk, believed = mixed_means(values, codes, 3)
    >>> shrunk.mean.round(2), believed.mean.round(2)
    (array([1.67, 8.33, 5.  ]), array([1.74, 8.26, 5.  ]))
    """
    found = shrink_means(values, codes, n_groups)
    variance = found.variance
    if variance == 0.0:
        return found, None
    n = group_counts(codes, n_groups).astype(np.float64)
    held = n > 0.0
    away, counts, total = found.raw[held] - found.pool, n[held], float(len(values))

    def error(m: float) -> float:
        """Give the variance of the pooled mean where groups differ with this strength."""
        return variance * exact_sum(counts * (1.0 + counts / m)) / total**2

    def log_likelihood(m: float) -> float:
        """Give that of the means, corrected for the pool that was taken from them."""
        spread = variance * (1.0 / counts + 1.0 / m)
        return 0.5 * (math.log(error(m)) - exact_sum(np.log(spread) + away * away / spread))

    strengths, weights = _probable(log_likelihood, 1.0)
    off, size = np.append(away, 0.0), np.append(counts, 0.0)  # groups without values: one case
    first, second = [], []
    for m in strengths.tolist():
        first.append(off * (size / (size + m)))
        second.append(np.sqrt(variance / (size + m) + (m / (size + m)) ** 2 * error(m)))
    unit = math.sqrt(variance)
    center, width = np.stack(first) / unit, np.stack(second) / unit
    pool, case = found.pool, np.where(held, np.cumsum(held) - 1, len(counts))
    means = pool + unit * _mixed(weights, center)
    return found, Mixture(
        pool,
        found.fit,
        weights,
        center,
        width,
        case,
        means,
        _normal_kernel
        if found.freedom > _NEARLY_NORMAL
        else partial(_student_kernel, 0.5 * found.freedom),
        lambda at: pool + unit * np.sinh(at),
        lambda x: np.arcsinh((x - pool) / unit),
    )


def _cases(k: Floats, n: Floats) -> tuple[tuple[Floats, Floats], Floats, Codes]:
    """Keep rows of the same counts once, with their number and the case of each row."""
    pairs = np.empty(len(k), dtype=np.complex128)  # sorted by k and then by n, in one go
    pairs.real, pairs.imag = k, n
    cases, case, times = np.unique(pairs, return_inverse=True, return_counts=True)
    return (cases.real.copy(), cases.imag.copy()), times.astype(np.float64), case.reshape(-1)


def _probable(log_likelihood: Callable[[float], float], unit: float) -> tuple[Floats, Floats]:
    """Give strengths evenly spaced in the logarithm where they are probable, with their weights.

    The prior is flat over ``1 / sqrt(1 + strength)``, which is the deviation between labels as a
    share of the largest one there could be: Gelman, A. (2006), Bayesian Analysis 1, favours such a
    flat prior for a deviation.
    """

    def log_density(log_strength: float) -> float:
        """Add the prior, by the logarithm of the strength."""
        strength = math.exp(log_strength)
        prior = log_strength - 1.5 * math.log1p(strength)
        return log_likelihood(strength * unit) + prior

    coarse = np.linspace(math.log(_WEAKEST), math.log(_STRONGEST), _COARSE)
    heights = np.array([log_density(x) for x in coarse.tolist()])
    likely = np.flatnonzero(heights > heights.max() + math.log(_NEGLIGIBLE))
    low, high = max(int(likely[0]) - 1, 0), min(int(likely[-1]) + 1, _COARSE - 1)
    fine = np.linspace(coarse[low], coarse[high], _FINE)
    heights = np.array([log_density(x) for x in fine.tolist()])
    weights = np.exp(heights - heights.max())
    kept = weights > _NEGLIGIBLE
    weights = weights[kept] / exact_sum(weights[kept])
    return np.exp(fine[kept]) * unit, weights


def _mixed(weights: Floats, rows: Floats) -> Floats:
    """Add one row per strength, weighted, in the order of the strengths."""
    found = np.zeros(rows.shape[1])
    for weight, row in zip(weights.tolist(), rows, strict=True):
        found = found + weight * row
    return found


def _each(tails: Callable[..., Tails], *columns: Floats) -> Tails:
    """Ask for the tails of a table, column by column of numbers as long as each other."""
    table = np.broadcast_arrays(*columns)
    below, above, density = tails(*(column.ravel() for column in table))
    shape = table[0].shape
    return below.reshape(shape), above.reshape(shape), density.reshape(shape)


def _beta_kernel(logit: Floats, a: Floats, b: Floats, _: Asked) -> Tails:
    return _each(beta_tails, 1.0 / (1.0 + np.exp(-logit)), 1.0 / (1.0 + np.exp(logit)), a, b)


def _gamma_kernel(log: Floats, shape: Floats, rate: Floats, _: Asked) -> Tails:
    return _each(gamma_tails, np.exp(log) * rate, shape)


def _student_kernel(half: float, at: Floats, mean: Floats, width: Floats, _: Asked) -> Tails:
    """Give tails by the beta distribution, of which Student's is a transform (NIST 8.17)."""
    # sinh: a group may be thousands of deviations away, and the search is within a few hundred
    t = (np.sinh(at) - mean) / width
    square = np.maximum(t * t, _TINY) / (2.0 * half)
    y = square / (1.0 + square)
    a, b = np.array(half), np.array(0.5)
    outside, _inside, density = _each(beta_tails, 1.0 / (1.0 + square), y, a, b)
    lesser = 0.5 * outside
    # the logit of x is log(2·half / t²), of slope 2 / t, and each side of 0 has half of it
    slope = density / (np.sqrt(np.maximum(t * t, _TINY)) * width) * np.cosh(at)
    return np.where(t < 0.0, lesser, 1.0 - lesser), np.where(t < 0.0, 1.0 - lesser, lesser), slope


def _normal_kernel(at: Floats, mean: Floats, width: Floats, asked: Asked) -> Tails:
    z = (np.sinh(at) - mean) / width
    unasked = np.full(z.shape, np.nan)
    below = unasked if asked == "above" else _half_erfc(-z / math.sqrt(2.0))
    above = unasked if asked == "below" else _half_erfc(z / math.sqrt(2.0))
    with np.errstate(under="ignore", over="ignore"):
        slope = np.exp(-0.5 * z * z) / (math.sqrt(2.0 * math.pi) * width) * np.cosh(at)
    return below, above, slope


def _half_erfc(z: Floats) -> Floats:
    """Give the tail of the normal distribution; numpy has none, so that it is one by one."""
    found = np.fromiter(map(math.erfc, z.ravel().tolist()), dtype=np.float64, count=z.size)
    return 0.5 * found.reshape(z.shape)


def _clipped(p: Floats) -> Floats:
    """Take off what rounding adds to weights of 1 together."""
    return np.minimum(p, 1.0)


def _logit(x: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        logit: Floats = np.log(x) - np.log1p(-x)
    return np.clip(logit, -END, END)


def _from_logit(logit: Floats) -> Floats:
    points: Floats = 1.0 / (1.0 + np.exp(-logit))
    return points


def _log(x: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return np.clip(np.log(x), -END, END)


def _from_log(log: Floats) -> Floats:
    points: Floats = np.exp(log)
    return points
