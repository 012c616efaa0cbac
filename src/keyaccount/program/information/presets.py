"""`information_map`: what there is to know about a key account."""

from __future__ import annotations

from keyaccount.program.information.field import InformationField
from keyaccount.program.information.map import InformationMap

__all__ = ["information_map"]

_TOP = (
    ("external_environment", "External environment", "外部环境", ("influencer", "coach")),
    ("customer_strategy", "Customer strategy", "客户战略", ("decision_maker",)),
    ("business_strategies", "Business strategies", "业务策略", ("decision_maker",)),
    ("gap", "Gap between strategy and reality", "战略与现实的差距", ("decision_maker", "coach")),
    ("key_people", "Key people", "关键人", ("coach",)),
    ("customers_customers", "The customer's customers", "客户的客户", ("user", "influencer")),
)
_BUSINESS = (
    ("rd", "R&D", "研发", ("technical_expert",)),
    ("production", "Production", "生产", ("user", "technical_expert")),
    ("supply_chain", "Supply chain", "供应链", ("user",)),
    ("talent", "Talent", "人才", ("decision_maker",)),
)
_ASPECTS = (
    ("system", "system", "体系"),
    ("capability", "capability", "能力"),
    ("management", "management", "管理"),
    ("process", "process", "流程"),
    ("evaluation", "evaluation of results", "结果评价"),
    ("scenarios", "typical scenarios", "典型场景"),
)
_PEOPLE = (
    ("metrics", "Key people's metrics", "关键人的考核指标"),
    ("plans", "Key people's plans", "关键人的计划"),
)


def information_map(max_age_days: float | None = None) -> InformationMap:
    """Return the information map of a key account (客户信息地图).

    The external environment; the customer's strategy; its business strategies (R&D, production,
    supply chain, talent), each with system, capability, management, process, evaluation of results
    and typical scenarios; the gap between strategy and reality, where our value lies; the metrics
    and plans of its key people; its own customers.

    Whom to ask and equal weights are choices of this library.

    Parameters
    ----------
    max_age_days
        Days after which an entry is stale. None: nothing gets stale; the method gives no figure.

    Returns
    -------
    InformationMap
        A tree with 30 leaves.

    Raises
    ------
    SpecError
        The age is not above 0.

    Examples
    --------
    >>> import keyaccount as ka
    >>> tree = ka.information_map()
    >>> len(tree.leaves), tree.ask_for("rd.system"), tree.path("rd.system")[1].name_zh
    (30, ('technical_expert',), '研发')
    """
    fields = [InformationField(c, name, name_zh=zh, ask=ask) for c, name, zh, ask in _TOP]
    for code, name, zh, ask in _BUSINESS:
        top = "business_strategies"
        fields.append(InformationField(code, name, name_zh=zh, branch=top, ask=ask))
        fields += [
            InformationField(
                f"{code}.{a}", f"{name}: {said}", name_zh=f"{zh}：{said_zh}", branch=code
            )
            for a, said, said_zh in _ASPECTS
        ]
    fields += [
        InformationField(f"key_people.{c}", name, name_zh=zh, branch="key_people")
        for c, name, zh in _PEOPLE
    ]
    return InformationMap(
        "information_map", fields, name_zh="客户信息地图", max_age_days=max_age_days
    )
