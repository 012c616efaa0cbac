"""A table of shaded cells with texts, drawn the same wherever one is needed."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np

from keyaccount._columns import Floats
from keyaccount.plots._canvas import Canvas
from keyaccount.plots._palette import RAMP, ink_on

__all__ = ["Heat", "draw_heat"]


@attrs.frozen(eq=False)
class Heat:
    """What is shaded and what is written.

    Parameters
    ----------
    shade
        ``(r, c)`` from 0 (light) to 1 (dark); NaN is grey. The first row is the lowest.
    texts
        The text of each cell.
    rows, columns
        The labels.
    """

    shade: Floats
    texts: Sequence[Sequence[str]]
    rows: Sequence[str]
    columns: Sequence[str]
    fontsize: float | str = "small"


def draw_heat(on: Canvas, heat: Heat) -> None:
    """Draw the table."""
    ax = on.ax
    ramp = RAMP.with_extremes(bad=on.ground.faint)
    n_rows, n_columns = heat.shade.shape
    ax.pcolormesh(
        np.arange(n_columns + 1) - 0.5,
        np.arange(n_rows + 1) - 0.5,
        np.ma.masked_invalid(heat.shade),
        cmap=ramp,
        vmin=0.0,
        vmax=1.0,
        edgecolors="white",
        linewidth=1.5,
    )
    for i, texts in enumerate(heat.texts):
        for j, text in enumerate(texts):
            shade = heat.shade[i, j]
            colour = on.ground.ink if np.isnan(shade) else ink_on(ramp(float(shade)))
            ax.text(j, i, text, ha="center", va="center", color=colour, fontsize=heat.fontsize)
    ax.set_xticks(range(n_columns), labels=list(heat.columns))
    ax.set_yticks(range(n_rows), labels=list(heat.rows))
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)


def shades(values: Floats) -> Floats:
    """Scale values of at least 0 so that the largest is 1; what is negative is as good as 0."""
    known = np.where(np.isnan(values), 0.0, np.maximum(values, 0.0))
    most = float(known.max(initial=0.0))
    return np.where(np.isnan(values), np.nan, known / most if most > 0.0 else known)
