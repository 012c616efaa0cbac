"""Intervals hold about as often as they say, also where the prior is hardly known."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyaccount.errors import SpecError
from keyaccount.stats.gamma import GammaPrior
from keyaccount.stats.mixing import Mixture, mixed_event_rates, mixed_means, mixed_rates
from keyaccount.stats.shrinkage import shrink_event_rates, shrink_rates

LEVEL = 0.9


def covered(below: np.ndarray, level: float = LEVEL) -> float:
    """Return how many truths lie in their intervals, from the probabilities below them."""
    return float(np.mean(np.abs(below - 0.5) <= level / 2.0))


@pytest.mark.parametrize(("labels", "trials"), [(8, 20), (8, 50), (20, 20), (40, 50)])
def test_intervals_of_rates_hold(labels: int, trials: int) -> None:
    """Rates drawn from Beta(4, 16): nine intervals of ten hold, within three hundredths."""
    rng = np.random.default_rng(1)
    n, mixed, plain = np.full(labels, float(trials)), [], []
    for _ in range(150):
        rates = rng.beta(4.0, 16.0, labels)
        k = rng.binomial(trials, rates).astype(float)
        mixed.append(covered(mixed_rates(k, n).probability_below(rates)))
        plain.append(covered(shrink_rates(k, n).posterior.probability_below(rates)))
    assert 0.86 < np.mean(mixed) < 0.94
    assert np.mean(plain) < np.mean(mixed)


def test_intervals_of_event_rates_and_means_hold() -> None:
    """Eight labels each: rates of Gamma(5, 1/2), means of deviation 1/3 of that within."""
    rng = np.random.default_rng(2)
    e, codes, events, means, plain = np.ones(8), np.repeat(np.arange(8), 10), [], [], []
    for _ in range(150):
        rates = rng.gamma(5.0, 2.0, 8)
        k = rng.poisson(rates).astype(float)
        events.append(covered(mixed_event_rates(k, e).probability_below(rates)))
        plain.append(covered(shrink_event_rates(k, e).posterior.probability_below(rates)))
        truth = rng.normal(5.0, 1.0 / 3.0, 8)
        found = mixed_means(truth[codes] + rng.normal(0.0, 1.0, 80), codes, 8)[1]
        assert found is not None
        means.append(covered(found.probability_below(truth)))
    assert 0.85 < np.mean(events) < 0.95
    assert 0.85 < np.mean(means) < 0.95
    assert np.mean(plain) < np.mean(events)


def test_labels_alike_do_not_make_an_interval_narrow() -> None:
    """Five or six of 25 each: the interval is wide, however well the labels agree."""
    low, high = mixed_rates(np.array([6.0, 5, 4, 5, 5, 5]), np.full(6, 25.0)).interval(0.9)
    assert ((high - low) > 0.1).all()
    assert ((high - low) < 0.3).all()


def three() -> list[Mixture]:
    """Give a mixture of each kind."""
    k, n = np.array([0.0, 3.0, 9.0, 3.0]), np.array([5.0, 9.0, 9.0, 9.0])
    values, codes = np.array([1.0, 2.0, 5.0, 6.0, 9.0]), np.array([0, 0, 1, 1, 2])
    means = mixed_means(values, codes, 4)[1]
    assert means is not None
    return [mixed_rates(k, n), mixed_event_rates(k, n), means]


@pytest.mark.parametrize("kind", range(3))
def test_quantiles_are_where_the_probability_is(kind: int) -> None:
    """There and back; rows of the same counts are one case; weights add to 1."""
    found = three()[kind]
    for q in (0.001, 0.05, 0.5, 0.95):
        np.testing.assert_allclose(found.probability_below(found.quantile(q)), q, rtol=1e-6)
    np.testing.assert_allclose(
        found.probability_above_pool(), 1.0 - found.probability_below(found.pool)
    )
    assert math.fsum(found.weights.tolist()) == pytest.approx(1.0)
    low, high = found.interval(0.5)
    assert (low < high).all()
    with pytest.raises(SpecError, match="level"):
        found.interval(1.0)


def test_a_group_without_values_is_like_the_pool() -> None:
    """Its mean is the pool's, and its interval the widest."""
    means = three()[2]
    assert means.mean[3] == means.pool
    low, high = means.interval(0.9)
    assert (high - low).argmax() == 3
    assert means.probability_above_pool()[3] == pytest.approx(0.5)


@pytest.mark.parametrize("size", [40, 3_000])
def test_groups_without_values_change_nothing_of_the_others(size: int) -> None:
    """They are one case, wherever they stand; with few values and, normal, with many."""
    rng = np.random.default_rng(size)
    values, codes = rng.normal(5.0, 1.0, size), rng.integers(0, 12, size)
    found, spread = (mixed_means(values, k * codes, k * 12)[1] for k in (1, 3))
    assert found is not None
    assert spread is not None
    assert spread.first.shape == found.first.shape
    pairs = [(found.mean, spread.mean)]
    pairs += [(found.probability_above_pool(), spread.probability_above_pool())]
    pairs += list(zip(found.interval(0.9), spread.interval(0.9), strict=True))
    for alone, among in pairs:
        assert alone.tobytes() == among[::3].tobytes()
        assert len(set(among[1::3].tolist() + among[2::3].tolist())) == 1


def test_values_that_do_not_scatter_leave_no_mixture() -> None:
    """Without a deviation within groups there is nothing to compare them by."""
    assert mixed_means(np.array([5.0, 5.0, 7.0]), np.array([0, 0, 1]), 2)[1] is None


def test_student_has_its_known_quantiles() -> None:
    """Two groups of many values far apart: the interval of each is that of its mean."""
    rng = np.random.default_rng(3)
    values = np.concatenate([rng.normal(0.0, 1.0, 3), rng.normal(1e6, 1.0, 3)])
    found = mixed_means(values, np.repeat([0, 1], 3), 2)[1]
    assert found is not None
    low, high = found.interval(0.9)
    deviation = math.sqrt((values[:3].var(ddof=1) + values[3:].var(ddof=1)) / 2.0 / 3.0)
    # 2.132 is the quantile at 0.95 of Student's distribution of four degrees of freedom
    assert (high - low)[0] / 2.0 / deviation == pytest.approx(2.132, rel=0.03)


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30)), min_size=2, max_size=9))
def test_the_order_of_labels_changes_nothing(counts: list[tuple[int, int]]) -> None:
    """To the last bit; and a shrunk rate lies between its own and the pool's."""
    k = np.array([a for a, _ in counts], dtype=float)
    n = np.array([a + b + 1 for a, b in counts], dtype=float)
    if not k.any():
        return
    kinds: tuple[Callable[[np.ndarray, np.ndarray], Mixture], ...]
    kinds = (mixed_rates, mixed_event_rates)
    for mixed in kinds:
        found, turned = mixed(k, n), mixed(k[::-1].copy(), n[::-1].copy())
        assert found.mean.tobytes() == turned.mean[::-1].tobytes()
        for q in (0.05, 0.95):
            assert found.quantile(q).tobytes() == turned.quantile(q)[::-1].tobytes()
        raw = k / n
        assert (found.mean >= np.minimum(raw, found.pool) - 1e-12).all()
        assert (found.mean <= np.maximum(raw, found.pool) + 1e-12).all()


def test_much_data_leaves_the_prior_it_was_drawn_from() -> None:
    """With a thousand labels the mixture is nearly the plain belief."""
    rng = np.random.default_rng(4)
    e = np.full(1000, 3.0)
    k = rng.poisson(rng.gamma(4.0, 0.5, 1000) * 3.0).astype(float)
    found = mixed_event_rates(k, e)
    plain = GammaPrior(found.pool, found.fit.strength).posterior(k, e)
    np.testing.assert_allclose(found.mean, plain.mean, rtol=0.02)
