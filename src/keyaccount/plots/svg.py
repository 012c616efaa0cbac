"""`svg`: a figure as text to put into a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from io import StringIO
from typing import Any, Literal, TypeAlias

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from keyaccount.errors import SpecError
from keyaccount.plots._canvas import figure_of
from keyaccount.plots._ground import Ground
from keyaccount.plots._page import in_ink_of_page, inks_of, without_ground

__all__ = ["Standing", "svg"]

Standing: TypeAlias = Literal["figure", "page"]
"""On whose ground a figure stands: its own, or that of the page it is put into."""

_BEFORE = re.compile(r"\A.*?(?=<svg)", re.DOTALL)
_METADATA = re.compile(r" *<metadata>.*?</metadata>\n", re.DOTALL)
_IDS = re.compile(r'(\bid="|url\(#|href="#)')
_MOST_ROUNDS, _DIGITS = 60, 5
_REST, _REST_OF_EQUAL_UNITS = 1, 3
"""Axes of equal units may rest for a round or two, and move on."""
_PREFIX = re.compile(r"[A-Za-z][\w-]*|")
_RULE = re.compile(r' *<style type="text/css">\*\{([^}]*)\}</style>\n')
_STANDINGS = ("figure", "page")

Place: TypeAlias = tuple[float, float, float, float]


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
        It is no figure, or the prefix makes no id; or it is to stand on the ground of a page and
        was drawn in a dark style, whose ink no light page would show.

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
    if ground not in _STANDINGS:
        raise SpecError.from_choice("svg(ground)", ground, _STANDINGS)
    drawn = _written(owner) if ground == "figure" else _on_page(owner)
    body = _IDS.sub(rf"\g<1>{prefix}", drawn)
    said = escape(str(title) or _titles(owner))
    ink = ' fill="currentColor"' if ground == "page" else ""  # black fills are not written
    return body.replace("<svg", f'<svg role="img" aria-label="{said}"{ink}', 1)


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
        out = _at_rest(figure)
    drawn = _METADATA.sub("", _BEFORE.sub("", out, count=1), count=1).strip()
    # A rule for "*" would hold in the whole page: what is set at the root is inherited.
    rule = _RULE.search(drawn)
    if rule is None:
        return drawn
    return _RULE.sub("", drawn).replace("<svg", f'<svg style="{rule[1]}"', 1)


def _saved(figure: Figure) -> str:
    out = StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def _at_rest(figure: Figure) -> str:
    """Write when the layout has come to rest: it is made anew each time, from the one before."""
    layout = figure.get_layout_engine()
    if layout is None:
        return _saved(figure)
    free = all(ax.get_aspect() == "auto" for ax in figure.axes)
    rest = _REST if free else _REST_OF_EQUAL_UNITS
    same, before = 0, _places(figure)
    for _ in range(_MOST_ROUNDS):
        _ = _saved(figure)
        places = _places(figure)
        same = same + 1 if places == before else 0
        if same == rest:
            break
        before = places
    with _held(figure, before):
        return _saved(figure)


def _places(figure: Figure) -> list[Place]:
    """Give where the axes are, to a hundredth of a point: the rest depends on what was before."""
    bounds = [ax.get_position().bounds for ax in figure.axes]
    return [tuple(round(float(part), _DIGITS) for part in b) for b in bounds]


@contextmanager
def _held(figure: Figure, places: list[Place]) -> Iterator[None]:
    """Hold the axes in their places."""
    layout = figure.get_layout_engine()
    before = [(ax, ax.get_position(original=True), ax.get_in_layout()) for ax in figure.axes]
    figure.set_layout_engine("none")
    try:
        for ax, place in zip(figure.axes, places, strict=True):
            ax.set_position(place)
        yield
    finally:
        for ax, position, in_layout in before:
            ax.set_position(position)
            ax.set_in_layout(in_layout)
        figure.set_layout_engine(layout)


def _titles(figure: Figure) -> str:
    said = [ax.get_title(loc="left") or ax.get_title() for ax in figure.axes]
    return "; ".join(t for t in said if t)
