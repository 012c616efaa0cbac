"""Movement and forecasts on real stage histories: what is found is computed again by other means.

A CRM demo export with the history of its opportunities, and a hardware vendor's deals.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pytest

import keyaccount as ka

Frame: TypeAlias = pd.DataFrame

STAGES = (
    *("Prospecting", "Qualification", "Needs Analysis", "Value Proposition"),
    *("Perception Analysis", "Proposal/Price Quote", "Negotiation/Review"),
)
"""The open stages, in the order of the probabilities that the history states for them."""

DECIDED = {"Closed Won": "won", "Closed Lost": "lost"}
BEFORE, AFTER = "2015-06-24", "2015-07-08"


class History:
    """The export, read with pandas, and the book as it stood on a day."""

    def __init__(self, folder: Path) -> None:
        self.deals = pd.read_csv(folder / "DTC_Opportunity.csv")
        self.steps = pd.read_csv(folder / "DTC_OpportunityHistory.csv")
        self.steps.columns = self.steps.columns.str.strip()
        for frame in (self.deals, self.steps):
            for name in ("CloseDate", "CreatedDate"):
                frame[name] = pd.to_datetime(frame[name])

    def at(self, day: str) -> Frame:
        """List the deals created by a day as they stood at its end.

        A deal stands as its last row up to the day says. Before its first row it is open, with the
        amount of that row; with its stage and close date too, unless the row tells its decision. A
        deal without any row was decided on its close date.
        """
        steps = self.steps.sort_values("CreatedDate", kind="stable")
        by_deal = steps.groupby("OpportunityName", sort=False)
        last = steps[steps["CreatedDate"] <= day].groupby("OpportunityName", sort=False).tail(1)
        first = by_deal.head(1)
        ahead = first[~first["OpportunityName"].isin(last["OpportunityName"])].copy()
        ahead.loc[ahead["StageName"].isin(list(DECIDED)), "CloseDate"] = pd.NaT
        ahead["StageName"] = ahead["StageName"].where(~ahead["StageName"].isin(list(DECIDED)))
        silent = self.deals[~self.deals["Name"].isin(first["OpportunityName"])]
        silent = silent.rename(columns={"Name": "OpportunityName"})
        assert (silent["CloseDate"] <= day).all()
        known = pd.concat([last, ahead, silent])
        created = self.deals.set_index("Name")["CreatedDate"]
        known = known[(known["OpportunityName"].map(created) <= day).to_numpy()]
        stage = known["StageName"]
        return pd.DataFrame(
            {
                "deal": known["OpportunityName"],
                "stage": stage.where(~stage.isin(list(DECIDED))),
                "outcome": stage.map(DECIDED).fillna("open"),
                "amount": known["Amount"],
                "expected": known["CloseDate"],
            }
        )


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[..., None]:
    """Print whatever the options of the run are: these figures are there to be read."""

    def write(*said: object) -> None:
        with capsys.disabled():
            sys.stdout.write("\n" + "\n".join(map(str, said)) + "\n")

    return write


@pytest.fixture(scope="module")
def history(shared: Path) -> History:
    """Read the history."""
    return History(shared / "data" / "history")


def test_the_waterfall_of_the_history_balances_to_the_cent(
    history: History, say: Callable[..., None]
) -> None:
    """Every bar is added up again with pandas, in whole cents."""
    before, after = history.at(BEFORE), history.at(AFTER)
    moved = ka.waterfall(before, after, stages=STAGES)
    say(repr(moved), pd.DataFrame(moved.buckets.columns()).to_string())
    both = before.merge(after, on="deal", how="outer", suffixes=("_0", "_1"))
    cents = {
        k: np.rint(both[f"amount_{k}"].where(both[f"outcome_{k}"] == "open", 0.0) * 100)
        for k in (0, 1)
    }
    assert round(moved.start * 100) == int(cents[0].sum())
    assert round(moved.end * 100) == int(cents[1].sum())
    bars = np.rint(moved.buckets.change * 100).sum()
    assert int(cents[0].sum() + bars) == int(cents[1].sum())
    assert moved.reconciles
    by_deal = dict(zip(both["deal"], cents[1] - cents[0], strict=True))
    assert {d: c * 100 for d, c in zip(moved.deal, moved.change, strict=True)} == by_deal


def test_slips_in_the_history_are_found(history: History) -> None:
    """Deals open on both days whose close date is later: in the bar, or told beside another."""
    before, after = history.at(BEFORE), history.at(AFTER)
    both = before.merge(after, on="deal", suffixes=("_0", "_1"))
    is_open = (both["outcome_0"] == "open") & (both["outcome_1"] == "open")
    later = both[is_open & (both["expected_1"] > both["expected_0"])]
    same = later[later["amount_0"] == later["amount_1"]]
    moved = ka.waterfall(before, after, stages=STAGES)
    assert len(same) > 0
    assert moved.buckets["slipped"]["shown"] == len(later)
    assert moved.deals_in("slipped") == tuple(sorted(same["deal"]))
    assert moved.buckets["slipped"]["value"] == same["amount_1"].sum()


def test_the_history_by_quarter(history: History) -> None:
    """Looked at by quarter, deals move in and out of it, and it balances as well."""
    before, after = history.at(BEFORE), history.at(AFTER)
    moved = ka.waterfall(before, after, stages=STAGES, period=("2015-07-01", "2015-09-30"))
    inside = before["expected"].between("2015-07-01", "2015-09-30") & (before["outcome"] == "open")
    assert moved.start == before["amount"][inside].sum()
    assert moved.buckets["moved_in"]["deals"] > 0
    assert moved.buckets["moved_out"]["deals"] > 0
    assert moved.reconciles


def test_the_categories_the_export_states(history: History) -> None:
    """Its own words are understood: closed, forecast, best case, pipeline, omitted."""
    deals = history.deals
    found = ka.forecast(
        {
            "amount": deals["Amount"],
            "probability": np.full(len(deals), np.nan),
            "outcome": deals["StageName"].map(DECIDED),
            "category": deals["ForecastCategory"],
        },
        category="category",
    )
    sums = deals.groupby("ForecastCategory")["Amount"].sum()
    words = {"closed": "Closed", "commit": "Forecast", "best_case": "BestCase"}
    for code, word in {**words, "pipeline": "Pipeline"}.items():
        assert found.categories[code].tolist() == [sums[word]]
    assert found.up_to["commit"].tolist() == [sums["Closed"] + sums["Forecast"]]
    assert found.total["lost"] == (deals["ForecastCategory"] == "Omitted").sum()


def test_no_probability_of_the_history_can_be_judged(history: History) -> None:
    """Every row of a decided deal was written on the day of its decision: that is no forecast."""
    steps, deals = history.steps, history.deals
    with pytest.raises(
        ka.NotEnoughDataError, match="none of 387 forecasts can be judged"
    ) as caught:
        ka.calibrate_forecasts(
            {
                "deal": steps["OpportunityName"],
                "made_at": steps["CreatedDate"],
                "probability": steps["Probability"] / 100,
            },
            {
                "deal": deals["Name"],
                "outcome": deals["StageName"].map(DECIDED),
                "closed": deals["CloseDate"],
            },
        )
    ended = steps["OpportunityName"].map(deals.set_index("Name")["StageName"]).isin(list(DECIDED))
    told = {f.code: f.count for f in caught.value.parts["findings"] if f.code != "no_outcome"}
    assert told == {"still_open": int((~ended).sum()), "too_late": int(ended.sum())}


QUARTERS = ("2016-12-31", "2017-03-31", "2017-06-30", "2017-09-30", "2017-12-31")


@pytest.fixture(scope="module")
def vendor(shared: Path) -> Frame:
    """Read the vendor's deals that have begun, each at its list price."""
    folder = shared / "data" / "crm"
    deals = pd.read_csv(folder / "sales_pipeline.csv")
    prices = pd.read_csv(folder / "products.csv").set_index("product")["sales_price"]
    return pd.DataFrame(
        {
            "deal": deals["opportunity_id"],
            "product": deals["product"].replace("GTXPro", "GTX Pro"),
            "amount": deals["product"].replace("GTXPro", "GTX Pro").map(prices),
            "brought": deals["close_value"],
            "outcome": deals["deal_stage"].map({"Won": "won", "Lost": "lost"}),
            "opened": pd.to_datetime(deals["engage_date"], format="%m/%d/%Y"),
            "closed": pd.to_datetime(deals["close_date"], format="%m/%d/%Y"),
        }
    ).dropna(subset="opened")


def test_a_back_test_by_quarter_on_what_was_known(vendor: Frame, say: Callable[..., None]) -> None:
    """Win rates learned before each quarter; the result is printed as it is."""

    def deals_at(day: np.datetime64) -> Any:
        there = vendor[vendor["opened"] <= day]
        is_open = ~(there["closed"] <= day)
        return there.assign(outcome=there["outcome"].where(~is_open, "open"))

    def win_rate(deals: Any, decided: Any) -> Any:
        rate = (decided["outcome"] == "won").mean() if len(decided["deal"]) else np.nan
        return np.full(len(deals["deal"]), rate)

    ended = vendor.assign(amount=vendor["brought"])
    found = ka.backtest(deals_at, ended, QUARTERS, probability=win_rate)
    assert found.calibration is not None
    table = pd.DataFrame(found.calibration.table.columns())
    figures = pd.DataFrame(found.columns()).to_string()
    say(figures, found.calibration.verdict, table[table["count"] > 0].to_string())
    for i, (start, end) in enumerate(pairwise(QUARTERS)):
        here = vendor[(vendor["opened"] <= start) & ~(vendor["closed"] <= start)]
        past = vendor[vendor["closed"] <= start]["outcome"]
        won = (here["outcome"] == "won") & (here["closed"] <= end)
        assert found.open[i] == len(here)
        assert found.actual[i] == here["amount"][won].sum()
        assert found.brought[i] == here["brought"][won].sum()
        rate = (past == "won").mean() if len(past) else np.nan
        cents = np.rint(here["amount"] * 100 * rate).sum()
        assert found.predicted[i] == pytest.approx(cents / 100, abs=0.005)
    closing = vendor[(vendor["outcome"] == "won") & (vendor["closed"] > QUARTERS[0])]
    assert found.won.sum() + found.new_won.sum() == len(closing)
    untold = [f for f in found.findings if f.code == "no_probability"]
    assert [f.where for f in untold] == ["as of 2016-12-31"]  # nothing was decided before
