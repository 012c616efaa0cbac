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
        TransitionRefused,
        WeightsError,
    )
    from keyaccount.findings import Finding
    from keyaccount.funnel.attainment import (
        Attainment,
        CommonShock,
        MarginalContributions,
        StillNeeded,
        SumDistribution,
        SumQuantile,
        attainment,
        marginal_contributions,
        still_needed,
    )
    from keyaccount.funnel.conversion import (
        ConversionAt,
        ConversionTable,
        ShrunkConversion,
        StageConversion,
        StalledDeals,
        StallRule,
        conversion_table,
        stage_conversion,
        stalled_deals,
    )
    from keyaccount.funnel.deal import Confirmation, Deal
    from keyaccount.funnel.events import Event, event_log
    from keyaccount.funnel.forecast import (
        Categories,
        Category,
        Forecast,
        ForecastDeals,
        ForecastSums,
        Pace,
        SalesTarget,
        TargetPhase,
        forecast,
        pace,
    )
    from keyaccount.funnel.funnel import Funnel
    from keyaccount.funnel.key_actions import KeyAction, KeyResult
    from keyaccount.funnel.movement import Waterfall, WaterfallBuckets, waterfall
    from keyaccount.funnel.moves import Move, any_move_forward, step_by_step
    from keyaccount.funnel.pipeline import Pipeline, Standing, Visits
    from keyaccount.funnel.plan_consistency import PlanConsistency, plan_consistency
    from keyaccount.funnel.presets import (
        AppraisalShares,
        Phase,
        account_process,
        customer_funnel,
        customer_phases,
        lead_to_cash,
        opportunity_funnel,
        opportunity_stages,
        sales_progress,
        stage_mapping,
    )
    from keyaccount.funnel.refusal import Refusal
    from keyaccount.funnel.stages import Stage
    from keyaccount.groups import ByGroup
    from keyaccount.hierarchy import RollUp, WeightedMean, roll_up
    from keyaccount.ledger.purchase_summary import purchase_summary
    from keyaccount.ledger.rows import RowCounts
    from keyaccount.ledger.summary import PurchaseSummary
    from keyaccount.playbook import digest, dump, from_data, load, to_data
    from keyaccount.rowwise import Column, Columns, Fittable, RowWise
    from keyaccount.scoring.aggregation import Ideal
    from keyaccount.scoring.composite import CompositeScorer, SalesOnlyWarning
    from keyaccount.scoring.criterion import Criterion
    from keyaccount.scoring.evidence import (
        HeldOut,
        WinEvidence,
        WinProbabilities,
        held_out_evidence,
    )
    from keyaccount.scoring.genes import Gene, GeneCounts, GeneEntry, GeneMeasure, GenePrior
    from keyaccount.scoring.inference import (
        Bridge,
        Bridged,
        ExperienceInference,
        Gate,
        IndustryAnswers,
        Inferences,
        Question,
        experience_inference,
    )
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
    from keyaccount.segments.assignment import Assignment
    from keyaccount.segments.axis import Axis
    from keyaccount.segments.cascade import Cascade, cascade
    from keyaccount.segments.cascaded import Cascaded
    from keyaccount.segments.cell import Cell
    from keyaccount.segments.concentration import (
        Concentration,
        check_concessions,
        effort_and_value,
        pareto,
    )
    from keyaccount.segments.cost_to_serve import cost_to_serve
    from keyaccount.segments.loyalty import Loyalty, loyalty
    from keyaccount.segments.loyalty_profiles import LoyaltyProfiles
    from keyaccount.segments.matrix import Matrix
    from keyaccount.segments.migrated import Migration
    from keyaccount.segments.migration import migration
    from keyaccount.segments.ndf import ndf
    from keyaccount.segments.pcv import pcv
    from keyaccount.segments.rad import rad, rad_by_share
    from keyaccount.segments.relationship import relationship_levels
    from keyaccount.segments.rfm import (
        FixedCut,
        MeanCut,
        MedianCut,
        QuantileScores,
        Rfm,
        RfmCut,
        RfmMap,
        RfmResult,
        RfmSegment,
        RfmStep,
        eight_segments,
        rfm_map_5x5,
    )
    from keyaccount.stats.beta import BetaPrior
    from keyaccount.stats.calibration import Calibration, calibration
    from keyaccount.stats.gamma import GammaPrior
    from keyaccount.stats.reliability import ReliabilityTable
    from keyaccount.stats.shrinkage import shrink_event_rates, shrink_rates

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
        "TransitionRefused",
        "WeightsError",
    ),
    "findings": ("Finding",),
    "funnel.attainment": (
        "Attainment",
        "CommonShock",
        "MarginalContributions",
        "StillNeeded",
        "SumDistribution",
        "SumQuantile",
        "attainment",
        "marginal_contributions",
        "still_needed",
    ),
    "funnel.deal": (
        "Confirmation",
        "Deal",
    ),
    "funnel.events": (
        "Event",
        "event_log",
    ),
    "funnel.forecast": (
        "Categories",
        "Category",
        "Forecast",
        "ForecastDeals",
        "ForecastSums",
        "Pace",
        "SalesTarget",
        "TargetPhase",
        "forecast",
        "pace",
    ),
    "funnel.funnel": ("Funnel",),
    "funnel.key_actions": (
        "KeyAction",
        "KeyResult",
    ),
    "funnel.movement": ("Waterfall", "WaterfallBuckets", "waterfall"),
    "funnel.moves": (
        "Move",
        "any_move_forward",
        "step_by_step",
    ),
    "funnel.pipeline": (
        "Pipeline",
        "Standing",
        "Visits",
    ),
    "funnel.plan_consistency": (
        "PlanConsistency",
        "plan_consistency",
    ),
    "funnel.refusal": ("Refusal",),
    "funnel.conversion": (
        "ConversionAt",
        "ConversionTable",
        "ShrunkConversion",
        "StageConversion",
        "StallRule",
        "StalledDeals",
        "conversion_table",
        "stage_conversion",
        "stalled_deals",
    ),
    "funnel.presets": (
        "AppraisalShares",
        "Phase",
        "account_process",
        "customer_funnel",
        "customer_phases",
        "lead_to_cash",
        "opportunity_funnel",
        "opportunity_stages",
        "sales_progress",
        "stage_mapping",
    ),
    "funnel.stages": ("Stage",),
    "groups": ("ByGroup",),
    "hierarchy": ("RollUp", "WeightedMean", "roll_up"),
    "ledger.purchase_summary": ("purchase_summary",),
    "ledger.rows": ("RowCounts",),
    "ledger.summary": ("PurchaseSummary",),
    "playbook": ("digest", "dump", "from_data", "load", "to_data"),
    "rowwise": ("Column", "Columns", "Fittable", "RowWise"),
    "scoring.aggregation": ("Ideal",),
    "scoring.composite": ("CompositeScorer", "SalesOnlyWarning"),
    "scoring.criterion": ("Criterion",),
    "scoring.inference": (
        "Bridge",
        "Bridged",
        "ExperienceInference",
        "Gate",
        "IndustryAnswers",
        "Inferences",
        "Question",
        "experience_inference",
    ),
    "scoring.evidence": (
        "HeldOut",
        "WinEvidence",
        "WinProbabilities",
        "held_out_evidence",
    ),
    "scoring.genes": ("Gene", "GeneCounts", "GeneEntry", "GeneMeasure", "GenePrior"),
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
    "segments.assignment": ("Assignment",),
    "segments.axis": ("Axis",),
    "segments.cascade": ("Cascade", "cascade"),
    "segments.cascaded": ("Cascaded",),
    "segments.cell": ("Cell",),
    "segments.concentration": (
        "Concentration",
        "check_concessions",
        "effort_and_value",
        "pareto",
    ),
    "segments.cost_to_serve": ("cost_to_serve",),
    "segments.loyalty": ("Loyalty", "loyalty"),
    "segments.loyalty_profiles": ("LoyaltyProfiles",),
    "segments.matrix": ("Matrix",),
    "segments.migrated": ("Migration",),
    "segments.migration": ("migration",),
    "segments.ndf": ("ndf",),
    "segments.pcv": ("pcv",),
    "segments.rad": ("rad", "rad_by_share"),
    "segments.relationship": ("relationship_levels",),
    "segments.rfm": (
        "FixedCut",
        "MeanCut",
        "MedianCut",
        "QuantileScores",
        "Rfm",
        "RfmCut",
        "RfmMap",
        "RfmResult",
        "RfmSegment",
        "RfmStep",
        "eight_segments",
        "rfm_map_5x5",
    ),
    "stats.calibration": ("Calibration", "calibration"),
    "stats.reliability": ("ReliabilityTable",),
    "stats.beta": ("BetaPrior",),
    "stats.gamma": ("GammaPrior",),
    "stats.shrinkage": ("shrink_event_rates", "shrink_rates"),
}

_HOME = {name: f"keyaccount.{room}" for room, names in _ROOMS.items() for name in names}

__all__ = [
    "AhpWeights",
    "AllOf",
    "Anchor",
    "AnchoredScale",
    "AppraisalShares",
    "Assignment",
    "AtLeast",
    "Attainment",
    "Axis",
    "Bands",
    "BetaPrior",
    "Bridge",
    "Bridged",
    "ByGroup",
    "Calibration",
    "Capacity",
    "Cascade",
    "Cascaded",
    "Categories",
    "Category",
    "Cell",
    "Column",
    "ColumnError",
    "ColumnNotFoundError",
    "Columns",
    "CommonShock",
    "CompositeScorer",
    "Concentration",
    "Confirmation",
    "ConversionAt",
    "ConversionTable",
    "Criterion",
    "Cuts",
    "Deal",
    "DuplicateIdError",
    "Event",
    "ExperienceInference",
    "Finding",
    "Fittable",
    "FixedCut",
    "Forecast",
    "ForecastDeals",
    "ForecastSums",
    "Funnel",
    "GammaPrior",
    "Gate",
    "Gene",
    "GeneCounts",
    "GeneEntry",
    "GeneMeasure",
    "GenePrior",
    "GroupCut",
    "HeldOut",
    "HierarchyError",
    "Ideal",
    "IndustryAnswers",
    "Inferences",
    "IntakeError",
    "KeyAccountError",
    "KeyAction",
    "KeyResult",
    "Linear",
    "Log",
    "Logistic",
    "Loyalty",
    "LoyaltyProfiles",
    "MarginalContributions",
    "Matrix",
    "MeanCut",
    "MedianCut",
    "Migration",
    "MissingExtra",
    "Move",
    "NotEnoughDataError",
    "NotFittedError",
    "ObservedRange",
    "Override",
    "Pace",
    "Percentile",
    "Phase",
    "PiecewiseLinear",
    "Pipeline",
    "PlanConsistency",
    "PurchaseSummary",
    "QuantileScores",
    "Question",
    "Quota",
    "RatingSummary",
    "Ratio",
    "Reason",
    "Record",
    "Refusal",
    "ReliabilityTable",
    "Rfm",
    "RfmCut",
    "RfmMap",
    "RfmResult",
    "RfmSegment",
    "RfmStep",
    "RollUp",
    "RowCounts",
    "RowError",
    "RowWise",
    "Rule",
    "SalesOnlyWarning",
    "SalesTarget",
    "Scores",
    "Selection",
    "SelectionError",
    "SelectionPolicy",
    "Sensitivity",
    "SerialisationError",
    "ShrunkConversion",
    "SpecError",
    "Stability",
    "Stage",
    "StageConversion",
    "StallRule",
    "StalledDeals",
    "Standing",
    "States",
    "StillNeeded",
    "SumDistribution",
    "SumQuantile",
    "SyntheticBook",
    "TargetPhase",
    "TopCount",
    "TopShare",
    "TransitionRefused",
    "ValueFunction",
    "Visits",
    "Waterfall",
    "WaterfallBuckets",
    "WeightedMean",
    "Weights",
    "WeightsError",
    "WinEvidence",
    "WinProbabilities",
    "__version__",
    "account_process",
    "ahp_weights",
    "any_move_forward",
    "attainment",
    "calibration",
    "cascade",
    "check_concessions",
    "conversion_table",
    "cost_to_serve",
    "critic_weights",
    "customer_funnel",
    "customer_phases",
    "digest",
    "dump",
    "effort_and_value",
    "eight_segments",
    "entropy_weights",
    "equal_weights",
    "event_log",
    "experience_inference",
    "forecast",
    "from_data",
    "held_out_evidence",
    "lead_to_cash",
    "load",
    "loyalty",
    "marginal_contributions",
    "market_weights",
    "migration",
    "ndf",
    "opportunity_funnel",
    "opportunity_stages",
    "pace",
    "pareto",
    "pcv",
    "plan_consistency",
    "purchase_summary",
    "rad",
    "rad_by_share",
    "rank_order_centroid_weights",
    "rank_reciprocal_weights",
    "rank_sum_weights",
    "relationship_levels",
    "rfm_map_5x5",
    "roll_up",
    "sales_progress",
    "select",
    "sensitivity",
    "showcase_scale",
    "shrink_event_rates",
    "shrink_rates",
    "stability",
    "stage_conversion",
    "stage_mapping",
    "stalled_deals",
    "step_by_step",
    "still_needed",
    "synthetic_book",
    "to_data",
    "waterfall",
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
