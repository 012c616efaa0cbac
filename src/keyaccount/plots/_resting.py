"""Write a figure when its layout has come to rest, so that it is the same each time."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from io import StringIO

import numpy as np
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

__all__ = ["written_at_rest"]

_MOST_ROUNDS, _DIGITS = 60, 5
_REST, _REST_OF_EQUAL_UNITS = 1, 3
"""Axes of equal units may rest for a round or two, and move on."""


def _saved(figure: Figure) -> str:
    out = StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def written_at_rest(figure: Figure) -> str:
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


def _places(figure: Figure) -> list[list[float]]:
    """Give where the axes are, to a hundredth of a point: the rest hangs on what was before."""
    return [np.round(ax.get_position().bounds, _DIGITS).tolist() for ax in figure.axes]


@contextmanager
def _held(figure: Figure, places: list[list[float]]) -> Generator[None]:
    """Hold the axes in their places."""
    layout = figure.get_layout_engine()
    before = [(ax, ax.get_position(original=True), ax.get_in_layout()) for ax in figure.axes]
    figure.set_layout_engine("none")
    try:
        for ax, place in zip(figure.axes, places, strict=True):
            ax.set_position(Bbox.from_bounds(*place))
        yield
    finally:
        for ax, position, in_layout in before:
            ax.set_position(position)
            ax.set_in_layout(in_layout)
        figure.set_layout_engine(layout)
