"""Lines and texts that can be read on top of bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.container import BarContainer
from matplotlib.patheffects import withStroke

from keyaccount.plots._canvas import Canvas
from keyaccount.plots._palette import INK

__all__ = ["CUT", "behind", "draw_line", "label_bars"]

_SIZE = 7.0
"""Of the texts on bars, in points."""

CUT: tuple[int, tuple[int, int]] = (0, (4, 2))
"""How the line of a cut or a target is dashed."""


def behind(on: Canvas, pad: float) -> dict[str, Any]:
    """Give the box that parts a text from the lines behind it."""
    return {"facecolor": on.ground.colour, "edgecolor": "none", "alpha": 0.8, "pad": pad}


def draw_line(on: Canvas, x: float, label: str, **look: Any) -> None:
    """Draw an upright line with a light edge, to be seen on any bar."""
    halo = withStroke(linewidth=3.2, foreground=on.ground.colour, alpha=0.85)
    usual: dict[str, Any] = {"color": on.ground.ink, "linewidth": 1.4, "linestyle": CUT}
    on.ax.axvline(x, label=label, zorder=3, path_effects=[halo], **(usual | look))


def label_bars(
    on: Canvas,
    bars: BarContainer,
    texts: Sequence[str],
    look: tuple[str, str],
    largest: float = _SIZE,
) -> None:
    """Write in the middle of bars of a colour and a hatch; on a hatch, in a white box."""
    colour, hatch = look
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1.1} if hatch else None
    written = on.ax.bar_label(
        bars,
        list(texts),
        label_type="center",
        fontsize=min(largest, _SIZE),
        color=INK if hatch else on.ground.ink_on(colour),
        bbox=box,
    )
    for text in written:
        text.set_visible(bool(text.get_text()))
