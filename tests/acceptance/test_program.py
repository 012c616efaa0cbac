"""The programme on a real CRM export: coverage by agent and manager, dependence on few agents.

Who sold to an account is on it as account responsible; every figure is computed again with pandas.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pytest

import keyaccount as ka

Frame: TypeAlias = pd.DataFrame


@pytest.fixture(scope="module")
def deals(shared: Path) -> Frame:
    """Read the deals of known accounts, with the manager of each agent."""
    folder = shared / "data" / "crm"
    teams = pd.read_csv(folder / "sales_teams.csv")
    table = pd.read_csv(folder / "sales_pipeline.csv").merge(teams, on="sales_agent")
    return table[table["account"].notna()]


@pytest.fixture(scope="module")
def book(shared: Path, deals: Frame) -> Frame:
    """List the accounts with what they brought."""
    accounts = pd.read_csv(shared / "data" / "crm" / "accounts.csv")[["account"]]
    won = deals[deals["deal_stage"] == "Won"].groupby("account")["close_value"].sum()
    return accounts.assign(value=accounts["account"].map(won).fillna(0.0))


def covered(deals: Frame, book: Frame, person: str) -> ka.Coverage:
    """Cover the book by agents or by managers."""
    on = deals.assign(role="AR")[["account", person, "role"]]
    return ka.coverage(on, accounts=book, person=person, value="value", capacity=30)


@pytest.mark.parametrize("person", ["sales_agent", "manager"])
def test_coverage_by_agent_and_manager(deals: Frame, book: Frame, person: str) -> None:
    """People per account, accounts per person, value per person and what leaves with them."""
    found = covered(deals, book, person)
    assert len(found) == 85
    people_on = deals.groupby("account")[person].nunique().reindex(book["account"])
    assert found.people_on.tolist() == people_on.tolist()
    assert found.one_hand.tolist() == (people_on == 1).tolist()
    assert set(found.missing.tolist()) == {"SR, FR"}
    pairs = deals[["account", person]].drop_duplicates().merge(book, on="account")
    by_person = pairs.groupby(person).agg(accounts=("account", "size"), value=("value", "sum"))
    assert found.people.person.tolist() == by_person.index.tolist()
    assert found.people.accounts.tolist() == by_person["accounts"].tolist()
    assert found.people.value == pytest.approx(by_person["value"].to_numpy())
    assert found.people.over_capacity.tolist() == (by_person["accounts"] > 30).tolist()
    alone = pairs[pairs.groupby("account")[person].transform("size") == 1]
    leaves = alone.groupby(person)["value"].sum().reindex(by_person.index, fill_value=0.0)
    assert found.people.leaves == pytest.approx(leaves.to_numpy())


@pytest.mark.parametrize("share", [0.5, 0.8])
def test_dependence_on_few_agents(deals: Frame, book: Frame, share: float) -> None:
    """The smallest number of agents who hold a share, each account in equal parts."""
    found = covered(deals, book, "sales_agent").dependence(share)
    pairs = deals[["account", "sales_agent"]].drop_duplicates().merge(book, on="account")
    pairs["part"] = pairs["value"] / pairs.groupby("account")["account"].transform("size")
    held = pairs.groupby("sales_agent")["part"].sum().sort_values(ascending=False)
    needed = int((held.cumsum() / book["value"].sum() < share).sum()) + 1
    assert len(found) == needed
    assert found.person.tolist() == held.index[:needed].tolist()
    assert found.value == pytest.approx(held.to_numpy()[:needed])


def test_the_agent_with_the_most_won_is_the_owner(deals: Frame, book: Frame) -> None:
    """One owner per account: findings of one hand, and the few who hold most of the value."""
    won = deals[deals["deal_stage"] == "Won"]
    sums = won.groupby(["account", "sales_agent"])["close_value"].sum().reset_index()
    top = sums.sort_values(["close_value", "sales_agent"], ascending=[False, True])
    owners = top.drop_duplicates("account").assign(role="AR")
    found = ka.coverage(owners, accounts=book, person="sales_agent", value="value")
    assert found.one_hand.all()
    held = owners.merge(book, on="account").groupby("sales_agent")["value"].sum()
    assert found.people.leaves == pytest.approx(held.sort_index().to_numpy())
    assert found.people.leaves_share.sum() == pytest.approx(1.0)


def test_owners_proposed_under_capacity(deals: Frame, book: Frame) -> None:
    """Three accounts each: all 85 are placed with somebody who has sold there, worth the most."""
    won = deals[deals["deal_stage"] == "Won"]
    pairs = won.groupby(["account", "sales_agent"])["close_value"].sum().reset_index()
    pairs["fit"] = pairs["close_value"] / pairs.groupby("account")["close_value"].transform("sum")
    options: dict[str, Any] = {
        "capacity": 3,
        "person": "sales_agent",
        "value": "value",
        "eligibility": pairs,
        "fit": "fit",
    }
    team = pd.DataFrame({"sales_agent": sorted(deals["sales_agent"].unique())})
    found = ka.assign(book, team, **options)
    assert found.placed.all()
    assert found.seats.taken.max() <= 3
    greedy, room = 0.0, dict.fromkeys(team["sales_agent"], 3)
    taken: set[str] = set()
    for row in pairs.sort_values("close_value", ascending=False).itertuples():
        if str(row.account) not in taken and room[str(row.sales_agent)]:
            taken.add(str(row.account))
            room[str(row.sales_agent)] -= 1
            greedy += float(str(row.close_value))
    total = float(np.nansum(found.value * found.fit))
    best = float(pairs.groupby("account")["close_value"].max().sum())
    assert greedy <= total + 1e-6
    assert total <= best + 1e-6
    again = ka.assign(book.assign(owner=found.person), team, incumbents="owner", **options)
    assert set(again.labels.tolist()) == {"kept"}
    shuffled = ka.assign(book.sample(frac=1.0, random_state=1), team.iloc[::-1], **options)
    assert dict(zip(shuffled.account, shuffled.person, strict=True)) == dict(
        zip(found.account, found.person, strict=True)
    )
