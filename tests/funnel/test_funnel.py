"""What makes a funnel, and what its plan says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import keyaccount as ka


def stages(**last: Any) -> list[ka.Stage]:
    """Two stages."""
    return [ka.Stage("a", "A", win_probability=0.5), ka.Stage("b", "B", **last)]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: ka.Funnel("f", []), "must be stages"),
        (lambda: ka.Funnel("f", ["a"]), "must be stages"),
        (lambda: ka.Funnel("f", [ka.Stage("w", "W", outcome="won")]), "the first of them open"),
        (lambda: ka.Funnel("f", [*stages(), *stages()]), "unique codes of stages"),
        (lambda: ka.Funnel("f", stages(win_probability=0.4)), "never fall: 'a' 0.5, then 'b'"),
        (lambda: ka.Funnel("f", [*stages(), ka.Stage("c", "C", letter="X"),
                                 ka.Stage("d", "D", letter="X")]), "unique letters"),
        (lambda: ka.Funnel("f", stages(key_result=ka.KeyResult("r", "R"),
                                       key_actions=[ka.KeyAction("r", "R")])), "unique codes of"),
        (lambda: ka.Funnel("f", [*stages(outcome="won"), ka.Stage("c", "C", outcome="won")]),
         "one stage at most that is won"),
        (lambda: ka.Funnel("f", stages(), moves=[]), "must reach every stage"),
        (lambda: ka.Funnel("f", stages(), moves=[ka.Move("a", "c")]), "must be one of 'a', 'b'"),
        (lambda: ka.Funnel("f", stages(), moves=[ka.Move("b", "a")]), "to a later one"),
        (lambda: ka.Funnel("f", stages(), moves=["a"]), "must be moves"),
        (lambda: ka.Stage("a", "A", key_result="r"), "must be a KeyResult"),  # type: ignore[arg-type]
        (lambda: ka.Stage("a", "A", key_actions=["r"]), "must be key actions"),
    ],
)  # fmt: skip
def test_what_is_no_funnel_is_refused_when_built(make: Any, said: str) -> None:
    """Unreachable stages, chances that fall, codes that occur twice."""
    with pytest.raises(ka.SpecError, match=said) as caught:
        make()
    assert "Hint: " in str(caught.value)


@pytest.mark.parametrize(
    "stages",
    [
        [ka.Stage("a", "One", letter="B"), ka.Stage("b", "Two")],
        [ka.Stage("a", "Offer"), ka.Stage("b", "offer")],
        [ka.Stage("a", "One"), ka.Stage("A", "Two")],
    ],
)
def test_a_word_means_one_stage(stages: list[ka.Stage]) -> None:
    """Codes, letters and names are read alike, whatever their case."""
    with pytest.raises(ka.SpecError, match="words that mean one stage"):
        ka.Funnel("f", stages)


def test_no_move_leads_to_the_lost_stage() -> None:
    """A deal may be lost anywhere; a move there would always be refused."""
    stages = [ka.Stage("a", "A"), ka.Stage("lost", "Lost", outcome="lost")]
    with pytest.raises(ka.SpecError, match="to a later one"):
        ka.Funnel("f", stages, moves=[ka.Move("a", "lost")])


def test_a_company_marks_actions_as_required() -> None:
    """By their codes; the rest stays as it was."""
    funnel = ka.opportunity_funnel().requiring("coach_developed", "need_checked")
    required = [a.code for s in funnel.stages for a in s.key_actions if a.required]
    assert required == ["coach_developed", "need_checked"]
    with pytest.raises(ka.SpecError, match="did you mean 'need_checked'"):
        funnel.requiring("need_cheked")


def test_a_stage_that_is_lost_needs_no_way_to_it() -> None:
    """A deal may be lost anywhere."""
    funnel = ka.Funnel("f", [*stages(), ka.Stage("lost", "Lost", outcome="lost")])
    deal = funnel.lose(funnel.open("1", at="2026-01-01"), at="2026-01-02", reason="price")
    assert (deal.stage, deal.outcome, deal.last_open_stage) == ("lost", "lost", "a")


def test_a_stage_goes_by_many_words() -> None:
    """Code, letter and names, whatever the case."""
    funnel = ka.Funnel("f", ka.opportunity_stages())
    found = {funnel.stage(w).code for w in ("B", "b", "confirm", "CONFIRM", "确认商机")}
    assert found == {"confirm"}


# --- The plan ------------------------------------------------------------------------------------


def test_the_plan_of_the_opportunity_funnel_contradicts_itself() -> None:
    """Arithmetic on the stated figures: a chance of winning is the product of what lies ahead."""
    plan = ka.plan_consistency(ka.Funnel("f", ka.opportunity_stages()))
    np.testing.assert_allclose(
        plan.implied_conversion, [0.4, 0.5, 2 / 3, 0.8333333333333333, 0.9, np.nan], atol=1e-12
    )
    np.testing.assert_allclose(
        plan.implied_win_probability, [0.168, 0.21, 0.3, 0.5, 1, 1], atol=1e-12
    )
    assert plan.reach == pytest.approx(0.168, abs=1e-12)
    assert plan.infeasible.tolist() == [False, True, True, True, False, False]
    assert not plan.is_consistent
    assert [f.code for f in plan.findings] == ["infeasible_plan"]
    assert plan.row(1)["gap"] == pytest.approx(0.04)


def test_a_plan_that_agrees() -> None:
    """Stated chances are the products of the stated conversions."""
    plan = ka.plan_consistency(
        ka.Funnel(
            "f",
            [
                ka.Stage("a", "A", win_probability=0.3, planned_conversion=0.6),
                ka.Stage("b", "B", win_probability=0.5, planned_conversion=0.5),
                ka.Stage("won", "Won", win_probability=1, outcome="won"),
            ],
        )
    )
    assert plan.is_consistent
    assert not plan.findings


def test_a_chance_that_the_conversions_contradict() -> None:
    """Stated .2, implied .45, and no two neighbours to compare."""
    stages = [
        ka.Stage("a", "A", win_probability=0.2, planned_conversion=0.5),
        ka.Stage("b", "B", planned_conversion=0.9),
        ka.Stage("won", "Won", win_probability=1, outcome="won"),
    ]
    plan = ka.plan_consistency(ka.Funnel("f", stages))
    assert plan.complete.tolist() == [True, True, True]
    assert [f.code for f in plan.findings] == ["inconsistent_plan"]
    half = [ka.Stage("a", "A", win_probability=0.2, planned_conversion=0.5), ka.Stage("b", "B")]
    assert ka.plan_consistency(ka.Funnel("f", half)).is_consistent  # an upper bound, not more


def test_a_plan_without_figures_says_nothing() -> None:
    """None is not 1."""
    plan = ka.plan_consistency(ka.Funnel("f", [ka.Stage("a", "A"), ka.Stage("b", "B")]))
    assert np.isnan(plan.implied_win_probability).all()
    assert plan.is_consistent
