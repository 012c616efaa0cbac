"""Figures of deals: bars are counts, probabilities and money, and add up to what they should."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import keyaccount as ka
from keyaccount import plots
from keyaccount.testing import deals_at_stake


def widths(bars: Any) -> list[float]:
    """Give the widths of bars."""
    return [float(b.get_width()) for b in bars]


def legend(ax: Axes) -> list[str]:
    """Give what the legend says."""
    found = ax.get_legend()
    assert found is not None
    return [t.get_text() for t in found.get_texts()]


# --- Funnel --------------------------------------------------------------------------------------


def test_bars_are_deals_by_what_became_of_them(axes: Axes, conversion: ka.ConversionTable) -> None:
    """Advanced, lost, and those of which it is not known, as many as there were."""
    plots.conversion_funnel(conversion, axes)
    advanced, lost, still_open = (widths(part) for part in axes.containers)
    assert advanced == conversion.at.n_advanced.tolist()
    assert lost == conversion.at.n_lost.tolist()
    assert np.add(np.add(advanced, lost), still_open).tolist() == conversion.at.deals.tolist()


def test_conversion_interval_plan_and_dwell_are_written(
    axes: Axes, conversion: ka.ConversionTable
) -> None:
    """The estimate, and not the ratio of the bar; the median time in the stage."""
    plots.conversion_funnel(conversion, axes)
    told = next(t.get_text() for t in axes.texts if "advance" in t.get_text())
    at = conversion.at
    share, low, high = (f"{x[0]:.0%}" for x in (at.advanced, at.advanced_low, at.advanced_high))
    median = conversion.dwell[0.5][0]
    assert (
        told == f"6 deals: {share} advance ({low}–{high})\nplan 50% · half left by {median:g} days"
    )


def test_plans_are_marked_where_there_are_some(axes: Axes, conversion: ka.ConversionTable) -> None:
    """As many deals as the plan says."""
    plots.conversion_funnel(conversion, axes)
    marks = next(n for n in axes.lines if n.get_label() == "plan")
    assert np.asarray(marks.get_xdata()).tolist() == [3.0]


def test_stages_go_by_the_names_of_the_funnel(axes: Axes, any_font: None) -> None:
    """In the language asked for, and groups by theirs."""
    funnel = ka.opportunity_funnel()
    code = funnel.stages[0].code
    visits = {"stage": [code] * 2, "days": [1, 2], "outcome": [1, 2], "team": ["x", None]}
    table = ka.conversion_table(visits, horizon=5, by="team")
    plots.conversion_funnel(table, axes, names=funnel, language="zh", unit="周")
    labels = [t.get_text() for t in axes.get_yticklabels()]
    assert f"{funnel.stages[0].name_zh} · x" in labels
    assert axes.get_title(loc="left") == "各阶段商机在 5 周内的去向"


def test_what_was_not_watched_long_enough_is_told(axes: Axes) -> None:
    """With how long it was."""
    table = ka.conversion_table(
        {"stage": ["a", "a"], "days": [3, 4], "outcome": ["advanced", "open"]}, horizon=30
    )
    plots.conversion_funnel(table, axes)
    assert "watched until 4" in " ".join(t.get_text() for t in axes.texts)


def test_a_funnel_without_deals_says_so(axes: Axes) -> None:
    """No rows, or rows without deals."""
    none: dict[str, list[Any]] = {"stage": [], "days": [], "outcome": []}
    plots.conversion_funnel(ka.conversion_table(none, horizon=5), axes)
    assert axes.texts[0].get_text() == "Nothing to show\nno deal was in any stage"


def test_a_stage_without_deals_says_so(axes: Axes) -> None:
    """Beside the others."""
    visits = {"stage": ["a"], "days": [1], "outcome": ["advanced"]}
    plots.conversion_funnel(ka.conversion_table(visits, horizon=5, stages=["a", "b"]), axes)
    assert "no deals" in [t.get_text() for t in axes.texts]


# --- Attainment ----------------------------------------------------------------------------------


@settings(max_examples=10, deadline=None)
@given(deals=deals_at_stake(groups=False), target=st.floats(-2e6, 2e6), bins=st.integers(1, 30))
def test_bars_add_up_to_the_probability_of_the_target(deals: Any, target: float, bins: int) -> None:
    """Below and from the target on, to 1 in all."""
    found = ka.attainment(**deals, target=target)
    ax = plots.attainment_distribution(found, Figure().subplots(), bins=bins)
    if not ax.containers:
        assert ax.texts[0].get_text() == "Nothing to show\nno deal counts"
        return
    below, above = (sum(float(b.get_height()) for b in part) for part in ax.containers)
    assert above == pytest.approx(found.probability, abs=1e-12)
    assert below + above == pytest.approx(1.0)


def test_the_target_and_what_is_expected_are_drawn(
    axes: Axes, attainment: ka.Attainment[float]
) -> None:
    """And told, with the probability."""
    plots.attainment_distribution(attainment, axes, currency="€")
    lines = {n.get_label(): np.asarray(n.get_xdata()).tolist() for n in axes.lines}
    assert lines == {"expected €61K": [61_000.0] * 2, "target €70K": [70_000.0] * 2}
    assert {"below €70K (46%)", "€70K or more (54%)"} <= set(legend(axes))


def test_each_of_several_targets_has_a_line(axes: Axes) -> None:
    """With its probability."""
    plots.attainment_distribution(ka.attainment([50, 20, 30], [0.9, 0.5, 0.2], [50, 70]), axes)
    assert {"target 50 (91%)", "target 70 (54%)"} <= set(legend(axes))
    assert axes.get_title(loc="left") == "How likely which sum is"


def test_a_lattice_without_a_point_at_the_target_makes_no_negative_bars(axes: Axes) -> None:
    """The target is reached by a sum that the lattice has put a little above it."""
    found = ka.attainment([1.0, 10.333333333333334], [0.25, 0.1], 1.0)
    assert not found.distribution().exact
    plots.attainment_distribution(found, axes)
    heights = [[float(b.get_height()) for b in part] for part in axes.containers]
    assert min(map(min, heights)) >= 0.0
    assert sum(heights[1]) == pytest.approx(found.probability)


def test_a_sum_a_hair_below_the_target_stands_below_it(axes: Axes) -> None:
    """As floats, the thirds of a cent add up to the target; in truth they fall short."""
    found = ka.attainment([0.3333333333333333, 0.6666666666666666], [0.5, 0.5], 1.0)
    assert found.probability == 0
    plots.attainment_distribution(found, axes, bins=4)
    below, above = (sum(float(b.get_height()) for b in part) for part in axes.containers)
    assert (below, above) == (1.0, 0.0)


@pytest.mark.parametrize("target", [-5.0, 0.0, 100.0, 101.0, 1e15])
def test_a_target_may_lie_anywhere(target: float, axes: Axes) -> None:
    """Below all sums, at their ends, or far beyond, where an arrow points."""
    found = ka.attainment([50, 20, 30], [0.9, 0.5, 0.2], target)
    plots.attainment_distribution(found, axes)
    parts = [sum(float(b.get_height()) for b in part) for part in axes.containers]
    assert parts == pytest.approx([1 - found.probability, found.probability])
    low, high = axes.get_xlim()
    assert low < target < high or axes.texts[0].get_text().endswith("→")


def test_without_a_target_there_is_nothing_to_reach(axes: Axes) -> None:
    """It says so."""
    plots.attainment_distribution(ka.attainment([50], [0.5], []), axes)
    assert axes.texts[0].get_text() == "Nothing to show\nthere is no target"


@pytest.mark.parametrize(("amounts", "chances"), [([], []), ([np.nan], [0.5])])
def test_where_no_deal_counts_there_is_no_distribution(
    amounts: list[float], chances: list[float], axes: Axes
) -> None:
    """It says so."""
    plots.attainment_distribution(ka.attainment(amounts, chances, 10), axes)
    assert axes.texts[0].get_text() == "Nothing to show\nno deal counts"


def test_a_deal_that_is_certain_is_one_bar(axes: Axes) -> None:
    """All of the probability is there."""
    plots.attainment_distribution(ka.attainment([50], [1.0], 50), axes)
    assert sum(float(b.get_height()) for b in axes.containers[1]) == 1.0
    assert "50 or more (100%)" in legend(axes)


# --- Pipeline ------------------------------------------------------------------------------------


def test_buckets_lead_from_start_to_end(axes: Axes, waterfall: ka.Waterfall) -> None:
    """Each from where the one before ended."""
    plots.pipeline_waterfall(waterfall, axes, currency="€")
    boxes: Any = axes.patches
    assert [(b.get_x(), b.get_width()) for b in boxes] == [
        (0.0, 150.0),
        (150.0, 20.0),
        (170.0, 30.0),
        (150.0, 50.0),
        (0.0, 150.0),
    ]
    assert [t.get_text() for t in axes.texts] == [
        "€150 (2 deals)",
        "+€20 (1 deal)",
        "+€30 (1 deal)",
        "−€50 (1 deal)",
        "€150 (2 deals)",
    ]


def test_buckets_are_named_in_chinese(axes: Axes, waterfall: ka.Waterfall, any_font: None) -> None:
    """As the result names them."""
    plots.pipeline_waterfall(waterfall, axes, language="zh", currency="元")
    labels = [t.get_text() for t in axes.get_yticklabels()]
    assert labels == ["期初", "新增", "金额增加", "已删除", "期末"]
    assert axes.texts[0].get_text() == "150元 (2 单)"


def test_what_was_won_looks_unlike_what_was_lost(axes: Axes) -> None:
    """Both leave the open pipeline."""
    deals = {"deal": ["a", "b", "c"], "amount": [3.0, 2.0, 1.0]}
    moved = ka.waterfall(
        {**deals, "outcome": ["open"] * 3},
        {**deals, "outcome": ["won", "lost", "open"]},
        outcome="outcome",
        stage=None,
        expected=None,
    )
    plots.pipeline_waterfall(moved, axes)
    assert [t.get_text() for t in axes.get_yticklabels()] == ["start", "Lost", "Won", "end"]
    _, lost, won, _ = axes.patches
    assert lost.get_facecolor() != won.get_facecolor()
    assert lost.get_hatch() != won.get_hatch()


def test_a_pipeline_of_no_deals_says_so(axes: Axes) -> None:
    """On either date."""
    none: dict[str, list[Any]] = {"deal": [], "amount": []}
    moved = ka.waterfall(none, none, outcome=None, stage=None, expected=None)
    plots.pipeline_waterfall(moved, axes)
    assert axes.texts[0].get_text() == "Nothing to show\nthere is no deal on either date"


def test_a_stage_of_few_deals_says_how_many(axes: Axes) -> None:
    """Its bar cannot be seen, and an interval that is unknown is not written."""
    visits = {"stage": ["a"] * 999 + ["b"], "days": [3] * 1000, "outcome": ["open"] * 1000}
    plots.conversion_funnel(ka.conversion_table(visits, horizon=60), axes)
    assert [t.get_text().split("\n")[0] for t in axes.texts if "advance" in t.get_text()] == [
        "999 deals: 0% advance",
        "1 deal: 0% advance",
    ]


@pytest.mark.parametrize(
    ("targets", "told"),
    [
        ([1e6], ["target $1M →"]),
        ([-1e6, 120.0], ["← target −$1M"]),
        ([-1e6, 1e6], ["target $1M →", "← target −$1M"]),
        ([30.0], []),
    ],
)
def test_a_target_far_off_leaves_the_bars_their_room(
    targets: list[float], told: list[str], axes: Axes
) -> None:
    """An arrow says where it is."""
    plots.attainment_distribution(ka.attainment([50.0] * 4, [0.5] * 4, targets), axes, currency="$")
    assert [t.get_text() for t in axes.texts] == told
    low, high = axes.get_xlim()
    assert -300 < low < 0
    assert 200 < high < 500
