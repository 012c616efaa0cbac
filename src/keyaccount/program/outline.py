"""The outline of a key-account programme: its elements, steps, scenes, lines and questions."""

from __future__ import annotations

from keyaccount.program.element import ProgrammeElement
from keyaccount.program.symptoms.check_item import CheckItem
from keyaccount.program.tasks.core_tasks import core_tasks
from keyaccount.program.term import Term, terms_of

__all__ = [
    "account_scenes",
    "evaluation_questions",
    "management_lines",
    "programme_elements",
    "programme_steps",
]

_STEPS = terms_of(
    ("judge", "How to judge who is a key account", "如何判断"),
    ("own", "Who owns the account", "谁来负责"),
    ("strategy", "Strategy and tactics: resources and the account plan", "策略与战术"),
    ("process", "The main process", "主流程"),
    ("evaluate", "Dynamic evaluation", "动态评估"),
)
_SCENES = terms_of(
    ("pre_sale", "Pre-sale", "售前"),
    ("pursuit", "Pursuit", "打单"),
    ("delivery", "Delivery", "交付"),
    ("after_sale", "After-sale", "售后"),
)
_PEOPLE = terms_of(
    ("ours.pre_sale", "Ours: pre-sales", "我方售前"),
    ("ours.sales", "Ours: sales", "我方销售"),
    ("ours.delivery", "Ours: delivery", "我方交付"),
    ("ours.service", "Ours: service", "我方服务"),
    ("customer.key", "The customer's key people", "客户关键人"),
    ("customer.indirect", "The customer's indirectly key people", "客户间接关键人"),
    ("third_party.decides", "Third parties that decide", "有决策作用的第三方"),
)
_LINES = terms_of(
    ("ESP+", "Key-account management", "大客户管理"),
    ("TAS+", "Sales process", "销售流程"),
    ("MCI", "Sales support", "销售支持"),
    ("ECM", "People network", "人际网络"),
    ("PBM", "Project behaviour", "项目行为"),
    ("CSM", "Customer service", "客户服务"),
)
_ELEMENTS = (
    ProgrammeElement("time", "Time: the lifecycle", name_zh="时间"),
    ProgrammeElement(
        "scene", "Scene: what is going on with the customer", name_zh="场景", parts=_SCENES
    ),
    ProgrammeElement(
        "people",
        "People: ours, the customer's, and third parties that decide",
        name_zh="人",
        parts=_PEOPLE,
    ),
    ProgrammeElement("tasks", "Tasks", name_zh="任务", parts=core_tasks()),
    ProgrammeElement(
        "main_line",
        "Main line: key-account management is the axis",
        name_zh="主线",
        parts=_LINES,
    ),
)
_QUESTIONS = (
    CheckItem(
        "still_key",
        "Still a key account",
        name_zh="是否仍是大客户",
        question="Is it still a key account?",
        question_zh="它是否仍是大客户？",
    ),
    CheckItem(
        "coverage",
        "Coverage",
        name_zh="覆盖",
        question="Are the right people of ours on it?",
        question_zh="我们的覆盖是否合适？",
    ),
    CheckItem(
        "strategy",
        "Strategy and tactics",
        name_zh="策略与战术",
        question="Does the account plan hold against what happened?",
        question_zh="客户规划与实际相比是否仍然成立？",
    ),
    CheckItem(
        "tasks",
        "Core tasks",
        name_zh="核心任务",
        question="How do the eight core tasks stand?",
        question_zh="八项核心任务进展如何？",
    ),
)


def programme_elements() -> tuple[ProgrammeElement, ...]:
    """Return the five elements of key-account management, with their parts.

    The parts of time are the stages of the lifecycle, which have a model of their own.

    Returns
    -------
    tuple of ProgrammeElement
        Time, scene, people, tasks, main line.

    Examples
    --------
    >>> import keyaccount as ka
    >>> [element.code for element in ka.programme_elements()]
    ['time', 'scene', 'people', 'tasks', 'main_line']
    >>> for part in ka.programme_elements()[2].parts:
    ...     print(part.name, part.name_zh)
    Ours: pre-sales 我方售前
    Ours: sales 我方销售
    Ours: delivery 我方交付
    Ours: service 我方服务
    The customer's key people 客户关键人
    The customer's indirectly key people 客户间接关键人
    Third parties that decide 有决策作用的第三方
    """
    return _ELEMENTS


def programme_steps() -> tuple[Term, ...]:
    """Return the five steps of key-account management.

    The fourth, the main process, is a funnel for accounts: `account_process`.

    Returns
    -------
    tuple of Term
        How to judge, who owns, strategy and tactics, the main process, dynamic evaluation.

    Examples
    --------
    >>> import keyaccount as ka
    >>> [step.code for step in ka.programme_steps()]
    ['judge', 'own', 'strategy', 'process', 'evaluate']
    """
    return _STEPS


def account_scenes() -> tuple[Term, ...]:
    """Return the scenes in which we meet a customer.

    Returns
    -------
    tuple of Term
        Pre-sale, pursuit, delivery, after-sale.

    Examples
    --------
    >>> import keyaccount as ka
    >>> [scene.name_zh for scene in ka.account_scenes()]
    ['售前', '打单', '交付', '售后']
    """
    return _SCENES


def management_lines() -> tuple[Term, ...]:
    """Return the lines of work: key-account management (ESP+) is the axis, five are around it.

    Returns
    -------
    tuple of Term
        ESP+, then TAS+, MCI, ECM, PBM and CSM.

    Examples
    --------
    >>> import keyaccount as ka
    >>> [line.code for line in ka.management_lines()]
    ['ESP+', 'TAS+', 'MCI', 'ECM', 'PBM', 'CSM']
    """
    return _LINES


def evaluation_questions() -> tuple[CheckItem, ...]:
    """Return the four questions of the dynamic evaluation (动态评估), asked every quarter.

    Returns
    -------
    tuple of CheckItem
        Still key, coverage, strategy and tactics, core tasks.

    Examples
    --------
    >>> import keyaccount as ka
    >>> [item.code for item in ka.evaluation_questions()]
    ['still_key', 'coverage', 'strategy', 'tasks']
    """
    return _QUESTIONS
