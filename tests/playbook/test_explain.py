"""A playbook in plain words: complete, and true to what it holds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

import keyaccount as ka
from keyaccount.playbook.starter import STARTER_PARTS, starter_text
from keyaccount.testing import playbooks, value_functions


def test_every_part_has_a_section(playbook: ka.Playbook, book: dict[str, Any]) -> None:
    """With the figures and the names of both languages."""
    text = ka.explain(playbook.fit(book, as_of="2026-09-30"))
    assert text.startswith(
        "Playbook north, version 2026.3\nValid from 2026-10-01.\nBy Li Wei.\n大客户"
    )
    for line in (
        "What makes an account key",
        "  - 50 % sales: a: worth the share of the book that lies below it; b: worth",
        "  Learned from 3 rows, as of 2026-09-30 (data ",
        "the best 20 % of all accounts and all with a score of at least 0.3",
        "A challenger must be 0.03 ahead",
        "In one review 2 accounts at most may enter",
        "industry_gene: Industry gene (寻找行业基因)",
        "PCV (全体客户矩阵) crosses:",
        "high is what reaches the median of the book.",
        "opportunity_funnel (商机漏斗), 6 stages:",
        "A deal stalls where",
        "commit: Commit (承诺): a chance of at least 90 %",
        "A: sales 70 %, presales 30 %",
        "Lost: silent for more than 1.5 times",
        "Budgets are estimated from staff",
        "AR: Account responsible (客户责任人)",
        "Strategic: works_on_strategy and level business_partner or above.",
        "a return of 2 for one of resources and concessions of at most 10 %",
        "In touch every 14 days (tier 'strategic').",
        "In touch every 60 days (visit, tier 'other').",
        "Met every 30 days (decision_maker).",
        "Shown where above 30 %: thin_bench.",
    ):
        assert line in text, line


def test_a_part_is_explained_on_its_own() -> None:
    """Without a playbook around it."""
    assert ka.explain(ka.SelectionPolicy(ka.TopCount(3))).splitlines()[0] == (
        "Key accounts are the 3 best accounts."
    )
    with pytest.raises(ka.SpecError, match="must be a playbook or a part of one"):
        ka.explain(ka.TopShare(0.2))


@settings(deadline=None, max_examples=50)
@given(playbooks(fitted=False))
def test_any_playbook_can_be_explained(playbook: ka.Playbook) -> None:
    """Each part has its heading."""
    text = ka.explain(playbook)
    assert text.count("\n\n") >= len(playbook.parts)
    for name in dict(playbook.segmenters):
        assert f"Kinds of customers: {name}\n" in text


@settings(deadline=None, max_examples=50)
@given(value_functions())
def test_any_value_function_has_words(function: ka.ValueFunction) -> None:
    """Of its own."""
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("a", column="a", value=function)], weights={"a": 1}
    )
    assert "- 100 % a: " in ka.explain(scorer)


def test_starters_load_back_and_say_what_is_a_choice() -> None:
    """With any parts; every line of a comment fits."""
    import tomllib

    for parts in ((), ("scorer", "selection"), STARTER_PARTS):
        text = starter_text("北方", parts, author="Li")
        found = ka.from_data(tomllib.loads(text), ka.Playbook)
        assert {name.partition(".")[0] for name in found.parts} == set(parts)
        assert found.name == "北方"
        assert all(
            len(line) < 100
            for line in text.splitlines()
            if line[:2] == "# " and "--with" not in line
        )
    assert "the figures" in text.replace("\n# ", " ")
    assert text.count("choice of this library") > 5
    with pytest.raises(ka.SpecError, match="did you mean 'scorer'"):
        starter_text("north", ["scorers"])
