"""What holds for every figure: axes, languages, names, rendering, refusals."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

import keyaccount as ka
from keyaccount import plots
from keyaccount.plots import _fonts
from keyaccount.plots._canvas import figure_of
from keyaccount.stats.survival import SurvivalCurve

Draw = Callable[..., Axes]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def texts_of(ax: Axes) -> list[Text]:
    """Give the texts of axes that say something."""
    found: list[Any] = ax.findobj(Text)
    return [t for t in found if t.get_text()]


def picture(ax: Axes) -> bytes:
    """Render the figure, warnings being errors."""
    out = BytesIO()
    figure_of(ax).savefig(out, format="png", dpi=50)
    return out.getvalue()


def test_the_axes_given_are_drawn_on_and_returned(draw: Draw, axes: Axes) -> None:
    """No figure of its own is made, and pyplot hears of nothing."""
    assert draw(axes) is axes
    assert axes.get_title(loc="left")
    assert plt.get_fignums() == []


def test_without_axes_a_figure_is_made_that_notebooks_show(draw: Draw) -> None:
    """Pyplot holds it."""
    ax = draw(None)
    try:
        assert plt.gcf() is figure_of(ax)
    finally:
        plt.close(figure_of(ax))
    assert plt.get_fignums() == []


def test_every_figure_renders_without_a_warning(draw: Draw, axes: Axes) -> None:
    """Into pixels and into SVG."""
    assert picture(draw(axes)).startswith(b"\x89PNG")
    assert plots.svg(axes).endswith("</svg>")


def test_names_are_never_mathematics(draw: Draw, axes: Axes) -> None:
    """What is between two dollar signs stays as it is."""
    for text in texts_of(draw(axes)):
        assert not text.get_parse_math()


def test_a_title_that_was_there_is_replaced_and_is_no_mathematics(
    axes: Axes, chosen: ka.Selection
) -> None:
    """The texts of the user stay as they were."""
    axes.set_title("before", loc="left")
    theirs = axes.text(0, 0, "$x^2$")
    plots.score_waterfall(chosen, "<b>$\\frac{1}$ & Söhne$", axes)
    assert "frac" in axes.get_title(loc="left")
    assert picture(axes)
    assert theirs.get_parse_math()


def test_chinese_labels_leave_no_english_ones(draw: Draw, axes: Axes, any_font: None) -> None:
    """Titles, axes and legends are Chinese; only names of the data and short codes are not."""
    ax = draw(axes, language="zh")
    assert CHINESE.search(ax.get_title(loc="left"))
    for label in (ax.get_xlabel(), ax.get_ylabel()):
        assert not label or CHINESE.search(label)
    legend = ax.get_legend()
    said = [t.get_text() for t in legend.get_texts()] if legend else []
    assert [s for s in said if not CHINESE.search(s) and s not in {"sales", "$fit$"}] == []


def test_without_a_chinese_font_labels_are_english_and_a_warning_says_so(
    draw: Draw, axes: Axes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No empty boxes."""
    monkeypatch.setattr(_fonts, "_installed", list)
    with pytest.warns(plots.MissingFontWarning, match="labels are given in English") as told:
        ax = draw(axes, language="zh")
    assert told[0].filename == __file__ or told[0].filename.endswith("conftest.py")
    assert not [t for t in texts_of(ax) if CHINESE.search(t.get_text())]


def test_another_language_is_refused(draw: Draw, axes: Axes) -> None:
    """There are two."""
    with pytest.raises(ka.SpecError, match=r"\(language\) must be one of 'en', 'zh'"):
        draw(axes, language="de")


def test_what_is_no_axes_is_refused(draw: Draw) -> None:
    """A figure is not enough."""
    with pytest.raises(ka.SpecError, match="ax must be Axes"):
        draw(Figure())


@pytest.mark.parametrize("projection", ["polar", "3d"])
def test_round_and_deep_axes_are_refused(draw: Draw, projection: str) -> None:
    """A bar would be a slice of a pie."""
    with pytest.raises(ka.SpecError, match="must have an axis to the right and one up"):
        draw(Figure().add_subplot(projection=projection))


def test_axes_that_were_removed_are_refused(concentration: ka.Concentration, axes: Axes) -> None:
    """They are in no figure any more."""
    axes.remove()
    with pytest.raises(ka.SpecError, match="ax must be in a figure"):
        plots.lorenz_curve(concentration, axes)
    with pytest.raises(ka.SpecError, match="ax must be in a figure"):
        plots.svg(axes)


def test_axes_may_be_in_a_part_of_a_figure(draw: Draw) -> None:
    """The whole figure is written."""
    whole = Figure(figsize=(12, 5), layout="constrained")
    part: Any = whole.subfigures(1, 2)[1]  # type: ignore[index]
    ax = draw(part.subplots())
    assert figure_of(ax) is whole
    assert plots.svg(ax) == plots.svg(whole)


@pytest.mark.parametrize("name", [n for n in plots.__all__ if n[0].islower() and n != "svg"])
def test_what_is_no_such_result_is_refused(name: str, axes: Axes) -> None:
    """By what it is and what to pass."""
    more = ["x"] if name == "score_waterfall" else []
    with pytest.raises(ka.SpecError, match=rf"{name} must be .*\(got 'list'\)"):
        getattr(plots, name)([1, 2], *more, ax=axes)


@pytest.mark.parametrize("many", [0, -1, 2.5, "auto", True, None, 1_001, 10**9])
def test_more_bars_than_can_be_seen_are_refused(
    many: Any, axes: Axes, chosen: ka.Selection, information: ka.InformationAssessment
) -> None:
    """They would never be done."""
    draws: tuple[Callable[[], Axes], ...] = (
        lambda: plots.score_distribution(chosen, axes, bins=many),
        lambda: plots.score_contributions(chosen, axes, top=many),
        lambda: plots.information_completeness(information, axes, top=many),
    )
    for drawn in draws:
        with pytest.raises(ka.SpecError, match="must be a whole number from 1 to 1,000"):
            drawn()


def test_a_unit_is_text(axes: Axes, conversion: ka.ConversionTable, curve: SurvivalCurve) -> None:
    """A number would be printed as if it were one."""
    with pytest.raises(ka.SpecError, match=r"conversion_funnel\(unit\) must be text"):
        plots.conversion_funnel(conversion, axes, unit=5)  # type: ignore[arg-type]
    with pytest.raises(ka.SpecError, match=r"key_survival\(unit\) must be text"):
        plots.key_survival(curve, axes, unit=["weeks"])  # type: ignore[arg-type]


def test_an_unknown_account_of_many_is_told_in_a_line(axes: Axes) -> None:
    """With one that is written alike, and not with all of them."""
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("a", column="a", value=ka.Linear(0, 1))], weights={"a": 1.0}
    )
    n = 20_000
    ids = [f"account {i}" for i in range(n)]
    chosen = ka.select(scorer.score({"a": [0.5] * n}), ka.TopCount(1), ids=ids)
    with pytest.raises(ka.SpecError, match="must be one of 20,000 ids") as told:
        plots.score_waterfall(chosen, "acount 77", axes)
    assert "'account 77'" in str(told.value)
    assert len(str(told.value)) < 300
    with pytest.raises(ka.SpecError, match="names 2 accounts"):
        plots.score_waterfall(chosen, "x", axes, ids=["x", "x", *ids[2:]])


def test_figures_say_what_they_need() -> None:
    """Without matplotlib, the extra that brings it is named."""
    code = (
        "import sys\n"
        "sys.modules['matplotlib'] = None\n"
        "try:\n"
        "    import keyaccount.plots\n"
        "except ImportError as error:\n"
        "    print(error)"
    )
    run = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(run, capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    assert "keyaccount.plots needs 'matplotlib'" in done.stdout
    assert "pip install 'keyaccount[plots]'" in done.stdout


def test_figures_do_not_load_pyplot_when_axes_are_given() -> None:
    """A service draws without any global state."""
    code = (
        "import sys\n"
        "import keyaccount as ka\n"
        "from keyaccount import plots\n"
        "from matplotlib.figure import Figure\n"
        "plots.svg(plots.lorenz_curve(ka.Concentration.of([3, 1]), Figure().subplots()))\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    run = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(run, capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    assert done.stdout.strip() == "False"
