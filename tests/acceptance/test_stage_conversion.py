"""Conversion on a real CRM export: 8,300 engaged deals, of which 1,589 are still open."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import keyaccount as ka
from keyaccount.testing import assert_same_bits

AS_OF = pd.Timestamp("2017-12-31")  # the last day of the export
OUTCOMES = {"Won": "advanced", "Lost": "lost", "Engaging": "open", "Prospecting": "open"}


@pytest.fixture(scope="module")
def deals(shared: Path) -> pd.DataFrame:
    """Read days from engagement to close, or to the end of the export."""
    found = pd.read_csv(shared / "data" / "crm" / "sales_pipeline.csv")
    engaged = pd.to_datetime(found["engage_date"], format="%m/%d/%Y")
    closed = pd.to_datetime(found["close_date"], format="%m/%d/%Y").fillna(AS_OF)
    return found.assign(
        days=(closed - engaged).dt.days, outcome=found["deal_stage"].map(OUTCOMES), stage="engaged"
    )


def test_open_deals_are_neither_won_nor_lost(deals: pd.DataFrame) -> None:
    """Won 4,238, lost 2,473; 500 prospects were never engaged and are told."""
    found = ka.stage_conversion(deals["days"], deals["outcome"], horizon=138)
    at = found.at_horizon
    assert (at.deals[0], at.n_advanced[0], at.n_lost[0]) == (8_300, 4_238, 2_473)
    assert [(f.code, f.count) for f in found.findings] == [("no_duration", 500)]
    assert at.advanced[0] + at.lost[0] + at.open[0] == pytest.approx(1.0, abs=1e-12)
    assert found.naive_over_all[0] == 4_238 / 8_300
    assert found.naive_over_resolved[0] == 4_238 / 6_711
    assert found.naive_over_all[0] < at.advanced[0] < found.naive_over_resolved[0]
    assert found.naive_over_resolved[0] < found.naive_one_minus_km[0]
    assert found.times.max() == 138  # no deal closed later


def test_the_table_by_product_does_not_depend_on_the_order(deals: pd.DataFrame) -> None:
    """Shuffled rows give the same bits, and each product is what it is alone."""
    shuffled = deals.sample(frac=1.0, random_state=1)
    found, expected = (
        ka.conversion_table(frame, horizon=90, by="product", plan={"engaged": 0.6})
        for frame in (shuffled, deals)
    )
    assert len(found) == 7
    for name, column in expected.columns().items():
        if column.dtype.kind != "O":
            assert_same_bits(found.columns()[name], column, name)
    basic = deals[deals["product"] == "GTX Basic"]
    alone = ka.stage_conversion(basic["days"], basic["outcome"], horizon=90)
    place = expected.by["product"].tolist().index("GTX Basic")
    assert expected.at.advanced[place] == alone.at_horizon.advanced[0]


def test_old_open_deals_are_stalled(deals: pd.DataFrame) -> None:
    """No deal ever closed after 138 days: whoever waits longer has outlasted all that left."""
    past = ka.stage_conversion(deals["days"], deals["outcome"])
    waiting = deals[deals["deal_stage"] == "Engaging"]
    found = ka.stalled_deals(waiting, conversion=past, planned_days={"engaged": 90})
    old = waiting["days"].to_numpy() > 138
    assert found.stalled[old].all()
    assert np.isnan(found.remaining[old]).all()
    assert np.unique(found.outlasted[old]).tolist() == [1.0 - past.open[-1]]
