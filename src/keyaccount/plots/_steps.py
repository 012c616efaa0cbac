"""A waterfall: bars that each start where the one before ended."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from keyaccount.plots._canvas import SMALL, Canvas
from keyaccount.plots._marks import behind
from keyaccount.plots._palette import AGAINST, FOR, MUTED, SERIES

__all__ = ["Step", "draw_steps"]


@attrs.frozen
class Step:
    """One bar.

    Parameters
    ----------
    label
        What it is.
    start, end
        From where to where it goes.
    text
        What is written beside it.
    whole
        Whether it is a level and no change: it then starts at 0.
    gained
        Whether it is good, though it takes away: what is won leaves the open pipeline.
    """

    label: str
    start: float
    end: float
    text: str
    whole: bool = False
    gained: bool = False


def draw_steps(on: Canvas, steps: Sequence[Step]) -> None:
    """Draw the bars from top to bottom, each joined to the next."""
    ax, muted = on.ax, on.ground.line(MUTED)
    size = min(on.rows([s.label for s in steps]), SMALL)
    for i, step in enumerate(steps):
        low, high = min(step.start, step.end), max(step.start, step.end)
        colour, hatch = _look(step)
        ax.barh(i, high - low, left=low, height=0.62, color=colour, hatch=hatch, edgecolor="white")
        if i + 1 < len(steps):
            ax.plot([step.end] * 2, [i - 0.31, i + 1.31], color=muted, linewidth=0.8, zorder=0)
        ax.annotate(
            step.text,
            (high, i),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=size,
            zorder=4,
            bbox=behind(on, 0.6),
        )
    ax.axvline(0.0, color=muted, linewidth=0.8)
    _leave_room(on, steps)
    on.plain(grid="x")


def _look(step: Step) -> tuple[str, str]:
    if step.whole:
        return MUTED, ""
    if step.gained:
        return SERIES[2], "..."
    return (FOR, "") if step.end >= step.start else (AGAINST, "///")


def _leave_room(on: Canvas, steps: Sequence[Step]) -> None:
    """Widen the axis for the texts at the ends of the bars."""
    ends = [0.0, *(s.start for s in steps), *(s.end for s in steps)]
    low, high = min(ends), max(ends)
    span = (high - low) or 1.0
    on.ax.set_xlim(low - (0.04 * span if low < 0 else 0.0), high + 0.3 * span)
