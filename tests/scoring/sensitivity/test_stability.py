"""`stability`: how often an account stays selected when the weights vary."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka

COLUMNS = {"a": [0.9, 0.5, 0.1, 0.6], "b": [0.3, 0.8, 0.1, 0.5], "c": [0.5, 0.5, 0.1, 0.5]}
WEIGHTS = {"a": 0.5, "b": 0.5, "c": 0.0}


def choose(
    rule: Any = ka.TopCount(1),  # noqa: B008 - frozen
    *,
    columns: Any = COLUMNS,
    aggregate: Any = "sum",
    weights: Any = WEIGHTS,
    **arguments: Any,
) -> ka.Selection:
    """Choose from four accounts, the third the worst on every criterion."""
    fitted = ka.CompositeScorer(
        criteria=[ka.Criterion(name, column=name, value=ka.Linear(0, 1)) for name in weights],
        weights=weights,
        aggregate=aggregate,
    ).fit(columns)
    return ka.select(fitted.score(columns), rule, **arguments)


def rng(seed: int = 7) -> np.random.Generator:
    """Make a seeded generator."""
    return np.random.default_rng(seed)


@pytest.mark.parametrize("aggregate", ["sum", "product", "topsis"])
def test_the_same_seed_gives_the_same_answer(aggregate: str) -> None:
    """Under every aggregation; another seed draws other weights."""
    chosen = choose(aggregate=aggregate)
    one, two, other = (ka.stability(chosen, rng=rng(seed), draws=60) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.probability, two.probability)
    np.testing.assert_array_equal(one.weights, two.weights)
    assert (one.weights != other.weights).any()
    assert one.probability.sum() == pytest.approx(1.0)  # one seat in every draw
    assert 0.0 < one.probability[0] < 1.0


@given(st.permutations(range(4)))
@settings(max_examples=15)
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    """Rows permuted give the probabilities permuted, bit by bit."""
    plain = ka.stability(choose(), rng=rng(), draws=40).probability
    permuted = choose(columns={name: [x[i] for i in order] for name, x in COLUMNS.items()})
    np.testing.assert_array_equal(
        ka.stability(permuted, rng=rng(), draws=40).probability, plain[order]
    )


def test_what_no_weight_can_change_is_certain() -> None:
    """Worse on every criterion than all others: never; included: always; excluded: never."""
    chosen = choose(ka.TopCount(3))
    probability = ka.stability(chosen, rng=rng(), draws=50, concentration=1.0).probability
    np.testing.assert_array_equal(probability, [1.0, 1.0, 0.0, 1.0])
    overridden = choose(
        ka.TopCount(2),
        ids=list("pqrs"),
        overrides=[
            ka.Override("r", include=True, reason="why", approved_by="VP"),
            ka.Override("p", include=False, reason="why", approved_by="VP"),
        ],
    )
    probability = ka.stability(overridden, rng=rng(), draws=50).probability
    assert probability[[0, 2]].tolist() == [0.0, 1.0]
    assert probability[[1, 3]].sum() == pytest.approx(1.0)


def test_holds_groups_and_caps_stay_as_they_are() -> None:
    """A long hold makes an incumbent certain; a seat per group goes to somebody of the group."""
    held = choose(ids=list("pqrs"), incumbents=["r"], hold=1.0)
    assert ka.stability(held, rng=rng(), draws=30).probability.tolist() == [0.0, 0.0, 1.0, 0.0]
    capped = choose(ids=list("pqrs"), incumbents=["r"], max_changes=0)
    assert ka.stability(capped, rng=rng(), draws=30).probability.tolist() == [0.0, 0.0, 1.0, 0.0]
    grouped = choose(within=["x", "x", "y", "y"])
    probability = ka.stability(grouped, rng=rng(), draws=30).probability
    assert probability[:2].sum() == pytest.approx(1.0)
    assert probability[2:].tolist() == [0.0, 1.0]


def test_drawn_weights_keep_to_the_stated_ones() -> None:
    """They sum to 1, have the stated mean and spread, and a weight of 0 stays 0."""
    found = ka.stability(
        choose(weights={"a": 0.35, "b": 0.65, "c": 0.0}), rng=rng(), draws=4000, concentration=100.0
    )
    assert found.weights.shape == (4000, 3)
    np.testing.assert_allclose(found.weights.sum(axis=1), 1.0, atol=1e-12)
    assert not found.weights[:, 2].any()
    np.testing.assert_allclose(found.weights.mean(axis=0), [0.35, 0.65, 0.0], atol=0.005)
    assert found.weights[:, 0].std() == pytest.approx(np.sqrt(0.35 * 0.65 / 101), rel=0.05)


def test_one_weight_of_1_does_not_vary() -> None:
    """With nothing to share, every draw is the stated weight."""
    chosen = choose(weights={"a": 1.0, "b": 0.0, "c": 0.0})
    found = ka.stability(chosen, rng=rng(), draws=10)
    np.testing.assert_array_equal(found.probability, chosen.is_key.astype(float))


@pytest.mark.parametrize("concentration", [1e-9, 1e-3, 1.0, 1e12])
def test_any_concentration_gives_weights(concentration: float) -> None:
    """From one weight that takes all to weights that do not move."""
    chosen = choose(weights={"a": 1e-12, "b": 0.5, "c": 0.5 - 1e-12})
    found = ka.stability(chosen, rng=rng(), draws=20, concentration=concentration)
    assert np.isfinite(found.weights).all()
    np.testing.assert_allclose(found.weights.sum(axis=1), 1.0, atol=1e-9)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"rng": None}, "rng=. must be a numpy Generator"),
        ({"rng": 7}, "rng=. must be a numpy Generator"),
        ({"rng": np.random.RandomState(1)}, "rng=. must be a numpy Generator"),
        ({"draws": 0}, "draws=. must be a whole number"),
        ({"draws": 1.5}, "draws=. must be a whole number"),
        ({"draws": True}, "draws=. must be a whole number"),
        ({"draws": "many"}, "draws=. must be a whole number"),
        ({"concentration": 0.0}, "concentration=. must be above 0"),
        ({"concentration": -1}, "concentration=. must be above 0"),
        ({"concentration": float("nan")}, "concentration=. must be above 0"),
        ({"concentration": float("inf")}, "concentration=. must be above 0"),
        ({"concentration": 1e300}, "concentration=. must be above 0"),
        ({"concentration": "close"}, "concentration=. must be above 0"),
    ],
)
def test_arguments_that_cannot_be(arguments: dict[str, Any], error: str) -> None:
    """Each meets a typed error that names it."""
    given: dict[str, Any] = {"rng": rng()} | arguments
    with pytest.raises(ka.SpecError, match=error):
        ka.stability(choose(), **given)


def test_plain_numbers_have_no_weights() -> None:
    """Nothing is known of how they came about."""
    with pytest.raises(ka.SelectionError, match="plain numbers"):
        ka.stability(ka.select([0.1, 0.2], ka.TopCount(1)), rng=rng())
