"""The one table of kinds: the fixed word that each spec class goes by in stored data.

Classes may be renamed and moved; a kind, once released, never changes. Classes are imported when
their kind is first met, so that this table costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, Final, get_origin

__all__ = ["FAMILIES", "KINDS", "PLAIN", "family_kinds", "kind_of", "spec_class"]

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "ahp_weights": ("scoring.weights.ahp", "AhpWeights"),
    "all_of": ("scoring.selection.rules", "AllOf"),
    "anchor": ("scoring.judgement", "Anchor"),
    "anchored_scale": ("scoring.judgement", "AnchoredScale"),
    "at_least": ("scoring.selection.rules", "AtLeast"),
    "bands": ("scoring.values.band_values", "Bands"),
    "beta_prior": ("stats.shrinkage", "BetaPrior"),
    "by_group": ("groups", "ByGroup"),
    "capacity": ("scoring.selection.rules", "Capacity"),
    "composite_scorer": ("scoring.composite", "CompositeScorer"),
    "criterion": ("scoring.criterion", "Criterion"),
    "cuts": ("bands", "Cuts"),
    "ideal": ("scoring.aggregation.topsis", "Ideal"),
    "linear": ("scoring.values.linear", "Linear"),
    "log": ("scoring.values.log", "Log"),
    "logistic": ("scoring.values.logistic", "Logistic"),
    "observed_range": ("scoring.values.observed", "ObservedRange"),
    "override": ("scoring.selection.override", "Override"),
    "percentile": ("scoring.values.percentile", "Percentile"),
    "piecewise_linear": ("scoring.values.piecewise", "PiecewiseLinear"),
    "ratio": ("scoring.values.ratio", "Ratio"),
    "selection_policy": ("scoring.selection.select", "SelectionPolicy"),
    "stage": ("funnel.stages", "Stage"),
    "states": ("bands", "States"),
    "top_count": ("scoring.selection.rules", "TopCount"),
    "top_share": ("scoring.selection.rules", "TopShare"),
    "weighted_mean": ("hierarchy", "WeightedMean"),
    "weights": ("scoring.weights.weights", "Weights"),
}
"""Kind to the module, below the package, and the name of the class."""

FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    "scoring.selection.rules.Rule": ("all_of", "at_least", "capacity", "top_count", "top_share"),
    "scoring.values.base.ValueFunction": (
        "bands",
        "linear",
        "log",
        "logistic",
        "observed_range",
        "percentile",
        "piecewise_linear",
        "ratio",
    ),
}
"""Abstract class to the kinds that may stand where it is asked for."""

PLAIN: Final[Mapping[str, str]] = {"cuts": "edges", "weights": "pairs"}
"""Kinds written inside another spec as their one field alone: `[10, 20]`, `{sales = 0.6, …}`."""

_ROOT = "keyaccount."
_BY_CLASS = {f"{module}.{name}": kind for kind, (module, name) in KINDS.items()}


def _address(cls: object) -> str:
    """Write where a class, or the class behind ``ByGroup[float]``, lives below the package."""
    bare = get_origin(cls) or cls
    module: str = getattr(bare, "__module__", "")
    return f"{module.removeprefix(_ROOT)}.{getattr(bare, '__qualname__', '')}"


def kind_of(cls: object) -> str | None:
    """Give the kind of a spec class; None for a class that has none."""
    return _BY_CLASS.get(_address(cls))


def family_kinds(cls: object) -> tuple[str, ...]:
    """Give the kinds that may stand for an abstract class; none for any other."""
    return FAMILIES.get(_address(cls), ())


@cache
def spec_class(kind: str) -> Any:
    """Import the class of a kind."""
    module, name = KINDS[kind]
    return getattr(import_module(_ROOT + module), name)
