"""`iron_triangle`: the three responsibilities that every key account needs."""

from __future__ import annotations

from keyaccount.program.coverage.role import CoverageRole

__all__ = ["iron_triangle"]

_TRIANGLE = (
    CoverageRole(
        "AR",
        "Account responsible",
        name_zh="客户责任人",
        duties=(
            "relationship",
            "needs",
            "negotiation",
            "contract",
            "collection",
            "daily at the customer",
        ),
        duties_zh=("客户关系", "需求", "谈判", "合同", "回款", "每天在客户现场"),
    ),
    CoverageRole(
        "SR",
        "Solution responsible",
        name_zh="解决方案责任人",
        duties=(
            "product needs",
            "design",
            "quote and bid",
            "technical issues",
            "function",
            "feature",
            "compatibility",
            "fit",
        ),
        duties_zh=(
            "产品需求",
            "方案设计",
            "报价与投标",
            "技术问题",
            "功能",
            "特性",
            "兼容性",
            "适配性",
        ),
    ),
    CoverageRole(
        "FR",
        "Fulfilment responsible",
        name_zh="交付责任人",
        duties=(
            "order",
            "manufacture",
            "logistics",
            "installation",
            "acceptance",
            "maintenance",
            "on board from initiation to contract",
        ),
        duties_zh=("订单", "制造", "物流", "安装", "验收", "维护", "从立项到合同全程参与"),
        parts=(
            "leader",
            "risk controller",
            "plan maker",
            "builder of the delivery environment",
            "owner of operating quality and satisfaction",
        ),
        parts_zh=("负责人", "风险控制人", "计划制定人", "交付环境建设人", "运营质量与满意度责任人"),
    ),
)


def iron_triangle() -> tuple[CoverageRole, ...]:
    """Return the iron triangle (铁三角): who answers for the account, the solution, the delivery.

    The account responsible is with the customer daily; the fulfilment responsible is on board from
    the initiation to the contract and after it.

    Returns
    -------
    tuple of CoverageRole
        AR, SR and FR, with their duties in English and Chinese.

    Examples
    --------
    >>> import keyaccount as ka
    >>> [role.code for role in ka.iron_triangle()]
    ['AR', 'SR', 'FR']
    >>> ka.iron_triangle()[2].duties[:2]
    ('order', 'manufacture')
    """
    return _TRIANGLE
