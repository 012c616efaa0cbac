"""Codes and names of the programme's words: read in any spelling, refused where they clash."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.program.term import plain

DAY = "2026-09-30"
NONE: dict[str, list[Any]] = {"account": [], "person": [], "role": []}
LOG: dict[str, list[Any]] = {"account": [], "task": [], "status": [], "date": [], "channel": []}


def term(code: str, name: str = "", name_zh: str = "") -> ka.Term:
    """Make a term; its name is its code if none is given."""
    return ka.Term(code, name or code, name_zh=name_zh)


CLASHES = [
    (term("b"), term("B")),
    (term("budget"), term("x", "Budget")),
    (term("a", "Budget"), term("b", " budget")),
    (term("a", "Budget  2"), term("b", "budget 2")),
    (term("a", "Ａ级"), term("b", "B级", "a级")),
    (term("a", "A", "预算"), term("b", "B", "预算")),
]


@pytest.mark.parametrize("terms", CLASHES)
def test_words_that_clash_are_refused(terms: Any) -> None:
    """Whether a word is a code or a name, it must not be that of another."""

    def of(kind: Any) -> list[Any]:
        return [kind(t.code, t.name, name_zh=t.name_zh) for t in terms]

    places: dict[str, list[Any]] = {"account": [], "now": [], "aim": [], "works_on_strategy": []}
    for call in (
        lambda: ka.decision_chain(NONE, roles=terms),
        lambda: ka.task_status(LOG, core=terms, as_of=DAY),
        lambda: ka.upkeep(LOG, channels=terms, rhythm=30, as_of=DAY),
        lambda: ka.coverage(NONE, roles=of(ka.CoverageRole)),
        lambda: ka.positioning(places, levels=of(ka.PositionLevel)),
        lambda: ka.InformationMap("m", of(ka.InformationField)),
    ):
        with pytest.raises(ka.SpecError, match="must have unique codes"):
            call()


def test_one_name_below_two_branches_is_no_clash_but_no_word_for_data() -> None:
    """A budget of research and one of production: entries name them by code."""
    fields = [
        ka.InformationField("rd", "R&D"),
        ka.InformationField("making", "Production"),
        ka.InformationField("rd.budget", "Budget", branch="rd"),
        ka.InformationField("making.budget", "Budget", branch="making"),
    ]
    tree = ka.InformationMap("m", fields)
    entries = {"account": ["A"], "field": ["rd.budget"], "value": ["2 M"], "date": [DAY]}
    assert tree.assess(entries, as_of=DAY).complete.tolist() == [0.5]
    with pytest.raises(ka.RowError, match=r"use the code: rd\.budget or making\.budget"):
        tree.assess({**entries, "field": ["budget"]}, as_of=DAY)
    again = ka.InformationField("rd.money", " BUDGET", branch="rd")
    with pytest.raises(ka.SpecError, match="branch 'rd' must have unique codes and names"):
        ka.InformationMap("m", [*fields, again])


def test_goals_initiatives_levels_and_templates_that_clash_are_refused() -> None:
    """Codes, levels and tiers that differ by case only."""
    with pytest.raises(ka.SpecError, match="unique codes"):
        ka.AccountPlan("A", goals=[ka.PlanGoal("b", "One"), ka.PlanGoal("B", "Two")])
    with pytest.raises(ka.SpecError, match="unique codes"):
        ka.AccountPlan("A", initiatives=[ka.Initiative(c, "Do") for c in ("b", "B ")])
    with pytest.raises(ka.SpecError, match="different texts"):
        ka.coverage(NONE, levels=("senior", "Senior"))
    book: dict[str, list[Any]] = {"account": [], "tier": [], "goal": []}
    steps: dict[str, list[Any]] = {**book, "owner": [], "due": [], "done": []}
    templates = [ka.PlanTemplate("a"), ka.PlanTemplate("A")]
    with pytest.raises(ka.SpecError, match="different tiers"):
        ka.check_plans(
            book, goals=book, initiatives=steps, templates=templates, tier="tier", as_of=DAY
        )
    two = ka.AccountPlan(
        "A", initiatives=[ka.Initiative("a", "Visit"), ka.Initiative("b", "Visit")]
    )
    assert len(two.initiatives) == 2  # what is done may be done twice


def test_a_term_may_be_called_by_its_own_code() -> None:
    """One word for code and both names is no clash."""
    same = (ka.Term("wechat", "WeChat", name_zh="微信"), ka.Term("fax", "Fax", name_zh="FAX"))
    calls = {"account": ["A"] * 3, "channel": ["ＷeChat", " FAX", "微信"], "date": [DAY] * 3}
    assert ka.upkeep(calls, channels=same, rhythm=1, as_of=DAY).contacts.tolist() == [[2, 1]]


@given(st.text(st.characters(max_codepoint=127), max_size=9))
def test_case_and_spaces_make_no_difference(word: str) -> None:
    """A plain word stays as it is."""
    assert plain(plain(word)) == plain(word) == plain(f" {word.upper()}\n")


def test_a_code_goes_before_a_name_of_another_branch() -> None:
    """And a name of blanks is no name that could clash."""
    fields = [
        ka.InformationField("top", "Top", name_zh=" "),
        ka.InformationField("aims", "What they aim at", name_zh="  "),
        ka.InformationField("top.aims", "Aims", branch="top"),
    ]
    tree = ka.InformationMap("m", fields)
    entries = {"account": ["A"], "field": ["Aims"], "value": ["x"], "date": [DAY]}
    found = tree.assess(entries, as_of=DAY)
    assert found.states_of(0) == {"aims": "known", "top.aims": "missing"}
