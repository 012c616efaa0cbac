"""Sums of many numbers by whole numbers: to the last bit what ``math.fsum`` gives."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyaccount.stats import _whole
from keyaccount.stats._whole import rounded_sum

FLOATS = st.floats(-1e300, 1e300, allow_nan=False)


@settings(max_examples=60)
@given(st.lists(FLOATS, min_size=1, max_size=12), st.integers(100, 400), st.integers(0, 9))
def test_many_numbers_are_rounded_once(few: list[float], times: int, seed: int) -> None:
    """Whatever their sizes and signs, and in any order."""
    values = np.random.default_rng(seed).permutation(np.repeat(few, times))
    expected = math.fsum(values.tolist())
    assert rounded_sum(values) == expected
    assert rounded_sum(values[::-1]) == expected


@pytest.mark.parametrize("spread", [0, 1, 20, 300, 900])
def test_levels_of_any_width(spread: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers of one size, of many, and too near the end of float64 to be scaled."""
    monkeypatch.setattr(_whole, "_FEW", 0)
    rng = np.random.default_rng(spread)
    for n in (1, 2, 3, 1_000, 5_000):
        values = rng.normal(size=n) * 2.0 ** rng.integers(-spread, spread + 1, n)
        assert rounded_sum(values) == math.fsum(values.tolist())


def test_ties_and_what_cancels() -> None:
    """Half a bit goes to the even number, a bit more than half up; large ones may cancel."""
    values = np.zeros(2_000)
    assert rounded_sum(values) == 0.0
    values[:2] = 2.0**53, 1.0
    assert rounded_sum(values) == 2.0**53
    values[2] = 2.0**-60
    assert rounded_sum(values) == 2.0**53 + 2.0
    values[3:5] = -(2.0**53), -1.0
    assert rounded_sum(values) == 2.0**-60
    tiny = np.full(2_000, 5e-324)
    assert rounded_sum(tiny) == 2_000 * 5e-324
