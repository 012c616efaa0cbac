"""Skill: by what share one forecast errs less than another, case by case."""

from __future__ import annotations

import math

import numpy as np
import pytest

from keyaccount.stats.skill import in_percent, skill_of


def test_a_skill_and_its_interval_done_by_hand() -> None:
    """Errors of 1, 2, 3 against 4, 4, 4: half as large, by differences of 3, 2, 1."""
    found = skill_of(np.array([1.0, 2.0, 3.0]), np.array([4.0, 4.0, 4.0]), z=2.0)
    reach = 2.0 * (1.0 / math.sqrt(3.0)) / 4.0
    assert found == pytest.approx((0.5, 0.5 - reach, 0.5 + reach))


def test_nothing_is_better_than_a_forecast_that_never_errs() -> None:
    """There is no skill to tell, rather than one below every number."""
    assert all(math.isnan(part) for part in skill_of(np.ones(3), np.zeros(3), z=2.0))


def test_one_case_has_a_skill_without_an_interval() -> None:
    """How much cases differ is not told by one."""
    found = skill_of(np.array([1.0]), np.array([4.0]), z=2.0)
    assert found.skill == pytest.approx(0.75)
    assert math.isnan(found.low)
    assert math.isnan(found.high)


@pytest.mark.parametrize(
    ("share", "text"), [(0.2534, "25.3 %"), (-0.0421, "−4.2 %"), (-0.0001, "0.0 %")]
)
def test_a_skill_is_written_in_percent(share: float, text: str) -> None:
    """With a real minus sign, and none where it rounds to nothing."""
    assert in_percent(share) == text
