"""Weights from an order of criteria, and equal weights."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.errors import WeightsError
from keyaccount.scoring.weights import (
    Weights,
    equal_weights,
    rank_order_centroid_weights,
    rank_reciprocal_weights,
    rank_sum_weights,
)

Build = Callable[[Any], Weights]
RANKED = [rank_order_centroid_weights, rank_sum_weights, rank_reciprocal_weights]
ALL = [equal_weights, *RANKED]
NAMES = ("a", "b", "c", "d")


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (
            rank_order_centroid_weights,
            [0.5208333333333334, 0.2708333333333333, 0.14583333333333334, 0.0625],
        ),
        (rank_sum_weights, [0.4, 0.3, 0.2, 0.1]),
        (rank_reciprocal_weights, [0.48, 0.24, 0.16, 0.12]),
        (equal_weights, [0.25, 0.25, 0.25, 0.25]),
    ],
)
def test_barron_1992_and_stillwell_1981_four_criteria(build: Build, expected: list[float]) -> None:
    """The closed forms for four criteria, to 1e-12."""
    weights = build(NAMES)
    assert weights.names == NAMES
    np.testing.assert_allclose(weights, expected, rtol=0, atol=1e-12)


@given(st.integers(min_value=1, max_value=300), st.sampled_from(ALL))
def test_weights_of_any_number_of_criteria_sum_to_one(n: int, build: Build) -> None:
    """The sum is 1 within 1e-12."""
    weights = build(f"c{i}" for i in range(n))
    assert len(weights) == n
    assert abs(math.fsum(weights.values()) - 1.0) < 1e-12


@given(st.integers(min_value=2, max_value=60), st.sampled_from(RANKED))
def test_the_more_important_weighs_more(n: int, build: Build) -> None:
    """Weights fall strictly with the rank and stay above 0."""
    vector = np.asarray(build(f"c{i}" for i in range(n)))
    assert (np.diff(vector) < 0.0).all()
    assert vector[-1] > 0.0


@given(st.integers(min_value=1, max_value=300))
def test_equal_weights_are_equal(n: int) -> None:
    """Every criterion has exactly 1/n."""
    assert set(equal_weights(f"c{i}" for i in range(n)).values()) == {1.0 / n}


@given(st.integers(min_value=1, max_value=7))
def test_the_centroid_is_the_mean_of_the_corners(n: int) -> None:
    """Corner k gives the first k criteria 1/k each; the centroid is the mean of all corners."""
    corners = [[1.0 / k] * k + [0.0] * (n - k) for k in range(1, n + 1)]
    weights = rank_order_centroid_weights(f"c{i}" for i in range(n))
    np.testing.assert_allclose(weights, np.mean(corners, axis=0), rtol=1e-14)


@pytest.mark.parametrize("build", ALL)
@pytest.mark.parametrize("bad", [(), "abc", b"abc", ("a", "a"), ("a", ""), (1, 2), 3, None])
def test_bad_names_are_refused(build: Build, bad: Any) -> None:
    """No name, one text, a name twice, a blank one and what is no text are refused."""
    with pytest.raises(WeightsError):
        build(bad)
