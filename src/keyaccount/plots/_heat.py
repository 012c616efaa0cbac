"""A table of shaded cells with texts, drawn the same wherever one is needed."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
from matplotlib import rcParams
from matplotlib.font_manager import FontProperties

from keyaccount._columns import Floats
from keyaccount.plots._canvas import Canvas
from keyaccount.plots._fitting import FittedText, broken, letters
from keyaccount.plots._palette import RAMP, ink_on

__all__ = ["Heat", "draw_heat", "shades"]

_SIZE = 8.0


@attrs.frozen(eq=False)
class Heat:
    """What is shaded and what is written.

    Parameters
    ----------
    shade
        ``(r, c)`` from 0 (light) to 1 (dark); NaN is grey. The first row is the lowest.
    texts
        The text of each cell. Its last lines are left where there is no room for more, at worst
        the shortest one.
    rows, columns
        The labels.
    """

    shade: Floats
    texts: Sequence[Sequence[str]]
    rows: Sequence[str]
    columns: Sequence[str]


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
            _write(on, (j, i), text, colour)
    _label_columns(on, heat.columns)
    ax.set_yticks(range(n_rows), labels=list(heat.rows))
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)


def _write(on: Canvas, cell: tuple[int, int], text: str, colour: str) -> None:
    """Write in a cell as many lines as there is room for, from the last one."""
    lines = text.split("\n")
    fewer = ["\n".join(lines[k:]) for k in range(len(lines))] + [min(lines, key=len)]
    on.ax.add_artist(FittedText(cell, (1.0, 1.0), fewer, color=colour, fontsize=_SIZE))


def _label_columns(on: Canvas, labels: Sequence[str]) -> None:
    """Write beside each other what fits, in lines where need be; turn what does not."""
    room = on.width / len(labels)
    size = FontProperties(size=rcParams["xtick.labelsize"]).get_size_in_points()
    lines = [broken(label, room, size) for label in labels]
    turned = any(letters(line) * size > room for label in lines for line in label.split("\n"))
    on.ax.set_xticks(
        range(len(labels)), labels=list(labels) if turned else lines, rotation=90 if turned else 0
    )


def shades(values: Floats) -> Floats:
    """Scale values of at least 0 so that the largest is 1; what is negative is as good as 0."""
    known = np.where(np.isnan(values), 0.0, np.maximum(values, 0.0))
    most = float(known.max(initial=0.0))
    return np.where(np.isnan(values), np.nan, known / most if most > 0.0 else known)
