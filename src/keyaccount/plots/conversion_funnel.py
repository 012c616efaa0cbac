"""`conversion_funnel`: how many deals of each stage advance, how long they take, who is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from keyaccount._columns import Floats
from keyaccount._words import Language, Words, shortened
from keyaccount.funnel.conversion import ConversionTable
from keyaccount.plots._canvas import SMALL, Canvas, canvas, expect
from keyaccount.plots._checks import unit_of
from keyaccount.plots._marks import label_bars
from keyaccount.plots._palette import AGAINST, FOR, MUTED
from keyaccount.plots._words import labels_of, words_for

__all__ = ["conversion_funnel"]

_FIGURE = "conversion_funnel"
_MEDIAN = 0.5


def conversion_funnel(
    table: ConversionTable,
    ax: Axes | None = None,
    *,
    names: Any = None,
    unit: str | None = None,
    language: Language = "en",
) -> Axes:
    """Draw what became of the deals of each stage by the horizon, with conversion and dwell.

    A bar is as long as there were deals in the stage: those seen to advance, those seen to be lost,
    and, hatched, those still open or seen too short to tell. The conversion written beside it is
    the estimate that counts open deals as what they are, censored, with its interval; it is above
    the plain ratio of the bar where many are open.

    Parameters
    ----------
    table
        What `keyaccount.conversion_table` returned; a bar per row.
    ax
        Where to draw; None: a figure of its own.
    names
        Labels of the stages: a mapping of their codes, or the `Funnel` they are of.
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
    >>> import keyaccount as ka
    >>> from keyaccount import plots
    >>> from matplotlib.figure import Figure
    >>> visits = {
    ...     "stage": ["confirm", "confirm", "confirm", "confirm", "understand", "understand"],
    ...     "days": [3, 6, 9, 9, 2, 4],
    ...     "outcome": ["advanced", "lost", "open", "advanced", "advanced", "advanced"],
    ... }
    >>> table = ka.conversion_table(visits, horizon=14, stages=["understand", "confirm"])
    >>> ax = plots.conversion_funnel(table, Figure().subplots())
    >>> [[float(bar.get_width()) for bar in part] for part in ax.containers]
    [[2.0, 2.0], [0.0, 1.0], [0.0, 1.0]]
    """
    expect(table, ConversionTable, _FIGURE, "pass what ka.conversion_table(visits) returned.")
    words = words_for(language, figure=_FIGURE)
    unit = unit_of(unit, f"{_FIGURE}(unit)")
    on = canvas(ax, words, size=(8.4, 1.9 + 0.55 * max(len(table), 2)))
    on.title(*_title(table, unit))
    if not len(table) or not table.at.deals.any():
        return on.nothing("no deal was in any stage", "没有商机进入任何阶段")
    labels = _labels(table, names, words)
    size = min(on.rows(labels), SMALL)
    _draw_bars(on, table, size)
    most = float(table.at.deals.max())
    _draw_plans(on, table, most)
    for i in range(len(table)):
        on.ax.text(
            1.04 * most,
            i,
            _told(table, i, unit, words),
            va="center",
            fontsize=size,
            linespacing=1.35,
        )
    on.ax.set_xlim(0.0, 1.95 * most)
    ticks = [t for t in on.ax.get_xticks() if 0 <= t <= most and t == int(t)]
    on.ax.set_xticks(ticks, labels=[words.count(t) for t in ticks])
    on.ax.set_xlabel(words.say("deals", "商机数"), loc="left")
    on.plain()
    on.ax.spines["bottom"].set_bounds(0.0, most)
    on.legend(4)
    return on.done()


def _title(table: ConversionTable, unit: str) -> tuple[str, str]:
    if not len(table):
        return "Deals by stage", "各阶段商机"
    by = f"{table.at.horizon[0]:g}"
    return (
        f"What became of the deals of each stage within {by} {unit or 'days'}",
        f"各阶段商机在 {by} {unit or '天'}内的去向",
    )


def _labels(table: ConversionTable, names: Any, words: Words) -> list[str]:
    stages = labels_of(table.stage.tolist(), names, words, _FIGURE)
    groups: list[Any] = [c.tolist() for c in table.by.values()]
    return [
        shortened(" · ".join([stage, *("–" if g is None else str(g) for g in of)]), 36)
        for stage, *of in zip(stages, *groups, strict=True)
    ]


def _draw_bars(on: Canvas, table: ConversionTable, size: float) -> None:
    at = table.at
    counts: Mapping[str, Any] = {
        "advanced": at.n_advanced,
        "lost": at.n_lost,
        "open": at.deals - at.n_advanced - at.n_lost,
    }
    looks = {
        "advanced": (FOR, "", on.words.say("advanced", "推进")),
        "lost": (AGAINST, "///", on.words.say("lost", "丢单")),
        "open": (
            on.ground.faint,
            "...",
            on.words.say("open or seen too short", "未决或观察期不足"),
        ),
    }
    left = np.zeros(len(table))
    most = float(at.deals.max())
    for part, (colour, hatch, label) in looks.items():
        width: Floats = counts[part].astype(np.float64)
        bars = on.ax.barh(
            np.arange(len(table)),
            width,
            left=left,
            height=0.62,
            color=colour,
            hatch=hatch,
            edgecolor=MUTED if part == "open" else "white",
            linewidth=0.0 if part == "open" else 0.8,
            label=label,
        )
        wide = [on.words.count(w) if w > 0.06 * most else "" for w in width.tolist()]
        label_bars(on, bars, wide, (colour, hatch), size)
        left += width


def _draw_plans(on: Canvas, table: ConversionTable, most: float) -> None:
    """Mark how many deals were to advance by plan."""
    rows = np.flatnonzero(~np.isnan(table.planned) & (table.at.deals > 0))
    if len(rows) and most > 0.0:
        on.ax.plot(
            table.planned[rows] * table.at.deals[rows],
            rows - 0.39,
            linestyle="",
            marker="v",
            markersize=7,
            color=on.ground.ink,
            label=on.words.say("plan", "计划"),
        )


def _told(table: ConversionTable, i: int, unit: str, words: Words) -> str:
    """Write the conversion with its interval, the plan, and half the dwell."""
    at = table.at
    if not at.deals[i]:
        return words.say("no deals", "无商机")
    low, high = words.share(float(at.advanced_low[i])), words.share(float(at.advanced_high[i]))
    share, of = words.share(float(at.advanced[i])), _deals(int(at.deals[i]), words)
    line = words.say(f"{of}: {share} advance", f"{of}，推进率 {share}")
    if not np.isnan(at.advanced_low[i]):
        line += words.say(f" ({low}–{high})", f"（{low}–{high}）")
    lines = [line]
    more: list[str] = []
    if not np.isnan(table.planned[i]):
        plan = words.share(float(table.planned[i]))
        more.append(words.say(f"plan {plan}", f"计划 {plan}"))
    if _MEDIAN in table.dwell:
        more.append(_dwell(float(table.dwell[_MEDIAN][i]), unit, words))
    if at.beyond[i]:
        until = f"{at.followed_until[i]:g}"
        more.append(words.say(f"watched until {until}", f"仅观察至 {until}"))
    return "\n".join([*lines, " · ".join(more)] if more else lines)


def _deals(count: int, words: Words) -> str:
    return words.say("1 deal" if count == 1 else f"{count:,} deals", f"{count:,} 单")


def _dwell(median: float, unit: str, words: Words) -> str:
    if np.isnan(median):
        return words.say("half never left so far", "至今未过半离开")
    return words.say(
        f"half left by {median:g} {unit or 'days'}", f"半数在 {median:g} {unit or '天'}内离开"
    )
