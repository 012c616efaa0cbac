"""The Gamma-Gamma model of spend."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

import keyaccount as ka
from keyaccount.lifecycle.buying.spend import Spends, mean_log_likelihood
from keyaccount.testing import purchase_histories, spend_models

PUBLISHED = ka.GammaGamma(p=6.25, q=3.74, v=15.44)


@pytest.mark.parametrize(("x", "money"), [(1.0, 20.0), (2.0, 5.0), (9.0, 80.0)])
def test_likelihood_is_its_definition(x: float, money: float) -> None:
    """The mean of x orders is Gamma(p·x, ν·x), and ν is Gamma(q, v)."""
    p, q, v = 6.25, 3.74, 15.44
    population = stats.gamma(q, scale=1 / v)
    found = integrate.quad(
        lambda nu: stats.gamma.pdf(money, p * x, scale=1 / (nu * x)) * population.pdf(nu), 0, 20
    )[0]
    book = Spends(np.array([x]), np.array([money]))
    assert mean_log_likelihood(np.log([p, q, v]), book)[0] == pytest.approx(
        math.log(found), abs=1e-9
    )


def test_expected_spend_fader_hardie_2013_formula() -> None:
    """p·(v + x·m) / (p·x + q − 1): between the customer's own mean and that of all."""
    found = PUBLISHED.expected_spend([0, 3, 3], [np.nan, 50.0, 10.0])
    expected = [6.25 * (15.44 + x * m) / (6.25 * x + 2.74) for x, m in [(0, 0), (3, 50), (3, 10)]]
    assert found == pytest.approx(expected, rel=1e-14)
    assert PUBLISHED.mean == pytest.approx(expected[0], rel=1e-14)


def test_a_fit_finds_the_parameters_of_a_simulation() -> None:
    """Within three standard errors, on three thousand customers."""
    rng = np.random.default_rng(8)
    x = rng.integers(0, 6, 3_000).astype(float)
    nu = rng.gamma(4.0, 1.0 / 20.0, len(x))
    money = rng.gamma(6.0 * np.maximum(x, 1), 1.0 / nu) / np.maximum(x, 1)
    model = ka.GammaGamma.fit(x, np.where(x > 0, money, np.nan))
    assert model.findings == ()
    assert model.facts is not None
    assert model.facts.converged
    assert model.facts.repeaters == int((x > 0).sum())
    for true, found, error in zip(
        (6.0, 4.0, 20.0), model.parameters.values(), model.standard_errors.values(), strict=True
    ):
        assert 0 < error < true
        assert abs(found - true) < 3 * error


def test_order_repetition_and_currency(book: Any) -> None:
    """The order changes no bit, repetition no estimate; another currency scales v alone."""
    x, money = book["frequency"], book["mean_spend"]
    model = ka.GammaGamma.fit(x, money)
    order = np.random.default_rng(0).permutation(len(x))
    assert ka.GammaGamma.fit(x[order], money[order]) == model
    assert ka.GammaGamma.fit(np.tile(x, 2), np.tile(money, 2)).parameters == model.parameters
    other = ka.GammaGamma.fit(x, money * 7.3)
    assert [other.p, other.q, other.v / 7.3] == pytest.approx([model.p, model.q, model.v], rel=1e-6)
    zeros = np.where(x > 0, money, 0.0)
    assert ka.GammaGamma.fit(x, zeros) == model


@settings(max_examples=50)
@given(spend_models(), purchase_histories(), st.floats(0.01, 1e4))
def test_more_spent_lets_expect_more(model: ka.GammaGamma, book: Any, more: float) -> None:
    """Rising in the customer's own mean, above 0, and NaN only where the mean does not exist."""
    x, money = np.array(book["frequency"]), np.array(book["mean_spend"])
    found, later = model.expected_spend(x, money), model.expected_spend(x, money + more)
    exists = model.p * x + model.q > 1.0
    assert (np.isfinite(found) == exists).all()
    assert (later[exists] >= found[exists]).all()
    assert (found[exists] > 0.0).all()


def test_a_mean_that_does_not_exist_is_nan_and_told() -> None:
    """With q ≤ 1, newcomers have no mean; a customer of many orders does."""
    model = ka.GammaGamma(p=0.5, q=0.4, v=10.0)
    found = model.expected_spend([0, 1, 2], [np.nan, 10.0, 10.0])
    assert np.isnan(found).tolist() == [True, True, False]
    assert math.isnan(model.mean)
    assert [f.code for f in model.findings] == ["no_mean"]


def test_unknown_spend_is_the_mean_of_all_and_unknown_orders_are_unknown() -> None:
    """A repeat buyer whose spend is unknown is expected to spend as anyone."""
    found = PUBLISHED.expected_spend([2, np.nan, 0, 2], [np.nan, 5.0, 99.0, np.inf])
    assert found[[0, 2, 3]].tolist() == [PUBLISHED.mean] * 3
    assert np.isnan(found[1])


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: ka.GammaGamma.fit([1.0] * 9, [2.0] * 9), ka.NotEnoughDataError, "9 repeat buyers"),
        (
            lambda: ka.GammaGamma.fit([1.0] * 20, [2.0] * 20),
            ka.NotEnoughDataError,
            "spend the same",
        ),
        (lambda: ka.GammaGamma.fit([0.0] * 20, [np.nan] * 20), ka.NotEnoughDataError, "0 repeat"),
        (lambda: ka.GammaGamma.fit([1.0, 2.0], [0.0, 3.0]), ka.RowError, "row 0: 0.0"),
        (lambda: ka.GammaGamma.fit([1.0, 2.0], [-1.0, 3.0]), ka.RowError, "is below 0"),
        (lambda: ka.GammaGamma.fit([1.5], [3.0]), ka.RowError, "is no count"),
        (lambda: ka.GammaGamma.fit([1.0], [3.0, 4.0]), ka.ColumnError, "differ in length"),
        (lambda: PUBLISHED.expected_spend([1], [-5.0]), ka.RowError, "is below 0"),
    ],
)
def test_what_cannot_be_is_refused(call: Any, error: type[Exception], said: str) -> None:
    """Typed errors that show the value."""
    with pytest.raises(error, match=said):
        call()
