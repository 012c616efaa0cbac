"""The opportunity funnel holds what the published method lists, and stores what it holds."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

import keyaccount as ka

CODES = {
    "A": """coach_developed organisation_known buyer_relations_known problems_known industry_known
        rivals_spotted our_image_known acceptance_known decision_maker_interest_known
        need_checked""",
    "B": """user_and_expert_trust_won coaches_won decision_maker_impressed main_problem_known
        decision_maker_values_known need_settled testimonials_given rivals_known sales_plan_made
        decision_process_known""",
    "C": """deal_team_built decision_strategy_made plan_fitted influencers_impressed
        decision_maker_trust_won main_objection_known inside_push_won price_and_terms_known
        rival_offer_known visits_made plan_explained decision_circle_heard""",
    "D": """decision_worries_known director_supported negotiating_plan_made approval_pushed
        basic_agreement_reached rivals_weakened objections_weakened support_requested
        framework_intent_reached""",
    "E": "",
    "F": "",
}
"""Released codes never change: stored events confirm by them."""

ROLES = {"decision_maker", "user", "technical_expert", "influencer", "coach"}
ACTIONS = [a for s in ka.opportunity_stages() for a in s.key_actions]


def test_ten_ten_twelve_and_nine_actions_go_by_codes_that_never_change() -> None:
    """Ten, ten, twelve and nine actions go by codes that never change."""
    found = {s.letter: tuple(a.code for a in s.key_actions) for s in ka.opportunity_stages()}
    assert [len(codes) for codes in found.values()] == [10, 10, 12, 9, 0, 0]
    assert found == {letter: tuple(codes.split()) for letter, codes in CODES.items()}


def test_the_gates_of_a_to_d_are_their_key_results_and_e_and_f_have_none() -> None:
    """The gates of A to D are their key results, and E and F have none."""
    found = [s.key_result and s.key_result.code for s in ka.opportunity_stages()]
    assert found == [
        "needs_understood",
        "need_confirmed",
        "solution_presented",
        "terms_agreed",
        None,
        None,
    ]


def test_no_code_occurs_twice_in_the_funnel() -> None:
    """No code occurs twice in the funnel: four gates, 41 actions and three milestones."""
    codes = ka.opportunity_funnel().codes
    assert len(codes) == len(set(codes)) == 4 + 41 + 3
    assert all(code.isidentifier() and code == code.lower() for code in codes)


def test_all_actions_are_advisory_and_named_in_two_languages() -> None:
    """All actions are advisory and named in two languages."""
    assert not any(a.required for a in ACTIONS)
    assert len({a.name for a in ACTIONS}) == len({a.name_zh for a in ACTIONS}) == 41
    assert all(a.name.isascii() and not a.name_zh.isascii() for a in ACTIONS)


def test_actions_point_at_the_buyer_roles_that_they_name() -> None:
    """Actions point at the buyer roles that they name, all five of them somewhere."""
    roles = [a.roles for a in ACTIONS if a.roles]
    assert {r for found in roles for r in found} == ROLES
    by_code = {a.code: ", ".join(a.roles) for a in ACTIONS}
    assert by_code["influencers_impressed"] == "influencer"
    assert by_code["approval_pushed"] == "user, technical_expert"
    assert by_code["rivals_weakened"] == ""


def test_what_the_source_does_not_give_for_e_and_f_is_none() -> None:
    """What the source does not give for E and F is None."""
    for stage in ka.opportunity_stages()[4:]:
        assert stage.planned_conversion is None
        assert stage.planned_days is None
        assert stage.participants is None
        assert stage.led_by is None


def test_signing_and_collection_are_milestones_of_e_and_f() -> None:
    """Signing and collection are milestones of E and F."""
    found = [s.milestones for s in ka.opportunity_stages()]
    assert found == [(), (), (), (), ("signed",), ("handed_over", "collected")]


def test_the_plan_is_inconsistent_as_the_source_is() -> None:
    """The stated chances imply 40 to 90 %; the plan reaches E with 16.8 % and forbids B, C, D."""
    plan = ka.plan_consistency(ka.opportunity_funnel())
    implied = [0.4, 0.5, 2 / 3, 5 / 6, 0.9]
    assert plan.implied_conversion[:5].tolist() == pytest.approx(implied)
    assert plan.implied_win_probability[:4].tolist() == pytest.approx([0.168, 0.21, 0.3, 0.5])
    assert plan.infeasible.tolist() == [False, True, True, True, False, False]


def test_a_deal_walks_from_a_to_f_gate_by_gate() -> None:
    """A deal walks from A to F gate by gate; signing and collection keep dates of their own."""
    funnel = ka.opportunity_funnel()
    deal = funnel.open("OPP-1", account="A-17", amount=120_000, at="2026-09-01", origin="created")
    seen = [deal.probability]
    for month, stage in enumerate(funnel.stages[:4], start=1):
        with pytest.raises(ka.TransitionRefused, match="key result"):
            funnel.advance(deal, at=f"2027-{month:02}-01")
        assert stage.key_result is not None
        deal = funnel.confirm(deal, stage.key_result.code, at=f"2027-{month:02}-10", by="li")
        deal = funnel.advance(deal, at=f"2027-{month:02}-20", by="li")
        seen.append(deal.probability)
    assert seen == [0.1, 0.25, 0.5, 0.75, 0.9]
    assert (deal.outcome, deal.origin) == ("open", "created")
    deal = funnel.confirm(deal, "signed", at="2027-05-02")
    deal = funnel.advance(deal, at="2027-05-03")
    deal = funnel.confirm(deal, "collected", at="2027-06-30")
    assert (deal.stage, deal.outcome, deal.probability) == ("hand_over_and_collect", "won", 1.0)
    assert deal.date_of("signed") == date(2027, 5, 2)
    assert deal.date_of("collected") == date(2027, 6, 30)
    assert deal.date_of("handed_over") is None


def test_a_company_may_require_an_action() -> None:
    """A company may require an action: then it holds the gate beside the key result."""
    funnel = ka.opportunity_funnel()
    first = funnel.stages[0]
    actions = [attrs.evolve(a, required=a.code == "coach_developed") for a in first.key_actions]
    strict = attrs.evolve(
        funnel, stages=(attrs.evolve(first, key_actions=actions), *funnel.stages[1:])
    )
    deal = strict.open("OPP-1", at="2026-09-01")
    assert strict.missing(deal) == ("needs_understood", "coach_developed")
    assert funnel.missing(deal) == ("needs_understood",)
