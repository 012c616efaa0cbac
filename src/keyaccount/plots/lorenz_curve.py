"""`lorenz_curve`: how much of the value the smaller customers bring, and how few bring most."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from keyaccount._columns import Floats
from keyaccount._words import Language
from keyaccount.plots._canvas import Canvas, canvas, expect
from keyaccount.plots._checks import inner_share
from keyaccount.plots._marks import behind
from keyaccount.plots._palette import AGAINST, FOR, MUTED
from keyaccount.plots._ticks import shares_along
from keyaccount.plots._words import words_for
from keyaccount.segments.concentration import Concentration
from keyaccount.segments.concentration.lorenz import Lorenz

__all__ = ["lorenz_curve"]

_FIGURE = "lorenz_curve"
_CORNERS = 2_000
"""So many corners are drawn as they are; a curve of more looks the same with fewer."""


def lorenz_curve(
    concentration: Concentration,
    ax: Axes | None = None,
    *,
    target: float = 0.8,
    language: Language = "en",
) -> Axes:
    """Draw the Lorenz curve, from the smallest customer to the largest, with the 80 % mark.

    The mark says how few customers bring that share of the value: it is where they begin.

    Parameters
    ----------
    concentration
        What `Concentration.of` returned.
    ax
        Where to draw; None: a figure of its own.
    target
        The share of value to mark. 80 % is that of the rule of thumb.
    language
        ``"en"`` or ``"zh"``.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    SpecError
        An argument is not what it should be.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from keyaccount import plots
    >>> from matplotlib.figure import Figure
    >>> sales = ka.Concentration.of([500, 300, 60, 50, 40, 20, 10, 10, 5, 5])
    >>> ax = plots.lorenz_curve(sales, Figure().subplots())
    >>> print(ax.texts[0].get_text())
    the largest 2 of 10 (20%)
    bring 80% of the value
    """
    expect(concentration, Concentration, _FIGURE, "pass what Concentration.of(values) returned.")
    words = words_for(language, figure=_FIGURE)
    share = inner_share(target, f"{_FIGURE}(target)")
    on = canvas(ax, words, size=(5.4, 5.2))
    on.title("How concentrated the value is", "价值集中度")
    if not concentration.n or not concentration.total:
        return on.nothing("nobody brings any value", "没有客户贡献价值")
    x, y = _corners(concentration.lorenz)
    equal = words.say("if all were equal", "完全均等")
    muted, blue = on.ground.line(MUTED), on.ground.line(FOR)
    on.ax.plot([0, 1], [0, 1], color=muted, linewidth=1.0, linestyle=(0, (2, 2)), label=equal)
    gini = f"{words.say('Gini', '基尼系数')} {words.number(concentration.gini)}"
    on.ax.plot(x, y, color=blue, linewidth=2.2, label=gini)
    on.ax.fill_between(x, y, x, color=blue, alpha=0.10)
    _draw_mark(on, concentration, share)
    for axis in (on.ax.xaxis, on.ax.yaxis):
        shares_along(axis, words)
    on.ax.set_xlim(0.0, 1.0)
    on.ax.set_ylim(0.0, 1.0)
    on.ax.set_aspect("equal")
    on.ax.set_xlabel(words.say("share of customers, from the smallest", "客户占比（由小到大）"))
    on.ax.set_ylabel(words.say("share of value", "价值占比"))
    on.plain(grid="both")
    on.ax.legend(loc="upper left", frameon=False, fontsize="small")
    return on.done()


def _corners(curve: Lorenz) -> tuple[Floats, Floats]:
    """Give the corners of the curve; of very many, those further apart than can be seen."""
    x, y = curve.customers, curve.value
    if len(x) <= _CORNERS:
        return x, y
    steps = np.floor((x + y) * (_CORNERS / 4))
    shown = np.append(np.flatnonzero(np.diff(steps, prepend=-1.0)), len(x) - 1)
    return x[shown], y[shown]


def _draw_mark(on: Canvas, concentration: Concentration, share: float) -> None:
    most = concentration.customers_for(share)
    x, y = 1.0 - most.customer_share, 1.0 - most.value_share
    colour = on.ground.line(AGAINST)
    on.ax.plot([x, x, 1.0], [0.0, y, y], color=colour, linewidth=1.2, linestyle=(0, (4, 2)))
    on.ax.plot(
        [x], [y], marker="o", markersize=8, color=colour, markeredgecolor="white", clip_on=False
    )
    few, reached = on.words.share(most.customer_share), on.words.share(most.value_share)
    count, all_of = on.words.count(most.customers), on.words.count(concentration.n)
    bring = "brings" if most.customers == 1 else "bring"
    text = on.words.say(
        f"the largest {count} of {all_of} ({few})\n{bring} {reached} of the value",
        f"最大的 {count} / {all_of} 个客户（{few}）\n贡献 {reached} 的价值",
    )
    left = x > 0.5  # noqa: PLR2004 - where there is room
    on.ax.annotate(
        text,
        (x, y),
        xytext=(-10 if left else 10, 14 if y < 0.5 else -14),  # noqa: PLR2004 - where there is room
        textcoords="offset points",
        ha="right" if left else "left",
        va="bottom" if y < 0.5 else "top",  # noqa: PLR2004 - where there is room
        fontsize="small",
        bbox=behind(on, 1.5),
    )
