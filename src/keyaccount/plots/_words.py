"""How a figure speaks: its language, where a font has the characters, and labels from specs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, runtime_checkable

import numpy as np

from keyaccount._columns import Floats
from keyaccount._words import Words, shortened, spoken
from keyaccount.errors import SpecError
from keyaccount.findings import counted
from keyaccount.plots._fonts import families_for, warn_of_missing

__all__ = ["accounts", "labels_of", "told_accounts", "told_missing", "words_for"]

_PROBE = "客户关键评分阶段万亿元年月日"
"""Characters that Chinese labels need; a font with these has the others too."""


@runtime_checkable
class _Named(Protocol):
    """A part of a spec that has a label."""

    code: str
    name: str


def words_for(language: object, currency: object = "", *, figure: str) -> Words:
    """Read how a figure is to speak; where no font has the characters, it speaks English.

    Raises
    ------
    SpecError
        The language is neither English nor Chinese, or the currency is no text.
    """
    words = spoken(language, currency, where=figure)
    missing = families_for([_PROBE])[1] if words.language == "zh" else ""
    if missing:
        warn_of_missing(missing, "labels are given in English", level=4)
        return Words("en", words.currency)
    return words


def accounts(count: int, words: Words) -> str:
    """Write so many accounts."""
    return words.say(counted(count, "account"), f"{count:,} 个客户")


def told_accounts(known: int, asked: int, words: Words) -> str:
    """Write how many accounts are drawn, and of how many the place is unknown."""
    told, lost = accounts(known, words), asked - known
    return told + (words.say(f", {lost:,} unknown", f"，{lost:,} 个未知") if lost else "")


def told_missing(amounts: Floats, words: Words) -> str:
    """Write how many amounts the sums lack; nothing where none."""
    many = int(np.count_nonzero(~np.isfinite(amounts)))
    return words.say(f", {many:,} without an amount", f"，{many:,} 个无金额") if many else ""


def labels_of(codes: Iterable[str], names: object, words: Words, figure: str) -> list[str]:
    """Give the label of each code: by a mapping, or by parts of a spec that have names.

    Raises
    ------
    SpecError
        The names are neither.
    """
    known = _known(names, words, figure)
    return [shortened(known.get(code) or code) for code in codes]


def _known(names: object, words: Words, figure: str) -> Mapping[str, str]:
    if names is None:
        return {}
    if isinstance(names, Mapping):
        given: Mapping[Any, Any] = names
        return {str(code): str(label) for code, label in given.items()}
    parts: Any = getattr(names, "stages", names)
    if isinstance(parts, Iterable) and not isinstance(parts, str):
        listed: list[Any] = list(parts)
        if all(isinstance(p, _Named) for p in listed):
            return {p.code: words.name(p.code, p.name, getattr(p, "name_zh", "")) for p in listed}
    raise SpecError.from_field(
        f"{figure}(names)",
        "must map codes to labels, or be parts of a spec that have code and name",
        names,
        'write for instance {"sales": "Sales"}, or pass the funnel itself.',
    )
