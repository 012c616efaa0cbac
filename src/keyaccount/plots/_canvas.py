"""What all figures share: the axes they are drawn on, an empty one, and the last touches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import ScaledTranslation

from keyaccount._words import Words
from keyaccount.errors import SpecError
from keyaccount.plots._fitting import broken, letters
from keyaccount.plots._fonts import families_for, warn_of_missing
from keyaccount.plots._ground import Ground

__all__ = ["SMALL", "Canvas", "canvas", "expect", "figure_of"]

_BELOW = 0.54
"""Inches that the labels of an axis take."""
SMALL = 8.0
"""The size in points of texts beside bars."""
_TITLE, _LABEL, _SMALLEST = 10.0, 10.0, 4.0
_OF_ROW = 0.8
"""How much of its row a label may take."""
_SIGN, _LETTER = 30.0, 8.4
"""Points that the sign of a legend takes, and a letter as wide as it is high."""


@attrs.frozen(eq=False)
class Canvas:
    """Axes to draw on, and how to speak on them."""

    ax: Axes
    words: Words
    before: frozenset[int]
    ground: Ground

    def title(self, english: str, chinese: str) -> None:
        """Say what the figure shows."""
        text = self.words.say(english, chinese)
        self.ax.set_title(broken(text, self.width, _TITLE), loc="left", fontsize=_TITLE)

    def nothing(self, english: str, chinese: str) -> Axes:
        """Say that there is nothing to show, and why."""
        why = self.words.say(english, chinese)
        head = self.words.say("Nothing to show", "没有可显示的内容")
        self.ax.set_axis_off()
        self.ax.text(
            0.5,
            0.5,
            f"{head}\n{why}",
            ha="center",
            va="center",
            transform=self.ax.transAxes,
        )
        return self.done()

    def plain(self, *, grid: str = "") -> None:
        """Leave out the lines that say nothing."""
        self.ax.spines[["top", "right"]].set_visible(False)
        if grid:
            self.ax.grid(axis=grid, color=self.ground.grid, linewidth=0.8)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
            self.ax.set_axisbelow(True)

    def legend(self, columns: int = 4) -> None:
        """Put the legend below the axes and their labels, where it hides nothing."""
        handles, labels = self.ax.get_legend_handles_labels()
        if not handles:
            return
        inches = figure_of(self.ax).dpi_scale_trans
        below = ScaledTranslation(0.0, -_BELOW, inches)
        self.ax.legend(
            handles,
            labels,
            loc="upper center",
            bbox_to_anchor=(0.5, 0.0),
            bbox_transform=self.ax.transAxes + below,
            ncols=_columns_for(labels, columns, self.width),
            frameon=False,
            fontsize="small",
            handlelength=1.6,
            columnspacing=1.4,
            borderaxespad=0.0,
        )

    @property
    def width(self) -> float:
        """The width of the axes in points, before a layout changes it."""
        inches: float = figure_of(self.ax).get_size_inches()[0]
        return 72.0 * inches * self.ax.get_position().width

    @property
    def height(self) -> float:
        """The height of the axes in points, before a layout changes it."""
        inches: float = figure_of(self.ax).get_size_inches()[1]
        return 72.0 * inches * self.ax.get_position().height

    def rows(self, labels: Sequence[str], largest: float = _LABEL) -> float:
        """Label rows from top to bottom, as large as they have room; give the size in points."""
        size = max(min(largest, _OF_ROW * self.height / max(len(labels), 1)), _SMALLEST)
        self.ax.set_yticks(range(len(labels)), labels=list(labels), fontsize=size)
        self.ax.set_ylim(len(labels) - 0.5, -0.5)
        self.ax.tick_params(axis="y", length=0)
        return size

    def done(self) -> Axes:
        """Draw every text as it stands, in a font that has its characters."""
        for axis in (self.ax.xaxis, self.ax.yaxis):
            axis.get_ticklabels()  # makes the texts of the ticks
        texts = [t for t in self.ax.findobj(Text) if id(t) not in self.before]
        said = [t.get_text() for t in texts]
        families, missing = families_for(said)
        if missing:
            warn_of_missing(missing, "boxes stand for them in names", level=4)
        for text in texts:
            text.set_parse_math(False)
            text.set_fontfamily(families)
        return self.ax


def canvas(ax: Axes | None, words: Words, *, size: tuple[float, float]) -> Canvas:
    """Take the axes given, or make a figure of a size in inches."""
    if ax is None:
        from matplotlib import pyplot as plt

        _, made = plt.subplots(figsize=size, layout="constrained")
        return Canvas(made, words, frozenset(), Ground.of(made))
    hint = "pass one of figure.subplots(), or leave it out for a figure of its own."
    expect(ax, Axes, "ax", hint)
    if ax.name != "rectilinear":
        raise SpecError.from_field("ax", "must have an axis to the right and one up", ax.name, hint)
    _ = figure_of(ax)
    before = frozenset(id(t) for t in [*ax.texts, ax.title])
    return Canvas(ax, words, before, Ground.of(ax))


def _columns_for(labels: list[str], most: int, width: float) -> int:
    """Give how many columns of a legend fit a width: a wider one would squeeze the axes."""
    fitting = (n for n in range(min(most, len(labels)), 1, -1) if _wide(labels, n) <= width)
    return next(fitting, 1)


def _wide(labels: list[str], columns: int) -> float:
    """Estimate the width of a legend, which is filled column by column, in points."""
    rows = -(-len(labels) // columns)
    parts = [labels[i : i + rows] for i in range(0, len(labels), rows)]
    return sum(max(_SIGN + _LETTER * letters(label) for label in part) for part in parts)


def figure_of(ax: Axes) -> Figure:
    """Give the whole figure that axes are in.

    Raises
    ------
    SpecError
        They are in none any more.
    """
    part: Any = ax.figure  # None once they are removed, whatever the annotation says
    if part is None:
        hint = "pass one of figure.subplots(), or leave it out for a figure of its own."
        raise SpecError.from_field("ax", "must be in a figure", "removed axes", hint)
    found: Figure = part.figure  # of a part of a figure, the whole; of a figure, itself
    return found


def expect(value: Any, kinds: type | tuple[type, ...], figure: str, hint: str) -> None:
    """Refuse what a figure cannot be drawn of.

    Raises
    ------
    SpecError
        It is none of the kinds.
    """
    if isinstance(value, kinds):
        return
    names = [k.__name__ for k in (kinds if isinstance(kinds, tuple) else (kinds,))]
    raise SpecError.from_field(figure, f"must be {' or '.join(names)}", type(value).__name__, hint)
