"""A real purchase log: the command's sales to the cent, and the summary published with the log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import keyaccount as ka
from keyaccount.cli.app import app
from keyaccount.testing import assert_same_bits


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


CDNOW_SEGMENTS = {
    "mean": (
        (371.56385235468815, 2.9355112431056427, 103.56043275350021),
        {
            "LLL": 1363,
            "HHH": 465,
            "HHL": 189,
            "HLL": 160,
            "LLH": 59,
            "LHL": 52,
            "LHH": 40,
            "HLH": 29,
        },
    ),
    "median": ((473.0, 1.0, 43.06), {"HHH": 909, "LHL": 894, "HHL": 284, "LHH": 270}),
}
"""Thresholds of recency, frequency and monetary value, and customers by letters, at 1998-06-30."""


def cdnow_summary(shared: Path, as_of: Any) -> ka.PurchaseSummary:
    """Sum up the log as it is read, with its days as whole numbers (19970101)."""
    log = pd.read_csv(shared / "data" / "orders" / "cdnow_elog_1in10.csv")
    assert log["date"].dtype == np.int64
    return ka.purchase_summary(log, customer="sampleid", at="date", amount="sales", as_of=as_of)


@pytest.mark.parametrize(("rule", "cuts"), [("mean", ka.MeanCut()), ("median", ka.MedianCut())])
def test_eight_segments_of_cdnow(shared: Path, rule: str, cuts: ka.RfmCut) -> None:
    """Every threshold and count, to the bit; the figures held here are those of the reference."""
    stored = json.loads((shared / "reference" / "eight_segments.json").read_text("utf-8"))
    thresholds, counts = CDNOW_SEGMENTS[rule]
    (published,) = (
        found[rule]
        for name, found in stored["recomputed_by_us_not_published"].items()
        if name.startswith("cdnow")
    )
    assert published == {"thresholds_r_f_m": list(thresholds), "counts": counts}
    summary = cdnow_summary(shared, "1998-06-30")
    found = ka.Rfm(cuts=cuts).fit(summary).assign(summary)
    assert tuple(found.thresholds.values()) == thresholds
    assert pd.Series(found.letters).value_counts().to_dict() == counts
    filled = {code: count for code, count in found.counts().items() if count}
    codes = {s.cells[0]: s.code for s in found.spec.segments.segments}
    assert filled == {codes[letters]: count for letters, count in counts.items()}
    for i in (0, 1_000, 2_356):
        name = stored["expected"]["map"][found.letters[i]]
        assert found.row(i)["name_zh"] == name.removesuffix("客户")
    assert round(100 * sum(found.money().values())) == 24_409_194
    told = [(f.code, f.where, f.examples) for f in found.findings]
    assert told == ([] if rule == "mean" else [("degenerate_cut", "count", ("1",))])


def test_the_5x5_map_is_the_published_one(shared: Path) -> None:
    """Ten rules of scores, 25 of 25 cells."""
    stored = json.loads((shared / "reference" / "segment_maps_5x5.json").read_text("utf-8"))
    for segment in ka.rfm_map_5x5().segments:
        r, f = (
            part.split(" ")[1] for part in stored["regex_rf"]["rules"][segment.code].split(", ")
        )
        assert ka.RfmSegment(segment.code, (f"[{r}][{f}]",)).cells == segment.cells


def test_migration_of_cdnow_balances(shared: Path) -> None:
    """From 1997-09-30 to 1998-06-30 under the first date's thresholds: all customers, all money."""
    before, after = (cdnow_summary(shared, day) for day in ("1997-09-30", "1998-06-30"))
    rfm = ka.Rfm(cuts=ka.MeanCut()).fit(before)
    first, second = rfm.assign(before), rfm.assign(after)
    moves = ka.migration(
        first.labels,
        second.labels,
        ids_before=before.id,
        ids_after=after.id,
        money_before=before["total"],
        money_after=after["total"],
        order=rfm.segments.codes,
    )
    assert moves.counts.sum() == len(after) == 2_357
    assert list(moves.counts_before().values())[:-2] == list(first.counts().values())
    assert list(moves.counts_after().values())[:-2] == list(second.counts().values())
    assert moves.money_after is not None
    assert round(100 * float(moves.money_after.sum())) == 24_409_194
    assert moves.stayed + moves.moved == 2_357 - moves.newcomers - moves.leavers


def orders_of(shared: Path) -> pd.DataFrame:
    """Read the CDNOW log, with its days as days."""
    orders = pd.read_csv(shared / "data" / "orders" / "cdnow_elog_1in10.csv")
    orders["day"] = pd.to_datetime(orders["date"].astype(str), format="%Y%m%d")
    return orders


@pytest.mark.parametrize("kind", ["int64", "str", "category"])
def test_frequency_recency_and_t_are_the_published_ones(shared: Path, kind: str) -> None:
    """CDNOW, 39 weeks of calibration: all 2,357 customers agree with the summary of the authors."""
    folder = shared / "data" / "orders"
    published = pd.read_csv(folder / "cdnow_customers_summary_with_transactions.csv")
    orders = orders_of(shared)
    ids: Any = orders["sampleid"]
    orders["sampleid"] = ids.astype(kind)
    found = ka.purchase_summary(
        orders,
        customer="sampleid",
        at="day",
        amount="sales",
        as_of="1997-09-30",
        same_day="merge",
        time_unit="week",
    )
    place = np.argsort(found.id.astype(np.int64))
    assert found.id[place].astype(np.int64).tolist() == published["ID"].tolist()
    assert found.frequency[place].tolist() == published["x"].tolist()
    half_a_cent = 0.005 + 1e-9  # the file is rounded to two decimals
    for name, column in (("recency", "t_x"), ("T", "T"), ("mean_spend", "zbar")):
        difference = np.nan_to_num(found[name][place]) - published[column].to_numpy()
        assert np.abs(difference).max() <= half_a_cent, name
    assert int(found.frequency.sum()) == 2_457
    assert int((found.frequency > 0).sum()) == 946
    assert found.rows.after_as_of == 1_959


def test_days_as_whole_numbers_texts_and_days_are_one_log(shared: Path) -> None:
    """The whole log by 30 June 1998, against sums of pandas in whole cents."""
    orders = orders_of(shared)
    orders["cents"] = (100 * orders["sales"]).round().astype("int64")
    own = orders.groupby("sampleid")
    found = cdnow_summary(shared, 19980630)
    assert found.id.tolist() == sorted(orders["sampleid"].unique())
    last = (pd.Timestamp("1998-06-30") - own["day"].max()).dt.days
    assert found.days_since.tolist() == last.tolist()
    assert found.count.tolist() == own.size().tolist()
    assert found.total.tolist() == (own["cents"].sum() / 100).tolist()
    for how in (orders["day"], orders["date"].astype(str), orders["date"].astype("float64")):
        log = orders.assign(date=how)
        again = ka.purchase_summary(
            log, customer="sampleid", at="date", amount="sales", as_of="1998-06-30"
        )
        for name in found.column_names:
            assert_same_bits(again[name], found[name], name)
    assert (found.rows.same_day, found.rows.duplicates) == (223, 21)
    (told,) = [f for f in found.findings if f.code == "several_on_first_day"]
    repeats = orders[orders["day"] > own["day"].transform("min")].groupby("sampleid").size()
    assert told.count == int((own.size() - repeats.reindex(found.id, fill_value=0) > 1).sum())
