"""The rules of a programme: what they say, the verbs they are said for take."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

import keyaccount as ka
from keyaccount.testing import program_rules

DAY = "2026-09-30"
OWN = [ka.Term("buyer", "Buyer"), ka.Term("boss", "Boss", name_zh="老板")]


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"roles": []}, "roles must not be empty"),
        ({"roles": [ka.CoverageRole("a", "X"), ka.CoverageRole("b", "x ")]}, "unique codes and"),
        ({"buyer_roles": [ka.Term("a", "b"), ka.Term("B", "c")]}, "unique codes and names"),
        ({"levels": [ka.PositionLevel("a", "A"), ka.PositionLevel("b", "A")]}, "unique codes and"),
        ({"symptoms": [ka.CheckItem("a", "A"), ka.CheckItem("b", "a")]}, "unique codes and names"),
        ({"tasks": [ka.Term("stalled", "Stalled ones")]}, "must not be a column of the result"),
        ({"channels": [ka.Term("due", "Due")]}, "must not be a column of the result"),
        ({"plans": [ka.PlanTemplate("A"), ka.PlanTemplate("a ")]}, "one template per tier"),
        ({"upkeep": {"A": {"pidgeon": 9}}}, "upkeep: channel must be one of 'sms'"),
        ({"upkeep": {"A": {"phone": 9, "电话": 8}}}, "one rhythm for each tier and channel"),
        ({"upkeep": {"A": 9, "a": 8}}, "one rhythm for each tier and channel"),
        (
            {"upkeep": {"A": {"visit": 9}}, "channels": OWN},
            "upkeep: channel must be one of 'buyer'",
        ),
        ({"meetings": {"A": {"cook": 9}}}, "meetings: role must be one of 'decision_maker'"),
        ({"meetings": {"": {"user": 9}}, "buyer_roles": OWN}, "role must be one of 'buyer'"),
        (
            {"strategic": ka.StrategicRule(from_level="friend")},
            "from_level must be one of 'vendor'",
        ),
        ({"information": ka.information_map(), "buyer_roles": OWN}, "ask must be one of 'buyer'"),
    ],
)
def test_what_a_verb_would_refuse_is_refused(rules: Any, said: str) -> None:
    """When the rules are written, not in the quarter in which they are used."""
    with pytest.raises(ka.SpecError, match=said):
        ka.ProgramRules(**rules)


def test_words_may_be_names_in_either_language() -> None:
    """As in the verbs."""
    rules = ka.ProgramRules(
        buyer_roles=OWN,
        meetings={"A": {"老板": 30}},
        upkeep={"A": {"拜访": 90, "": 30}},
        strategic=ka.StrategicRule(from_level="业务伙伴"),
        information=ka.InformationMap(
            "short", [ka.InformationField("budget", "Budget", ask=["Boss"])]
        ),
    )
    people = {"account": ["A"], "person": ["lin"], "role": ["boss"], "met": [None]}
    book = {"account": ["A"], "tier": ["a"]}
    chain = ka.decision_chain(
        people,
        accounts=book,
        tier="tier",
        roles=rules.buyer_roles,
        last_met="met",
        rhythm=rules.meetings,
        as_of=DAY,
    )
    assert chain.people.every.tolist() == [30.0]
    entries = {"account": ["A"], "field": ["budget"], "value": [None], "date": [None]}
    assert rules.information is not None
    known = rules.information.assess(entries, as_of=DAY)
    assert known.whom(chain).tolist() == ["budget: lin"]


@settings(max_examples=30)
@given(program_rules())
def test_verbs_take_what_rules_say(rules: ka.ProgramRules) -> None:
    """Whatever rules there are, every verb takes its part."""
    book: dict[str, Any] = {"account": ["A"], "tier": ["strategic"], "works_on_strategy": [True]}
    on = {"account": ["A"], "person": ["li"], "role": ["AR"]}
    assert len(ka.coverage(on, roles=rules.roles)) == 1
    stands = {**book, "now": ["vendor"], "aim": ["vendor"]}
    assert len(ka.positioning(stands, levels=rules.levels, rule=rules.strategic)) == 1
    calls = {"account": ["A"], "channel": ["phone"], "date": [DAY]}
    if rules.upkeep:
        given_rules: dict[str, Any] = {"channels": rules.channels, "rhythm": rules.upkeep}
        assert len(ka.upkeep(calls, accounts=book, tier="tier", as_of=DAY, **given_rules)) == 1
    if rules.plans:
        none: dict[str, Any] = {"account": [], "goal": [], "owner": [], "due": [], "done": []}
        found = ka.check_plans(
            book, goals=none, initiatives=none, templates=rules.plans, as_of=DAY, tier="tier"
        )
        assert len(found) == 1
    if rules.information is not None:
        entries: dict[str, Any] = {"account": [], "field": [], "value": [], "date": []}
        chain = ka.decision_chain({**on, "role": ["user"]}, roles=rules.buyer_roles)
        known = rules.information.assess(entries, accounts=book, as_of=DAY)
        assert len(known.whom(chain)) == 1
