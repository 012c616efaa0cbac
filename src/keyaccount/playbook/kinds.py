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
    "account_plan": ("program.plan.account_plan", "AccountPlan"),
    "ahp_weights": ("scoring.weights.ahp", "AhpWeights"),
    "all_of": ("scoring.selection.rules", "AllOf"),
    "anchor": ("scoring.judgement.anchored_scale", "Anchor"),
    "anchored_scale": ("scoring.judgement.anchored_scale", "AnchoredScale"),
    "appraisal_shares": ("funnel.presets.appraisal", "AppraisalShares"),
    "at_least": ("scoring.selection.rules", "AtLeast"),
    "axis": ("segments.axis", "Axis"),
    "bands": ("scoring.values.band_values", "Bands"),
    "beta_geometric_nbd": ("lifecycle.buying.beta_geometric", "BetaGeometricNBD"),
    "beta_prior": ("stats.beta", "BetaPrior"),
    "bridge": ("scoring.inference.bridge", "Bridge"),
    "budget_regression": ("lifecycle.wallet.regression", "BudgetRegression"),
    "buying_fit": ("lifecycle.buying.facts", "BuyingFit"),
    "by_group": ("groups", "ByGroup"),
    "capacity": ("scoring.selection.rules", "Capacity"),
    "cascade": ("segments.cascade", "Cascade"),
    "categories": ("funnel.forecast.category", "Categories"),
    "category": ("funnel.forecast.category", "Category"),
    "cell": ("segments.cell", "Cell"),
    "chain_test": ("lifecycle.chain.chain_test", "ChainTest"),
    "check_item": ("program.symptoms.check_item", "CheckItem"),
    "common_shock": ("funnel.attainment.shock", "CommonShock"),
    "composite_scorer": ("scoring.composite", "CompositeScorer"),
    "coverage_role": ("program.coverage.role", "CoverageRole"),
    "criterion": ("scoring.criterion", "Criterion"),
    "cuts": ("bands", "Cuts"),
    "experience_inference": ("scoring.inference.experience", "ExperienceInference"),
    "fitted_on": ("playbook.fitted_on", "FittedOn"),
    "fixed_cut": ("segments.rfm.fixed_cut", "FixedCut"),
    "funnel": ("funnel.funnel", "Funnel"),
    "gamma_gamma": ("lifecycle.buying.gamma_gamma", "GammaGamma"),
    "gamma_prior": ("stats.gamma", "GammaPrior"),
    "gate": ("scoring.inference.gate", "Gate"),
    "gene": ("scoring.genes.gene", "Gene"),
    "gene_counts": ("scoring.genes.entry", "GeneCounts"),
    "gene_entry": ("scoring.genes.entry", "GeneEntry"),
    "gene_measure": ("scoring.genes.entry", "GeneMeasure"),
    "gene_prior": ("scoring.genes.entry", "GenePrior"),
    "ideal": ("scoring.aggregation.topsis", "Ideal"),
    "industry_answers": ("scoring.inference.industry", "IndustryAnswers"),
    "information_field": ("program.information.field", "InformationField"),
    "information_map": ("program.information.map", "InformationMap"),
    "initiative": ("program.plan.initiative", "Initiative"),
    "key_action": ("funnel.key_actions", "KeyAction"),
    "key_result": ("funnel.key_actions", "KeyResult"),
    "label_counts": ("scoring.evidence.counts", "LabelCounts"),
    "lifecycle_model": ("lifecycle.model", "LifecycleModel"),
    "linear": ("scoring.values.linear", "Linear"),
    "log": ("scoring.values.log", "Log"),
    "logistic": ("scoring.values.logistic", "Logistic"),
    "loyalty": ("segments.loyalty", "Loyalty"),
    "matrix": ("segments.matrix", "Matrix"),
    "mean_cut": ("segments.rfm.mean_cut", "MeanCut"),
    "median_cut": ("segments.rfm.median_cut", "MedianCut"),
    "modified_beta_geometric_nbd": ("lifecycle.buying.modified", "ModifiedBetaGeometricNBD"),
    "move": ("funnel.moves", "Move"),
    "observed_range": ("scoring.values.observed", "ObservedRange"),
    "override": ("scoring.selection.override", "Override"),
    "pareto_nbd": ("lifecycle.buying.pareto_nbd", "ParetoNBD"),
    "percentile": ("scoring.values.percentile", "Percentile"),
    "phase": ("funnel.presets.phases", "Phase"),
    "piecewise_linear": ("scoring.values.piecewise", "PiecewiseLinear"),
    "plan_goal": ("program.plan.goal", "PlanGoal"),
    "plan_template": ("program.plan.template", "PlanTemplate"),
    "playbook": ("playbook.playbook", "Playbook"),
    "position_level": ("program.positioning.level", "PositionLevel"),
    "program_rules": ("program.rules", "ProgramRules"),
    "programme_element": ("program.element", "ProgrammeElement"),
    "quantile_scores": ("segments.rfm.quantile_scores", "QuantileScores"),
    "question": ("scoring.inference.question", "Question"),
    "ratio": ("scoring.values.ratio", "Ratio"),
    "review_check": ("evaluation.check", "ReviewCheck"),
    "review_rules": ("evaluation.rules", "ReviewRules"),
    "review_sign": ("evaluation.sign", "ReviewSign"),
    "rfm": ("segments.rfm.rfm", "Rfm"),
    "rfm_counts": ("segments.rfm.counts", "RfmCounts"),
    "rfm_map": ("segments.rfm.segment_map", "RfmMap"),
    "rfm_segment": ("segments.rfm.segment_map", "RfmSegment"),
    "rhythm": ("program.rhythm", "Rhythm"),
    "sales_target": ("funnel.forecast.target", "SalesTarget"),
    "score_cut": ("scoring.selection.cut", "ScoreCut"),
    "selection_policy": ("scoring.selection.select", "SelectionPolicy"),
    "stage": ("funnel.stages", "Stage"),
    "stage_chain": ("lifecycle.chain.chain", "StageChain"),
    "stall_rule": ("funnel.conversion.stall_rule", "StallRule"),
    "states": ("bands", "States"),
    "strategic_rule": ("program.positioning.rule", "StrategicRule"),
    "target_phase": ("funnel.forecast.target", "TargetPhase"),
    "term": ("program.term", "Term"),
    "top_count": ("scoring.selection.rules", "TopCount"),
    "top_share": ("scoring.selection.rules", "TopShare"),
    "weighted_mean": ("hierarchy.how", "WeightedMean"),
    "weights": ("scoring.weights.weights", "Weights"),
    "win_counts": ("scoring.evidence.counts", "WinCounts"),
    "win_evidence": ("scoring.evidence.win_evidence", "WinEvidence"),
}
"""Kind to the module, below the package, and the name of the class."""

FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    "lifecycle.buying.model.BuyingModel": (
        "beta_geometric_nbd",
        "modified_beta_geometric_nbd",
        "pareto_nbd",
    ),
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
    "segments.rfm.cut_rule.RfmCut": (
        "fixed_cut",
        "mean_cut",
        "median_cut",
        "quantile_scores",
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
