"""Chains of a known matrix: published values, hand-worked ones, and what cannot be."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import stage_chains

MIGRATION = ka.StageChain(
    states=("1", "2", "3", "4", "lost"),
    matrix=(
        (0.3, 0.7, 0, 0, 0),
        (0.2, 0, 0.8, 0, 0),
        (0.15, 0, 0, 0.85, 0),
        (0.05, 0, 0, 0, 0.95),
        (0, 0, 0, 0, 1),
    ),
    absorbing=("lost",),
)
REWARDS = (36.0, -4.0, -4.0, -4.0, 0.0)


@pytest.mark.parametrize(
    ("horizon", "expected"),
    [(4, (50.115, 4.220, 0.592, -1.980, 0.0)), (None, (52.320, 5.554, 1.251, -1.820, 0.0))],
)
def test_pfeifer_and_carraway_2000_migration(horizon: int | None, expected: Any) -> None:
    """A customer brings 40 and each contact costs 4, at 20 % a period; lost after four periods."""
    found = MIGRATION.value(REWARDS, discount=0.2, horizon=horizon)
    assert found.tolist() == pytest.approx(expected, abs=0.0006)


def test_pfeifer_and_carraway_2000_retention() -> None:
    """Kept with probability r: the series m (1 + d) / (1 + d - r), worked by hand."""
    chain = ka.StageChain(states=("kept", "lost"), matrix=((0.8, 0.2), (0, 1)))
    assert chain.value((100, 0), discount=0.25).tolist() == pytest.approx([100 * 1.25 / 0.45, 0])
    assert chain.value({"kept": 100}, discount=0).tolist() == pytest.approx([500, 0])
    assert chain.value((100, 0), discount=0, horizon=0).tolist() == [100, 0]
    assert chain.value((100, 0), discount=0, horizon=2).tolist() == pytest.approx([244, 0])
    assert chain.expected_periods_to("lost").tolist() == pytest.approx([5, 0])
    assert chain.expected_periods_to("kept").tolist() == [0, math.inf]


def test_the_gamblers_ruin_worked_by_hand() -> None:
    """A fair walk between two ends: chances 1/3 and 2/3, and an end is not surely reached."""
    chain = ka.StageChain(
        states=("poor", "low", "high", "rich"),
        matrix=((1, 0, 0, 0), (0.5, 0, 0.5, 0), (0, 0.5, 0, 0.5), (0, 0, 0, 1)),
    )
    mix = chain.long_run()
    assert mix[1].tolist() == pytest.approx([2 / 3, 0, 0, 1 / 3])
    assert mix[2].tolist() == pytest.approx([1 / 3, 0, 0, 2 / 3])
    assert chain.expected_periods_to("rich").tolist() == [math.inf, math.inf, math.inf, 0]
    assert chain.expected_periods_to("low").tolist() == [math.inf, 0, math.inf, math.inf]


def test_a_periodic_chain_has_its_average() -> None:
    """To and fro: half the time in each."""
    chain = ka.StageChain(states=("a", "b"), matrix=((0, 1), (1, 0)))
    assert chain.long_run().tolist() == [[0.5, 0.5], [0.5, 0.5]]
    assert chain.expected_periods_to("b").tolist() == [1, 0]


def test_rare_moves_lose_no_digits() -> None:
    """Left once in 10¹⁵ periods: the wait is 10¹⁵, not what rounding leaves of 1 - p."""
    chain = ka.StageChain(states=("stay", "go"), matrix=((1 - 1e-15, 1e-15), (0, 1)))
    assert chain.expected_periods_to("go")[0] == pytest.approx(1e15)
    assert chain.value((1, 0), discount=0)[0] == pytest.approx(1e15)


def test_a_projection_worked_by_hand() -> None:
    """Ten accounts that churn by a tenth: binomial spread."""
    chain = ka.StageChain(states=("active", "churn"), matrix=((0.9, 0.1), (0, 1)))
    found = chain.project({"active": 10}, periods=2)
    assert found.expected.tolist() == [[10, 0], [9, 1], pytest.approx([8.1, 1.9])]
    assert found.sd[:, 0].tolist() == pytest.approx(
        [0, math.sqrt(0.9), math.sqrt(10 * 0.81 * 0.19)]
    )
    assert list(found.columns()) == ["periods_ahead", "active", "churn", "active_sd", "churn_sd"]
    assert found.row(2)["active"] == "8.1 ± 1.24"
    assert len(found) == 3
    assert "10 accounts over 2 periods" in repr(found)
    assert "<table" in found._repr_html_()


@settings(max_examples=80)
@given(stage_chains(), st.data())
def test_projecting_keeps_every_account(chain: ka.StageChain, data: st.DataObject) -> None:
    """Totals stay; nothing is below 0; two steps are two times one step; linear in the counts."""
    k = len(chain.states)
    counts = np.array(data.draw(st.lists(st.integers(0, 500), min_size=k, max_size=k)), float)
    found = chain.project(counts, 4).expected
    np.testing.assert_allclose(found.sum(axis=1), counts.sum(), atol=1e-9)
    assert (found >= 0.0).all()
    np.testing.assert_allclose(chain.project(found[2], 2).expected[2], found[4], atol=1e-9)
    np.testing.assert_allclose(chain.project(3 * counts, 4).expected, 3 * found, atol=1e-9)


@settings(max_examples=80)
@given(stage_chains(), st.data(), st.sampled_from([0.05, 0.2, 1.0]))
def test_values_are_linear_and_long_horizons_reach_the_infinite_one(
    chain: ka.StageChain, data: st.DataObject, discount: float
) -> None:
    """Twice the reward is twice the value; one period more adds at most the discounted largest."""
    k = len(chain.states)
    numbers = st.lists(st.integers(-50, 50), min_size=k, max_size=k)
    a, b = (np.array(data.draw(numbers), float) for _ in range(2))
    both = chain.value(2 * a + b, discount=discount)
    alone = 2 * chain.value(a, discount=discount) + chain.value(b, discount=discount)
    np.testing.assert_allclose(both, alone, atol=1e-7)
    far = chain.value(a, discount=discount, horizon=400)
    np.testing.assert_allclose(far, chain.value(a, discount=discount), atol=1e-4)
    one = np.ones(k)
    np.testing.assert_allclose(chain.value(one, discount=discount), (1 + discount) / discount)


@settings(max_examples=80)
@given(stage_chains())
def test_the_long_run_is_where_nothing_moves_any_more(chain: ka.StageChain) -> None:
    """Each row is a mix that the matrix leaves as it is; mixing the starts mixes the ends."""
    mix, matrix = chain.long_run(), np.array(chain.matrix)
    np.testing.assert_allclose(mix.sum(axis=1), 1.0, atol=1e-9)
    np.testing.assert_allclose(mix @ matrix, mix, atol=1e-9)
    np.testing.assert_allclose(matrix @ mix, mix, atol=1e-9)


@settings(max_examples=80)
@given(stage_chains(), st.data())
def test_the_wait_is_one_period_more_than_that_of_the_next_state(
    chain: ka.StageChain, data: st.DataObject
) -> None:
    """The first-step equations, also where a wait is infinite."""
    target = data.draw(st.integers(0, len(chain.states) - 1))
    wait = chain.expected_periods_to(chain.states[target])
    assert wait[target] == 0.0
    for i, row in enumerate(chain.matrix):
        if i != target:
            ahead = sum(p * wait[j] for j, p in enumerate(row) if p)
            assert wait[i] == pytest.approx(1 + ahead, rel=1e-6)


def test_endless_counts_have_a_narrow_interval() -> None:
    """A thousand thousand million transitions."""
    counted = ka.StageChain.of_counts(("a", "b"), ((1e12, 3e12), (0, 1)))
    low, high = counted.interval()
    assert low[0, 0] == pytest.approx(0.25, abs=1e-4)
    assert low[0, 0] < 0.25 < high[0, 0]


def chain(**fields: Any) -> ka.StageChain:
    """Build a chain of two states with fields changed."""
    return ka.StageChain(**{"states": ("a", "b"), "matrix": ((0.5, 0.5), (0, 1)), **fields})


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: chain(states=()), ka.SpecError, "must name a state"),
        (lambda: chain(states=("a", "a")), ka.SpecError, "unique"),
        (lambda: chain(matrix=((0.5, 0.5),)), ka.SpecError, "2 rows of 2 numbers"),
        (lambda: chain(matrix=((0.5, 0.4), (0, 1))), ka.SpecError, "from 'a' must sum to 1"),
        (lambda: chain(matrix=((1.5, -0.5), (0, 1))), ka.SpecError, r"probabilities in \[0, 1\]"),
        (lambda: chain(matrix=((math.nan, 1), (0, 1))), ka.SpecError, "finite"),
        (lambda: chain(matrix="ab"), ka.SpecError, "rows of"),
        (lambda: chain(absorbing="a"), ka.SpecError, "'a' must stay where it is"),
        (lambda: chain(absorbing=("c",)), ka.SpecError, "must be one of 'a', 'b'"),
        (lambda: chain(counts=((1, 2), (3, -4))), ka.SpecError, "at least 0"),
        (lambda: chain(order=0.5), ka.SpecError, "ChainTest"),
        (lambda: chain(spacing=(3, 2)), ka.SpecError, "rising"),
        (lambda: chain().value((1,), discount=0.1), ka.SpecError, "rewards must be 2 numbers"),
        (lambda: chain().value({"c": 1}, discount=0.1), ka.SpecError, "rewards must be one of"),
        (lambda: chain().value((1, math.inf), discount=0.1), ka.SpecError, "rewards of 'b'"),
        (lambda: chain().value((1, 1), discount=-0.1), ka.SpecError, "at least 0"),
        (lambda: chain().value((1, 1), discount=0), ka.SpecError, "'b' pays for ever"),
        (lambda: chain().value((1, 1), discount=0.1, horizon=-1), ka.SpecError, "horizon"),
        (lambda: chain().project((1, -1), 2), ka.SpecError, "counts must be at least 0"),
        (lambda: chain().project((1, 1), -1), ka.SpecError, "periods"),
        (lambda: chain().expected_periods_to("churn"), ka.SpecError, "state must be one of"),
        (lambda: chain().value((1e308, 1e308), discount=1e-6), ka.KeyAccountError, "not fit"),
        (
            lambda: chain().value((1e308, 1e308), discount=0, horizon=5),
            ka.KeyAccountError,
            "may not fit a float64",
        ),
        (lambda: chain().interval(), ka.NotFittedError, "interval"),
    ],
)
def test_what_cannot_be_is_refused(call: Any, error: type[Exception], said: str) -> None:
    """A typed error that shows the value."""
    with pytest.raises(error, match=said):
        call()


TWO = ka.StageChain(states=("a", "b"), matrix=((0.9, 0.1), (0.3, 0.7)))
ONE: dict[str, Any] = {"account": ["A"], "period": [1], "state": ["a"]}
NOTHING: Any = None


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ka.StageChain.of_counts(("a", "b"), NOTHING), "counts must be numbers"),
        (lambda: ka.StageChain.fit(ONE, absorbing=NOTHING), "absorbing must be a sequence"),
        (lambda: TWO.project([1, 2], 10**13), "periods must be at most"),
        (lambda: TWO.value([1, 2], discount=0.1, horizon=10**8), "horizon must be at most"),
    ],
)
def test_what_is_missing_or_without_end_is_refused(call: Any, said: str) -> None:
    """A typed error at once."""
    with pytest.raises(ka.SpecError, match=said):
        call()
