"""Numbers, names and lists as a reader expects them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from keyaccount.groups import ByGroup

__all__ = [
    "Lines",
    "by_group",
    "indented",
    "listed",
    "named",
    "number",
    "percent",
    "several",
]

Lines: TypeAlias = list[str]
"""What is said of a spec, line by line; two spaces in front make a line one of the line above."""


def number(value: float) -> str:
    """Write a number as it was meant: 1,000 and 0.05."""
    return f"{value:,.12g}"


def percent(value: float) -> str:
    """Write a share as a percentage."""
    return f"{100 * value:.10g} %"


def several(count: int, what: str, many: str = "") -> str:
    """Write a count of something: one account, 3 accounts."""
    return f"one {what}" if count == 1 else f"{count:,} {many or what + 's'}"


def listed(items: Iterable[Any], last: str = "and") -> str:
    """Write a list: a, b and c."""
    words = [str(item) for item in items]
    if len(words) < 2:  # noqa: PLR2004 - a list of one needs no word between
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def named(name: str, name_zh: str = "", code: str = "") -> str:
    """Write a name with its Chinese one, and the code where that says something else."""
    text = name or code
    text += f" ({name_zh})" if name_zh and name_zh != text else ""
    return text if not code or code.casefold() == text.casefold() else f"{code}: {text}"


def by_group(value: Any, say: Callable[[Any], str]) -> str:
    """Say a constant, or one per group."""
    if not isinstance(value, ByGroup):
        return say(value)
    own = [f"{label}: {say(constant)}" for label, constant in value.groups]
    rest = [] if value.pool is None else [f"all others: {say(value.pool)}"]
    return "; ".join([*own, *rest])


def indented(lines: Lines) -> Lines:
    """Move lines one step in."""
    return [f"  {line}" for line in lines]
