"""What the templates speak with: words of a language, money, shares, days."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from keyaccount._words import Words
from keyaccount.findings import counted
from keyaccount.report.finding_names import finding_name
from keyaccount.report.wording import code_name, mover_name, sum_name

__all__ = ["tools"]

_UNKNOWN = "–"
_MINUS = re.compile(r"(?<![\w-])-(?=[\d.])")


def tools(words: Words) -> dict[str, Any]:
    """Give the functions that templates call; each writes a dash for what is unknown."""
    return {
        "words": words,
        "say": words.say,
        "amount": _known(words.amount),
        "short_money": _known(words.money),
        "share": _known(words.share),
        "count": _known(words.count),
        "counted": lambda number, noun: counted(int(number), noun),
        "score": _known(lambda number: words.number(number, 3)),
        "signed": _known(_signed),
        "raw": _raw,
        "minus": lambda said: _MINUS.sub("−", said),
        "day": lambda day: _UNKNOWN if day is None or np.isnat(_day(day)) else words.day(day),
        "code": lambda code: code_name(code, words),
        "mover": lambda said: mover_name(said, words),
        "sum_name": lambda said: sum_name(said, words),
        "finding_name": finding_name,
    }


def _known(write: Callable[..., str]) -> Callable[..., str]:
    """Let a function write numbers alone; None and NaN are unknown."""

    def written(value: Any, *more: Any) -> str:
        number = _number(value)
        return _UNKNOWN if np.isnan(number) else write(number, *more)

    return written


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)


def _signed(number: float) -> str:
    return f"{number + 0.0:+.3f}".replace("-", "−")


def _raw(value: Any) -> str:
    """Write a number for the script that sorts; empty where it is unknown, which comes last."""
    number = _number(value)
    return repr(number) if np.isfinite(number) else ""


def _day(day: Any) -> np.datetime64:
    return np.datetime64(day, "D")
