"""Read single values strictly: ``"5"`` is no 5, and 1.0 is not True."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final, TypeAlias

from keyaccount._validators import exact_date
from keyaccount.playbook.faults import Fault, allowed_here, expected, shown

__all__ = ["SCALARS", "Read", "constant", "number", "one_of", "text"]

Read: TypeAlias = Callable[[Any, Any], Any]
"""How cattrs reads: a value and the type it should be."""

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


def _number_hint(got: object, otherwise: str) -> str:
    quoted = isinstance(got, str) and _NUMBER.fullmatch(got) is not None
    return f"write it without quotes: {got}" if quoted else otherwise


def number(value: Any, _type: object = float) -> float:
    """Read a finite number; a whole one will do, true and false will not."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise expected(value, "a number", _number_hint(value, "write a plain number, such as 0.5."))
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise expected(value, "a finite number", "leave it out where it is not known.")
    return found


def whole(value: Any, _type: object = int) -> int:
    """Read a whole number, written as one."""
    if isinstance(value, bool) or not isinstance(value, int):
        hint = _number_hint(value, "write a whole number without decimals, such as 10.")
        raise expected(value, "a whole number", hint)
    return value


def truth(value: Any, _type: object = bool) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise expected(value, "true or false", "write true or false, without quotes.")
    return value


def text(value: Any, _type: object = str) -> str:
    """Read a text."""
    if not isinstance(value, str):
        raise expected(value, "a text", f'write it in quotes: "{shown(value)}"')
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        problem = f"a text holds half a character (got {shown(value)})"
        raise Fault(problem, "remove the lone surrogate; UTF-8 cannot hold it.") from None
    return value


def day(value: Any, _type: object = date) -> date:
    """Read a date: one of TOML's own, or the text YYYY-MM-DD."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and isinstance(found := exact_date(value), date):
        return found  # 2026-02-30 looks like a date
    raise expected(value, "a date", "write it as YYYY-MM-DD, without a time of day.")


def constant(value: Any, _type: object = object) -> bool | int | float | str:
    """Read a constant whose type nobody states."""
    if isinstance(value, float):
        return number(value)
    if isinstance(value, str):
        return text(value)
    if not isinstance(value, int | str):
        raise expected(value, "a constant", "write a number, a text, true or false.")
    return value


def one_of(words: Sequence[str]) -> Read:
    """Make what reads one of a few words."""

    def read(value: Any, _type: object) -> str:
        if value not in words or not isinstance(value, str):
            problem = f"expected one of {', '.join(map(repr, words))} (got {shown(value)})"
            hint = allowed_here(value, words, "allowed here")
            raise Fault(problem, hint, got=value, allowed=tuple(words))
        return value

    return read


SCALARS: Final[dict[type, Read]] = {
    float: number,
    int: whole,
    bool: truth,
    str: text,
    date: day,
}
"""The type a field declares to what reads it."""
