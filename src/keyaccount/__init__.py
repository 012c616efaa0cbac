"""keyaccount: composable primitives for key-account management.

Four questions about a customer book: who is a key account (scoring), what kind of customer each
one is (segments), where each deal stands (funnel), and how each account is doing (lifecycle).

Names are resolved when they are first used, so that ``import keyaccount`` loads little but numpy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    __version__: str
    from keyaccount._record import Record
    from keyaccount.bands import Cuts, States
    from keyaccount.datasets import SyntheticBook, synthetic_book
    from keyaccount.errors import (
        ColumnError,
        ColumnNotFoundError,
        DuplicateIdError,
        HierarchyError,
        IntakeError,
        KeyAccountError,
        MissingExtra,
        NotEnoughDataError,
        NotFittedError,
        RowError,
        SelectionError,
        SerialisationError,
        SpecError,
        WeightsError,
    )
    from keyaccount.findings import Finding
    from keyaccount.funnel.presets import opportunity_stages
    from keyaccount.funnel.stages import Stage
    from keyaccount.groups import ByGroup
    from keyaccount.hierarchy import RollUp, WeightedMean, roll_up
    from keyaccount.playbook import digest, dump, from_data, load, to_data
    from keyaccount.rowwise import Column, Columns, Fittable, RowWise
    from keyaccount.scoring.aggregation import Ideal
    from keyaccount.scoring.composite import CompositeScorer, SalesOnlyWarning
    from keyaccount.scoring.criterion import Criterion
    from keyaccount.scoring.judgement import Anchor, AnchoredScale, RatingSummary, showcase_scale
    from keyaccount.scoring.scores import Scores
    from keyaccount.scoring.selection import (
        AllOf,
        AtLeast,
        Capacity,
        GroupCut,
        Override,
        Quota,
        Reason,
        Rule,
        Selection,
        SelectionPolicy,
        TopCount,
        TopShare,
        select,
    )
    from keyaccount.scoring.sensitivity import Sensitivity, Stability, sensitivity, stability
    from keyaccount.scoring.values import (
        Bands,
        Linear,
        Log,
        Logistic,
        ObservedRange,
        Percentile,
        PiecewiseLinear,
        Ratio,
        ValueFunction,
    )
    from keyaccount.scoring.weights import (
        AhpWeights,
        Weights,
        ahp_weights,
        critic_weights,
        entropy_weights,
        equal_weights,
        market_weights,
        rank_order_centroid_weights,
        rank_reciprocal_weights,
        rank_sum_weights,
    )
    from keyaccount.stats.shrinkage import BetaPrior, shrink_rates

_ROOMS: dict[str, tuple[str, ...]] = {
    "_record": ("Record",),
    "bands": ("Cuts", "States"),
    "datasets": ("SyntheticBook", "synthetic_book"),
    "errors": (
        "ColumnError",
        "ColumnNotFoundError",
        "DuplicateIdError",
        "HierarchyError",
        "IntakeError",
        "KeyAccountError",
        "MissingExtra",
        "NotEnoughDataError",
        "NotFittedError",
        "RowError",
        "SelectionError",
        "SerialisationError",
        "SpecError",
        "WeightsError",
    ),
    "findings": ("Finding",),
    "funnel.presets": ("opportunity_stages",),
    "funnel.stages": ("Stage",),
    "groups": ("ByGroup",),
    "hierarchy": ("RollUp", "WeightedMean", "roll_up"),
    "playbook": ("digest", "dump", "from_data", "load", "to_data"),
    "rowwise": ("Column", "Columns", "Fittable", "RowWise"),
    "scoring.aggregation": ("Ideal",),
    "scoring.composite": ("CompositeScorer", "SalesOnlyWarning"),
    "scoring.criterion": ("Criterion",),
    "scoring.judgement": ("Anchor", "AnchoredScale", "RatingSummary", "showcase_scale"),
    "scoring.scores": ("Scores",),
    "scoring.selection": (
        "AllOf",
        "AtLeast",
        "Capacity",
        "GroupCut",
        "Override",
        "Quota",
        "Reason",
        "Rule",
        "Selection",
        "SelectionPolicy",
        "TopCount",
        "TopShare",
        "select",
    ),
    "scoring.sensitivity": ("Sensitivity", "Stability", "sensitivity", "stability"),
    "scoring.values": (
        "Bands",
        "Linear",
        "Log",
        "Logistic",
        "ObservedRange",
        "Percentile",
        "PiecewiseLinear",
        "Ratio",
        "ValueFunction",
    ),
    "scoring.weights": (
        "AhpWeights",
        "Weights",
        "ahp_weights",
        "critic_weights",
        "entropy_weights",
        "equal_weights",
        "market_weights",
        "rank_order_centroid_weights",
        "rank_reciprocal_weights",
        "rank_sum_weights",
    ),
    "stats.shrinkage": ("BetaPrior", "shrink_rates"),
}

_HOME = {name: f"keyaccount.{room}" for room, names in _ROOMS.items() for name in names}

__all__ = [
    "AhpWeights",
    "AllOf",
    "Anchor",
    "AnchoredScale",
    "AtLeast",
    "Bands",
    "BetaPrior",
    "ByGroup",
    "Capacity",
    "Column",
    "ColumnError",
    "ColumnNotFoundError",
    "Columns",
    "CompositeScorer",
    "Criterion",
    "Cuts",
    "DuplicateIdError",
    "Finding",
    "Fittable",
    "GroupCut",
    "HierarchyError",
    "Ideal",
    "IntakeError",
    "KeyAccountError",
    "Linear",
    "Log",
    "Logistic",
    "MissingExtra",
    "NotEnoughDataError",
    "NotFittedError",
    "ObservedRange",
    "Override",
    "Percentile",
    "PiecewiseLinear",
    "Quota",
    "RatingSummary",
    "Ratio",
    "Reason",
    "Record",
    "RollUp",
    "RowError",
    "RowWise",
    "Rule",
    "SalesOnlyWarning",
    "Scores",
    "Selection",
    "SelectionError",
    "SelectionPolicy",
    "Sensitivity",
    "SerialisationError",
    "SpecError",
    "Stability",
    "Stage",
    "States",
    "SyntheticBook",
    "TopCount",
    "TopShare",
    "ValueFunction",
    "WeightedMean",
    "Weights",
    "WeightsError",
    "__version__",
    "ahp_weights",
    "critic_weights",
    "digest",
    "dump",
    "entropy_weights",
    "equal_weights",
    "from_data",
    "load",
    "market_weights",
    "opportunity_stages",
    "rank_order_centroid_weights",
    "rank_reciprocal_weights",
    "rank_sum_weights",
    "roll_up",
    "select",
    "sensitivity",
    "showcase_scale",
    "shrink_rates",
    "stability",
    "synthetic_book",
    "to_data",
]


def __getattr__(name: str) -> Any:
    """Load a public name from the room it lives in."""
    if name == "__version__":
        from importlib.metadata import version

        return version("keyaccount")
    if name not in _HOME:
        message = f"module 'keyaccount' has no attribute {name!r}"
        raise AttributeError(message)
    found = getattr(import_module(_HOME[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *__all__})
