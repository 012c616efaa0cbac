"""Cut rules find the thresholds they promise, in any order of the book."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import rfm_books

BOOK: dict[str, list[float]] = {
    "days_since": [5, 400, 30, 90, 200, 31],
    "count": [9, 1, 1, 2, 5, 1],
    "total": [0.1, 0.2, 0.3, 1.0, 2.0, 0.3],
}
LEARNING: tuple[ka.RfmCut, ...] = (
    ka.MeanCut(),
    ka.MedianCut(),
    ka.QuantileScores(3),
    ka.QuantileScores(5),
)


def fitted(cuts: ka.RfmCut, book: Any = None, **options: Any) -> Any:
    """Fit a cut rule to a book."""
    return ka.Rfm(cuts=cuts, **options).fit(BOOK if book is None else book).cuts


def test_the_mean_is_the_mean_of_the_raw_values() -> None:
    """756 days, 19 purchases and 3.90 of money, over six customers; money is added in cents."""
    cut = fitted(ka.MeanCut())
    assert (cut.recency, cut.frequency, cut.monetary) == (126.0, 19 / 6, 3.9 / 6)


def test_the_median_of_an_even_number_is_the_mean_of_the_middle_two() -> None:
    """Between 31 and 90 days, 1 and 2 purchases; the money in the middle is tied."""
    cut = fitted(ka.MedianCut())
    assert (cut.recency, cut.frequency, cut.monetary) == (60.5, 1.5, 0.3)


def test_the_median_does_not_overflow() -> None:
    """Halves are added, and equal values are their own median."""
    huge = {"days_since": [1, 2], "count": [1, 2], "total": [1.7e308, 1.5e308]}
    assert fitted(ka.MedianCut(), huge).monetary == 1.6e308
    tiny = {"days_since": [1, 2], "count": [1, 2], "total": [5e-324, 5e-324]}
    assert fitted(ka.MedianCut(), tiny).monetary == 5e-324


def test_fixed_thresholds_stay() -> None:
    """What the business states is not learned, and needs no fit."""
    cut = ka.FixedCut(recency=30, frequency=3, monetary=200)
    assert fitted(cut) is cut
    assert ka.Rfm(cuts=cut).is_fitted


def test_scores_begin_at_the_values_at_equal_parts() -> None:
    """Six customers in three parts: positions ⌊5/3⌋ + 1 = 2 and ⌊10/3⌋ + 1 = 4 from the worst."""
    cut = fitted(ka.QuantileScores(3))
    assert cut.recency == (90.0, 30.0)  # 400, 200 | 90, 31 | 30, 5
    assert cut.frequency == (1.0, 5.0)  # 1, 1 | 1, 2 | 5, 9: the three ones go up together
    assert cut.monetary == (0.3, 1.0)


@pytest.mark.parametrize("n", [2, 3, 4, 5, 10])
@pytest.mark.parametrize("size", [7, 10, 20, 23, 48, 99])
def test_scores_without_ties_are_those_of_pandas_qcut(n: int, size: int) -> None:
    """Where no value occurs twice, the parts are the bins of ``pandas.qcut``."""
    values = np.random.default_rng(size).permutation(size).astype(float) ** 2
    book = {"days_since": values, "count": values, "total": values}
    spec = ka.Rfm(cuts=ka.QuantileScores(n)).fit(book)
    recency, frequency, monetary = spec.assign(book).scores.T.tolist()
    assert frequency == (pd.qcut(values, n, labels=False) + 1).tolist()
    assert monetary == frequency
    assert recency == (pd.qcut(-values, n, labels=False) + 1).tolist()


def test_tied_recency_goes_the_same_way_as_tied_money() -> None:
    """Ties across the border of two scores get the higher one, whether few or much is good."""
    book = {"days_since": [9, 5, 5, 1], "count": [1, 5, 5, 9], "total": [1, 5, 5, 9]}
    spec = ka.Rfm(cuts=ka.QuantileScores(2)).fit(book)
    assert spec.assign(book).scores.tolist() == [[1, 1, 1], [2, 2, 2], [2, 2, 2], [2, 2, 2]]


def test_one_value_is_high_under_every_rule() -> None:
    """A tie with the threshold is high: one customer, or equal ones, are all high."""
    for size in (1, 4):
        book = {"days_since": [7] * size, "count": [2] * size, "total": [0.3] * size}
        for cuts in LEARNING:
            found = ka.Rfm(cuts=cuts).fit(book).assign(book)
            assert found.letters.tolist() == ["HHH"] * size


def test_the_first_score_above_the_middle_is_high() -> None:
    """4 of 5, 3 of 4, 2 of 2."""
    assert [ka.QuantileScores(n).high for n in (2, 3, 4, 5, 10)] == [2, 3, 3, 4, 6]
    assert ka.QuantileScores(5, high=5).high == 5


def test_what_is_not_finite_teaches_nothing() -> None:
    """NaN and ±inf are left out of every threshold."""
    known = {"days_since": [1, 3], "count": [1, 3], "total": [1, 3]}
    gaps = {k: [*v, None, np.inf, -np.inf] for k, v in known.items()}
    for cuts in LEARNING:
        assert fitted(cuts, gaps) == fitted(cuts, known)


def test_each_group_learns_its_own_and_small_ones_take_the_pool() -> None:
    """Two of "finance" are enough, one of "retail" is not; None has no group."""
    book = {
        "days_since": [10, 20, 100, 50],
        "count": [1, 3, 9, 5],
        "total": [1.0, 2.0, 30.0, 40.0],
        "industry": ["finance", "finance", "retail", None],
    }
    spec = ka.Rfm(cuts=ka.MeanCut(), group="industry", min_group=2).fit(book)
    assert spec.cuts == ka.MeanCut(
        recency=ka.ByGroup({"finance": 15}, pool=45),
        frequency=ka.ByGroup({"finance": 2}, pool=4.5),
        monetary=ka.ByGroup({"finance": 1.5}, pool=18.25),
    )
    found = spec.assign(book)
    assert found.letters.tolist() == ["HLL", "LHH", "LHH", "LHH"]
    assert found.row(2)["why"]["judged by the pool"] == "recency, frequency, monetary"
    assert "judged by the pool" not in found.row(0)["why"]
    assert [f.count for f in found.findings if f.code == "pooled"] == [2, 2, 2]


def test_a_group_without_known_values_leaves_the_others_theirs() -> None:
    """Unknown money of a group is judged by the pool, whatever min_group says."""
    book = {
        "days_since": [1, 2],
        "count": [1, 2],
        "total": [None, 2.0],
        "industry": ["a", "b"],
    }
    spec = ka.Rfm(cuts=ka.MeanCut(), group="industry", min_group=0).fit(book)
    assert isinstance(spec.cuts, ka.MeanCut)
    assert spec.cuts.monetary == ka.ByGroup({"b": 2.0}, pool=2.0)


def test_fitting_again_learns_again() -> None:
    """A fitted rule fitted to another book is the rule of that book."""
    other = {name: [value * 2 for value in column] for name, column in BOOK.items()}
    for cuts in LEARNING:
        assert fitted(fitted(cuts), other) == fitted(cuts, other)


@given(book=rfm_books(group="industry", min_size=1), random=st.randoms(use_true_random=False))
def test_no_order_of_the_book_changes_a_bit(book: dict[str, list[Any]], random: Any) -> None:
    """Thresholds are the same whatever the order of the rows."""
    order = list(range(len(book["count"])))
    random.shuffle(order)
    turned = {name: [column[i] for i in order] for name, column in book.items()}
    for cuts in LEARNING:
        spec = ka.Rfm(cuts=cuts, group="industry", min_group=1)
        try:
            expected = spec.fit(book)
        except ka.NotEnoughDataError:
            with pytest.raises(ka.NotEnoughDataError):
                spec.fit(turned)
            continue
        assert ka.digest(spec.fit(turned)) == ka.digest(expected)


@given(book=rfm_books(min_size=1), n=st.integers(2, 7))
def test_scores_are_in_order_and_use_values_of_the_book(book: dict[str, list[Any]], n: int) -> None:
    """Every threshold is a known value, and none is easier to reach than the one before."""
    try:
        cut = fitted(ka.QuantileScores(n), book)
    except ka.NotEnoughDataError:
        return
    for measure, column in (("frequency", "count"), ("monetary", "total")):
        edges = getattr(cut, measure)
        assert set(edges) <= set(book[column])
        assert all(a <= b for a, b in pairwise(edges))
    assert all(a >= b for a, b in pairwise(cut.recency))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ka.QuantileScores(1), "whole number from 2 to 100"),
        (lambda: ka.QuantileScores(2.5), "whole number from 2 to 100"),
        (lambda: ka.QuantileScores("5"), "whole number from 2 to 100"),
        (lambda: ka.QuantileScores(5, high=1), "a score from 2 to 5"),
        (lambda: ka.QuantileScores(5, high=6), "a score from 2 to 5"),
        (lambda: ka.QuantileScores(3, frequency=(1.0,)), "2 finite numbers"),
        (lambda: ka.QuantileScores(3, frequency=(2.0, 1.0)), "must not fall"),
        (lambda: ka.QuantileScores(3, recency=(1.0, 2.0)), "must not rise"),
        (lambda: ka.QuantileScores(3, recency=(1.0, np.nan)), "2 finite numbers"),
        (lambda: ka.MeanCut(recency=np.inf), "finite number"),
        (lambda: ka.MeanCut(recency={"a": 1}), "no or another group"),
        (lambda: ka.FixedCut(recency="x", frequency=1, monetary=1), "finite number"),
        (lambda: ka.FixedCut(recency=None, frequency=1, monetary=1), "finite number"),
    ],
)
def test_thresholds_that_cannot_be_are_refused(call: Any, said: str) -> None:
    """A spec error says what is wrong with the value."""
    with pytest.raises(ka.SpecError, match=said):
        call()


def test_nothing_known_is_too_little_to_learn_from() -> None:
    """The error names the measure and its column."""
    book = {"days_since": [None, np.inf], "count": [1, 2], "total": [1.0, 2.0]}
    for cuts in LEARNING:
        with pytest.raises(ka.NotEnoughDataError, match=r"recency.*'days_since'"):
            ka.Rfm(cuts=cuts).fit(book)
    empty: dict[str, list[float]] = {"days_since": [], "count": [], "total": []}
    with pytest.raises(ka.NotEnoughDataError, match="no known value"):
        ka.Rfm(cuts=ka.MeanCut()).fit(empty)
