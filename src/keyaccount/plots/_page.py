"""Let a figure stand on the ground of a page, light or dark, and take the ink of the page."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from matplotlib.artist import Artist
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Text

from keyaccount.plots._ground import Ground
from keyaccount.plots._palette import FAINT, GRID, INK

__all__ = ["in_ink_of_page", "inks_of", "without_ground"]

_STYLE = re.compile(r'style="([^"]*)"')
_COLOUR = re.compile(r"\b(fill|stroke): (#[0-9a-f]{6})")
_RECT = re.compile(r'(<rect [^>]*)fill="(#[0-9a-f]{6})"')
_SEE_THROUGH = re.compile(r"opacity: 0\.\d")
_SEEN = {FAINT: "0.16", GRID: "0.12"}
"""How much ink looks on white like the colours that are seen and not read."""
_FIXED = frozenset({"#ffffff", INK})
"""What parts bars and what is written on them: it goes with the colour of the bars."""
_OWN = "70%"
"""How much of its own colour a line keeps: with so much ink it is seen on light and dark."""


def inks_of(figure: Figure) -> frozenset[str]:
    """List the dark colours of what is beside the bars: titles, labels, ticks and frames."""
    found = {"#000000"}
    for ax in figure.axes:
        found |= {to_hex(t.get_color()) for t in (ax.title, ax.xaxis.label, ax.yaxis.label)}
        for axis in (ax.xaxis, ax.yaxis):
            found |= {to_hex(t.get_color()) for t in axis.get_ticklabels()}
            found |= {to_hex(line.get_color()) for line in axis.get_ticklines()}
        found |= {to_hex(spine.get_edgecolor()) for spine in ax.spines.values()}
    return frozenset(c for c in found if Ground(c, c).is_dark)


@contextmanager
def without_ground(figure: Figure, inks: frozenset[str]) -> Generator[None]:
    """Leave out what is painted in the colour of the ground, for as long as it lasts."""
    with ExitStack() as after:
        for hidden in _grounds(figure, inks):
            _ = after.callback(hidden.set_visible, hidden.get_visible())
            hidden.set_visible(False)
        for artist in figure.findobj(lambda a: bool(a.get_path_effects())):
            _ = after.callback(artist.set_path_effects, artist.get_path_effects())
            artist.set_path_effects([])
        yield


def _grounds(figure: Figure, inks: frozenset[str]) -> Iterator[Artist]:
    """Find the grounds of figures and axes, and of texts in ink."""
    parts: list[Any] = figure.findobj(lambda a: hasattr(a, "patch"))
    yield from (part.patch for part in parts)
    legends: list[Any] = figure.findobj(Legend)
    yield from (legend.get_frame() for legend in legends)
    texts: list[Any] = figure.findobj(Text)
    for text in texts:
        box = text.get_bbox_patch()
        if box is not None and to_hex(text.get_color()) in inks:
            yield box


def in_ink_of_page(drawn: str, inks: frozenset[str]) -> str:
    """Let ink be the colour of the text around the figure, and lines go with it."""
    styled = _STYLE.sub(lambda style: f'style="{_restyled(style[1], inks)}"', drawn)
    return _RECT.sub(lambda rect: rect[1] + _attributes(rect[2]), styled)


def _restyled(style: str, inks: frozenset[str]) -> str:
    found = dict(_COLOUR.findall(style))
    is_line = bool(_SEE_THROUGH.search(style)) or found.get("stroke", INK) not in _FIXED

    def said(declared: re.Match[str]) -> str:
        """Write one colour as a page is to have it."""
        what, colour = declared.groups()
        if colour in inks:
            return f"{what}: currentColor"
        if colour in _SEEN:
            return f"{what}: currentColor; {what}-opacity: {_SEEN[colour]}"
        if not is_line or colour in _FIXED:
            return f"{what}: {colour}"
        # The first is for browsers that cannot mix.
        return f"{what}: {colour}; {what}: color-mix(in srgb, {colour} {_OWN}, currentColor)"

    return _COLOUR.sub(said, style)


def _attributes(colour: str) -> str:
    if colour in _SEEN:
        return f'fill="currentColor" fill-opacity="{_SEEN[colour]}"'
    return f'fill="{colour}"'
