"""One rule for words: case, width and spaces make no difference; ids are as they are written."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import keyaccount as ka

DAY = "2026-09-30"
TIERS = {"account": ["A", "B", "C"], "tier": ["Key", " ＫＥＹ", "other"]}


def test_tiers_and_levels_of_coverage_and_assign() -> None:
    """What a tier asks for holds for each of its spellings, and so do the levels of people."""
    on = {"account": ["A", "B", "C"], "person": ["li", "wu", "li"], "role": ["ar"] * 3}
    team = {"person": ["li", "wu"], "grade": ["Junior", "SENIOR "]}
    grades: dict[str, Any] = {"level": "grade", "levels": ("junior", "senior"), "tier": "tier"}
    found = ka.coverage(on, accounts=TIERS, people=team, required={"KEY": "Senior"}, **grades)
    assert found.required[:, 0].tolist() == [1, 1, -1]
    assert found.too_junior.tolist() == ["AR", "", ""]
    assert "unknown_tier" not in {f.code for f in found.findings}
    placed = ka.assign(TIERS, team, capacity=2, required={"key": "senior"}, **grades)
    assert placed.person.tolist() == ["wu", "wu", "li"]
    with pytest.raises(ka.SpecError, match="must name each tier once"):
        ka.coverage(
            on, accounts=TIERS, people=team, required={"a": "junior", "A": "senior"}, **grades
        )


def test_a_role_is_named_once() -> None:
    """By its code, or by a name, and not by both."""
    on = {"account": ["A"], "person": ["li"], "role": ["AR"]}
    book, team = {"account": ["A"], "tier": ["k"]}, {"person": ["li"], "grade": ["x"]}
    asked = {"k": {"AR": "x", "客户责任人": "x"}}
    with pytest.raises(ka.SpecError, match="role must be named once"):
        ka.coverage(
            on,
            accounts=book,
            people=team,
            tier="tier",
            required=asked,
            level="grade",
            levels=("x",),
        )
    roles = ka.iron_triangle()
    with pytest.raises(ka.SpecError, match="role must be named once"):
        ka.assign(book, team, capacity=1, roles=roles, load={"AR": 1, "ar ": 2})
    with pytest.raises(ka.SpecError, match="must be named once"):
        ka.programme_symptoms({"is_key": [True]}, limits={"undefined": 0.1, "Undefined": 0.2})


def test_what_account_and_person_must_agree_in() -> None:
    """A region is one region, whoever wrote it."""
    book = {"account": ["A", "B"], "region": ["North", "south"]}
    team = {"person": ["li", "wu"], "region": ["NORTH ", "South"]}
    found = ka.assign(book, team, capacity=1, match=["region"])
    assert found.person.tolist() == ["li", "wu"]


def test_rhythms_and_templates_by_tier() -> None:
    """A rhythm and a template are for every spelling of their tier."""
    calls = {"account": ["A", "B", "C"], "channel": ["Phone"] * 3, "date": ["2026-08-01"] * 3}
    kept = ka.upkeep(calls, accounts=TIERS, tier="tier", rhythm={"key": 30}, as_of=DAY)
    assert kept.overdue.tolist() == [True, True, False]
    with pytest.raises(ka.SpecError, match="one rhythm for each tier"):
        ka.upkeep(calls, accounts=TIERS, tier="tier", rhythm={"key": 30, "Key": 9}, as_of=DAY)
    plans: dict[str, Any] = {
        "goals": {"account": ["A"], "goal": ["Share"]},
        "initiatives": {
            "account": ["A"],
            "goal": [" SHARE"],
            "owner": ["li"],
            "due": [None],
            "done": [True],
        },
    }
    templates = [ka.PlanTemplate("KEY", needs=["goals"]), ka.PlanTemplate("gone")]
    found = ka.check_plans(TIERS, templates=templates, as_of=DAY, tier="tier", **plans)
    assert found.has_template.tolist() == [True, True, False]
    assert (found.stray[0], found.idle_goals[0]) == (0, 0)
    assert [f.examples for f in found.findings if f.code == "unknown_tier"] == [("gone",)]
    assert ka.plan_template("Strategic") == ka.plan_template("strategic")


def test_goals_that_are_one_word_are_one_goal() -> None:
    """Written twice in different spellings, a goal counts once."""
    found = ka.check_plans(
        {"account": ["A"]},
        goals={"account": ["A", "A"], "goal": ["Share", "share "]},
        initiatives={"account": [], "goal": [], "owner": [], "due": [], "done": []},
        templates=ka.PlanTemplate(needs=[]),
        as_of=DAY,
    )
    assert found.goals.tolist() == [1]


def test_evidence_and_the_level_of_a_rule() -> None:
    """What has been shown, and the level from which an account is strategic."""
    book = {"account": ["A"], "now": ["Preferred Supplier"], "aim": ["preferred_supplier"]}
    found = ka.positioning(
        {**book, "works_on_strategy": [True]},
        rule=ka.StrategicRule(from_level="VENDOR"),
        evidence={"account": ["A"], "evidence": ["Preferred_Status"]},
    )
    assert found.labels.tolist() == ["strategic"]
    assert found.evidence_lacking.tolist() == [""]
    assert "other_evidence" not in {f.code for f in found.findings}


def test_kinds_of_representative_teams_roles_and_symptoms() -> None:
    """Words of results and of arguments."""
    on = {"account": ["A"] * 2, "person": ["li"] * 2, "role": ["AR"] * 2, "t": [0.3, 0.3]}
    same = {**on, "kind": ["region", "Region"]}
    found = ka.coverage(same, representative="kind", time="t")
    assert found.people.time.tolist() == [0.3]
    assert found.dependence(0.8, role="account responsible").role == "AR"
    cooks = ka.coverage({**on, "role": ["cook", "Cook"]}, time="t")
    assert cooks.people.time.tolist() == [0.3]
    log = {"account": ["A", "B"], "task": ["价格接受度"] * 2, "status": ["Done"] * 2}
    book = {"account": ["A", "B"], "team": ["North", "north"]}
    tasks = ka.task_status(
        {**log, "date": [DAY] * 2}, as_of=DAY, accounts=book, team="team"
    ).by_team()
    assert (tasks.team.tolist(), tasks.accounts.tolist()) == (["North"], [2])
    symptoms = ka.programme_symptoms(
        {"is_key": [True], "b": [0]}, budget="b", limits={"Undefined": 0.5}
    )
    assert symptoms.limit[0] == 0.5


def test_the_coach_is_a_word_too() -> None:
    """A role of code Coach is the coach."""
    roles = [ka.Term("Coach", "Inside helper"), ka.Term("user", "User")]
    people = {"account": ["A"], "person": ["lin"], "role": ["coach"]}
    assert ka.decision_chain(people, roles=roles).coach.tolist() == ["lin"]


def test_ids_are_as_they_are_written() -> None:
    """Two accounts whose ids differ by case are two, and so are two people."""
    on = {"account": ["a", "A"], "person": ["li", "Li"], "role": ["AR", "AR"]}
    found = ka.coverage(on)
    assert found.account.tolist() == ["A", "a"]
    assert found.people.person.tolist() == ["Li", "li"]
    assert found.one_hand.all()


def test_the_spelling_shown_does_not_depend_on_the_order_of_rows() -> None:
    """The first by the alphabet."""
    book = {"account": ["A", "B", "C"], "team": ["north", "North", "NORTH"]}
    log = {"account": ["A"], "task": ["price_acceptance"], "status": ["done"], "date": [DAY]}
    for order in ([0, 1, 2], [2, 0, 1], [1, 2, 0]):
        turned = {name: np.array(column)[order] for name, column in book.items()}
        found = ka.task_status(log, as_of=DAY, accounts=turned, team="team")
        assert found.by_team().team.tolist() == ["NORTH"]
