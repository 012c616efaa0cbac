"""The synthetic book looks like a real one, flaws included, and is the same for the same seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from keyaccount.datasets import SyntheticBook, synthetic_book
from keyaccount.errors import SpecError
from keyaccount.intake import read_book

AS_OF = "2026-09-30"


@pytest.fixture(scope="module")
def made() -> SyntheticBook:
    """Make the book once."""
    return synthetic_book()


def same(one: SyntheticBook, other: SyntheticBook) -> bool:
    """Compare two books cell by cell."""
    return all(
        repr(getattr(one, name)[column].tolist()) == repr(getattr(other, name)[column].tolist())
        for name in ("accounts", "deals", "products", "ratings")
        for column in getattr(one, name)
    )


def test_the_same_seed_makes_the_same_book(made: SyntheticBook) -> None:
    """The same seed makes the same book."""
    assert same(made, synthetic_book())
    assert not same(made, synthetic_book(seed=8))


def test_ids_and_names_are_unique(made: SyntheticBook) -> None:
    """Ids and names are unique."""
    for table, column in (
        ("accounts", "account_id"),
        ("accounts", "account"),
        ("deals", "deal_id"),
    ):
        values = getattr(made, table)[column].tolist()
        assert len(set(values)) == len(values)
    assert len(set(synthetic_book(9_000).accounts["account"])) == 9_000


def test_the_flaws_are_there_in_their_measure(made: SyntheticBook) -> None:
    """The flaws are there in their measure."""
    deals = made.deals
    n = len(deals["deal_id"])
    is_open = np.isin(deals["stage"], list("ABCDE"))
    assert deals["account_id"].tolist().count(None) / n == pytest.approx(0.05, abs=0.015)
    assert np.isnan(deals["amount"][is_open]).mean() == pytest.approx(0.35, abs=0.08)
    assert 0 < np.isnan(deals["amount"][~is_open]).mean() < 0.03
    assert (made.accounts["sector"] == "technolgy").sum() == 1
    assert 0 < (deals["product"] == "AtlasPro").sum() < (deals["product"] == "Atlas Pro").sum()


def test_a_fifth_of_the_accounts_brings_most_of_the_money(made: SyntheticBook) -> None:
    """A fifth of the accounts brings most of the money."""
    won = np.isin(made.deals["stage"], ["won", "F"]) & ~np.isnan(made.deals["amount"])
    ids, code = np.unique(made.deals["account_id"][won].astype(str), return_inverse=True)
    money = np.bincount(code, made.deals["amount"][won])[ids != "None"]
    top = np.sort(money)[::-1][: len(made.accounts["account_id"]) // 5]
    assert top.sum() / money.sum() > 0.5


def test_win_rates_differ_by_sector() -> None:
    """Win rates differ by sector."""
    made = synthetic_book(3_000)
    book = read_book(made.accounts, made.deals, as_of=AS_OF)
    rate = {
        s: book.columns["wins"][book.columns["sector"] == s].sum()
        / book.columns["trials"][book.columns["sector"] == s].sum()
        for s in ("software", "logistics")
    }
    assert rate["software"] == pytest.approx(0.66, abs=0.04)
    assert rate["logistics"] == pytest.approx(0.37, abs=0.04)


def test_days_run_forward_and_not_past_the_day(made: SyntheticBook) -> None:
    """Days run forward and not past the day."""
    deals = made.deals
    ended = ~np.isnat(deals["closed"])
    assert (ended == ~np.isin(deals["stage"], list("ABCDE"))).all()
    assert (deals["closed"][ended] > deals["opened"][ended]).all()
    assert deals["closed"][ended].max() <= np.datetime64(AS_OF)
    assert deals["opened"].min() > np.datetime64(AS_OF) - np.timedelta64(3 * 366, "D")
    assert made.ratings["rated_on"].max() <= np.datetime64(AS_OF)


def test_a_tenth_are_subsidiaries_and_no_parent_has_a_parent(made: SyntheticBook) -> None:
    """A tenth are subsidiaries and no parent has a parent."""
    accounts = made.accounts
    children = {
        i: p for i, p in zip(accounts["account_id"], accounts["subsidiary_of"], strict=True) if p
    }
    assert len(children) == 50
    assert not set(children) & set(children.values())


def test_a_third_of_the_accounts_is_rated_by_one_to_three_people(made: SyntheticBook) -> None:
    """A third of the accounts is rated by one to three people."""
    ids, counts = np.unique(made.ratings["account_id"].astype(str), return_counts=True)
    assert len(ids) == 150
    assert set(counts.tolist()) == {1, 2, 3}
    assert set(made.ratings["rating"].tolist()) <= {1.0, 2.0, 3.0, 4.0, 5.0}
    pairs = set(zip(made.ratings["account_id"], made.ratings["rater"], strict=True))
    assert len(pairs) == len(made.ratings["rater"])


def test_the_written_book_reads_back_as_it_was(made: SyntheticBook, tmp_path: Path) -> None:
    """The written book reads back as it was."""
    accounts, deals, products, ratings = made.write(tmp_path / "book")
    written = read_book(accounts, deals, products, ratings, as_of=AS_OF)
    memory = read_book(made.accounts, made.deals, made.products, made.ratings, as_of=AS_OF)
    assert list(written.columns) == list(memory.columns)
    for name, column in memory.columns.items():
        assert repr(written.columns[name].tolist()) == repr(column.tolist()), name
    assert written.reconciliations == memory.reconciliations
    assert memory.balances


def test_reading_it_finds_its_flaws(made: SyntheticBook) -> None:
    """Reading it finds its flaws."""
    book = read_book(made.accounts, made.deals, made.products, made.ratings, as_of=AS_OF)
    assert {f.code for f in book.findings} >= {
        *("misspelt_label", "unknown_product", "no_account", "won_without_amount", "list_price"),
        "open_without_worth",
    }


@pytest.mark.parametrize("n", [1, 2, 10])
def test_small_books_can_be_read_too(n: int) -> None:
    """Small books can be read too."""
    made = synthetic_book(n)
    assert len(read_book(made.accounts, made.deals, made.products, as_of=AS_OF)) == n


def test_an_empty_book_is_refused() -> None:
    """An empty book is refused."""
    with pytest.raises(SpecError, match="must be at least 1"):
        synthetic_book(0)
