"""People, plans and tasks are those that the programme reads."""

from __future__ import annotations

import numpy as np
import pytest

import keyaccount as ka
from keyaccount.datasets import SyntheticBook
from keyaccount.intake import read_book

AS_OF = "2026-09-30"


def test_the_team_covers_the_book(clean: SyntheticBook) -> None:
    """Most accounts have somebody, few have all three, and some people carry too much."""
    found = ka.coverage(
        clean.assignments,
        accounts=clean.accounts,
        people=clean.team,
        account="account_id",
        start="start",
        end="end",
        as_of=AS_OF,
        capacity="capacity",
        level="level",
        levels=("junior", "senior", "principal"),
    )
    here = np.isnat(clean.truth["left_on"])
    full = found.missing[here] == ""
    assert 0.2 < full.mean() < 0.5
    over = found.people.columns()["over_capacity"]
    assert 0.02 < over.mean() < 0.4


def test_large_accounts_are_better_covered(clean: SyntheticBook) -> None:
    """All three roles are rather there on large accounts."""
    ids, roles = np.unique(clean.assignments["account_id"].astype(str), return_counts=True)
    count = dict(zip(ids.tolist(), roles.tolist(), strict=True))
    order = np.argsort(clean.truth["size"])
    number = np.array([count.get(a, 0) for a in clean.truth["account_id"][order]])
    assert number[-800:].mean() > number[:800].mean() + 0.8


def test_decision_chains_can_be_read(clean: SyntheticBook) -> None:
    """Every role, stance and contact is known to the decision chain, and none is a surprise."""
    found = ka.decision_chain(
        clean.people,
        accounts=clean.accounts,
        account="account_id",
        stance="stance",
        influence="influence",
        scale=(1, 5),
        contact="contact",
        last_met="last_met",
        rhythm=90,
        as_of=AS_OF,
    )
    assert 0.01 < found.complete.mean() < 0.5
    assert np.nanmin(found.support) < 0 < np.nanmax(found.support)
    names = list(zip(clean.people["account_id"], clean.people["person"], strict=True))
    assert len(set(names)) == len(names)


def test_coaches_come_with_relationships(clean: SyntheticBook) -> None:
    """Who supports us is more frequent where the relationship is good."""
    bond = dict(zip(clean.truth["account_id"], clean.truth["relationship"], strict=True))
    known = np.array([bond[account] for account in clean.people["account_id"]])
    stance = clean.people["stance"]
    assert known[stance == "supports"].mean() > known[stance == "opposes"].mean() + 0.5


def test_more_is_known_of_large_accounts(clean: SyntheticBook) -> None:
    """Every field is one of the map; large accounts are known better; some entries are stale."""
    tree = ka.information_map(max_age_days=365)
    found = tree.assess(
        clean.information,
        accounts=clean.accounts,
        account="account_id",
        as_of=AS_OF,
    )
    order = np.argsort(clean.truth["size"])
    assert found.complete[order][-400:].mean() > 0.2 > found.complete[order][:400].mean()
    assert 0.1 < 1 - found.fresh.sum() / found.complete.sum() < 0.5


def test_tasks_plans_and_upkeep_can_be_read(clean: SyntheticBook) -> None:
    """The tasks, goals, initiatives and contacts are what the verbs ask for."""
    tasks = ka.task_status(
        clean.tasks, as_of=AS_OF, stalled_after=90, account="account_id", evidence="evidence"
    )
    assert len(tasks) == pytest.approx(800, abs=2)
    assert tasks.completion.mean() < tasks.completion_high.mean()
    plans = ka.check_plans(
        clean.positions,
        goals=clean.plans,
        initiatives=clean.plans,
        initiative="initiative",
        templates=[ka.plan_template("strategic"), ka.plan_template("important")],
        as_of=AS_OF,
        account="account_id",
        tier="tier",
        resources="resources",
        expected_return="expected_return",
    )
    assert 0.1 < plans.holds.mean() < 0.6
    upkeep = ka.upkeep(
        clean.contacts,
        accounts=clean.accounts,
        account="account_id",
        rhythm=90,
        as_of=AS_OF,
    )
    assert 0.1 < upkeep.overdue.mean() < 0.95


def test_positions_can_be_read(clean: SyntheticBook) -> None:
    """Some accounts are strategic, and strategic resources go to others, too."""
    found = ka.positioning(
        clean.positions, account="account_id", now="position", resources="resources"
    )
    standing = found.columns()["standing"].tolist()
    assert 0.05 < standing.count("strategic") / len(standing) < 0.5
    assert (found.gap >= 0).all()


def test_teams_have_a_manager(clean: SyntheticBook) -> None:
    """Who leads a region is of it."""
    region = dict(zip(clean.team["person"], clean.team["region"], strict=True))
    assert [region[manager] for manager in clean.team["manager"]] == clean.team["region"].tolist()


def test_a_review_reads_what_the_programme_has(clean: SyntheticBook) -> None:
    """The tables of team and programme are read without a word by the reader of books."""
    book = read_book(
        clean.accounts,
        clean.deals,
        orders=clean.orders,
        team=clean.team,
        assignments=clean.assignments,
        plans=clean.plans,
        tasks=clean.tasks,
        contacts=clean.contacts,
        as_of=AS_OF,
    )
    assert set(book.logs) >= {"team", "assignments", "plans", "tasks", "contacts"}
    assert not [f for f in book.findings if f.severity == "error"]
