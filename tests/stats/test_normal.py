"""Group means shrink toward the mean of all, by a strength learned from how they scatter."""

from __future__ import annotations

import math

import numpy as np
import pytest

from keyaccount.errors import SpecError
from keyaccount.stats.normal import shrink_means


def test_the_strength_is_the_ratio_of_the_variances() -> None:
    """Deviation 2 within and 1 between groups: a group's mean is worth four values."""
    rng = np.random.default_rng(4)
    codes = np.repeat(np.arange(2_000), 5)
    values = rng.normal(10.0, 1.0, 2_000)[codes] + rng.normal(0.0, 2.0, len(codes))
    found = shrink_means(values, codes, 2_000)
    assert 3.2 < found.fit.strength < 5.0
    low, high = found.interval(0.9)
    assert ((low < found.mean) & (found.mean < high)).all()
    order = rng.permutation(len(values))
    assert shrink_means(values[order], codes[order], 2_000).mean.tobytes() == found.mean.tobytes()


def test_means_shrink_toward_the_pool_and_few_values_more() -> None:
    """A mean lies between its own and the pool's; a group without values has the pool's."""
    values = np.array([1.0, 2.0, 9.0, 9.5, 8.0, 10.0, 3.0])
    found = shrink_means(values, np.array([0, 0, 1, 1, 1, 1, 2]), 4)
    own = [1.5, 9.125, 3.0]
    for mean, raw in zip(found.mean[:3].tolist(), own, strict=True):
        assert min(raw, found.pool) < mean < max(raw, found.pool)
    m = found.fit.strength
    assert found.mean[2] == pytest.approx((3.0 + m * found.pool) / (1.0 + m))
    assert found.mean[3] == found.pool
    assert math.isnan(found.raw[3])
    assert found.sd[2] > found.sd[0] > found.sd[1]
    above = found.probability_above_pool()
    assert above[1] > 0.9
    assert above[0] < 0.2
    assert above[3] == 0.5


def test_values_all_alike_leave_no_doubt() -> None:
    """Where nothing scatters nothing shrinks, and nothing is known to be above anything."""
    alike = shrink_means(np.array([5.0, 5.0]), np.array([0, 1]), 2)
    assert alike.mean.tolist() == [5.0, 5.0]
    assert np.isnan(alike.probability_above_pool()).all()
    apart = shrink_means(np.array([5.0, 5.0, 7.0, 7.0]), np.array([0, 0, 1, 1]), 2)
    assert apart.mean.tolist() == [5.0, 7.0]
    assert np.isnan(apart.probability_above_pool()).all()
    # seven times the log of 50,000, divided by seven, is a bit off it
    logs = np.log(np.full(7, 50_000.0))
    for codes in (np.array([0, 0, 0, 0, 1, 1, 1]), np.arange(7)):
        found = shrink_means(logs, codes, 7)
        assert (found.pool, found.variance) == (logs[0], 0.0)
        assert np.isnan(found.probability_above_pool()).all()
    with pytest.raises(SpecError, match="level"):
        alike.interval(1.0)
