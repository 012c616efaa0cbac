"""Win evidence from the first nine months of a real CRM export, judged on the last three.

Deals were closed from March to December 2017: the split is the first of October.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pytest

import keyaccount as ka

Frame: TypeAlias = pd.DataFrame

SPLIT = pd.Timestamp("2017-10-01")
FIELDS = ("product", "sector", "office_location", "regional_office", "manager", "sales_agent")


@pytest.fixture(scope="module")
def deals(shared: Path) -> Frame:
    """Read the deals with what the other tables know of their product, account and agent."""
    folder = shared / "data" / "crm"
    read = pd.read_csv(folder / "sales_pipeline.csv")
    read["product"] = read["product"].replace("GTXPro", "GTX Pro")
    read = read.merge(pd.read_csv(folder / "products.csv"), how="left", on="product")
    read = read.merge(pd.read_csv(folder / "accounts.csv"), how="left", on="account")
    read = read.merge(pd.read_csv(folder / "sales_teams.csv"), how="left", on="sales_agent")
    read["won"] = read["deal_stage"].map({"Won": 1.0, "Lost": 0.0})
    return read


def judged(deals: Frame, fields: Any = FIELDS, **options: Any) -> ka.HeldOut:
    """Learn before the split and judge from it on."""
    return ka.held_out_evidence(deals, fields, closed="close_date", split=SPLIT, **options)


OPTIONS: dict[str, dict[str, Any]] = {
    "all fields": {},
    "with sizes": {
        "fields": (*FIELDS, "sales_price", "employees", "revenue"),
        "bands": {
            "sales_price": (500, 2_000, 10_000),
            "employees": (1_000, 5_000),
            "revenue": (500, 2_000),
        },
    },
    "by agent": {"fields": ("product", "sector"), "team": "sales_agent"},
    "by office": {"fields": ("product", "sector"), "team": "regional_office"},
    "agent alone": {"fields": ("sales_agent",)},
    "product alone": {"fields": ("product",)},
}


def test_every_deal_is_learned_from_judged_or_told(deals: Frame) -> None:
    """The counts are those of the files, and add up to all of them."""
    found = judged(deals)
    closed = pd.to_datetime(deals["close_date"], format="%m/%d/%Y")
    ended = deals["deal_stage"].isin(["Won", "Lost"])
    assert found.learned_from == int((ended & (closed < SPLIT)).sum())
    assert found.judged == int((ended & (closed >= SPLIT)).sum())
    assert found.open == int((~ended).sum())
    assert found.undated == found.later == 0
    assert found.learned_from + found.judged + found.open == len(deals) == 8_800
    past = deals[ended & (closed < SPLIT)]
    assert found.evidence.base_rate == past["won"].mean()
    table = pd.DataFrame(found.evidence.table()).set_index(["field", "label"])
    for field in FIELDS:
        wins = past.groupby(field)["won"].agg(["sum", "size"])
        mine = table.loc[field].loc[wins.index]
        np.testing.assert_array_equal(mine["won"], wins["sum"])
        np.testing.assert_array_equal(mine["won"] + mine["lost"], wins["size"])


@pytest.mark.parametrize("how", OPTIONS)
def test_the_report_says_what_the_numbers_say(deals: Frame, how: str) -> None:
    """Better only where the whole interval of the skill lies above 0; nothing is dressed up."""
    found = judged(deals, **OPTIONS[how])
    c, won = found.calibration, deals["won"].to_numpy()[found.rows]
    # What was measured is part of the run: `-s` shows it.
    print(f"\n{how}: {found.verdict}\n{found.summary()}\n{pd.DataFrame(c.table.columns())}")  # noqa: T201
    p = found.probabilities.probability
    assert ((p > 0.0) & (p < 1.0)).all()
    rate = found.evidence.base_rate
    assert c.brier == pytest.approx(np.mean((p - won) ** 2), rel=1e-12)
    assert c.reference_brier == pytest.approx(np.mean((rate - won) ** 2), rel=1e-12)
    assert c.skill == pytest.approx(1.0 - c.brier / c.reference_brier, rel=1e-9)
    assert all(math.isfinite(x) for x in (c.brier, c.log_loss, c.skill_low, c.skill_high))
    assert c.table.count.sum() == c.n == len(won)
    said = "better" if c.skill_low > 0 else "worse" if c.skill_high < 0 else "no better"
    assert found.verdict.startswith(f"{said} than the base rate of {rate:.1%}"[:-1])


def test_an_open_deal_has_its_reasons(deals: Frame) -> None:
    """The nine months judge what is open, and each fact says on how many deals it rests."""
    found = judged(deals)
    still = deals[deals["won"].isna()]
    open_deals = found.evidence.predict(still)
    row = open_deals.row(0)
    print(row)  # noqa: T201
    assert 0.0 < row["probability"] < 1.0
    assert list(row["evidence"]) == list(FIELDS)
    assert row["evidence"]["product"].startswith(repr(still["product"].iloc[0]))
    no_account = still["account"].isna().to_numpy()
    assert (~open_deals.known[no_account, FIELDS.index("sector")]).all()
    assert (open_deals.factors[no_account, FIELDS.index("sector")] == 0.0).all()
