"""Rates of events: the gamma-Poisson model, shrunk by a strength learned from the counts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyaccount.errors import ColumnError, RowError, SpecError
from keyaccount.stats.gamma import GammaPrior
from keyaccount.stats.shrinkage import event_strength, shrink_event_rates


def test_posterior_gelman_bda_asthma() -> None:
    """Gelman et al., Bayesian Data Analysis, 2.6: Gamma(3, 5) prior, 3 deaths, x = 2: mean 0.86.

    With ten times the data (30 deaths, x = 20) the mean is 1.32.
    """
    prior = GammaPrior(3 / 5, strength=5)
    assert prior.posterior([3, 30], [2, 20]).mean.round(2).tolist() == [0.86, 1.32]
    once = prior.posterior([3], [2])
    low, high = once.interval(0.95)
    assert once.probability_below(1.0)[0] == pytest.approx(0.70, abs=0.01)  # 30 % above 1
    assert 1.0 - prior.posterior([30], [20]).probability_below(1.0)[0] == pytest.approx(
        0.93, abs=0.01
    )
    assert once.sd[0] == pytest.approx(math.sqrt(6) / 7)
    assert low[0] < once.mean[0] < high[0]
    assert once.probability_below(high)[0] == pytest.approx(0.975)
    assert once.quantile([0.025])[0] == low[0]


def test_log_marginal_is_negative_binomial() -> None:
    """Its probabilities add up to 1, and one by one are those of the negative binomial."""
    prior = GammaPrior(2.0, strength=1.5)
    k = np.arange(400.0)
    logs = prior.log_marginal(k, np.full(400, 2.5))
    assert math.fsum(np.exp(logs)) == pytest.approx(1.0)
    # shape 3, p = 1.5/4: C(k+2, 2) p³ (1−p)^k
    exact = math.comb(6, 2) * 0.375**3 * 0.625**4
    assert math.exp(logs[4]) == pytest.approx(exact)
    assert prior.log_marginal([0], [0.0])[0] == 0.0


def test_the_strength_of_drawn_rates_is_found() -> None:
    """Rates drawn from Gamma(mean 2, strength 3) ask for a strength near 3."""
    rng = np.random.default_rng(8)
    e = rng.uniform(0.5, 6.0, 3_000)
    k = rng.poisson(e * rng.gamma(2.0 * 3.0, 1.0 / 3.0, 3_000))
    rates = shrink_event_rates(k, e)
    assert rates.fit is not None
    assert rates.fit.at_bound is None
    assert 2.4 < rates.strength < 3.7
    turned = shrink_event_rates(k[::-1], e[::-1])
    assert turned.mean[::-1].tobytes() == rates.mean.tobytes()


def test_equal_rates_end_at_the_upper_bound() -> None:
    """Rates alike to the last deal trust the pool; whose years are days, too."""
    assert event_strength([5, 5, 5], [10, 10, 10], 0.5).at_bound == "high"
    assert event_strength([5, 5, 5], [3650, 3650, 3650], 0.5 / 365).at_bound == "high"
    assert event_strength([0, 90, 0], [1, 1, 1], 30.0, low=1.0).at_bound == "low"
    assert event_strength([], [], 1.0).at_bound == "high"
    for k in ([0, 90, 0, 0], [1, 9, 4, 2]):
        years, days = event_strength(k, [1] * 4, 4.0), event_strength(k, [365] * 4, 4.0 / 365)
        assert days.strength == pytest.approx(365 * years.strength, rel=1e-6)
        assert days.at_bound == years.at_bound
    apart = event_strength([0, 9_000, 0], [1e-3] * 3, 3e6)
    assert apart.at_bound == "low"
    assert apart.strength == pytest.approx(0.1 * 3e-3 / 9_000)


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.floats(0.1, 20.0)), min_size=1), st.floats(0.1, 50)
)
def test_a_shrunk_rate_lies_between_its_own_and_the_pool(
    rows: list[tuple[int, float]], strength: float
) -> None:
    """And within its own interval, which no larger unit of time changes but for the unit."""
    k, e = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    found = shrink_event_rates(k, e, strength=strength)
    raw, pool = k / e, found.prior
    slack = 1e-12 * (1.0 + raw + pool)
    assert (found.mean >= np.minimum(raw, pool) - slack).all()
    assert (found.mean <= np.maximum(raw, pool) + slack).all()
    low, high = found.posterior.interval(0.99)
    assert ((low <= found.mean) & (found.mean <= high)).all()
    months = shrink_event_rates(k, e * 12.0, strength=strength * 12.0)
    np.testing.assert_allclose(months.mean * 12.0, found.mean, rtol=1e-12)


def test_unknown_and_nothing() -> None:
    """Unknown counts stay unknown; no exposure leaves the pool's rate; no event, a rate of 0."""
    rates = shrink_event_rates([2, np.nan, 0], [4.0, 1.0, 0.0], strength=2)
    assert rates.mean[0] == 0.5
    assert np.isnan(rates.mean[1])
    assert rates.mean[2] == 0.5
    assert len(shrink_event_rates([], [])) == 0
    none = shrink_event_rates([0, 0], [1.0, 2.0])
    assert none.mean.tolist() == [0.0, 0.0]
    assert none.posterior.quantile(0.9).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: GammaPrior(0, 1), SpecError, "GammaPrior.mean"),
        (lambda: GammaPrior(1, 0), SpecError, "GammaPrior.strength"),
        (lambda: shrink_event_rates([1], [0]), RowError, "1 in 0"),
        (lambda: shrink_event_rates([-1], [2]), RowError, "-1 in 2"),
        (lambda: shrink_event_rates([1, 2], [2]), ColumnError, "differ in length"),
        (lambda: shrink_event_rates([1], [2], strength=-1), SpecError, "shrink_event_rates"),
        (lambda: event_strength([1], [2], 0.5, low=-1.0), SpecError, "event_strength.*rising"),
        (lambda: GammaPrior(1, 1).posterior([1], [1]).interval(1.0), SpecError, "level"),
        (lambda: GammaPrior(1, 1).posterior([1], [1]).quantile(2), RowError, "'q'"),
    ],
)
def test_what_cannot_be_is_refused(call: Any, error: type[Exception], said: str) -> None:
    """Impossible counts and specs are typed errors that show the value."""
    with pytest.raises(error, match=said):
        call()
