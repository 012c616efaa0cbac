"""`customer_funnel`: before, in and after the sale."""

from __future__ import annotations

from keyaccount.funnel.funnel import Funnel
from keyaccount.funnel.moves import any_move_forward
from keyaccount.funnel.presets.phases import Phase
from keyaccount.funnel.presets.plain import plain_stages

__all__ = ["customer_funnel", "customer_phases"]

_PRE_SALE = (
    ("leads", "Leads", "线索"),
    ("screening", "Screening", "筛选"),
    ("intent", "Intent", "意向"),
    ("value", "Value", "价值"),
    ("lead_to_opportunity", "Lead to opportunity", "线索转商机"),
)

_IN_SALE = (
    ("needs", "Needs", "需求"),
    ("quote", "Quote", "报价"),
    ("negotiation", "Negotiation", "谈判"),
    ("contract", "Contract", "合同"),
    ("collection", "Collection", "回款"),
    ("invoicing", "Invoicing", "开票"),
)

_AFTER_SALE = (
    ("returns", "Returns", "退货"),
    ("feedback", "Feedback", "反馈"),
    ("work_orders", "Work orders", "工单"),
    ("service_record", "Service record for audit", "服务记录备查"),
)

_PHASES = (
    ("pre_sale", "Pre-sale", "售前", _PRE_SALE),
    ("in_sale", "In-sale", "售中", _IN_SALE),
    ("after_sale", "After-sale", "售后", _AFTER_SALE),
)


def customer_funnel() -> Funnel:
    """Return the customer funnel (客户漏斗): fifteen stages before, in and after the sale.

    Collection belongs to the sale here and is the last stage in A to F: funnels are mapped, never
    merged. The published method gives no chances of winning, no plan and no gates. It does not say
    in which stage a deal is won, so that no stage is, and the stages after the sale stay open ones:
    `Funnel.win` decides a deal in the last stage, or earlier with an override.

    Returns
    -------
    Funnel
        Fifteen open stages; any of them leads to any later one, since not every deal sees returns
        or work orders (a choice of this library). Where nobody names a stage, to the next one.

    See Also
    --------
    customer_phases : which stages are pre-sale, in-sale and after-sale.
    stage_mapping : from the stages of one funnel to those of another.

    Examples
    --------
    >>> import keyaccount as ka
    >>> funnel = ka.customer_funnel()
    >>> deal = funnel.open("OPP-1", at="2026-09-01", stage="invoicing")
    >>> funnel.advance(deal, at="2026-09-08").stage
    'returns'
    >>> funnel.advance(deal, at="2026-09-08", to="service_record").stage
    'service_record'
    """
    stages = plain_stages((*_PRE_SALE, *_IN_SALE, *_AFTER_SALE))
    return Funnel("customer_funnel", stages, name_zh="客户漏斗", moves=any_move_forward(stages))


def customer_phases() -> tuple[Phase, ...]:
    """Return the phases of the customer funnel: pre-sale (售前), in-sale (售中), after-sale (售后).

    Returns
    -------
    tuple of Phase
        ``pre_sale``, ``in_sale`` and ``after_sale``: every stage in one of them.

    Examples
    --------
    >>> import keyaccount as ka
    >>> phase_of = {code: p.code for p in ka.customer_phases() for code in p.stages}
    >>> phase_of["collection"], phase_of["returns"]
    ('in_sale', 'after_sale')
    """
    return tuple(
        Phase(code, [stage for stage, _, _ in rows], name=name, name_zh=name_zh)
        for code, name, name_zh, rows in _PHASES
    )
