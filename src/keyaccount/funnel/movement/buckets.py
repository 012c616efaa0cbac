"""The buckets of a waterfall: what may happen to a deal between two dates."""

from __future__ import annotations

from typing import Any, Final

import attrs

from keyaccount._validators import exact_tuple
from keyaccount.errors import SpecError

__all__ = ["BUCKETS", "CODES", "OVERLAPPING", "Bucket", "ordered"]


@attrs.frozen
class Bucket:
    """One bucket: its code, its labels, and what it holds."""

    code: str
    name: str
    name_zh: str
    holds: str


BUCKETS: Final = (
    Bucket("new", "New", "新增", "first seen on the second date"),
    Bucket("reopened", "Reopened", "重新打开", "was decided, is open again"),
    Bucket("moved_in", "Moved in", "移入本期", "expected in the period now"),
    Bucket("amount_up", "Amount increase", "金额增加", "the amount has grown"),
    Bucket("amount_down", "Amount decrease", "金额减少", "the amount has shrunk"),
    Bucket("moved_out", "Moved out", "移出本期", "no longer expected in the period"),
    Bucket("lost", "Lost", "丢单", "was not lost, is lost now"),
    Bucket("won", "Won", "赢单", "was not won, is won now"),
    Bucket("removed", "Removed", "已删除", "was open, is no longer in the table"),
    Bucket("slipped", "Slipped", "推迟", "expected to close later"),
    Bucket("regressed", "Regressed", "阶段后退", "went back to an earlier stage"),
    Bucket("advanced", "Advanced", "阶段推进", "came to a later stage"),
    Bucket("pulled_forward", "Pulled forward", "提前", "expected to close earlier"),
    Bucket("unchanged", "Unchanged", "无变化", "open on both dates, nothing happened"),
    Bucket("outside", "Outside", "不在本期", "in the pipeline looked at on neither date"),
)
"""Every bucket, in the order in which a waterfall is drawn."""

CODES: Final = tuple(b.code for b in BUCKETS)

OVERLAPPING: Final = (
    "amount_up",
    "amount_down",
    "slipped",
    "regressed",
    "advanced",
    "pulled_forward",
)
"""What may hold together for a deal that stays in the pipeline, the first first.

Amounts come first so that every bucket of money holds all of its money, and the others none. The
order is a choice of this library.
"""


def ordered(priority: Any) -> tuple[str, ...]:
    """Read in which order the overlapping buckets take deals.

    Raises
    ------
    SpecError
        It is not each of them once.
    """
    given: Any = OVERLAPPING if priority is None else exact_tuple(priority)
    named = isinstance(given, tuple) and all(isinstance(p, str) for p in given)
    if not named or sorted(given) != sorted(OVERLAPPING):
        raise SpecError.from_field(
            "waterfall(priority)",
            f"must name each of {', '.join(OVERLAPPING)} once",
            priority,
            "the first that holds for a deal takes it.",
        )
    found: tuple[str, ...] = given
    return found
