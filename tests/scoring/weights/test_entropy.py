"""Entropy weights: a published case, and what must not change them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from keyaccount.errors import KeyAccountError, RowError, SpecError
from keyaccount.scoring.weights import entropy_weights

VALUES = st.integers(min_value=0, max_value=1000).map(lambda i: i / 7)
MATRICES = hnp.arrays(
    np.float64,
    st.tuples(st.integers(2, 25), st.integers(1, 6)),
    elements=VALUES,
).filter(lambda m: bool((m.max(axis=0) > 0).all() and np.ptp(m, axis=0).any()))


def test_scikit_criteria_simple_matrix() -> None:
    """The small matrix that scikit-criteria asserts for its EntropyWeighter."""
    weights = entropy_weights([[1, 2], [4, 16]])
    assert weights.names == ("c1", "c2")
    np.testing.assert_allclose(weights, [0.358889, 0.641111], rtol=0, atol=1e-6)


def test_weights_follow_the_definition() -> None:
    """One minus the entropy of the shares in units of ln n, worked by hand: 3/4, 1/4 and 1, 0."""
    e = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25)) / math.log(2)
    weights = entropy_weights({"a": [3, 1], "b": [5, 0]})
    assert weights["a"] == pytest.approx((1 - e) / (2 - e), rel=1e-14)


@given(MATRICES)
def test_weights_sum_to_one(matrix: Any) -> None:
    """The sum is 1 within 1e-12; a constant column weighs exactly 0, any other more."""
    vector = np.asarray(entropy_weights(matrix))
    assert abs(math.fsum(vector) - 1.0) < 1e-12
    assert ((vector > 0.0) == (np.ptp(matrix, axis=0) > 0.0)).all()


@given(MATRICES, st.data())
def test_the_order_of_rows_changes_nothing(matrix: Any, data: Any) -> None:
    """Permuted rows give the same weights, to the bit."""
    order = data.draw(st.permutations(range(len(matrix))))
    assert entropy_weights(matrix[order]) == entropy_weights(matrix)


@given(MATRICES, st.data())
def test_the_order_of_columns_permutes_the_weights(matrix: Any, data: Any) -> None:
    """Permuted columns give each name the same weight, to the bit."""
    k = matrix.shape[1]
    order = data.draw(st.permutations(range(k)))
    names = [f"c{i + 1}" for i in order]
    assert dict(entropy_weights(matrix[:, order], names)) == dict(entropy_weights(matrix))


@given(MATRICES, st.lists(st.integers(-20, 20), min_size=6, max_size=6))
def test_the_unit_of_a_column_changes_nothing(matrix: Any, powers: list[int]) -> None:
    """A column times a power of two gives the same weights, to the bit."""
    scales = np.ldexp(1.0, powers[: matrix.shape[1]])
    assert entropy_weights(matrix * scales) == entropy_weights(matrix)


@given(MATRICES)
def test_accounts_twice_change_nothing_but_the_unit(matrix: Any) -> None:
    """Every account twice: the inequality of each column, and so each weight, stays."""
    doubled = entropy_weights(np.vstack([matrix, matrix]))
    np.testing.assert_allclose(doubled, np.asarray(entropy_weights(matrix)), rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("constant", [1.0, 0.1, 1 / 3, 1e-300, 1e300])
@pytest.mark.parametrize("rows", [2, 3, 7, 49, 1000])
def test_a_constant_column_weighs_exactly_nothing(constant: float, rows: int) -> None:
    """Rounding never gives weight to a column in which all accounts are equal."""
    weights = entropy_weights({"same": [constant] * rows, "other": np.arange(rows)})
    assert dict(weights) == {"same": 0.0, "other": 1.0}


def test_columns_that_hardly_differ_keep_their_proportion() -> None:
    """Relative spreads of 1e-8 and 2e-8 weigh 1 to 4, where 1 − e would only see rounding."""
    weights = entropy_weights({"a": [1 - 1e-8, 1 + 1e-8], "b": [1 - 2e-8, 1 + 2e-8]})
    np.testing.assert_allclose(weights, [0.2, 0.8], rtol=1e-6)


def test_large_values_do_not_overflow() -> None:
    """Columns whose sum is beyond the largest float are weighed all the same."""
    weights = entropy_weights({"a": [1e308, 1.5e308, 0.5e308], "b": [2, 3, 1]})
    np.testing.assert_allclose(weights, [0.5, 0.5], rtol=1e-12)


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"sales": [1, 4], "potential": [2, 16]}),
        pd.DataFrame({"sales": [1, 4], "potential": [2, 16]}, dtype="Int64"),
        pl.DataFrame({"sales": [1, 4], "potential": [2, 16]}),
        pl.DataFrame({"sales": [1, 4], "potential": [2, 16]}).to_arrow(),
        {"sales": (1, 4), "potential": np.array([2, 16])},
    ],
)
def test_every_kind_of_table_gives_the_same_weights(frame: Any) -> None:
    """The labels of the columns are the names, and the numbers those of the plain matrix."""
    weights = entropy_weights(frame)
    assert weights.names == ("sales", "potential")
    assert np.array_equal(weights, entropy_weights([[1, 2], [4, 16]]))


def test_labels_that_are_no_text_give_way_to_default_names() -> None:
    """A frame with numbered columns is named as an array is."""
    frame = pd.DataFrame([[1, 2], [4, 16]])
    assert entropy_weights(frame) == entropy_weights(frame.to_numpy())
    assert entropy_weights(frame).names == ("c1", "c2")


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ([[1.0, math.nan], [math.nan, math.inf], [1, 2]], "column 'c1'.*3 such cells.*row 1: nan"),
        ([[1.0, 2.0], [3, None]], "column 'c2'.*1 such cells.*row 1: nan"),
        (
            np.ma.array([[1.0, 2], [3, 4]], mask=[[False, False], [True, False]]),
            "column 'c1'.*row 1: nan",
        ),
        ([[1, 2], [-1, 3]], r"column 'c1'.*below 0 \(row 1: -1\.0\)"),
    ],
)
def test_rows_that_cannot_be_weighed_are_shown(bad: Any, said: str) -> None:
    """Missing, infinite and negative values are refused with their number and first place."""
    with pytest.raises(RowError, match=said):
        entropy_weights(bad)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ([[1, 2]], "tells the accounts apart"),
        ([[1, 2], [1, 2], [1, 2]], "tells the accounts apart"),
        ([[0.1] * 3] * 7, "tells the accounts apart"),
        ([[0, 2], [0, 3]], "the sum of column 'c1' must be above 0"),
    ],
)
def test_a_matrix_that_says_nothing_is_refused(bad: Any, said: str) -> None:
    """One row, constant columns only, and a column of zeros are refused."""
    with pytest.raises(SpecError, match=said):
        entropy_weights(bad)


def test_the_way_out_is_equal_weights() -> None:
    """Where the data give no reason to prefer a criterion, the hint says what does not need one."""
    with pytest.raises(SpecError) as caught:
        entropy_weights([[1, 2]])
    assert "equal_weights" in caught.value.hint


@pytest.mark.parametrize(
    "bad",
    [
        [],
        [[]],
        [1, 2],
        [[1, 2], [3]],
        [["1", "2"], ["3", "4"]],
        "matrix",
        None,
        {"a": [1, 2], "b": [1, 2, 3]},
        {"a": ["x", "y"]},
        {"a": []},
        np.zeros((2, 2, 2)),
        np.array([["2020-01-01"]], dtype="datetime64[D]"),
    ],
)
def test_what_is_no_matrix_is_refused(bad: Any) -> None:
    """Empty, ragged, flat, text and dates: a typed error, never numpy's own."""
    with pytest.raises(KeyAccountError):
        entropy_weights(bad)


def test_names_must_be_unique() -> None:
    """Two criteria of one name are refused."""
    with pytest.raises(SpecError):
        entropy_weights([[1, 2], [4, 16]], names=("a", "a"))
