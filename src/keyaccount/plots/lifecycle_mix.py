"""`lifecycle_mix`: which share of the accounts is in which stage, day after day."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from keyaccount._columns import Codes
from keyaccount._words import Language
from keyaccount.lifecycle.snapshots import LifecyclePanel
from keyaccount.lifecycle.stages import NAMES_ZH
from keyaccount.plots._canvas import Canvas, canvas, expect
from keyaccount.plots._marks import label_bars
from keyaccount.plots._palette import look
from keyaccount.plots._ticks import shares_along
from keyaccount.plots._words import words_for

__all__ = ["lifecycle_mix"]

_FIGURE = "lifecycle_mix"
_READABLE = 0.07
"""The share of a bar that has room for a text."""
_MOST_TICKS = 12
_TICK, _BAR = 50.0, 27.0
"""Points that the text below a bar takes, and the one in it."""


def lifecycle_mix(
    panel: LifecyclePanel, ax: Axes | None = None, *, language: Language = "en"
) -> Axes:
    r"""Draw which share of the accounts was in which stage, a bar per day of the panel.

    Parameters
    ----------
    panel
        What `keyaccount.lifecycle_panel` returned.
    ax
        Where to draw; None: a figure of its own.
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
    >>> log = {"who": ["A", "B"], "day": ["2025-01-10", "2025-05-01"], "paid": [10.0, 20.0]}
    >>> panel = ka.lifecycle_panel(
    ...     log, customer="who", at="day", amount="paid", dates=["2025-02-01", "2025-09-01"]
    ... )
    >>> ax = plots.lifecycle_mix(panel, Figure().subplots())
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['Feb 2025\nn=1', 'Sep 2025\nn=2']
    >>> [float(bar.get_height()) for bar in ax.containers[0]]
    [1.0, 0.5]
    """
    expect(panel, LifecyclePanel, _FIGURE, "pass what ka.lifecycle_panel(orders) returned.")
    words = words_for(language, figure=_FIGURE)
    days, place = np.unique(panel.period, return_inverse=True)
    on = canvas(ax, words, size=(max(5.0, 1.6 + 0.75 * min(len(days), 12)), 4.4))
    on.title("Accounts by lifecycle stage", "客户生命周期阶段构成")
    if not len(panel):
        return on.nothing("there is no snapshot", "没有快照")
    labels = [words.name(s, s, z) for s, z in zip(panel.states, NAMES_ZH, strict=True)]
    counts = _counts(panel, place.reshape(-1), len(days))
    _draw_bars(on, counts, [*labels, words.say("unknown", "未知")])
    totals = counts.sum(axis=0)
    most = max(1, min(_MOST_TICKS, int(on.width / _TICK)))
    shown = range(0, len(days), -(-len(days) // most))
    written = words.days(days)
    on.ax.set_xticks(
        list(shown), labels=[f"{written[i]}\nn={words.count(totals[i])}" for i in shown]
    )
    on.ax.tick_params(axis="x", labelsize="small", length=0)
    shares_along(on.ax.yaxis, words)
    on.ax.set_ylim(0.0, 1.0)
    on.ax.set_ylabel(words.say("share of accounts", "客户占比"))
    on.plain()
    on.legend(6)
    return on.done()


def _counts(panel: LifecyclePanel, place: Codes, n_days: int) -> Codes:
    """Count the accounts by stage and day, those of unknown stage in the last row."""
    stages = len(panel.states)
    state = np.where(panel.state_code < 0, stages, panel.state_code).astype(np.int64)
    found = np.zeros((stages + 1, n_days), dtype=np.int64)
    np.add.at(found, (state, place), 1)
    return found


def _draw_bars(on: Canvas, counts: Codes, labels: list[str]) -> None:
    shares = counts / counts.sum(axis=0)
    bottom = np.zeros(counts.shape[1])
    for k, label in enumerate(labels):
        unknown = k == len(labels) - 1
        if unknown and not counts[k].any():
            continue
        colour, hatch = (on.ground.faint, "") if unknown else look(k)
        bars = on.ax.bar(
            np.arange(counts.shape[1]),
            shares[k],
            width=0.86,
            bottom=bottom,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0.8,
            label=label,
        )
        if on.width / counts.shape[1] >= _BAR:
            texts = [on.words.share(s) if s >= _READABLE else "" for s in shares[k].tolist()]
            label_bars(on, bars, texts, (colour, hatch))
        bottom += shares[k]
