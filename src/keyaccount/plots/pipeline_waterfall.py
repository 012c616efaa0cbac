"""`pipeline_waterfall`: how the open pipeline of one date became that of another."""

from __future__ import annotations

from collections.abc import Iterator

from matplotlib.axes import Axes

from keyaccount._words import Language, Words
from keyaccount.funnel.movement.result import Waterfall
from keyaccount.plots._canvas import canvas, expect
from keyaccount.plots._steps import Step, draw_steps
from keyaccount.plots._ticks import money_along
from keyaccount.plots._words import words_for

__all__ = ["pipeline_waterfall"]

_FIGURE = "pipeline_waterfall"


def pipeline_waterfall(
    waterfall: Waterfall,
    ax: Axes | None = None,
    *,
    currency: str = "",
    language: Language = "en",
) -> Axes:
    """Draw how the open pipeline of one date became that of another, bucket by bucket.

    Buckets that changed no value are left out. What was won leaves the open pipeline, and has a
    colour and a hatch of its own.

    Parameters
    ----------
    waterfall
        What `keyaccount.waterfall` returned.
    ax
        Where to draw; None: a figure of its own.
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
    >>> march = {"deal": ["a", "b"], "amount": [100.0, 50.0]}
    >>> april = {"deal": ["a", "c"], "amount": [130.0, 20.0]}
    >>> moved = ka.waterfall(march, april, outcome=None, stage=None, expected=None)
    >>> ax = plots.pipeline_waterfall(moved, Figure().subplots())
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['start', 'New', 'Amount increase', 'Removed', 'end']
    >>> [float(bar.get_width()) for bar in ax.patches]
    [150.0, 20.0, 30.0, 50.0, 150.0]
    """
    expect(waterfall, Waterfall, _FIGURE, "pass what ka.waterfall(before, after) returned.")
    words = words_for(language, currency, figure=_FIGURE)
    steps = list(_steps(waterfall, words))
    on = canvas(ax, words, size=(7.2, 1.5 + 0.38 * len(steps)))
    on.title("How the open pipeline moved", "在途商机的变化")
    if not len(waterfall):
        return on.nothing("there is no deal on either date", "两个日期均无商机")
    draw_steps(on, steps)
    money_along(on.ax.xaxis, words)
    on.ax.set_xlabel(words.say("value of open deals", "在途商机金额"))
    return on.done()


def _steps(moved: Waterfall, words: Words) -> Iterator[Step]:
    yield _level(words.say("start", "期初"), moved.start, moved.open_before, words)
    at = moved.start
    columns = moved.buckets.columns()
    for i in range(len(moved.buckets)):
        change, standing = float(columns["change"][i]), float(columns["standing"][i])
        if change:
            name = words.name(columns["bucket"][i], columns["name"][i], columns["name_zh"][i])
            text = f"{'+' if change > 0 else ''}{words.money(change)}"
            deals = int(columns["deals"][i])
            won = columns["bucket"][i] == "won"
            yield Step(name, at, standing, f"{text} ({_deals(deals, words)})", gained=won)
        at = standing
    yield _level(words.say("end", "期末"), moved.end, moved.open_after, words)


def _level(label: str, value: float, deals: int, words: Words) -> Step:
    return Step(label, 0.0, value, f"{words.money(value)} ({_deals(deals, words)})", whole=True)


def _deals(count: int, words: Words) -> str:
    return words.say("1 deal" if count == 1 else f"{count:,} deals", f"{count:,} 单")
