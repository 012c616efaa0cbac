"""`information_completeness`: how much is known about each account, and where the holes are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from keyaccount._columns import Floats
from keyaccount._words import Language, shortened
from keyaccount.plots._canvas import SMALL, Canvas, canvas, expect
from keyaccount.plots._checks import whole
from keyaccount.plots._marks import label_bars
from keyaccount.plots._palette import AGAINST, FOR
from keyaccount.plots._ticks import shares_along
from keyaccount.plots._words import accounts, words_for
from keyaccount.program.information.assessment import FRESH, STALE, InformationAssessment

__all__ = ["information_completeness", "information_holes"]

_READABLE = 0.07


def information_completeness(
    assessment: InformationAssessment,
    ax: Axes | None = None,
    *,
    top: int = 20,
    language: Language = "en",
) -> Axes:
    """Draw how much of the information map is filled for each account, the least known first.

    Parameters
    ----------
    assessment
        What `InformationMap.assess` returned.
    ax
        Where to draw; None: a figure of its own.
    top
        How many accounts; of those known equally well the first in the rows. 20 is a choice of this
        library.
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

    See Also
    --------
    information_holes

    Examples
    --------
    >>> import keyaccount as ka
    >>> from keyaccount import plots
    >>> from matplotlib.figure import Figure
    >>> fields = [ka.InformationField("aims", "Aims"), ka.InformationField("budget", "Budget")]
    >>> known = {
    ...     "account": ["A", "A", "B"],
    ...     "field": ["aims", "budget", "aims"],
    ...     "value": ["x"] * 3,
    ... }
    >>> found = ka.InformationMap("short", fields).assess(known, as_of="2026-09-30", date=None)
    >>> ax = plots.information_completeness(found, Figure().subplots())
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['B', 'A']
    >>> [float(bar.get_width()) for bar in ax.containers[0]]
    [0.5, 1.0]
    """
    figure = "information_completeness"
    expect(assessment, InformationAssessment, figure, "pass what map.assess(entries) returned.")
    words = words_for(language, figure=figure)
    count = whole(top, f"{figure}(top)")
    known = np.flatnonzero(~np.isnan(assessment.complete))
    worst = np.argsort(assessment.complete[known], kind="stable")
    rows = known[worst][:count]
    on = canvas(ax, words, size=(7.2, 1.7 + 0.3 * max(len(rows), 3)))
    label = words.name(
        assessment.map.name, assessment.map.name.replace("_", " "), assessment.map.name_zh
    )
    on.title(f"What is known of each account: {label}", f"各客户信息完整度：{label}")
    if not len(rows):
        return on.nothing("there is no account, or no field counts", "没有客户或没有计入的字段")
    fresh, complete = assessment.fresh[rows], assessment.complete[rows]
    # Shares are rounded one by one: what is filled is never a hair less than what is fresh.
    parts = (fresh, np.maximum(complete - fresh, 0.0), np.maximum(1.0 - complete, 0.0))
    _draw_parts(on, parts, [shortened(a) for a in assessment.account[rows].tolist()])
    on.ax.set_xlabel(words.say("share of the map, by weight", "信息地图占比（按权重）"))
    return on.done()


def information_holes(
    assessment: InformationAssessment, ax: Axes | None = None, *, language: Language = "en"
) -> Axes:
    """Draw for how many accounts each field of the information map is filled.

    Parameters
    ----------
    assessment
        What `InformationMap.assess` returned.
    ax
        Where to draw; None: a figure of its own.
    language
        ``"en"`` or ``"zh"``.

    Returns
    -------
    Axes
        The axes drawn on; fields from top to bottom in declared order.

    Raises
    ------
    SpecError
        An argument is not what it should be.

    See Also
    --------
    information_completeness

    Examples
    --------
    >>> import keyaccount as ka
    >>> from keyaccount import plots
    >>> from matplotlib.figure import Figure
    >>> fields = [ka.InformationField("aims", "Aims"), ka.InformationField("budget", "Budget")]
    >>> known = {
    ...     "account": ["A", "A", "B"],
    ...     "field": ["aims", "budget", "aims"],
    ...     "value": ["x"] * 3,
    ... }
    >>> found = ka.InformationMap("short", fields).assess(known, as_of="2026-09-30", date=None)
    >>> ax = plots.information_holes(found, Figure().subplots())
    >>> [float(bar.get_width()) for bar in ax.containers[0]]
    [1.0, 0.5]
    """
    figure = "information_holes"
    expect(assessment, InformationAssessment, figure, "pass what map.assess(entries) returned.")
    words = words_for(language, figure=figure)
    leaves = assessment.map.leaves
    on = canvas(ax, words, size=(7.6, 1.7 + 0.27 * max(len(leaves), 3)))
    n = len(assessment)
    told = accounts(n, words)
    on.title(f"What is known, field by field ({told})", f"各字段信息完整度（{told}）")
    if not n:
        return on.nothing("there is no account", "没有客户")
    fresh = np.count_nonzero(assessment.state == FRESH, axis=0) / n
    stale = np.count_nonzero(assessment.state == STALE, axis=0) / n
    labels = [shortened(words.name(f.code, f.name, f.name_zh), 36) for f in leaves]
    _draw_parts(on, (fresh, stale, np.maximum(1.0 - fresh - stale, 0.0)), labels)
    on.ax.set_xlabel(words.say("share of accounts", "客户占比"))
    return on.done()


def _draw_parts(on: Canvas, parts: tuple[Floats, Floats, Floats], labels: Sequence[str]) -> None:
    """Draw what is known, stale and missing side by side."""
    words = on.words
    looks = (
        (FOR, "", words.say("known", "已知")),
        (AGAINST, "///", words.say("stale", "已过期")),
        (on.ground.faint, "", words.say("missing", "缺失")),
    )
    size = on.rows(labels, SMALL)
    left = np.zeros(len(labels))
    for width, (colour, hatch, label) in zip(parts, looks, strict=True):
        bars = on.ax.barh(
            np.arange(len(labels)),
            width,
            left=left,
            height=0.72,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0.6,
            label=label,
        )
        texts = [words.share(w) if w >= _READABLE else "" for w in width.tolist()]
        label_bars(on, bars, texts, (colour, hatch), size)
        left = left + width
    on.ax.set_xlim(0.0, 1.0)
    shares_along(on.ax.xaxis, words)
    on.plain()
    on.legend(3)
