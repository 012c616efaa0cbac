"""A cut learned and applied row by row decides as `select` does by a rule alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import columns_of_numbers

RULES = st.one_of(
    st.floats(0, 1).map(ka.TopShare),
    st.integers(0, 30).map(ka.TopCount),
    st.sampled_from([-1.0, 0.0, 0.25, 0.5, 2.0]).map(ka.AtLeast),
    st.integers(0, 9).map(lambda n: ka.Capacity(owners=2, accounts_per_owner=n / 2)),
    st.just(ka.TopShare(0.5) & ka.AtLeast(0.25)),
)
TIES = st.sampled_from(["include_all", "exclude_all"])
SCORES = st.sampled_from([-1.0, 0.0, 0.1, 0.25, 0.5, 0.75, 1.0])


@st.composite
def scored_books(draw: st.DrawFn) -> dict[str, Any]:
    """Draw scores with groups."""
    size = draw(st.integers(1, 25))
    groups = draw(st.lists(st.sampled_from(["a", "b", None]), min_size=size, max_size=size))
    return {"score": draw(columns_of_numbers(size, values=SCORES)), "g": groups}


def finite(scores: list[float]) -> np.ndarray[Any, Any]:
    """Turn infinite scores, which a scorer never gives, into missing ones."""
    return np.where(np.isfinite(scores), scores, np.nan)


@given(scored_books(), RULES, TIES, st.booleans())
def test_it_decides_as_select_does(
    book: dict[str, Any], rule: Any, ties: Any, grouped: bool
) -> None:
    """It decides as select does."""
    within = "g" if grouped else None
    cut = ka.ScoreCut(rule=rule, ties=ties, within=within).fit(book)
    chosen = ka.select(
        finite(book["score"]),
        rule,
        ids=[f"A{i}" for i in range(len(book["g"]))],
        ties=ties,
        within=book["g"] if grouped else None,
    )
    assert cut.apply(book)["is_key"].tolist() == chosen.is_key.tolist()


@given(scored_books(), RULES, TIES, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    book: dict[str, Any], rule: Any, ties: Any, random: Any
) -> None:
    """The order of rows does not matter."""
    order = list(range(len(book["g"])))
    random.shuffle(order)
    moved = {name: [column[i] for i in order] for name, column in book.items()}
    cut = ka.ScoreCut(rule=rule, ties=ties, within="g")
    assert cut.fit(moved) == cut.fit(book)


def test_one_account_is_held_to_the_cut_of_its_group() -> None:
    """One account is held to the cut of its group."""
    cut = ka.ScoreCut(rule=ka.TopCount(1), within="g", at=ka.ByGroup({"a": 0.5}, pool=0.9))
    assert cut.apply({"score": 0.5, "g": "a"})["is_key"].tolist() == [True]
    assert cut.apply({"score": 0.8, "g": None})["is_key"].tolist() == [False]


def test_a_group_that_fit_has_not_met_has_no_seats() -> None:
    """A group that fit has not met has no seats."""
    cut = ka.ScoreCut(rule=ka.TopShare(1.0), within="g").fit({"score": [1.0], "g": [None]})
    assert cut.apply({"score": [9.0, 1.0], "g": ["new", None]})["is_key"].tolist() == [False, True]


def test_who_has_no_score_is_not_key_and_counts_for_a_share() -> None:
    """Who has no score is not key and counts for a share."""
    book = {"score": [0.1, np.nan, np.inf, 0.3]}
    cut = ka.ScoreCut(rule=ka.TopShare(0.25)).fit(book)
    assert cut.apply(book)["is_key"].tolist() == [False, False, False, True]


def test_an_empty_book_has_no_key_accounts() -> None:
    """An empty book has no key accounts."""
    for rule in (ka.TopCount(3), ka.TopCount(0), ka.TopShare(0.5)):
        for scores in ([], [np.nan, np.nan]):
            cut = ka.ScoreCut(rule=rule).fit({"score": scores})
            assert cut.apply({"score": [0.1, 1.0]})["is_key"].tolist() == [False, False]


def test_seats_for_all_let_nobody_in_below_the_lowest() -> None:
    """The next book is held to the scores that this one had."""
    cut = ka.ScoreCut(rule=ka.TopCount(9)).fit({"score": [0.4, 0.6]})
    assert cut.apply({"score": [0.39, 0.4]})["is_key"].tolist() == [False, True]


def test_columns_of_different_lengths_are_refused() -> None:
    """By fit and by apply, and never stretched."""
    cut = ka.ScoreCut(rule=ka.TopCount(1), within="g")
    fitted = cut.fit({"score": [0.5], "g": ["a"]})
    for book in ({"score": [0.5, 0.6], "g": ["a"]}, {"score": [0.5], "g": ["a", "a"]}):
        with pytest.raises(ka.ColumnError, match="differ in length"):
            cut.fit(book)
        with pytest.raises(ka.ColumnError, match="differ in length"):
            fitted.apply(book)


def test_a_cut_by_group_without_a_pool_seats_nobody_else() -> None:
    """Stated by hand, the pool may be left out."""
    cut = ka.ScoreCut(rule=ka.TopCount(1), within="g", at={"a": 0.5})
    found = cut.apply({"score": [0.5, 0.9, 0.9], "g": ["a", "b", None]})["is_key"]
    assert found.tolist() == [True, False, False]


def test_the_largest_float_has_no_next() -> None:
    """Two of them for one seat, and ties out: nobody."""
    cut = ka.ScoreCut(rule=ka.TopCount(1), ties="exclude_all")
    assert cut.fit({"score": [1.7976931348623157e308] * 2}).at == 1.7976931348623157e308


def test_it_says_what_is_missing() -> None:
    """It says what is missing."""
    with pytest.raises(ka.NotFittedError):
        ka.ScoreCut(rule=ka.TopCount(1)).apply({"score": [1.0]})
    with pytest.raises(ka.ColumnNotFoundError, match="did you mean 'score'"):
        ka.ScoreCut(rule=ka.TopCount(1), column="scroe").fit({"score": [1.0]})
    with pytest.raises(ka.SelectionError, match="no figure for group 'b'"):
        ka.ScoreCut(rule=ka.TopCount({"a": 1}), within="g").fit({"score": [1.0], "g": ["b"]})


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"rule": 0.2}, "must be a rule"),
        ({"rule": ka.TopCount(1), "ties": "by_id"}, "ties"),
        ({"rule": ka.TopCount(1), "at": np.inf}, "must be finite"),
        ({"rule": ka.TopCount(1), "at": {"a": 1}}, "one cut per group"),
        ({"rule": ka.TopCount(1), "within": "g", "at": 0.5}, "one cut per group"),
    ],
)
def test_a_wrong_field_is_refused(fields: dict[str, Any], message: str) -> None:
    """A wrong field is refused."""
    with pytest.raises(ka.SpecError, match=message):
        ka.ScoreCut(**fields)
