"""Learning: what a public fit takes, and what does not stop a book from being learned."""

from __future__ import annotations

import numpy as np
import pytest

import keyaccount as ka

LEARNING = [
    ka.Percentile(),
    ka.Percentile(falling=True),
    ka.ObservedRange(0.1, 0.9),
    ka.Ratio(to="max"),
    ka.Ratio(to="sum", falling=True),
]


@pytest.mark.parametrize("function", LEARNING)
def test_fit_takes_values_in_any_order(function: ka.ValueFunction) -> None:
    """Order, missing and infinite values, and the kind of container teach nothing."""
    rising = np.array([1.0, 2.0, 5.0, 8.0])
    fitted = function.fit(rising)
    assert fitted != function
    assert function.fit([8, 2, float("nan"), 5, float("inf"), 1]) == fitted


def test_fit_leaves_out_what_a_function_cannot_judge() -> None:
    """A falling ratio has no use for values of 0 and below."""
    ratio = ka.Ratio(to="max", falling=True)
    assert ratio.fit([-3.0, 0.0, 4.0, 2.0]).reference == 2.0


@pytest.mark.parametrize("values", [[], [float("nan"), float("inf")], [float("nan")]])
def test_fit_refuses_to_learn_from_nothing(values: list[float]) -> None:
    """Nothing known is a clear error, and a stated function needs no data at all."""
    with pytest.raises(ka.NotEnoughDataError, match="Percentile"):
        ka.Percentile().fit(values)
    assert ka.Linear(0, 1).fit(values) == ka.Linear(0, 1)


def _scorer(function: ka.ValueFunction, group: str | None) -> ka.CompositeScorer:
    return ka.CompositeScorer(
        criteria=[ka.Criterion("income", column="revenue", value=function)],
        weights={"income": 1},
        group=group,
        min_group=1,
    )


def test_a_group_without_a_constant_is_left_to_the_pool() -> None:
    """A group of zeros has no ratio; the others learn, and it is judged by the pool."""
    book = {"revenue": [0.0, 0.0, 1.0, 2.0], "region": ["x", "x", "y", "y"]}
    scores = _scorer(ka.Ratio(to="max"), "region").fit(book).score(book)
    assert scores.value.tolist() == [0.0, 0.0, 0.5, 1.0]
    assert scores.pooled[:, 0].tolist() == [True, True, False, False]


def test_a_pool_without_a_constant_names_criterion_and_column() -> None:
    """Where nobody can learn, the error says for what."""
    with pytest.raises(ka.SpecError, match=r"'income' cannot learn from column 'revenue'"):
        _scorer(ka.Ratio(to="max"), None).fit({"revenue": [0.0, 0.0]})


def test_values_cannot_be_edited_under_a_rank() -> None:
    """Ranks and selections rest on the values: they are read-only."""
    scores = _scorer(ka.Linear(0, 1), None).score({"revenue": [0.2, 0.4]})
    with pytest.raises(ValueError, match="read-only"):
        scores.value[0] = 1.0
