"""Why scores and seats moved: parts that are worked out by hand, and add up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest

import keyaccount as ka

Make: TypeAlias = Callable[..., ka.Quarter]
JUNE = "2026-06-30"


def scorer(sales: float, top: float = 100.0, **more: Any) -> ka.CompositeScorer:
    """Give a scorer of sales and potential, with the weight of sales."""
    columns = more.pop("columns", ("sales", "potential"))
    names = [f"{c}" for c in columns]
    weights = dict(zip(names, (sales, 1.0 - sales), strict=True))
    criteria = [ka.Criterion(n, column=n, value=ka.Linear(0, top)) for n in names]
    return ka.CompositeScorer(criteria=criteria, weights=weights, **more)


def test_data_and_spec_apart(quarter: Make) -> None:
    """Sales 40 → 60 under weights .5/.5, then weights .75/.25: +.10 of data, +.10 of spec."""
    before = quarter(
        {"id": ["a"], "sales": [40.0], "potential": [20.0]}, day=JUNE, scorer=scorer(0.5)
    )
    after = quarter({"id": ["a"], "sales": [60.0], "potential": [20.0]}, scorer=scorer(0.75))
    found = ka.review(before, after).drivers
    assert found.names == ("sales", "potential")
    assert found.data.tolist() == pytest.approx([0.10])
    assert found.spec.tolist() == pytest.approx([0.10])
    assert found.change.tolist() == pytest.approx([0.20])
    assert found.data_by is not None
    assert found.spec_by is not None
    assert found.data_by[0].tolist() == pytest.approx([0.10, 0.0])
    assert found.spec_by[0].tolist() == pytest.approx([0.15, -0.05])
    assert found.row(0)["data_sales"] == pytest.approx(0.10)


def test_a_new_criterion_is_an_effect_of_the_spec(quarter: Make) -> None:
    """A criterion that came, and one that went, have their part of the effect of the spec."""
    before = quarter(
        {"id": ["a"], "sales": [40.0], "potential": [20.0]}, day=JUNE, scorer=scorer(0.5)
    )
    after = quarter(
        {"id": ["a"], "sales": [40.0], "potential": [20.0], "fit": [100.0]},
        scorer=scorer(0.5, columns=("sales", "fit")),
    )
    found = ka.review(before, after).drivers
    assert found.names == ("sales", "potential", "fit")
    assert found.data.tolist() == [0.0]
    assert found.spec_by is not None
    assert found.spec_by[0].tolist() == pytest.approx([0.0, -0.10, 0.50])


def test_a_column_that_is_gone_counts_as_unknown_and_is_told(quarter: Make) -> None:
    """The earlier scorer reads what the later quarter has not: its part of the score is lost."""
    before = quarter(
        {"id": ["a"], "sales": [40.0], "potential": [20.0]}, day=JUNE, scorer=scorer(0.5)
    )
    only = ka.CompositeScorer(
        criteria=[ka.Criterion("size", column="sales", value=ka.Linear(0, 100))],
        weights={"size": 1},
    )
    found = ka.review(before, quarter({"id": ["a"], "sales": [40.0]}, scorer=only)).drivers
    assert found.data.tolist() == pytest.approx([-0.10])
    assert found.spec.tolist() == pytest.approx([0.20])
    assert [(n.code, n.where) for n in found.notes] == [("column_gone", "potential")]
    assert found.data_by is not None
    assert found.data_by[0].tolist() == pytest.approx([0.0, -0.10, 0.0])


@pytest.mark.parametrize("aggregate", ["product", "topsis"])
def test_effects_of_a_scorer_that_does_not_add_are_told_in_all(
    quarter: Make, aggregate: Any
) -> None:
    """Under a product or TOPSIS the effects add up, but not by criterion, and a note says so."""
    ideals = (ka.Ideal(0, 1), ka.Ideal(0, 1)) if aggregate == "topsis" else None
    spec = scorer(0.5, aggregate=aggregate, ideals=ideals)
    before = quarter({"id": ["a"], "sales": [40.0], "potential": [20.0]}, day=JUNE, scorer=spec)
    after = quarter({"id": ["a"], "sales": [60.0], "potential": [20.0]}, scorer=spec)
    found = ka.review(before, after).drivers
    assert found.data_by is found.spec_by is None
    assert found.data.tolist() == found.change.tolist()
    assert [n.code for n in found.notes] == ["not_additive"]
    assert "data_sales" not in found.columns()


def test_an_override_moves_a_seat_and_no_score(quarter: Make) -> None:
    """Who is put in takes the seat of another; both owe it to the override, the score to nobody."""
    columns = {"id": list("abc"), "sales": [90.0, 80.0, 10.0], "potential": [90.0, 80.0, 10.0]}
    flagship = ka.Override("c", include=True, reason="flagship", approved_by="VP")
    before = quarter(columns, day=JUNE)
    after = quarter(columns, overrides=[flagship])
    found = ka.review(before, after)
    assert found.decision.tolist() == ["watch", "demote", "promote"]  # a does not grow
    drivers = found.drivers
    assert drivers.seat.tolist() == [0, -1, 1]
    assert drivers.seat_by_override.tolist() == [0, -1, 1]
    for part in ("data", "others", "time", "scorer", "policy"):
        assert getattr(drivers, f"seat_by_{part}").tolist() == [0, 0, 0]
    assert drivers.change.tolist() == [0.0, 0.0, 0.0]
    assert found.reason[2].endswith(
        "; by flagship (approved by VP); the approval alone gives the seat, without an end; the "
        "seat moved by special approvals"
    )


def test_an_override_that_ended_gives_the_seat_back(quarter: Make) -> None:
    """Where an override is over, the seat moves back, and that too is the override's."""
    columns = {"id": list("abc"), "sales": [90.0, 80.0, 10.0], "potential": [90.0, 80.0, 10.0]}
    flagship = ka.Override(
        "c", include=True, reason="flagship", approved_by="VP", expires="2026-08-01"
    )
    before = quarter(columns, day=JUNE, overrides=[flagship])
    drivers = ka.review(before, quarter(columns, overrides=[flagship])).drivers
    assert drivers.seat.tolist() == drivers.seat_by_override.tolist() == [0, 1, -1]


def test_scores_that_are_not_there_have_no_parts(quarter: Make) -> None:
    """A rejected account has no score, so nothing of it can be split."""
    criterion = ka.Criterion("sales", column="sales", value=ka.Linear(0, 100), missing="reject")
    other = ka.Criterion("potential", column="potential", value=ka.Linear(0, 100))
    spec = ka.CompositeScorer(criteria=[criterion, other], weights={"sales": 0.5, "potential": 0.5})
    columns = {"id": ["a", "b"], "sales": [None, 50.0], "potential": [1.0, 50.0]}
    before = quarter(columns, day=JUNE, scorer=spec)
    found = ka.review(before, quarter({**columns, "sales": [9.0, 60.0]}, scorer=spec)).drivers
    assert np.isnan(found.data).tolist() == [True, False]
    assert found.data_by is not None
    assert np.isnan(found.data_by).all(axis=1).tolist() == [True, False]
    assert found.row(0)["score_before"] is None


PARTS = ("data", "others", "time", "scorer", "policy", "override")


def seat_parts(found: ka.Review) -> list[dict[str, int]]:
    """Write down what each moved seat owes its move to."""
    drivers = found.drivers
    return [
        {p: int(n) for p in PARTS if (n := getattr(drivers, f"seat_by_{p}")[i])}
        for i in range(len(found))
    ]


def book(**sizes: float) -> dict[str, Any]:
    """Give a book of accounts whose score is their size / 100."""
    return {"id": list(sizes), "sales": list(sizes.values()), "potential": list(sizes.values())}


def test_fewer_seats_are_the_policys_doing(quarter: Make) -> None:
    """The same data under TopCount 3, then 2: the last seat goes by the policy, no score moved."""
    three, two = (ka.SelectionPolicy(ka.TopCount(n), margin=0.0) for n in (3, 2))
    before = quarter(book(a=90, b=80, c=70, d=10), day=JUNE, policy=three)
    after = quarter(book(a=90, b=80, c=70, d=10), policy=two, incumbents=before.selection)
    found = ka.review(before, after)
    assert seat_parts(found) == [{}, {}, {"policy": -1}, {}]
    assert found.drivers.change.tolist() == [0.0] * 4
    assert found.reason[2].endswith("; the seat moved by the policy of selection")


def test_the_account_itself_or_the_others_move_a_seat(quarter: Make) -> None:
    """B passes c: by its own data; c, unchanged, loses the seat by what the others did."""
    policy = ka.SelectionPolicy(ka.TopCount(2), margin=0.0)
    before = quarter(book(a=90, b=10, c=70), day=JUNE, policy=policy)
    after = quarter(book(a=90, b=80, c=70), policy=policy, incumbents=before.selection)
    found = ka.review(before, after)
    assert seat_parts(found) == [{}, {"data": 1}, {"others": -1}]
    assert found.drivers.why_seat(2) == "what the others did"
    fell = quarter(book(a=90, b=10, c=5), policy=policy, incumbents=before.selection)
    found = ka.review(before, fell)
    assert seat_parts(found) == [{}, {"others": 1}, {"data": -1}]


def test_another_scorer_and_another_policy_are_told_apart(quarter: Make) -> None:
    """Weights turn around and a third seat is given: each seat owes its move to one of them."""
    columns = {"id": list("abc"), "sales": [90.0, 60.0, 0.0], "potential": [0.0, 50.0, 90.0]}
    one, two = (ka.SelectionPolicy(ka.TopCount(n), margin=0.0) for n in (1, 2))
    before = quarter(columns, day=JUNE, policy=one, scorer=scorer(0.9))
    after = quarter(columns, policy=two, scorer=scorer(0.1), incumbents=before.selection)
    found = ka.review(before, after)
    assert found.drivers.seat.tolist() == [-1, 1, 1]
    assert seat_parts(found) == [{"scorer": -1}, {"policy": 1}, {"scorer": 1}]


def test_seats_given_otherwise_are_the_policys_doing(quarter: Make) -> None:
    """One seat per sector, then two for all: who had that of a sector loses it by the policy."""
    policy = ka.SelectionPolicy(ka.TopCount(1), margin=0.0)
    both = ka.SelectionPolicy(ka.TopCount(2), margin=0.0)
    columns = {**book(a=90, b=80, c=10), "sector": ["x", "x", "y"]}
    before = quarter(columns, day=JUNE, policy=policy, within="sector")
    after = quarter(columns, policy=both, incumbents=before.selection)
    found = ka.review(before, after)
    assert found.drivers.seat.tolist() == [0, 1, -1]
    assert seat_parts(found) == [{}, {"policy": 1}, {"policy": -1}]


def test_a_policy_that_cannot_be_applied_again_is_told(quarter: Make) -> None:
    """A threshold per group, and later a group it does not know: moves are told as the data's."""
    by_group = ka.SelectionPolicy(ka.AtLeast({"x": 0.5}), margin=0.0)
    all_alike = ka.SelectionPolicy(ka.AtLeast(0.8), margin=0.0)
    columns = {**book(a=90, b=60), "sector": ["x", "x"]}
    before = quarter(columns, day=JUNE, policy=by_group, within="sector")
    after = quarter({**columns, "sector": ["x", "y"]}, policy=all_alike, within="sector")
    found = ka.review(before, after)
    (told,) = found.drivers.notes
    assert told.code == "seats_not_split"
    assert seat_parts(found) == [{}, {"others": -1}]


def test_in_a_first_review_seats_are_compared_with_the_incumbents(quarter: Make) -> None:
    """Who is named as key before keeps its seat or loses it; the rest enter."""
    after = quarter(
        book(a=90, b=80, c=10), policy=ka.SelectionPolicy(ka.TopCount(2)), incumbents=["b", "c"]
    )
    found = ka.review(None, after, rules=ka.ReviewRules(checks=()))
    assert found.decision.tolist() == ["promote", "keep", "demote"]
    assert found.drivers.seat.tolist() == found.drivers.seat_by_data.tolist() == [1, 0, -1]
    assert found.reason[0].startswith("first review; in: by its score")


def test_a_seat_is_lost_by_its_own_data_only_where_these_alone_would_cost_it(quarter: Make) -> None:
    """.60 to .5999 beside .50 loses nothing by itself: the other, who leaps to .90, takes it."""
    policy = ka.SelectionPolicy(ka.TopCount(1), margin=0.0)
    before = quarter(book(a=60, b=50), day=JUNE, policy=policy)

    def parts(**sizes: float) -> list[dict[str, int]]:
        after = quarter(book(**sizes), policy=policy, incumbents=before.selection)
        return seat_parts(ka.review(before, after))

    assert parts(a=59.99, b=90) == [{"others": -1}, {"data": 1}]
    assert parts(a=49.99, b=90) == [{"data": -1}, {"data": 1}]
    assert parts(a=40, b=45) == [{"data": -1}, {"others": 1}]


def test_a_tenure_that_lapses_is_no_change_of_data(quarter: Make) -> None:
    """The same data, a quarter later: the incumbent is protected no more, by time alone."""
    policy = ka.SelectionPolicy(ka.TopCount(1), margin=0.0, min_tenure_days=100)
    before = quarter(book(a=60, b=50), day=JUNE, policy=policy, incumbents={"b": "2026-05-01"})
    after = quarter(book(a=60, b=50), policy=policy, incumbents=before.selection)
    found = ka.review(before, after)
    assert seat_parts(found) == [{"time": 1}, {"time": -1}]
    assert found.drivers.why_seat(1) == "incumbency and time"


def test_an_approval_that_ended_and_a_hold_are_no_change_of_data(quarter: Make) -> None:
    """Who was approved into a seat keeps it by the hold: approval and incumbency, no data."""
    policy = ka.SelectionPolicy(ka.TopCount(1), margin=0.0, hold=0.2)
    approved = ka.Override("b", include=True, reason="r", approved_by="VP", expires="2026-08-01")
    before = quarter(book(a=60, b=50), day=JUNE, policy=policy, overrides=[approved])
    after = quarter(
        book(a=60, b=50), policy=policy, overrides=[approved], incumbents=before.selection
    )
    found = ka.review(before, after)
    assert seat_parts(found) == [{"time": -1, "override": 1}, {"time": 1, "override": -1}]
