"""The eight core tasks of key-account management, their statuses, and the upkeep channels."""

from __future__ import annotations

from keyaccount.program.term import Term, terms_of

__all__ = ["STATUS_COLUMNS", "TASK_STATUSES", "UPKEEP_COLUMNS", "core_tasks", "upkeep_channels"]

_TASKS = terms_of(
    ("manage_and_report", "Manage and report", "管理与汇报"),
    ("deal_winning_skills", "Deal-winning skills", "打单能力"),
    ("incubate_opportunities", "Incubate opportunities", "培育机会点"),
    ("capture_opportunities", "Capture opportunities", "捕获机会点"),
    ("closer_relationships", "Closer relationships", "关系紧密度"),
    ("solution_acceptance", "Acceptance of our solutions", "方案认可度"),
    ("price_acceptance", "Acceptance of our price", "价格接受度"),
    ("project_behaviour", "Know how projects behave", "项目行为规律"),
)

TASK_STATUSES = terms_of(
    ("not_started", "Not started", "未开始"),
    ("under_way", "Under way", "进行中"),
    ("done", "Done", "已完成"),
)
"""The statuses of a task: a choice of this library, the method names none."""

_CHANNELS = terms_of(
    ("sms", "SMS", "短信"),
    ("email", "E-mail", "邮件"),
    ("phone", "Phone", "电话"),
    ("letter", "Letter", "信函"),
    ("fax", "Fax", "传真"),
    ("visit", "Visit", "拜访"),
    ("wechat", "WeChat", "微信"),
    ("event", "Event", "活动"),
)


STATUS_COLUMNS = (
    "account",
    "completion",
    "completion_high",
    "stalled",
    "undated",
    "unproven",
    "unknown",
)
"""Columns of `task_status` beside the tasks: no task may be called so."""

UPKEEP_COLUMNS = ("account", "overdue", "overdue_channels", "since", "every", "due")
"""Columns of `upkeep` beside the channels: no channel may be called so."""


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
    """Return the channels of upkeep (日常维护): SMS, e-mail, phone, letter, fax, and three more.

    Visit, WeChat and event are on the list by a choice of this library; the source has visits as a
    plan of their own. Other channels are a list of other `Term`.

    Returns
    -------
    tuple of Term
        The channels.

    Examples
    --------
    >>> import keyaccount as ka
    >>> [channel.name_zh for channel in ka.upkeep_channels()]
    ['短信', '邮件', '电话', '信函', '传真', '拜访', '微信', '活动']
    """
    return _CHANNELS
