"""How a figure or a page speaks: in which language, and how it writes money, shares and days."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final, Literal, TypeAlias

import attrs
import numpy as np

from keyaccount.errors import SpecError

__all__ = ["LANGUAGES", "Language", "Words", "shortened", "spoken"]

Language: TypeAlias = Literal["en", "zh"]
"""English or Chinese."""

LANGUAGES: Final = ("en", "zh")

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = {
    "en": ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")),
    "zh": ((1e12, "万亿"), (1e8, "亿"), (1e4, "万")),
}
_DIGITS = 3
_LONGEST = 28


@attrs.frozen
class Words:
    """How a figure speaks.

    Parameters
    ----------
    language
        ``"en"`` or ``"zh"``.
    currency
        What money is written with; empty: numbers alone.
    """

    language: Language = "en"
    currency: str = ""

    def say(self, english: str, chinese: str) -> str:
        """Give one of two texts."""
        return chinese if self.language == "zh" else english

    def name(self, code: str, english: str = "", chinese: str = "") -> str:
        """Give the label of a part of a spec; its code where it has none."""
        return (chinese if self.language == "zh" else "") or english or code

    def money(self, amount: float, digits: int = _DIGITS) -> str:
        """Write an amount short, with so many digits that count: ``€1.2M``, ``120万元``."""
        if math.isnan(amount):
            return "–"
        sign = "−" if amount < 0 else ""
        return sign + self._with_currency(_compact(abs(amount), _UNITS[self.language], digits))

    def amount(self, amount: float, digits: int = 0) -> str:
        """Write an amount in full: ``€1,234,567``, ``1,234,567元``."""
        if math.isnan(amount):
            return "–"
        rounded = round(amount, digits) + 0.0
        sign = "−" if rounded < 0 else ""
        return sign + self._with_currency(f"{abs(rounded):,.{digits}f}")

    def count(self, number: float) -> str:
        """Write a whole number."""
        return f"{int(number):,}"

    def share(self, share: float, digits: int = 0) -> str:
        """Write a share as a percentage; what is not quite nothing or all says so."""
        if math.isnan(share):
            return "–"
        least = 0.5 * 10.0 ** (-2 - digits)
        if 0.0 < share < least:
            return f"<{2.0 * least:.{digits}%}"
        if 1.0 - least <= share < 1.0:
            return f">{1.0 - 2.0 * least:.{digits}%}"
        return f"{share + 0.0:.{digits}%}".replace("-", "−")

    def number(self, value: float, digits: int = 2) -> str:
        """Write a score."""
        text = f"{round(value, digits) + 0.0:.{digits}f}"
        return text.replace("-", "−")

    def day(self, day: Any) -> str:
        """Write a day."""
        year, month, of_month = str(np.datetime64(day, "D")).split("-")
        if self.language == "zh":
            return f"{year}年{int(month)}月{int(of_month)}日"
        return f"{int(of_month)} {_MONTHS[int(month) - 1]} {year}"

    def month(self, day: Any) -> str:
        """Write the month of a day."""
        year, month = str(np.datetime64(day, "M")).split("-")
        if self.language == "zh":
            return f"{year}年{int(month)}月"
        return f"{_MONTHS[int(month) - 1]} {year}"

    def days(self, days: Iterable[Any]) -> list[str]:
        """Write days, as months where each is in a month of its own."""
        known = list(days)
        months = {np.datetime64(d, "M") for d in known}
        return [self.month(d) if len(months) == len(known) else self.day(d) for d in known]

    def _with_currency(self, number: str) -> str:
        currency = self.currency
        if not currency:
            return number
        if "\u4e00" <= currency[-1] <= "\u9fff":  # 元 stands behind
            return f"{number}{currency}"
        return f"{currency} {number}" if currency[-1].isalpha() else f"{currency}{number}"


def spoken(language: object, currency: object, *, where: str) -> Words:
    """Read how something is to speak; `where` is what takes the two arguments.

    Raises
    ------
    SpecError
        The language is neither English nor Chinese, or the currency is no text.
    """
    if language not in LANGUAGES:
        raise SpecError.from_choice(f"{where}(language)", language, LANGUAGES)
    if not isinstance(currency, str):
        hint = 'write for instance "€" or "CNY"; leave it out for numbers alone.'
        raise SpecError.from_field(f"{where}(currency)", "must be text", currency, hint)
    return Words("zh" if language == "zh" else "en", currency)


def shortened(text: object, longest: int = _LONGEST) -> str:
    """Cut a long name, on one line; a Chinese character is as wide as two others."""
    said = " ".join(str(text).split())
    if _width(said) <= longest:
        return said
    while _width(said) >= longest:
        said = said[:-1]
    return said.rstrip() + "…"


def _width(text: str) -> int:
    return sum(2 if c > "\u2e7f" else 1 for c in text)


def _compact(amount: float, units: tuple[tuple[float, str], ...], many: int) -> str:
    """Write a number of at least 0 with so many digits that count, never finer than cents."""
    rounded = float(f"{amount:.{many}g}")  # it says the unit: 999,950 is 1M, never 1,000K
    size, unit = next(((size, unit) for size, unit in units if rounded >= size), (1.0, ""))
    digits = max(many - len(str(int(rounded / size))), 0)
    if not digits:
        return f"{rounded / size:,.0f}{unit}"
    text = f"{amount / size:,.{digits}f}"  # rounded once: what was rounded before may tip over
    return text.rstrip("0").rstrip(".") + unit
