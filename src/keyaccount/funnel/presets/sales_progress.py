"""`sales_progress`: a sale in eight steps."""

from __future__ import annotations

from keyaccount.funnel.funnel import Funnel
from keyaccount.funnel.presets.plain import plain_stages

__all__ = ["sales_progress"]

_STEPS = (
    ("understand_need", "Understand the need", "了解需求"),
    ("confirm_need", "Confirm the need", "确认需求"),
    ("confirm_product", "Confirm the product", "确认产品"),
    ("make_plan", "Make the plan", "制定方案"),
    ("present_product", "Present the product", "产品介绍"),
    ("negotiate", "Negotiate", "商务谈判"),
    ("sign_contract", "Sign the contract", "签订合同"),
    ("collect_and_serve", "Collect and serve", "回款与服务"),
)


def sales_progress() -> Funnel:
    """Return the sales progress (销售进程): eight steps, from the need to collection and service.

    The method names the steps and gives no chances of winning, no plan and no gates: all are None.
    It does not say in which step a deal is won, so that no stage is: `Funnel.win` decides a deal in
    the last step, or earlier with an override.

    Returns
    -------
    Funnel
        Eight open stages, each leading to the next.

    See Also
    --------
    stage_mapping : the steps as stages A, B, B, C, C, D, E and F.

    Examples
    --------
    >>> import keyaccount as ka
    >>> steps = ka.sales_progress()
    >>> [stage.code for stage in steps.stages][:3]
    ['understand_need', 'confirm_need', 'confirm_product']
    >>> deal = steps.open("OPP-1", at="2026-09-01", stage="collect_and_serve")
    >>> steps.win(deal, at="2026-10-15").outcome
    'won'
    """
    return Funnel("sales_progress", plain_stages(_STEPS), name_zh="销售进程")
