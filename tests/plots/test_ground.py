"""Figures go with the ground they stand on: a dark style loses no mark and no text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from matplotlib import rc_context, style
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

import keyaccount as ka
from keyaccount import plots
from keyaccount.plots._ground import Ground
from keyaccount.plots._palette import FAINT, FOR, GRID, INK, SERIES, contrast

Draw = Callable[..., Axes]
BLACK, WHITE = "#000000", "#ffffff"


def in_the_dark(draw: Draw) -> Axes:
    """Draw in matplotlib's dark style."""
    with style.context("dark_background"):
        return draw(Figure(layout="constrained").subplots())


def test_lines_and_marks_are_seen_in_the_dark(draw: Draw) -> None:
    """By 4.5 to 1, or edged in white; borders of cells stand on light cells."""
    ax = in_the_dark(draw)
    lines: list[Line2D] = [n for n in ax.findobj(Line2D) if n.get_visible()]
    grid = {*ax.xaxis.get_gridlines(), *ax.yaxis.get_gridlines()}
    bare = [n for n in lines if n not in grid and to_hex(n.get_markeredgecolor()) != WHITE]
    assert all(contrast(to_hex(n.get_color()), BLACK) >= 4.5 for n in bare if n.get_color() != INK)


def test_texts_beside_bars_are_white_in_the_dark(draw: Draw) -> None:
    """What stands on no bar and in no box of its own."""
    ax = in_the_dark(draw)
    beside: list[Any] = [ax.title, ax.xaxis.label, ax.yaxis.label]
    beside += [*ax.get_xticklabels(), *ax.get_yticklabels()]
    legend = ax.get_legend()
    beside += legend.get_texts() if legend else []
    assert {to_hex(t.get_color()) for t in beside} == {"#ffffff"}
    boxes: list[Any] = [t.get_bbox_patch() for t in ax.findobj(Text)]
    grounds = {to_hex(b.get_facecolor()) for b in boxes if b is not None and b.get_alpha()}
    assert grounds <= {BLACK}


def test_what_is_not_to_be_read_is_dark_in_the_dark(draw: Draw) -> None:
    """Light grey bars and grid lines would outshine the data."""
    ax = in_the_dark(draw)
    painted = {to_hex(p.get_facecolor()) for p in ax.patches}
    painted |= {to_hex(n.get_color()) for n in [*ax.xaxis.get_gridlines()]}
    assert not painted & {FAINT, GRID}
    assert contrast("#ffffff", Ground.of(ax).faint) >= 4.5


@pytest.mark.parametrize("ground", ["#000000", "#14181d", "#1e1e1e", "#333333"])
@pytest.mark.parametrize("colour", SERIES)
def test_every_series_is_seen_on_every_dark_ground(colour: str, ground: str) -> None:
    """Lighter where need be; on a light ground as it is."""
    assert contrast(Ground(ground, "#ffffff").line(colour), ground) >= 4.5
    assert Ground("#ffffff", BLACK).line(colour) == colour


def test_the_ground_of_clear_axes_is_that_of_the_figure() -> None:
    """And where that is clear too, the one that the ink is made for."""
    figure = Figure(facecolor="#202020")
    ax = figure.subplots()
    ax.set_facecolor("none")
    assert Ground.of(ax).colour == "#202020"
    figure.set_facecolor("none")
    assert Ground.of(ax).colour == "#ffffff"
    with rc_context({"text.color": "white"}):
        assert Ground.of(ax).is_dark


def test_a_clear_ground_makes_no_black_edge(concentration: ka.Concentration, axes: Axes) -> None:
    """A colour without an alpha of its own is black."""
    axes.set_facecolor("none")
    plots.lorenz_curve(concentration, axes)
    box = axes.texts[0].get_bbox_patch()
    assert box is not None
    assert to_hex(box.get_facecolor()) == "#ffffff"


def test_a_light_style_looks_as_ever(concentration: ka.Concentration, axes: Axes) -> None:
    """The colours of the palette."""
    plots.lorenz_curve(concentration, axes)
    assert axes.lines[1].get_color() == FOR
