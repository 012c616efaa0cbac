"""A book is read from files or memory; accounts that cannot be used are rejected and told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from keyaccount.errors import ColumnError, IntakeError
from keyaccount.intake import Aliases, Book, read_book


def codes(book: Book) -> dict[str, int]:
    """List the findings by their code."""
    return {f.code: f.count for f in book.findings}


def test_accounts_alone_are_a_book_of_unknowns() -> None:
    """Accounts alone are a book of unknowns."""
    book = read_book({"account": ["A", "B"], "revenue": ["1,000", "2"], "city": ["X", "Y"]})
    assert np.isnan(book.columns["sales"]).all()
    assert book.columns["revenue"].tolist() == [1000.0, 2.0]
    assert book.columns["city"].tolist() == ["X", "Y"]
    assert book.ids.tolist() == ["A", "B"]
    assert book.row(1)["revenue"] == 2.0


def test_a_column_of_the_accounts_table_serves_where_no_other_table_tells() -> None:
    """A column of the accounts table serves where no other table tells."""
    book = read_book({"account": ["A"], "sales": [5.0], "potential": [7.0]})
    assert book.columns["sales"].tolist() == [5.0]
    assert book.columns["potential"].tolist() == [7.0]


def test_a_derived_column_goes_before_one_of_the_same_name() -> None:
    """A derived column goes before one of the same name."""
    deals = {"account": ["A"], "stage": ["won"], "closed": ["2026-09-01"], "amount": [9.0]}
    book = read_book({"account": ["A"], "sales": [5.0]}, deals, as_of="2026-09-30")
    assert book.columns["sales"].tolist() == [9.0]
    assert book.columns["accounts_sales"].tolist() == [5.0]
    assert codes(book)["renamed_column"] == 1


def test_accounts_without_an_id_of_their_own_are_rejected() -> None:
    """Accounts without an id of their own are rejected."""
    accounts = {"account": ["A", None, "B", "B", "C", "C"], "size": [1, 2, 3, 4, 5, 5]}
    book = read_book(accounts)
    assert book.ids.tolist() == ["A", "C"]
    assert book.tables[0].rejected == 4
    assert (
        codes(book)["no_id"],
        codes(book)["conflicting_rows"],
        codes(book)["duplicate_row"],
    ) == (
        1,
        2,
        1,
    )


def test_a_book_without_a_usable_account_is_refused() -> None:
    """A book without a usable account is refused."""
    with pytest.raises(IntakeError, match="no account can be used"):
        read_book({"account": [None, " "]})
    with pytest.raises(IntakeError, match="has no columns"):
        read_book({})


def test_deals_may_name_accounts_by_name_where_it_is_clear() -> None:
    """Deals may name accounts by name where it is clear."""
    accounts = {"account_id": [1, 2, 3], "account": ["Acme", "Twin", "Twin"]}
    deals = {
        "account": ["Acme", "Twin", "1"],
        "stage": ["won"] * 3,
        "closed": ["2026-09-01"] * 3,
        "amount": [1.0, 2.0, 4.0],
    }
    book = read_book(accounts, deals, as_of="2026-09-30")
    assert book.columns["sales"].tolist() == [5.0, 0.0, 0.0]
    assert book.reconciliations[0].rejected == 2.0


def test_parents_are_ids_and_unknown_ones_are_cleared_and_told() -> None:
    """Parents are ids and unknown ones are cleared and told."""
    accounts = {
        "account_id": ["1", "2", "3", "4"],
        "account": ["Acme", "Initech", "Globex", "Hooli"],
        "subsidiary_of": ["Acmee", "Acme", "3", None],
    }
    book = read_book(accounts)
    assert book.columns["parent"].tolist() == [None, "1", None, None]
    assert codes(book)["own_parent"] == 1
    assert codes(book)["unknown_account"] == 1
    repaired = read_book(accounts, aliases=Aliases.parse(["account:Acmee=Initech"]))
    assert repaired.columns["parent"].tolist() == ["2", "1", None, None]


def test_sectors_are_repaired_and_the_rest_is_told() -> None:
    """Sectors are repaired and the rest is told."""
    accounts = {"account": list("ABC"), "industry": ["technolgy", "technology", None]}
    assert codes(read_book(accounts)) == {"misspelt_label": 1, "no_sector": 1}
    book = read_book(accounts, aliases=Aliases.parse(["industry:technolgy=technology"]))
    assert book.columns["sector"].tolist() == ["technology", "technology", None]
    assert codes(book)["repaired_label"] == 1


def test_an_alias_that_meets_nothing_is_told() -> None:
    """An alias that meets nothing is told."""
    book = read_book({"account": ["A"]}, aliases=Aliases.parse(["prodct:GTXPro=GTX Pro"]))
    assert codes(book)["unused_alias"] == 1


def test_dates_that_can_be_read_in_two_ways_need_a_format() -> None:
    """Dates that can be read in two ways need a format."""
    deals = {"account": ["A"], "stage": ["won"], "closed": ["3/4/2026"], "amount": [1.0]}
    with pytest.raises(ColumnError, match="closed"):
        read_book({"account": ["A"]}, deals, as_of="2026-09-30")
    book = read_book({"account": ["A"]}, deals, as_of="2026-04-01", date_format="%d/%m/%Y")
    assert book.columns["won_deals"].tolist() == [0.0]


def test_products_that_contradict_themselves_have_no_price() -> None:
    """Products that contradict themselves have no price."""
    products = {"product": ["P", "P", "Q", "Q", None], "price": [1.0, 2.0, 3.0, 3.0, 4.0]}
    deals = {
        "account": ["A", "A"],
        "stage": ["A", "A"],
        "closed": [None] * 2,
        "product": ["P", "Q"],
    }
    book = read_book({"account": ["A"]}, deals, products, as_of="2026-09-30")
    assert book.columns["potential"].tolist() == [0.3]
    assert (codes(book)["no_price"], codes(book)["no_product"], codes(book)["no_amounts"]) == (
        1,
        1,
        2,
    )


def test_orders_stand_in_for_won_deals() -> None:
    """Orders stand in for won deals."""
    orders = {
        "customer_id": ["A", "A", "B", None, "Z", "A", "B"],
        "date": [
            "2026-09-30",
            "2026-10-01",
            "2024-09-30",
            "2026-01-01",
            "2026-01-01",
            None,
            "2026-01-02",
        ],
        "amount": ["1.10", "2", "4", "8", "16", "32", None],
    }
    book = read_book({"account": ["A", "B"]}, orders=orders, as_of="2026-09-30")
    np.testing.assert_array_equal(book.columns["sales"], [1.1, np.nan])
    assert book.columns["orders"].tolist() == [1.0, 1.0]
    assert np.isnan(book.columns["wins"]).all()
    total = book.reconciliations[0]
    assert (total.read, total.used, total.outside, total.rejected) == (63.1, 1.1, 6.0, 56.0)
    assert book.balances


def test_the_latest_word_of_each_rater_counts() -> None:
    """The latest word of each rater counts."""
    ratings: dict[str, list[Any]] = {
        "account": ["A", "A", "A", "A", "B", "Z", None, "B"],
        "criterion": ["showcase"] * 8,
        "rating": [1, 5, 2, 4, 3, 1, 1, "x"],
        "rater": ["li", "li", "wu", "wu", "li", "li", "li", "li"],
        "rated_on": ["2026-01-01", "2026-02-01", "2026-03-01", "2026-03-01"] + ["2026-12-01"] * 4,
    }
    book = read_book({"account": ["A", "B"]}, ratings=ratings, as_of="2026-09-30")
    np.testing.assert_array_equal(book.columns["showcase_rating"], [4.0, np.nan])
    np.testing.assert_array_equal(book.columns["showcase_spread"], [2.0**0.5, np.nan])
    assert book.columns["showcase_raters"].tolist() == [2, 0]
    assert book.columns["showcase_latest"].astype(str).tolist() == ["2026-03-01", "NaT"]
    np.testing.assert_array_equal(book.columns["showcase_age_days"], [213.0, np.nan])
    assert codes(book)["after_as_of"] == 1
    assert codes(book)["missing_rating"] == 1
    assert codes(book)["unknown_account_ratings"] == 1
    assert codes(book)["missing_account"] == 1
    assert codes(book)["replaced"] == 1


def test_ratings_off_the_scale_are_rejected_and_told_with_file_and_criterion() -> None:
    """Ratings off the scale are rejected and told with file and criterion."""
    ratings = {
        "account": ["A", "A", "B"],
        "criterion": ["showcase", "service", "showcase"],
        "rating": [9, 2, 1],
        "rater": ["li"] * 3,
        "date": ["2026-01-01"] * 3,
    }
    book = read_book({"account": ["A", "B"]}, ratings=ratings, as_of="2026-09-30")
    np.testing.assert_array_equal(book.columns["showcase_rating"], [np.nan, 1.0])
    np.testing.assert_array_equal(book.columns["service_rating"], [2.0, np.nan])
    (off,) = [f for f in book.findings if f.code == "off_scale"]
    assert off.message == "ratings: showcase: 1 rating has a value off the scale from 1 to 5"
    assert (off.severity, off.examples) == ("error", ("9",))


def test_ratings_without_criterion_rater_or_day_are_of_the_showcase() -> None:
    """Ratings without criterion rater or day are of the showcase, by two people, of unknown age."""
    ratings = {"account": ["A", "A"], "score": [2, 5]}
    book = read_book({"account": ["A"]}, ratings=ratings, as_of="2026-09-30")
    assert book.columns["showcase_rating"].tolist() == [3.5]
    assert book.columns["showcase_raters"].tolist() == [2]
    assert np.isnat(book.columns["showcase_latest"]).all()
    assert np.isnan(book.columns["showcase_age_days"]).all()
    assert {"no_raters", "no_rating_days"} <= set(codes(book))


def test_a_rating_without_its_rater_or_day_is_rejected_where_others_have_one() -> None:
    """A rating without its rater or day is rejected where others have one."""
    ratings = {
        "account": ["A", "A", "A"],
        "rating": [1, 3, 5],
        "rater": ["li", None, "wu"],
        "date": ["2026-01-01", "2026-01-01", None],
    }
    book = read_book({"account": ["A"]}, ratings=ratings, as_of="2026-09-30")
    assert book.columns["showcase_rating"].tolist() == [1.0]
    assert (codes(book)["missing_rater"], codes(book)["missing_date"]) == (1, 1)


def test_ratings_need_a_day() -> None:
    """Ratings need a day."""
    with pytest.raises(IntakeError, match="as_of= is needed"):
        read_book({"account": ["A"]}, ratings={"account": ["A"], "rating": [1]})


def test_files_with_one_row_are_enough(tmp_path: Path) -> None:
    """Files with one row are enough."""
    (tmp_path / "accounts.csv").write_text("account\nA\n", "utf-8")
    (tmp_path / "deals.csv").write_text(
        "account,stage,closed,amount\nA,won,2026-09-01,5\n", "utf-8"
    )
    book = read_book(tmp_path / "accounts.csv", tmp_path / "deals.csv", as_of="2026-09-30")
    assert book.columns["sales"].tolist() == [5.0]
    assert [t.source for t in book.tables] == ["accounts.csv", "deals.csv"]


def test_a_misspelt_header_names_the_columns_there_are(tmp_path: Path) -> None:
    """A misspelt header names the columns there are."""
    (tmp_path / "accounts.csv").write_text("acount\nA\n", "utf-8")
    with pytest.raises(IntakeError, match="there is 'acount'"):
        read_book(tmp_path / "accounts.csv")


def test_rejected_rows_of_the_file_are_counted_with_the_table(tmp_path: Path) -> None:
    """Rejected rows of the file are counted with the table."""
    (tmp_path / "accounts.csv").write_text("account,x\nA,1\nB\n", "utf-8")
    assert read_book(tmp_path / "accounts.csv").tables[0].rejected == 1
