"""Choose how much can be written in a box, and how large."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import attrs

__all__ = ["Fitted", "fitted", "letters"]

_SIZES = (9.0, 8.0, 7.0)
_LETTER, _LINE = 0.62, 1.35
"""Width of a letter and height of a line, by the size of the font; Chinese ones are square."""
_EDGE = 5.0


@attrs.frozen
class Fitted:
    """A text, its size in points, and whether it is turned upwards."""

    text: str
    size: float
    turned: bool


def fitted(texts: Iterable[str], width: float, height: float) -> Fitted | None:
    """Give the first text that fits a box in points, as large as it fits; None where none does."""
    for turned, text, size in product((False, True), list(texts), _SIZES):
        lines = text.split("\n")
        long = max(map(letters, lines)) * size + _EDGE
        high = len(lines) * _LINE * size + _EDGE
        across, up = (high, long) if turned else (long, high)
        if across <= width and up <= height:
            return Fitted(text, size, turned)
    return None


def letters(line: str) -> float:
    """Estimate the width of a line, by the size of the font."""
    return sum(1.0 if c > "\u2e7f" else _LETTER for c in line)
