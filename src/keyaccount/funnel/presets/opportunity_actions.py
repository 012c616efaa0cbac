"""Key results and key actions of the opportunity funnel, as data in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from keyaccount.funnel.key_actions import KeyAction, KeyResult

__all__ = ["KEY_ACTIONS", "KEY_RESULTS"]

_COACH, _DECIDER, _USER = "coach", "decision_maker", "user"
_EXPERT, _INFLUENCER = "technical_expert", "influencer"
_BOTH = (_USER, _EXPERT)

_RESULTS = {
    "A": ("needs_understood", "The customer's needs are understood", "了解客户需求"),
    "B": (
        "need_confirmed",
        "The customer's need of a product, and intention, are confirmed",
        "确认客户的产品需求与意向",
    ),
    "C": (
        "solution_presented",
        "A product that fits the concrete situation is offered and presented in detail",
        "针对具体情况提供产品并作详细介绍",
    ),
    "D": (
        "terms_agreed",
        "Price, effect, steps and service are agreed",
        "就价格、效果、步骤与服务达成一致",
    ),
}

# Code, name, Chinese name, and the buyer roles that the action names.
_UNDERSTAND = (
    ("coach_developed", "Find and develop a coach", "找到并发展线人", (_COACH,)),
    ("organisation_known", "Know the organisation", "了解客户组织架构", ()),
    ("buyer_relations_known", "Know how the five buyers relate", "了解五个买者之间的关系", ()),
    ("problems_known", "Know the problems of the company", "了解企业存在的问题", ()),
    ("industry_known", "Know its industry", "了解企业所在行业", ()),
    ("rivals_spotted", "Find out whether rivals are in", "了解竞争对手是否已介入", ()),
    ("our_image_known", "Know what it thinks of us", "了解客户对我们的看法", ()),
    ("acceptance_known", "Know how it accepts our products", "了解客户对我们产品的接受程度", ()),
    (
        "decision_maker_interest_known",
        "Learn from the coach how much the decision maker cares about our product's field",
        "通过线人了解决策者对我们产品领域的重视程度",
        (_COACH, _DECIDER),
    ),
    ("need_checked", "Find out whether there is a need", "了解是否存在需求", ()),
)

_CONFIRM = (
    (
        "user_and_expert_trust_won",
        "Win the trust of users and technical experts",
        "取得使用者和技术专家的信任",
        _BOTH,
    ),
    (
        "coaches_won",
        "Make coaches of users and technical experts",
        "把使用者和技术专家发展成线人",
        (*_BOTH, _COACH),
    ),
    (
        "decision_maker_impressed",
        "Make a good first impression on the decision maker",
        "给决策者留下良好的第一印象",
        (_DECIDER,),
    ),
    (
        "main_problem_known",
        "Know the biggest management problem, and whether the company survives, grows or is mature",
        "了解最大的管理问题和企业所处阶段（生存、成长、成熟）",
        (),
    ),
    (
        "decision_maker_values_known",
        "Know the decision maker's buying values and persuasion type",
        "了解决策者的购买价值观和说服类型",
        (_DECIDER,),
    ),
    ("need_settled", "Settle the need through the gap", "通过差距锁定需求", ()),
    ("testimonials_given", "Give testimonials of customers", "提供客户见证", ()),
    ("rivals_known", "Gather information on rivals", "收集竞争对手信息", ()),
    (
        "sales_plan_made",
        "Weigh strengths and weaknesses against rivals: strategy and sales plan",
        "对比竞争对手分析优劣势，制定策略与销售计划",
        (),
    ),
    ("decision_process_known", "Know the decision process", "了解决策流程", ()),
)

_VALIDATE = (
    ("deal_team_built", "Build the deal team with consultants", "与顾问组建项目团队", ()),
    (
        "decision_strategy_made",
        "Make a strategy for the decision process",
        "针对决策流程制定策略",
        (),
    ),
    (
        "plan_fitted",
        "Fit the plan to the decision maker's values and persuasion type",
        "按决策者的价值观和说服类型制定方案",
        (_DECIDER,),
    ),
    (
        "influencers_impressed",
        "Make a good impression on influencers, so that they do not object",
        "给影响者留下好印象，使其不反对",
        (_INFLUENCER,),
    ),
    (
        "decision_maker_trust_won",
        "The decision maker trusts us and has seen the plan",
        "决策者信任我们并看过方案",
        (_DECIDER,),
    ),
    (
        "main_objection_known",
        "Know the main objection and the main opponent",
        "了解主要的反对意见和反对者",
        (),
    ),
    (
        "inside_push_won",
        "Users and technical experts help the decision maker to push it inside",
        "使用者和技术专家协助决策者在内部推动",
        (*_BOTH, _DECIDER),
    ),
    (
        "price_and_terms_known",
        "Know the expected price, the terms and special promises",
        "了解价格期望、条款和特殊承诺",
        (),
    ),
    (
        "rival_offer_known",
        "Know the rival's plan, quote and strategy; executives of both sides meet",
        "了解竞争对手的方案、报价和策略，安排双方高层会面",
        (),
    ),
    (
        "visits_made",
        "Visits to reference customers and to us",
        "安排客户参观样板客户和我公司",
        (),
    ),
    ("plan_explained", "Consultants explain the plan", "顾问讲解方案", ()),
    (
        "decision_circle_heard",
        "Get inside information of the decision circle through the coach",
        "通过线人了解决策圈的内部信息",
        (_COACH,),
    ),
)

_NEGOTIATE = (
    (
        "decision_worries_known",
        "Learn from the coach how far the decision circle is and what worries it",
        "通过线人了解决策圈的进展和顾虑",
        (_COACH,),
    ),
    (
        "director_supported",
        "Our director or branch general manager supports the talks",
        "我方总监或分公司总经理支持谈判",
        (),
    ),
    (
        "negotiating_plan_made",
        "Make an individual negotiating plan for those worries",
        "针对顾虑制定个性化谈判方案",
        (),
    ),
    (
        "approval_pushed",
        "Users and technical experts push the approval",
        "使用者和技术专家推动审批",
        _BOTH,
    ),
    ("basic_agreement_reached", "Reach a basic agreement", "达成基本共识", ()),
    ("rivals_weakened", "Weaken rivals from several sides", "从多方面削弱竞争对手", ()),
    ("objections_weakened", "Weaken objections inside", "削弱客户内部的反对意见", ()),
    (
        "support_requested",
        "Ask our company for support and added value",
        "向公司申请支持和增值服务",
        (),
    ),
    ("framework_intent_reached", "Reach a framework intent", "达成框架意向", ()),
)

_ACTIONS = {"A": _UNDERSTAND, "B": _CONFIRM, "C": _VALIDATE, "D": _NEGOTIATE}

KEY_RESULTS: Final[Mapping[str, KeyResult]] = {
    letter: KeyResult(code, name, name_zh=zh) for letter, (code, name, zh) in _RESULTS.items()
}
"""The key result of each stage that has one, by letter."""

KEY_ACTIONS: Final[Mapping[str, tuple[KeyAction, ...]]] = {
    letter: tuple(KeyAction(code, name, name_zh=zh, roles=roles) for code, name, zh, roles in rows)
    for letter, rows in _ACTIONS.items()
}
"""The key actions of each stage that has some, by letter: all of them advisory."""
