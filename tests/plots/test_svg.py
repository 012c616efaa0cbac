"""SVG to be put into a page: the same every time, with texts, with ids of its own."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import keyaccount as ka
from keyaccount import plots


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


def test_a_figure_written_twice_is_the_same(concentration: ka.Concentration) -> None:
    """Also where the layout takes several rounds to come to rest."""
    figure = Figure(figsize=(5, 5), layout="constrained")
    ax = plots.lorenz_curve(concentration, figure.subplots())
    assert plots.svg(ax) == plots.svg(ax)


def test_it_is_one_well_formed_element(drawn: Axes) -> None:
    """Without prologue, for the inside of a page."""
    text = plots.svg(drawn)
    root = ET.fromstring(text)  # noqa: S314 - our own text
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert text.startswith("<svg ")


def test_texts_are_texts_and_escaped(drawn: Axes) -> None:
    """They can be found and read aloud, and never become elements."""
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
    with pytest.raises(ka.SpecError, match="must begin an id"):
        plots.svg(drawn, prefix='"x')


def test_the_settings_of_matplotlib_are_left_alone(drawn: Axes) -> None:
    """They are changed for the writing only."""
    import matplotlib as mpl

    before = mpl.rcParams["svg.fonttype"], mpl.rcParams["svg.hashsalt"]
    plots.svg(drawn)
    assert (mpl.rcParams["svg.fonttype"], mpl.rcParams["svg.hashsalt"]) == before


def test_what_is_no_figure_is_refused() -> None:
    """By its kind."""
    with pytest.raises(ka.SpecError, match=r"must be a figure \(got 'str'\)"):
        plots.svg("figure")  # type: ignore[arg-type]
