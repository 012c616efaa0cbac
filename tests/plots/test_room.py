"""Texts keep to their room, whatever the size of the axes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import keyaccount as ka
from keyaccount import plots
from keyaccount.plots._canvas import figure_of
from keyaccount.plots._fitting import broken

STATES = tuple(f"state of number {i}" for i in range(8))


def drawn(ax: Axes) -> Any:
    """Let the layout come to rest, and give what measures texts."""
    figure = figure_of(ax)
    figure.draw_without_rendering()
    figure.draw_without_rendering()
    return figure.canvas.get_renderer()  # type: ignore[attr-defined]


def of_size(width: float, height: float) -> Axes:
    """Give axes of a figure of so many inches."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = Figure(figsize=(width, height), layout="constrained")
    _ = FigureCanvasAgg(figure)
    found: Axes = figure.subplots()
    return found


@pytest.mark.parametrize("width", [3.0, 5.0, 9.0])
def test_columns_of_a_table_never_run_into_each_other(width: float) -> None:
    """Their labels are broken into lines, or turned."""
    counts = tuple((7,) * len(STATES) for _ in STATES)
    ax = plots.transition_heatmap(ka.StageChain.of_counts(STATES, counts), of_size(width, 5.0))
    renderer = drawn(ax)
    boxes = [t.get_window_extent(renderer) for t in ax.get_xticklabels()]
    assert all(left.x1 <= right.x0 + 1 for left, right in pairwise(boxes))


@pytest.mark.parametrize("width", [2.5, 4.0, 8.0])
def test_what_is_in_a_cell_stays_in_it(width: float) -> None:
    """Smaller, then less of it, from the first line."""
    counts = tuple((123_456,) * len(STATES) for _ in STATES)
    ax = plots.transition_heatmap(ka.StageChain.of_counts(STATES, counts), of_size(width, 4.0))
    renderer = drawn(ax)
    cell = abs(ax.transData.transform([(0, 0), (1, 1)]) @ [[1, 0], [0, 1]])
    room = cell[1] - cell[0]
    for text in ax.texts:
        box = text.get_window_extent(renderer)
        assert not text.get_text() or (box.width <= room[0] and box.height <= abs(room[1]))


def test_a_map_squeezed_by_its_layout_keeps_its_names_inside(eight: ka.RfmResult) -> None:
    """They are fitted when they are drawn."""
    whole = Figure(figsize=(9, 3), layout="constrained")
    left, *others = whole.subplots(1, 4)
    for ax in others:
        ax.set_ylabel("a label of\nmany lines\nof text" * 3)
    plots.rfm_treemap(eight, left)
    whole.draw_without_rendering()
    whole.draw_without_rendering()
    renderer = whole._get_renderer()  # type: ignore[attr-defined]
    for text, box in zip(left.texts, left.patches, strict=True):
        inside, outside = text.get_window_extent(renderer), box.get_window_extent(renderer)
        assert inside.x0 >= outside.x0
        assert inside.x1 <= outside.x1


def test_labels_of_many_rows_are_small() -> None:
    """Of few rows they are as large as ever."""
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("a", column="a", value=ka.Linear(0, 1))], weights={"a": 1.0}
    )
    scores = scorer.score({"a": [k / 60 for k in range(60)]})
    ax = plots.score_contributions(scores, of_size(6.0, 5.0), top=60)
    renderer = drawn(ax)
    boxes = [t.get_window_extent(renderer) for t in ax.get_yticklabels()]
    assert all(low.y0 >= high.y1 - 1 for low, high in pairwise(boxes))
    few = plots.score_contributions(scores, of_size(6.0, 5.0), top=5)
    assert few.get_yticklabels()[0].get_fontsize() == 10.0


def test_a_title_is_no_wider_than_its_axes() -> None:
    """It is broken between words."""
    assert broken("one two three", 40.0, 10.0) == "one\ntwo\nthree"
    assert broken("one two three", 100.0, 10.0) == "one two three"
    assert broken("客户 A", 10.0, 10.0) == "客户\nA"
    assert broken("", 10.0, 10.0) == ""
