"""The incomplete beta and gamma functions and their quantiles keep their digits everywhere."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyaccount.errors import ColumnError, RowError
from keyaccount.stats.special import (
    beta_cdf,
    beta_quantile,
    gamma_cdf,
    gamma_quantile,
    log_gamma,
)

# x, a, b, probability: 30 digits of mpmath 1.3 (the last two by exact sums), rounded to float64
BETA = (
    (0.5, 0.001, 0.001, 0.5),
    (1e-30, 0.001, 2.0, 0.9341875550977881),
    (0.3, 0.5, 5.0, 0.9347377538310918),
    (0.99, 20.0, 0.25, 0.2922306727804089),
    (0.68, 34.0, 16.0, 0.48544329305758954),
    (0.01, 3.0, 120.0, 0.12401297502011763),
    (0.9, 150.0, 40.0, 0.9999958702575412),
    (0.515625, 800.0, 750.0, 0.48394789607587363),
    (2.439212288749965e-06, 2.0, 1e6, 0.6999999999914832),
    (0.0010739191496796513, 1000.0, 1e6, 0.990000000000018),
)
# x, shape, probability
GAMMA = (
    (1e-20, 0.001, 0.9555431963033035),
    (2.0, 0.01, 0.9995033354627815),
    (0.25, 0.5, 0.5204998778130465),
    (3.0, 7.5, 0.020252253282186636),
    (40.0, 20.0, 0.9998236971022614),
    (900.0, 1000.0, 0.0005499022657117829),
    (1100.0, 1000.0, 0.99894067674607),
    (995253.7734127986, 1e6, 1.0000071249255554e-06),
)
SHAPES = st.floats(-3.0, 6.0).map(lambda power: 10.0**power)
LEVELS = st.floats(1e-6, 1.0 - 1e-6)


@pytest.mark.parametrize(("x", "a", "b", "expected"), BETA)
def test_beta_mpmath(x: float, a: float, b: float, expected: float) -> None:
    """The regularised incomplete beta function to 12 digits, and its mirror image."""
    assert beta_cdf(x, a, b)[0] == pytest.approx(expected, rel=1e-12)
    assert beta_quantile(expected, a, b)[0] == pytest.approx(x, rel=1e-10)


@pytest.mark.parametrize(("x", "shape", "expected"), GAMMA)
def test_gamma_mpmath(x: float, shape: float, expected: float) -> None:
    """The regularised incomplete gamma function to 12 digits."""
    assert gamma_cdf(x, shape)[0] == pytest.approx(expected, rel=1e-12)
    assert gamma_cdf(x / 4.0, shape, 4.0)[0] == pytest.approx(expected, rel=1e-12)
    assert gamma_quantile(expected, shape)[0] == pytest.approx(x, rel=1e-10)


def test_closed_forms() -> None:
    """Beta(a, 1) is x^a, Gamma(1) is exponential: at the quantile the formulas hold."""
    a, q = (c.ravel() for c in np.meshgrid([0.01, 0.5, 1.0, 7.0, 300.0], [1e-6, 0.3, 0.5, 0.999]))
    np.testing.assert_allclose(beta_quantile(q, a, 1.0), q ** (1.0 / a), rtol=1e-12)
    np.testing.assert_allclose(gamma_quantile(q, 1.0, a), -np.log1p(-q) / a, rtol=1e-12)
    np.testing.assert_allclose(
        log_gamma(np.array([0.5, 6.0])), [math.log(math.pi) / 2, math.log(120)]
    )


@settings(max_examples=60)
@given(st.lists(st.tuples(LEVELS, SHAPES, SHAPES), min_size=1, max_size=5))
def test_a_quantile_has_its_probability_and_its_mirror(rows: list[tuple[float, ...]]) -> None:
    """From probability to point and back; what lies below x for (a, b) lies above 1 − x turned."""
    q, a, b = (np.array(column) for column in zip(*rows, strict=True))
    x, turned = beta_quantile(q, a, b), beta_quantile(1.0 - q, b, a)
    # one unit in the last place of x moves the probability by no more than this
    told = (x > 1e-290) & (turned > 1e-4)
    np.testing.assert_allclose(beta_cdf(x, a, b)[told], q[told], rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose(x + turned, 1.0, atol=1e-9)
    y = gamma_quantile(q, a, b)
    np.testing.assert_allclose(gamma_cdf(y, a, b)[y > 1e-280], q[y > 1e-280], rtol=1e-9)


@settings(max_examples=40)
@given(SHAPES, SHAPES)
def test_both_rise(a: float, b: float) -> None:
    """Quantiles rise in the probability and probabilities in the point."""
    q = np.linspace(0.0, 1.0, 101)
    for points in (beta_quantile(q, a, b), gamma_quantile(q[:-1], a, b), beta_cdf(q, a, b)):
        assert (points[1:] >= points[:-1] * (1.0 - 1e-13)).all()


def test_a_row_does_not_depend_on_the_rows_beside_it() -> None:
    """Alone, in reverse and in a batch, to the last bit."""
    rng = np.random.default_rng(5)
    q, a, b = (
        rng.uniform(0, 1, 200),
        10.0 ** rng.uniform(-2, 5, 200),
        10.0 ** rng.uniform(-2, 5, 200),
    )
    for function in (beta_quantile, beta_cdf, gamma_quantile, gamma_cdf):
        whole = function(q, a, b)
        assert function(q[::-1], a[::-1], b[::-1])[::-1].tobytes() == whole.tobytes()
        alone = [function(*row)[0] for row in zip(q.tolist(), a.tolist(), b.tolist(), strict=True)]
        assert np.array(alone).tobytes() == whole.tobytes()


def test_wide_range_agrees_with_scipy() -> None:
    """Shapes from a thousandth to 10⁵, and probabilities from 10⁻⁶, if scipy is there."""
    special: Any = pytest.importorskip("scipy.special")
    shapes = [1e-3, 0.01, 0.3, 1.0, 2.5, 17.0, 400.0, 1e4, 1e5]
    levels = [1e-6, 0.01, 0.05, 0.5, 0.95, 1.0 - 1e-6]
    a, q = (c.ravel() for c in np.meshgrid(shapes, levels))
    expected = special.gammaincinv(a, q)
    np.testing.assert_allclose(gamma_quantile(q, a), expected, rtol=1e-10, atol=1e-290)
    told = expected > 1e-290
    np.testing.assert_allclose(
        gamma_cdf(expected, a)[told], special.gammainc(a, expected)[told], rtol=1e-10
    )
    a, b, x = (c.ravel() for c in np.meshgrid(shapes, shapes, [1e-6, 0.01, 0.3, 0.5, 0.99]))
    # scipy itself keeps eleven digits at the largest shapes
    np.testing.assert_allclose(beta_cdf(x, a, b), special.betainc(a, b, x), rtol=1e-10, atol=1e-300)


def test_the_ends_are_certain() -> None:
    """A shape of 0 puts everything on its end; nothing lies beyond 0 and 1."""
    x = [-1.0, 0.0, 0.5, 1.0, 2.0, math.nan]
    np.testing.assert_equal(beta_cdf(x, 2.0, 3.0)[[0, 1, 3, 4, 5]], [0, 0, 1, 1, math.nan])
    np.testing.assert_equal(beta_cdf(x, 0.0, 1.0), [0, 1, 1, 1, 1, math.nan])
    np.testing.assert_equal(beta_cdf(x, 1.0, 0.0), [0, 0, 0, 1, 1, math.nan])
    np.testing.assert_equal(beta_cdf(x, 0.0, 0.0), [math.nan] * 6)
    np.testing.assert_equal(gamma_cdf(x, 0.0), [0, 1, 1, 1, 1, math.nan])
    np.testing.assert_equal(gamma_cdf([math.inf], 2.0), [1])
    ends = [0.0, 1.0]
    np.testing.assert_equal(beta_quantile(ends, 2.0, 3.0), [0, 1])
    np.testing.assert_equal(beta_quantile(ends, 0.0, 3.0), [0, 0])
    np.testing.assert_equal(beta_quantile(ends, 3.0, 0.0), [1, 1])
    np.testing.assert_equal(gamma_quantile(ends, 2.0), [0, math.inf])
    np.testing.assert_equal(gamma_quantile(ends, 0.0), [0, 0])
    assert len(beta_cdf([], [], [])) == 0
    assert len(gamma_quantile([], 1.0)) == 0


def test_the_tiniest_and_the_largest_shapes_end() -> None:
    """No shape keeps the search going for ever, or ends it in a warning."""
    for a in (5e-324, 1e-100, 1e-12):
        assert beta_quantile(0.5, a, a)[0] == pytest.approx(0.5, abs=1e-3)
        assert gamma_quantile(0.9, a)[0] == 0.0
        assert beta_quantile(0.1, 1.0, a)[0] == 1.0
    assert gamma_quantile(0.5, 1e7)[0] == pytest.approx(1e7 - 1 / 3, abs=1e-6)  # a − 1/3 + …


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: beta_cdf(0.5, -1, 2), RowError, "'a'.*-1"),
        (lambda: beta_cdf(0.5, 1, 1e12), RowError, "'b'"),
        (lambda: beta_quantile([0.5, 1.5], 1, 2), RowError, "'q'.*row 1: 1.5"),
        (lambda: gamma_quantile(-0.1, 1), RowError, "'q'"),
        (lambda: gamma_cdf(1, 1, 0), RowError, "'rate'"),
        (lambda: gamma_cdf(1, math.inf), RowError, "'shape'"),
        (lambda: beta_cdf([1, 2], [1, 2, 3], 1), ColumnError, "differ in length"),
    ],
)
def test_what_cannot_be_is_refused(call: Any, error: type[Exception], said: str) -> None:
    """Shapes, rates and probabilities out of range are typed errors."""
    with pytest.raises(error, match=said):
        call()
