"""Migration counts every account of two dates once, and balances."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka

BEFORE = {
    "id": ["a", "b", "c", "d", "e"],
    "label": ["D1", "D1", "D2", None, "D2"],
    "money": [100.10, 200.20, 30.0, 5.0, 7.0],
}
AFTER = {
    "id": ["e", "b", "a", "d", "f"],
    "label": ["D2", "D2", "D1", "D1", "D3"],
    "money": [8.0, 50.5, 120.0, 6.0, None],
}


def moves_of(before: Any, after: Any, **options: Any) -> ka.Migration:
    """Compare two dates."""
    return ka.migration(
        before["label"],
        after["label"],
        ids_before=before["id"],
        ids_after=after["id"],
        money_before=before["money"],
        money_after=after["money"],
        **options,
    )


def test_a_hand_made_migration() -> None:
    """Account a stayed in D1, b fell to D2, c left from D2, d was unknown, e stayed, f is new."""
    found = moves_of(BEFORE, AFTER)
    assert found.states == ("D1", "D2", "D3", "(unknown)", "(absent)")
    assert found.counts.tolist() == [
        [1, 1, 0, 0, 0],
        [0, 1, 0, 0, 1],
        [0, 0, 0, 0, 0],
        [1, 0, 0, 0, 0],
        [0, 0, 1, 0, 0],
    ]
    assert (found.stayed, found.moved, found.newcomers, found.leavers) == (2, 1, 1, 1)
    assert found.counts_before() == {"D1": 2, "D2": 2, "D3": 0, "(unknown)": 1, "(absent)": 1}
    assert found.counts_after() == {"D1": 2, "D2": 2, "D3": 1, "(unknown)": 0, "(absent)": 1}
    assert found.accounts("D1", "D2") == ("b",)
    assert found.accounts("(absent)", "D3") == ("f",)
    assert found.accounts("D3", "D3") == ()
    frame = pd.DataFrame(found.columns())
    assert len(frame) == len(found) == 6
    assert frame["before"].tolist() == ["D1", "D1", "D2", "D2", "(unknown)", "(absent)"]
    assert frame["after"].tolist() == ["D1", "D2", "D2", "(absent)", "D1", "D3"]
    assert frame["share_of_before"].tolist() == [0.5, 0.5, 0.5, 0.5, 1.0, 1.0]
    assert frame["money_before"].tolist() == [100.1, 200.2, 7.0, 30.0, 5.0, 0.0]
    assert frame["money_after"].tolist()[:5] == [120.0, 50.5, 8.0, 0.0, 6.0]
    assert math.isnan(frame["money_after"].tolist()[5])  # f is there, its money is not known
    assert frame["change"].tolist()[:5] == [19.9, -149.7, 1.0, -30.0, 1.0]
    assert [(f.code, f.count, f.where, f.examples) for f in found.findings] == [
        ("missing", 1, "money_after", ("f",))
    ]


def test_a_flow_reads_well() -> None:
    """From, to, how many, what share, whose, and the money."""
    found = moves_of(BEFORE, AFTER)
    assert dict(found.row(1)) == {
        "before": "D1",
        "after": "D2",
        "accounts": 1,
        "share_of_before": 0.5,
        "money_before": 200.2,
        "money_after": 50.5,
        "change": -149.7,
        "ids": "b",
    }
    assert repr(found) == "<Migration: 2 stayed, 1 moved, 1 came, 1 left>"
    assert "2 stayed, 1 moved" in found._repr_html_()
    many = [str(i) for i in range(9)]
    all_stay = ka.migration(["x"] * 9, ["x"] * 9, ids_before=many, ids_after=many)
    assert all_stay.row(0)["ids"] == "0, 1, 2, 3, 4 and 4 more"
    assert all_stay.money_before is None
    assert all_stay.change is None
    assert list(all_stay.columns()) == ["before", "after", "accounts", "share_of_before"]


def test_segments_in_the_order_of_their_map() -> None:
    """The codes of a map order the states; RFM labels of two dates are joined by id."""
    rfm = ka.Rfm(cuts=ka.FixedCut(recency=90, frequency=2, monetary=100))
    before = rfm.assign({"days_since": [1, 10], "count": [2, 1], "total": [150, 50]})
    after = rfm.assign({"days_since": [99, 3], "count": [2, 2], "total": [150, 120]})
    found = ka.migration(
        before.labels,
        after.labels,
        ids_before=[7, 8],
        ids_after=[7.0, 8.0],
        order=rfm.segments.codes,
    )
    assert found.states[:-2] == rfm.segments.codes
    assert found.flows == (
        ("important_value", "important_maintain"),
        ("general_develop", "important_value"),
    )


def test_nobody_came_and_nobody_was_there() -> None:
    """Empty dates on either side: everybody is new, or left, or nobody is there."""
    ids, labels = ["a", "b"], ["x", None]
    fresh = ka.migration([], labels, ids_before=[], ids_after=ids)
    assert (fresh.newcomers, fresh.leavers, fresh.stayed) == (2, 0, 0)
    gone = ka.migration(labels, [], ids_before=ids, ids_after=[])
    assert gone.counts.tolist() == fresh.counts.T.tolist()
    nobody = ka.migration([], [], ids_before=[], ids_after=[])
    assert len(nobody) == 0
    assert nobody.columns()["accounts"].tolist() == []


SIDES = st.lists(
    st.tuples(
        st.integers(0, 12),
        st.sampled_from(["x", "y", "z", None]),
        st.integers(-(10**6), 10**6).map(lambda cents: cents / 100) | st.just(math.nan),
    ),
    max_size=10,
    unique_by=lambda row: row[0],
)


def as_side(rows: list[Any]) -> dict[str, list[Any]]:
    """Turn rows into the columns of one date."""
    return {name: [row[k] for row in rows] for k, name in enumerate(("id", "label", "money"))}


@given(SIDES, SIDES, st.randoms(use_true_random=False))
def test_it_balances_in_any_order(before: list[Any], after: list[Any], random: Any) -> None:
    """Rows add up to the first date, columns to the second; no order changes a bit."""
    found = moves_of(as_side(before), as_side(after))
    for side, counts in ((before, found.counts_before()), (after, found.counts_after())):
        labels = [row[1] for row in side]
        for state, count in counts.items():
            if state != "(absent)":
                assert count == labels.count(None if state == "(unknown)" else state)
    union = {row[0] for row in before} | {row[0] for row in after}
    assert found.counts.sum() == len(union)
    listed = [id_ for flow in found.flows for id_ in found.accounts(*flow)]
    assert sorted(listed) == sorted(map(str, union))
    for side, money in ((before, found.money_before), (after, found.money_after)):
        assert money is not None
        cents = sum(round(100 * row[2]) for row in side if not math.isnan(row[2]))
        assert sum(round(100 * m) for m in money.flat if not math.isnan(m)) == cents
    random.shuffle(before)
    random.shuffle(after)
    again = moves_of(as_side(before), as_side(after))
    assert again.states == found.states
    for name in ("counts", "money_before", "money_after", "change"):
        assert getattr(again, name).tobytes() == getattr(found, name).tobytes()


@given(SIDES)
def test_a_date_beside_itself_moves_nothing(rows: list[Any]) -> None:
    """The same date twice: everybody stays, and no money changes."""
    found = moves_of(as_side(rows), as_side(rows))
    assert found.moved == found.newcomers == found.leavers == 0
    assert np.count_nonzero(found.counts - np.diag(np.diag(found.counts))) == 0
    assert found.change is not None
    assert np.nansum(np.abs(found.change)) == 0.0


@given(SIDES, SIDES)
def test_turned_round_it_is_transposed(before: list[Any], after: list[Any]) -> None:
    """Going back undoes the change."""
    forth = moves_of(as_side(before), as_side(after))
    back = moves_of(as_side(after), as_side(before))
    assert back.counts.T.tolist() == forth.counts.tolist()
    assert back.change is not None
    assert forth.change is not None
    np.testing.assert_array_equal(back.change.T, -forth.change)


def compare(**options: Any) -> ka.Migration:
    """Compare two dates of one account, one argument changed."""
    given_: dict[str, Any] = {
        "before": ["x"],
        "after": ["y"],
        "ids_before": ["a"],
        "ids_after": ["a"],
        **options,
    }
    return ka.migration(given_.pop("before"), given_.pop("after"), **given_)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"ids_before": ["a", "a"], "before": ["x", "y"]}, ka.DuplicateIdError, "ids_before"),
        ({"ids_after": ["a", 1, "1"], "after": list("xyz")}, ka.DuplicateIdError, "ids_after"),
        ({"ids_after": [None]}, ka.RowError, "has no id"),
        ({"before": ["x", "y"]}, ka.ColumnError, "differ in length"),
        ({"money_after": [1.0, 2.0]}, ka.ColumnError, "differ in length"),
        ({"money_after": ["much"]}, ka.RowError, "'much'"),
        ({"order": ["x", "z"]}, ka.SpecError, "'y'"),
        ({"after": ["(absent)"]}, ka.SpecError, r"must not be called '\(absent\)'"),
        ({"before": ["(unknown)"]}, ka.SpecError, r"must not be called '\(unknown\)'"),
        ({"order": ["x", "y", "x"]}, ka.SpecError, "each segment once"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    options: dict[str, Any], error: type[Exception], said: str
) -> None:
    """Duplicate or missing ids, other lengths and unknown segments are typed errors."""
    with pytest.raises(error, match=said):
        compare(**options)


def test_states_that_are_not_there() -> None:
    """A misspelt state names the closest one."""
    with pytest.raises(ka.SpecError, match=r"did you mean '\(absent\)'"):
        moves_of(BEFORE, AFTER).accounts("absent", "D1")
    with pytest.raises(ka.RowError):
        moves_of(BEFORE, AFTER).row(99)


def test_a_change_needs_both_dates() -> None:
    """Money that is known on one date only is no change, and hides no other account's."""
    found = ka.migration(
        ["x", "x"],
        ["x", "x"],
        ids_before=["a", "b"],
        ids_after=["a", "b"],
        money_before=[100.0, 40.0],
        money_after=[math.inf, 50.0],
    )
    assert found.change is not None
    assert found.money_before is not None
    assert (found.money_before[0, 0], found.change[0, 0]) == (140.0, 10.0)
