"""Figures of segments: cells are the accounts there, areas are their shares, curves their sums."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from numpy.typing import NDArray

import keyaccount as ka
from keyaccount import plots
from keyaccount.plots._fitting import fitted
from keyaccount.plots._squares import laid_out


def shaded(ax: Axes) -> NDArray[np.float64]:
    """Give the shades of the cells, from the lowest row up; NaN where there is none."""
    mesh: Any = ax.collections[0]
    return np.ma.filled(mesh.get_array(), np.nan)


def cells(ax: Axes, columns: int) -> list[list[str]]:
    """Give the texts of the cells, row by row from below, lines joined by blanks."""
    said = [t.get_text().replace("\n", " ") for t in ax.texts]
    return [said[i : i + columns] for i in range(0, len(said), columns)]


def ticks(ax: Axes) -> tuple[list[str], list[str]]:
    """Give the labels below and to the left."""
    return (
        [t.get_text() for t in ax.get_xticklabels()],
        [t.get_text() for t in ax.get_yticklabels()],
    )


# --- Matrix --------------------------------------------------------------------------------------


def test_cells_hold_code_count_and_money(axes: Axes, pcv: ka.Assignment) -> None:
    """The first axis upwards, the second to the right; what has no cell is told in the title."""
    plots.matrix_heatmap(pcv, axes, money=[2e6, 1e6, 5e5, None, 9.0], currency="€")
    assert cells(axes, 3) == [
        ["P3 0", "P2 1 –", "P1 0"],
        ["C3 1 €500K", "C2 0", "C1 0"],
        ["V3 0", "V2 0", "V1 2 €3M"],
    ]
    below = ["3 low output", "2 medium output", "1 high output"]
    assert ticks(axes) == (below, ["P potential", "C common", "V VIP"])
    assert axes.get_title(loc="left") == "PCV: 4 accounts, 1 unknown, 1 without an amount"


def test_the_shade_goes_by_count_or_by_money(axes: Axes, pcv: ka.Assignment) -> None:
    """The largest is darkest, and what is unknown is neither light nor dark."""
    plots.matrix_heatmap(pcv, axes)
    assert shaded(axes).tolist() == [[0, 0.5, 0], [0.5, 0, 0], [0, 0, 1]]
    axes.clear()
    plots.matrix_heatmap(pcv, axes, money=[2e6, 1e6, 1.5e6, None, 9.0])
    assert shaded(axes)[1:].tolist() == [[0.5, 0, 0], [0, 0, 1]]
    assert math.isnan(shaded(axes)[0, 1])


def test_cells_that_share_a_level_are_counted_where_they_are(axes: Axes) -> None:
    """The relationship grid names one level in several places."""
    book = {"customers": ["few", "many", "many"], "margin": ["medium", "medium", "low"]}
    plots.matrix_heatmap(ka.relationship_levels().assign(book), axes)
    assert cells(axes, 3)[0] == ["accountable 0", "proactive 1", "partnership 0"]
    assert cells(axes, 3)[2] == ["basic 1", "reactive 1", "accountable 0"]


def test_chinese_cells_of_words_are_named_in_chinese(axes: Axes, any_font: None) -> None:
    """Short codes stay as they are."""
    book = {"customers": ["few"], "margin": ["high"]}
    plots.matrix_heatmap(ka.relationship_levels().assign(book), axes, language="zh")
    assert cells(axes, 3)[0] == ["负责 0", "能动 0", "伙伴 1"]
    assert ticks(axes) == (["低", "中", "高"], ["少", "中", "多"])
    assert axes.get_title(loc="left") == "关系层次：1 个客户"


def test_one_axis_is_one_column(axes: Axes) -> None:
    """RAD by share."""
    found = ka.rad_by_share().assign({"share_of_wallet": [0.5, 0.25, 0.1, 0.7]})
    plots.matrix_heatmap(found, axes)
    assert cells(axes, 1) == [["A 1"], ["D 1"], ["R 2"]]


def test_three_axes_are_refused(axes: Axes) -> None:
    """Paper has two."""
    axis = [ka.Axis(n, n, bands=(0.5,), codes=("1", "2")) for n in "abc"]
    matrix = ka.Matrix("cube", axes=axis)
    with pytest.raises(ka.SpecError, match="draws matrices of at most 2 axes"):
        plots.matrix_heatmap(matrix.assign({"a": [1], "b": [1], "c": [1]}), axes)


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_a_matrix_without_a_cell_says_so(rows: int, axes: Axes) -> None:
    """Empty, or all missing."""
    found = ka.pcv().assign({"status": [None] * rows, "output": [np.nan] * rows})
    plots.matrix_heatmap(found, axes)
    assert axes.texts[0].get_text() == "Nothing to show\nno account has a cell"


def test_money_is_one_amount_per_account(axes: Axes, pcv: ka.Assignment) -> None:
    """No fewer."""
    with pytest.raises(ka.ColumnError, match="differ in length"):
        plots.matrix_heatmap(pcv, axes, money=[1.0])


# --- RFM -----------------------------------------------------------------------------------------


def test_the_grid_counts_accounts_by_score(axes: Axes, rfm: ka.RfmResult) -> None:
    """Recency to the right and frequency upwards; an unknown score is nowhere."""
    plots.rfm_grid(rfm, axes)
    grid = np.zeros((5, 5))
    for recency, frequency, _ in rfm.scores.tolist():
        if recency > 0:
            grid[frequency - 1, recency - 1] += 1
    assert grid.sum() == 5
    assert shaded(axes).tolist() == (grid / grid.max()).tolist()
    assert ticks(axes) == ([*"12345"], [*"12345"])


def test_each_segment_is_named_once_in_its_own_cells(axes: Axes, rfm: ka.RfmResult) -> None:
    """In the cell that the map gives it."""
    plots.rfm_grid(rfm, axes)
    known = {s.name: s.cells for s in rfm.spec.segments.segments}
    named = {}
    for i, row in enumerate(cells(axes, 5)):
        for j, said in enumerate(row):
            name = said.rstrip("0123456789").strip()
            if name:
                assert name not in named
                named[name] = f"{j + 1}{i + 1}"
    assert set(named) == set(known)
    assert all(cell in known[name] for name, cell in named.items())


def test_borders_part_cells_of_two_segments(axes: Axes, rfm: ka.RfmResult) -> None:
    """As many as there are neighbours that differ."""
    plots.rfm_grid(rfm, axes)
    position = rfm.spec.segments.positions
    cell = [[position[f"{r}{f}"] for r in range(1, 6)] for f in range(1, 6)]
    across = sum(cell[i][j] != cell[i][j + 1] for i in range(5) for j in range(4))
    up = sum(cell[i][j] != cell[i + 1][j] for i in range(4) for j in range(5))
    assert len(axes.lines) == across + up


def test_eight_segments_have_a_grid_of_two_by_two(axes: Axes, eight: ka.RfmResult) -> None:
    """Money decides as well, so no segment is named in it."""
    plots.rfm_grid(eight, axes)
    assert cells(axes, 2) == [["1", "1"], ["0", "2"]]
    assert not axes.lines


def test_areas_are_shares(axes: Axes, eight: ka.RfmResult) -> None:
    """Of accounts, or of money."""
    plots.rfm_treemap(eight, axes)
    boxes: Any = axes.patches
    assert [b.get_width() * b.get_height() / 1.6 for b in boxes] == pytest.approx([0.5, 0.25, 0.25])
    axes.clear()
    plots.rfm_treemap(eight, axes, money=[600, 200, 200, 0], currency="€")
    boxes = axes.patches
    assert [b.get_width() * b.get_height() / 1.6 for b in boxes] == pytest.approx([0.8, 0.2])
    assert "€800" in axes.texts[0].get_text()
    below = axes.get_xlabel().replace("\n", " ")
    assert below.startswith("No area: ")
    assert below.endswith("; general – maintain; general – develop")


def test_every_segment_is_named_in_its_box_or_below(axes: Axes, eight: ka.RfmResult) -> None:
    """A share of one in ten thousand has no room."""
    plots.rfm_treemap(eight, axes, money=[9_999, 0, 1, 0])
    inside = " ".join(t.get_text() for t in axes.texts).replace("\n", " ")
    below = axes.get_xlabel().replace("\n", " ")
    assert below.startswith("Too small to name: a: general – win back <1% No area: ")
    assert axes.texts[-1].get_text() == "a"
    for segment in eight.spec.segments.segments:
        assert (segment.name in inside) != (segment.name in below)


@pytest.mark.parametrize("figure", [plots.rfm_grid, plots.rfm_treemap])
def test_rfm_of_nobody_says_so(figure: Any, axes: Axes) -> None:
    """Empty, or nothing known."""
    rfm = ka.Rfm(cuts=ka.FixedCut(recency=90, frequency=3, monetary=1_000))
    for book in ([], [np.nan]):
        axes.clear()
        figure(rfm.assign({"days_since": book, "count": book, "total": book}), axes)
        assert axes.texts[0].get_text().startswith("Nothing to show")


@settings(max_examples=60)
@given(
    areas=st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=12),
    width=st.floats(0.5, 3),
    height=st.floats(0.5, 3),
)
def test_boxes_tile_the_map(areas: list[float], width: float, height: float) -> None:
    """They keep inside, do not overlap, and are as large as they should be."""
    areas = sorted(areas, reverse=True)
    boxes = laid_out(areas, width, height)
    whole = width * height
    for area, (left, bottom, w, h) in zip(areas, boxes, strict=True):
        assert w * h == pytest.approx(whole * area / sum(areas), rel=1e-6)
        assert left >= -1e-9
        assert bottom >= -1e-9
        assert left + w <= width + 1e-9
        assert bottom + h <= height + 1e-9
    for i, (left, bottom, w, h) in enumerate(boxes):
        for other_left, other_bottom, other_w, other_h in boxes[:i]:
            wide = min(left + w, other_left + other_w) - max(left, other_left)
            high = min(bottom + h, other_bottom + other_h) - max(bottom, other_bottom)
            assert min(wide, high) <= 1e-9


def test_no_areas_are_no_boxes() -> None:
    """Nothing to divide."""
    assert laid_out([]) == []


def test_texts_get_smaller_shorter_and_turned_until_they_fit() -> None:
    """The fullest that fits; none where there is no room."""
    texts = ["a long name\n12 accounts", "a long\nname"]
    full = fitted(texts, 200, 100)
    assert full is not None
    assert (full.text, full.turned) == (texts[0], False)
    short = fitted(texts, 50, 60)
    assert short is not None
    assert (short.text, short.turned) == (texts[1], False)
    turned = fitted(texts, 30, 200)
    assert turned is not None
    assert turned.turned
    assert fitted(texts, 10, 10) is None


# --- Lorenz --------------------------------------------------------------------------------------


def test_the_curve_is_the_lorenz_curve(axes: Axes, concentration: ka.Concentration) -> None:
    """Beside the line of equality."""
    plots.lorenz_curve(concentration, axes)
    equal, curve = axes.lines[:2]
    assert np.array_equal(curve.get_xdata(), concentration.lorenz.customers)
    assert np.array_equal(curve.get_ydata(), concentration.lorenz.value)
    assert np.array_equal(equal.get_xdata(), equal.get_ydata())
    assert curve.get_label() == "Gini 0.69"


@pytest.mark.parametrize("target", [0.5, 0.8, 0.95])
def test_the_mark_is_on_the_curve_where_the_few_begin(
    target: float, axes: Axes, concentration: ka.Concentration
) -> None:
    """What is to the right of it brings at least the share."""
    plots.lorenz_curve(concentration, axes, target=target)
    mark = axes.lines[-1]
    (x,), (y,) = np.asarray(mark.get_xdata()), np.asarray(mark.get_ydata())
    assert y == pytest.approx(
        np.interp(x, concentration.lorenz.customers, concentration.lorenz.value)
    )
    assert 1 - y >= target - 1e-12
    most = concentration.customers_for(target)
    assert f"the largest {most.customers} of 10" in axes.texts[0].get_text()


@pytest.mark.parametrize("values", [[], [0.0, 0.0], [np.nan]])
def test_where_nobody_brings_anything_there_is_no_curve(values: list[float], axes: Axes) -> None:
    """It says so."""
    plots.lorenz_curve(ka.Concentration.of(values), axes)
    assert axes.texts[0].get_text() == "Nothing to show\nnobody brings any value"


def test_one_customer_brings_everything(axes: Axes) -> None:
    """The mark is at the corner."""
    plots.lorenz_curve(ka.Concentration.of([5.0]), axes)
    assert axes.texts[0].get_text() == "the largest 1 of 1 (100%)\nbrings 100% of the value"


@pytest.mark.parametrize("target", [0, 1, 80, "most", np.nan])
def test_the_share_to_mark_lies_between_0_and_1(
    target: Any, axes: Axes, concentration: ka.Concentration
) -> None:
    """80 % is 0.8."""
    with pytest.raises(ka.SpecError, match=r"lorenz_curve\(target\) must lie between 0 and 1"):
        plots.lorenz_curve(concentration, axes, target=target)


def test_sums_below_0_are_told_beside_the_map(axes: Axes, eight: ka.RfmResult) -> None:
    """They have no area, and are not nothing."""
    plots.rfm_treemap(eight, axes, money=[9_999, 0, -5_000, None], currency="€")
    assert "general – win back −€5K" in axes.get_xlabel().replace("\n", " ")
    assert axes.get_title(loc="left") == "Segments by money: 4 accounts, 1 without an amount"


def test_accounts_in_no_segment_are_told(axes: Axes, rfm: ka.RfmResult) -> None:
    """Grid and map."""
    plots.rfm_grid(rfm, axes)
    assert axes.get_title(loc="left") == "Recency and frequency: 5 accounts, 1 unknown"
    plots.rfm_treemap(rfm, axes)
    assert axes.get_title(loc="left") == "Segments by number of accounts: 5 accounts, 1 unknown"


def test_a_curve_of_very_many_customers_is_drawn_with_fewer_corners() -> None:
    """Of a large book the corners that nobody can tell apart are left out, and none is moved."""
    found = ka.Concentration.of(np.random.default_rng(1).lognormal(10.0, 2.0, 50_000))
    ax = plots.lorenz_curve(found)
    x, y = (np.asarray(values, dtype=np.float64) for values in ax.lines[1].get_data())
    curve = found.lorenz
    assert len(x) <= 2_000
    assert (x[0], y[0], x[-1], y[-1]) == (0.0, 0.0, 1.0, 1.0)
    assert np.isin(x, curve.customers).all()
    between = np.interp(curve.customers, x, y)
    assert np.abs(between - curve.value).max() < 1e-3
