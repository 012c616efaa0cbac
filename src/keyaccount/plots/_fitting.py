"""Choose how much can be written in a box or along a line, and how large."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

import attrs
from matplotlib.text import Text

__all__ = ["NAMES_FIRST", "SIZE_FIRST", "Fitted", "FittedText", "broken", "fitted", "letters"]

_SIZES = (9.0, 8.0, 7.0)
NAMES_FIRST = ((8.0, 7.0, 6.0, 5.0),)
SIZE_FIRST = (_SIZES, (6.0, 5.0))
"""Sizes in points, by turns: in one turn what comes first is written, however small."""
_LETTER, _LINE = 0.62, 1.35
"""Width of a letter and height of a line, by the size of the font; Chinese ones are square."""
_EDGE = 5.0


@attrs.frozen
class Fitted:
    """A text, its size in points, and whether it is turned upwards."""

    text: str
    size: float
    turned: bool


class FittedText(Text):
    """A text in a box of the axes that fits it when it is drawn, whatever the layout made of it.

    Parameters
    ----------
    middle
        Of the box, in the data of the axes.
    box
        Width and height of the box.
    texts
        What to write, and what else where there is no room.
    turns
        Whether it may be turned upwards.
    sizes
        By turns.
    """

    def __init__(
        self,
        middle: tuple[float, float],
        box: tuple[float, float],
        texts: Sequence[str],
        *,
        turns: bool = False,
        sizes: Sequence[Sequence[float]] = NAMES_FIRST,
        **look: Any,
    ) -> None:
        super().__init__(*middle, texts[0], ha="center", va="center", **look)
        self._box, self._texts, self._turns, self._sizes = box, tuple(texts), turns, sizes
        self.set_in_layout(False)

    def draw(self, renderer: Any) -> None:
        """Draw as much as there is room for."""
        ax: Any = self.axes
        low, high = ax.transData.transform([(0.0, 0.0), self._box])
        across, up = (abs(high - low) * 72.0 / ax.figure.figure.dpi).tolist()
        tried = (fitted(self._texts, across, up, s, turns=self._turns) for s in self._sizes)
        text = next((f for f in tried if f is not None), Fitted("", _SIZES[-1], turned=False))
        # Only what changes is set: each setting asks for another drawing.
        if (self.get_text(), self.get_fontsize()) != (text.text, text.size):
            self.set(text=text.text, fontsize=text.size, rotation=90 if text.turned else 0)
        super().draw(renderer)


def broken(text: str, width: float, size: float) -> str:
    """Break a text into lines where it is wider than so many points."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and letters(longer) * size > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def fitted(
    texts: Iterable[str],
    width: float,
    height: float,
    sizes: Sequence[float] = _SIZES,
    *,
    turns: bool = True,
) -> Fitted | None:
    """Give the first text that fits a box in points, as large as it fits; None where none does."""
    for turned, text, size in product((False, True)[: 1 + turns], list(texts), sizes):
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
