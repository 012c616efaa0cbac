"""Figures of how accounts are doing: mix, transitions, survival, what is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes

import keyaccount as ka
from keyaccount import plots
from keyaccount.program.information.assessment import MISSING, STALE
from keyaccount.stats.survival import SurvivalCurve, kaplan_meier

HARD = "<b>$\\frac{1}$ & Söhne$"


def heights(bars: Any) -> list[float]:
    """Give the heights of bars."""
    return [float(b.get_height()) for b in bars]


def widths(bars: Any) -> list[float]:
    """Give the widths of bars."""
    return [float(b.get_width()) for b in bars]


def legend(ax: Axes) -> list[str]:
    """Give what the legend says."""
    found = ax.get_legend()
    assert found is not None
    return [t.get_text() for t in found.get_texts()]


# --- Lifecycle -----------------------------------------------------------------------------------


def test_bars_are_shares_and_add_up_to_all(axes: Axes, panel: ka.LifecyclePanel) -> None:
    """Stage by stage in their order, day by day."""
    plots.lifecycle_mix(panel, axes)
    shares = np.array([heights(part) for part in axes.containers])
    assert shares.sum(axis=0) == pytest.approx(np.ones(3))
    for row, stage in zip(shares, panel.states, strict=False):
        for share, day in zip(row, np.unique(panel.period), strict=True):
            here = panel.state[panel.period == day]
            assert share == np.mean(here == stage)
    tops: Any = [b.get_y() + b.get_height() for part in axes.containers[-1:] for b in part]
    assert tops == pytest.approx(np.ones(3))  # each stands on the one before
    assert legend(axes) == list(panel.states)


def test_a_stage_that_is_unknown_is_a_part_of_its_own(axes: Axes) -> None:
    """And there only where somebody is in it."""
    day = np.array(["2026-01-01"] * 2, dtype="datetime64[D]")
    ids = np.array(["a", "b"], dtype=object)
    panel = ka.LifecyclePanel(ids, day, np.array([2, -1], dtype=np.int16), ())
    plots.lifecycle_mix(panel, axes)
    assert legend(axes)[-1] == "unknown"
    assert heights(axes.containers[-1]) == [0.5]


def test_many_days_leave_room_between_labels(axes: Axes) -> None:
    """A dozen at most."""
    n = 40
    days = np.datetime64("2020-01-01") + 91 * np.arange(n).astype("timedelta64[D]")
    codes = np.zeros(n, dtype=np.int16)
    panel = ka.LifecyclePanel(np.full(n, "a", dtype=object), days, codes, ())
    plots.lifecycle_mix(panel, axes)
    assert len(axes.get_xticks()) <= 12


def test_no_snapshots_are_nothing_to_show(axes: Axes) -> None:
    """It says so."""
    none = np.array([], dtype=object), np.array([], dtype="datetime64[D]")
    plots.lifecycle_mix(ka.LifecyclePanel(*none, np.array([], dtype=np.int16), ()), axes)
    assert axes.texts[0].get_text() == "Nothing to show\nthere is no snapshot"


def test_rows_are_where_accounts_come_from(axes: Axes) -> None:
    """The first state at the top; a row nobody left is grey."""
    chain = ka.StageChain.of_counts(("a", "b"), ((3, 1), (0, 0)), smoothing=0.5)
    plots.transition_heatmap(chain, axes, names={"a": "Alpha"})
    assert [t.get_text() for t in axes.get_yticklabels()] == ["b", "Alpha"]
    assert [t.get_text() for t in axes.get_xticklabels()] == ["Alpha", "b"]
    mesh: Any = axes.collections[0]
    shade = np.ma.filled(mesh.get_array(), np.nan)
    assert shade[1].tolist() == list(chain.matrix[0])
    assert np.isnan(shade[0]).all()
    assert [t.get_text() for t in axes.texts] == ["50%\nn=0", "50%\nn=0", "72%\nn=3", "28%\nn=1"]


def test_a_chain_that_was_given_has_no_counts(axes: Axes) -> None:
    """Only its probabilities are written."""
    plots.transition_heatmap(ka.StageChain(states=("a",), matrix=((1.0,),)), axes)
    assert [t.get_text() for t in axes.texts] == ["100%"]


def test_lifecycle_stages_are_named_in_chinese(
    axes: Axes, chain: ka.StageChain, any_font: None
) -> None:
    """Other states go by their own names."""
    plots.transition_heatmap(chain, axes, language="zh")
    assert [t.get_text() for t in axes.get_xticklabels()] == [
        "获取",
        "提升",
        "成熟",
        "衰退",
        "流失",
    ]


# --- Survival ------------------------------------------------------------------------------------


def test_the_curve_steps_where_accounts_were_lost(axes: Axes, curve: SurvivalCurve) -> None:
    """From all at the start to the last look."""
    plots.key_survival(curve, axes)
    steps = axes.lines[0]
    assert np.asarray(steps.get_xdata()).tolist() == [0.0, *curve.times, 9.0]
    assert np.asarray(steps.get_ydata()).tolist() == [1.0, *curve.survival, curve.survival[-1]]
    assert steps.get_drawstyle() == "steps-post"
    assert legend(axes) == ["5 accounts, 3 lost"]


def test_ticks_are_accounts_that_were_still_key(axes: Axes, curve: SurvivalCurve) -> None:
    """Also where another one was lost at the same time."""
    plots.key_survival(curve, axes)
    ticks = axes.lines[1]
    assert np.asarray(ticks.get_xdata()).tolist() == [5.0, 9.0]
    assert np.asarray(ticks.get_ydata()).tolist() == curve.at([5.0, 9.0]).tolist()


def test_each_group_has_a_curve_and_a_line_of_its_own(axes: Axes) -> None:
    """Told apart by more than colour; bands of more than three are left out."""
    groups = ["a", "b", "c", "d"]
    found = kaplan_meier([3, 5, 6, 8], [1, 1, 1, 0], groups=groups)
    plots.key_survival(found, axes)
    curves = [n for n in axes.lines if n.get_drawstyle() == "steps-post"]
    assert [str(n.get_label()).split(":")[0] for n in curves] == groups
    assert len({(n.get_linestyle(), str(n.get_color())) for n in curves}) == 4
    assert not axes.collections


def test_the_band_is_the_interval(axes: Axes, curve: SurvivalCurve) -> None:
    """At the level asked for."""
    plots.key_survival(curve, axes, level=0.5)
    low, high = curve.interval(0.5)
    band: Any = axes.collections[0].get_paths()[0].vertices
    assert set(np.round(band[:, 1], 9)) == set(np.round([1.0, *low, *high], 9))


def test_nobody_was_key(axes: Axes) -> None:
    """It says so."""
    plots.key_survival(kaplan_meier([], []), axes)
    assert axes.texts[0].get_text() == "Nothing to show\nno account was key"


def test_nobody_was_lost(axes: Axes) -> None:
    """All are there to the end."""
    plots.key_survival(kaplan_meier([3, 4], [0, 0]), axes)
    assert np.asarray(axes.lines[0].get_ydata()).tolist() == [1.0, 1.0]
    assert legend(axes) == ["2 accounts, 0 lost"]


# --- Information ---------------------------------------------------------------------------------


def test_parts_are_what_is_known_stale_and_missing(
    axes: Axes, information: ka.InformationAssessment
) -> None:
    """The least known account first; the parts make the whole map."""
    plots.information_completeness(information, axes)
    assert [t.get_text() for t in axes.get_yticklabels()] == ["B", HARD]
    known, stale, missing = (widths(part) for part in axes.containers)
    assert (known, stale, missing) == ([0.5, 0.5], [0.0, 0.5], [0.5, 0.0])
    assert legend(axes) == ["known", "stale", "missing"]


def test_no_more_accounts_than_asked(axes: Axes, information: ka.InformationAssessment) -> None:
    """Those known least."""
    plots.information_completeness(information, axes, top=1)
    assert [t.get_text() for t in axes.get_yticklabels()] == ["B"]


def test_fields_are_counted_over_accounts(
    axes: Axes, information: ka.InformationAssessment
) -> None:
    """In the order of the map."""
    plots.information_holes(information, axes)
    assert [t.get_text() for t in axes.get_yticklabels()] == ["Aims", "Budget"]
    known, stale, missing = (widths(part) for part in axes.containers)
    assert stale == np.mean(information.state == STALE, axis=0).tolist()
    assert missing == np.mean(information.state == MISSING, axis=0).tolist()
    assert known == [1.0, 0.0]


def test_fields_are_named_in_chinese(
    axes: Axes, information: ka.InformationAssessment, any_font: None
) -> None:
    """As the map names them."""
    plots.information_holes(information, axes, language="zh")
    assert [t.get_text() for t in axes.get_yticklabels()] == ["目标", "预算"]


@pytest.mark.parametrize("figure", [plots.information_completeness, plots.information_holes])
def test_no_accounts_are_nothing_to_show(figure: Any, axes: Axes) -> None:
    """It says so."""
    none: dict[str, list[Any]] = {"account": [], "field": [], "value": []}
    found = ka.information_map().assess(none, as_of="2026-09-30", date=None)
    figure(found, axes)
    assert axes.texts[0].get_text().startswith("Nothing to show\nthere is no account")


def test_curves_of_many_groups_look_unlike_each_other(axes: Axes) -> None:
    """Colours come again with another line."""
    groups = list("abcdefghij")
    plots.key_survival(kaplan_meier([3.0] * 10, [1] * 10, groups=groups), axes)
    looks = {(n.get_color(), str(n._dash_pattern)) for n in axes.lines if len(n.get_xdata()) > 1}  # type: ignore[arg-type,attr-defined]
    assert len(looks) == len(groups)


def test_one_account_is_one_account(axes: Axes) -> None:
    """No plural."""
    plots.key_survival(kaplan_meier([3.0], [1]), axes)
    assert legend(axes) == ["1 account, 1 lost"]
