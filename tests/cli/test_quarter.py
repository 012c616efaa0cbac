"""A quarter's review: what is judged, in what order it is shown, and what it says of the data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.cli.quarter import Quarter, review_quarter
from keyaccount.cli.settings import Settings
from keyaccount.errors import ColumnNotFoundError
from keyaccount.intake import read_book


def quarter_of(accounts: Mapping[str, Any], **more: Any) -> Quarter:
    """Review a book in memory."""
    return review_quarter(read_book(accounts), Settings(rule=ka.TopShare(0.5), **more))


def codes(quarter: Quarter) -> dict[str, int]:
    """List the findings by their code."""
    return {f.code: f.count for f in quarter.findings}


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_table_is_the_same_in_any_order_of_the_accounts(sales: list[int], random: Any) -> None:
    """The table is the same in any order of the accounts, tied scores among them."""
    rows = [(f"A{i}", float(s)) for i, s in enumerate(sales)]
    tables = []
    for shuffled in (rows, random.sample(rows, len(rows))):
        ids, values = zip(*shuffled, strict=True)
        tables.append(quarter_of({"account": list(ids), "sales": list(values)}).table())
    for name, column in tables[0].items():
        assert repr(column.tolist()) == repr(tables[1][name].tolist()), name


def test_what_has_no_score_comes_last() -> None:
    """The best come first, equal ones by id, and what nothing is known of comes last."""
    accounts = {"account": ["C", "A", "D", "B"], "sales": [1.0, None, 5.0, 1.0]}
    assert quarter_of(accounts).table()["account"].tolist() == ["D", "B", "C", "A"]


def test_a_book_without_sectors_is_compared_as_a_whole_and_says_so() -> None:
    """A book without sectors is compared as a whole and says so; a column asked for must be."""
    accounts = {"account": ["A", "B"], "sales": [1.0, 2.0]}
    assert codes(quarter_of(accounts))["no_groups"] == 1
    assert "no_groups" not in codes(quarter_of(accounts, compare_within=None))
    with pytest.raises(ColumnNotFoundError, match="'regoin'"):
        quarter_of({**accounts, "region": ["x", "y"]}, compare_within="regoin")


def test_a_figure_that_cannot_be_read_is_missing_and_told() -> None:
    """A figure of the accounts table that cannot be read is missing and told, and decides alone."""
    quarter = quarter_of({"account": ["A", "B"], "sales": ["n/a", "7"], "wins": ["x", "1"]})
    assert quarter.table()["sales"].tolist()[0] == 7.0
    assert codes(quarter)["unreadable_number"] == 1
    assert [f.where for f in quarter.findings if f.code == "unreadable_number"] == [
        "accounts: sales",
        "accounts: wins",
    ]


def test_win_rates_that_chance_explains_are_told() -> None:
    """Win rates that differ no more than chance makes them are told; those that do are not."""
    alike = {"account": list("ABCD"), "wins": [5] * 4, "trials": [10] * 4}
    assert codes(quarter_of(alike))["win_rates_alike"] == 4
    unlike = {"account": list("ABCD"), "wins": [99, 1, 98, 2], "trials": [100] * 4}
    quarter = quarter_of(unlike)
    assert "win_rates_alike" not in codes(quarter)
    assert np.ptp(quarter.columns["win_rate"]) > 0.9


def test_a_group_adds_up_and_keeps_the_data_of_its_head() -> None:
    """A group adds up money and counts, and has the sector and size of its head."""
    accounts = {
        "account": ["A", "B", "C"],
        "subsidiary_of": [None, "A", "B"],
        "sales": [1.1, 2.2, None],
        "sector": ["x", "y", "z"],
        "employees": [1, 20, 300],
    }
    rows = quarter_of(accounts).table()
    assert (rows["sales"].tolist(), rows["employees"].tolist()) == ([3.3], [1.0])
    assert (rows["sector"].tolist(), rows["group_members"].tolist()) == (["x"], ["A; B; C"])


def test_a_decision_about_a_subsidiary_is_told() -> None:
    """An override or incumbent that is judged with its group is told, with the group's name."""
    book = read_book({"account": ["A", "B"], "subsidiary_of": [None, "A"], "sales": [1.0, 2.0]})
    override = ka.Override("B", include=True, reason="flagship", approved_by="VP")
    settings = Settings(rule=ka.TopCount(1))
    quarter = review_quarter(book, settings, overrides=[override], incumbents={"B": None})
    told = [f for f in quarter.findings if f.code == "subsidiary_named"]
    assert [(f.where, f.examples) for f in told] == [
        ("overrides", ("B (with A)",)),
        ("incumbents", ("B (with A)",)),
    ]


def test_the_override_shown_is_the_one_that_decides() -> None:
    """Of several overrides of one account the table shows the one that decided: out before in."""
    book = read_book({"account": ["A", "B"], "sales": [1.0, 2.0]})
    given = [
        ka.Override("A", include=False, reason="left the market", approved_by="CEO"),
        ka.Override("A", include=True, reason="flagship", approved_by="VP"),
    ]
    rows = review_quarter(book, Settings(rule=ka.TopCount(1)), overrides=given).table()
    texts = dict(zip(rows["account"].tolist(), rows["override"].tolist(), strict=True))
    assert texts == {"A": "left the market (approved by CEO)", "B": None}
