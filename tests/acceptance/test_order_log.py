"""The command on a real purchase log: sales per customer are those of the orders, to the cent."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from keyaccount.cli.app import app


@pytest.mark.parametrize(("day", "months"), [("1998-06-30", 24), ("1997-09-30", 6)])
def test_sales_are_the_orders_of_the_window(
    shared: Path, tmp_path: Path, day: str, months: int
) -> None:
    """6,919 CDNOW orders of 2,357 customers: what is of the window is used, the rest is outside."""
    log = shared / "data" / "orders" / "cdnow_elog_1in10.csv"
    orders = pd.read_csv(log)
    orders["day"] = pd.to_datetime(orders["date"].astype(str), format="%Y%m%d")
    orders["cents"] = (100 * orders["sales"]).round().astype("int64")
    ids = pd.Series(orders["sampleid"].unique(), name="account")
    ids.to_csv(tmp_path / "accounts.csv", index=False)
    files = ["--accounts", tmp_path / "accounts.csv", "--orders", log, "--out", tmp_path / "o"]
    named = ["--column", "orders.account=sampleid", "--column", "orders.amount=sales"]
    asked = ["--as-of", day, "--months", months, "--top-share", "0.2"]
    result = CliRunner().invoke(app, ["review", *map(str, [*files, *named, *asked])])
    assert result.exit_code == 0, result.output
    rows = pd.read_parquet(tmp_path / "o" / "accounts.parquet").set_index("account")
    end = pd.Timestamp(day)
    used = orders[(orders["day"] <= end) & (orders["day"] > end - pd.DateOffset(months=months))]
    cents = used.groupby(used["sampleid"].astype(str))["cents"].sum()
    expected = cents.reindex(rows.index, fill_value=0) / 100
    assert rows["sales"].tolist() == expected.tolist()
    (total,) = json.loads((tmp_path / "o" / "review.json").read_text("utf-8"))["reconciliations"]
    assert (len(orders), len(ids)) == (6_919, 2_357)
    assert round(100 * total["read"]) == int(orders["cents"].sum()) == 24_409_194
    assert round(100 * total["used"]) == int(cents.sum())
    assert total["balances"]
    assert total["rejected"] == 0.0
    assert int(rows["is_key"].sum()) == pytest.approx(round(0.2 * 2_357), abs=1)
