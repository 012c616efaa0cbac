"""`rfm_treemap`: how large each RFM segment is, by accounts or by money."""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_lowercase
from textwrap import fill
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from keyaccount._words import Language, Words
from keyaccount.plots._canvas import Canvas, canvas, expect
from keyaccount.plots._checks import amounts_of
from keyaccount.plots._fitting import SIZE_FIRST, FittedText, fitted
from keyaccount.plots._palette import ink_on, tint
from keyaccount.plots._squares import Box, laid_out
from keyaccount.plots._words import accounts, told_accounts, told_missing, words_for
from keyaccount.segments.rfm import RfmResult

__all__ = ["rfm_treemap"]

_FIGURE = "rfm_treemap"
_WIDTH, _HEIGHT = 1.6, 1.0


def rfm_treemap(
    result: RfmResult,
    ax: Axes | None = None,
    *,
    money: Any = None,
    currency: str = "",
    language: Language = "en",
) -> Axes:
    """Draw the segments as a tree map: the larger the area, the more accounts, or money.

    Parameters
    ----------
    result
        What `Rfm.assign` returned, with eight segments or any others.
    ax
        Where to draw; None: a figure of its own.
    money
        ``(n,)`` an amount per account, which the areas then go by; missing ones are left out.
        Segments without any, or below 0 in sum, have no area: they are listed below the map, like
        those whose area has no room for a name, which bear a letter.
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
    ColumnError, RowError
        There is not one amount per account.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from keyaccount import plots
    >>> from matplotlib.figure import Figure
    >>> rfm = ka.Rfm(cuts=ka.FixedCut(recency=90, frequency=3, monetary=1_000))
    >>> book = {"days_since": [5, 8, 300], "count": [9, 5, 1], "total": [9e3, 2e3, 20.0]}
    >>> ax = plots.rfm_treemap(rfm.assign(book), Figure().subplots())
    >>> [round(box.get_width() * box.get_height() / 1.6, 3) for box in ax.patches]
    [0.667, 0.333]
    >>> print(ax.texts[0].get_text())
    important – value
    2 accounts · 67%
    """
    expect(result, RfmResult, _FIGURE, "pass what rfm.assign(columns) returned.")
    words = words_for(language, currency, figure=_FIGURE)
    amounts = amounts_of(money, len(result), "money")
    counts = result.counts()
    sums = None if amounts is None else result.totals(amounts)
    sizes = {code: float(n) for code, n in (counts if sums is None else sums).items()}
    drawn = sorted((c for c in sizes if sizes[c] > 0.0), key=lambda c: -sizes[c])
    on = canvas(ax, words, size=(7.6, 5.0))
    told = told_accounts(sum(counts.values()), len(result), words)
    if amounts is not None:
        told += told_missing(amounts, words)
    by = ("number of accounts", "客户数") if amounts is None else ("money", "金额")
    on.title(f"Segments by {by[0]}: {told}", f"各细分的{by[1]}：{told}")
    if not drawn:
        return on.nothing("no segment holds anything", "所有细分均为空")
    order = list(counts)
    boxes = laid_out([sizes[c] for c in drawn], _WIDTH, _HEIGHT)
    whole = sum(sizes[c] for c in drawn)
    small: list[str] = []
    for code, box in zip(drawn, boxes, strict=True):
        name, share = _name(result, code, words), words.share(sizes[code] / whole)
        texts = _texts(name, counts[code], None if sums is None else sums[code], share, words)
        if not _has_room(on, box, texts):
            letter = ascii_lowercase[len(small) % len(ascii_lowercase)]
            small.append(f"{letter}: {name} {share}")
            texts = [letter]
        _draw_box(on, box, order.index(code), texts)
    _frame(on)
    _tell_unnamed(on, small, [_empty(result, c, sums, words) for c in order if c not in drawn])
    return on.done()


def _name(result: RfmResult, code: str, words: Words) -> str:
    segment = next(s for s in result.spec.segments.segments if s.code == code)
    return words.name(code, segment.name, segment.name_zh)


def _empty(result: RfmResult, code: str, sums: Mapping[str, float] | None, words: Words) -> str:
    """Name a segment without an area, with its sum where that is below 0."""
    name = _name(result, code, words)
    below = sums is not None and sums[code] < 0.0
    return f"{name} {words.money(sums[code])}" if sums is not None and below else name


def _texts(name: str, count: int, total: float | None, share: str, words: Words) -> list[str]:
    """Write a segment in full, and ever shorter."""
    many = accounts(count, words)
    broken = name.replace(" – ", " –\n").replace(" ", "\n", 0 if " – " in name else 1)
    if total is None:
        return [
            f"{name}\n{many} · {share}",
            f"{broken}\n{many}\n{share}",
            f"{broken}\n{share}",
        ]
    money = words.money(total)
    return [
        f"{name}\n{money} · {many} · {share}",
        f"{name}\n{money} · {share}\n{many}",
        f"{broken}\n{money} · {share}\n{many}",
        f"{broken}\n{money} · {share}",
        f"{broken}\n{share}",
    ]


def _has_room(on: Canvas, box: Box, texts: list[str]) -> bool:
    """Say whether there will be room for its name, before a layout changes it."""
    _, _, width, height = box
    return fitted(texts, width / _WIDTH * on.width, height / _HEIGHT * on.height) is not None


def _draw_box(on: Canvas, box: Box, place: int, texts: list[str]) -> None:
    """Draw a segment and its name."""
    colour = tint(place)
    left, bottom, width, height = box
    on.ax.add_patch(
        Rectangle((left, bottom), width, height, facecolor=colour, edgecolor="white", linewidth=2)
    )
    middle = (left + width / 2, bottom + height / 2)
    look: dict[str, Any] = {"color": ink_on(colour), "turns": True, "sizes": SIZE_FIRST}
    on.ax.add_artist(FittedText(middle, (width, height), texts, **look))


def _frame(on: Canvas) -> None:
    on.ax.set_xlim(0.0, _WIDTH)
    on.ax.set_ylim(0.0, _HEIGHT)
    on.ax.set_xticks([])
    on.ax.set_yticks([])
    on.ax.spines[:].set_visible(False)


def _tell_unnamed(on: Canvas, small: list[str], empty: list[str]) -> None:
    """List below the map what has no name in it."""
    words = on.words
    join, wide = words.say("; ", "；"), words.say("90", "46")
    heads = (
        (words.say("Too small to name: ", "面积过小未标注："), small),
        (words.say("No area: ", "无面积："), empty),
    )
    lines = [fill(head + join.join(names), int(wide)) for head, names in heads if names]
    on.ax.set_xlabel("\n".join(lines), fontsize="small", loc="left")
