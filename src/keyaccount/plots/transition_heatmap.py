"""`transition_heatmap`: from which stage accounts go to which, one period later."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from keyaccount._words import Language, Words
from keyaccount.lifecycle.chain import StageChain
from keyaccount.lifecycle.stages import NAMES_ZH, STAGES
from keyaccount.plots._canvas import canvas, expect
from keyaccount.plots._heat import Heat, draw_heat
from keyaccount.plots._words import labels_of, words_for

__all__ = ["transition_heatmap"]

_FIGURE = "transition_heatmap"


def transition_heatmap(
    chain: StageChain, ax: Axes | None = None, *, names: Any = None, language: Language = "en"
) -> Axes:
    r"""Draw the probability of going from each state to each one period later.

    A row is where accounts come from, a column where they go to. A row from which no transition was
    seen is grey: what stands there is the even guess of smoothing. Where the chain was learned, the
    number of transitions seen stands below each probability.

    Parameters
    ----------
    chain
        A `StageChain`.
    ax
        Where to draw; None: a figure of its own.
    names
        Labels of the states, by their codes. None: those of the five lifecycle stages where the
        states are these, else the states themselves.
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
    >>> chain = ka.StageChain.of_counts(("a", "b"), ((3, 1), (0, 4)), smoothing=0)
    >>> ax = plots.transition_heatmap(chain, Figure().subplots())
    >>> ax.texts[0].get_text(), ax.texts[1].get_text()
    ('0%\nn=0', '100%\nn=4')
    """
    expect(chain, StageChain, _FIGURE, "pass a StageChain, such as StageChain.fit(panel).")
    words = words_for(language, figure=_FIGURE)
    known = dict(zip(STAGES, NAMES_ZH, strict=True)) if language == words.language == "zh" else {}
    labels = labels_of(chain.states, known if names is None else names, words, _FIGURE)
    n = len(labels)
    on = canvas(ax, words, size=(2.2 + 1.0 * n, 1.6 + 0.75 * n))
    on.title("From state to state, one period later", "一个周期后的阶段转移")
    shade = np.array(chain.matrix)[::-1].copy()
    unseen = np.array([s in chain.unseen for s in reversed(chain.states)], dtype=np.bool_)
    shade[unseen] = np.nan
    draw_heat(on, Heat(shade, _texts(chain, words), labels[::-1], labels))
    on.ax.set_xlabel(words.say("to →", "转入 →"))
    on.ax.set_ylabel(words.say("← from", "← 转出"))
    return on.done()


def _texts(chain: StageChain, words: Words) -> list[list[str]]:
    texts = [[words.share(p) for p in row] for row in chain.matrix]
    if chain.counts is not None:
        texts = [
            [f"{text}\nn={n:,g}" for text, n in zip(row, counts, strict=True)]
            for row, counts in zip(texts, chain.counts, strict=True)
        ]
    return texts[::-1]
