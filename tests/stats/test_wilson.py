"""Wilson's interval reproduces published values and never leaves [0, 1]."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.stats.wilson import two_sided_z, wilson_interval

NEWCOMBE_1998 = ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
                 (1, 29, 0.0061, 0.1718))  # fmt: skip


@pytest.mark.parametrize(("k", "n", "low", "high"), NEWCOMBE_1998)
def test_newcombe_1998_table_i_score_method(k: int, n: int, low: float, high: float) -> None:
    """Newcombe (1998), Two-sided confidence intervals for the single proportion, Statistics in
    Medicine 17, table I, method 3.
    """
    found = wilson_interval([k], [n])
    assert (found[0][0], found[1][0]) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.floats(0.01, 0.999))
def test_the_interval_holds_the_rate_and_mirrors(won: int, lost: int, level: float) -> None:
    """It lies in [0, 1] around the observed rate, and that of the losses is its mirror image."""
    low, high = (end[0] for end in wilson_interval([won], [won + lost], level=level))
    if won + lost == 0:
        assert math.isnan(low)
        assert math.isnan(high)
        return
    assert 0.0 <= low <= won / (won + lost) + 1e-12
    assert won / (won + lost) - 1e-12 <= high <= 1.0
    mirrored = wilson_interval([lost], [won + lost], level=level)
    assert (1.0 - mirrored[1][0], 1.0 - mirrored[0][0]) == pytest.approx((low, high), abs=1e-12)


def test_unknown_counts_have_no_interval() -> None:
    """NaN stays NaN, and moves nobody else."""
    low, high = wilson_interval([1, np.nan, 1], [2, 2, np.nan])
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [False, True, True]
    assert wilson_interval([], [])[0].shape == (0,)


def test_the_quantile_of_95_percent() -> None:
    """1.96, as every table has it."""
    assert two_sided_z(0.95) == pytest.approx(1.959964, abs=1e-6)


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: wilson_interval([3], [2]), ka.RowError, "3 of 2"),
        (lambda: wilson_interval([-1], [2]), ka.RowError, "-1 of 2"),
        (lambda: wilson_interval([1, 2], [2]), ka.ColumnError, "differ in length"),
        (lambda: wilson_interval([1], [2], level=1), ka.SpecError, "level must be above 0"),
        (lambda: wilson_interval([1], [2], level=math.nan), ka.SpecError, "and below 1"),
    ],
)
def test_what_cannot_be_is_refused(call: Any, error: Any, said: str) -> None:
    """Impossible counts and levels are typed errors that show the value."""
    with pytest.raises(error, match=said):
        call()
