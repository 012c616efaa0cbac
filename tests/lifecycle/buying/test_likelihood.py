"""Likelihoods, slopes and expectations against the models' definitions, integrated directly."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.special import betainc, betaln, gammaln, hyp2f1, psi

import keyaccount as ka
from keyaccount.lifecycle.buying.estimation import REACH
from keyaccount.lifecycle.buying.kernel import Kernel
from keyaccount.lifecycle.buying.patterns import Patterns
from keyaccount.lifecycle.buying.rising import rising, staying
from keyaccount.lifecycle.buying.spend import Spends
from keyaccount.lifecycle.buying.spend import mean_log_likelihood as spend_log_likelihood
from keyaccount.lifecycle.buying.thinned import thinned_orders

CUSTOMERS = [(0.0, 0.0, 10.0), (1.0, 3.0, 10.0), (4.0, 9.5, 10.0), (2.0, 2.0, 2.0), (0.0, 0.0, 0.0)]
GEOMETRIC = (0.6, 3.0, 0.7, 2.2)
PARETO = (0.6, 3.0, 0.8, 5.0)
KERNELS: dict[str, Kernel] = {
    "bg": ka.BetaGeometricNBD.kernel(),
    "mbg": ka.ModifiedBetaGeometricNBD.kernel(),
    "pareto": ka.ParetoNBD.kernel(),
}


def one(value: float) -> Any:
    """A column of one customer."""
    return np.array([float(value)])


def log_likelihood(kernel: Kernel, p: tuple[float, ...], *customers: tuple[float, ...]) -> float:
    """The log-likelihood of a few customers."""
    x, tx, age = (np.array(c) for c in zip(*customers, strict=True))
    book = Patterns.among(x, tx, age)
    return kernel.mean_log_likelihood(np.log(p), book)[0] * len(customers)


def moment(law: Any, of: Any) -> float:
    """The mean of a function of a random number."""
    found: float = integrate.quad(lambda v: of(v) * law.pdf(v), *law.support(), limit=200)[0]
    return found


@pytest.mark.parametrize("customer", CUSTOMERS)
@pytest.mark.parametrize(("name", "extra"), [("bg", 0), ("mbg", 1)])
def test_geometric_likelihood_is_its_definition(
    name: str, extra: int, customer: tuple[float, float, float]
) -> None:
    """Still there after every chance, or left at the last one: rates and chances independent."""
    x, tx, age = customer
    r, alpha, a, b = GEOMETRIC
    rate, leaves = stats.gamma(r, scale=1 / alpha), stats.beta(a, b)
    m = x + extra
    here = moment(rate, lambda v: v**x * math.exp(-v * age)) * moment(
        leaves, lambda p: (1 - p) ** m
    )
    gone = 0.0
    if m:
        gone = moment(rate, lambda v: v**x * math.exp(-v * tx)) * moment(
            leaves, lambda p: p * (1 - p) ** (m - 1)
        )
    kernel = KERNELS[name]
    assert log_likelihood(kernel, GEOMETRIC, customer) == pytest.approx(
        math.log(here + gone), abs=1e-7
    )
    alive = kernel.alive(np.array(GEOMETRIC), one(x), one(tx), one(age))[0]
    assert alive == pytest.approx(here / (here + gone), abs=1e-7)


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_pareto_likelihood_is_its_definition(customer: tuple[float, float, float]) -> None:
    """Orders at rate λ until a death at rate μ, both Gamma, integrated over both."""
    x, tx, age = customer
    r, alpha, s, beta = PARETO
    logs = np.arange(-60.0, 8.0, 0.1)  # the trapezoid rule over both logarithms
    rate, mu = np.exp(logs)[:, None], np.exp(logs)[None, :]
    weight = 0.01 * rate * mu * stats.gamma.pdf(rate, r, scale=1 / alpha)
    weight = weight * stats.gamma.pdf(mu, s, scale=1 / beta) * rate**x
    both = rate + mu
    here = float((weight * np.exp(-both * age)).sum())
    left = mu / both * (np.exp(-both * tx) - np.exp(-both * age))
    whole = here + float((weight * left).sum())
    kernel = KERNELS["pareto"]
    assert log_likelihood(kernel, PARETO, customer) == pytest.approx(math.log(whole), abs=1e-9)
    alive = kernel.alive(np.array(PARETO), one(x), one(tx), one(age))[0]
    assert alive == pytest.approx(here / whole, abs=1e-9)


@pytest.mark.parametrize("p", [PARETO, (0.3, 9.0, 1.4, 2.0), (2.0, 5.0, 0.5, 5.0)])
@pytest.mark.parametrize("customer", [*CUSTOMERS, (60.0, 40.0, 52.0)])
def test_pareto_likelihood_fader_hardie_2005(
    p: tuple[float, ...], customer: tuple[float, float, float]
) -> None:
    """The closed form of the note, in both of its branches (α ≥ β and α < β)."""
    x, tx, age = customer
    r, alpha, s, beta = p
    k = r + s + x
    large, far = max(alpha, beta), abs(alpha - beta)
    second = s + 1 if alpha >= beta else r + x
    ends = [hyp2f1(k, second, k + 1, far / (large + t)) / (large + t) ** k for t in (tx, age)]
    head = math.lgamma(r + x) - math.lgamma(r) + r * math.log(alpha) + s * math.log(beta)
    alive = (alpha + age) ** -(r + x) * (beta + age) ** -s
    closed = head + math.log(alive + s / k * (ends[0] - ends[1]))
    assert log_likelihood(KERNELS["pareto"], p, customer) == pytest.approx(closed, rel=1e-10)


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("shift", [-2.0, 0.0, 1.5])
def test_slopes_are_the_slopes(name: str, shift: float) -> None:
    """Central differences of the likelihood meet the analytic slopes."""
    book = Patterns.among(*(np.array(c) for c in zip(*CUSTOMERS, strict=True)))
    theta = np.log(PARETO) + shift
    slope = KERNELS[name].mean_log_likelihood(theta, book)[1]
    for i, step in enumerate(np.eye(4) * 1e-5):
        above = KERNELS[name].mean_log_likelihood(theta + step, book)[0]
        below = KERNELS[name].mean_log_likelihood(theta - step, book)[0]
        assert slope[i] == pytest.approx((above - below) / 2e-5, abs=1e-8)


def test_slopes_of_spend_are_the_slopes() -> None:
    """The same for p, q and v."""
    book = Spends(np.array([1.0, 2.0, 5.0]), np.array([10.0, 30.0, 3.0]))
    theta = np.log([6.0, 3.0, 15.0])
    slope = spend_log_likelihood(theta, book)[1]
    for i, step in enumerate(np.eye(3) * 1e-5):
        above, below = (spend_log_likelihood(theta + s, book)[0] for s in (step, -step))
        assert slope[i] == pytest.approx((above - below) / 2e-5, abs=1e-8)


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("corner", [-REACH, REACH])
def test_likelihood_is_finite_in_the_corners_of_the_search(name: str, corner: float) -> None:
    """Nothing overflows where parameters are a millionth or a million."""
    customers = [*CUSTOMERS, (3_000.0, 4_999.0, 5_000.0)]
    book = Patterns.among(*(np.array(c) for c in zip(*customers, strict=True)))
    for signs in np.ndindex(2, 2, 2, 2):
        value, slope = KERNELS[name].mean_log_likelihood((2.0 * np.array(signs) - 1) * corner, book)
        assert math.isfinite(value)
        assert np.isfinite(slope).all()


@pytest.mark.parametrize("most", [50.0, 30_000.0])
def test_sums_of_factors_are_the_ratios_of_gamma_functions(most: float) -> None:
    """Below the change to the functions themselves, and beyond."""
    x = np.array([0.0, 1.0, 7.0, most])
    value, slope = rising(0.7, x)
    assert value == pytest.approx(gammaln(0.7 + x) - gammaln(0.7), rel=1e-12)
    assert slope == pytest.approx(psi(0.7 + x) - psi(0.7), rel=1e-12)
    stays, in_a, in_b = staying(0.8, 2.5, x)
    assert stays == pytest.approx(betaln(0.8, 2.5 + x) - betaln(0.8, 2.5), abs=1e-11)
    assert in_a == pytest.approx(psi(3.3) - psi(3.3 + x), abs=1e-11)
    assert in_b == pytest.approx(in_a + psi(2.5 + x) - psi(2.5), abs=1e-11)


def test_sums_of_factors_keep_their_digits_for_large_parameters() -> None:
    """Where all customers are alike: Γ(r + 2)/Γ(r) is r·(r + 1)."""
    value, _ = rising(1e9, np.array([2.0]))
    assert value[0] == pytest.approx(math.log(1e9) + math.log(1e9 + 1), rel=1e-15)


def by_series(k: float, z: float, a: float, b: float) -> float:
    """Orders one by one: P(the next one comes) × P(the customer is still there for it)."""
    j = np.arange(100_000.0)
    stays = np.exp(betaln(a, b + j) - betaln(a, b))
    return float((betainc(j + 1.0, k, z / (1.0 + z)) * stays).sum())


@pytest.mark.parametrize("seed", range(40))
def test_thinned_orders_are_the_sum_over_orders(seed: int) -> None:
    """The integral meets the sum of positive terms over the orders themselves, far and wide."""
    rng = np.random.default_rng(seed)
    k, z, a, b = 10.0 ** rng.uniform([-2, -3, -2, -2], [2.3, 1, 3, 3.5])
    found = thinned_orders(one(k), one(z), a, one(b))[0]
    assert found == pytest.approx(by_series(k, z, a, b), rel=1e-9)


@pytest.mark.parametrize("a", [1.0, 1.0 + 1e-9, 1.0 - 1e-9])
def test_thinned_orders_have_a_limit_at_a_of_1(a: float) -> None:
    """Where the closed form divides by 0."""
    found = thinned_orders(one(2.5), one(1.5), a, one(3.0))[0]
    assert found == pytest.approx(by_series(2.5, 1.5, a, 3.0), rel=1e-10)


@pytest.mark.parametrize("x", [0.0, 2.0, 7.0])
def test_expected_orders_equation_10_of_fader_hardie_lee_2005(x: float) -> None:
    """The closed form with a hypergeometric function, where it is well behaved."""
    r, alpha, a, b = GEOMETRIC
    age, t = 30.0, 20.0
    z = t / (alpha + age + t)
    ratio = ((alpha + age) / (alpha + age + t)) ** (r + x)
    inner = 1 - ratio * hyp2f1(r + x, b + x, a + b + x - 1, z)
    closed = (a + b + x - 1) / (a - 1) * inner
    found = KERNELS["bg"].orders(np.array(GEOMETRIC), one(x), one(age), one(t))[0]
    assert found == pytest.approx(closed, rel=1e-10)


@pytest.mark.parametrize("s", [0.8, 1.0, 2.5])
def test_expected_orders_of_the_pareto_nbd_are_the_time_left_at_the_rate(s: float) -> None:
    """The mean rate times the mean time until death or the horizon."""
    p = (0.6, 3.0, s, 5.0)
    found = KERNELS["pareto"].orders(np.array(p), one(2), one(30), one(20))[0]
    left = integrate.quad(lambda y: (35.0 / (35.0 + y)) ** s, 0, 20)[0]
    assert found == pytest.approx(2.6 / 33.0 * left, rel=1e-10)


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("x", [0.0, 6.0])
def test_probabilities_of_orders_sum_to_1_and_have_the_mean(name: str, x: float) -> None:
    """The distribution of the number of orders agrees with its expectation."""
    p = np.array(PARETO if name == "pareto" else GEOMETRIC)
    n = np.arange(400.0)
    orders_so_far, age, ahead = (np.full(len(n), v) for v in (x, 20.0, 30.0))
    chance = KERNELS[name].counts(p, orders_so_far, age, ahead, n)
    assert chance.min() >= 0.0
    assert chance.sum() == pytest.approx(1.0, abs=1e-9)
    orders = KERNELS[name].orders(p, one(x), one(20.0), one(30.0))[0]
    assert (n * chance).sum() == pytest.approx(orders, rel=1e-8)
    first = KERNELS[name].first_counts(p, np.full(len(n), 30.0), n)
    assert first.sum() == pytest.approx(1.0, abs=1e-9)
    assert (n * first).sum() == pytest.approx(KERNELS[name].first_orders(p, one(30.0))[0], rel=1e-8)


@pytest.mark.parametrize("name", KERNELS)
def test_many_orders_are_followed_without_loss(name: str) -> None:
    """A customer of two thousand orders: probabilities still sum to 1."""
    p = np.array([0.5, 2.0, 0.1, 50.0])
    n = np.arange(6_000.0)
    orders_so_far, age, ahead = (np.full(len(n), v) for v in (2_000.0, 100.0, 50.0))
    chance = KERNELS[name].counts(p, orders_so_far, age, ahead, n)
    assert chance.sum() == pytest.approx(1.0, abs=1e-6)
    orders = KERNELS[name].orders(p, one(2_000), one(100), one(50))[0]
    assert (n * chance).sum() == pytest.approx(orders, rel=1e-6)
