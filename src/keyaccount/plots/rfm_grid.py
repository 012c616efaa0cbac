"""`rfm_grid`: how many accounts are at each score of recency and frequency, and their segments."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from keyaccount._columns import Codes, Floats
from keyaccount._words import Language, Words
from keyaccount.plots._canvas import Canvas, canvas, expect
from keyaccount.plots._checks import amounts_of
from keyaccount.plots._heat import Heat, draw_heat, shades
from keyaccount.plots._palette import INK
from keyaccount.plots._words import told_accounts, told_missing, words_for
from keyaccount.segments.rfm import RfmResult
from keyaccount.stats.sums import group_counts, group_sums

__all__ = ["rfm_grid"]

_FIGURE = "rfm_grid"
_WIDE = 11
"""Letters that a cell has room for."""


def rfm_grid(
    result: RfmResult,
    ax: Axes | None = None,
    *,
    money: Any = None,
    currency: str = "",
    language: Language = "en",
) -> Axes:
    """Draw the accounts by their scores of recency and frequency: 5×5 where there are five.

    Recency runs to the right and frequency upwards, each from low to high. Where the map of
    segments reads these two measures alone, lines part the segments and each is named once, in its
    cells. The shade goes by money where it is given, and by the number of accounts else.

    Parameters
    ----------
    result
        What `Rfm.assign` returned.
    ax
        Where to draw; None: a figure of its own.
    money
        ``(n,)`` an amount per account; missing ones are left out of the sums.
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
    >>> book = {"days_since": [1, 9, 30], "count": [9, 2, 1], "total": [900.0, 20.0, 10.0]}
    >>> rfm = ka.Rfm(cuts=ka.QuantileScores(5), segments=ka.rfm_map_5x5()).fit(book)
    >>> ax = plots.rfm_grid(rfm.assign(book), Figure().subplots())
    >>> ax.get_xlabel(), int(ax.collections[0].get_array().max())
    ('recency score →', 1)
    """
    expect(result, RfmResult, _FIGURE, "pass what rfm.assign(columns) returned.")
    words = words_for(language, currency, figure=_FIGURE)
    levels = result.spec.cuts.levels
    amounts = amounts_of(money, len(result), "money")
    on = canvas(ax, words, size=(2.2 + 1.15 * levels, 1.6 + 0.85 * levels))
    at = _places(result, levels)
    told = told_accounts(int(np.count_nonzero(at >= 0)), len(result), words)
    if amounts is not None:
        told += told_missing(amounts, words)
    on.title(f"Recency and frequency: {told}", f"最近购买与购买频次：{told}")
    if not (at >= 0).any():
        return on.nothing("no account has both scores", "没有客户同时具有两项得分")
    size = (levels, levels)
    counts = group_counts(at, levels**2).reshape(size)
    sums = None if amounts is None else group_sums(amounts, at, levels**2).reshape(size)
    shade = np.where(counts > 0, counts if sums is None else sums, 0.0)
    segments = _segments(result, levels)
    digits = [str(k + 1) for k in range(levels)]
    texts = _texts(result, counts, sums, segments, words)
    draw_heat(on, Heat(shades(shade), texts, digits, digits))
    if segments is not None:
        _draw_borders(on, segments)
    on.ax.set_xlabel(words.say("recency score →", "最近购买得分 →"))
    on.ax.set_ylabel(words.say("frequency score →", "购买频次得分 →"))
    return on.done()


def _places(result: RfmResult, levels: int) -> Codes:
    """Give the cell of each account, frequency by frequency; -1 where a score is unknown."""
    recency, frequency = (result.scores[:, k].astype(np.int64) - 1 for k in (0, 1))
    lost = (recency < 0) | (frequency < 0)
    return np.where(lost, -1, frequency * levels + recency)


def _segments(result: RfmResult, levels: int) -> Codes | None:
    """Give the segment of each cell, where recency and frequency alone decide."""
    known = result.spec.segments
    if known.measures != ("recency", "frequency") or len(known.symbols) != levels:
        return None
    found = np.zeros((levels, levels), dtype=np.int64)
    for i, f in enumerate(known.symbols):
        for j, r in enumerate(known.symbols):
            found[i, j] = known.positions[r + f]
    return found


def _texts(
    result: RfmResult, counts: Codes, sums: Floats | None, segments: Codes | None, words: Words
) -> list[list[str]]:
    named = {} if segments is None else _where_named(segments)
    texts: list[list[str]] = []
    for i, row in enumerate(counts.tolist()):
        lines = [[words.count(n)] for n in row]
        for j, line in enumerate(lines):
            if sums is not None and row[j]:
                line.append(words.money(float(sums[i, j])))
            if (i, j) in named:
                segment = result.spec.segments.segments[named[i, j]]
                name = words.name(segment.code, segment.name, segment.name_zh)
                line.insert(0, name.replace(" ", "\n", 1) if len(name) > _WIDE else name)
        texts.append(["\n".join(line) for line in lines])
    return texts


def _where_named(segments: Codes) -> dict[tuple[int, int], int]:
    """Name each segment in the first of its cells, from the top."""
    found: dict[int, tuple[int, int]] = {}
    for i in reversed(range(len(segments))):
        for j, segment in enumerate(segments[i].tolist()):
            _ = found.setdefault(segment, (i, j))
    return {cell: segment for segment, cell in found.items()}


def _draw_borders(on: Canvas, segments: Codes) -> None:
    """Draw a line wherever two cells next to each other are of two segments."""
    look: dict[str, Any] = {"color": INK, "linewidth": 1.6}
    for i, row in enumerate(segments.tolist()):
        for j, (left, right) in enumerate(pairwise(row)):
            if left != right:
                on.ax.plot([j + 0.5] * 2, [i - 0.5, i + 0.5], **look)
    for j, column in enumerate(segments.T.tolist()):
        for i, (low, high) in enumerate(pairwise(column)):
            if low != high:
                on.ax.plot([j - 0.5, j + 0.5], [i + 0.5] * 2, **look)
