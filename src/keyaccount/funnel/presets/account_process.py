"""`account_process`: the main process of key-account management, account by account."""

from __future__ import annotations

from keyaccount.funnel.funnel import Funnel
from keyaccount.funnel.presets.plain import plain_stages

__all__ = ["account_process"]

_STEPS = (
    ("identify", "Identify", "识别"),
    ("assign", "Assign", "分配"),
    ("plan", "Plan", "规划"),
    ("incubate_capture_improve", "Incubate, capture, improve", "培育、捕获、提升"),
    ("evaluate", "Evaluate dynamically", "动态评估"),
    ("produce_value", "Produce value", "产生价值"),
    ("appraise", "Appraise", "考核"),
)


def account_process() -> Funnel:
    """Return the main process of key-account management (大客户管理主流程): for accounts.

    What goes through it is an account and not a deal: its id is the account's, and no stage is won.
    Incubating, capturing and improving are one step: an account does all three at a time, for
    different opportunities.

    The process recurs, with a dynamic evaluation every quarter: an account goes on step by step
    and back to any earlier one with `Funnel.regress`, all of it on record.

    Returns
    -------
    Funnel
        Seven open stages, each leading to the next.

    Examples
    --------
    >>> import keyaccount as ka
    >>> process = ka.account_process()
    >>> account = process.open("A-17", at="2026-01-05", stage="evaluate")
    >>> process.regress(account, at="2026-04-01", to="plan", by="li").stage
    'plan'
    """
    return Funnel("account_process", plain_stages(_STEPS), name_zh="大客户管理主流程")
