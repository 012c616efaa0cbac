"""What the tests of figures share: results to draw, small and by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import keyaccount as ka
from keyaccount import plots
from keyaccount.plots import _fonts
from keyaccount.stats.survival import SurvivalCurve, kaplan_meier

HARD = "<b>$\\frac{1}$ & Söhne$"
"""A name that mathtext, HTML and XML would each misread."""


def scorer(**options: Any) -> ka.CompositeScorer:
    """Give a scorer of two criteria from 0 to 10."""
    linear = ka.Linear(0, 10)
    return ka.CompositeScorer(
        criteria=(
            ka.Criterion("sales", column="sales", value=linear),
            ka.Criterion("$fit$", column="fit", value=linear),
        ),
        weights={"sales": 0.75, "$fit$": 0.25},
        **options,
    )


@pytest.fixture
def axes() -> Axes:
    """Give axes of a figure that pyplot knows nothing of."""
    found: Axes = Figure(layout="constrained").subplots()
    return found


@pytest.fixture
def scores() -> ka.Scores:
    """Give the scores of four accounts, of which one is unknown in part."""
    return scorer().score({"sales": [10.0, 2.0, 6.0, 4.0], "fit": [4.0, 8.0, np.nan, 0.0]})


@pytest.fixture
def chosen(scores: ka.Scores) -> ka.Selection:
    """Give the two best of the four."""
    return ka.select(scores, ka.TopCount(2), ids=[HARD, "b", "c", "d"])


@pytest.fixture
def sensitivity(chosen: ka.Selection) -> ka.Sensitivity:
    """Give the break-even weights of the two and of all four."""
    return ka.sensitivity(chosen, [HARD, "b", "c", "d"])


@pytest.fixture
def pcv() -> ka.Assignment:
    """Give five accounts in four cells and one in none."""
    return ka.pcv().assign(
        {
            "status": ["vip", "vip", "common", "potential", None],
            "output": [4e8, 3e8, 1e6, 5e7, 1.0],
        }
    )


@pytest.fixture
def rfm() -> ka.RfmResult:
    """Give accounts by recency and frequency from 1 to 5."""
    book = {
        "days_since": [1.0, 5.0, 20.0, 80.0, 300.0, None],
        "count": [30.0, 1.0, 9.0, 5.0, 2.0, 3.0],
        "total": [900.0, 20.0, 10.0, 5.0, 70.0, 8.0],
    }
    spec = ka.Rfm(cuts=ka.QuantileScores(5), segments=ka.rfm_map_5x5())
    return spec.fit(book).assign(book)


@pytest.fixture
def eight() -> ka.RfmResult:
    """Give accounts in three of the eight segments."""
    rfm = ka.Rfm(cuts=ka.FixedCut(recency=90, frequency=3, monetary=1_000))
    return rfm.assign(
        {
            "days_since": [5, 8, 300, 10],
            "count": [9, 5, 1, 1],
            "total": [9e3, 2e3, 20.0, 10.0],
        }
    )


@pytest.fixture
def concentration() -> ka.Concentration:
    """Give ten customers of which two bring 80 %."""
    return ka.Concentration.of([500, 300, 60, 50, 40, 20, 10, 10, 5, 5])


@pytest.fixture
def conversion() -> ka.ConversionTable:
    """Give two stages, one of them with a plan, and deals of all ends."""
    visits = {
        "stage": ["$a$"] * 6 + ["b"] * 3,
        "days": [3, 6, 9, 9, 4, 30, 2, 4, 5],
        "outcome": [
            *("advanced", "lost", "open", "advanced", "open", "advanced"),
            *("advanced", "lost", "lost"),
        ],
    }
    return ka.conversion_table(visits, horizon=14, plan={"$a$": 0.5, "b": None}, strength=10)


@pytest.fixture
def attainment() -> ka.Attainment[float]:
    """Give three deals and a target that is a possible sum."""
    return ka.attainment([50_000, 20_000, 30_000], [0.9, 0.5, 0.2], 70_000)


@pytest.fixture
def waterfall() -> ka.Waterfall:
    """Give a pipeline that gained one deal and lost one."""
    march = {"deal": ["a", "b"], "amount": [100.0, 50.0]}
    april = {"deal": ["a", "c"], "amount": [130.0, 20.0]}
    return ka.waterfall(march, april, outcome=None, stage=None, expected=None)


@pytest.fixture
def panel() -> ka.LifecyclePanel:
    """Give two customers on three days."""
    log = {"who": ["A", "B"], "day": ["2025-01-10", "2025-05-01"], "paid": [10.0, 20.0]}
    days = ["2025-02-01", "2025-06-01", "2026-01-01"]
    return ka.lifecycle_panel(log, customer="who", at="day", amount="paid", dates=days)


@pytest.fixture
def chain(panel: ka.LifecyclePanel) -> ka.StageChain:
    """Give the chain of these snapshots."""
    return ka.StageChain.fit(panel)


@pytest.fixture
def curve() -> SurvivalCurve:
    """Give five accounts, of which two are still key."""
    return kaplan_meier([3, 5, 5, 8, 9], [1, 1, 0, 1, 0])


@pytest.fixture
def information() -> ka.InformationAssessment:
    """Give two accounts, one of which has an entry that is stale."""
    fields = [
        ka.InformationField("aims", "Aims", name_zh="目标"),
        ka.InformationField("budget", "Budget", name_zh="预算"),
    ]
    entries = {
        "account": [HARD, HARD, "B"],
        "field": ["aims", "budget", "aims"],
        "value": ["x", "2 M", "y"],
        "date": ["2026-09-01", "2020-01-01", "2026-09-02"],
    }
    known = ka.InformationMap("short", fields, name_zh="简版", max_age_days=365)
    return known.assess(entries, as_of="2026-09-30")


FIGURES: dict[str, tuple[Callable[..., Axes], tuple[str, ...], dict[str, Any]]] = {
    "score_contributions": (plots.score_contributions, ("chosen",), {}),
    "score_waterfall": (plots.score_waterfall, ("chosen",), {"account": HARD}),
    "score_distribution": (plots.score_distribution, ("chosen",), {}),
    "weight_sensitivity": (plots.weight_sensitivity, ("sensitivity",), {}),
    "matrix_heatmap": (plots.matrix_heatmap, ("pcv",), {"money": [1.0] * 5, "currency": "$"}),
    "rfm_grid": (plots.rfm_grid, ("rfm",), {"money": [1.0] * 6, "currency": "$"}),
    "rfm_treemap": (plots.rfm_treemap, ("eight",), {"money": [1.0] * 4, "currency": "$"}),
    "lorenz_curve": (plots.lorenz_curve, ("concentration",), {}),
    "conversion_funnel": (plots.conversion_funnel, ("conversion",), {}),
    "attainment_distribution": (
        plots.attainment_distribution,
        ("attainment",),
        {"currency": "$"},
    ),
    "pipeline_waterfall": (plots.pipeline_waterfall, ("waterfall",), {"currency": "$"}),
    "lifecycle_mix": (plots.lifecycle_mix, ("panel",), {}),
    "transition_heatmap": (plots.transition_heatmap, ("chain",), {}),
    "key_survival": (plots.key_survival, ("curve",), {}),
    "information_completeness": (plots.information_completeness, ("information",), {}),
    "information_holes": (plots.information_holes, ("information",), {}),
}
"""Each figure with the result it takes and what it is asked for."""


@pytest.fixture(params=list(FIGURES))
def draw(request: pytest.FixtureRequest) -> Callable[..., Axes]:
    """Give each of the figures in turn, to be drawn with further options."""
    function, names, options = FIGURES[request.param]
    results = [request.getfixturevalue(name) for name in names]

    def drawn(ax: Axes | None, **more: Any) -> Axes:
        return function(*results, ax=ax, **{**options, **more})

    return drawn


@pytest.fixture
def any_font(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the usual font pass for one with every character: nothing is rendered."""
    monkeypatch.setattr(_fonts, "lacking", lambda _: "")
