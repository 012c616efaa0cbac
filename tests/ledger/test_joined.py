"""A summary with what is known of its customers beside it, aligned by id."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import as_container, containers

LOG = {
    "who": [7, 9, 7, 12],
    "day": ["2026-01-05", "2026-01-20", "2026-02-02", "2026-02-03"],
    "paid": [100.0, 40.0, 60.0, 5.0],
}
ACCOUNTS: dict[str, list[Any]] = {
    "account": ["12", "7", "8"],
    "industry": ["finance", "carriers", "finance"],
    "staff": [50, 900, 3],
    "since": np.array(["2020-01-01", "2019-05-05", "NaT"], dtype="datetime64[D]").tolist(),
}


def summary(log: Any = None) -> ka.PurchaseSummary:
    """Summarise the log."""
    return ka.purchase_summary(
        LOG if log is None else log, customer="who", at="day", amount="paid", as_of="2026-03-01"
    )


@given(kind=containers())
def test_columns_are_aligned_by_id(kind: str) -> None:
    """7, 9 and 12 of the log; 9 is nowhere among the accounts, and 8 never bought."""
    accounts = as_container({k: ACCOUNTS[k] for k in ("account", "industry", "staff")}, kind)
    found = summary().joined(accounts, id="account", columns=["industry", "staff"])
    assert found["industry"].tolist() == ["carriers", None, "finance"]
    assert found["staff"].dtype == np.float64
    np.testing.assert_array_equal(found["staff"], [900.0, np.nan, 50.0])
    assert found["total"].tolist() == [160.0, 40.0, 5.0]
    assert [(f.code, f.count, f.examples, f.severity) for f in found.findings] == [
        ("no_account", 1, ("9",), "warning"),
        ("no_orders", 1, ("8",), "info"),
    ]


def test_it_is_a_container_and_a_result() -> None:
    """Columns for a DataFrame, a record per customer, days as days."""
    accounts = {**ACCOUNTS, "since": np.array(ACCOUNTS["since"], dtype="datetime64[D]")}
    found = summary().joined(accounts, id="account", columns=("industry", "since"))
    assert np.isnat(found["since"][1])
    assert list(pd.DataFrame(found.columns()))[-3:] == ["mean_spend", "industry", "since"]
    assert found.row(0)["industry"] == "carriers"
    assert repr(found).endswith("with industry, since>")
    assert "with industry, since" in found._repr_html_()
    assert not found["industry"].flags.writeable
    with pytest.raises(ka.ColumnNotFoundError, match="no column 'industri'"):
        found["industri"]
    with pytest.raises(ka.RowError):
        found.row(3)


def test_rfm_within_groups_of_a_log() -> None:
    """Each industry is compared with its own, customers of none with the pool."""
    found = summary().joined(ACCOUNTS, id="account", columns="industry")
    spec = ka.Rfm(cuts=ka.MeanCut(), group="industry", min_group=1).fit(found)
    assert spec.cuts.thresholds("monetary") == ka.ByGroup(
        {"carriers": 160.0, "finance": 5.0}, pool=205 / 3
    )
    assert spec.assign(found).letters.tolist() == ["HHH", "LLL", "HHH"]


@given(st.permutations(range(3)))
def test_the_order_of_the_accounts_does_not_matter(order: list[int]) -> None:
    """Ids align, not positions."""
    turned = {name: [cells[i] for i in order] for name, cells in ACCOUNTS.items()}
    found = summary().joined(turned, id="account", columns=["industry"])
    assert found["industry"].tolist() == ["carriers", None, "finance"]


def test_an_empty_log_and_empty_accounts() -> None:
    """Nobody, or nothing known of anybody."""
    nobody = summary({name: [] for name in LOG})
    assert len(nobody.joined(ACCOUNTS, id="account", columns=["industry"])["industry"]) == 0
    nothing: dict[str, list[Any]] = {"account": [], "industry": []}
    found = summary().joined(nothing, id="account", columns=["industry"])
    assert [f.count for f in found.findings if f.code == "no_account"] == [3]
    assert len(found["industry"]) == 3


@pytest.mark.parametrize(
    ("changes", "columns", "error", "message"),
    [
        ({}, ["count"], ka.SpecError, "that the summary does not have"),
        ({}, [], ka.SpecError, "must name columns"),
        ({}, ["industry", "industry"], ka.SpecError, "each once"),
        ({}, 5, ka.SpecError, "must name columns"),
        ({}, ["industri"], ka.ColumnNotFoundError, "no column 'industri'"),
        (
            {"account": ["7", "7", "8"]},
            ["industry"],
            ka.DuplicateIdError,
            "1 occurs more than once",
        ),
        ({"account": ["7", None, "8"]}, ["industry"], ka.RowError, "has no id"),
        ({"industry": ["a"]}, ["industry"], ka.ColumnError, "differ in length"),
    ],
)
def test_what_cannot_be_joined_is_refused(
    changes: Any, columns: Any, error: type[Exception], message: str
) -> None:
    """Typed errors for names, ids and lengths."""
    with pytest.raises(error, match=message):
        summary().joined({**ACCOUNTS, **changes}, id="account", columns=columns)
