"""`sensitivity`: what it answers, shows and refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.scoring.criterion import MissingPolicy

COLUMNS = {"a": [0.9, 0.5, 0.1, 0.6], "b": [0.2, 0.8, 0.1, 0.5]}


def scorer(
    weights: dict[str, float] | None = None, missing: MissingPolicy = "worst", **more: Any
) -> ka.CompositeScorer:
    """Weigh a and b."""
    weights = {"a": 0.75, "b": 0.25} if weights is None else weights
    return ka.CompositeScorer(
        criteria=[
            ka.Criterion(name, column=name, value=ka.Linear(0, 1), missing=missing)
            for name in weights
        ],
        weights=weights,
        **more,
    )


def choose(rule: Any = ka.TopCount(2), **arguments: Any) -> ka.Selection:  # noqa: B008 - frozen
    """Choose from four accounts."""
    return ka.select(scorer().score(COLUMNS), rule, **arguments)


def test_a_weight_of_1_has_no_others_to_scale() -> None:
    """Its own break-even is NaN; the other weights can still rise from 0."""
    scores = scorer({"a": 1.0, "b": 0.0}).score(COLUMNS)
    found = ka.sensitivity(ka.select(scores, ka.TopCount(1)), accounts=range(4))
    assert np.isnan([found.lower[0], found.upper[0]]).all()
    assert np.isnan(found.account_upper[:, 0]).all()
    # 0.9(1-t) + 0.2t meets 0.5(1-t) + 0.8t at t = 0.4, and 0.6(1-t) + 0.5t at t = 0.5.
    assert found.upper[1] == pytest.approx(0.4)
    assert np.isnan(found.lower[1])
    assert np.isnan(found.worth_at_flip[:, 1]).all()
    alone = ka.sensitivity(ka.select(scorer({"a": 1.0}).score(COLUMNS), ka.TopCount(1)))
    assert alone.smallest is None


def test_accounts_tied_at_the_cut_part_at_once() -> None:
    """A tie broken by id breaks the other way as soon as the weight moves: the change is 0."""
    scores = scorer({"a": 0.5, "b": 0.5}).score({"a": [0.75, 0.25], "b": [0.25, 0.75]})
    chosen = ka.select(scores, ka.TopCount(1), ids=["x", "y"], ties="by_id")
    found = ka.sensitivity(chosen, accounts=["x", "y"])
    assert chosen.key_ids == ("x",)
    assert found.lower[0] == found.upper[1] == 0.5
    assert np.isnan([found.upper[0], found.lower[1]]).all()
    assert found.smallest is not None
    assert found.smallest[1] == 0.0
    np.testing.assert_array_equal(found.account_lower[:, 0], [0.5, 0.5])
    both = ka.sensitivity(ka.select(scores, ka.TopCount(1)), accounts=[])
    assert both.lower.tolist() == both.upper.tolist() == [0.5, 0.5]


def test_accounts_tied_for_good_do_not_part() -> None:
    """The same worths whatever the weight: two for one seat stay two for one seat."""
    scores = scorer().score({"a": [0.5, 0.5, 0.1], "b": [0.5, 0.5, 0.1]})
    for ties in ("include_all", "exclude_all", "by_id"):
        chosen = ka.select(scores, ka.TopCount(1), ids=list("xyz"), ties=ties)
        assert ka.sensitivity(chosen, accounts=list("xyz")).smallest is None


def test_a_knot_of_tied_accounts_changes_places_unnoticed() -> None:
    """Three seats, two pairs of twins: all four are in, whichever pair is ahead."""
    scores = scorer({"a": 0.5, "b": 0.5}).score(
        {"a": [0.9, 0.9, 0.5, 0.5, 0.1], "b": [0.2, 0.2, 0.5, 0.5, 0.1]}
    )
    chosen = ka.select(scores, ka.TopCount(3))
    assert chosen.is_key.tolist() == [True] * 4 + [False]
    assert ka.sensitivity(chosen, accounts=[]).smallest is None
    # With the pair split, the third seat is decided where the pairs change places.
    split = ka.select(scores, ka.TopCount(3), ids=list("vwxyz"), ties="by_id")
    assert ka.sensitivity(split, accounts=[]).lower[0] == pytest.approx(3 / 7)


@pytest.mark.parametrize(
    ("arguments", "worths", "key"),
    [
        # Ahead by exactly the hold, whatever the weight: the challenger has the seat for good.
        ({"hold": 0.125}, [0.5, 0.625], "new"),
        ({"hold": 0.125, "ties": "by_id"}, [0.5, 0.625], "new"),
        ({"hold": 0.125, "ties": "exclude_all"}, [0.5, 0.625], "new"),
        # Equal whatever the weight: where ids decide, the incumbent goes first.
        ({"ties": "by_id"}, [0.5, 0.5], "old"),
    ],
)
def test_incumbents_tied_for_good_stay_as_they_are(
    arguments: dict[str, Any], worths: list[float], key: str
) -> None:
    """Who goes first of two whose lines are the same goes first under every weight."""
    scores = scorer().score({"a": worths, "b": worths})
    chosen = ka.select(scores, ka.TopCount(1), ids=["old", "new"], incumbents=["old"], **arguments)
    assert chosen.key_ids == (key,)
    found = ka.sensitivity(chosen, accounts=["old", "new"])
    assert found.smallest is None
    assert np.isnan([found.account_lower, found.account_upper]).all()


def test_twins_too_many_for_the_free_seat_stay_out() -> None:
    """Both reach the threshold when weight b passes 5/7, but one seat is free."""
    scores = scorer().score({"a": [0.75, 0.0, 0.0], "b": [0.75, 0.7, 0.7]})
    rule = ka.TopCount(2) & ka.AtLeast(0.5)
    out = ka.sensitivity(ka.select(scores, rule, ties="exclude_all"), accounts=range(3))
    assert out.smallest is None
    assert np.isnan([out.account_lower, out.account_upper]).all()
    into = ka.sensitivity(ka.select(scores, rule), accounts=[])
    assert into.upper[1] == pytest.approx(5 / 7)


def test_passing_twins_below_the_threshold_wins_no_seat() -> None:
    """Twins tied for one seat fall below the threshold; the third passes them there, and is out.

    With weight w on a the twins have 0.25 + 0.5w and the third 0.7 - 0.5w: they meet at 0.45, but
    the third reaches 0.5 at 0.4 only.
    """
    scores = scorer().score({"a": [0.75, 0.75, 0.2], "b": [0.25, 0.25, 0.7]})
    rule = ka.TopCount(1) & ka.AtLeast(0.5)
    chosen = ka.select(scores, rule, ties="exclude_all")
    assert not chosen.is_key.any()
    found = ka.sensitivity(chosen, accounts=range(3))
    assert found.lower[0] == pytest.approx(0.4)
    np.testing.assert_allclose(found.account_lower[:, 0], [np.nan, np.nan, 0.4])


def test_a_seat_that_twins_leave_as_another_comes_is_taken_at_once() -> None:
    """Twins too many for one seat fall below the threshold where a third account reaches it."""
    scores = scorer({"a": 0.25, "b": 0.75}).score(
        {"a": [0.125, 1.0, 0.125], "b": [0.875, 0, 0.875]}
    )
    rule = ka.TopCount(1) & ka.AtLeast(0.5)
    found = ka.sensitivity(ka.select(scores, rule, ties="exclude_all"), accounts=range(3))
    assert found.upper[0] == pytest.approx(0.5)
    np.testing.assert_allclose(found.account_upper[:, 0], [np.nan, 0.5, np.nan])


def test_twins_that_come_as_twins_leave_are_too_many_as_well() -> None:
    """One pair falls below the threshold where another reaches it: the seat stays free.

    A single steeper line takes it where it passes the second pair: 0.9w is 0.25 + 0.5w at 0.625.
    """
    pairs = {"a": [0.125, 0.125, 0.75, 0.75], "b": [0.875, 0.875, 0.25, 0.25]}
    rule = ka.TopCount(1) & ka.AtLeast(0.5)
    for extra, expected in (({"a": [], "b": []}, np.nan), ({"a": [0.9], "b": [0.0]}, 0.625)):
        book = {name: [*pairs[name], *extra[name]] for name in "ab"}
        scores = scorer({"a": 0.25, "b": 0.75}).score(book)
        chosen = ka.select(scores, rule, ties="exclude_all")
        assert not chosen.is_key.any()
        found = ka.sensitivity(chosen, accounts=range(len(chosen)))
        np.testing.assert_allclose(found.upper[0], expected)
        np.testing.assert_allclose(np.fmin.reduce(found.account_upper[:, 0]), expected)


def test_accounts_on_the_threshold_fall_below_it_at_once_or_rise() -> None:
    """Two tied on the bar for one seat: falling, both stay out; rising, the steeper is in."""
    scores = scorer({"a": 0.5, "b": 0.5}).score({"a": [0.25, 0.0], "b": [0.75, 1.0]})
    rule = ka.TopCount(1) & ka.AtLeast(0.5)
    found = ka.sensitivity(ka.select(scores, rule, ties="exclude_all"), accounts=[0, 1])
    assert found.lower[0] == 0.5
    assert np.isnan(found.upper[0])
    np.testing.assert_array_equal(found.account_lower[:, 0], [np.nan, 0.5])
    assert np.isnan(found.account_upper[:, 0]).all()


def test_the_worth_at_the_flip_heeds_the_higher_bar() -> None:
    """A seat is lost to the threshold before it is lost to a rival below it."""
    scores = scorer({"a": 0.5, "b": 0.5}).score({"a": [0.75, 0.25], "b": [0.75, 0.25]})
    found = ka.sensitivity(ka.select(scores, ka.TopCount(1) & ka.AtLeast(0.5)), accounts=[0, 1])
    np.testing.assert_allclose(found.worth_at_flip, [[0.25, 0.25], [1.25, 1.25]])


def test_a_full_book_never_changes() -> None:
    """A seat for everybody, or for nobody: no weight matters."""
    for rule in (ka.TopShare(1.0), ka.TopCount(0), ka.TopCount(9)):
        found = ka.sensitivity(choose(rule), accounts=range(4))
        assert found.smallest is None
        for ends in (found.lower, found.upper, found.account_lower, found.account_upper):
            assert np.isnan(ends).all()
        assert np.isnan(found.worth_at_flip).all()
    empty = ka.select(scorer().score({"a": [], "b": []}), ka.TopCount(1))
    assert ka.sensitivity(empty).smallest is None


def test_accounts_that_do_not_compete_do_not_flip() -> None:
    """In or out by override, or without a score, whatever the weights."""
    book = {"a": [0.9, 0.5, None, 0.6], "b": [0.2, 0.8, 0.1, 0.5]}
    chosen = ka.select(
        scorer(missing="reject").score(book),
        ka.TopCount(2),
        ids=list("pqrs"),
        overrides=[
            ka.Override("p", include=False, reason="why", approved_by="VP"),
            ka.Override("q", include=True, reason="why", approved_by="VP"),
        ],
    )
    found = ka.sensitivity(chosen, accounts=list("pqr"))
    assert np.isnan(found.account_lower).all()
    assert np.isnan(found.account_upper).all()
    assert np.isnan(found.worth_at_flip).all()


def test_a_cap_on_changes_is_not_looked_at() -> None:
    """The set asked about is the one that would be key if seats could change hands freely."""
    arguments: dict[str, Any] = {"ids": list("pqrs"), "incumbents": ["r"]}
    free = ka.sensitivity(choose(ka.TopCount(1), **arguments), accounts=list("pqrs"))
    capped = ka.sensitivity(
        choose(ka.TopCount(1), max_changes=0, **arguments), accounts=list("pqrs")
    )
    np.testing.assert_array_equal(free.lower, capped.lower)
    np.testing.assert_array_equal(free.account_upper, capped.account_upper)


def test_borderline_accounts_are_looked_at_unless_some_are_named() -> None:
    """Positions or ids, in the order given; without any, those near the cut."""
    chosen = choose(ka.TopCount(2), margin=0.02)
    np.testing.assert_array_equal(
        ka.sensitivity(chosen).accounts, np.flatnonzero(chosen.borderline)
    )
    named = choose(ka.TopCount(2), ids=[10, 20, 30, 40])
    for accounts in ([40, 10], ["40", 10.0], pd.Series([40, 10]), (a for a in (40, 10))):
        found = ka.sensitivity(named, accounts=accounts)
        assert found.accounts.tolist() == [3, 0]
        assert found.ids is not None
        assert found.ids.tolist() == ["40", "10"]


def test_of_many_borderline_accounts_the_nearest_are_looked_at() -> None:
    """At most 50, whatever the order of the rows."""
    n = 300
    book = {name: np.random.default_rng(k).random(n) for k, name in enumerate("ab")}
    order = np.random.default_rng(5).permutation(n)
    ids = np.array([f"i{i}" for i in range(n)])
    found = []
    for rows in (np.arange(n), order):
        scores = scorer().score({name: x[rows] for name, x in book.items()})
        chosen = ka.select(scores, ka.TopShare(0.5), ids=ids[rows], margin=1.0)
        found.append(ka.sensitivity(chosen))
        distances = np.abs(chosen.distance)
        assert np.sort(distances)[49] == distances[found[-1].accounts].max()
    assert [len(f.accounts) for f in found] == [50, 50]
    first, second = (
        dict(zip(f.ids.tolist(), f.account_lower.tolist(), strict=True))  # type: ignore[union-attr]
        for f in found
    )
    assert {k: str(v) for k, v in first.items()} == {k: str(v) for k, v in second.items()}
    np.testing.assert_array_equal(found[0].lower, found[1].lower)


def test_a_row_reads_well() -> None:
    """The account, and the range of each weight within which it stays as it is."""
    found = ka.sensitivity(choose(ka.TopCount(1), ids=list("pqrs")), accounts=["p"])
    assert str(found.row(0)) == (
        "account                           p\n"
        "row                               0\n"
        "stays while the weight is within\n"
        "  a                               0.6 .. any\n"
        "  b                               any .. 0.4"
    )
    with pytest.raises(ka.RowError):
        found.row(1)


@pytest.mark.parametrize(
    ("ids", "accounts", "error"),
    [
        (None, [4], "no account at position 4 in a selection of 4"),
        (None, [-1], "no account at position -1"),
        (None, [1.5], "no account at position 1.5"),
        (None, ["a"], "hold"),
        (list("pqrs"), ["x"], "no account 'x'"),
        (list("pqrs"), [0], "no account '0'"),
        (list("pqrs"), [None], "no account 'None'"),
        (list("pqrs"), "p", "must be several"),
        (None, 1, "must be several"),
    ],
)
def test_accounts_that_are_not_there(ids: Any, accounts: Any, error: str) -> None:
    """Each meets a typed error that names it."""
    with pytest.raises(ka.KeyAccountError, match=error):
        ka.sensitivity(choose(ids=ids), accounts=accounts)


@pytest.mark.parametrize("aggregate", ["product", "topsis"])
def test_other_aggregations_are_no_lines(aggregate: Any) -> None:
    """The error points to `stability`, which serves them."""
    fitted = scorer(aggregate=aggregate).fit(COLUMNS)
    with pytest.raises(ka.SelectionError, match=f"'{aggregate}' are no straight lines") as error:
        ka.sensitivity(ka.select(fitted.score(COLUMNS), ka.TopCount(1)))
    assert "ka.stability" in error.value.hint


def test_plain_numbers_have_no_weights() -> None:
    """Nothing is known of how they came about."""
    with pytest.raises(ka.SelectionError, match="plain numbers"):
        ka.sensitivity(ka.select([0.1, 0.2], ka.TopCount(1)))


@pytest.mark.parametrize("weights", [{"a": 0.5, "b": 0.5}, {"a": 0.0, "b": 1.0}])
def test_scores_that_reweight_are_no_lines(weights: dict[str, float]) -> None:
    """Also where the criterion has no weight yet, but would be taken out once it had some."""
    book = {"a": [None, 0.5, 0.1], "b": [0.2, 0.8, 0.1]}
    scores = scorer(weights, missing="reweight").score(book)
    with pytest.raises(ka.SelectionError, match="bends the lines"):
        ka.sensitivity(ka.select(scores, ka.TopCount(1)))
    for fine in ("worst", "reject"):
        scores = scorer(weights, missing=fine).score(book)
        ka.sensitivity(ka.select(scores, ka.TopCount(1)))
    known = scorer(weights, missing="reweight").score(COLUMNS)
    ka.sensitivity(ka.select(known, ka.TopCount(1)))


@given(st.integers(0, 2**32 - 1))
def test_one_account_scored_alone_is_answered_too(seed: int) -> None:
    """A selection of one account competes with a threshold only."""
    a, b = np.random.default_rng(seed).random(2).tolist()
    scores = scorer({"a": 0.5, "b": 0.5}).score({"a": a, "b": b})
    found = ka.sensitivity(ka.select(scores, ka.AtLeast(0.5)), accounts=[0])
    np.testing.assert_array_equal(found.lower, found.account_lower[0])
    np.testing.assert_array_equal(found.upper, found.account_upper[0])
    ahead = 0.5 * a + 0.5 * b - 0.5
    np.testing.assert_allclose(found.worth_at_flip[0], [a - 2 * ahead, b - 2 * ahead])
