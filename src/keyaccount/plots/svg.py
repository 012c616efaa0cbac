"""`svg`: a figure as text to put into a page."""

from __future__ import annotations

import re
from html import escape
from typing import Any, Literal, TypeAlias

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from keyaccount.errors import SpecError
from keyaccount.plots._canvas import figure_of
from keyaccount.plots._ground import Ground
from keyaccount.plots._page import in_ink_of_page, inks_of, without_ground
from keyaccount.plots._resting import written_at_rest

__all__ = ["Standing", "svg"]

Standing: TypeAlias = Literal["figure", "page"]
"""On whose ground a figure stands: its own, or that of the page it is put into."""

_BEFORE = re.compile(r"\A.*?(?=<svg)", re.DOTALL)
_METADATA = re.compile(r" *<metadata>.*?</metadata>\n", re.DOTALL)
_IDS = re.compile(r'(\bid="|url\(#|href="#)')
_PREFIX = re.compile(r"[A-Za-z][\w-]*|")
_RULE = re.compile(r' *<style type="text/css">\*\{([^}]*)\}</style>\n')
_STANDINGS = ("figure", "page")


def svg(
    figure: Figure | Axes, *, title: str = "", prefix: str = "", ground: Standing = "figure"
) -> str:
    """Write a figure as SVG, to be put into a page as it is.

    The same figure gives the same text: there is no date in it, and no random name. Texts stay
    texts: they can be found and copied, and the reader's fonts draw them. No rule in it reaches
    beyond the figure.

    Parameters
    ----------
    figure
        The figure, or axes of it.
    title
        What it shows, for those who cannot see it. Empty: the titles of its axes.
    prefix
        What goes before the ids inside, so that several figures can be in one page: a letter, then
        letters, digits, ``_`` or ``-``.
    ground
        ``"page"``: nothing is painted behind the figure; titles, labels and frames take the
        ``currentColor`` of the page, and lines go with it, so that one text serves a light theme
        and a dark one. Bars and cells keep their colours, and what is written on them.
        ``"figure"``: the figure looks as matplotlib draws it.

    Returns
    -------
    str
        From ``<svg`` to ``</svg>``.

    Raises
    ------
    SpecError
        It is no figure, the title is no text, or the prefix makes no id; or it is to stand on the
        ground of a page and was drawn in a dark style, whose ink no light page would show.

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
    _expect_texts(title, prefix)
    drawn = _on_page(owner) if _stands_on_page(ground) else _written(owner)
    body = _IDS.sub(rf"\g<1>{prefix}", drawn)
    said = escape(title or _titles(owner))
    ink = ' fill="currentColor"' if ground == "page" else ""  # black fills are not written
    return body.replace("<svg", f'<svg role="img" aria-label="{said}"{ink}', 1)


def _expect_texts(title: object, prefix: object) -> None:
    """Refuse what is no text, or begins no id.

    Raises
    ------
    SpecError
        Title or prefix is such.
    """
    if not isinstance(title, str):
        hint = "leave it out for the titles of the axes."
        raise SpecError.from_field("svg(title)", "must be text", title, hint)
    if not isinstance(prefix, str) or not _PREFIX.fullmatch(prefix):
        hint = 'write for instance "funnel-".'
        raise SpecError.from_field("svg(prefix)", "must begin an id", prefix, hint)


def _stands_on_page(ground: object) -> bool:
    """Read on whose ground the figure stands.

    Raises
    ------
    SpecError
        On that of something else.
    """
    if ground not in _STANDINGS:
        raise SpecError.from_choice("svg(ground)", ground, _STANDINGS)
    return ground == "page"


def _on_page(figure: Figure) -> str:
    """Write a figure without its ground.

    Raises
    ------
    SpecError
        It was drawn on a dark one.
    """
    if any(Ground.of(ax).is_dark for ax in figure.axes):
        hint = "draw it in a light style, such as matplotlib's default: the page makes it dark."
        raise SpecError.from_field('svg(ground="page")', "needs a light figure", "a dark one", hint)
    inks = inks_of(figure)
    with without_ground(figure, inks):
        return in_ink_of_page(_written(figure), inks)


def _written(figure: Figure) -> str:
    """Write a figure, the same every time, without what is around its element."""
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "keyaccount"}):
        out = written_at_rest(figure)
    drawn = _METADATA.sub("", _BEFORE.sub("", out, count=1), count=1).strip()
    # A rule for "*" would hold in the whole page: what is set at the root is inherited.
    rule = _RULE.search(drawn)
    if rule is None:
        return drawn
    return _RULE.sub("", drawn).replace("<svg", f'<svg style="{rule[1]}"', 1)


def _titles(figure: Figure) -> str:
    said = [ax.get_title(loc="left") or ax.get_title() for ax in figure.axes]
    return "; ".join(t for t in said if t)
