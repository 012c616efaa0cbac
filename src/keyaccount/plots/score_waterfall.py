"""`score_waterfall`: how one account comes to its score, and how far it is from the cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from keyaccount._record import checked_row
from keyaccount._words import Language, Words
from keyaccount.errors import SpecError
from keyaccount.plots._canvas import Canvas, canvas, expect
from keyaccount.plots._marks import draw_line
from keyaccount.plots._scores import account_labels, expect_sum, ids_of, scores_in
from keyaccount.plots._steps import Step, draw_steps
from keyaccount.plots._words import labels_of, words_for
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.selection import Selection

__all__ = ["score_waterfall"]

_FIGURE = "score_waterfall"


def score_waterfall(
    scores: Scores | Selection,
    account: Any,
    ax: Axes | None = None,
    *,
    ids: Any = None,
    names: Mapping[str, str] | None = None,
    language: Language = "en",
) -> Axes:
    """Draw how one account comes to its score, criterion by criterion, up to the cut.

    Parameters
    ----------
    scores
        `Scores` whose contributions add up, or a `Selection` made from them: it brings ids, the
        hold of an incumbent and the cut of the account's group.
    account
        The id of the account; its position where there are no ids.
    ax
        Where to draw; None: a figure of its own.
    ids
        ``(n,)`` names of the accounts. None: those of the selection.
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
        There is no such account, or the contributions do not add up.
    RowError, ColumnError
        There is no such position, or not one id per account.

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
    >>> chosen = ka.select(scores, ka.TopCount(1), ids=["Acme", "Birch"])
    >>> ax = plots.score_waterfall(chosen, "Acme", Figure().subplots())
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['sales', 'showcase', 'score']
    >>> ax.get_title(loc="left")
    'Acme: score 0.50, 0.10 below the cut'
    """
    expect(scores, (Scores, Selection), _FIGURE, "pass what scorer.score(columns) returned.")
    found = scores_in(scores, _FIGURE)
    expect_sum(found, _FIGURE)
    words = words_for(language, figure=_FIGURE)
    row = _row(scores, ids, account)
    on = canvas(ax, words, size=(7.2, 1.6 + 0.38 * (len(found.names) + 2)))
    name = account_labels(scores, ids, words, _FIGURE)(row)
    if np.isnan(found.value[row]):
        on.title(name, name)
        return on.nothing("the account has no score", "该账户没有评分")
    labels = labels_of(found.names, names, words, _FIGURE)
    draw_steps(on, list(_steps(scores, found, row, labels, words)))
    on.ax.set_xlabel(words.say("score", "评分"))
    _tell(on, scores, found, row, name)
    return on.done()


def _row(scores: Scores | Selection, ids: Any, account: Any) -> int:
    known = ids_of(scores, ids, _FIGURE)
    if known is None:
        return checked_row(account, len(scores))
    names: list[str | None] = known.tolist()
    if str(account) not in names:
        raise SpecError.from_choice(f"{_FIGURE}(account)", account, [str(n) for n in names])
    return names.index(str(account))


def _steps(
    scores: Scores | Selection, found: Scores, row: int, labels: list[str], words: Words
) -> Iterator[Step]:
    at = 0.0
    whole = sum(found.weights)
    for k, label in enumerate(labels):
        part = float(found.contributions[row, k])
        yield Step(label, at, at + part, _said(found, row, k, whole, words))
        at += part
    value = float(found.value[row])
    yield Step(words.say("score", "评分"), 0.0, value, words.number(value), whole=True)
    hold = float(scores.hold[row]) if isinstance(scores, Selection) else 0.0
    if hold:
        said = f"+{words.number(hold)}"
        yield Step(words.say("hold of an incumbent", "在任保留"), value, value + hold, said)


def _said(found: Scores, row: int, k: int, whole: float, words: Words) -> str:
    """Say what a criterion gave, of how much where that is plain."""
    part = float(found.contributions[row, k])
    text = f"{'+' if part >= 0 else ''}{words.number(part)}"
    if found.contribution_kind == "sum" and not found.reweighted_rows[row]:
        most = words.number(found.weights[k] / whole)
        text += words.say(f" of {most}", f" / {most}")
    return text if found.known[row, k] else text + words.say(" (unknown)", "（未知）")


def _tell(on: Canvas, scores: Scores | Selection, found: Scores, row: int, name: str) -> None:
    """Draw the cut, and say how far it is."""
    told = _told(scores, found, row, on.words)
    title = (f"{name}: score {told}", f"{name}：评分 {told}")
    if isinstance(scores, Selection) and np.isfinite(scores.cut_by_row[row]):
        cut, far = float(scores.cut_by_row[row]), float(scores.distance[row])
        said = f"{on.words.say('cut', '入选线')} {on.words.number(cut)}"
        draw_line(on, cut, said)
        on.ax.annotate(
            said,
            (cut, 0.0),
            xycoords=("data", "axes fraction"),
            xytext=(4, 4),
            textcoords="offset points",
            fontsize="small",
        )
        low, high = on.ax.get_xlim()
        on.ax.set_xlim(low, max(high, cut + 0.15 * (cut - low)))
        english, chinese = _side(far, on.words)
        title = (title[0] + english, title[1] + chinese)
    on.title(*title)


def _told(scores: Scores | Selection, found: Scores, row: int, words: Words) -> str:
    """Write the score, with the hold of an incumbent where there is one."""
    score = words.number(float(found.value[row]))
    hold = float(scores.hold[row]) if isinstance(scores, Selection) else 0.0
    return score + (f" + {words.number(hold)}" if hold else "")


def _side(far: float, words: Words) -> tuple[str, str]:
    """Say how far it is to the cut, in both languages."""
    by = words.number(abs(far))
    if by == words.number(0.0):
        return ", at the cut", "，处于入选线"
    if far > 0.0:
        return f", {by} above the cut", f"，高于入选线 {by}"
    return f", {by} below the cut", f"，低于入选线 {by}"
