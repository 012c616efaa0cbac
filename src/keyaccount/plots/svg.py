"""`svg`: a figure as text to put into a page."""

from __future__ import annotations

import re
from html import escape
from io import StringIO
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from keyaccount.errors import SpecError
from keyaccount.plots._canvas import figure_of

__all__ = ["svg"]

_BEFORE = re.compile(r"\A.*?(?=<svg)", re.DOTALL)
_METADATA = re.compile(r" *<metadata>.*?</metadata>\n", re.DOTALL)
_IDS = re.compile(r'(\bid="|url\(#|href="#)')
_MOST_ROUNDS = 30
_PREFIX = re.compile(r"[A-Za-z][\w-]*|")


def svg(figure: Figure | Axes, *, title: str = "", prefix: str = "") -> str:
    """Write a figure as SVG, to be put into a page as it is.

    The same figure gives the same text: there is no date in it, and no random name. Texts stay
    texts: they can be found, copied and read aloud, and the reader's fonts draw them.

    Parameters
    ----------
    figure
        The figure, or axes of it.
    title
        What it shows, for those who cannot see it. Empty: the titles of its axes.
    prefix
        What goes before the ids inside, so that several figures can be in one page: a letter, then
        letters, digits, ``_`` or ``-``.

    Returns
    -------
    str
        From ``<svg`` to ``</svg>``.

    Raises
    ------
    SpecError
        It is no figure, or the prefix makes no id.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from keyaccount import plots
    >>> from matplotlib.figure import Figure
    >>> ax = plots.lorenz_curve(ka.Concentration.of([8, 1, 1]), Figure().subplots())
    >>> page = plots.svg(ax, title="Where the money is")
    >>> (
    ...     page.startswith("<svg"),
    ...     'aria-label="Where the money is"' in page,
    ...     page == plots.svg(ax, title="Where the money is"),
    ... )
    (True, True, True)
    """
    owner: Any = figure_of(figure) if isinstance(figure, Axes) else figure
    if not isinstance(owner, Figure):
        hint = "pass the figure, or the axes a function of keyaccount.plots returned."
        raise SpecError.from_field("svg(figure)", "must be a figure", type(figure).__name__, hint)
    if not _PREFIX.fullmatch(str(prefix)):
        hint = 'write for instance "funnel-".'
        raise SpecError.from_field("svg(prefix)", "must begin an id", prefix, hint)
    out = StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "keyaccount"}):
        _settle(owner)
        owner.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    drawn = _METADATA.sub("", _BEFORE.sub("", out.getvalue(), count=1), count=1).strip()
    body = _IDS.sub(rf"\g<1>{prefix}", drawn)
    said = escape(str(title) or _titles(owner))
    return body.replace("<svg", f'<svg role="img" aria-label="{said}"', 1)


def _settle(figure: Figure) -> None:
    """Let the layout come to rest: it is made anew at each drawing, from the one before."""
    before: list[tuple[float, ...]] = []
    for _ in range(_MOST_ROUNDS):
        figure.draw_without_rendering()
        places = [ax.get_position().bounds for ax in figure.axes]
        if places == before:
            return
        before = places


def _titles(figure: Figure) -> str:
    said = [ax.get_title(loc="left") or ax.get_title() for ax in figure.axes]
    return "; ".join(t for t in said if t)
