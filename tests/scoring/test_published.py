"""Published worked examples of ranking, to the last printed digit, and what peers differ on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import keyaccount as ka
from keyaccount.scoring.ranking import competition_rank


def scorer_of(
    functions: Sequence[ka.ValueFunction], weights: list[float], aggregate: Any = "sum"
) -> ka.CompositeScorer:
    """Give a scorer with one column per function, named C1, C2, …"""
    names = [f"C{i}" for i in range(1, len(functions) + 1)]
    return ka.CompositeScorer(
        criteria=[
            ka.Criterion(n, column=n, value=f) for n, f in zip(names, functions, strict=True)
        ],
        weights=ka.Weights.normalised(dict(zip(names, weights, strict=True))),
        aggregate=aggregate,
    )


def book_of(matrix: Any) -> dict[str, Any]:
    """Turn a decision matrix into named columns."""
    return {f"C{i}": column for i, column in enumerate(np.array(matrix, dtype=float).T, start=1)}


def test_topsis_tzeng_huang_2011() -> None:
    """Tzeng & Huang (2011), Multiple Attribute Decision Making: vector normalisation, all benefits.

    The book prints four digits; eight more were recomputed with scikit-criteria.
    """
    book = book_of([[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]])
    scorer = scorer_of([ka.Ratio(to="norm")] * 3, [0.3, 0.4, 0.3], "topsis")
    scores = scorer.fit(book).score(book)
    np.testing.assert_allclose(scores.value, [0.5037, 0.6581, 0.7482, 0.3340], atol=1e-4)
    exact = [0.50371966, 0.65808477, 0.74824866, 0.33399744]
    np.testing.assert_allclose(scores.value, exact, atol=1e-8)
    assert scores.rank.tolist() == [3, 2, 1, 4]


def test_topsis_hwang_yoon_1981() -> None:
    """Hwang & Yoon (1981), Multiple Attribute Decision Making: the fighter aircraft.

    Vector normalisation, the fourth criterion a cost; low is 3, average 5, high 7, very high 9.
    The book rounds on the way: its .613 is .6135.
    """
    book = book_of(
        [
            [2.0, 1500, 20_000, 5.5, 5, 9],
            [2.5, 2700, 18_000, 6.5, 3, 5],
            [1.8, 2000, 21_000, 4.5, 7, 7],
            [2.2, 1800, 20_000, 5.0, 5, 5],
        ]
    )
    functions = [ka.Ratio(to="norm", falling=i == 3) for i in range(6)]
    scorer = scorer_of(functions, [0.2, 0.1, 0.1, 0.1, 0.2, 0.3], "topsis")
    scores = scorer.fit(book).score(book)
    np.testing.assert_allclose(scores.value, [0.643, 0.268, 0.613, 0.312], atol=6e-4)
    assert scores.rank.tolist() == [1, 4, 2, 3]


KRACKA = [
    [33.95, 23.78, 11.45, 39.97, 29.44, 167.10, 3.852],
    [38.90, 4.17, 6.32, 0.01, 4.29, 132.52, 25.184],
    [37.59, 9.36, 8.23, 4.35, 10.22, 136.71, 10.845],
    [30.44, 37.59, 13.91, 74.08, 45.10, 198.34, 2.186],
    [36.21, 14.79, 9.17, 17.77, 17.06, 148.30, 6.610],
    [37.80, 8.55, 7.97, 2.35, 9.25, 134.83, 11.935],
]


def test_wsm_kracka_brauers_zavadskas_2010() -> None:
    """Kracka, Brauers & Zavadskas (2010), Engineering Economics 21(4): heating losses of buildings.

    Costs are inverted, every column divided by its total; the scores are those that
    scikit-criteria asserts for these data.
    """
    book = book_of(KRACKA)
    falling = [True, True, True, True, False, True, False]
    functions = [ka.Ratio(to="sum", falling=f) for f in falling]
    scores = scorer_of(functions, [20] * 7).fit(book).score(book)
    expected = [0.12040426, 0.3458235, 0.13838192, 0.12841246, 0.12346084, 0.14351701]
    np.testing.assert_allclose(scores.value, expected, atol=1e-7)
    assert scores.rank.tolist() == [6, 1, 3, 4, 5, 2]


def test_normalisation_of_costs_by_hand() -> None:
    """The column 2, 4, 8: min-max and ratio, as benefit and as cost."""
    column = np.array([2.0, 4.0, 8.0])
    cases: list[tuple[ka.ValueFunction, list[float]]] = [
        (ka.ObservedRange(falling=True), [1, 2 / 3, 0]),
        (ka.Ratio(to="max", falling=True), [1, 0.5, 0.25]),
        (ka.ObservedRange(), [0, 1 / 3, 1]),
        (ka.Ratio(to="max"), [0.25, 0.5, 1]),
    ]
    for function, expected in cases:
        np.testing.assert_allclose(function.fit(column).value(column), expected, rtol=1e-12)
    np.testing.assert_allclose(ka.Linear(10, 0).value([4]), [0.6], rtol=1e-12)


@pytest.mark.parametrize("falling", [False, True])
def test_normalisation_of_a_constant_column(falling: bool) -> None:
    """Peers say all 0 (scikit-criteria 0.10) or all 1 (pymcdm 1.4): here one half, either way."""
    column = np.array([1.0, 1.0, 1.0])
    function = ka.ObservedRange(falling=falling).fit(column)
    assert function.value(column).tolist() == [0.5, 0.5, 0.5]


REVERSAL = {"A": (10.0, 0.0), "B": (9.0, 1.0), "C": (0.0, 0.5)}


def test_rank_reversal_on_the_observed_range() -> None:
    """Dropping C turns A and B round when the range is learned anew; kept, it does not."""
    whole = book_of(list(REVERSAL.values()))
    without = book_of([REVERSAL["A"], REVERSAL["B"]])
    scorer = scorer_of([ka.ObservedRange()] * 2, [0.6, 0.4])
    kept = scorer.fit(whole)
    np.testing.assert_allclose(kept.score(whole).value, [0.6, 0.94, 0.2], rtol=1e-12)
    np.testing.assert_allclose(scorer.fit(without).score(without).value, [0.6, 0.4], rtol=1e-12)
    assert kept.score(without).value.tolist() == kept.score(whole).value[:2].tolist()


def test_no_rank_reversal_on_a_stated_range() -> None:
    """With the ranges [0, 10] and [0, 1] stated, A and B keep their scores to the last bit."""
    scorer = scorer_of([ka.Linear(0, 10), ka.Linear(0, 1)], [0.6, 0.4])
    whole = scorer.score(book_of(list(REVERSAL.values()))).value
    np.testing.assert_allclose(whole, [0.6, 0.94, 0.2], rtol=1e-12)
    pair = scorer.score(book_of([REVERSAL["A"], REVERSAL["B"]])).value
    assert pair.tolist() == whole[:2].tolist()


def test_ranks_of_ties() -> None:
    """Where dense ranks are 2, 1, 3, 1, competition ranks are 3, 1, 4, 1: nobody best lands last.

    Untying by ``argsort + 1``, as scikit-criteria 0.10 does, gives 2, 4, 1, 3: an order, no rank.
    """
    scores = np.array([0.5, 0.9, 0.1, 0.9])
    assert competition_rank(scores).tolist() == [3, 1, 4, 1]
