"""`score_waterfall`: how one account comes to its score, and how far it is from the cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import numpy as np
from matplotlib.axes import Axes

from keyaccount._record import checked_row
from keyaccount._words import Language, Words
from keyaccount.plots._canvas import Canvas, canvas, expect
from keyaccount.plots._checks import place_of
from keyaccount.plots._marks import behind, draw_line
from keyaccount.plots._scores import DIGITS, account_labels, expect_sum, ids_of, scores_in
from keyaccount.plots._steps import Step, draw_steps
from keyaccount.plots._words import labels_of, words_for
from keyaccount.scoring.scores import Scores
from keyaccount.scoring.selection import Selection
from keyaccount.stats.sums import exact_sum

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
        There is no such account or more than one, or the contributions do not add up.
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
        return on.nothing("the account has no score", "该客户没有评分")
    labels = labels_of(found.names, names, words, _FIGURE)
    account = _Account(scores, found, row, _digits(scores, found, row), words)
    draw_steps(on, list(_steps(account, labels)))
    on.ax.set_xlabel(words.say("score", "评分"))
    _tell(on, account, name)
    return on.done()


def _row(scores: Scores | Selection, ids: Any, account: Any) -> int:
    known = ids_of(scores, ids, _FIGURE)
    if known is None:
        return checked_row(account, len(scores))
    return place_of(account, known.tolist(), f"{_FIGURE}(account)")


@attrs.frozen(eq=False)
class _Account:
    """One account among the others, and how its numbers are written."""

    given: Scores | Selection
    scores: Scores
    row: int
    digits: int
    words: Words

    def number(self, value: float) -> str:
        """Write a number with as many digits as tell the score from the cut."""
        return self.words.number(value, self.digits)

    @property
    def hold(self) -> float:
        """What an incumbent is held by."""
        return _hold(self.given, self.row)


def _hold(scores: Scores | Selection, row: int) -> float:
    return float(scores.hold[row]) if isinstance(scores, Selection) else 0.0


def _digits(scores: Scores | Selection, found: Scores, row: int) -> int:
    """Give with how many digits the score is as far from the cut as is written."""
    if not isinstance(scores, Selection) or not np.isfinite(scores.cut_by_row[row]):
        return DIGITS[0]
    cut, far = float(scores.cut_by_row[row]), float(scores.distance[row])
    parts = (float(found.value[row]), _hold(scores, row))
    for digits in DIGITS:
        value, hold = (round(part, digits) for part in parts)
        seen = value + hold - round(cut, digits)
        adds_up = round(seen - round(far, digits), digits) == 0.0
        if adds_up and (far == 0.0 or round(far, digits) != 0.0):
            return digits
    return DIGITS[-1]


def _steps(account: _Account, labels: list[str]) -> Iterator[Step]:
    at, words = 0.0, account.words
    for k, label in enumerate(labels):
        part = float(account.scores.contributions[account.row, k])
        yield Step(label, at, at + part, _said(account, k))
        at += part
    value, hold = float(account.scores.value[account.row]), account.hold
    yield Step(words.say("score", "评分"), 0.0, value, account.number(value), whole=True)
    if hold:
        said = f"+{account.number(hold)}"
        yield Step(words.say("hold of an incumbent", "在任保留"), value, value + hold, said)


def _said(account: _Account, k: int) -> str:
    """Say what a criterion gave, of how much where that is plain."""
    found, row, words = account.scores, account.row, account.words
    part = float(found.contributions[row, k])
    text = f"{'+' if part >= 0 else ''}{account.number(part)}"
    if found.contribution_kind == "sum" and not found.reweighted_rows[row]:
        most = account.number(found.weights[k] / exact_sum(found.weights))
        text += words.say(f" of {most}", f" / {most}")
    return text if found.known[row, k] else text + words.say(" (unknown)", "（未知）")


def _tell(on: Canvas, account: _Account, name: str) -> None:
    """Draw the cut, and say how far it is."""
    scores, row = account.given, account.row
    told = account.number(float(account.scores.value[row]))
    told += f" + {account.number(account.hold)}" if account.hold else ""
    title = (f"{name}: score {told}", f"{name}：评分 {told}")
    if isinstance(scores, Selection) and np.isfinite(scores.cut_by_row[row]):
        cut, far = float(scores.cut_by_row[row]), float(scores.distance[row])
        said = f"{on.words.say('cut', '入选线')} {account.number(cut)}"
        draw_line(on, cut, said)
        on.ax.annotate(
            said,
            (cut, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(4, -4),
            textcoords="offset points",
            va="top",
            fontsize="small",
            zorder=4,
            bbox=behind(on, 0.6),
        )
        low, high = on.ax.get_xlim()
        on.ax.set_xlim(low, max(high, cut + 0.15 * (cut - low)))
        top, bottom = on.ax.get_ylim()[1], on.ax.get_ylim()[0]
        on.ax.set_ylim(bottom, top - 0.45)  # a line for the label, above the bars
        english, chinese = _side(account, far)
        title = (title[0] + english, title[1] + chinese)
    on.title(*title)


def _side(account: _Account, far: float) -> tuple[str, str]:
    """Say how far it is to the cut, in both languages."""
    by = account.number(abs(far))
    if far == 0.0:
        return ", at the cut", "，处于入选线"
    if by == account.number(0.0):
        above = (", a hair above the cut", "，略高于入选线")
        return above if far > 0.0 else (", a hair below the cut", "，略低于入选线")
    if far > 0.0:
        return f", {by} above the cut", f"，高于入选线 {by}"
    return f", {by} below the cut", f"，低于入选线 {by}"
