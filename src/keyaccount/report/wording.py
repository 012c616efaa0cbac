"""What the codes of the library are called on the page, in English and in Chinese."""

from __future__ import annotations

from functools import cache
from typing import Final

from keyaccount._words import Words
from keyaccount.lifecycle.stages import NAMES_ZH, STAGES
from keyaccount.scoring.selection.reasons import MEANINGS
from keyaccount.segments.migrated import ABSENT, UNKNOWN
from keyaccount.segments.rfm import eight_segments

__all__ = ["code_name", "criterion_name", "decision_name", "mover_name", "seat_reason", "sum_name"]

_CRITERIA: Final = {
    "sales": "销售额",
    "potential": "潜力",
    "showcase": "示范作用",
    "win_and_deliver": "能赢能做",
}
_DECISIONS: Final = {
    "promote": ("promote", "晋升"),
    "keep": ("keep", "保留"),
    "hold": ("hold", "暂留"),
    "demote": ("demote", "降级"),
    "watch": ("watch", "关注"),
}
_REASONS_ZH: Final = {
    "below_cut": "落选：得分低于入选线",
    "below_threshold": "落选：得分低于所在组的门槛",
    "unscored": "落选：没有得分",
    "rejected": "落选：必须已知的要素未知",
    "excluded_by_override": "落选：特批排除",
    "included_by_override": "入选：特批",
    "minimum_tenure": "入选：成为大客户时间尚短，不能退出",
    "rank": "入选：凭得分",
    "held": "入选：在任大客户，挑战者和门槛均未超出保留幅度",
    "kept_by_change_cap": "入选：本次可变动的席位有限，予以保留",
    "waits_for_change_cap": "落选：本次可变动的席位有限，需等待",
    "tied_at_cut": "落选：在入选线上并列，席位不足",
    "displaced_by_override": "落选：席位由特批客户占用",
    "displaced_by_hold": "落选：领先在任大客户的幅度不够",
    "displaced_by_tenure": "落选：席位由任期未满的大客户占用",
    "no_seat": "落选：已无可凭得分获得的席位",
}
_MOVERS_ZH: Final = {
    "its own data": "自身数据",
    "an account's own data": "自身数据",
    "what the others did": "其他客户的变化",
    "incumbency and time": "任期与时间",
    "the scorer": "评分规则",
    "the policy of selection": "选择规则",
    "special approvals": "特批",
}
_SUMS_ZH: Final = {
    "won value": "赢单金额",
    "open value at stage probability": "在途商机加权金额",
    "order value": "订单金额",
    "closed before the window": "统计期之前关闭",
    "closed after the day": "当日之后关闭",
    "opened after the day": "当日之后开始",
    "before the window": "统计期之前",
    "after the day": "当日之后",
    "copy of another row": "重复的行",
    "id with different contents": "同一编号内容不同",
    "no account": "无客户",
    "unknown account": "客户不在客户表中",
    "no close date": "没有关闭日期",
    "no date": "没有日期",
}
_WORDS: Final = {
    "key": ("key", "大客户"),
    "not_key": ("not key", "非大客户"),
    ABSENT: ("not in the book", "不在客户表中"),
    UNKNOWN: ("unknown", "未知"),
    "sector": ("sector", "行业"),
    "seat": ("seat", "席位"),
    "segment": ("segment", "客户分群"),
    "tier": ("tier", "客户级别"),
    "lifecycle_stage": ("lifecycle stage", "生命周期阶段"),
    "person": ("person", "人员"),
    "manager": ("manager", "经理"),
    "region": ("region", "区域"),
}


def criterion_name(code: str, words: Words) -> str:
    """Give what a criterion is called; one that is not of the method by its code."""
    return words.say(_spaced(code), _CRITERIA.get(code, _spaced(code)))


def decision_name(code: str, words: Words) -> str:
    """Give what a decision is called."""
    return words.say(*_DECISIONS[code])


def mover_name(said: str, words: Words) -> str:
    """Say what moved a seat, or several things that did together."""
    return words.say(said, "、".join(_MOVERS_ZH.get(part, part) for part in said.split(" and ")))


def seat_reason(code: str, words: Words) -> str:
    """Say why an account is key or is not."""
    meanings = {reason.word: meaning for reason, meaning in MEANINGS.items()}
    return words.say(meanings[code], _REASONS_ZH[code])


def sum_name(said: str, words: Words) -> str:
    """Give what a sum of money is called, or why money is not in it."""
    return words.say(said, _SUMS_ZH.get(said, said))


def code_name(code: object, words: Words) -> str:
    """Give what a segment, a lifecycle stage or another code is called; its text where unknown."""
    said = str(code)
    english, chinese = _named().get(said, (_spaced(said), _spaced(said)))
    return words.say(english, chinese)


@cache
def _named() -> dict[str, tuple[str, str]]:
    stages = {code: (code, chinese) for code, chinese in zip(STAGES, NAMES_ZH, strict=True)}
    segments = {s.code: (s.name, s.name_zh) for s in eight_segments().segments}
    return {**_WORDS, **stages, **segments}


def _spaced(code: str) -> str:
    return code.replace("_", " ")
