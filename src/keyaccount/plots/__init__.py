"""Figures of results, drawn with matplotlib. Needs the extra ``plots``.

Each function takes a result and, where there are some, the axes to draw on, and returns the axes.
Without axes it makes a figure with pyplot, which a notebook shows.
"""

from importlib import import_module

from keyaccount._words import Language
from keyaccount.errors import MissingExtra

try:
    import_module("matplotlib")
except ImportError:  # pragma: no cover - the tests run with the extra
    raise MissingExtra.from_caller("keyaccount.plots", "plots", "matplotlib") from None

from keyaccount.plots._fonts import MissingFontWarning
from keyaccount.plots.attainment_distribution import attainment_distribution
from keyaccount.plots.conversion_funnel import conversion_funnel
from keyaccount.plots.information_completeness import information_completeness, information_holes
from keyaccount.plots.key_survival import key_survival
from keyaccount.plots.lifecycle_mix import lifecycle_mix
from keyaccount.plots.lorenz_curve import lorenz_curve
from keyaccount.plots.matrix_heatmap import matrix_heatmap
from keyaccount.plots.pipeline_waterfall import pipeline_waterfall
from keyaccount.plots.rfm_grid import rfm_grid
from keyaccount.plots.rfm_treemap import rfm_treemap
from keyaccount.plots.score_contributions import score_contributions
from keyaccount.plots.score_distribution import score_distribution
from keyaccount.plots.score_waterfall import score_waterfall
from keyaccount.plots.svg import svg
from keyaccount.plots.transition_heatmap import transition_heatmap
from keyaccount.plots.weight_sensitivity import weight_sensitivity

__all__ = [
    "Language",
    "MissingFontWarning",
    "attainment_distribution",
    "conversion_funnel",
    "information_completeness",
    "information_holes",
    "key_survival",
    "lifecycle_mix",
    "lorenz_curve",
    "matrix_heatmap",
    "pipeline_waterfall",
    "rfm_grid",
    "rfm_treemap",
    "score_contributions",
    "score_distribution",
    "score_waterfall",
    "svg",
    "transition_heatmap",
    "weight_sensitivity",
]
