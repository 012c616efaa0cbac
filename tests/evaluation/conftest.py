"""Quarters of one size criterion, whose scores are easily worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

import keyaccount as ka

Make: TypeAlias = Callable[..., ka.Quarter]

SCORER = ka.CompositeScorer(
    criteria=[
        ka.Criterion("sales", column="sales", value=ka.Linear(0, 100)),
        ka.Criterion("potential", column="potential", value=ka.Linear(0, 100)),
    ],
    weights={"sales": 0.5, "potential": 0.5},
)


@pytest.fixture
def quarter() -> Make:
    """Give a maker of quarters: score = sales / 200 + potential / 200."""

    def make(columns: dict[str, Any], *, day: str = "2026-09-30", **more: Any) -> ka.Quarter:
        policy = more.pop("policy", ka.SelectionPolicy(ka.TopCount(2), margin=0.0))
        scorer = more.pop("scorer", SCORER)
        return ka.Quarter(columns, scorer, policy=policy, as_of=day, **more)

    return make
