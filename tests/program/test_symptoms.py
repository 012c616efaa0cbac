"""Symptoms of a weak programme: measured by hand, asked where data are silent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import assert_same_columns

BOOK: dict[str, list[Any]] = {
    "is_key": [True, True, True, True, False, None],
    "budget": [10, 0, None, 5, 99, 99],
    "owner": ["li", "li", "wu", None, "he", "he"],
    "worth": [50.0, 20.0, 20.0, 10.0, 900.0, 900.0],
    "time": [10.0, 10.0, None, 0.0, 50.0, 50.0],
    "small": [5.0, 1.0, 3.0, 0.0, 50.0, 50.0],
    "routine": [True, False, None, True, False, False],
    "conflict": [True, None, False, False, True, True],
    "chain": [True, True, False, None, False, False],
    "alone": [True, False, False, False, True, True],
}
ALL: dict[str, Any] = {
    "budget": "budget",
    "owner": "owner",
    "value": "worth",
    "stars": 1,
    "time": "time",
    "small_deal_time": "small",
    "routine": "routine",
    "conflict": "conflict",
    "chain_known": "chain",
    "one_hand": "alone",
}


def test_a_book_worked_by_hand() -> None:
    """Budget: 3 of 5; stars: 70 of the 90 owned; time: 6 of 20; routine or conflict: 2 of 3; …"""
    found = ka.programme_symptoms(BOOK, limits={"few_stars": 0.78, "small_deals": 0.2}, **ALL)
    assert found.figure.tolist() == [3 / 5, 70 / 90, 6 / 20, 2 / 3, 1 / 3, 1 / 4]
    assert found.shown.tolist() == [None, False, True, None, None, None]
    assert found.measured.all()
    assert found.row(2)["why"] == (
        "30.0 % of the time on key accounts goes into small deals: "
        "6 of 20, not known of 1 account; limit 20 %"
    )
    assert [f.code for f in found.findings] == [
        "key_unknown",
        "no_owner",
        "missing",
        "small_deals",
    ]
    told = next(f for f in found.findings if f.code == "no_owner")
    assert told.message == "1 key account without an owner, 10.0 % of key value, left out"
    assert found.known.tolist() == [3, 3, 3, 3, 3, 4]
    assert found.part.tolist() == [3.0, 70.0, 6.0, 2.0, 1.0, 1.0]
    assert found.whole.tolist() == [5.0, 90.0, 20.0, 3.0, 3.0, 4.0]
    assert found.row(0)["why"] == (
        "60.0 % of key accounts have no budget: 3 of 5, 2 of them because none is stated"
    )
    assert found.row(5)["why"] == "25.0 % of key accounts are in one person's hands: 1 of 4"
    assert found.concerned.tolist() == [5, 4, 4, 4, 4, 4]


def test_what_is_not_measured_is_asked() -> None:
    """None and a question, never an ok."""
    found = ka.programme_symptoms({"is_key": [True]})
    assert np.isnan(found.figure).all()
    assert found.shown.tolist() == [None] * 6
    assert [f.code for f in found.findings] == ["asked"] * 6
    assert found.row(5)["why"] == "asked: Which key accounts hang on a single person?"


def test_no_key_account_is_a_programme_without_a_definition() -> None:
    """Even if a budget is there."""
    found = ka.programme_symptoms({"is_key": [False, None]}, limits={"undefined": 0})
    assert found.figure[0] == 1.0
    assert found.shown[0] is True
    assert found.row(0)["why"] == "no account is a key account; limit 0 %"
    assert np.isnan(ka.programme_symptoms({"is_key": []}).figure).all()


def test_checklists_come_in_two_languages() -> None:
    """Three ways to fail, six symptoms."""
    assert [way.name_zh for way in ka.ways_to_fail()] == ["进不来", "做不大", "留不住"]
    items = (*ka.ways_to_fail(), *ka.weak_programme_symptoms())
    assert len(items) == 9
    assert all(i.name and i.name_zh and i.question and i.question_zh for i in items)


@given(st.permutations(range(6)))
def test_the_order_of_accounts_does_not_matter(order: list[int]) -> None:
    """To the bit."""
    shuffled = {name: [column[i] for i in order] for name, column in BOOK.items()}
    found = ka.programme_symptoms(shuffled, **ALL)
    assert_same_columns(found.columns(), ka.programme_symptoms(BOOK, **ALL).columns())


@given(st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=9))
def test_repeating_the_book_changes_no_share(alone: list[Any]) -> None:
    """Shares are bounded, and those of a doubled book."""
    book = {"is_key": [True] * len(alone), "alone": alone}
    once = ka.programme_symptoms(book, one_hand="alone").figure[-1]
    twice = {name: column * 2 for name, column in book.items()}
    assert np.array_equal(
        ka.programme_symptoms(twice, one_hand="alone").figure[-1], once, equal_nan=True
    )
    assert np.isnan(once) or 0.0 <= once <= 1.0


@given(st.lists(st.integers(0, 100), min_size=1, max_size=6), st.integers(1, 6))
def test_more_stars_hold_more(worth: list[int], stars: int) -> None:
    """Monotone in how many count as the few; everybody holds all."""
    n = len(worth)
    book = {"is_key": [True] * n, "owner": [str(i) for i in range(n)], "worth": worth}

    def held(few: int) -> float:
        options: dict[str, Any] = {"owner": "owner", "value": "worth", "stars": few}
        return float(ka.programme_symptoms(book, **options).figure[1])

    if sum(worth):
        assert held(stars) <= held(stars + 1) <= 1.0
        assert held(n) == 1.0


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"key": "key"}, ka.ColumnNotFoundError, "key"),
        ({"owner": "owner"}, ka.SpecError, "needs stars"),
        ({"time": "time"}, ka.SpecError, "needs small_deal_time"),
        ({"owner": "owner", "stars": 0}, ka.SpecError, "at least 1"),
        ({"time": "small", "small_deal_time": "time"}, ka.RowError, "more than the whole time"),
        ({"routine": "worth"}, ka.RowError, "neither true nor false"),
        ({"limits": {"few_star": 0.5}}, ka.SpecError, "did you mean 'few_stars'"),
        ({"limits": {"few_stars": 50}}, ka.SpecError, "share"),
        ({"limits": 0.5}, ka.SpecError, "map"),
    ],
)
def test_what_cannot_be_is_refused(options: Any, error: type[Exception], said: str) -> None:
    """Typed errors, each with its hint."""
    with pytest.raises(error, match=said) as caught:
        ka.programme_symptoms(BOOK, **options)
    assert "Hint:" in str(caught.value)


def test_a_share_says_how_much_is_known() -> None:
    """One known flag of a thousand is not the whole book."""
    alone = [True, *[None] * 999]
    found = ka.programme_symptoms({"is_key": [True] * 1000, "alone": alone}, one_hand="alone")
    assert found.row(5)["why"].endswith("in one person's hands: 1 of 1, not known of 999 accounts")


def test_what_is_missing_or_negative_is_told() -> None:
    """A value counts 0 as in `coverage`; an unknown time is left out."""
    book = {
        "is_key": [True, True, True],
        "owner": ["li", "wu", "he"],
        "worth": [10.0, None, -5.0],
        "time": [1.0, None, 2.0],
        "small": [0.5, 0.0, None],
    }
    found = ka.programme_symptoms(
        book, owner="owner", value="worth", stars=1, time="time", small_deal_time="small"
    )
    assert found.figure[1:3].tolist() == [1.0, 0.5]
    assert found.known[1:3].tolist() == [2, 1]
    told = [(f.code, f.count) for f in found.findings if f.code != "asked"]
    assert told == [("missing", 1), ("negative", 1), ("missing", 2)]


def test_nobody_is_no_star() -> None:
    """What nobody owns, or somebody yet to be named, is no part of what the few hold."""
    book = {"is_key": [True] * 4, "owner": ["li", "wu", None, "TBD"], "worth": [60, 20, 400, 20]}
    found = ka.programme_symptoms(book, owner="owner", value="worth", stars=1)
    assert found.figure[1] == 0.75
    told = {f.code: f for f in found.findings}
    assert told["nobody"].count == 1
    assert told["no_owner"].message == (
        "2 key accounts without an owner, 84.0 % of key value, left out"
    )
    free = ka.programme_symptoms({**book, "owner": [None] * 4}, owner="owner", stars=1)
    assert np.isnan(free.figure[1])
