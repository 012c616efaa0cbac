"""Laws of the programme's verbs, on drawn tables: order, repetition, accounts apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import (
    account_plans,
    account_steps,
    assert_same_columns,
    assignments,
    chain_people,
    contact_logs,
    information_entries,
    information_maps,
    meetings,
    plan_templates,
    position_books,
    programme_accounts,
    rhythms,
    symptom_books,
    task_logs,
    teams,
)

DAY = "2026-09-30"
BOOK = {"account": ["A", "B", "C"], "tier": ["key", "other", None]}
FEW = settings(max_examples=30)


def shuffled(table: dict[str, list[Any]], seed: int) -> dict[str, list[Any]]:
    """Put the rows in another order."""
    n = len(next(iter(table.values())))
    order = np.random.default_rng(seed).permutation(n)
    return {name: [column[i] for i in order] for name, column in table.items()}


def twice(table: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Write every row twice."""
    return {name: column * 2 for name, column in table.items()}


SEEDS = st.integers(0, 9)


@FEW
@given(chain_people(), meetings(), rhythms(by="role"), SEEDS)
def test_people_and_meetings_in_any_order_and_twice(
    people: Any, log: Any, rhythm: Any, seed: int
) -> None:
    """Neither order nor repetition changes a chain; an account alone is that account."""

    def chain(people: Any, log: Any, book: Any = BOOK) -> ka.DecisionChain:
        return ka.decision_chain(
            people,
            accounts=book,
            stance="stance",
            influence="influence",
            contact="ours",
            last_met="met",
            meetings=log,
            channel="channel",
            window=60,
            tier="tier",
            rhythm=rhythm,
            as_of=DAY,
        )

    found = chain(people, log)
    again = chain(twice(shuffled(people, seed)), twice(shuffled(log, seed)))
    assert_same_columns(again.columns(), found.columns())
    assert_same_columns(again.people.columns(), found.people.columns())
    alone = chain(people, log, {"account": ["B"], "tier": ["other"]})
    assert_same_columns(alone.columns(), {k: v[[1]] for k, v in found.columns().items()})
    assert [found.row(i)["why"] for i in range(len(found))]
    assert (found.lapsed <= np.bincount(found.people.position, minlength=3)).all()


@FEW
@given(contact_logs(accounts="ABC"), rhythms(by="channel"), SEEDS)
def test_contacts_in_any_order(log: Any, rhythm: Any, seed: int) -> None:
    """Nor do accounts depend on each other; a day later nothing is less overdue."""

    def kept(log: Any, book: Any = BOOK, day: str = DAY) -> ka.Upkeep:
        return ka.upkeep(log, accounts=book, tier="tier", rhythm=rhythm, as_of=day)

    found = kept(log)
    assert_same_columns(kept(shuffled(log, seed)).columns(), found.columns())
    alone = kept(log, {"account": ["B"], "tier": ["other"]})
    assert_same_columns(alone.columns(), {k: v[[1]] for k, v in found.columns().items()})
    on_time = {
        name: [v for v, d in zip(c, log["date"], strict=True) if d != "2026-10-01"]
        for name, c in log.items()
    }
    assert (kept(on_time, day="2026-10-01").overdue >= kept(on_time).overdue).all()
    assert [found.row(i)["why"] for i in range(len(found))]


@FEW
@given(task_logs(), SEEDS)
def test_tasks_in_any_order_and_twice(log: Any, seed: int) -> None:
    """Completion within its bounds, and a team's mean within its accounts'."""

    def status(log: Any) -> ka.TaskStatus:
        return ka.task_status(
            log, as_of=DAY, stalled_after=30, accounts=BOOK, team="tier", evidence="proof"
        )

    found = status(log)
    assert_same_columns(status(twice(shuffled(log, seed))).columns(), found.columns())
    assert (found.completion <= found.completion_high).all()
    teams_of = found.by_team()
    assert teams_of.accounts.sum() == 3
    assert teams_of.undated.sum() == np.count_nonzero(found.is_undated)
    assert [teams_of.row(i)["why"] for i in range(len(teams_of))]


@FEW
@given(st.data(), information_maps(), SEEDS)
def test_entries_in_any_order_and_twice(data: Any, tree: Any, seed: int) -> None:
    """What is asked for next is not known, weighs something, and comes in the stated order."""
    entries = data.draw(information_entries(tree))
    found = tree.assess(entries, as_of=DAY, next_fields=9)
    again = tree.assess(twice(shuffled(entries, seed)), as_of=DAY, next_fields=9)
    assert_same_columns(again.columns(), found.columns())
    for i, row in enumerate(found.order.tolist()):
        asked = [j for j in row if j >= 0]
        keys = [(found.state[i, j], -found.weights[j]) for j in asked]
        assert keys == sorted(keys)
        wanting = (found.state[i] != 1) & (found.weights > 0.0)
        assert set(asked) == set(np.flatnonzero(wanting).tolist())


@FEW
@given(assignments(), programme_accounts(), teams(), SEEDS)
def test_assignments_in_any_order(on: Any, book: Any, team: Any, seed: int) -> None:
    """In any order of the rows; who leaves takes no more than they hold."""

    def covered(on: Any) -> ka.Coverage:
        return ka.coverage(
            on,
            accounts=book,
            people=team,
            value="worth",
            tier="tier",
            required={"key": "senior"},
            level="grade",
            levels=("junior", "senior"),
            capacity="seats",
        )

    found = covered(on)
    again = covered(twice(shuffled(on, seed)))
    assert_same_columns(again.columns(), found.columns())
    assert_same_columns(again.people.columns(), found.people.columns())
    people = found.people
    assert (people.alone <= people.sole_holder).all()
    assert (people.sole_holder <= people.accounts).all()
    assert (people.leaves <= people.sole_value).all()


@FEW
@given(position_books(), account_steps(), SEEDS)
def test_positions_are_row_wise(book: Any, steps: Any, seed: int) -> None:
    """Accounts in any order, steps in any order, one account alone."""

    def placed(book: Any, steps: Any) -> ka.Positioning:
        return ka.positioning(book, key="is_key", resources="budget", steps=steps)

    found = placed(book, steps).columns()
    assert_same_columns(placed(book, shuffled(steps, seed)).columns(), found)
    alone = placed({name: column[1] for name, column in book.items()}, steps).columns()
    assert_same_columns(alone, {k: v[[1]] for k, v in found.items()})


@FEW
@given(account_plans(), plan_templates(tier="key"))
def test_a_plan_alone_is_that_plan_in_a_book(plan: Any, template: Any) -> None:
    """Checked as a spec and as tables; what holds lacks nothing."""
    found = plan.check(as_of=DAY, template=template)
    tables = plan.tables()
    book = {**tables["plans"], "tier": [template.tier]}
    same = ka.check_plans(
        {name: [*column, *column] for name, column in book.items() if name != "account"}
        | {"account": [plan.account, "another"]},
        goals=tables["goals"],
        initiatives=tables["initiatives"],
        templates=[template, ka.PlanTemplate("other")],
        as_of=DAY,
        tier="tier",
        resources="resources",
        expected_return="expected_return",
        concession="concession",
    )
    assert_same_columns({k: v[:1] for k, v in same.columns().items()}, found.columns())
    assert not (found.holds & (found.lacks.any(axis=1) | (found.late > 0))).any()
    assert not (found.no_plan & (found.initiatives > 0)).any()


@FEW
@given(symptom_books(), SEEDS)
def test_shares_are_parts_of_wholes(book: Any, seed: int) -> None:
    """In any order of the accounts; what is said names both numbers."""
    given: dict[str, Any] = {
        "budget": "budget",
        "owner": "owner",
        "value": "worth",
        "time": "time",
        "small_deal_time": "small_deal_time",
        "routine": "routine",
        "conflict": "conflict",
        "chain_known": "chain_known",
        "one_hand": "one_hand",
    }
    try:
        found = ka.programme_symptoms(book, stars=1, **given)
    except ka.RowError as error:
        assert "whole time" in str(error)  # noqa: PT017 - a part without its whole
        return
    again = ka.programme_symptoms(shuffled(book, seed), stars=1, **given)
    assert_same_columns(again.columns(), found.columns())
    known = found.measured
    assert (found.part[known] <= found.whole[known]).all()
    assert found.figure[known] == pytest.approx(found.part[known] / found.whole[known])
