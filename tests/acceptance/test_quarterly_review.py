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

DAYS = {"q1": "2017-03-31", "q2": "2017-06-30", "q3": "2017-09-30", "q4": "2017-12-31"}
PAIRS = [("q1", "q2"), ("q2", "q3"), ("q3", "q4")]
HOLD = 0.03


@pytest.fixture(scope="module")
def year(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Review the four quarters of 2017 by the command, each with the one before."""
    crm, out = shared / "data" / "crm", tmp_path_factory.mktemp("year")
    files = {"accounts": "accounts", "deals": "sales_pipeline", "products": "products"}
    files["team"] = "sales_teams"
    given = [part for name, f in files.items() for part in (f"--{name}", str(crm / f"{f}.csv"))]
    given += ["--stage-map", "Prospecting=A,Engaging=B", "--aliases", "product:GTXPro=GTX Pro"]
    rules = ka.ReviewRules(checks=ka.review_checks(growth="sales_growth"), stars=3)
    ka.dump(rules, out / "rules.toml")
    given += ["--growth-months", "3", "--review-rules", str(out / "rules.toml")]
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
    """The logs of four reviews, replayed from the four folders: every entry comes out again."""
    text = "".join((year / name / "decisions.jsonl").read_text("utf-8") for name in DAYS)
    quarters = [None, *(ka.load_quarter(year / name) for name in DAYS)]
    rules = ka.load(year / "rules.toml")
    assert isinstance(rules, ka.ReviewRules)
    found = ka.replay_log(text, quarters, ka.digest, rules=rules)
    assert found.difference is None, str(found.difference)
    assert found.matched == found.entries == 4 * 70
    result = CliRunner().invoke(app, ["replay", *(str(year / name) for name in DAYS)])
    assert result.exit_code == 0, result.output
    assert result.stdout.count(": same: 70 decisions") == 4


def deals_of(shared: Path, day: str) -> pd.DataFrame:
    """Read the deals that are open on a day, or ended by it, with agent, manager and group."""
    crm = shared / "data" / "crm"
    deals = pd.read_csv(crm / "sales_pipeline.csv").merge(
        pd.read_csv(crm / "sales_teams.csv"), on="sales_agent"
    )
    accounts = pd.read_csv(crm / "accounts.csv").set_index("account")
    deals["head"] = deals["account"].map(
        accounts["subsidiary_of"].fillna(accounts.index.to_series())
    )
    opened, closed = (
        pd.to_datetime(deals[c], format="%m/%d/%Y") for c in ("engage_date", "close_date")
    )
    ended = deals["deal_stage"].isin(["Won", "Lost"])
    begun = opened.isna() | (opened <= pd.Timestamp(day))
    there = (ended & (closed <= pd.Timestamp(day))) | begun
    return deals[there & deals["head"].notna()]


@pytest.mark.parametrize("name", list(DAYS))
def test_agents_on_each_account_are_those_of_its_deals(shared: Path, year: Path, name: str) -> None:
    """People on each group of accounts, and whether several regional offices are."""
    deals, now = deals_of(shared, DAYS[name]), table(year, name)
    agents = deals.groupby("head")["sales_agent"].nunique().reindex(now.index)
    assert now["people"].tolist() == agents.astype(float).tolist()
    offices = deals.groupby("head")["regional_office"].nunique().reindex(now.index)
    assert now["representatives"].tolist() == offices.astype(float).tolist()
    several = now["division_missing"].isna()  # the export does not say how work is divided
    assert several.tolist() == (offices > 1).tolist()
    assert now.loc[~several, "division_missing"].eq(0.0).all()
    assert now["covered"].eq(1.0).all()


@pytest.mark.parametrize("name", list(DAYS))
@pytest.mark.parametrize(
    ("what", "column"),
    [("person", "sales_agent"), ("manager", "manager"), ("region", "regional_office")],
)
def test_what_agents_managers_and_offices_hold_of_the_key_accounts(
    shared: Path, year: Path, name: str, what: str, column: str
) -> None:
    """Equal parts of the sales of each key account, and how few hold half and four fifths."""
    now = table(year, name)
    key = now[now["is_key"]]
    pairs = deals_of(shared, DAYS[name])[["head", column]].drop_duplicates()
    pairs = pairs[pairs["head"].isin(key.index)]
    worth = pairs["head"].map(key["sales"])
    parts = worth / pairs.groupby("head")[column].transform("size")
    held = (parts.groupby(pairs[column]).sum() / key["sales"].sum()).sort_values(ascending=False)
    record = json.loads((year / name / "review.json").read_text("utf-8"))["held_by"][what]
    found = {row["name"]: row["held"] for row in record["holders"]}
    assert found == pytest.approx(held.to_dict())
    for few in record["few"]:
        needed = int((held.cumsum() < few["share"] - 1e-9).sum()) + 1
        assert (few["people"], few["of"]) == (needed, len(held))


@pytest.mark.parametrize("after", ["q3", "q4"])
def test_growth_is_of_the_quarter_against_the_one_before(
    shared: Path, year: Path, after: str
) -> None:
    """Won value of the last three months against the three before, added up from the deals."""
    deals = deals_of(shared, DAYS[after])
    closed = pd.to_datetime(deals["close_date"], format="%m/%d/%Y")
    now, end = table(year, after), pd.Timestamp(DAYS[after])
    won = deals["deal_stage"].eq("Won")

    def sold(since: pd.Timestamp, until: pd.Timestamp) -> pd.Series[float]:
        rows = deals[won & (closed > since) & (closed <= until)]
        return rows.groupby("head")["close_value"].sum().reindex(now.index).fillna(0.0)

    middle = end - pd.DateOffset(months=3)
    start = end - pd.DateOffset(months=6)
    earlier, recent = sold(start, middle), sold(middle, end)
    known = earlier > 0.0
    growth = (recent - earlier) / earlier
    assert now.loc[known, "sales_growth"].tolist() == pytest.approx(growth[known].tolist())


def test_stages_and_segments_migrate_with_their_money(year: Path) -> None:
    """Who was in which stage and segment, and is, as the two tables say, with their sales."""
    then, now = table(year, "q3"), table(year, "q4")
    moved = changes(year, "q4")["migration"]
    for name in ("lifecycle_stage", "segment"):
        for flow in moved[name]:
            rows = now[
                (then[name].reindex(now.index) == flow["before"]) & (now[name] == flow["after"])
            ]
            assert flow["accounts"] == len(rows)
            assert flow["money_after"] == pytest.approx(rows["sales"].sum())
        assert sum(flow["accounts"] for flow in moved[name]) == 70


def test_what_the_export_holds_is_judged_and_the_rest_asked_for(year: Path) -> None:
    """Coverage and the ways to fail are answered; plans and tasks nobody gave are asked for."""
    found = changes(year, "q4")
    key = table(year, "q4").query("is_key")
    several = int((key["representatives"] > 1).sum())  # and no word of how they divide the work
    assert found["findings"]["coverage"] == {"unknown": several}
    assert several == len(key)
    reasons = key["decision_reason"].str.cat()
    assert "division" not in reasons
    for question in ("plan", "tasks"):
        assert set(found["findings"][question]) == {"unknown"}
    for way in ("get_in", "grow", "retain"):
        assert "unknown" not in found["ways_to_fail"][way]
    asked = {n["where"] for n in found["notes"] if n["code"] == "not_given"}
    assert asked == {"holds", "late", "tasks_stalled", "tier"}
    measured = {s["code"]: s["figure"] for s in found["symptoms"] if s["measured"]}
    now = table(year, "q4")
    key = now[now["is_key"]]
    most = key["owner"].value_counts().head(3).sum() / len(key)
    assert measured == {"few_stars": pytest.approx(most), "thin_bench": 0.0}
