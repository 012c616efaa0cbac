"""The analytic hierarchy process, against published judgements."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.errors import KeyAccountError, SpecError
from keyaccount.scoring.weights import RANDOM_INDEX_TABLES, AhpWeights, ahp_weights

DRINKS = ("coffee", "wine", "tea", "beer", "soda", "milk", "water")
SAATY_2008_DRINKS: list[list[float]] = [
    [1, 9, 5, 2, 1, 1, 1 / 2],
    [1 / 9, 1, 1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 9],
    [1 / 5, 3, 1, 1 / 3, 1 / 4, 1 / 3, 1 / 9],
    [1 / 2, 9, 3, 1, 1 / 2, 1, 1 / 3],
    [1, 9, 4, 2, 1, 2, 1 / 2],
    [1, 9, 3, 1, 1 / 2, 1, 1 / 3],
    [2, 9, 9, 3, 2, 3, 1],
]
SAATY_1990_HOUSE: list[list[float]] = [
    [1, 5, 3, 7, 6, 6, 1 / 3, 1 / 4],
    [1 / 5, 1, 1 / 3, 5, 3, 3, 1 / 5, 1 / 7],
    [1 / 3, 3, 1, 6, 3, 4, 6, 1 / 5],
    [1 / 7, 1 / 5, 1 / 6, 1, 1 / 3, 1 / 4, 1 / 7, 1 / 8],
    [1 / 6, 1 / 3, 1 / 3, 3, 1, 1 / 2, 1 / 5, 1 / 6],
    [1 / 6, 1 / 3, 1 / 4, 4, 2, 1, 1 / 5, 1 / 6],
    [3, 5, 1 / 6, 7, 5, 5, 1, 1 / 2],
    [4, 7, 5, 8, 6, 6, 2, 1],
]
IMPORTANCE = st.lists(st.floats(min_value=0.1, max_value=9.0), min_size=1, max_size=10)


def _consistent(importance: list[float]) -> Any:
    return np.divide.outer(np.array(importance), np.array(importance))


def test_saaty_2008_drink_consumption() -> None:
    """Weights, eigenvalue and both published consistency ratios of the drinks example."""
    judged = ahp_weights(SAATY_2008_DRINKS, names=DRINKS, random_index="saaty_2005")
    assert judged.weights.names == DRINKS
    expected = [0.177457, 0.019149, 0.041831, 0.116417, 0.189572, 0.128781, 0.326793]
    np.testing.assert_allclose(judged.weights, expected, rtol=0, atol=6e-7)
    assert [round(w, 3) for w in judged.weights.values()] == [
        *(0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327)
    ]
    assert judged.lambda_max == pytest.approx(7.176629, abs=6e-7)
    assert judged.consistency_index == pytest.approx(0.176629 / 6, abs=1e-6)
    assert judged.consistency_ratio == pytest.approx(0.022, abs=0.0006)
    assert judged.consistent
    other = ahp_weights(SAATY_2008_DRINKS, random_index="donegan_dodd_1991")
    assert other.consistency_ratio == pytest.approx(0.0235, abs=0.00006)
    assert other.weights.names == ("c1", "c2", "c3", "c4", "c5", "c6", "c7")


def test_saaty_1990_buying_a_house() -> None:
    """Saaty 1990, How to make a decision (EJOR 48): a ratio above 0.1 is flagged, not refused."""
    judged = ahp_weights(SAATY_1990_HOUSE)
    expected = [0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333]
    np.testing.assert_allclose(judged.weights, expected, rtol=0, atol=0.0005)
    assert judged.lambda_max == pytest.approx(9.669, abs=0.0005)
    assert judged.consistency_index == pytest.approx(0.238, abs=0.0005)
    assert judged.consistency_ratio == pytest.approx(0.169, abs=0.0005)
    assert judged.random_index == "saaty_1980"
    assert not judged.consistent


def test_published_rounding_to_two_decimals_is_accepted() -> None:
    """The drinks matrix printed to two decimals (.11, .33) gives nearly the same weights."""
    printed = np.round(SAATY_2008_DRINKS, 2)
    exact = np.asarray(ahp_weights(SAATY_2008_DRINKS).weights)
    np.testing.assert_allclose(ahp_weights(printed).weights, exact, rtol=0, atol=0.001)


@pytest.mark.parametrize("ratio", [2, 3, 4, 5, 6, 7, 8, 9])
def test_each_step_of_the_scale_may_be_rounded_either_way(ratio: int) -> None:
    """1/8 may be printed .12 or .13; a hundredth more is refused."""
    low, high = math.floor(100 / ratio) / 100, math.ceil(100 / ratio) / 100
    for printed in (low, high):
        if abs(printed - 1 / ratio) <= 0.0050001:
            assert ahp_weights([[1, ratio], [printed, 1]]).weights["c1"] > 0.5
    for wrong in (low - 0.01, high + 0.01):
        with pytest.raises(SpecError, match="reciprocal"):
            ahp_weights([[1, wrong], [ratio, 1]])


def test_a_ratio_off_the_scale_needs_more_than_half_a_hundredth() -> None:
    """1000 against 0.004 is within 0.005 of reciprocal and still four times too much."""
    with pytest.raises(SpecError, match="reciprocal"):
        ahp_weights([[1, 1000], [0.004, 1]])
    assert ahp_weights([[1, 1000], [0.001, 1]]).weights["c1"] == pytest.approx(1000 / 1001)


@given(IMPORTANCE)
def test_consistent_judgements_return_what_generated_them(importance: list[float]) -> None:
    """Ratios of known weights give these weights, eigenvalue n and ratio 0."""
    judged = ahp_weights(_consistent(importance))
    expected = np.array(importance) / math.fsum(importance)
    np.testing.assert_allclose(judged.weights, expected, rtol=1e-9, atol=0)
    assert judged.lambda_max == pytest.approx(len(importance), abs=1e-9)
    assert 0.0 <= judged.consistency_index < 1e-9
    assert 0.0 <= judged.consistency_ratio < 1e-9
    assert judged.consistent


@given(st.integers(min_value=1, max_value=10))
def test_equal_importance_gives_equal_weights(n: int) -> None:
    """All ones: every weight is 1/n."""
    np.testing.assert_allclose(ahp_weights(np.ones((n, n))).weights, np.full(n, 1 / n), rtol=1e-12)


@given(st.permutations(range(8)))
def test_another_order_of_criteria_gives_the_same_weights(order: list[int]) -> None:
    """Rows and columns permuted together permute the weights; the ratio stays."""
    matrix, names = np.array(SAATY_1990_HOUSE), [f"c{i}" for i in range(8)]
    judged = ahp_weights(matrix, names)
    other = ahp_weights(matrix[np.ix_(order, order)], [names[i] for i in order])
    assert other.weights == pytest.approx(dict(judged.weights), rel=1e-12)
    assert other.consistency_ratio == pytest.approx(judged.consistency_ratio, rel=1e-12)


@given(st.floats(min_value=1 / 9, max_value=9.0))
def test_fewer_than_three_are_always_consistent(ratio: float) -> None:
    """Two criteria have ratio 0, and one has the whole weight."""
    two = ahp_weights([[1, ratio], [1 / ratio, 1]])
    assert two.consistency_ratio == 0.0
    assert two.weights["c1"] == pytest.approx(ratio / (1 + ratio))
    one = ahp_weights([[1]])
    assert (one.consistency_ratio, one.consistency_index) == (0.0, 0.0)
    assert dict(one.weights) == {"c1": 1.0}


def test_an_eigenvalue_below_n_counts_as_consistent() -> None:
    """Two decimals can push the eigenvalue under n; index and ratio stop at 0."""
    judged = ahp_weights([[1, 3, 3], [0.33, 1, 1], [0.33, 1, 1]])
    assert judged.lambda_max < 3.0
    assert judged.consistency_index == judged.consistency_ratio == 0.0


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"a": [1, 0.5], "b": [2, 1]}),
        pl.DataFrame({"a": [1.0, 0.5], "b": [2.0, 1.0]}),
        pl.DataFrame({"a": [1.0, 0.5], "b": [2.0, 1.0]}).to_arrow(),
        {"a": [1, 0.5], "b": [2, 1]},
        np.array([(1, 2), (0.5, 1)], dtype=[("a", float), ("b", float)]),
    ],
)
def test_labelled_columns_name_the_criteria(frame: Any) -> None:
    """Frames, tables, dicts and structured arrays bring their names; `names` overrules them."""
    weights = ahp_weights(frame).weights
    assert weights.names == ("a", "b")
    np.testing.assert_allclose(weights, [2 / 3, 1 / 3], rtol=1e-12)
    assert ahp_weights(frame, names=("x", "y")).weights.names == ("x", "y")


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ([[1, 2, 3], [0.5, 1, 2]], r"square \(got \(2, 3\)\)"),
        ([[1, 2], [0.5, 1], [1, 1]], r"square \(got \(3, 2\)\)"),
        ([[2, 2], [0.5, 1]], "'c1' against 'c1' must be 1"),
        ([[1, 2], [0.5, 0]], "'c2' against 'c2' must be 1"),
        ([[1, 2], [2, 1]], "'c1' against 'c2' must be reciprocal"),
        ([[1, 3], [0.5, 1]], "'c1' against 'c2' must be reciprocal"),
        ([[1, 0], [0.5, 1]], "'c1' against 'c2' must be positive"),
        ([[1, -2], [-0.5, 1]], "'c1' against 'c2' must be positive"),
        ([[1, math.nan], [0.5, 1]], "'c1' against 'c2' must be positive and finite"),
        ([[1, math.inf], [0, 1]], "'c1' against 'c2' must be positive and finite"),
        ([[1, 1, 1], [1, 1, 4], [1, 0.5, 1]], "'c2' against 'c3' must be reciprocal"),
        ([], "two dimensions"),
        ([[]], "at least one cell"),
        ([1, 2], "two dimensions"),
        ([[1, 2], [1]], "rows of one length"),
        ([[1, "2"], ["0.5", 1]], "must hold numbers"),
        ("matrix", "two dimensions"),
        (None, "two dimensions"),
        ({}, "at least one cell"),
        ({"a": [1, 1], "b": [1]}, "differ in length"),
    ],
)
def test_what_is_no_matrix_of_judgements_is_refused(bad: Any, said: str) -> None:
    """The error names the pair, or what is wrong with the table."""
    with pytest.raises(KeyAccountError, match=said):
        ahp_weights(bad)


@pytest.mark.parametrize("bad", [("a",), ("a", "b", "c"), "ab", ("a", "a")])
def test_names_must_fit_the_matrix(bad: Any) -> None:
    """Too few, too many, one text and a name twice are refused."""
    with pytest.raises(SpecError, match="each of the 2 columns"):
        ahp_weights([[1, 1], [1, 1]], names=bad)


def test_a_table_that_does_not_reach_is_refused() -> None:
    """Eleven criteria are beyond Saaty 1980; the error names the tables that hold them."""
    with pytest.raises(SpecError, match="orders up to 10") as caught:
        ahp_weights(np.ones((11, 11)))
    for table in ("saaty_2005", "tummala_ling_1998", "donegan_dodd_1991"):
        assert table in caught.value.hint
    assert "saaty_1980" not in caught.value.hint
    assert ahp_weights(np.ones((25, 25)), random_index="donegan_dodd_1991").consistent
    with pytest.raises(SpecError) as gap:
        ahp_weights(np.ones((21, 21)), random_index="donegan_dodd_1991")
    assert "no table holds this order" in gap.value.hint


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("bad", ["saaty", "", None, ["saaty_1980"]])
def test_an_unknown_table_is_refused_at_any_order(n: int, bad: Any) -> None:
    """Even where no index is needed, a wrong name is an error that lists the right ones."""
    with pytest.raises(SpecError, match="saaty_1980"):
        ahp_weights(np.ones((n, n)), random_index=bad)


def test_the_limit_of_consistency_is_included() -> None:
    """A ratio of exactly 0.1 is consistent, the next float is not."""

    def judged(ratio: float) -> AhpWeights:
        return AhpWeights(
            {"a": 1.0},
            lambda_max=1.0,
            consistency_index=0.0,
            consistency_ratio=ratio,
            random_index="saaty_1980",
        )

    assert judged(0.1).consistent
    assert not judged(math.nextafter(0.1, 1)).consistent


@pytest.mark.parametrize(
    ("table", "first", "indices"),
    [
        ("saaty_1980", 3, (0.58, 0.9, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)),
        (
            "saaty_2005",
            3,
            (0.52, 0.89, 1.11, 1.25, 1.35, 1.4, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59),
        ),
        (
            "tummala_ling_1998",
            3,
            (
                *(0.5799, 0.8921, 1.1159, 1.2358, 1.3322, 1.3952, 1.4537, 1.4882, 1.5117),
                *(1.5356, 1.5571, 1.5714, 1.5831),
            ),
        ),
        (
            "donegan_dodd_1991",
            3,
            (
                *(0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733, 1.4055, 1.4213),
                *(1.4497, 1.4643, 1.4822, 1.4969, 1.5078, 1.5153, 1.5262, 1.5313, 1.5371),
            ),
        ),
    ],
)
def test_published_random_indices(table: str, first: int, indices: tuple[float, ...]) -> None:
    """Every published index, digit for digit."""
    printed = dict(enumerate(indices, start=first))
    if table == "donegan_dodd_1991":
        printed |= {25: 1.5619, 30: 1.5772, 40: 1.5976, 50: 1.6102, 60: 1.6178, 70: 1.6237}
        printed |= {80: 1.6277, 90: 1.6213, 100: 1.6339}
    assert dict(RANDOM_INDEX_TABLES[table]) == printed


@pytest.mark.parametrize("table", list(RANDOM_INDEX_TABLES))
@pytest.mark.parametrize("n", [3, 5, 8])
def test_the_ratio_is_the_index_over_that_of_the_table(table: Any, n: int) -> None:
    """Ratio × random index = consistency index, and the result says which table it was."""
    matrix = np.array(SAATY_1990_HOUSE)[:n, :n]
    judged = ahp_weights(matrix, random_index=table)
    assert judged.consistency_index == pytest.approx((judged.lambda_max - n) / (n - 1))
    assert judged.consistency_ratio == judged.consistency_index / RANDOM_INDEX_TABLES[table][n]
    assert judged.random_index == table
