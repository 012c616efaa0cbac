"""A forecast adds what is won and what is weighted, by group, period and category."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import as_container, containers, deal_tables, forecast_categories

DEALS: dict[str, list[Any]] = {
    "deal": ["a", "b", "c", "d", "e", "f"],
    "stage": ["close", "confirm", "confirm", "close", "close", None],
    "owner": ["li", "li", "wang", "wang", "li", "wang"],
    "outcome": ["open", "open", "open", "won", "lost", "open"],
    "amount": [100.0, 80.0, 50.0, 40.0, 1000.0, 7.0],
    "probability": [0.9, 0.25, 0.5, None, 0.9, 0.1],
    "expected": ["2026-09-20", "2026-11-30", "2026-08-31", "2026-08-15", "2026-07-01", None],
    "closed": ["2025-01-01", None, None, "2026-07-10", "2026-06-30", None],
}


def test_a_hand_made_forecast_by_stage() -> None:
    """Counts, amounts and categories of each stage; deals without a stage come last."""
    found = ka.forecast(DEALS, by="stage", as_of="2026-09-15")
    assert found.keys["stage"].tolist() == ["close", "confirm", None]
    assert found.sums.open.tolist() == [1, 2, 1]
    assert found.amount.tolist() == [100.0, 130.0, 7.0]
    assert found.weighted.tolist() == [90.0, 45.0, 0.7]
    assert found.won_amount.tolist() == [40.0, 0.0, 0.0]
    assert found.projected.tolist() == [130.0, 45.0, 0.7]
    assert found.sums.lost.tolist() == [1, 0, 0]
    exclusive = {code: sums.tolist() for code, sums in found.categories.items()}
    assert exclusive == {
        "closed": [40.0, 0.0, 0.0],
        "commit": [100.0, 0.0, 0.0],
        "best_case": [0.0, 50.0, 0.0],
        "pipeline": [0.0, 80.0, 7.0],
        "omitted": [0.0, 0.0, 0.0],
        "uncategorised": [0.0, 0.0, 0.0],
    }
    assert {code: sums.tolist() for code, sums in found.up_to.items()} == {
        "closed": [40.0, 0.0, 0.0],
        "commit": [140.0, 0.0, 0.0],
        "best_case": [140.0, 50.0, 0.0],
        "pipeline": [140.0, 130.0, 7.0],
    }
    assert found.total["projected"] == 175.7
    assert found.total["overdue"] == 1
    assert found.row(-1)["stage"] is None


def test_by_two_columns_and_by_period() -> None:
    """Groups are the pairs that occur; a decided deal belongs to the period of its decision."""
    found = ka.forecast(DEALS, by=("owner", "stage"))
    pairs = list(zip(found.keys["owner"], found.keys["stage"], strict=True))
    assert pairs == [
        ("li", "close"),
        ("li", "confirm"),
        ("wang", "close"),
        ("wang", "confirm"),
        ("wang", None),
    ]
    monthly = ka.forecast(DEALS, period="month", closed=None)
    assert monthly.keys["period"].tolist() == ["2026-07", "2026-08", "2026-09", "2026-11", None]
    by_day_won = ka.forecast(DEALS, period="month")
    assert by_day_won.keys["period"].tolist() == [
        *("2026-06", "2026-07", "2026-08", "2026-09", "2026-11"),
        None,
    ]
    assert by_day_won.won_amount.tolist() == [0.0, 40.0, 0.0, 0.0, 0.0, 0.0]
    assert [(f.code, f.count, f.where) for f in by_day_won.findings] == [
        ("no_expected", 1, "expected")
    ]
    quarterly = ka.forecast({**DEALS, "ended": DEALS["closed"]}, period="quarter", closed="ended")
    assert quarterly.keys["period"].tolist() == [*("2026-Q2", "2026-Q3", "2026-Q4"), None]
    with pytest.raises(ka.ColumnNotFoundError, match="did you mean 'closed'"):
        ka.forecast(DEALS, period="month", closed="close")
    assert ka.forecast(DEALS, period="year").keys["period"].tolist() == ["2026", None]


def test_categories_somebody_stated() -> None:
    """The words of a CRM are understood, and what is stated goes before what is computed."""
    stated = ["BestCase", "Forecast", "Omitted", "Pipeline", None, None]
    found = ka.forecast({**DEALS, "says": stated}, category="says")
    assert found.deals.category.tolist() == [
        *("best_case", "commit", "omitted", "closed", "omitted"),
        None,
    ]
    assert found.categories["omitted"].tolist() == [50.0]  # left out by hand; lost ones never count
    assert found.categories["uncategorised"].tolist() == [7.0]
    assert found.up_to["pipeline"].tolist() == [220.0]
    assert found.weighted.tolist() == ka.forecast(DEALS).weighted.tolist()
    assert found.deals.row(0)["why"] == "open, won with a chance of 0.9, category as stated"
    odd = ka.forecast({**DEALS, "says": ["Closed"] * 6}, category="says")
    assert [(f.code, f.count) for f in odd.findings if f.where == "says"] == [
        ("category_contradicts", 4)
    ]
    assert odd.deals.category.tolist() == [None, None, None, "closed", "omitted", None]
    with pytest.raises(ka.SpecError, match="did you mean 'pipeline'"):
        ka.forecast({**DEALS, "says": ["pipelin"] * 6}, category="says")


def test_what_is_missing_is_counted_and_told() -> None:
    """A sum leaves it out, and is 0 where nothing is known."""
    table = {
        "amount": [None, 10.0, math.inf, -5.0],
        "probability": [0.5, None, 0.5, 0.5],
        "outcome": ["open", "open", None, "won"],
    }
    found = ka.forecast(table)
    assert found.amount.tolist() == [10.0]
    assert found.weighted.tolist() == [0.0]
    assert found.won_amount.tolist() == [-5.0]
    assert found.total["no_amount"] == 2
    assert found.total["no_probability"] == 1
    assert found.categories["uncategorised"].tolist() == [10.0]
    assert [(f.code, f.count, f.where) for f in found.findings] == [
        ("infinite", 1, "amount"),
        ("negative", 1, "amount"),
        ("no_outcome", 1, "outcome"),
        ("no_amount", 2, "amount"),
        ("no_probability", 1, "probability"),
    ]
    assert found.deals.row(0)["why"] == "open, won with a chance of 0.5, amount unknown"
    assert found.deals.row(1)["why"] == "open, no chance of winning stated"
    assert found.deals.row(3)["why"] == "won"


def test_groups_without_amounts_add_up_to_the_total() -> None:
    """An owner of whose deals no amount is known brings 0, and the count says why."""
    table = {
        "owner": ["li", "li", "wang"],
        "amount": [None, None, 10.0],
        "probability": [0.2, 0.95, 0.5],
    }
    found = ka.forecast(table, outcome=None, by="owner")
    for name, column in found.sums.columns().items():
        assert found.total[name] == math.fsum(column.tolist()), name
    assert found.row(0)["amount"] == found.row(0)["up_to_commit"] == 0.0
    assert (found.row(0)["weighted"], found.row(0)["pipeline"]) == (0.0, 0.0)
    assert found.sums.no_amount.tolist() == [2, 0]


def test_won_deals_belong_to_the_period_they_were_won_in() -> None:
    """A standing knows the day; where nobody does, a won deal is in no period, and that is told."""
    events = [
        ka.Event("A", "open", at="2026-01-05", amount=100.0, expected="2026-05-31"),
        ka.Event("A", "win", at="2026-02-10", override="signed at once"),
        ka.Event("B", "open", at="2026-01-06", amount=50.0, expected="2026-05-31"),
    ]
    standing = ka.opportunity_funnel().replay(ka.event_log(events)).at("2026-03-31")
    found = ka.forecast(standing, period="quarter")
    assert found.keys["period"].tolist() == ["2026-Q1", "2026-Q2"]
    assert found.won_amount.tolist() == [100.0, 0.0]
    assert found.findings == ()
    dayless = {"amount": [5.0], "probability": [1.0], "outcome": ["won"], "expected": [None]}
    told = ka.forecast(dayless, period="quarter")
    assert told.keys["period"].tolist() == [None]
    assert [(f.code, f.count, f.where) for f in told.findings] == [("no_day", 1, "expected")]


def test_stages_of_a_standing_come_in_the_order_of_the_funnel() -> None:
    """By name, confirm would come before understand; a table without a funnel is sorted."""
    events = [
        ka.Event("A", "open", at="2026-01-05", amount=1.0, stage="understand"),
        ka.Event("B", "open", at="2026-01-05", amount=2.0, stage="confirm"),
        ka.Event("C", "open", at="2026-01-05", amount=4.0, stage="negotiate"),
    ]
    standing = ka.opportunity_funnel().replay(ka.event_log(events)).at("2026-01-31")
    stages = ["understand", "confirm", "negotiate"]
    assert ka.forecast(standing, by="stage").keys["stage"].tolist() == stages
    assert ka.forecast(standing, by=("owner", "stage")).amount.tolist() == [1.0, 2.0, 4.0]
    plain = ka.forecast(standing.columns(), by="stage")
    assert plain.keys["stage"].tolist() == sorted(stages)


def test_a_product_is_rounded_once_to_the_cent() -> None:
    """Half of 7 cents is 3.5: to the even 4; of 5 to the even 2; of 115, as 1.15 means, to 58."""
    table = {"amount": [0.07, 0.05, 1.15, 1.005], "probability": [0.5, 0.5, 0.5, 1.0]}
    assert ka.forecast(table, outcome=None).deals.weighted.tolist() == [0.04, 0.02, 0.58, 1.0]


def test_overdue_deals_are_marked() -> None:
    """Open and expected before the day; a deal expected on the day is not late."""
    found = ka.forecast(DEALS, as_of="2026-09-20", deal="deal")
    assert found.deals.columns()["overdue"].tolist() == [False, False, True, False, False, False]
    assert "should have closed on 2026-08-31" in found.deals.row(2)["why"]
    assert [f.code for f in found.findings] == ["overdue"]
    assert found.deals.row(2)["deal"] == "c"
    assert "overdue" not in ka.forecast(DEALS).columns()


def test_a_standing_is_a_table_like_any_other() -> None:
    """The stages state the chances."""
    funnel = ka.opportunity_funnel()
    events = [
        ka.Event("A", "open", at="2026-01-05", amount=100.0, expected="2026-03-31"),
        ka.Event("B", "open", at="2026-01-06", amount=50.0),
    ]
    standing = funnel.replay(ka.event_log(events)).at("2026-01-31")
    found = ka.forecast(standing, by="stage", period="quarter", as_of="2026-01-31")
    assert found.weighted.tolist() == [10.0, 5.0]
    assert found.keys["period"].tolist() == ["2026-Q1", None]


def test_nothing_and_one_deal() -> None:
    """No deals forecast 0; one deal may be given as scalars."""
    empty: dict[str, list[Any]] = {"amount": [], "probability": [], "outcome": [], "owner": []}
    assert ka.forecast(empty).projected.tolist() == [0.0]
    assert len(ka.forecast(empty, by="owner")) == 0
    one = ka.forecast({"amount": 10, "probability": 0.5, "outcome": "open", "owner": "li"})
    assert one.weighted.tolist() == [5.0]


def test_misuse() -> None:
    """Wrong columns and options say what to do."""
    slips: list[tuple[str, dict[str, Any]]] = [
        ("must be names of columns", {"by": "amount"}),
        ("must be names of columns", {"by": ("owner", "owner")}),
        ("must be names of columns", {"by": 5}),
        ("must be Categories", {"categories": {"commit": 0.9}}),
        ("must be one of 'month'", {"period": "week"}),
        ("did you mean 'amount'", {"amount": "amout"}),
    ]
    for said, options in slips:
        with pytest.raises(ka.KeyAccountError, match=said):
            ka.forecast(DEALS, **options)
    with pytest.raises(ka.RowError, match="divide a column of percentages"):
        ka.forecast({**DEALS, "probability": [90] * 6})
    with pytest.raises(ka.RowError, match="too large"):
        ka.forecast({**DEALS, "amount": [1e300] * 6})
    with pytest.raises(ka.ColumnError, match="differ in length"):
        ka.forecast({**DEALS, "owner": ["li"]}, by="owner")
    with pytest.raises(ka.RowError, match="no row 3"):
        ka.forecast(DEALS, by="stage").row(3)


def test_views() -> None:
    """As frames and as HTML."""
    found = ka.forecast(DEALS, by="stage", as_of="2026-09-15", deal="deal")
    assert len(pd.DataFrame(found.columns())) == len(found) == 3
    assert len(pd.DataFrame(found.deals.columns())) == len(found.deals) == 6
    assert "175.70" in found._repr_html_()
    assert "6 deals" in found.deals._repr_html_()


@given(deal_tables(), st.sampled_from(["quarter", None]))
def test_groups_add_up_to_the_total(table: dict[str, list[Any]], period: Any) -> None:
    """To the cent, and so do categories; each category adds to those surer."""
    found = ka.forecast(table, by="stage", period=period, as_of="2026-06-30")
    for name in ("amount", "weighted", "won_amount", "projected"):
        assert round(math.fsum(getattr(found, name).tolist()), 2) == found.total[name]
    total = found.total
    exclusive = math.fsum(total[code] for code in found.categories)
    assert round(exclusive, 2) == round(total["amount"] + total["won_amount"], 2)
    steps = list(found.up_to)
    for surer, step in pairwise(steps):
        more = total[f"up_to_{step}"] - total[f"up_to_{surer}"]
        assert round(more, 2) == round(total[step], 2)


@given(deal_tables(), forecast_categories(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_bit(
    table: dict[str, list[Any]], categories: ka.Categories, random: Any
) -> None:
    """The same groups, with the same sums."""
    rows = list(range(len(table["deal"])))
    random.shuffle(rows)
    mixed = {name: [column[i] for i in rows] for name, column in table.items()}
    one, other = (
        ka.forecast(t, by=("stage", "outcome"), categories=categories) for t in (table, mixed)
    )
    for name, column in one.columns().items():
        np.testing.assert_array_equal(column, other.columns()[name])


@given(deal_tables(), containers())
def test_in_any_container(table: dict[str, list[Any]], kind: str) -> None:
    """A table is read alike in every library."""
    kept = {n: table[n] for n in ("outcome", "stage")}
    kept |= {
        n: [math.nan if v is None else float(v) for v in table[n]]
        for n in ("amount", "probability")
    }
    one, other = (ka.forecast(t, by="stage") for t in (kept, as_container(kept, kind)))
    for name, column in one.columns().items():
        np.testing.assert_array_equal(column, other.columns()[name])
