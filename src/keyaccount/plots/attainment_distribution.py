"""`attainment_distribution`: how likely which sum is, and where the target lies."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from keyaccount._columns import Floats
from keyaccount._words import Language
from keyaccount.funnel.attainment import Attainment, SumDistribution
from keyaccount.plots._canvas import SMALL, Canvas, canvas, expect
from keyaccount.plots._checks import whole
from keyaccount.plots._marks import behind, draw_line
from keyaccount.plots._palette import AGAINST, FOR
from keyaccount.plots._ticks import money_along, shares_along
from keyaccount.plots._words import words_for

__all__ = ["attainment_distribution"]

_FIGURE = "attainment_distribution"
_NEXT_TO_NOTHING = 1e-4
"""The probability of a range that a figure cannot show."""


def attainment_distribution(
    attainment: Attainment[Any],
    ax: Axes | None = None,
    *,
    bins: int = 40,
    currency: str = "",
    language: Language = "en",
) -> Axes:
    """Draw how likely the deals won add up to which amount, with the target.

    A bar is the probability that the sum lies in its range. One range starts at the target, the
    first of several, so that the bars from there on add up to the probability of reaching it. An
    arrow points to a target that is so far off that the bars would be lost beside it.

    Parameters
    ----------
    attainment
        What `keyaccount.attainment` returned, for one target or several.
    ax
        Where to draw; None: a figure of its own.
    bins
        How many ranges about. 40 is a choice of this library.
    currency
        What amounts are written with.
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
    >>> found = ka.attainment([50_000, 20_000, 30_000], [0.9, 0.5, 0.2], 70_000)
    >>> ax = plots.attainment_distribution(found, Figure().subplots(), currency="€")
    >>> below, above = (sum(bar.get_height() for bar in part) for part in ax.containers)
    >>> float(above.round(3)), round(found.probability, 3)
    (0.54, 0.54)
    >>> ax.get_title(loc="left")
    'The target of €70K is reached with 54%'
    """
    expect(attainment, Attainment, _FIGURE, "pass what ka.attainment(...) returned.")
    words = words_for(language, currency, figure=_FIGURE)
    count = whole(bins, f"{_FIGURE}(bins)")
    targets = attainment.columns()["target"]
    on = canvas(ax, words, size=(7.2, 4.0))
    on.title("Reaching the target", "目标达成")
    if not attainment.open_deals + attainment.certain_deals:
        return on.nothing("no deal counts", "没有可计入的商机")
    if not len(targets):
        return on.nothing("there is no target", "没有目标")
    on.title(*_title(attainment, on))
    first, share = float(targets[0]), float(attainment.columns()["probability"][0])
    law = attainment.distribution()
    edges = _edges(law.amount, first, share, count)
    heights = _heights(law, edges, first, share)
    _draw_bars(on, heights, edges, (first, share))
    _draw_lines(on, attainment, targets)
    seen = np.flatnonzero(heights > _NEXT_TO_NOTHING)
    ends = [*edges[seen].tolist(), *edges[seen + 1].tolist()]
    _look_at(on, [*ends, attainment.expected], targets.tolist())
    money_along(on.ax.xaxis, words)
    shares_along(on.ax.yaxis, words)
    on.ax.set_xlabel(words.say("sum of the deals won", "赢单金额合计"))
    on.ax.set_ylabel(words.say("probability", "概率"))
    on.plain(grid="y")
    on.legend(3)
    return on.done()


def _title(attainment: Attainment[Any], on: Canvas) -> tuple[str, str]:
    columns = attainment.columns()
    if len(attainment) != 1:
        return "How likely which sum is", "赢单合计的分布"
    target, share = on.words.money(columns["target"][0]), columns["probability"][0]
    low, high = float(columns["low"][0]), float(columns["high"][0])
    reached = on.words.share(float(share))
    if on.words.share(low) != on.words.share(high):
        reached += f" ({on.words.share(low)}–{on.words.share(high)})"
    return (
        f"The target of {target} is reached with {reached}",
        f"达成目标 {target} 的概率为 {reached}",
    )


def _edges(amount: Floats, target: float, share: float, count: int) -> Floats:
    """Divide the range of sums into ranges of one width, of which one starts at the target.

    A target that no sum reaches, or every sum, may lie outside.
    """
    low, high = float(amount[0]), float(amount[-1])
    width = ((high - low) or max(abs(high), 1.0)) / count
    start = low
    if 0.0 < share < 1.0:
        start, low, high = target, min(low, target - width / 2), max(high, target)
    first, last = np.floor((low - start) / width), np.floor((high - start) / width) + 1.0
    edges: Floats = np.unique(start + width * np.arange(first, last + 1.0))
    # What rounding has put outside is let in again.
    edges[0], edges[-1] = min(edges[0], low), max(edges[-1], high)
    return edges


def _heights(law: SumDistribution, edges: Floats, target: float, share: float) -> Floats:
    """Give the probability of each range: that of reaching its start, less that of its end.

    As floats, a sum a hair below the target may equal it, and a lattice has no point at the target:
    what is known of the target itself goes before.
    """
    tails = np.append(law.probability, 0.0)[np.searchsorted(law.amount, edges)]
    tails[0], tails[-1] = 1.0, 0.0
    tails = np.where(edges < target, np.maximum(tails, share), np.minimum(tails, share))
    return -np.diff(np.where(edges == target, share, tails))


def _draw_bars(on: Canvas, heights: Floats, edges: Floats, goal: tuple[float, float]) -> None:
    """Draw the ranges below the target and from it on, with the probability of each side."""
    target, share = goal
    said = on.words.money(target)
    starts = edges[:-1]
    reaching = starts >= target
    looks = (
        (
            ~reaching,
            1.0 - share,
            on.ground.faint,
            "",
            on.words.say(f"below {said}", f"低于 {said}"),
        ),
        (reaching, share, FOR, "///", on.words.say(f"{said} or more", f"{said} 及以上")),
    )
    for rows, part, colour, hatch, label in looks:
        some = bool(rows.any())  # else one of no height, for the legend
        on.ax.bar(
            starts[rows] if some else [target],
            heights[rows] if some else [0.0],
            width=np.diff(edges)[rows] if some else 0.0,
            align="edge",
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0.6,
            label=f"{label} ({on.words.share(part)})",
        )


def _look_at(on: Canvas, places: list[float], targets: list[float]) -> None:
    """Show all places, the targets that are not far from them, and a little beside these."""
    low, high = min(places), max(places)
    reach = max(2.0 * (high - low), 0.5 * max(abs(low), abs(high)))
    near = [t for t in targets if low - reach <= t <= high + reach]
    for far, arrow, x in ((max(targets), "→", 0.99), (min(targets), "←", 0.01)):
        if far not in near and (far > high) == (arrow == "→"):
            _point_to(on, far, arrow, x)
    low, high = min([low, *near]), max([high, *near])
    beside = 0.03 * ((high - low) or 1.0)
    on.ax.set_xlim(low - beside, high + beside)


def _point_to(on: Canvas, target: float, arrow: str, x: float) -> None:
    """Say at the edge where a target is that cannot be seen."""
    said = f"{on.words.say('target', '目标')} {on.words.money(target)}"
    right = arrow == "→"
    on.ax.annotate(
        f"{said} {arrow}" if right else f"{arrow} {said}",
        (x, 0.97),
        xycoords="axes fraction",
        ha="right" if right else "left",
        va="top",
        fontsize=SMALL,
        zorder=4,
        bbox=behind(on, 1.5),
    )


def _draw_lines(on: Canvas, attainment: Attainment[Any], targets: Floats) -> None:
    expected = f"{on.words.say('expected', '期望值')} {on.words.money(attainment.expected)}"
    colour = on.ground.line(AGAINST)
    draw_line(on, attainment.expected, expected, color=colour, linewidth=2.0, linestyle=":")
    reached = attainment.columns()["probability"]
    for target, share in zip(targets.tolist(), reached.tolist(), strict=True):
        said = f"{on.words.say('target', '目标')} {on.words.money(target)}"
        if len(targets) > 1:
            said += f" ({on.words.share(share)})"
        draw_line(on, target, said)
