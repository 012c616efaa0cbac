"""`weight_sensitivity`: how far each weight may move before somebody else is key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from keyaccount._columns import Floats
from keyaccount._record import checked_row
from keyaccount._words import Language, shortened
from keyaccount.plots._canvas import Canvas, canvas, expect
from keyaccount.plots._checks import place_of
from keyaccount.plots._palette import AGAINST, FOR
from keyaccount.plots._scores import digits_apart
from keyaccount.plots._words import labels_of, words_for
from keyaccount.scoring.sensitivity import Sensitivity

__all__ = ["weight_sensitivity"]

_FIGURE = "weight_sensitivity"


def weight_sensitivity(
    sensitivity: Sensitivity,
    ax: Axes | None = None,
    *,
    account: Any = None,
    names: Mapping[str, str] | None = None,
    language: Language = "en",
) -> Axes:
    """Draw how far each weight may move, the others scaled, before somebody else is key.

    A bar spans the weights that change nothing; a dot is the weight as it is. A bar without an end
    mark goes on to 0 or 1. The weight of a single criterion cannot move and has no bar.

    Parameters
    ----------
    sensitivity
        What `keyaccount.sensitivity` returned.
    ax
        Where to draw; None: a figure of its own.
    account
        One of the accounts looked at, by its id, or by its position in `Sensitivity.accounts` where
        there are no ids: the weights at which that account goes in or out. None: at which the set
        of key accounts changes.
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
        There is no such account, or an argument is not what it should be.
    RowError
        There is no such position.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from keyaccount import plots
    >>> from matplotlib.figure import Figure
    >>> scorer = ka.CompositeScorer(
    ...     criteria=[
    ...         ka.Criterion("c1", column="c1", value=ka.Linear(0, 1)),
    ...         ka.Criterion("c2", column="c2", value=ka.Linear(0, 1)),
    ...     ],
    ...     weights={"c1": 0.7, "c2": 0.3},
    ... )
    >>> scores = scorer.score({"c1": [0.9, 0.5], "c2": [0.2, 0.8]})
    >>> found = ka.sensitivity(ka.select(scores, ka.TopCount(1)))
    >>> ax = plots.weight_sensitivity(found, Figure().subplots())
    >>> [(round(float(b.get_x()), 2), round(float(b.get_width()), 2)) for b in ax.patches]
    [(0.6, 0.4), (0.0, 0.4)]
    """
    expect(sensitivity, Sensitivity, _FIGURE, "pass what ka.sensitivity(chosen) returned.")
    words = words_for(language, figure=_FIGURE)
    lower, upper, whose = _ends(sensitivity, account)
    on = canvas(ax, words, size=(7.2, 1.7 + 0.42 * len(sensitivity.criteria)))
    labels = labels_of(sensitivity.criteria, names, words, _FIGURE)
    if whose is None:
        on.title("Weights that keep the key accounts as they are", "不改变大客户名单的权重范围")
    else:
        name = whose if isinstance(whose, str) else words.say(f"row {whose}", f"第 {whose} 行")
        on.title(f"Weights that keep {name} where it is", f"不改变“{name}”入选结果的权重范围")
    _ = on.rows(labels)
    _draw_ranges(on, sensitivity.weights, lower, upper)
    on.ax.set_xlim(-0.02, 1.02 if np.isnan(upper).any() else min(1.02, 1.4 * upper.max()))
    on.ax.set_xlabel(
        words.say("weight, the others scaled to keep the sum", "权重（其余按比例调整）")
    )
    on.plain(grid="x")
    on.legend(3)
    return on.done()


def _ends(found: Sensitivity, account: Any) -> tuple[Floats, Floats, str | int | None]:
    if account is None:
        return found.lower, found.upper, None
    if found.ids is None:
        row = checked_row(account, len(found.accounts))
        return found.account_lower[row], found.account_upper[row], int(found.accounts[row])
    row = place_of(account, [str(i) for i in found.ids.tolist()], f"{_FIGURE}(account)")
    return found.account_lower[row], found.account_upper[row], shortened(account)


def _draw_ranges(on: Canvas, weights: Floats, lower: Floats, upper: Floats) -> None:
    alone = weights >= 1.0  # there is no other weight to give to
    low = np.where(np.isnan(lower), np.where(alone, 1.0, 0.0), lower)
    high = np.where(np.isnan(upper), 1.0, upper)
    rows = np.arange(len(weights))
    kept = on.words.say("nothing changes", "结果不变")
    on.ax.barh(rows, high - low, left=low, height=0.34, color="#c3d5ea", label=kept)
    ends = [(x, i) for side in (lower, upper) for i, x in enumerate(side.tolist()) if x == x]  # noqa: PLR0124 - not NaN
    if ends:
        on.ax.plot(
            [x for x, _ in ends],
            [i for _, i in ends],
            linestyle="",
            marker="|",
            markersize=16,
            markeredgewidth=2.2,
            color=on.ground.line(AGAINST),
            label=on.words.say("changes beyond", "越过则改变"),
        )
    for side, align, aside in ((lower, "right", -5), (upper, "left", 5)):
        for i, x in enumerate(side.tolist()):
            if x == x:  # noqa: PLR0124 - not NaN
                on.ax.annotate(
                    on.words.number(x, digits_apart([x], float(weights[i]))),
                    (x, i),
                    xytext=(aside, 0),
                    textcoords="offset points",
                    ha=align,
                    va="center",
                    fontsize="x-small",
                )
    on.ax.plot(
        weights,
        rows,
        linestyle="",
        marker="o",
        markersize=7,
        color=FOR,
        markeredgecolor="white",
        label=on.words.say("weight now", "当前权重"),
    )
