"""The other funnels hold what the published method names, and claim nothing beyond it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import keyaccount as ka

Preset = Callable[[], ka.Funnel]

SILENT: tuple[Preset, ...] = (
    ka.sales_progress,
    ka.lead_to_cash,
    ka.customer_funnel,
    ka.account_process,
)
PRESETS: tuple[Preset, ...] = (ka.opportunity_funnel, *SILENT)

STAGES = {
    "sales_progress": """understand_need confirm_need confirm_product make_plan present_product
        negotiate sign_contract collect_and_serve""",
    "lead_to_cash": """market_research lead opportunity pursuit contract delivery payment
        contract_closed""",
    "customer_funnel": """leads screening intent value lead_to_opportunity
        needs quote negotiation contract collection invoicing
        returns feedback work_orders service_record""",
    "account_process": """identify assign plan incubate_capture_improve evaluate produce_value
        appraise""",
}
"""Released codes never change."""


@pytest.mark.parametrize("preset", SILENT)
def test_the_stages_go_by_codes_that_never_change(preset: Preset) -> None:
    """The stages go by codes that never change, in the order of the source."""
    funnel = preset()
    assert funnel.name == preset.__name__
    assert [s.code for s in funnel.stages] == STAGES[funnel.name].split()


@pytest.mark.parametrize("preset", PRESETS)
def test_everything_has_a_chinese_and_an_english_name(preset: Preset) -> None:
    """Funnel, stages, key results and key actions are named in two languages."""
    funnel = preset()
    assert not funnel.name_zh.isascii()
    for stage in funnel.stages:
        parts: list[Any] = [
            stage,
            *stage.key_actions,
            *([stage.key_result] if stage.key_result else []),
        ]
        assert all(p.name.isascii() and p.name_zh and not p.name_zh.isascii() for p in parts)


@pytest.mark.parametrize("preset", SILENT)
def test_no_figure_and_no_won_stage_is_claimed(preset: Preset) -> None:
    """No figure and no won stage is claimed where the source gives none."""
    for s in preset().stages:
        figures = (s.win_probability, s.planned_conversion, s.planned_days, s.participants)
        assert figures == (None,) * 4
        assert (s.outcome, s.key_result, s.key_actions, s.milestones) == ("open", None, (), ())


@pytest.mark.parametrize("preset", SILENT)
def test_every_stage_is_reached_one_by_one_and_the_end_can_be_decided(preset: Preset) -> None:
    """Every stage is reached one by one, and `win` decides a deal in the last."""
    funnel = preset()
    deal = funnel.open("X-1", at="2026-01-01")
    for stage in funnel.stages[1:]:
        deal = funnel.advance(deal, at="2026-01-02")
        assert deal.stage == stage.code
    assert (deal.outcome, deal.probability) == ("open", None)
    assert funnel.win(deal, at="2026-01-03").outcome == "won"


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_equal_hashable_and_reads_back(preset: Preset, tmp_path: Path) -> None:
    """A preset is equal to itself made anew, hashes, and reads back from data and files."""
    funnel = preset()
    assert funnel == preset()
    assert hash(funnel) == hash(preset())
    assert ka.from_data(ka.to_data(funnel)) == funnel
    for name in ("funnel.toml", "funnel.json"):
        ka.dump(funnel, tmp_path / name)
        assert ka.load(tmp_path / name, ka.Funnel) == funnel


@pytest.mark.parametrize("preset", PRESETS)
def test_stages_answer_to_their_names_in_both_languages(preset: Preset) -> None:
    """No two stages of a funnel share a name: each answers to its own."""
    funnel = preset()
    for stage in funnel.stages:
        assert funnel.stage(stage.name) is stage
        assert funnel.stage(stage.name_zh) is stage


def test_lead_to_cash_names_the_leading_role_of_lead_and_delivery_only() -> None:
    """Lead to cash names the leading role of lead and delivery only."""
    found = [s.led_by for s in ka.lead_to_cash().stages]
    assert found == [None, "AR", None, None, None, "FR", None, None]


def test_the_phases_hold_every_stage_of_the_customer_funnel_once_and_in_order() -> None:
    """The phases hold every stage of the customer funnel once and in order."""
    phases = ka.customer_phases()
    assert [(p.code, p.name_zh, len(p.stages)) for p in phases] == [
        ("pre_sale", "售前", 5),
        ("in_sale", "售中", 6),
        ("after_sale", "售后", 4),
    ]
    held = [code for p in phases for code in p.stages]
    assert held == [s.code for s in ka.customer_funnel().stages]


def test_collection_is_in_sale_here_and_the_last_stage_in_a_to_f() -> None:
    """Collection is in-sale here and the last stage in A to F: mapped, never merged."""
    in_sale = ka.customer_phases()[1]
    assert "collection" in in_sale.stages
    mapped = ka.stage_mapping(ka.customer_funnel(), ka.opportunity_funnel())
    assert mapped["collection"] == ka.opportunity_stages()[-1].code


def test_a_deal_without_returns_passes_them_by() -> None:
    """A deal without returns passes them by; step by step it could not."""
    funnel = ka.customer_funnel()
    deal = funnel.open("OPP-1", at="2026-01-01", stage="invoicing")
    assert funnel.advance(deal, at="2026-02-01", to="feedback").stage == "feedback"
    steps = ka.sales_progress()
    early = steps.open("OPP-1", at="2026-01-01")
    with pytest.raises(ka.TransitionRefused, match="no such move"):
        steps.advance(early, at="2026-02-01", to="negotiate")


def test_the_account_process_recurs() -> None:
    """After a quarter an account goes back to any step, and through the process again."""
    process = ka.account_process()
    account = process.open("A-17", at="2026-01-05", stage="evaluate")
    for quarter in ("2026-04-01", "2026-07-01", "2026-10-01"):
        account = process.regress(account, at=quarter, to="plan")
        account = process.advance(account, at=quarter)
        account = process.advance(account, at=quarter)
        assert (account.stage, account.outcome) == ("evaluate", "open")
    assert len(account.history) == 1 + 3 * 3
    last = process.advance(process.advance(account, at="2026-11-01"), at="2026-12-01")
    assert process.regress(last, at="2027-01-01", to="identify").stage == "identify"


def test_phases_refuse_what_they_cannot_hold() -> None:
    """Phases refuse what they cannot hold."""
    with pytest.raises(ka.SpecError, match=r"Phase\.code"):
        ka.Phase(" ", ["a"])
    with pytest.raises(ka.SpecError, match=r"Phase\.stages must have unique names"):
        ka.Phase("p", ["a", "a"])
