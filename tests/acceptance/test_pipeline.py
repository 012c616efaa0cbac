"""Pipelines of real deals: from an export without history, and from a history of stages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import keyaccount as ka


def stages(*open_ones: tuple[str, str]) -> ka.Funnel:
    """Open stages, won and lost; stages may be skipped."""
    made = [ka.Stage(code, name) for code, name in open_ones]
    made.append(ka.Stage("won", "Closed Won", outcome="won"))
    made.append(ka.Stage("lost", "Closed Lost", outcome="lost"))
    return ka.Funnel("export", made, moves=ka.any_move_forward(made))


def test_an_export_without_history_is_a_pipeline(shared: Path) -> None:
    """8,800 deals: what they are, what cannot be known, and what became of them by 138 days."""
    found = pd.read_csv(shared / "data" / "crm" / "sales_pipeline.csv")
    funnel = stages(("prospecting", "Prospecting"), ("engaging", "Engaging"))
    pipeline = funnel.snapshot(
        found,
        "2017-12-31",
        deal="opportunity_id",
        stage="deal_stage",
        opened="engage_date",
        closed="close_date",
        amount="close_value",
        owner="sales_agent",
    )
    outcomes = dict(
        zip(*np.unique(pipeline.now.outcome.astype(str), return_counts=True), strict=True)
    )
    assert outcomes == {"won": 4_238, "lost": 2_473, "open": 2_089}
    assert {f.code: f.count for f in pipeline.findings} == {
        "no_history": 6_711,
        "since_opening": 1_589,
        "no_opening_date": 500,
    }
    won = pipeline.now.outcome == "won"
    total = found.loc[found["deal_stage"] == "Won", "close_value"].sum()
    assert pipeline.now.amount[won].sum() == total
    at = pipeline.outcomes(horizon=138).at_horizon
    opened = pd.to_datetime(found["engage_date"], format="%m/%d/%Y")
    closed = pd.to_datetime(found["close_date"], format="%m/%d/%Y")
    days = (closed.fillna(pd.Timestamp("2017-12-31")) - opened).dt.days
    words = {"Won": "advanced", "Lost": "lost", "Engaging": "open", "Prospecting": "open"}
    alone = ka.stage_conversion(days, found["deal_stage"].map(words), horizon=138).at_horizon
    assert (at.deals[0], at.advanced[0], at.lost[0]) == (
        alone.deals[0],
        alone.advanced[0],
        alone.lost[0],
    )


def test_a_history_of_stages_replays(shared: Path) -> None:
    """387 rows of 291 deals: no row is refused, and the last row of a deal is how it stands."""
    history = pd.read_csv(shared / "data" / "history" / "DTC_OpportunityHistory.csv")
    history.columns = history.columns.str.strip()
    names = [n for n in history["StageName"].unique() if not n.startswith("Closed")]
    order = history.groupby("StageName")["Probability"].min().sort_values(kind="stable").index
    funnel = stages(*[(n.lower(), n) for n in order if n in names])
    pipeline = funnel.replay(
        history,
        deal="OpportunityName",
        at="CreatedDate",
        stage="StageName",
        amount="Amount",
        expected="CloseDate",
        probability="none of it",
    )
    assert pipeline.refused["deal"].tolist() == []
    now = pipeline.now
    assert len(now) == 291
    untied = ~history.duplicated(["OpportunityName", "CreatedDate"], keep=False)
    single = history[untied.groupby(history["OpportunityName"]).transform("all")]
    last = single.sort_values("CreatedDate").groupby("OpportunityName").last()
    here = np.isin(now.deal.astype(str), last.index.to_numpy(dtype=str))
    expected = last.loc[now.deal[here], ["StageName", "Amount"]]
    assert [funnel.stage(n).code for n in expected["StageName"]] == now.stage[here].tolist()
    np.testing.assert_array_equal(now.amount[here], expected["Amount"].to_numpy())
    assert {f.code for f in pipeline.findings} <= {"tied_events", "copies"}
    visits = pipeline.visits()
    assert (visits.days >= 0).all()
    assert set(visits.outcome) <= {"open", "advanced", "lost", "regressed"}


def test_replay_does_not_depend_on_the_order_of_the_log(shared: Path) -> None:
    """Shuffled: the same bits."""
    history = pd.read_csv(shared / "data" / "history" / "DTC_OpportunityHistory.csv")
    history.columns = history.columns.str.strip()
    names = [n for n in history["StageName"].unique() if not n.startswith("Closed")]
    funnel = stages(*[(n.lower(), n) for n in sorted(names)])
    columns = {"deal": "OpportunityName", "at": "CreatedDate", "stage": "StageName"}
    before = funnel.replay(history, **columns, amount="Amount").now
    after = funnel.replay(history.sample(frac=1, random_state=1), **columns, amount="Amount").now
    assert before.stage.tolist() == after.stage.tolist()
    assert before.deal.tolist() == after.deal.tolist()
    np.testing.assert_array_equal(before.amount, after.amount)


@pytest.mark.parametrize("container", ["pandas", "polars", "pyarrow"])
def test_containers_agree(shared: Path, container: str) -> None:
    """The same pipeline from any library that reads the file."""
    path = shared / "data" / "crm" / "sales_pipeline.csv"
    if container == "pandas":
        table: object = pd.read_csv(path)
    elif container == "polars":
        import polars as pl

        table = pl.read_csv(path)
    else:
        from pyarrow import csv

        table = csv.read_csv(path)
    funnel = stages(("prospecting", "Prospecting"), ("engaging", "Engaging"))
    named = {"deal": "opportunity_id", "stage": "deal_stage", "opened": "engage_date"}
    pipeline = funnel.snapshot(table, "2017-12-31", **named, closed="close_date")  # type: ignore[arg-type]
    found = pipeline.outcomes().at(138)
    assert (found.deals[0], found.n_advanced[0], found.n_lost[0]) == (8_300, 4_238, 2_473)
