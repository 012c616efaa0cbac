"""The synthetic book is one book: the same for the same seed, read by everything that reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import keyaccount as ka
from keyaccount.datasets import SyntheticBook, synthetic_book
from keyaccount.errors import SpecError
from keyaccount.intake import read_book

AS_OF = "2026-09-30"
TABLES = (
    *("accounts", "hierarchy", "wallets", "ratings", "products", "deals", "history", "orders"),
    *("team", "assignments", "people", "information", "tasks", "contacts", "positions"),
    *("plans", "truth"),
)


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Compare two tables cell by cell."""
    return all(repr(one[c].tolist()) == repr(other[c].tolist()) for c in one)


def test_the_same_seed_makes_the_same_book(made: SyntheticBook) -> None:
    """Every table is the same, whatever was asked for before."""
    again, other = synthetic_book(), synthetic_book(seed=8)
    for name in reversed(TABLES):
        assert same(getattr(again, name), getattr(made, name)), name
        assert name == "products" or not same(getattr(other, name), getattr(made, name)), name


def test_every_table_is_full_of_columns_of_one_length(made: SyntheticBook) -> None:
    """Every table has rows, and each of its columns as many."""
    for name in TABLES:
        lengths = {len(column) for column in getattr(made, name).values()}
        assert len(lengths) == 1, name
        assert lengths.pop() > 0, name


def test_ids_and_names_are_unique(made: SyntheticBook) -> None:
    """Ids and names are unique, of companies and of our people."""
    for table, column in (
        ("accounts", "account_id"),
        ("accounts", "account"),
        ("deals", "deal_id"),
        ("team", "person"),
    ):
        values = getattr(made, table)[column].tolist()
        assert len(set(values)) == len(values)
    large = synthetic_book(20_000)
    assert len(set(large.accounts["account"])) == 20_000
    assert len(set(large.team["person"])) == len(large.team["person"]) > 1_024


def test_ids_lead_from_table_to_table(clean: SyntheticBook) -> None:
    """Whoever and whatever is named in one table is in the table it is from."""
    ids = set(clean.accounts["account_id"])
    ours = set(clean.team["person"])
    for name in TABLES:
        table = getattr(clean, name)
        assert set(table.get("account_id", ())) <= ids, name
        if name != "deals":
            for column in ("contact", "by", "owner"):
                assert set(table.get(column, ())) <= ours | {None}, (name, column)
    assert set(clean.deals["owner"]) <= ours | {None}
    assert set(clean.orders["deal_id"]) <= {*clean.deals["deal_id"], None}
    assert set(clean.deals["product"]) | set(clean.orders["product"]) <= set(
        clean.products["product"]
    )


def test_no_day_is_after_the_export(clean: SyntheticBook) -> None:
    """No day is after the export, but those that are plans; the book goes back three years."""
    last = np.datetime64(AS_OF)
    first = last - np.timedelta64(3 * 366, "D")
    for name in TABLES:
        for column, values in getattr(clean, name).items():
            if values.dtype.kind == "M" and column not in {"expected", "due"}:
                known = values[~np.isnat(values)].astype("datetime64[D]")
                assert known.max() <= last, (name, column)
                assert known.min() > first, (name, column)


OF_CUSTOMERS = (
    ("wallets", "asked_on"),
    ("ratings", "rated_on"),
    ("deals", "opened"),
    ("assignments", "start"),
    ("assignments", "end"),
    ("people", "last_met"),
    ("information", "date"),
    ("tasks", "date"),
    ("contacts", "date"),
)


@pytest.mark.parametrize(("table", "column"), OF_CUSTOMERS)
def test_what_is_done_is_done_with_customers(clean: SyntheticBook, table: str, column: str) -> None:
    """Nothing is known of an account from before it was one, or from after it left."""
    rows, since, left = _customers(clean, table)
    days = rows[column].astype("datetime64[D]")
    assert not (days < since).any()
    assert not (days > left).any()
    assert not np.isnat(left).all()  # some did leave


def test_who_left_orders_no_more(clean: SyntheticBook) -> None:
    """What is booked after an account left comes of a deal, or is a refund."""
    rows, since, left = _customers(clean, "orders")
    later = rows["date"].astype("datetime64[D]") > left
    assert not (rows["date"].astype("datetime64[D]") < since).any()
    assert later.any()
    for deal, refund in zip(rows["deal_id"][later], rows["refund_of"][later], strict=True):
        assert deal is not None or refund is not None


def test_plans_are_of_accounts_that_are_there(clean: SyntheticBook) -> None:
    """Positions and plans are of accounts that are there; nothing is done before it is due."""
    for name in ("positions", "plans"):
        rows, _, left = _customers(clean, name)
        assert np.isnat(left).all(), name
    due, done = rows["due"].astype("datetime64[D]"), np.array([d is True for d in rows["done"]])
    assert done.any()
    assert not (due[done] > np.datetime64(AS_OF)).any()


def _customers(book: SyntheticBook, table: str) -> tuple[Mapping[str, Any], Any, Any]:
    """Give a table, and for each row when its account came and when it left."""
    place = {one: i for i, one in enumerate(book.truth["account_id"].tolist())}
    rows = getattr(book, table)
    at = [place[one] for one in rows["account_id"].tolist()]
    return rows, book.truth["customer_since"][at], book.truth["left_on"][at]


def test_the_written_book_reads_back_as_it_was(made: SyntheticBook, tmp_path: Path) -> None:
    """The written book reads back as it was."""
    names = ("accounts", "deals", "products", "ratings")
    accounts, deals, products, ratings = made.write(tmp_path / "book", names)
    written = read_book(accounts, deals, products, ratings, as_of=AS_OF)
    memory = read_book(made.accounts, made.deals, made.products, made.ratings, as_of=AS_OF)
    assert list(written.columns) == list(memory.columns)
    for name, column in memory.columns.items():
        assert repr(written.columns[name].tolist()) == repr(column.tolist()), name
    assert written.reconciliations == memory.reconciliations
    assert memory.balances


def test_any_table_can_be_written(made: SyntheticBook, tmp_path: Path) -> None:
    """Any table can be written; one that is not there is refused."""
    paths = made.write(tmp_path, TABLES)
    assert [path.stem for path in paths] == list(TABLES)
    header, first = paths[TABLES.index("history")].read_text("utf-8").splitlines()[:2]
    assert header == ",".join(made.history)
    assert first.startswith("D-000001,open,2023-10-")
    with pytest.raises(SpecError, match="people"):
        made.write(tmp_path, ["poeple"])
    with pytest.raises(SpecError, match="directory must not be a file"):
        made.write(paths[0])
    assert [path.stem for path in made.write(tmp_path / "one", "orders")] == ["orders"]


def test_orders_can_stand_for_sales(made: SyntheticBook) -> None:
    """A review can read the orders in place of won deals."""
    book = read_book(made.accounts, made.deals, orders=made.orders, as_of=AS_OF)
    assert book.balances
    assert np.nansum(book.columns["sales"]) > 0


@pytest.mark.parametrize("n", [1, 2, 3, 10, 31])
def test_small_books_are_whole_too(n: int) -> None:
    """Small books can be made, read and replayed too."""
    for seed in range(3):
        small = synthetic_book(n, seed)
        assert all(getattr(small, name) is not None for name in TABLES)
        there = np.isnat(small.truth["left_on"]).any()
        assert bool(len(small.positions["account_id"])) == there
        assert bool(len(small.plans["account_id"])) == there
        assert len(read_book(small.accounts, small.deals, small.products, as_of=AS_OF)) == n
        assert len(ka.opportunity_funnel().replay(small.history).refused["deal"]) == 0


def test_the_day_of_the_export_moves_the_book(made: SyntheticBook) -> None:
    """Another day of the export gives the same deals, on other days."""
    later = synthetic_book(as_of="2027-09-30")
    assert later.deals["stage"].tolist() == made.deals["stage"].tolist()
    moved = later.deals["opened"] - made.deals["opened"]
    assert set(moved.astype(int).tolist()) == {365}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"n": 0}, "n must be at least 1"),
        ({"n": 2.5}, "n must be at least 1"),
        ({"n": True}, "n must be at least 1"),
        ({"seed": -1}, "seed must be at least 0"),
        ({"dirt": 1.5}, "dirt"),
        ({"dirt": float("nan")}, "dirt"),
        ({"as_of": "someday"}, "as_of"),
        ({"as_of": None}, "as_of must be a date"),
        ({"as_of": "NaT"}, "as_of must be a date"),
        ({"as_of": ["2026-09-30"]}, "as_of must be a date"),
    ],
)
def test_what_cannot_be_made_is_refused(arguments: dict[str, Any], told: str) -> None:
    """What cannot be made is refused, with what is wrong."""
    with pytest.raises(ka.KeyAccountError, match=told):
        synthetic_book(**arguments)
