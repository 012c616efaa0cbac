"""The eight core tasks of key-account management, their statuses, and the upkeep channels."""

from __future__ import annotations

from keyaccount.program.term import Term

__all__ = ["TASK_STATUSES", "core_tasks", "upkeep_channels"]

_TASKS = (
    Term("manage_and_report", "Manage and report", name_zh="管理与汇报"),
    Term("deal_winning_skills", "Deal-winning skills", name_zh="打单能力"),
    Term("incubate_opportunities", "Incubate opportunities", name_zh="培育机会点"),
    Term("capture_opportunities", "Capture opportunities", name_zh="捕获机会点"),
    Term("closer_relationships", "Closer relationships", name_zh="关系紧密度"),
    Term("solution_acceptance", "Acceptance of our solutions", name_zh="方案认可度"),
    Term("price_acceptance", "Acceptance of our price", name_zh="价格接受度"),
    Term("project_behaviour", "Know how projects behave", name_zh="项目行为规律"),
)

TASK_STATUSES = (
    Term("not_started", "Not started", name_zh="未开始"),
    Term("under_way", "Under way", name_zh="进行中"),
    Term("done", "Done", name_zh="已完成"),
)
"""The statuses of a task: a choice of this library, the method names none."""

_CHANNELS = (
    Term("sms", "SMS", name_zh="短信"),
    Term("email", "E-mail", name_zh="邮件"),
    Term("phone", "Phone", name_zh="电话"),
    Term("letter", "Letter", name_zh="信函"),
    Term("fax", "Fax", name_zh="传真"),
    Term("visit", "Visit", name_zh="拜访"),
)


def core_tasks() -> tuple[Term, ...]:
    """Return the eight core tasks of key-account management (八项核心任务).

    Returns
    -------
    tuple of Term
        The tasks, in their order.

    Examples
    --------
    >>> import keyaccount as ka
    >>> [task.name_zh for task in ka.core_tasks()[4:]]
    ['关系紧密度', '方案认可度', '价格接受度', '项目行为规律']
    """
    return _TASKS


def upkeep_channels() -> tuple[Term, ...]:
    """Return the channels of upkeep (日常维护): SMS, e-mail, phone, letter, fax, and the visit.

    The visit is on the list by a choice of this library; the source has it as a plan of its own.

    Returns
    -------
    tuple of Term
        The channels.

    Examples
    --------
    >>> import keyaccount as ka
    >>> [channel.name_zh for channel in ka.upkeep_channels()]
    ['短信', '邮件', '电话', '信函', '传真', '拜访']
    """
    return _CHANNELS
