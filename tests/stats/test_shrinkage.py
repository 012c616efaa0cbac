"""Shrunk rates reproduce the conjugate beta-binomial model and behave as shrinkage must."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.errors import ColumnError, RowError, SpecError
from keyaccount.stats.shrinkage import BetaPrior, empirical_bayes_strength, shrink_rates

# planned, prior_strength, n, k, raw, mean, sd
REFERENCE = (
    (0.8, 2, 40, 26, 0.65, 0.6571428571428571, 0.07238561505061168),
    (0.8, 10, 40, 26, 0.65, 0.68, 0.06531972647421809),
    (0.8, 20, 40, 26, 0.65, 0.7, 0.05867386940384682),
    (0.7, 2, 26, 17, 0.6538461538461539, 0.6571428571428571, 0.08814293299052234),
    (0.7, 10, 26, 17, 0.6538461538461539, 0.6666666666666666, 0.07749842582921285),
    (0.7, 20, 26, 17, 0.6538461538461539, 0.6739130434782609, 0.06837852302303148),
    (0.6, 2, 12, 5, 0.4166666666666667, 0.4428571428571429, 0.12825357535693396),
    (0.6, 10, 12, 5, 0.4166666666666667, 0.5, 0.10425720702853739),
    (0.6, 20, 12, 5, 0.4166666666666667, 0.53125, 0.08686866392852645),
    (0.5, 2, 3, 3, 1.0, 0.8, 0.16329931618554522),
    (0.5, 10, 3, 3, 1.0, 0.6153846153846154, 0.13002373149669486),
    (0.5, 20, 3, 3, 1.0, 0.5652173913043478, 0.10119014524470248),
)
# planned, prior_strength, n, k, q05, q95, p_below_plan
QUANTILES = (
    (0.8, 2, 40, 26, 0.5337451124444131, 0.771930483944423, 0.9826794369342365),
    (0.8, 10, 40, 26, 0.568439039531294, 0.7832932663605906, 0.9744323421666853),
    (0.8, 20, 40, 26, 0.5997091228472267, 0.7926490739621364, 0.9634913551767754),
    (0.7, 2, 26, 17, 0.5056417220176923, 0.7956559989096995, 0.6708384249538428),
    (0.7, 10, 26, 17, 0.5338525437032049, 0.7888077187399993, 0.6515554112526043),
    (0.7, 20, 26, 17, 0.5571003092314342, 0.7820353548376151, 0.6346800042015063),
    (0.6, 2, 12, 5, 0.23619940583044258, 0.659126966847862, 0.8818717660273251),
    (0.6, 10, 12, 5, 0.32810871510135664, 0.6718912848986434, 0.8256221336382272),
    (0.6, 20, 12, 5, 0.3869822549447333, 0.6732606351024929, 0.7805803285447508),
    (0.5, 2, 3, 3, 0.4728708045015879, 0.9872585449014338, 0.0625),
    (0.5, 10, 3, 3, 0.39086230177096337, 0.818975242757679, 0.19384765625),
    (0.5, 20, 3, 3, 0.39515578491927383, 0.7286868096901826, 0.2617335319519043),
)
LOG_MARGINAL_BY_STRENGTH = {
    1: -12.420790946795663,
    2: -11.407337699024113,
    5: -10.5050509600287,
    10: -10.12304050394651,
    20: -9.985496251660987,
    50: -10.104751586903777,
    100: -10.301634070085257,
}
STEPS = ((0.8, 40, 26), (0.7, 26, 17), (0.6, 12, 5), (0.5, 3, 3))
TOLERANCE = 1e-9


@pytest.mark.parametrize("row", REFERENCE)
def test_posterior_ref_beta_binomial_shrinkage(row: tuple[float, ...]) -> None:
    """Mean and standard deviation of Beta(planned·m + k, (1 − planned)·m + n − k)."""
    planned, strength, n, k, raw, mean, sd = row
    after = BetaPrior(planned, strength).posterior([k], [n])
    assert after.mean[0] == pytest.approx(mean, abs=TOLERANCE)
    assert after.sd[0] == pytest.approx(sd, abs=TOLERANCE)
    assert BetaPrior(planned, 1e-12).posterior([k], [n]).mean[0] == pytest.approx(raw)


@pytest.mark.parametrize("row", QUANTILES)
def test_quantiles_ref_beta_binomial_shrinkage(row: tuple[float, ...]) -> None:
    """The 5 % and 95 % quantiles, and the probability that the rate is below plan."""
    planned, strength, n, k, q05, q95, below = row
    after = BetaPrior(planned, strength).posterior([k], [n])
    low, high = after.interval(0.9)
    assert low[0] == pytest.approx(q05, abs=TOLERANCE)
    assert high[0] == pytest.approx(q95, abs=TOLERANCE)
    assert after.quantile([0.95])[0] == high[0]
    assert after.probability_below(planned)[0] == pytest.approx(below, abs=TOLERANCE)


@pytest.mark.parametrize(("strength", "expected"), LOG_MARGINAL_BY_STRENGTH.items())
def test_log_marginal_ref_beta_binomial_shrinkage(strength: float, expected: float) -> None:
    """The log marginal likelihood of the four steps, by strength."""
    found = sum(BetaPrior(p, strength).log_marginal([k], [n])[0] for p, n, k in STEPS)
    assert found == pytest.approx(expected, abs=TOLERANCE)


def test_strength_is_the_most_probable_one() -> None:
    """The learned strength beats every tabulated one and its own neighbours."""
    p, n, k = zip(*STEPS, strict=True)
    fit = empirical_bayes_strength(k, n, p)
    assert fit.at_bound is None
    assert fit.log_marginal > max(LOG_MARGINAL_BY_STRENGTH.values())
    for other in (fit.strength * 0.99, fit.strength * 1.01):
        at = sum(BetaPrior(q, other).log_marginal([x], [m])[0] for q, m, x in STEPS)
        assert at < fit.log_marginal


def test_strength_says_when_it_ends_at_a_bound() -> None:
    """Equal rates ask for an endless prior, opposite ones for none."""
    assert empirical_bayes_strength([5, 5, 5], [10, 10, 10], 0.5).at_bound == "high"
    scattered = empirical_bayes_strength([0, 50, 0, 50], [50, 50, 50, 50], 0.5, low=2.0)
    assert scattered.strength == pytest.approx(2.0)
    assert scattered.at_bound == "low"
    assert empirical_bayes_strength([0, np.nan], [0, 3], 0.5).at_bound == "high"


def test_a_sure_prior_mean_does_not_break_the_search() -> None:
    """A group that lost every deal has rate 0; its rows say nothing about the strength."""
    mixed = empirical_bayes_strength([0, 0, 3, 9], [4, 9, 12, 12], [0.0, 0.0, 0.5, 0.5])
    alone = empirical_bayes_strength([3, 9], [12, 12], 0.5)
    assert mixed.strength == pytest.approx(alone.strength)
    lost = shrink_rates([0, 0], [4, 9])
    assert lost.mean.tolist() == [0.0, 0.0]
    assert lost.posterior.quantile(0.95).tolist() == [0.0, 0.0]


def test_a_group_without_trials_falls_to_the_pool_and_says_so() -> None:
    """No group, and a group that never tried, are read against all rows together."""
    rates = shrink_rates([3, 1, 0, 2], [4, 4, 0, 2], group=["a", "a", "b", None], strength=4)
    assert rates.prior.tolist() == [0.5, 0.5, 0.6, 0.6]
    assert rates.pooled.tolist() == [False, False, True, True]
    assert rates.mean.tolist() == pytest.approx([5 / 8, 3 / 8, 0.6, 4.4 / 6])
    assert rates.row(2)["pooled"] is True


def test_unknown_counts_stay_unknown() -> None:
    """A row whose counts are unknown is NaN and moves nobody else."""
    rates = shrink_rates([1, np.nan, 1], [2, 5, np.nan], strength=2)
    assert rates.mean[0] == 0.5
    assert np.isnan(rates.mean[1:]).all()
    assert np.isnan(rates.sd[1:]).all()
    assert np.isnan(shrink_rates([0, 0], [0, 0]).mean).all()
    assert len(shrink_rates([], [])) == 0


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.sampled_from("ab")), min_size=1),
    st.floats(0.1, 100),
    st.randoms(use_true_random=False),
)
def test_shrinkage_moves_toward_the_group_and_order_changes_no_bit(
    rows: list[tuple[int, int, str]], strength: float, random: Any
) -> None:
    """Each shrunk rate lies between the raw rate and the prior, in any order of the rows."""

    def shrunk(rows: list[tuple[int, int, str]]) -> Any:
        k, lost, group = zip(*rows, strict=True)
        return shrink_rates(k, np.add(k, lost), group=group, strength=strength)

    found = shrunk(rows)
    for (k, lost, _), mean, prior in zip(rows, found.mean, found.prior, strict=True):
        raw = k / (k + lost) if k + lost else prior
        if not math.isnan(mean):
            assert min(raw, prior) - 1e-12 <= mean <= max(raw, prior) + 1e-12
    order = list(range(len(rows)))
    random.shuffle(order)
    assert shrunk([rows[i] for i in order]).mean.tobytes() == found.mean[order].tobytes()


def test_the_learned_strength_does_not_depend_on_the_order() -> None:
    """Book-wise: reversed rows give the same strength, to the bit."""
    rng = np.random.default_rng(1)
    n = rng.integers(0, 30, 300)
    k = rng.binomial(n, rng.beta(3, 2, 300))
    forward, backward = shrink_rates(k, n), shrink_rates(k[::-1], n[::-1])
    assert forward.strength == backward.strength
    assert forward.fit is not None
    assert 2.5 < forward.strength < 10  # drawn with strength 5


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: BetaPrior(1, 2), SpecError, "BetaPrior.mean"),
        (lambda: BetaPrior(0.5, 0), SpecError, "BetaPrior.strength"),
        (lambda: shrink_rates([3], [2]), RowError, "1 row.*3 of 2"),
        (lambda: shrink_rates([-1], [2]), RowError, "-1 of 2"),
        (lambda: shrink_rates([1, 2], [2]), ColumnError, "differ in length"),
        (lambda: shrink_rates([1], [2], group=["a", "b"]), ColumnError, "differ in length"),
        (lambda: shrink_rates([1], [2], strength=0), SpecError, "above 0"),
        (lambda: shrink_rates([1], [2]).posterior.interval(0), SpecError, "level"),
        (lambda: empirical_bayes_strength([1], [2], [0.5, 0.5]), ColumnError, "differ"),
        (lambda: empirical_bayes_strength([1], [2], 0.5, low=3.0, high=2.0), SpecError, "rising"),
    ],
)
def test_what_cannot_be_is_refused(call: Any, error: type[Exception], said: str) -> None:
    """Impossible counts and specs are typed errors that show the value."""
    with pytest.raises(error, match=said):
        call()
