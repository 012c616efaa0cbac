"""Four quarters of a real CRM export, the decisions of each feeding the next."""

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
from keyaccount.cli.previous import read_previous

DAYS = {"q1": "2017-03-31", "q2": "2017-06-30", "q3": "2017-09-30", "q4": "2017-12-31"}
PAIRS = [("q1", "q2"), ("q2", "q3"), ("q3", "q4")]
HOLD = 0.03


@pytest.fixture(scope="module")
def year(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Review the four quarters of 2017 by the command, each with the one before."""
    crm, out = shared / "data" / "crm", tmp_path_factory.mktemp("year")
    files = {"accounts": "accounts", "deals": "sales_pipeline", "products": "products"}
    given = [part for name, f in files.items() for part in (f"--{name}", str(crm / f"{f}.csv"))]
    given += ["--stage-map", "Prospecting=A,Engaging=B", "--aliases", "product:GTXPro=GTX Pro"]
    before: list[str] = ["--top-share", "0.2"]
    for name, day in DAYS.items():
        asked = [*given, "--as-of", day, "--hold", str(HOLD), "--out", str(out / name), *before]
        result = CliRunner().invoke(app, ["review", *asked])
        assert result.exit_code == 0, result.output
        before = ["--previous", str(out / name)]
    return out


def table(year: Path, name: str) -> pd.DataFrame:
    """Read the accounts of a quarter by id."""
    return pd.read_parquet(year / name / "accounts.parquet").set_index("account")


def changes(year: Path, name: str) -> dict[str, Any]:
    """Read what a quarter's record says of the changes."""
    found: dict[str, Any] = json.loads((year / name / "review.json").read_text("utf-8"))["changes"]
    return found


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_decisions_follow_from_the_two_tables(year: Path, before: str, after: str) -> None:
    """Who was key and who is, as the tables say, gives each decision; counts are the record's."""
    now = table(year, after)
    was = table(year, before)["is_key"].reindex(now.index)
    assert len(now) == 70
    assert now.loc[~was & now["is_key"], "decision"].eq("promote").all()
    assert now.loc[was & ~now["is_key"], "decision"].eq("demote").all()
    assert now.loc[was & now["is_key"], "decision"].isin(["keep", "hold", "watch"]).all()
    assert now.loc[~was & ~now["is_key"], "decision"].isna().all()
    held = was & now["is_key"] & now["reason"].eq("held")
    assert now.loc[held, "decision"].eq("hold").all()
    counted = now["decision"].value_counts().to_dict()
    assert {d: n for d, n in changes(year, after)["decisions"].items() if n} == counted
    assert counted["promote"] == counted["demote"]  # the number of seats is the same


@pytest.mark.parametrize("after", ["q2", "q3", "q4"])
def test_a_challenger_is_ahead_by_the_hold(year: Path, after: str) -> None:
    """Whoever enters by rank is ahead of every key account that left, by the hold at least."""
    now = table(year, after)
    entered = now.loc[now["decision"].eq("promote"), "score"]
    left = now.loc[now["decision"].eq("demote"), "score"]
    assert entered.min() >= left.max() + HOLD - 1e-12


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_all_of_the_change_is_the_data_where_constants_stay(
    year: Path, before: str, after: str
) -> None:
    """Kept constants make the effect of the spec 0, and the data's the whole change."""
    then, now = table(year, before), table(year, after)
    assert now["score_before"].equals(then["score"].reindex(now.index).rename("score_before"))
    assert now["spec_effect"].eq(0.0).all()
    moved = now["score"] - now["score_before"]
    np.testing.assert_allclose(now["data_effect"], moved, atol=1e-12)


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_migration_carries_the_money_of_the_deals(
    shared: Path, year: Path, before: str, after: str
) -> None:
    """Won value by seat before and now, added up again from the deals alone."""
    deals = pd.read_csv(shared / "data" / "crm" / "sales_pipeline.csv")
    accounts = pd.read_csv(shared / "data" / "crm" / "accounts.csv").set_index("account")
    head = accounts["subsidiary_of"].fillna(accounts.index.to_series())
    closed = pd.to_datetime(deals["close_date"], format="%m/%d/%Y")
    won = deals["deal_stage"].eq("Won")
    seats = [table(year, name)["is_key"] for name in (before, after)]
    for flow in changes(year, after)["migration"]["seat"]:
        sides = [flow["before"] == "key", flow["after"] == "key"]
        there = [seat.index[seat == side] for seat, side in zip(seats, sides, strict=True)]
        members = there[0].intersection(there[1])
        assert flow["accounts"] == len(members)
        for name, day in (("money_before", DAYS[before]), ("money_after", DAYS[after])):
            sold = won & (closed <= pd.Timestamp(day)) & deals["account"].map(head).isin(members)
            assert flow[name] == deals.loc[sold, "close_value"].sum()


def test_incumbents_keep_the_day_since_when(year: Path) -> None:
    """Whoever stayed all year is key since the first quarter; the rest since they entered."""
    last = table(year, "q4")
    key = {name: set(t.index[t["is_key"]]) for name, t in ((n, table(year, n)) for n in DAYS)}
    days = list(DAYS)
    for account in key["q4"]:
        stay = list(reversed(days))
        first = "q4"
        for name in stay:
            if account not in key[name]:
                break
            first = name
        assert str(last.loc[account, "since"])[:10] == DAYS[first]


def test_the_whole_year_replays_from_what_is_stored(year: Path) -> None:
    """The logs of three reviews, replayed from the four folders: every entry comes out again."""
    text = "".join((year / n / "decisions.jsonl").read_text("utf-8") for n in ("q2", "q3", "q4"))
    quarters = [read_previous(year / name) for name in DAYS]
    found = ka.replay_log(text, quarters, ka.digest)
    assert found.difference is None, str(found.difference)
    assert found.matched == found.entries == 3 * 70


def test_what_the_export_does_not_hold_is_asked_for(year: Path) -> None:
    """Nobody gave coverage, plans or tasks: no account is fine in these, and notes say so."""
    found = changes(year, "q4")
    for question in ("coverage", "plan", "tasks"):
        assert set(found["findings"][question]) == {"unknown"}
    asked = {n["where"] for n in found["notes"] if n["code"] == "not_given"}
    assert {"covered", "holds", "tasks_stalled", "lifecycle_stage"} <= asked
    assert not any(s["measured"] for s in found["symptoms"])
