"""SVG to be put into a page: the same every time, with texts, with ids of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import keyaccount as ka
from keyaccount import plots
from keyaccount.plots._canvas import figure_of
from keyaccount.plots._palette import FAINT, FOR, GRID, INK

Draw = Callable[..., Axes]


@pytest.fixture
def drawn(axes: Axes, chosen: ka.Selection) -> Axes:
    """Give a figure with a name that must be escaped."""
    return plots.score_contributions(chosen, axes)


def test_the_same_figure_gives_the_same_text(chosen: ka.Selection) -> None:
    """No date, no random ids."""
    made = [
        plots.svg(plots.score_contributions(chosen, Figure(layout="constrained").subplots()))
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert "<dc:date>" not in made[0]


@pytest.mark.parametrize("size", [(5, 5), (6.4, 4.8), (5.4, 5.2), (4, 7), (5.7, 5.2)])
def test_a_figure_written_twice_is_the_same(
    concentration: ka.Concentration, size: tuple[float, float]
) -> None:
    """Also where the layout takes several rounds to come to rest."""
    figure = Figure(figsize=size, layout="constrained")
    ax = plots.lorenz_curve(concentration, figure.subplots())
    assert plots.svg(ax) == plots.svg(ax)


def test_it_is_one_well_formed_element(drawn: Axes) -> None:
    """Without prologue, for the inside of a page."""
    text = plots.svg(drawn)
    root = ET.fromstring(text)  # noqa: S314 - our own text
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert text.startswith("<svg ")


def test_texts_are_texts_and_escaped(drawn: Axes) -> None:
    """They can be found, and never become elements."""
    root = ET.fromstring(plots.svg(drawn))  # noqa: S314 - our own text
    said = ["".join(t.itertext()) for t in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "<b>$\\frac{1}$ & Söhne$" in said
    assert not list(root.iter("{http://www.w3.org/2000/svg}b"))


def test_it_says_what_it_shows(drawn: Axes) -> None:
    """By the title of the axes, or as told."""
    assert 'role="img" aria-label="What makes the scores"' in plots.svg(drawn)
    assert 'aria-label="a &lt;b&gt; &quot;c&quot;"' in plots.svg(drawn, title='a <b> "c"')


def test_a_prefix_sets_all_ids_apart(drawn: Axes) -> None:
    """And every reference follows."""
    text = plots.svg(drawn, prefix="first-")
    ids = set(re.findall(r'\bid="([^"]*)"', text))
    assert ids
    assert all(i.startswith("first-") for i in ids)
    assert {r for pair in re.findall(r'url\(#([^)]*)\)|href="#([^"]*)"', text) for r in pair} <= {
        *ids,
        "",
    }
    for wrong in ('"x', None, 1):
        with pytest.raises(ka.SpecError, match="must begin an id"):
            plots.svg(drawn, prefix=wrong)  # type: ignore[arg-type]
    with pytest.raises(ka.SpecError, match=r"svg\(title\) must be text"):
        plots.svg(drawn, title=None)  # type: ignore[arg-type]


def test_the_settings_of_matplotlib_are_left_alone(drawn: Axes) -> None:
    """They are changed for the writing only."""
    before = mpl.rcParams["svg.fonttype"], mpl.rcParams["svg.hashsalt"]
    plots.svg(drawn)
    assert (mpl.rcParams["svg.fonttype"], mpl.rcParams["svg.hashsalt"]) == before


def test_what_is_no_figure_is_refused() -> None:
    """By its kind."""
    with pytest.raises(ka.SpecError, match=r"must be a figure \(got 'str'\)"):
        plots.svg("figure")  # type: ignore[arg-type]


# --- On the ground of a page ---------------------------------------------------------------------

STYLES = re.compile(r'style="([^"]*)"')


def styles(text: str) -> list[str]:
    """Give the styles of all elements."""
    return STYLES.findall(text)


def test_no_rule_reaches_beyond_the_figure(drawn: Axes) -> None:
    """A style element would hold for every other drawing of the page."""
    for text in (plots.svg(drawn), plots.svg(drawn, ground="page")):
        assert "<style" not in text
        assert "stroke-linejoin: round" in text.split(">", 1)[0]


def test_on_a_page_black_is_the_colour_of_its_text(draw: Draw, axes: Axes) -> None:
    """Titles, labels, frames and ticks; nothing is black for good."""
    page = plots.svg(draw(axes), ground="page")
    assert 'fill="currentColor"' in page.split(">", 1)[0]
    assert "#000000" not in page
    assert FAINT not in page
    assert GRID not in page
    _ = ET.fromstring(page)  # noqa: S314 - our own text


def test_on_a_page_nothing_is_painted_behind(draw: Draw, axes: Axes) -> None:
    """Neither figure nor axes nor a text in ink: only what is on bars has a ground."""
    cream = "#fefdfc"
    figure_of(axes).set_facecolor(cream)
    axes.set_facecolor(cream)
    assert cream in plots.svg(draw(axes))
    assert cream not in plots.svg(axes, ground="page")


def test_on_a_page_lines_go_with_the_ink(concentration: ka.Concentration, axes: Axes) -> None:
    """With a plain colour for browsers that cannot mix; bars keep theirs."""
    page = plots.svg(plots.lorenz_curve(concentration, axes), ground="page")
    mixed = f"stroke: {FOR}; stroke: color-mix(in srgb, {FOR} 70%, currentColor)"
    assert any(mixed in s for s in styles(page))


def test_on_a_page_bars_and_what_is_written_on_them_stay(pcv: ka.Assignment, axes: Axes) -> None:
    """Cells are as light or dark as they are, and so is the text in them."""
    figure = plots.svg(plots.matrix_heatmap(pcv, axes))
    page = plots.svg(axes, ground="page")
    for colour in (INK, "#f4f7fb", "#0b2f5f"):
        assert figure.count(f"fill: {colour}") == page.count(f"fill: {colour}") > 0


def test_what_was_hidden_for_a_page_is_there_again(draw: Draw, axes: Axes) -> None:
    """A figure is the same afterwards."""
    before = plots.svg(draw(axes))
    plots.svg(axes, ground="page")
    assert plots.svg(axes) == before


def test_the_ink_of_another_light_style_follows_the_page_too(
    concentration: ka.Concentration,
) -> None:
    """It need not be black."""
    with mpl.rc_context({"text.color": "#262626", "axes.labelcolor": "#262626"}):
        page = plots.svg(plots.lorenz_curve(concentration, Figure().subplots()), ground="page")
    assert "#262626" not in page


def test_a_dark_figure_cannot_stand_on_any_page(concentration: ka.Concentration) -> None:
    """Its white ink would be lost on a light one."""
    with style.context("dark_background"):
        ax = plots.lorenz_curve(concentration, Figure().subplots())
        with pytest.raises(ka.SpecError, match="needs a light figure"):
            plots.svg(ax, ground="page")
        assert plots.svg(ax)


def test_another_ground_is_refused(drawn: Axes) -> None:
    """There are two."""
    with pytest.raises(ka.SpecError, match=r"svg\(ground\) must be one of 'figure', 'page'"):
        plots.svg(drawn, ground="white")  # type: ignore[arg-type]
