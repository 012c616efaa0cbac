"""`score_distribution`: how scores lie around the cut."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from keyaccount._columns import Bools, Floats
from keyaccount._words import Language
from keyaccount.plots._canvas import Canvas, canvas, expect
from keyaccount.plots._checks import whole
from keyaccount.plots._marks import draw_line
from keyaccount.plots._palette import AGAINST, FOR, SERIES
from keyaccount.plots._scores import cut_of
from keyaccount.plots._ticks import counts_along
from keyaccount.plots._words import words_for
from keyaccount.scoring.selection import Selection

__all__ = ["score_distribution"]

_FIGURE = "score_distribution"


def score_distribution(
    chosen: Selection,
    ax: Axes | None = None,
    *,
    bins: int = 30,
    language: Language = "en",
) -> Axes:
    """Draw how many accounts have which score, with the cut, what is borderline, and overrides.

    One bar starts at the cut, so that no bar mixes who is above it with who is below.

    Where the selection is made within groups, each with a cut of its own, the distance of each
    account to its cut is drawn: its score, with the hold of an incumbent, less the cut.

    Parameters
    ----------
    chosen
        A selection.
    ax
        Where to draw; None: a figure of its own.
    bins
        How many bars about the range is divided into. 30 is a choice of this library.
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
    >>> chosen = ka.select([0.9, 0.2, 0.5, 0.7], ka.TopCount(2))
    >>> ax = plots.score_distribution(chosen, Figure().subplots(), bins=4)
    >>> others, key = ([float(bar.get_height()) for bar in part] for part in ax.containers)
    >>> others, key
    ([1.0, 1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0, 1.0])
    """
    expect(chosen, Selection, _FIGURE, "pass what select(scores, rule) returned.")
    words = words_for(language, figure=_FIGURE)
    count = whole(bins, f"{_FIGURE}(bins)")
    on = canvas(ax, words, size=(7.2, 4.0))
    on.title("Scores and the cut", "评分分布与入选线")
    cut = cut_of(chosen)
    alone = len(chosen.groups) == 1
    x = chosen.value if alone else chosen.distance
    known = np.isfinite(x)
    if not known.any():
        return on.nothing("no account has a score", "没有客户有评分")
    _draw_band(on, chosen, x, cut if alone else 0.0)
    _draw_bars(on, x, chosen.is_key, known, _edges(x[known], cut if alone else 0.0, count))
    _draw_cut(on, cut if alone else 0.0, alone=alone)
    _draw_overrides(on, chosen, x)
    on.ax.set_xlabel(_title(int(np.count_nonzero(~known)), on, alone=alone))
    on.ax.set_ylabel(words.say("accounts", "客户数"))
    on.ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    counts_along(on.ax.yaxis)
    on.plain(grid="y")
    on.legend(3)
    return on.done()


def _title(unknown: int, on: Canvas, *, alone: bool) -> str:
    """Say what runs along the axis, and how many accounts are not on it."""
    title = on.words.say("score", "评分")
    if not alone:
        title = on.words.say("score less the cut", "评分与入选线之差")
    if not unknown:
        return title
    many = on.words.count(unknown)
    return title + on.words.say(f" ({many} without one left out)", f"（{many} 个无评分，未计入）")


def _edges(x: Floats, cut: float | None, bins: int) -> Floats:
    """Divide the range into bars of one width, of which one starts at the cut."""
    low, high = float(x.min()), float(x.max())
    if low == high:
        low, high = low - 0.5, high + 0.5
    width = (high - low) / bins
    start = cut if cut is not None and low <= cut <= high else low
    first, last = np.floor((low - start) / width), np.floor((high - start) / width) + 1.0
    edges: Floats = np.unique(start + width * np.arange(first, last + 1.0))
    # What rounding has put outside is let in again.
    edges[0], edges[-1] = min(edges[0], low), max(edges[-1], high)
    return edges


def _draw_bars(on: Canvas, x: Floats, is_key: Bools, known: Bools, edges: Floats) -> None:
    base = np.zeros(len(edges) - 1)
    faint = on.ground.faint
    parts = ((False, faint, "", "other accounts", "其他客户"), (True, FOR, "///", "key", "大客户"))
    for wanted, colour, hatch, english, chinese in parts:
        rows = known & (is_key == wanted)
        heights = np.histogram(x[rows], edges)[0].astype(np.float64)
        on.ax.bar(
            edges[:-1],
            heights,
            width=np.diff(edges),
            bottom=base,
            align="edge",
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0.8,
            label=f"{on.words.say(english, chinese)} ({int(np.count_nonzero(rows)):,})",
        )
        base += heights


def _draw_band(on: Canvas, chosen: Selection, x: Floats, cut: float | None) -> None:
    """Shade what is within the margin of the cut."""
    many = int(np.count_nonzero(chosen.borderline & np.isfinite(x)))
    if cut is None or not chosen.margin > 0.0 or not many:
        return
    on.ax.axvspan(
        cut - chosen.margin,
        cut + chosen.margin,
        facecolor="none",  # SVG knows no hatch on a colour that is seen through
        edgecolor=on.ground.line(SERIES[4]),
        hatch="xxx",
        linewidth=0,
        label=f"{on.words.say('borderline', '临界')} ({on.words.count(many)})",
    )


def _draw_cut(on: Canvas, cut: float | None, *, alone: bool) -> None:
    if cut is None:
        return
    label = on.words.say("cut", "入选线")
    draw_line(on, cut, f"{label} {on.words.number(cut)}" if alone else label)


def _draw_overrides(on: Canvas, chosen: Selection, x: Floats) -> None:
    """Mark the accounts decided by special approval, above the axis."""
    said = (
        ("included_by_override", "^", FOR, "in by override", "特批入选"),
        ("excluded_by_override", "v", AGAINST, "out by override", "特批排除"),
    )
    for reason, marker, colour, english, chinese in said:
        rows = np.flatnonzero((chosen.reason == reason) & np.isfinite(x))
        if len(rows):
            on.ax.plot(
                x[rows],
                np.full(len(rows), 0.035),
                linestyle="",
                marker=marker,
                markersize=9,
                color=on.ground.line(colour),
                markeredgecolor="white",
                transform=on.ax.get_xaxis_transform(),
                label=f"{on.words.say(english, chinese)} ({len(rows)})",
            )
