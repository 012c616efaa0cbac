"""`lead_to_cash`: from the market to a closed contract, with the roles that lead."""

from __future__ import annotations

import attrs

from keyaccount.funnel.funnel import Funnel
from keyaccount.funnel.presets.plain import plain_stages

__all__ = ["lead_to_cash"]

_STAGES = (
    (
        "market_research",
        "Market research and early development",
        "市场调研与前期拓展",
    ),
    ("lead", "Lead", "线索"),
    ("opportunity", "Opportunity", "机会点"),
    ("pursuit", "Pursuit", "打单"),
    ("contract", "Contract", "合同"),
    ("delivery", "Delivery", "交付"),
    ("payment", "Payment", "回款"),
    ("contract_closed", "Contract closed", "合同关闭"),
)

_LED_BY = {"lead": "AR", "delivery": "FR"}


def lead_to_cash() -> Funnel:
    """Return the funnel from lead to cash (LTC, 线索到回款): eight stages.

    The published method names the leading role of two stages: AR, responsible for the account, of
    the lead, and FR, responsible for fulfilment, of the delivery. The others are None. It gives no
    chances of winning, no plan and no gates. It does not say in which stage a deal is won, so that
    no stage is: `Funnel.win` decides a deal in the last stage, or earlier with an override.

    Returns
    -------
    Funnel
        Eight open stages, each leading to the next.

    See Also
    --------
    AppraisalShares : how much each role counts in the appraisal of each stage.
    stage_mapping : from the stages of one funnel to those of another.

    Examples
    --------
    >>> import keyaccount as ka
    >>> {s.code: s.led_by for s in ka.lead_to_cash().stages if s.led_by}
    {'lead': 'AR', 'delivery': 'FR'}
    """
    stages = tuple(attrs.evolve(s, led_by=_LED_BY.get(s.code)) for s in plain_stages(_STAGES))
    return Funnel("lead_to_cash", stages, name_zh="线索到回款")
