"""Deals as of a day: what counts where, in any order, to the cent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.errors import IntakeError
from keyaccount.intake import Book, read_book
from keyaccount.intake.window import window_start

ACCOUNTS = {"account": ["A", "B", "C"]}
PRODUCTS = {"product": ["P", "Q"], "list_price": [100.0, 19.99]}
AS_OF = "2026-09-30"
NAMES = ("deal_id", "account", "product", "stage", "opened", "closed", "amount")


def table(*deals: tuple[Any, ...]) -> dict[str, list[Any]]:
    """Make a table of deals."""
    return {name: [d[i] for d in deals] for i, name in enumerate(NAMES)}


def book_of(*deals: tuple[Any, ...], as_of: str = AS_OF) -> Book:
    """Read a book of some deals."""
    return read_book(ACCOUNTS, table(*deals), PRODUCTS, as_of=as_of)


def finding(book: Book, code: str) -> int:
    """Count the rows of a finding."""
    return sum(f.count for f in book.findings if f.code == code)


def test_sales_are_won_value_of_the_window_and_wins_of_all_time() -> None:
    """Sales are won value of the window and wins of all time."""
    book = book_of(
        (1, "A", "P", "won", "2026-01-01", "2026-09-30", 10.10),
        (2, "A", "P", "won", "2024-01-01", "2024-10-01", 20.20),
        (3, "A", "P", "won", "2024-01-01", "2024-09-30", 40.40),
        (4, "A", "P", "lost", "2020-01-01", "2020-09-30", 80.80),
    )
    assert book.columns["sales"].tolist() == [30.3, 0.0, 0.0]
    assert book.columns["wins"].tolist() == [3.0, 0.0, 0.0]
    assert book.columns["losses"].tolist() == [1.0, 0.0, 0.0]
    assert book.columns["trials"].tolist() == [4.0, 0.0, 0.0]
    assert book.reconciliations[0].reasons == (("closed before the window", 40.4),)


def test_open_deals_count_at_stage_probability_and_list_price_where_the_amount_is_unknown() -> None:
    """Open deals count at stage probability and list price where the amount is unknown."""
    book = book_of(
        (1, "A", "P", "A", "2026-01-01", None, 1000.0),
        (2, "A", "Q", "B", "2026-01-01", None, None),
        (3, "B", "Q", "E", "2026-01-01", None, 0.0),
    )
    assert book.columns["potential"].tolist() == [105.0, 17.99, 0.0]
    assert finding(book, "list_price") == 2


def test_what_is_not_known_is_nan_and_what_is_not_there_is_zero() -> None:
    """What is not known is nan and what is not there is zero."""
    book = book_of(
        (1, "A", "?", "A", "2026-01-01", None, None),
        (2, "B", "P", "won", "2026-01-01", "2026-02-01", None),
    )
    np.testing.assert_array_equal(book.columns["potential"], [np.nan, 0.0, 0.0])
    np.testing.assert_array_equal(book.columns["sales"], [0.0, np.nan, 0.0])
    assert book.columns["wins"].tolist() == [0.0, 1.0, 0.0]
    assert finding(book, "open_without_worth") == 1
    assert finding(book, "won_without_amount") == 1
    assert finding(book, "unknown_product") == 1


def test_a_deal_that_closed_later_is_open_at_the_first_stage_and_list_price() -> None:
    """A deal that closed later is open at the first stage and list price."""
    book = book_of((1, "A", "P", "won", "2026-01-01", "2026-10-01", 9_000.0))
    assert book.columns["sales"].tolist() == [0.0, 0.0, 0.0]
    assert book.columns["potential"].tolist() == [10.0, 0.0, 0.0]
    assert finding(book, "closed_later") == 1
    assert book.reconciliations[0].reasons == (("closed after the day", 9_000.0),)


def test_what_happens_after_the_day_changes_nothing_on_the_day() -> None:
    """What happens after the day changes nothing on the day."""
    before = book_of((1, "A", "P", "won", "2026-01-01", "2026-03-01", 50.0))
    after = book_of(
        (1, "A", "P", "won", "2026-01-01", "2026-03-01", 50.0),
        (2, "A", "P", "won", "2026-10-01", "2026-11-01", 70.0),
        (3, "A", "P", "C", "2026-10-01", None, 70.0),
    )
    for name in ("sales", "potential", "wins", "trials"):
        assert before.columns[name].tolist() == after.columns[name].tolist()
    assert finding(after, "after_the_day") == 2


def test_the_plan_to_close_of_an_open_deal_is_not_looked_at() -> None:
    """The plan to close of an open deal is not looked at."""
    book = book_of((1, "A", "P", "D", "2026-01-01", "2026-05-01", 100.0))
    assert book.columns["potential"].tolist() == [75.0, 0.0, 0.0]


def test_a_deal_handed_over_and_paid_is_won() -> None:
    """A deal handed over and paid is won."""
    book = book_of((1, "A", "P", "F", "2026-01-01", "2026-05-01", 100.0))
    assert book.columns["sales"].tolist() == [100.0, 0.0, 0.0]


def test_money_that_belongs_to_nobody_is_rejected_with_its_amount() -> None:
    """Money that belongs to nobody is rejected with its amount."""
    book = book_of(
        (1, None, "P", "won", "2026-01-01", "2026-05-01", 100.0),
        (2, "Z", "P", "won", "2026-01-01", "2026-05-01", 10.0),
        (3, " ", "P", "A", "2026-01-01", None, 50.0),
        (4, "A", "P", "won", "2026-01-01", None, 1.0),
    )
    won, open_ = book.reconciliations
    assert (won.read, won.used, won.rejected) == (111.0, 0.0, 111.0)
    assert (open_.read, open_.used, open_.rejected) == (5.0, 0.0, 5.0)
    assert book.balances
    told = {f.code: f for f in book.findings if f.severity == "error"}
    assert set(told) == {"no_account", "unknown_account_deals", "no_close_date"}
    assert "won 100.00, open at stage probability 5.00" in told["no_account"].message


def test_copies_count_once_and_contradictions_not_at_all() -> None:
    """Copies count once and contradictions not at all."""
    same = (1, "A", "P", "won", "2026-01-01", "2026-05-01", 100.0)
    book = book_of(
        same,
        same,
        (2, "A", "P", "won", "2026-01-01", "2026-05-01", 10.0),
        (2, "A", "P", "won", "2026-01-01", "2026-05-01", 11.0),
    )
    assert book.columns["sales"].tolist() == [100.0, 0.0, 0.0]
    assert dict(book.reconciliations[0].reasons) == {
        "copy of another row": 100.0,
        "id with different contents": 21.0,
    }
    assert (finding(book, "duplicate_row"), finding(book, "conflicting_rows")) == (1, 2)


def test_odd_amounts_and_days_are_told() -> None:
    """Odd amounts and days are told."""
    book = book_of(
        (1, "A", "P", "won", "2026-01-01", "2026-05-01", -5.0),
        (2, "A", "P", "won", "2026-06-01", "2026-05-01", 0.0),
        (3, "A", "P", None, "2026-06-01", "2026-05-01", 7.0),
        (None, "A", "P", "A", None, None, 7.005),
        (4, "B", "P", "A", "2026-09-01", None, 1e20),
    )
    assert book.columns["sales"].tolist() == [-5.0, 0.0, 0.0]
    for code in (
        *("won_amount_negative", "won_amount_zero", "closed_before_opened", "no_stage", "no_id"),
        *("no_open_date", "rounded", "too_large"),
    ):
        assert finding(book, code) == 1, code


def test_a_day_before_all_deals_is_told() -> None:
    """A day before all deals is told."""
    book = book_of((1, "A", "P", "won", "2026-01-01", "2026-05-01", 5.0), as_of="2020-01-01")
    assert book.columns["sales"].tolist() == [0.0, 0.0, 0.0]
    assert finding(book, "day_before_all") == 1
    assert book.balances


def test_old_news_is_told() -> None:
    """Old news is told."""
    book = book_of((1, "A", "P", "won", "2026-01-01", "2026-05-01", 5.0), as_of="2027-01-01")
    assert finding(book, "old_news") == 245


def test_a_day_is_needed() -> None:
    """A day is needed."""
    with pytest.raises(IntakeError, match="as_of= is needed"):
        read_book(ACCOUNTS, table())


def test_amounts_beyond_what_adds_up_exactly_are_refused() -> None:
    """Amounts beyond what adds up exactly are refused."""
    deals = [(i, "A", "P", "won", "2026-01-01", "2026-05-01", 8e13) for i in range(2)]
    with pytest.raises(IntakeError, match=r"2\*\*53"):
        book_of(*deals)


def test_the_window_goes_back_by_calendar_months() -> None:
    """The window goes back by calendar months."""
    assert window_start(np.datetime64("2024-02-29"), 12) == np.datetime64("2023-02-28")
    assert window_start(np.datetime64("2026-01-15"), 1) == np.datetime64("2025-12-15")


days = st.one_of(
    st.none(), st.dates().map(str), st.sampled_from(["2026-09-30", "2026-10-01", "2024-09-30"])
)
sums_that_stay_exact = st.floats().filter(lambda x: not 1e12 < abs(x) < 1e14)
"""Beyond 1e14 an amount counts as missing; a few just below it are refused together."""
messy_deals = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, 8)),
        st.sampled_from([None, "", " ", "A", "B ", "C", "a", "Unknown"]),
        st.sampled_from([None, "P", "Q", "p", "R"]),
        st.sampled_from([None, "won", "lost", "A", "B", "E", "F", "Closed Won"]),
        days,
        days,
        st.one_of(
            st.none(),
            sums_that_stay_exact,
            st.integers(-(10**6), 10**6).map(lambda c: c / 100),
            st.sampled_from(["$5", "1,234.56", "abc", "", "7.005", "-3"]),
        ),
    ),
    max_size=25,
)


@given(messy_deals)
def test_the_books_balance_whatever_the_table_holds(deals: list[tuple[Any, ...]]) -> None:
    """The books balance whatever the table holds."""
    book = book_of(*deals)
    assert book.balances
    assert all(np.isfinite(book.columns["trials"]))


@given(messy_deals, st.randoms(use_true_random=False))
def test_the_order_of_the_deals_changes_no_bit(deals: list[tuple[Any, ...]], random: Any) -> None:
    """The order of the deals changes no bit."""
    shuffled = random.sample(deals, len(deals))
    one, other = book_of(*deals), book_of(*shuffled)
    for name in ("sales", "potential", "wins", "losses", "trials", "won_deals", "open_deals"):
        assert one.columns[name].tobytes() == other.columns[name].tobytes()
    assert one.reconciliations == other.reconciliations
    assert {(f.code, f.count) for f in one.findings} == {(f.code, f.count) for f in other.findings}


@given(messy_deals, messy_deals)
def test_two_tables_add_up_to_one(one: list[tuple[Any, ...]], other: list[tuple[Any, ...]]) -> None:
    """Two tables add up to one."""
    parts = [[(f"{i}-{k}", *d[1:]) for k, d in enumerate(p)] for i, p in enumerate((one, other))]
    whole, first, second = (book_of(*d) for d in (parts[0] + parts[1], *parts))
    for name in ("wins", "losses", "open_deals"):
        assert (whole.columns[name] == first.columns[name] + second.columns[name]).all()
    for total, a, b in zip(
        whole.reconciliations, first.reconciliations, second.reconciliations, strict=True
    ):
        assert round(total.read * 100) == round(a.read * 100) + round(b.read * 100)
        assert round(total.used * 100) == round(a.used * 100) + round(b.used * 100)
