"""Plausible slips get an error of the library, never a bare one of Python or numpy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import keyaccount as ka

BOOK = {"id": ["a", "b"], "parent": [None, "a"], "sales": [1.0, 2.0]}


def _scores() -> ka.Scores:
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("a", column="a", value=ka.Linear(0, 1))], weights={"a": 1}
    )
    return scorer.score({"a": [0.1, 0.9]})


def _any(value: object) -> Any:
    """Pass what a type checker would refuse."""
    return value


def _twice() -> pd.DataFrame:
    return pd.DataFrame([[1.0, 2.0]], columns=["a", "a"])


SLIPS: dict[str, Callable[[], object]] = {
    "one word for every column": lambda: ka.roll_up(
        BOOK, id="id", parent="parent", how=_any("sum")
    ),
    "a list for a rule": lambda: ka.roll_up(
        BOOK, id="id", parent="parent", how=_any({"sales": ["sum"]})
    ),
    "scores for a selection": lambda: ka.sensitivity(_any(_scores())),
    "scores for a selection, drawn": lambda: ka.stability(
        _any(_scores()), rng=np.random.default_rng(0)
    ),
    "an id for a row": lambda: _scores().row(_any("a")),
    "a row that is not there": lambda: _scores().row(2),
    "two columns of a name": lambda: _twice().pipe(
        lambda frame: ka.CompositeScorer(
            criteria=[ka.Criterion("a", column="a", value=ka.Linear(0, 1))], weights={"a": 1}
        ).score(frame)
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_gets_a_fact_and_a_hint(slip: str) -> None:
    """Each says what was met and what to do."""
    with pytest.raises(ka.KeyAccountError) as caught:
        SLIPS[slip]()
    assert caught.value.fact
    assert caught.value.hint
