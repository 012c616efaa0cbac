"""`key_survival`: how long accounts keep their key status."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from keyaccount._columns import Floats
from keyaccount._words import Language, shortened
from keyaccount.plots._canvas import Canvas, canvas, expect
from keyaccount.plots._checks import inner_share, unit_of
from keyaccount.plots._palette import SERIES
from keyaccount.plots._ticks import counts_along, shares_along
from keyaccount.plots._words import accounts, words_for
from keyaccount.stats.survival import SurvivalCurve

__all__ = ["key_survival"]

_FIGURE = "key_survival"
_LINES = ("-", (0, (5, 2)), (0, (1, 1.2)), (0, (5, 1.5, 1, 1.5)), (0, (8, 2)), "-.", ":")
_MOST_BANDS = 3
"""Bands of more groups cover each other."""


def key_survival(
    curve: SurvivalCurve,
    ax: Axes | None = None,
    *,
    level: float = 0.9,
    unit: str | None = None,
    language: Language = "en",
) -> Axes:
    """Draw the share of accounts that are still key as time goes on, group by group.

    Ticks on a curve are accounts that were still key when last seen; a band is what the data do not
    contradict, drawn for up to three groups. It serves any survival curve.

    Parameters
    ----------
    curve
        What `keyaccount.stats.survival.kaplan_meier` returned, of the time that accounts were key
        and whether they have lost that status.
    ax
        Where to draw; None: a figure of its own.
    level
        How often the bands hold the truth (90 % is a choice of this library).
    unit
        What the times are counted in. None: days.
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
    >>> from keyaccount import plots
    >>> from keyaccount.stats.survival import kaplan_meier
    >>> from matplotlib.figure import Figure
    >>> curve = kaplan_meier([3, 5, 5, 8, 9], [1, 1, 0, 1, 0])
    >>> ax = plots.key_survival(curve, Figure().subplots())
    >>> steps = ax.lines[0]
    >>> steps.get_xdata().tolist(), steps.get_ydata().round(2).tolist()
    ([0.0, 3.0, 5.0, 8.0, 9.0], [1.0, 0.8, 0.6, 0.3, 0.3])
    """
    expect(curve, SurvivalCurve, _FIGURE, "pass what kaplan_meier(durations, events) returned.")
    words = words_for(language, figure=_FIGURE)
    counted = unit_of(unit, f"{_FIGURE}(unit)")
    stated = inner_share(level, f"{_FIGURE}(level)")
    on = canvas(ax, words, size=(7.2, 4.4))
    on.title("How long accounts stay key", "大客户身份的保持")
    if not curve.risk.rows.any():
        return on.nothing("no account was key", "没有大客户")
    low, high = curve.interval(stated)
    banded = curve.risk.n_groups <= _MOST_BANDS
    for group in range(curve.risk.n_groups):
        if curve.risk.rows[group]:
            _draw_curve(on, curve, group, (low, high) if banded else None)
    on.ax.set_ylim(0.0, 1.03)
    on.ax.set_xlim(left=0.0)
    shares_along(on.ax.yaxis, words)
    counts_along(on.ax.xaxis)
    on.ax.set_ylabel(words.say("still key", "仍为大客户的占比"))
    on.ax.set_xlabel(
        words.say(f"{counted or 'days'} since becoming key", f"成为大客户后的{counted or '天数'}")
    )
    on.plain(grid="y")
    on.legend(3)
    return on.done()


def _draw_curve(
    on: Canvas, curve: SurvivalCurve, group: int, band: tuple[Floats, Floats] | None
) -> None:
    risk = curve.risk
    steps = slice(int(risk.offsets[group]), int(risk.offsets[group + 1]))
    until = float(risk.followed_until[group])
    times = np.concatenate([[0.0], curve.times[steps], [until]])
    shares = _held(curve.survival[steps], 1.0)
    colour = on.ground.line(SERIES[group % len(SERIES)])
    if band is not None:
        on.ax.fill_between(
            times,
            _held(band[0][steps], 1.0),
            _held(band[1][steps], 1.0),
            step="post",
            color=colour,
            alpha=0.15,
            linewidth=0,
        )
    on.ax.plot(
        times,
        shares,
        drawstyle="steps-post",
        color=colour,
        linestyle=_LINES[(group + group // len(SERIES)) % len(_LINES)],
        linewidth=2.0,
        label=_label(on, curve, group),
    )
    _draw_censored(on, curve, group, colour)


def _held(values: Floats, first: float) -> Floats:
    """Put the value of the start before, and keep the last one to the end."""
    last = values[-1] if len(values) else first
    found: Floats = np.concatenate([[first], values, [last]])
    return found


def _draw_censored(on: Canvas, curve: SurvivalCurve, group: int, colour: str) -> None:
    """Tick the times at which accounts were last seen, still key."""
    risk, exits = curve.risk, curve.risk.exits
    cells = slice(int(exits.offsets[group]), int(exits.offsets[group + 1]))
    times = exits.time[cells]
    gone = np.diff(exits.before[cells.start : cells.stop + 1])
    steps = slice(int(risk.offsets[group]), int(risk.offsets[group + 1]))
    left = dict(zip(risk.times[steps].tolist(), risk.left[steps].tolist(), strict=True))
    here = [t for t, n in zip(times.tolist(), gone.tolist(), strict=True) if n > left.get(t, 0)]
    if here:
        group_of = np.full(len(here), group, dtype=np.int64)
        on.ax.plot(
            here,
            curve.share(group_of, np.array(here)),
            linestyle="",
            marker="|",
            markersize=9,
            markeredgewidth=1.4,
            color=colour,
            label="_nolegend_",
        )


def _label(on: Canvas, curve: SurvivalCurve, group: int) -> str:
    rows, still = int(curve.risk.rows[group]), int(curve.risk.open_rows[group])
    many, left = accounts(rows, on.words), on.words.count(rows - still)
    said = on.words.say(f"{many}, {left} lost", f"{many}，失去 {left} 个")
    return f"{shortened(curve.labels[group])}: {said}" if curve.labels else said
