"""A purchase log is summed up per customer: every option said aloud, every row accounted for."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import keyaccount as ka
from keyaccount.testing import assert_same_bits

AS_OF = "2026-03-01"

# B buys on 5 January and three times on 2 February, and gives 30 back on the 10th.
LOG: dict[str, Any] = {
    "customer": ["B", "A", "B", "C", "B", "A", "B", "D", None, "A", "B"],
    "date": [
        "2026-01-05",
        "2026-01-20",
        "2026-02-02",
        "2026-02-10",
        "2026-02-02",
        "2026-03-02",
        "2026-02-10",
        "2026-02-15",
        "2026-02-16",
        None,
        "2026-02-02",
    ],
    "amount": [100.0, 40.0, 60.0, -5.0, 20.0, 99.0, -30.0, math.nan, 7.0, 8.0, 20.0],
    "margin": [10.0, 4.0, math.nan, -1.0, 2.0, 9.0, -3.0, 1.0, 1.0, 1.0, 2.0],
}


def summary_of(log: Any = None, **options: Any) -> ka.PurchaseSummary:
    """Sum up a log whose columns have the usual names."""
    return ka.purchase_summary(
        LOG if log is None else log,
        **{"customer": "customer", "at": "date", "amount": "amount", "as_of": AS_OF, **options},
    )


def days_of(column: Any) -> list[str]:
    """Write days as ISO texts."""
    return [str(d) for d in column]


def test_a_small_log_worked_by_hand() -> None:
    """B bought 100 + 60 + 20 + 20 on two days and gave 30 back; C has a refund only."""
    found = summary_of(margin="margin")
    assert found.id.tolist() == ["A", "B", "C"]
    assert days_of(found.first) == ["2026-01-20", "2026-01-05", "NaT"]
    assert days_of(found.last) == ["2026-01-20", "2026-02-02", "NaT"]
    assert found.count.tolist() == [1, 4, 0]
    assert found.total.tolist() == [40.0, 170.0, -5.0]
    assert_same_bits(found.mean, [40.0, 42.5, math.nan])
    assert found.active_days.tolist() == [1, 2, 0]
    assert_same_bits(found.days_since, [40.0, 27.0, math.nan])
    assert_same_bits(found.frequency, [0.0, 3.0, math.nan])
    assert_same_bits(found.recency, [0.0, 28.0, math.nan])
    assert_same_bits(found.T, [40.0, 55.0, math.nan])
    assert_same_bits(found.mean_spend, [math.nan, 100.0 / 3.0, math.nan])
    assert_same_bits(found.margin, [4.0, 11.0, -1.0])


def test_every_row_is_accounted_for() -> None:
    """Eleven rows: five purchases, two refunds, one later, three rejected, each with its reason."""
    rows = summary_of().rows
    assert (rows.read, rows.purchases, rows.refunds_netted, rows.refunds_dropped) == (11, 5, 2, 0)
    assert rows.after_as_of == 1
    assert rows.rejected == {"no date": 1, "no customer": 1, "no amount": 1}
    assert rows.read == rows.kept + rows.after_as_of + sum(rows.rejected.values())
    assert (rows.same_day, rows.duplicates) == (2, 1)


def test_what_was_met_is_told_with_its_rows() -> None:
    """Findings name the rows of the log."""
    found = {f.code: f for f in summary_of(margin="margin").findings}
    assert found["no_date"].examples == ("row 9",)
    assert found["no_customer"].examples == ("row 8",)
    assert found["no_amount"].examples == ("row 7",)
    assert found["no_amount"].severity == "error"
    assert found["after_as_of"].examples == ("row 5",)
    assert found["duplicate_orders"].examples == ("row 10",)
    assert found["no_margin"].examples == ("row 2",)
    assert found["refunds_only"].examples == ("C",)
    assert found["refunds_netted"].count == 2
    assert found["same_day_orders"].count == 2


def test_refunds_may_be_dropped() -> None:
    """Then they lower nothing, but a customer with refunds only is still one of the log."""
    found = summary_of(refunds="drop", margin="margin")
    assert found.total.tolist() == [40.0, 200.0, 0.0]
    assert_same_bits(found.margin, [4.0, 14.0, math.nan])
    assert found.count.tolist() == [1, 4, 0]
    assert (found.rows.refunds_dropped, found.rows.refunds_netted, found.rows.kept) == (2, 0, 5)
    assert "refunds_dropped" in {f.code for f in found.findings}


def test_same_day_orders_may_be_merged() -> None:
    """Three orders of 2 February are one occasion of 100."""
    found = summary_of(same_day="merge", refunds="drop")
    assert found.count.tolist() == [1, 2, 0]
    assert_same_bits(found.frequency, [0.0, 1.0, math.nan])
    assert found.total.tolist() == [40.0, 200.0, 0.0]
    assert_same_bits(found.mean, [40.0, 100.0, math.nan])
    assert_same_bits(found.mean_spend, [math.nan, 100.0, math.nan])


def test_orders_of_the_first_day_are_told_once_asked_for() -> None:
    """Kept apart, they are repeats without a later day: frequency 1, recency 0, no mean spend."""
    log = {
        "customer": ["A", "A", "B", "B", "B", "C", "C"],
        "date": [
            "2026-01-05", "2026-01-05", "2026-01-05", "2026-01-05", "2026-02-05", "2026-01-05",
            "2026-02-05",
        ],
        "amount": [1.0] * 7,
    }  # fmt: skip
    for name in ("frequency", "mean_spend"):
        found = summary_of(log)
        assert "several_on_first_day" not in {f.code for f in found.findings}
        assert len(found[name]) == 3
        (told,) = [f for f in found.findings if f.code == "several_on_first_day"]
        assert (told.count, told.examples, told.severity) == (2, ("A", "B"), "warning")
        assert 'need same_day="merge"' in told.message
    assert (found.frequency[0], found.recency[0]) == (1.0, 0.0)
    assert math.isnan(found.mean_spend[0])
    merged = summary_of(log, same_day="merge")
    assert merged.frequency.tolist() == [0.0, 1.0, 1.0]
    assert "several_on_first_day" not in {f.code for f in merged.findings}


def test_one_order_is_an_order_of_its_own() -> None:
    """And several are orders of their own."""
    for n, one, own in (
        (2, "1 order", "an order of its own"),
        (3, "2 orders", "orders of their own"),
    ):
        log = {"customer": ["A"] * n, "date": ["2026-01-05"] * n, "amount": range(n)}
        (told,) = [f for f in summary_of(log).findings if f.code == "same_day_orders"]
        said = f"{one} of a customer who had ordered that day, counted as {own}"
        assert told.message == said


def test_weeks_have_seven_days_and_keep_their_fractions() -> None:
    """Recency 28 days is 4 weeks, T 55 days is 7.857…; days since stay days."""
    found = summary_of(time_unit="week")
    assert found.recency[1] == 4.0
    assert found.T[1] == 55.0 / 7.0
    assert found.days_since[1] == 27.0


def test_customers_come_sorted_or_as_first_seen() -> None:
    """First seen counts the rows that are kept: D is never one of them."""
    assert summary_of(order="first_seen").id.tolist() == ["B", "A", "C"]
    seen, ordered = summary_of(order="first_seen"), summary_of()
    assert seen.total[np.argsort(seen.id)].tolist() == ordered.total.tolist()


def test_as_of_is_included() -> None:
    """The day itself counts, the next does not."""
    assert summary_of(as_of="2026-03-02").count.tolist() == [2, 4, 0]
    assert summary_of(as_of=date(2026, 3, 2)).count.tolist() == [2, 4, 0]


def test_the_day_itself_counts_beside_a_later_one() -> None:
    """Orders of 28 February and 1 and 2 March, as of the 1st: two of them."""
    log = {"customer": [1] * 3, "date": ["2026-02-28", AS_OF, "2026-03-02"], "amount": [1.0] * 3}
    assert summary_of(log).count.tolist() == [2]


def test_repeated_rows_are_found_among_many_that_share_a_day() -> None:
    """A repeat agrees in everything, unknown margins included; other amounts are other orders."""
    log: dict[str, Any] = {
        "customer": [1, 2, 1, 2, 1, 3],
        "date": ["2026-02-01", "2026-02-02", "2026-02-01", "2026-02-02", "2026-02-01", AS_OF],
        "amount": [5.0, 7.0, 5.0, 7.0, 6.0, 5.0],
        "margin": [math.nan, 1.0, math.nan, 1.0, math.nan, 1.0],
    }
    found = summary_of(log, margin="margin")
    assert (found.rows.duplicates, found.rows.same_day) == (2, 3)
    (told,) = [f for f in found.findings if f.code == "duplicate_orders"]
    assert told.examples == ("row 2", "row 3")
    log["margin"][2] = 0.5
    assert summary_of(log, margin="margin").rows.duplicates == 1


def test_days_beyond_all_calendars_are_days() -> None:
    """A typing error of a few quadrillion years breaks no other customer."""
    days = np.array([-(2**61), 0, -(2**61), 5, 5], dtype="datetime64[D]")
    found = summary_of({"customer": [1, 1, 1, 90, 90], "date": days, "amount": [1.0, 2, 1, 3, 4]})
    assert found.active_days.tolist() == [2, 1]
    assert (found.rows.same_day, found.rows.duplicates) == (2, 1)


def test_a_later_row_changes_nothing_by_as_of() -> None:
    """Not even a broken one: it is not known yet."""
    log = {
        "customer": ["A", None],
        "date": ["2026-01-05", "2026-05-05"],
        "amount": [1.0, math.nan],
    }
    found = summary_of(log)
    assert found.rows.rejected == {}
    assert found.rows.after_as_of == 1


def test_as_of_before_the_log_gives_nobody_and_says_so() -> None:
    """An empty summary is right, and suspicious."""
    found = summary_of(as_of="2020-01-01")
    assert len(found) == 0
    assert "as_of_before_log" in {f.code for f in found.findings}
    assert "as_of_before_log" not in {f.code for f in summary_of().findings}


def test_an_empty_log_is_an_empty_summary() -> None:
    """No rows, no customers, no error."""
    found = summary_of({"customer": [], "date": [], "amount": []})
    assert len(found) == 0
    assert found.rows.read == 0
    assert found.findings == ()
    assert {len(column) for column in found.columns().values()} == {0}


def test_nothing_but_missing_values_is_rejected() -> None:
    """All rows missing: nobody is left, and every row has its reason."""
    found = summary_of({"customer": [None, "A"], "date": [None, None], "amount": [None, None]})
    assert len(found) == 0
    assert found.rows.rejected == {"no date": 2}


def test_one_order_of_one_account_may_be_scalars() -> None:
    """A dict of scalars is a log of one row."""
    found = summary_of({"customer": "A", "date": date(2026, 2, 1), "amount": 12.5})
    assert (found.id.tolist(), found.total.tolist()) == (["A"], [12.5])


def test_an_amount_of_zero_is_an_order() -> None:
    """A free order is one; minus zero is written as zero."""
    found = summary_of({"customer": [1, 1], "date": ["2026-02-01"] * 2, "amount": [0.0, -0.0]})
    assert found.count.tolist() == [2]
    assert_same_bits(found.total, [0.0])


def test_infinite_amounts_are_missing_and_told() -> None:
    """±inf counts as missing."""
    log = {"customer": [1, 1], "date": ["2026-02-01"] * 2, "amount": [math.inf, 5.0]}
    found = summary_of(log)
    assert found.total.tolist() == [5.0]
    assert found.rows.rejected == {"no amount": 1}
    assert found.findings[0].code == "infinite"
    assert "1 value of 'amount' taken as missing: infinite" in found.findings[0].message


def test_money_is_exact() -> None:
    """Cents add as cents, fractions round once, and a large amount loses no cent beside it."""
    tenth = {"customer": [1] * 3, "date": ["2026-02-01"] * 3, "amount": [0.1, 0.2, 0.3]}
    assert summary_of(tenth).total.tolist() == [0.6]
    wide = {"customer": [1] * 3, "date": ["2026-02-01"] * 3, "amount": [1e17, 0.25, 1.0]}
    assert summary_of(wide).total.tolist() == [math.fsum([1e17, 0.25, 1.0])]
    cents: dict[str, Any] = {
        "customer": [1] * 4,
        "date": ["2026-02-01"] * 4,
        "amount": [9e13, 9e13, 0.01, 0.01],
    }
    assert summary_of(cents).total.tolist() == [math.fsum(cents["amount"])]
    fine = {"customer": [1] * 3, "date": ["2026-02-01"] * 3, "amount": [0.001, 1e9, 0.001]}
    assert summary_of(fine).total.tolist() == [math.fsum([0.001, 1e9, 0.001])]


def test_one_fraction_of_a_cent_far_down_the_log_touches_nobody_else() -> None:
    """Each customer's money is added its own way, whatever others pay."""
    amounts = np.full(60_000, 0.1)
    amounts[59_999] = 0.001
    log = {"customer": np.arange(60_000) % 2, "amount": amounts}
    log["date"] = np.full(60_000, "2026-02-01", "datetime64[D]")
    assert summary_of(log).total.tolist() == [3_000.0, math.fsum([0.1] * 29_999 + [0.001])]


def test_amounts_beyond_every_sum_are_refused() -> None:
    """A typed error, never an overflow."""
    log = {"customer": [1, 1], "date": ["2026-02-01"] * 2, "amount": [1e308, 1e308]}
    with pytest.raises(ka.KeyAccountError, match="may not fit a float64"):
        summary_of(log)


def test_two_currencies_are_refused_and_named() -> None:
    """Only among the rows that count; a row without a currency is rejected."""
    log = {
        "customer": ["A", "B", "C", "D"],
        "date": ["2026-02-01", "2026-02-02", "2026-05-01", "2026-02-03"],
        "amount": [1.0, 2.0, 3.0, 4.0],
        "currency": ["EUR", "EUR", "USD", None],
    }
    found = summary_of(log, currency="currency")
    assert found.id.tolist() == ["A", "B"]
    assert found.rows.rejected == {"no currency": 1}
    with pytest.raises(ka.ColumnError, match="one currency"):
        summary_of(log, currency="currency", as_of="2026-12-31")


def test_a_moment_counts_as_the_day_on_the_wall() -> None:
    """Half past eleven at night in Shanghai is still that day, whatever day it is in London."""
    shanghai = timezone(timedelta(hours=8))
    moments = [
        datetime(2026, 3, 1, 0, 30, tzinfo=shanghai),
        datetime(2026, 3, 1, 23, 30, tzinfo=shanghai),
    ]
    frame = pd.DataFrame({"customer": [1, 1], "date": moments, "amount": [1.0, 2.0]})
    for log in (
        frame,
        pa.Table.from_pandas(frame),
        {"customer": [1, 1], "date": moments, "amount": [1.0, 2.0]},
    ):
        assert days_of(summary_of(log).first) == ["2026-03-01"]
        assert summary_of(log).count.tolist() == [2]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (["03/04/2026", "05/06/2026"], "can read"),
        (["03-04-2026", "05-06-2026"], "'03-04-2026' in row 0, which both"),
        (["2026-01-05 12:00", "2026-01-05 25:00"], "row 1: '2026-01-05 25:00'"),
        (["2026-01-05", "05.01.2026"], "row 1"),
        (["2026-01-05", "soon"], "'soon'"),
    ],
)
def test_dates_in_several_formats_are_refused_with_their_row(days: list[str], said: str) -> None:
    """Dates are read only where one format fits them all, in one way."""
    with pytest.raises(ka.KeyAccountError, match=said):
        summary_of({"customer": [1, 1], "date": days, "amount": [1.0, 1.0]})


def test_a_stated_format_reads_ambiguous_dates() -> None:
    """Day first, since the caller says so."""
    log = {"customer": [1], "date": ["03/02/2026"], "amount": [1.0]}
    assert days_of(summary_of(log, date_format="%d/%m/%Y").first) == ["2026-02-03"]


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"refunds": "nett"}, ka.SpecError, "did you mean 'net'"),
        ({"same_day": True}, ka.SpecError, "same_day must be one of"),
        ({"order": "random"}, ka.SpecError, "order must be one of"),
        ({"time_unit": "month"}, ka.SpecError, "time_unit must be one of"),
        ({"as_of": None}, ka.SpecError, "as_of must be one day"),
        ({"as_of": ["2026-01-01", "2026-01-02"]}, ka.SpecError, "as_of must be one day"),
        ({"as_of": "June"}, ka.SpecError, r"as_of must be one day \(got 'June'\)"),
        ({"customer": None}, ka.SpecError, "customer must be the name of a column"),
        ({"margin": [1.0]}, ka.SpecError, "margin must be the name of a column"),
        ({"customer": "custmer"}, ka.ColumnNotFoundError, "did you mean 'customer'"),
        ({"amount": "customer"}, ka.RowError, "hold no number"),
        ({"margin": "profit"}, ka.ColumnNotFoundError, "no column 'profit'"),
    ],
)
def test_what_cannot_be_is_refused(options: dict[str, Any], error: Any, said: str) -> None:
    """Every wrong option and column has a typed error with a way out."""
    with pytest.raises(error, match=said):
        summary_of(**options)


def test_columns_of_different_lengths_are_refused() -> None:
    """The lengths are named."""
    with pytest.raises(ka.ColumnError, match="'amount' 1"):
        summary_of({"customer": [1, 2], "date": ["2026-01-01"] * 2, "amount": [1.0]})


def test_a_summary_is_a_container_of_columns() -> None:
    """Any spec reads it, any DataFrame takes its columns, a wrong name is answered."""
    found = summary_of()
    scorer = ka.CompositeScorer(
        criteria=(
            ka.Criterion("total", column="total", value=ka.Linear(0, 200)),
            ka.Criterion("recent", column="days_since", value=ka.Linear(60, 0)),
        ),
        weights={"total": 0.5, "recent": 0.5},
    )
    assert scorer.score(found).value[1] == pytest.approx(0.5 * 0.85 + 0.5 * 33 / 60)
    assert list(pd.DataFrame(found.columns()).columns) == list(found.column_names)
    assert pl.DataFrame(found.columns()).height == 3
    assert "margin" not in found.column_names
    assert summary_of(margin="margin").column_names[-1] == "margin"
    with pytest.raises(ka.ColumnNotFoundError, match="did you mean 'count'"):
        found["counts"]


def test_one_customer_reads_as_a_record() -> None:
    """A record of everything, refunds-only customers too; a row that is not there is an error."""
    found = summary_of()
    assert found.row(1)["id"] == "B"
    assert found.row(1)["last"] == date(2026, 2, 2)
    assert "first" in str(found.row(2))
    assert "<table" in found._repr_html_()
    assert repr(found) == "<PurchaseSummary of 3 customers by 2026-03-01>"
    with pytest.raises(ka.RowError, match="no row 3"):
        found.row(3)


def test_a_summary_cannot_be_written_to() -> None:
    """What is computed later rests on what was computed first."""
    found = summary_of()
    for column in found.columns().values():
        with pytest.raises(ValueError, match="read-only"):
            column[0] = column[1]
