"""Accounts roll up along parent links: exactly, in any order of rows, and never in circles."""

from __future__ import annotations

import math
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.errors import (
    ColumnError,
    ColumnNotFoundError,
    DuplicateIdError,
    HierarchyError,
    RowError,
    SpecError,
)
from keyaccount.hierarchy import RollUp, WeightedMean, roll_up

CENTS = st.integers(-(10**10), 10**10)
ANY_FLOAT = st.floats(-1e12, 1e12) | st.just(math.nan)
HOW = {"largest": "max", "rating": WeightedMean(weight="weight")}


@st.composite
def forests(draw: st.DrawFn, max_size: int = 30) -> dict[str, list[Any]]:
    """Draw a book whose parent links form trees, its rows in any order."""
    n = draw(st.integers(0, max_size))
    above = [draw(st.none() | st.integers(0, i - 1)) if i else None for i in range(n)]
    rows = draw(st.permutations(range(n)))
    blank = st.sampled_from([None, "", "  "])
    return {
        "id": [f"A{i}" for i in rows],
        "parent": [draw(blank) if above[i] is None else f"A{above[i]}" for i in rows],
        "decides": draw(st.lists(st.booleans(), min_size=n, max_size=n)),
        "sales": [c / 100 for c in draw(st.lists(CENTS, min_size=n, max_size=n))],
        "potential": draw(st.lists(ANY_FLOAT, min_size=n, max_size=n)),
        "largest": draw(st.lists(ANY_FLOAT, min_size=n, max_size=n)),
        "rating": draw(st.lists(ANY_FLOAT, min_size=n, max_size=n)),
        "weight": draw(st.lists(st.floats(0, 9), min_size=n, max_size=n)),
        "sector": [f"S{i}" for i in rows],
    }


def by_id(rolled: RollUp) -> dict[str, tuple[str, ...]]:
    """Write every group as exact texts under its id, to be compared bit for bit."""
    columns = {**rolled.columns(), "size": rolled.size, "total": rolled.top_total("sales")}
    return {
        rolled.ids[g]: (
            *(repr(column[g]) for column in columns.values()),
            rolled.ids[rolled.tree[g]],
        )
        for g in range(len(rolled))
    }


def rolled(book: Any, decides: str | None = None) -> RollUp:
    """Roll a drawn book up with every rule in use."""
    return roll_up(book, id="id", parent="parent", how=HOW, decides=decides)  # type: ignore[arg-type]


@given(forests(), st.randoms(use_true_random=False), st.sampled_from([None, "decides"]))
def test_the_order_of_rows_changes_no_bit(
    book: dict[str, list[Any]], random: Any, decides: str | None
) -> None:
    """A group's id, size, columns and tree total are the same for every order of the rows."""
    order = list(range(len(book["id"])))
    random.shuffle(order)
    shuffled = {name: [column[i] for i in order] for name, column in book.items()}
    assert by_id(rolled(book, decides)) == by_id(rolled(shuffled, decides))


@given(forests(), st.sampled_from([None, "decides"]))
def test_group_sums_add_up_to_the_accounts_to_the_cent(
    book: dict[str, list[Any]], decides: str | None
) -> None:
    """No cent is lost or counted twice, and neither is an account."""
    groups = rolled(book, decides)
    total = sum(round(v * 100) for v in book["sales"])
    assert sum(round(v * 100) for v in groups.columns()["sales"].tolist()) == total
    assert groups.size.sum() == len(book["id"])
    tops = groups.tree == np.arange(len(groups))
    assert sum(round(v * 100) for v in groups.top_total("sales")[tops].tolist()) == total


@given(forests(), st.sampled_from([None, "decides"]))
def test_rolling_up_twice_is_rolling_up_once(
    book: dict[str, list[Any]], decides: str | None
) -> None:
    """The result is a book in which every account decides for itself."""
    once = rolled(book, decides)
    columns = once.columns()
    if decides:
        columns["decides"] = np.ones(len(once), dtype=bool)
    twice = rolled(columns, decides).columns()
    for name, column in columns.items():
        assert list(map(repr, column.tolist())) == list(map(repr, twice[name].tolist()))


@given(forests())
def test_a_flat_book_stays_as_it_is(book: dict[str, list[Any]]) -> None:
    """Without links every account is its own group with its own values."""
    flat = {**book, "parent": [None] * len(book["id"])}
    groups = rolled(flat)
    assert groups.ids.tolist() == book["id"]
    for name in ("sales", "potential", "largest", "rating", "sector"):
        np.testing.assert_array_equal(groups.columns()[name], np.array(book[name]))


@given(forests(), st.sampled_from([None, "decides"]))
def test_every_account_goes_to_the_nearest_that_decides(
    book: dict[str, list[Any]], decides: str | None
) -> None:
    """Walking up link by link ends at the group's id, and from there at the tree's top."""
    groups = rolled(book, decides)
    parent = dict(zip(book["id"], book["parent"], strict=True))
    marked = {a for a, d in zip(book["id"], book["decides"], strict=True) if d and decides}
    for account, code in zip(book["id"], groups.group, strict=True):
        at = account
        while at not in marked and (parent[at] or "").strip():
            at = parent[at]
        assert groups.ids[code] == at
        assert account in groups.members(at)
        while (parent[at] or "").strip():
            at = parent[at]
        assert groups.ids[groups.tree[code]] == at


@given(forests(), st.data())
def test_every_cycle_is_found_and_named(book: dict[str, list[Any]], data: st.DataObject) -> None:
    """A link from an account to one below it (or to itself) is refused, with the whole chain."""
    if not book["id"]:
        return
    parent = dict(zip(book["id"], book["parent"], strict=True))
    low = data.draw(st.sampled_from(book["id"]))
    path = [low]
    while (parent[path[-1]] or "").strip():
        path.append(parent[path[-1]])
    high = data.draw(st.sampled_from(path))
    book["parent"][book["id"].index(high)] = low
    cycle = path[: path.index(high) + 1]
    for decides in (None, "decides"):
        with pytest.raises(HierarchyError) as caught:
            rolled(book, decides)
        chain = caught.value.parts["chain"]
        assert chain[0] == chain[-1]
        assert sorted(chain[1:]) == sorted(cycle)
        links = {**parent, high: low}
        assert all(links[a] == b for a, b in pairwise(chain))


@given(forests())
def test_the_tree_total_is_the_sum_where_nothing_splits_the_trees(
    book: dict[str, list[Any]],
) -> None:
    """The total beside a split group is what the undivided tree adds up to, to the bit."""
    whole, split = rolled(book), rolled(book, "decides")
    sums = dict(zip(whole.ids, whole.columns()["potential"], strict=True))
    expected = np.array([sums[t] for t in split.ids[split.tree]], dtype=np.float64)
    assert split.top_total("potential").tobytes() == expected.tobytes()


BOOK = {
    "account": ["Acme", "Acme North", "Acme South", "Zoom"],
    "subsidiary_of": ["", "Acme", "Acme North", None],
    "sector": ["retail", "logistics", "food", "retail"],
    "sales": [0.1, 0.2, np.nan, np.nan],
    "rating": [1.0, 4.0, 5.0, 3.0],
    "orders": [1, 3, 0, 0],
    "active": [False, True, True, True],
    "price": [Decimal("1.10"), Decimal("2.20"), None, Decimal("3.00")],
}


def acme(**kwargs: Any) -> dict[str, Any]:
    """Return the columns of the book of Acme and Zoom, rolled up."""
    return roll_up(BOOK, id="account", parent="subsidiary_of", **kwargs).columns()


def test_numbers_are_added_and_everything_else_is_the_deciding_accounts_own() -> None:
    """The default: sums of what is known, own texts and flags, the parent column cleared."""
    columns = acme()
    assert list(columns) == list(BOOK)
    assert columns["account"].tolist() == ["Acme", "Zoom"]
    assert columns["subsidiary_of"].tolist() == [None, None]
    assert columns["sector"].tolist() == ["retail", "retail"]
    assert columns["active"].tolist() == [False, True]
    assert columns["orders"].tolist() == [4.0, 0.0]
    assert columns["price"].tolist() == [3.3, 3.0]
    assert columns["sales"][0] == 0.3
    assert math.isnan(columns["sales"][1])


def test_how_overrides_the_columns_it_names_and_no_other() -> None:
    """Largest, own and weighted mean; the plain mean where no weight is above 0."""
    columns = acme(how={"rating": WeightedMean("orders"), "sales": "max", "orders": "own"})
    assert columns["rating"].tolist() == [13 / 4, 3.0]
    assert columns["sales"].tolist()[:1] == [0.2]
    assert columns["orders"].tolist() == [1, 0]
    assert columns["price"].tolist() == [3.3, 3.0]


def test_a_weighted_mean_uses_rows_with_both_known() -> None:
    """Neither a value without a weight nor a weight without a value counts."""
    book = {
        "id": ["a", "b", "c", "d"],
        "parent": ["", "a", "a", "a"],
        "v": [1.0, 2.0, np.nan, 4.0],
        "w": [1.0, np.nan, 5.0, 3.0],
    }
    columns = roll_up(book, id="id", parent="parent", how={"v": WeightedMean("w")}).columns()
    assert columns["v"].tolist() == [13 / 4]


def test_the_group_total_stands_beside_the_level_that_decides() -> None:
    """A carrier's provinces are judged, the holding's total stays in sight."""
    book = {
        "id": ["HQ", "Region", "North", "North-1"],
        "parent": ["", "HQ", "Region", "North"],
        "budget": [0, 0, 1, 0],
        "sales": [1.0, 1000.0, 10.0, 100.0],
    }
    groups = roll_up(book, id="id", parent="parent", decides="budget")
    assert groups.ids.tolist() == ["HQ", "North"]
    assert groups.columns()["sales"].tolist() == [1001.0, 110.0]
    assert groups.top_total("sales").tolist() == [1111.0, 1111.0]
    assert groups.columns()["parent"].tolist() == [None, "HQ"]
    assert groups.columns()["budget"].tolist() == [0, 1]
    assert groups.members("North").tolist() == ["North", "North-1"]
    assert groups.row(1)["columns"]["sales"] == 110.0


@pytest.mark.parametrize(
    "make",
    [
        pd.DataFrame,
        lambda book: pd.DataFrame(book).convert_dtypes(),
        lambda book: pl.DataFrame(book, strict=False),
        lambda book: pa.table({k: pa.array(v, from_pandas=True) for k, v in book.items()}),
    ],
    ids=["pandas", "pandas nullable", "polars", "pyarrow"],
)
def test_any_container_gives_the_same_groups(make: Any) -> None:
    """What holds the columns changes nothing."""
    found = roll_up(make(BOOK), id="account", parent="subsidiary_of").columns()
    for name, column in acme().items():
        np.testing.assert_array_equal(found[name], column, err_msg=name)


def test_numeric_categories_and_nullable_flags_are_not_added() -> None:
    """A category of numbers is a label, a nullable flag is a flag."""
    frame = pd.DataFrame(
        {
            "id": [1, 2],
            "parent": [None, 1.0],
            "region": pd.Categorical([7, 8]),
            "active": pd.array([True, None], dtype="boolean"),
        }
    )
    groups = roll_up(frame, id="id", parent="parent")
    assert groups.ids.tolist() == ["1"]  # ids are texts: 1 and 1.0 are the same account
    assert groups.columns()["region"].tolist() == [7]
    assert groups.columns()["active"].tolist() == [True]


def test_depth_is_no_limit() -> None:
    """A chain of 100,000 accounts is one group, and closing it is one cycle."""
    n = 100_000
    ids = list(range(n))
    parents: list[int | None] = [None, *range(n - 1)]
    groups = roll_up({"id": ids, "parent": parents, "x": [0.01] * n}, id="id", parent="parent")
    assert groups.columns()["x"].tolist() == [1000.0]
    parents[0] = n - 1
    with pytest.raises(HierarchyError) as caught:
        roll_up({"id": ids, "parent": parents}, id="id", parent="parent")
    assert len(caught.value.parts["chain"]) == n + 1


@pytest.mark.parametrize("n", [2, 3, 4, 8])
def test_a_cycle_is_named_from_its_earliest_row(n: int) -> None:
    """Doubled strides come to rest in cycles of 2, 4, 8: they are cycles all the same."""
    ids = [*map(str, range(n)), "tail"]
    parents = [*map(str, range(1, n)), "0", "0"]  # the tail enters it elsewhere
    with pytest.raises(HierarchyError) as caught:
        roll_up({"id": ids[::-1], "parent": parents[::-1]}, id="id", parent="parent")
    assert caught.value.parts["chain"][0] == str(n - 1)
    assert len(caught.value.parts["chain"]) == n + 1


def test_the_message_draws_the_chain() -> None:
    """The reader sees which link to clear."""
    with pytest.raises(HierarchyError, match="form a cycle: 'a' -> 'b' -> 'a'"):
        roll_up({"id": ["a", "b"], "parent": ["b", "a"]}, id="id", parent="parent")
    with pytest.raises(HierarchyError, match="'a' is its own parent: 'a' -> 'a'"):
        roll_up({"id": ["a"], "parent": ["a"]}, id="id", parent="parent")


def test_an_unknown_parent_is_named_with_the_closest_account() -> None:
    """A misspelt parent is not a top of its own."""
    book = {"id": ["Bubba Gump", "x"], "parent": ["", "Buba Gump"]}
    with pytest.raises(HierarchyError, match=r"'x' -> 'Buba Gump'(?s:.*)mean 'Bubba Gump'"):
        roll_up(book, id="id", parent="parent")
    large = {"id": [f"B{i}" for i in range(6000)], "parent": ["b17x", *[None] * 5999]}
    with pytest.raises(HierarchyError, match="mean 'B17"):
        roll_up(large, id="id", parent="parent")


@pytest.mark.parametrize(
    ("book", "options", "error", "said"),
    [
        ({"id": ["a", "a"], "parent": ["", ""]}, {}, DuplicateIdError, "'a'"),
        ({"id": ["a", None], "parent": ["", ""]}, {}, RowError, "no id"),
        ({"id": ["a"], "parent": ["", ""]}, {}, ColumnError, "differ in length"),
        ({"id": ["a"], "parent": [""], "x": [1, 2]}, {}, ColumnError, "differ in length"),
        ({"id": ["a"], "parent": [""]}, {"decides": "d"}, ColumnNotFoundError, "'d'"),
        ({"id": ["a"], "parent": [""]}, {"how": {"x": "sum"}}, ColumnNotFoundError, "'x'"),
        ({"id": ["a"], "parent": [""]}, {"how": {"id": "own"}}, SpecError, "must not name"),
        ({"id": ["a"], "parent": [""], "x": [1]}, {"how": {"x": "mean"}}, SpecError, "'mean'"),
        ({"id": ["a"], "parent": [""], "x": ["t"]}, {"how": {"x": "sum"}}, RowError, "'t'"),
        (
            {"id": ["a"], "parent": [""], "x": [1], "w": [-1]},
            {"how": {"x": WeightedMean("w")}},
            RowError,
            "below 0",
        ),
    ],
)
def test_what_cannot_be_rolled_up_is_refused(
    book: Any, options: Any, error: type[Exception], said: str
) -> None:
    """Every refusal is typed and names what was met."""
    with pytest.raises(error, match=said):
        roll_up(book, id="id", parent="parent", **options)


def test_asking_for_what_is_not_there_is_refused() -> None:
    """An unknown group and the total of a column that was not added are typed errors."""
    groups = roll_up(BOOK, id="account", parent="subsidiary_of")
    with pytest.raises(HierarchyError, match=r"'Zoon'(?s:.*)'Zoom'"):
        groups.members("Zoon")
    with pytest.raises(ColumnError, match=r"'sector'(?s:.*)'sales'"):
        groups.top_total("sector")


def test_an_empty_book_has_no_groups() -> None:
    """Nothing in, nothing out."""
    groups = roll_up({"id": [], "parent": [], "x": []}, id="id", parent="parent")
    assert len(groups) == 0
    assert groups.top_total("x").tolist() == []
