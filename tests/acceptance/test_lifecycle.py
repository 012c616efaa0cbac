"""CDNOW: a chain learned on the calibration period against the hold-out, and the features of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import keyaccount as ka
from keyaccount.lifecycle.stages import STAGES

NAMES: dict[str, Any] = {"customer": "sampleid", "at": "day", "amount": "sales"}
CALIBRATION_END = np.datetime64("1997-09-30")
STEP = np.timedelta64(30, "D")


@pytest.fixture(scope="module")
def orders(shared: Path) -> pd.DataFrame:
    """Read the CDNOW log, with its days as days."""
    read = pd.read_csv(shared / "data" / "orders" / "cdnow_elog_1in10.csv")
    read["day"] = pd.to_datetime(read["date"].astype(str), format="%Y%m%d")
    return read


def test_gaps_and_spend_are_those_of_the_log(orders: pd.DataFrame) -> None:
    """Every customer, against pandas."""
    found = ka.lifecycle_features(orders, **NAMES, as_of="1998-06-30", periods=18, period_days=30)
    assert len(found) == 2_357
    days = orders.drop_duplicates(["sampleid", "day"]).sort_values(["sampleid", "day"])
    gaps = days.groupby("sampleid")["day"].diff().dt.days
    own = gaps.groupby(days["sampleid"]).agg(["count", "median", "max"])
    assert found.gaps.tolist() == own["count"].tolist()
    np.testing.assert_array_equal(found.gap_median, own["median"].to_numpy())
    few = (found.gaps > 0) & (found.gaps < 9)
    np.testing.assert_array_equal(found.gap_high[few], own["max"].to_numpy()[few])
    back = (pd.Timestamp("1998-06-30") - orders["day"]).dt.days // 30
    inside = orders[back < 18]
    cents = (100 * inside["sales"]).round().groupby([inside["sampleid"], back[back < 18]]).sum()
    expected = cents.unstack(fill_value=0).reindex(found.id, fill_value=0) / 100
    np.testing.assert_array_equal(found.spend, expected[sorted(expected, reverse=True)].to_numpy())


def recency(orders: pd.DataFrame, days: list[np.datetime64]) -> dict[str, list[object]]:
    """Take snapshots of how long ago each customer bought last, by 30 days up to 150."""
    panel: dict[str, list[object]] = {"account": [], "period": [], "state": []}
    for day in days:
        found = ka.purchase_summary(orders, **NAMES, as_of=day)
        step = np.minimum(found.days_since // 30, 5).astype(int)
        panel["account"] += found.id.tolist()
        panel["period"] += [day] * len(found)
        panel["state"] += [f"{s}" for s in step.tolist()]
    return panel


def test_a_chain_of_the_calibration_period_meets_the_hold_out(
    orders: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    """States by days since the last order; six months learned, nine months projected.

    All customers are there from 1997-03-31 on, so that no newcomer disturbs the count. On average
    the chain must beat the rule that nothing changes. That its matrix is not constant, and that it
    remembers more than the last state, is told.
    """
    learned = [CALIBRATION_END - k * STEP for k in range(6, -1, -1)]
    held_out = [CALIBRATION_END + k * STEP for k in range(1, 10)]
    states = [str(s) for s in range(6)]
    chain = ka.StageChain.fit(recency(orders, learned), states=states)
    assert {f.code for f in chain.findings} == {"not_constant", "longer_memory"}
    today = recency(orders, [CALIBRATION_END])["state"]
    start = np.array([today.count(s) for s in states], dtype=float)
    assert start.sum() == 2_357
    projected = chain.project(start, len(held_out))
    lines = []
    errors = []
    for t, day in enumerate(held_out, start=1):
        seen = recency(orders, [day])["state"]
        actual = np.array([seen.count(s) for s in states], dtype=float)
        errors.append(
            (
                np.abs(projected.expected[t] - actual).sum() / 2 / 2_357,
                np.abs(start - actual).sum() / 2 / 2_357,
            )
        )
        lines.append(f"{day}: chain {errors[-1][0]:.1%} misplaced, no change {errors[-1][1]:.1%}")
    with capsys.disabled():
        print("", *lines, sep="\n")  # noqa: T201 - the error of the projection is the point
    chain_error, no_change = np.mean(errors, axis=0)
    assert chain_error < no_change
    assert projected.expected[-1].sum() == pytest.approx(2_357)


def test_stages_of_cdnow_by_month(orders: pd.DataFrame) -> None:
    """Rebuilt from the log by month: hold makes changes rarer; many customers are lost."""
    days = [np.datetime64("1997-06-30") + k * STEP for k in range(13)]
    options: dict[str, Any] = {**NAMES, "dates": days, "periods": 8, "period_days": 30}
    moved = {}
    for hold in (0.0, 0.2):
        panel = ka.lifecycle_panel(orders, **options, model=ka.LifecycleModel(hold=hold))
        chain = ka.StageChain.fit(panel, states=STAGES)
        counts = np.array(chain.counts)
        moved[hold] = counts.sum() - np.trace(counts)
        assert len(panel) == 13 * 2_357
    assert moved[0.2] < moved[0.0]
    features = ka.lifecycle_features(orders, **NAMES, as_of="1998-06-30", period_days=30)
    found = ka.LifecycleModel().fit(features).classify(features)
    assert sum(found.counts().values()) == 2_357
    assert found.counts()["churn"] > 1_000
