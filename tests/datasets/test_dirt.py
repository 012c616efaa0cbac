"""Clerical faults come in the measure asked for, on top of a clean book."""

from __future__ import annotations

import numpy as np
import pytest

from keyaccount.datasets import SyntheticBook, synthetic_book
from keyaccount.intake import read_book

AS_OF = "2026-09-30"


def test_the_faults_are_there_in_their_measure(made: SyntheticBook) -> None:
    """Deals lose their account, a sector is misspelt, a product is written in two ways."""
    deals = made.deals
    assert deals["account_id"].tolist().count(None) / len(deals["deal_id"]) == pytest.approx(
        0.05, abs=0.015
    )
    assert (made.accounts["sector"] == "technolgy").sum() == 1
    assert 0 < (deals["product"] == "AtlasPro").sum() < (deals["product"] == "Atlas Pro").sum()
    orders = made.orders
    n = len(orders["order_id"])
    assert orders["account_id"].tolist().count(None) / n == pytest.approx(0.01, abs=0.005)
    assert np.isnan(orders["amount"]).mean() == pytest.approx(0.005, abs=0.004)
    assert 1 - len(np.unique(orders["order_id"])) / n == pytest.approx(0.01, abs=0.005)


def test_a_clean_book_is_the_same_but_for_the_faults() -> None:
    """What is no fault is the same, whatever the dirt."""
    clean, dirty = synthetic_book(200, dirt=0.0), synthetic_book(200, dirt=0.3)
    same = dirty.deals["account_id"] == clean.deals["account_id"]
    assert same.mean() == pytest.approx(0.7, abs=0.05)
    assert dirty.deals["stage"].tolist() == clean.deals["stage"].tolist()
    _, first = np.unique(dirty.orders["order_id"], return_index=True)
    assert dirty.orders["date"][first].tolist() == clean.orders["date"].tolist()
    assert dirty.history["deal"].tolist() == clean.history["deal"].tolist()


def test_reading_finds_the_faults(made: SyntheticBook) -> None:
    """Reading a book finds its faults."""
    book = read_book(made.accounts, made.deals, made.products, made.ratings, as_of=AS_OF)
    assert {f.code for f in book.findings} >= {
        *("misspelt_label", "unknown_product", "no_account", "won_without_amount", "list_price"),
        "open_without_worth",
    }


def test_reading_a_clean_book_finds_no_fault(clean: SyntheticBook) -> None:
    """In a clean book, nothing is misspelt, nobody is unknown and nothing is rejected."""
    book = read_book(clean.accounts, clean.deals, clean.products, clean.ratings, as_of=AS_OF)
    assert not {f.code for f in book.findings} & {
        *("misspelt_label", "unknown_product", "no_account", "near_duplicate_label"),
    }
    assert not [f for f in book.findings if f.severity == "error"]


@pytest.mark.parametrize("dirt", [0.0, 1.0])
def test_both_ends_can_be_read(dirt: float) -> None:
    """A book in which every deal has lost its account can be read, too."""
    book = synthetic_book(30, dirt=dirt)
    read = read_book(book.accounts, book.deals, book.products, as_of=AS_OF)
    assert read.balances
