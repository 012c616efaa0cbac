"""The outline of a key-account programme: its elements, steps, scenes, lines and questions."""

from __future__ import annotations

from keyaccount.program.symptoms.check_item import CheckItem
from keyaccount.program.term import Term

__all__ = [
    "account_scenes",
    "evaluation_questions",
    "management_lines",
    "programme_elements",
    "programme_steps",
]

_ELEMENTS = (
    Term("time", "Time: the lifecycle", name_zh="时间"),
    Term("scene", "Scene: what is going on with the customer", name_zh="场景"),
    Term("people", "People: ours, the customer's, and third parties that decide", name_zh="人"),
    Term("tasks", "Tasks", name_zh="任务"),
    Term("main_line", "Main line: key-account management is the axis", name_zh="主线"),
)
_STEPS = (
    Term("judge", "How to judge who is a key account", name_zh="如何判断"),
    Term("own", "Who owns the account", name_zh="谁来负责"),
    Term("strategy", "Strategy and tactics: resources and the account plan", name_zh="策略与战术"),
    Term("process", "The main process", name_zh="主流程"),
    Term("evaluate", "Dynamic evaluation", name_zh="动态评估"),
)
_SCENES = (
    Term("pre_sale", "Pre-sale", name_zh="售前"),
    Term("pursuit", "Pursuit", name_zh="打单"),
    Term("delivery", "Delivery", name_zh="交付"),
    Term("after_sale", "After-sale", name_zh="售后"),
)
_LINES = (
    Term("ESP+", "Key-account management", name_zh="大客户管理"),
    Term("TAS+", "Sales process", name_zh="销售流程"),
    Term("MCI", "Sales support", name_zh="销售支持"),
    Term("ECM", "People network", name_zh="人际网络"),
    Term("PBM", "Project behaviour", name_zh="项目行为"),
    Term("CSM", "Customer service", name_zh="客户服务"),
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


def programme_elements() -> tuple[Term, ...]:
    """Return the five elements of key-account management.

    Returns
    -------
    tuple of Term
        Time, scene, people, tasks, main line.

    Examples
    --------
    >>> import keyaccount as ka
    >>> [element.code for element in ka.programme_elements()]
    ['time', 'scene', 'people', 'tasks', 'main_line']
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
