"""CRITIC weights: the published case in four variants, and what must not change them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from keyaccount.errors import KeyAccountError, RowError, SpecError
from keyaccount.scoring.weights import critic_weights

GREEK_PHARMACEUTICAL_FIRMS = np.array(
    [
        [61, 1.08, 4.33],
        [20.7, 0.26, 4.34],
        [16.3, 1.98, 2.53],
        [9, 3.29, 1.65],
        [5.4, 2.77, 2.33],
        [4, 4.12, 1.21],
        [-6.1, 3.52, 2.1],
        [-34.6, 3.31, 0.98],
    ]
)
VALUES = st.integers(min_value=-1000, max_value=1000).map(lambda i: i / 7)


def _says_something(matrix: Any) -> bool:
    """Whether at least two columns differ in what they say, far from rounding."""
    steps = np.ptp(matrix, axis=0)
    if not steps.all():
        return bool(steps.any() and matrix.shape[1] > 1)
    ranks = pd.DataFrame(matrix).rank().to_numpy()
    return matrix.shape[1] == 1 or all((np.corrcoef(m.T) < 0.999).any() for m in (matrix, ranks))


MATRICES = hnp.arrays(
    np.float64, st.tuples(st.integers(2, 20), st.integers(1, 5)), elements=VALUES
).filter(_says_something)
VARIANTS = st.fixed_dictionaries(
    {
        "scaling": st.sampled_from(["min_max", "none"]),
        "correlation": st.sampled_from(["pearson", "spearman"]),
    }
)


@pytest.mark.parametrize(
    ("scaling", "correlation", "expected"),
    [
        ("min_max", "pearson", [0.20222554, 0.48090173, 0.31687273]),
        ("none", "pearson", [0.86874234, 0.08341434, 0.04784331]),
        ("min_max", "spearman", [0.21454645, 0.4898563, 0.29559726]),
        ("none", "spearman", [0.87672195, 0.08082369, 0.04245436]),
    ],
)
def test_diakoulaki_1995_pharmaceutical_firms(
    scaling: Any, correlation: Any, expected: list[float]
) -> None:
    """Eight Greek firms by three criteria: weights to eight decimals in all four variants."""
    weights = critic_weights(GREEK_PHARMACEUTICAL_FIRMS, scaling=scaling, correlation=correlation)
    np.testing.assert_allclose(weights, expected, rtol=0, atol=1e-8)


def test_the_defaults_are_those_of_the_paper() -> None:
    """Min-max scaling, Pearson's correlation, nothing falling."""
    named = critic_weights(
        GREEK_PHARMACEUTICAL_FIRMS,
        falling=(False, False, False),
        scaling="min_max",
        correlation="pearson",
    )
    assert critic_weights(GREEK_PHARMACEUTICAL_FIRMS) == named


@given(MATRICES, VARIANTS)
def test_weights_sum_to_one(matrix: Any, variant: Any) -> None:
    """The sum is 1 within 1e-12, and a constant column weighs exactly 0."""
    vector = np.asarray(critic_weights(matrix, **variant))
    assert abs(math.fsum(vector) - 1.0) < 1e-12
    assert (vector[np.ptp(matrix, axis=0) == 0.0] == 0.0).all()


@given(MATRICES, VARIANTS, st.data())
def test_the_order_of_rows_changes_nothing(matrix: Any, variant: Any, data: Any) -> None:
    """Permuted rows give the same weights, to the bit."""
    order = data.draw(st.permutations(range(len(matrix))))
    assert critic_weights(matrix[order], **variant) == critic_weights(matrix, **variant)


@given(MATRICES, VARIANTS, st.data())
def test_the_order_of_columns_permutes_the_weights(matrix: Any, variant: Any, data: Any) -> None:
    """Permuted columns, with their directions, give each name the same weight, to the bit."""
    k = matrix.shape[1]
    order = data.draw(st.permutations(range(k)))
    falling = data.draw(st.lists(st.booleans(), min_size=k, max_size=k))
    try:
        weights = critic_weights(matrix, falling=falling, **variant)
    except SpecError:
        return  # turned round, all columns may say the same
    other = critic_weights(
        matrix[:, order],
        [f"c{i + 1}" for i in order],
        falling=[falling[i] for i in order],
        **variant,
    )
    assert dict(other) == dict(weights)


@given(MATRICES, st.sampled_from(["pearson", "spearman"]), st.data())
def test_units_change_nothing_under_min_max(matrix: Any, correlation: Any, data: Any) -> None:
    """Columns times powers of two give the same weights, to the bit."""
    k = matrix.shape[1]
    powers = data.draw(st.lists(st.integers(-20, 20), min_size=k, max_size=k))
    scaled = matrix * np.ldexp(1.0, powers)
    assert critic_weights(scaled, correlation=correlation) == critic_weights(
        matrix, correlation=correlation
    )


@given(MATRICES, VARIANTS, st.data())
def test_a_falling_column_is_its_mirror_image(matrix: Any, variant: Any, data: Any) -> None:
    """Falling says of a column what its negative would say rising."""
    k = matrix.shape[1]
    falling = data.draw(st.lists(st.booleans(), min_size=k, max_size=k))
    mirrored = np.where(falling, -matrix, matrix)
    try:
        expected = np.asarray(critic_weights(mirrored, **variant))
    except SpecError:
        with pytest.raises(SpecError):
            critic_weights(matrix, falling=falling, **variant)
        return
    weights = critic_weights(matrix, falling=falling, **variant)
    np.testing.assert_allclose(weights, expected, rtol=1e-9, atol=1e-12)


def test_falling_turns_correlations_round() -> None:
    """Cost and sales that rise together conflict when cost falls; showcase is independent."""
    accounts = {"sales": [1, 2, 3, 4], "cost": [1, 2, 3, 4], "showcase": [1, 2, 2, 1]}
    rising = critic_weights(accounts)
    turned = critic_weights(accounts, falling=(False, True, False))
    s, h = math.sqrt(5 / 9), 1.0  # root of summed squares around the mean, scaled to [0, 1]
    np.testing.assert_allclose(rising, np.array([s, s, 2 * h]) / (2 * s + 2 * h), rtol=1e-12)
    np.testing.assert_allclose(
        turned, np.array([3 * s, 3 * s, 2 * h]) / (6 * s + 2 * h), rtol=1e-12
    )


def test_spearman_gives_ties_their_average_rank() -> None:
    """Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4 correlate at 3/√10 = 0.9487."""
    accounts = {"a": [1, 7, 7, 9], "b": [1, 2, 3, 4], "c": [4, 3, 2, 1]}
    weights = critic_weights(accounts, correlation="spearman")
    r = 3 / math.sqrt(10)
    a = np.array([0, 6, 6, 8]) / 8
    spread_a = math.sqrt(((a - a.mean()) ** 2).sum())
    spread_b = math.sqrt(5 / 9)
    amounts = np.array([spread_a * 2, spread_b * (3 - r), spread_b * (3 + r)])
    np.testing.assert_allclose(weights, amounts / amounts.sum(), rtol=1e-12)


@pytest.mark.parametrize("constant", [0.0, 0.1, 1 / 3, -7.7, 1e300])
@pytest.mark.parametrize("rows", [3, 7, 49, 100])
@pytest.mark.parametrize("scaling", ["min_max", "none"])
@pytest.mark.parametrize("correlation", ["pearson", "spearman"])
def test_a_constant_column_weighs_exactly_nothing(
    constant: float, rows: int, scaling: Any, correlation: Any
) -> None:
    """Its correlations count as 0, so that it makes no NaN and adds alike to the others."""
    accounts = {"same": [constant] * rows, "up": np.arange(rows), "down": np.arange(rows)[::-1]}
    weights = critic_weights(accounts, scaling=scaling, correlation=correlation)
    assert dict(weights) == {"same": 0.0, "up": 0.5, "down": 0.5}


def test_a_single_column_takes_the_whole_weight() -> None:
    """One criterion has nothing to conflict with."""
    assert dict(critic_weights({"sales": [1, 2, 4]})) == {"sales": 1.0}


@pytest.mark.parametrize("step", [0.3, 1.4, 3.2, 0.2])
@pytest.mark.parametrize("rows", [3, 7, 8])
def test_columns_that_say_the_same_share_nothing(step: float, rows: int) -> None:
    """Where every correlation is 1, rounding must not choose: refused, and equal weights hinted."""
    up = np.arange(1, rows + 1) / 7
    with pytest.raises(SpecError, match="differ in what they say") as caught:
        critic_weights(np.column_stack([up, up * step - 5, up * 1e6]))
    assert "equal_weights" in caught.value.hint


def test_large_values_do_not_overflow() -> None:
    """Ranges beyond the largest float are weighed all the same."""
    high = {"a": [-1.7e308, 0.0, 1.7e308, 0.0], "b": [3, 2, 1, 2.5]}
    low = {"a": [-1.7, 0.0, 1.7, 0.0], "b": [3, 2, 1, 2.5]}
    np.testing.assert_allclose(critic_weights(high), np.asarray(critic_weights(low)), rtol=1e-12)
    assert critic_weights(high, scaling="none")["a"] == pytest.approx(1.0)


@pytest.mark.parametrize("bad", [[[1, 2]], [[1, 2], [1, 2]], [[0.1] * 3] * 7])
@pytest.mark.parametrize("scaling", ["min_max", "none"])
def test_a_matrix_that_says_nothing_is_refused(bad: Any, scaling: Any) -> None:
    """One row and constant columns only are refused."""
    with pytest.raises(SpecError, match="tells the accounts apart"):
        critic_weights(bad, scaling=scaling)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, None])
def test_missing_and_infinite_values_are_shown(bad: Any) -> None:
    """The error says how many there are and where the first is."""
    with pytest.raises(RowError, match=r"column 'b': 1 row .*2 such cells.*\(row 2: "):
        critic_weights({"a": [1, 2, 4], "b": [2, 1, bad], "c": [bad, 1, 2]})


@pytest.mark.parametrize(
    ("keyword", "bad", "said"),
    [
        ("scaling", "minmax", "'min_max', 'none'"),
        ("scaling", True, "'min_max', 'none'"),
        ("correlation", "kendall", "'pearson', 'spearman'"),
        ("correlation", None, "'pearson', 'spearman'"),
        ("falling", (True,), "each of the 3 columns"),
        ("falling", (True, False, 1), "each of the 3 columns"),
        ("falling", "yes", "each of the 3 columns"),
    ],
)
def test_wrong_options_are_refused(keyword: str, bad: Any, said: str) -> None:
    """The error lists what is allowed."""
    options: dict[str, Any] = {keyword: bad}
    with pytest.raises(SpecError, match=said):
        critic_weights(GREEK_PHARMACEUTICAL_FIRMS, **options)


def test_directions_may_come_from_numpy() -> None:
    """An array of booleans is as good as a tuple."""
    tuple_like = critic_weights(GREEK_PHARMACEUTICAL_FIRMS, falling=(True, False, True))
    array: Any = np.array([True, False, True])
    assert critic_weights(GREEK_PHARMACEUTICAL_FIRMS, falling=array) == tuple_like


def test_a_frame_gives_its_names() -> None:
    """Columns of a data frame name the criteria."""
    frame = pd.DataFrame(GREEK_PHARMACEUTICAL_FIRMS, columns=["profit", "share", "staff"])
    weights = critic_weights(frame)
    assert weights.names == ("profit", "share", "staff")
    assert np.array_equal(weights, critic_weights(GREEK_PHARMACEUTICAL_FIRMS))


@pytest.mark.parametrize("bad", [[], [[]], [1, 2], [[1, 2], [3]], [["a"]], "matrix", None, {}])
def test_what_is_no_matrix_is_refused(bad: Any) -> None:
    """Empty, ragged, flat and text: a typed error, never numpy's own."""
    with pytest.raises(KeyAccountError):
        critic_weights(bad)
