"""Stages of one funnel are those of another as the tables here say, and nothing else."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import attrs
import pytest

import keyaccount as ka

DEALS = (ka.opportunity_funnel, ka.sales_progress, ka.lead_to_cash, ka.customer_funnel)
PAIRS = list(product(DEALS, DEALS))


def letters(source: ka.Funnel) -> list[str | None]:
    """Map to A to F, and write the letters."""
    target = ka.opportunity_funnel()
    mapped = ka.stage_mapping(source, target).values()
    return [None if code is None else target.stage(code).letter for code in mapped]


def words(source: ka.Funnel, target: ka.Funnel) -> str:
    """Write the counterparts as one text, `-` for none."""
    return " ".join(code or "-" for code in ka.stage_mapping(source, target).values())


def test_the_eight_steps_are_a_b_b_c_c_d_e_f() -> None:
    """The eight steps are A, B, B, C, C, D, E, F."""
    assert letters(ka.sales_progress()) == list("ABBCCDEF")


def test_a_lead_is_no_opportunity_yet() -> None:
    """Research and leads have no counterpart; what comes after has."""
    assert letters(ka.lead_to_cash()) == [None, None, *"ACEFFF"]


def test_the_customer_funnel_is_mapped_where_that_is_clear() -> None:
    """The customer funnel is mapped where that is clear."""
    none = [None] * 5
    assert letters(ka.customer_funnel()) == [*none, "A", None, *"DEF", *none]


def test_back_from_a_to_f_it_is_the_first_of_several() -> None:
    """Back from A to F it is the first of several: no more is claimed than that."""
    stages = ka.opportunity_funnel()
    assert words(stages, ka.sales_progress()) == (
        "understand_need confirm_need make_plan negotiate sign_contract collect_and_serve"
    )
    assert words(stages, ka.lead_to_cash()) == (
        "opportunity opportunity pursuit pursuit contract delivery"
    )
    assert words(stages, ka.customer_funnel()) == "needs needs - negotiation contract collection"


def test_steps_and_lead_to_cash_are_mapped_both_ways() -> None:
    """Steps and lead to cash are mapped both ways."""
    steps, cash = ka.sales_progress(), ka.lead_to_cash()
    assert words(steps, cash) == (
        "opportunity opportunity opportunity pursuit pursuit pursuit contract payment"
    )
    assert words(cash, steps) == (
        "- - understand_need make_plan sign_contract "
        "collect_and_serve collect_and_serve collect_and_serve"
    )


def test_the_customer_funnel_and_lead_to_cash_share_leads_and_quotes() -> None:
    """The customer funnel and lead to cash share leads and quotes."""
    customer, cash = ka.customer_funnel(), ka.lead_to_cash()
    assert words(customer, cash) == (
        "lead lead lead lead - opportunity pursuit pursuit contract payment - - - - -"
    )
    assert words(cash, customer) == "- leads needs quote contract - collection -"


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_the_mapping_is_total_and_leads_to_stages_that_are_there(source: Any, target: Any) -> None:
    """Every stage is mapped, in order, to a stage that the other funnel has, or to None."""
    mapped = ka.stage_mapping(source(), target())
    assert list(mapped) == [s.code for s in source().stages]
    assert set(mapped.values()) <= {None, *(s.code for s in target().stages)}


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_a_later_stage_is_never_mapped_before_an_earlier_one(source: Any, target: Any) -> None:
    """A deal that goes on never goes back where it is mapped to."""
    order = {s.code: i for i, s in enumerate(target().stages)}
    places = [order[c] for c in ka.stage_mapping(source(), target()).values() if c is not None]
    assert all(a <= b for a, b in pairwise(places))


@pytest.mark.parametrize("preset", [*DEALS, ka.account_process])
def test_a_funnel_is_mapped_to_itself_stage_by_stage(preset: Any) -> None:
    """A funnel is mapped to itself stage by stage."""
    assert all(a == b for a, b in ka.stage_mapping(preset(), preset()).items())


@pytest.mark.parametrize("preset", DEALS)
def test_accounts_are_no_deals(preset: Any) -> None:
    """No stage of the account process is one of a deal, nor the other way round."""
    for a, b in ((ka.account_process, preset), (preset, ka.account_process)):
        assert set(ka.stage_mapping(a(), b()).values()) == {None}


def test_a_funnel_of_the_company_is_mapped_by_the_codes_that_it_kept() -> None:
    """A company's funnel is mapped by the codes that it kept; the others have no counterpart."""
    steps = ka.sales_progress()
    own = attrs.evolve(
        steps, name="ours", stages=(*steps.stages[:6], ka.Stage("legal", "Legal review"))
    )
    assert letters(own) == [*"ABBCCD", None]


@pytest.mark.parametrize("wrong", ["sales_progress", ka.sales_progress, None])
def test_the_preset_in_place_of_its_funnel_is_refused_with_a_hint(wrong: Any) -> None:
    """The preset in place of its funnel is refused with a hint."""
    with pytest.raises(ka.SpecError, match="source must be a Funnel") as error:
        ka.stage_mapping(wrong, ka.lead_to_cash())
    assert "call the preset" in str(error.value)
    with pytest.raises(ka.SpecError, match="target must be a Funnel"):
        ka.stage_mapping(ka.lead_to_cash(), wrong)
