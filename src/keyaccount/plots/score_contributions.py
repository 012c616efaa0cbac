"""`score_contributions`: what each criterion adds to the scores of the best accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from keyaccount._columns import Codes, Floats
from keyaccount._words import Language
from keyaccount.plots._canvas import SMALL, Canvas, canvas, expect
from keyaccount.plots._checks import whole
from keyaccount.plots._marks import behind, draw_line
from keyaccount.plots._palette import MUTED, look
from keyaccount.plots._scores import account_labels, cut_of, digits_apart, expect_sum, scores_in
from keyaccount.plots._words import labels_of, words_for
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.selection import Selection
from keyaccount.stats.sums import exact_sum

__all__ = ["score_contributions"]

_FIGURE = "score_contributions"


def score_contributions(
    scores: Scores | Selection,
    ax: Axes | None = None,
    *,
    top: int = 15,
    ids: Any = None,
    names: Mapping[str, str] | None = None,
    language: Language = "en",
) -> Axes:
    """Draw what each criterion adds to the scores of the best accounts, as stacked bars.

    Where something is unknown of an account, a thin line leads to the score it could have with
    everything unknown at its best.

    Parameters
    ----------
    scores
        `Scores` whose contributions add up, or a `Selection` made from them, which brings ids and
        the cut.
    ax
        Where to draw; None: a figure of its own.
    top
        How many accounts, best first; equal scores stand in the order of the rows. 15 is a choice
        of this library.
    ids
        ``(n,)`` names of the accounts. None: the ids of the selection, or the positions.
    names
        Labels of the criteria, by their names.
    language
        ``"en"`` or ``"zh"``.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    SpecError
        The scores are of an aggregation whose contributions do not add up, or an argument is not
        what it should be.
    RowError, ColumnError
        There is not one id per account.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from keyaccount import plots
    >>> from matplotlib.figure import Figure
    >>> scorer = ka.CompositeScorer(
    ...     criteria=(
    ...         ka.Criterion("sales", column="sales", value=ka.Linear(0, 100)),
    ...         ka.Criterion("showcase", column="rating", value=ka.Linear(1, 5)),
    ...     ),
    ...     weights={"sales": 0.6, "showcase": 0.4},
    ... )
    >>> scores = scorer.score({"sales": [50.0, 100.0], "rating": [3.0, None]})
    >>> ax = plots.score_contributions(scores, Figure().subplots(), ids=["Acme", "Birch"])
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['Birch', 'Acme']
    >>> [float(bar.get_width()) for bar in ax.containers[0]]
    [0.6, 0.3]
    """
    expect(scores, (Scores, Selection), _FIGURE, "pass what scorer.score(columns) returned.")
    found = scores_in(scores, _FIGURE)
    expect_sum(found, _FIGURE)
    words = words_for(language, figure=_FIGURE)
    rows = _best(found.value, whole(top, f"{_FIGURE}(top)"))
    on = canvas(ax, words, size=(7.2, 1.6 + 0.3 * max(len(rows), 3)))
    on.title("What makes the scores", "评分构成")
    if not len(rows):
        return on.nothing("no account has a score", "没有客户有评分")
    labels = account_labels(scores, ids, words, _FIGURE)
    size = on.rows([labels(i) for i in rows.tolist()])
    cut = cut_of(scores)
    digits = 2 if cut is None else digits_apart(found.value[rows].tolist(), cut)
    _draw_bars(on, found, rows, labels_of(found.names, names, words, _FIGURE))
    _draw_unknown(on, found, rows)
    _write_scores(on, found, rows, (digits, min(size, SMALL)))
    if cut is not None:
        draw_line(on, cut, f"{words.say('cut', '入选线')} {words.number(cut, digits)}")
    on.ax.set_xlabel(words.say("score", "评分"))
    on.ax.margins(x=0.08)
    low, high = on.ax.get_xlim()
    if not (found.contributions[rows] < 0.0).any():
        low, high = 0.0, high if found.high[rows].any() else 1.0
    on.ax.set_xlim(low, high + 0.08 * (high - low))  # for the scores behind the bars
    on.plain(grid="x")
    on.legend(3)
    return on.done()


def _best(value: Floats, top: int) -> Codes:
    known = np.flatnonzero(~np.isnan(value))
    found: Codes = known[np.argsort(-value[known], kind="stable")][:top]
    return found


def _draw_bars(on: Canvas, scores: Scores, rows: Codes, labels: list[str]) -> None:
    parts = scores.contributions[rows]
    above, below = np.zeros(len(rows)), np.zeros(len(rows))
    for k, label in enumerate(labels):
        colour, hatch = look(k)
        part = parts[:, k]
        left = np.where(part >= 0.0, above, below)
        on.ax.barh(
            np.arange(len(rows)),
            part,
            left=left,
            height=0.7,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            linewidth=0.6,
            label=label,
        )
        above += np.maximum(part, 0.0)
        below += np.minimum(part, 0.0)


def _write_scores(on: Canvas, scores: Scores, rows: Codes, look: tuple[int, float]) -> None:
    """Write each score behind its bars, in digits and size, and how far up it could go."""
    digits, size = look
    above = np.maximum(scores.contributions[rows], 0.0)
    for i, row in enumerate(rows.tolist()):
        value, high = float(scores.value[row]), float(scores.high[row])
        text = on.words.number(value, digits)
        if _is_open(scores, row):
            text += f"–{on.words.number(high, digits)}"
        on.ax.annotate(
            text,
            (max(exact_sum(above[i]), high), i),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=size,
            zorder=4,
            bbox=behind(on, 0.6),
        )


def _is_open(scores: Scores, row: int) -> bool:
    """Say whether what is unknown could take an account further up."""
    return bool(scores.coverage[row] < 1.0 and scores.high[row] > scores.value[row])


def _draw_unknown(on: Canvas, scores: Scores, rows: Codes) -> None:
    """Draw how far up what is unknown could take an account."""
    value, high = scores.value[rows], scores.high[rows]
    open_up = [i for i, row in enumerate(rows.tolist()) if _is_open(scores, row)]
    for n, i in enumerate(open_up):
        on.ax.plot(
            [value[i], high[i]],
            [i, i],
            color=on.ground.line(MUTED),
            linewidth=1.2,
            marker="|",
            markevery=[1],
            label=on.words.say("if the unknown is at its best", "未知项取最好值时")
            if n == 0
            else None,
        )
