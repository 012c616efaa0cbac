"""Written and read back, every spec is equal, to the byte in files; one digest, one spec."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.playbook.kinds import FAMILIES, KINDS, spec_class
from keyaccount.scoring.composite import Aggregate
from keyaccount.scoring.evidence import LabelCounts, WinCounts
from keyaccount.scoring.judgement import Anchor
from keyaccount.testing import (
    axes,
    budget_regressions,
    buying_models,
    chain_tests,
    common_shocks,
    forecast_categories,
    funnels,
    inferences,
    information_maps,
    lifecycle_models,
    matrices,
    playbooks,
    program_rules,
    review_rules,
    review_signs,
    rfm_maps,
    rfms,
    sales_targets,
    spend_models,
    stage_chains,
    win_evidence,
)

Specs = st.SearchStrategy[Any]

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
ROUGH = st.floats(-1e6, 1e6) | st.integers(-1_000, 1_000)
POSITIVE = st.floats(1e-6, 1e9)
SHARES = st.floats(0, 1)
COUNTS = st.integers(0, 10**6)
ANY_TEXT = st.text(max_size=8)
WORDS = ANY_TEXT.filter(str.strip)
FLAGS = st.booleans()


def valid(make: Callable[..., Any], *args: Specs, **options: Specs) -> Specs:
    """Build a spec, and leave out the combinations that it refuses."""

    def build(given: tuple[Any, ...], named: dict[str, Any]) -> Any:
        try:
            return make(*given, **named)
        except ka.SpecError:
            return reject()

    return st.builds(build, st.tuples(*args), st.fixed_dictionaries(options))


def or_none(strategy: Specs) -> Specs:
    """None, or something."""
    return st.none() | strategy


def grouped(constants: Specs) -> Specs:
    """One constant, or one per group with a pool."""
    groups = st.dictionaries(WORDS, constants, max_size=3)
    return constants | st.builds(lambda g, p: ka.ByGroup(g, pool=p), groups, constants)


@st.composite
def rising_points(draw: st.DrawFn) -> list[tuple[float, float]]:
    """Knots."""
    xs = sorted(draw(st.sets(st.floats(-1e9, 1e9), min_size=1, max_size=5)))
    return [(x, draw(SHARES)) for x in xs]


@st.composite
def bands(draw: st.DrawFn) -> ka.Bands:
    """Cuts, and one worth more than there are of them."""
    cuts = sorted(draw(st.sets(ROUGH.map(float), max_size=4)))
    worths = st.lists(SHARES, min_size=len(cuts) + 1, max_size=len(cuts) + 1)
    return ka.Bands(cuts, draw(worths))


@st.composite
def weights(draw: st.DrawFn, names: list[str] | None = None) -> ka.Weights:
    """Weights of the names given, or of any."""
    wanted = names or draw(st.lists(WORDS, min_size=1, max_size=5, unique=True))
    parts = [draw(st.integers(1, 99)) for _ in wanted]
    return ka.Weights.normalised(zip(wanted, parts, strict=True))


@st.composite
def scales(draw: st.DrawFn) -> ka.AnchoredScale:
    """Scales with anchors inside."""
    low, high = sorted(draw(st.sets(st.integers(-9, 9), min_size=2, max_size=2)))
    at = sorted(draw(st.sets(st.floats(low, high), max_size=3)))
    anchors = [Anchor(a, draw(WORDS), draw(ANY_TEXT)) for a in at]
    return ka.AnchoredScale(low, high, anchors=anchors, name=draw(ANY_TEXT))


IDEALS = valid(ka.Ideal, NUMBERS, NUMBERS)
VALUE_FUNCTIONS: dict[str, Specs] = {
    "bands": bands(),
    "linear": valid(ka.Linear, ROUGH, ROUGH),
    "log": valid(ka.Log, POSITIVE, POSITIVE),
    "logistic": valid(ka.Logistic, NUMBERS, NUMBERS),
    "observed_range": valid(ka.ObservedRange, SHARES, SHARES, falling=FLAGS)
    | valid(ka.ObservedRange, low=st.floats(-9, 0), high=st.floats(0, 9)),
    "percentile": valid(
        ka.Percentile, parts=st.integers(1, 200), knots=or_none(rising_points()), falling=FLAGS
    ),
    "piecewise_linear": valid(ka.PiecewiseLinear, rising_points()),
    "ratio": valid(
        ka.Ratio,
        to=st.sampled_from(["max", "min", "sum", "norm"]),
        falling=FLAGS,
        reference=or_none(POSITIVE),
    ),
}
VALUES = grouped(st.one_of(*VALUE_FUNCTIONS.values()))
LEAF_RULES: dict[str, Specs] = {
    "at_least": valid(ka.AtLeast, grouped(NUMBERS)),
    "capacity": valid(ka.Capacity, owners=grouped(POSITIVE), accounts_per_owner=grouped(POSITIVE)),
    "top_count": valid(ka.TopCount, grouped(COUNTS)),
    "top_share": valid(
        ka.TopShare, grouped(SHARES), rounding=st.sampled_from(["nearest", "floor", "ceil"])
    ),
}
RULES = st.recursive(
    st.one_of(*LEAF_RULES.values()),
    lambda inner: st.lists(inner, min_size=1, max_size=3).map(ka.AllOf),
    max_leaves=5,
)


def criteria(names: Specs = WORDS) -> Specs:
    """Criteria of every policy, learned or not, by group or not."""
    return valid(
        ka.Criterion,
        names,
        column=or_none(WORDS),
        value=VALUES,
        missing=st.sampled_from(["worst", "neutral", "reweight", "reject"]),
        neutral=or_none(grouped(SHARES)),
    )


@st.composite
def scorers(draw: st.DrawFn) -> ka.CompositeScorer:
    """Scorers whose weights are declared in any order."""
    names = draw(
        st.lists(WORDS.filter(lambda n: n != "sales"), min_size=1, max_size=4, unique=True)
    )
    judged = [draw(criteria(st.just(name))) for name in names]
    aggregate: Aggregate = draw(st.sampled_from(["sum", "product", "topsis"]))
    ideals = [draw(grouped(IDEALS)) for _ in names] if aggregate == "topsis" else None
    return ka.CompositeScorer(
        criteria=judged,
        weights=draw(weights(draw(st.permutations(names)))),
        group=draw(WORDS),
        min_group=draw(COUNTS),
        aggregate=aggregate,
        ideals=draw(st.sampled_from([ideals, None])),
    )


SUBJECTS = st.sampled_from(["industry", "customer"])
QUESTIONS = valid(
    ka.Question,
    WORDS,
    WORDS,
    text_zh=ANY_TEXT,
    weight=POSITIVE,
    levels=st.lists(WORDS, max_size=3, unique=True),
    about=SUBJECTS,
) | valid(ka.Question, WORDS, WORDS, scale=st.just("yes_no"), column=WORDS)
GATES = valid(
    ka.Gate,
    WORDS,
    st.lists(QUESTIONS, min_size=1, max_size=2),
    name=ANY_TEXT,
    name_zh=ANY_TEXT,
    pass_mark=SHARES,
    rule=st.sampled_from(["weighted_mean", "all"]),
)

NAMED_AXES = valid(
    ka.Axis,
    WORDS,
    WORDS,
    bands=st.tuples(WORDS, WORDS),
    codes=st.tuples(WORDS, WORDS),
    names_zh=st.just(()) | st.tuples(WORDS, WORDS),
    aliases=st.just({}) | st.builds(dict),
    name_zh=ANY_TEXT,
)

THRESHOLDS = {m: or_none(grouped(NUMBERS)) for m in ("recency", "frequency", "monetary")}
RFM_CUTS: dict[str, Specs] = {
    "fixed_cut": valid(ka.FixedCut, **dict.fromkeys(THRESHOLDS, grouped(NUMBERS))),
    "mean_cut": valid(ka.MeanCut, **THRESHOLDS),
    "median_cut": valid(ka.MedianCut, **THRESHOLDS),
    "quantile_scores": valid(ka.QuantileScores, st.integers(2, 9), high=st.integers(2, 9))
    | valid(
        ka.QuantileScores,
        st.just(3),
        recency=or_none(grouped(st.just((90, 30)))),
        frequency=or_none(grouped(st.tuples(st.integers(0, 3), st.floats(3, 9)))),
    ),
}

LEVEL_COUNTS = st.lists(COUNTS, max_size=3)


def fitted_rfm(by_group: bool) -> ka.Rfm:
    """A spec that carries what it learned and what it saw."""
    book = {"days_since": [1, 9], "count": [1, 1], "total": [0.1, 2], "kind": ["a", None]}
    spec = ka.Rfm(cuts=ka.MeanCut(), group="kind" if by_group else None, min_group=1)
    return spec.fit(book)


PAIRS_OF_COUNTS = st.tuples(COUNTS, COUNTS)
LABEL_COUNTS = valid(LabelCounts, WORDS, st.dictionaries(WORDS, PAIRS_OF_COUNTS, max_size=3))
WIN_COUNTS = valid(WinCounts, COUNTS, COUNTS, fields=st.lists(LABEL_COUNTS, max_size=2))

PROBABILITIES = st.floats(0.01, 0.99)
GENE_MEASURES = valid(
    ka.GeneMeasure,
    raw=NUMBERS,
    shrunk=NUMBERS,
    low=NUMBERS,
    high=NUMBERS,
    lift=or_none(NUMBERS),
    above=or_none(SHARES),
)
GENE_PRIORS = valid(
    ka.GenePrior, NUMBERS, POSITIVE, at_bound=or_none(st.sampled_from(["low", "high"]))
)
GENE_ENTRIES = valid(
    ka.GeneEntry,
    label=WORDS,
    deals=st.integers(10, 99),
    large_deals=st.integers(0, 10),
    accounts=or_none(COUNTS),
    many=GENE_MEASURES,
    share=GENE_MEASURES,
    size=or_none(GENE_MEASURES),
    recurrence=or_none(GENE_MEASURES),
    per_year=or_none(GENE_MEASURES),
    per_account_year=or_none(GENE_MEASURES),
)
GENE_COUNTS = valid(
    ka.GeneCounts,
    **dict.fromkeys(
        ("rows", "no_label", "no_amount", "infinite", "negative", "zero", "no_date", "no_account"),
        COUNTS,
    ),
)
GENES = valid(
    ka.Gene,
    WORDS,
    st.lists(GENE_ENTRIES, max_size=3, unique_by=lambda e: e.label),
    large=POSITIVE,
    many=GENE_PRIORS,
    share=GENE_PRIORS,
    size=or_none(GENE_PRIORS),
    recurrence=or_none(GENE_PRIORS),
    per_year=or_none(GENE_PRIORS),
    per_account_year=or_none(GENE_PRIORS),
    years=or_none(POSITIVE),
    min_years=SHARES,
    stretches=or_none(COUNTS),
    level=PROBABILITIES,
    min_deals=COUNTS,
    sure=st.floats(0.5, 0.99),
    codes=st.lists(WORDS, min_size=3, max_size=3, unique=True),
    counts=GENE_COUNTS,
)
TERMS = valid(ka.Term, WORDS, WORDS, name_zh=ANY_TEXT)
SEVERAL_TEXTS = st.lists(WORDS, max_size=3)
PLAN_GOALS = valid(ka.PlanGoal, WORDS, WORDS, target=or_none(NUMBERS), unit=ANY_TEXT)
INITIATIVES = valid(
    ka.Initiative,
    WORDS,
    WORDS,
    goal=ANY_TEXT,
    owner=ANY_TEXT,
    due=or_none(st.dates()),
    done=FLAGS,
    strategic=FLAGS,
    resources=or_none(st.floats(0, 1e9)),
)
INFORMATION_FIELDS = valid(
    ka.InformationField,
    WORDS,
    WORDS,
    name_zh=ANY_TEXT,
    branch=ANY_TEXT,
    weight=st.floats(0, 1e6),
    max_age_days=or_none(POSITIVE),
    ask=SEVERAL_TEXTS,
)
PROGRAMME: dict[str, Specs] = {
    "account_plan": valid(
        ka.AccountPlan,
        WORDS,
        goals=st.lists(PLAN_GOALS, max_size=2),
        initiatives=st.lists(
            valid(ka.Initiative, WORDS, WORDS, due=or_none(st.dates())), max_size=2
        ),
        resources=or_none(st.floats(0, 1e9)),
        expected_return=or_none(NUMBERS),
        concession=or_none(SHARES),
    ),
    "check_item": valid(
        ka.CheckItem, WORDS, WORDS, name_zh=ANY_TEXT, question=ANY_TEXT, question_zh=ANY_TEXT
    ),
    "coverage_role": valid(
        ka.CoverageRole,
        WORDS,
        WORDS,
        name_zh=ANY_TEXT,
        duties=SEVERAL_TEXTS,
        duties_zh=SEVERAL_TEXTS,
        parts=SEVERAL_TEXTS,
        parts_zh=SEVERAL_TEXTS,
    ),
    "information_field": INFORMATION_FIELDS,
    "information_map": information_maps(),
    "initiative": INITIATIVES,
    "plan_goal": PLAN_GOALS,
    "plan_template": valid(
        ka.PlanTemplate,
        ANY_TEXT,
        needs=st.lists(st.sampled_from(["goals", "owners", "resources"]), unique=True),
        min_goals=or_none(COUNTS),
        min_initiatives=or_none(COUNTS),
        min_return=or_none(st.floats(0, 1e6)),
        concession_limit=or_none(SHARES),
    ),
    "position_level": valid(
        ka.PositionLevel, WORDS, WORDS, name_zh=ANY_TEXT, meaning=ANY_TEXT, evidence=SEVERAL_TEXTS
    ),
    "programme_element": valid(
        ka.ProgrammeElement,
        WORDS,
        WORDS,
        name_zh=ANY_TEXT,
        parts=st.lists(TERMS, max_size=3),
    ),
    "rhythm": valid(ka.Rhythm, POSITIVE, tier=ANY_TEXT, role=ANY_TEXT, channel=ANY_TEXT),
    "strategic_rule": valid(
        ka.StrategicRule,
        all_of=st.lists(WORDS, max_size=3, unique=True),
        from_level=or_none(WORDS),
    ),
    "term": TERMS,
}
DIGESTS = st.text("0123456789abcdef", min_size=64, max_size=64)
FITTED_ON = valid(
    ka.FittedOn,
    rows=COUNTS,
    columns=st.lists(WORDS, max_size=3, unique=True),
    as_of=or_none(st.dates()),
    data=or_none(DIGESTS),
    day=or_none(st.dates()),
    part=or_none(DIGESTS),
)
RULES_OF_PROGRAMME = program_rules() | st.builds(
    lambda rules, terms: attrs.evolve(
        rules, tasks=terms, channels=terms, buyer_roles=terms, symptoms=[], information=None
    ),
    program_rules(),
    st.lists(
        st.sampled_from(
            [ka.Term("a", "Alpha"), ka.Term("b", "Beta", name_zh="乙"), ka.Term("丙", "C")]
        ),
        min_size=1,
        max_size=2,
        unique=True,
    ),
)


@st.composite
def recorded_playbooks(draw: st.DrawFn) -> ka.Playbook:
    """Playbooks with a record of what parts were learned from."""
    book = draw(playbooks(fitted=False))
    learned = sorted(n for n, p in book.parts.items() if getattr(p, "is_fitted", False))
    names = draw(st.sets(st.sampled_from(learned))) if learned else ()
    book = attrs.evolve(book, fitted_on={name: draw(FITTED_ON) for name in sorted(names)})
    shares = st.lists(st.tuples(WORDS, WORDS, SHARES), max_size=2)
    appraisal = draw(or_none(valid(ka.AppraisalShares, shares)))
    genes = draw(st.dictionaries(WORDS, GENES, max_size=1))
    return attrs.evolve(book, genes=genes, appraisal=appraisal)


STRATEGIES: dict[str, Specs] = {
    **PROGRAMME,
    **VALUE_FUNCTIONS,
    **LEAF_RULES,
    **RFM_CUTS,
    "ahp_weights": valid(
        ka.AhpWeights,
        weights(),
        lambda_max=POSITIVE,
        consistency_index=POSITIVE,
        consistency_ratio=POSITIVE,
        random_index=WORDS,
    ),
    "all_of": st.lists(RULES, min_size=1, max_size=3).map(ka.AllOf),
    "anchor": valid(Anchor, NUMBERS, WORDS, ANY_TEXT),
    "anchored_scale": scales(),
    "appraisal_shares": valid(
        ka.AppraisalShares, st.lists(st.tuples(WORDS, WORDS, SHARES), max_size=3)
    ),
    "axis": axes(group=True) | NAMED_AXES,
    "beta_prior": valid(ka.BetaPrior, st.floats(1e-9, 0.999), POSITIVE),
    "beta_geometric_nbd": buying_models(ka.BetaGeometricNBD, fitted=True),
    "modified_beta_geometric_nbd": buying_models(ka.ModifiedBetaGeometricNBD, fitted=True),
    "pareto_nbd": buying_models(ka.ParetoNBD, fitted=True),
    "gamma_gamma": spend_models(fitted=True),
    "buying_fit": spend_models(fitted=True).map(lambda s: s.facts).filter(bool),
    "bridge": valid(
        ka.Bridge,
        inferences(industries=True),
        scorers(),
        at=SHARES,
        full=st.just(1),
        min_accounts=COUNTS,
        scale=or_none(rising_points().map(ka.PiecewiseLinear)),
        learned_from=or_none(COUNTS),
    ),
    "by_group": st.builds(
        lambda groups, pool: ka.ByGroup(groups, pool=pool),
        st.dictionaries(WORDS, NUMBERS | COUNTS | ANY_TEXT | VALUES, max_size=3),
        or_none(NUMBERS | COUNTS | RULES),
    ),
    "budget_regression": budget_regressions(),
    "chain_test": chain_tests(),
    "lifecycle_model": lifecycle_models(group="industry") | lifecycle_models(fitted=False),
    "stage_chain": stage_chains()
    | st.builds(
        lambda chain, test, spacing: attrs.evolve(chain, order=test, spacing=spacing, gaps=2),
        stage_chains(),
        chain_tests(),
        st.none() | st.just((28, 31)),
    ),
    "cascade": valid(ka.Cascade, rad=matrices(), ndf=matrices(name="own", group="industry")),
    "categories": forecast_categories(),
    "category": valid(
        ka.Category,
        WORDS,
        SHARES,
        name=ANY_TEXT,
        name_zh=ANY_TEXT,
        also=st.lists(WORDS, unique=True, max_size=2),
    ),
    "cell": valid(
        ka.Cell,
        WORDS,
        ANY_TEXT,
        name_zh=ANY_TEXT,
        treatment=or_none(WORDS),
        treatment_zh=or_none(WORDS),
    ),
    "common_shock": common_shocks(),
    "composite_scorer": scorers(),
    "criterion": criteria(),
    "cuts": st.sets(ROUGH.map(float), max_size=5).map(sorted).map(ka.Cuts),
    "experience_inference": inferences(industries=True),
    "fitted_on": FITTED_ON,
    "funnel": funnels(),
    "gate": GATES,
    "ideal": IDEALS,
    "industry_answers": valid(
        ka.IndustryAnswers, WORDS, st.dictionaries(WORDS, SHARES, max_size=3)
    ),
    "loyalty": valid(ka.Loyalty, matrices(min_bands=2)),
    "matrix": matrices(group="industry")
    | valid(
        ka.Matrix, WORDS, axes=st.tuples(NAMED_AXES), prefix=WORDS, name_zh=ANY_TEXT, used_by=WORDS
    ),
    "label_counts": LABEL_COUNTS,
    "gamma_prior": valid(ka.GammaPrior, POSITIVE, POSITIVE),
    "gene": GENES,
    "gene_counts": GENE_COUNTS,
    "gene_entry": GENE_ENTRIES,
    "gene_measure": GENE_MEASURES,
    "gene_prior": GENE_PRIORS,
    "override": valid(
        ka.Override,
        WORDS,
        include=FLAGS,
        reason=WORDS,
        approved_by=WORDS,
        approved_on=or_none(st.dates()),
        expires=or_none(st.dates()),
    ),
    "phase": valid(
        ka.Phase,
        WORDS,
        st.lists(WORDS, max_size=3, unique=True),
        name=ANY_TEXT,
        name_zh=ANY_TEXT,
    ),
    "key_action": valid(
        ka.KeyAction,
        WORDS,
        WORDS,
        name_zh=ANY_TEXT,
        required=FLAGS,
        roles=st.lists(WORDS, max_size=2, unique=True),
    ),
    "key_result": valid(ka.KeyResult, WORDS, WORDS, name_zh=ANY_TEXT),
    "move": valid(ka.Move, WORDS, WORDS),
    "playbook": recorded_playbooks(),
    "program_rules": RULES_OF_PROGRAMME,
    "question": QUESTIONS,
    "review_check": valid(
        ka.ReviewCheck,
        WORDS,
        about=st.sampled_from(["coverage", "plan", "tasks", "get_in", "grow", "retain"]),
        signs=st.lists(review_signs(), min_size=1, max_size=2),
        name=WORDS,
        name_zh=ANY_TEXT,
    ),
    "review_rules": review_rules() | st.builds(ka.ReviewRules),
    "review_sign": review_signs()
    | valid(ka.ReviewSign, WORDS, at_least=or_none(NUMBERS), below=or_none(NUMBERS)),
    "rfm": rfms(group="industry") | rfms(fitted=False) | st.builds(fitted_rfm, st.booleans()),
    "rfm_counts": valid(
        ka.RfmCounts,
        **dict.fromkeys(THRESHOLDS, grouped(LEVEL_COUNTS)),
        segments=LEVEL_COUNTS,
    ),
    "rfm_map": rfm_maps() | rfm_maps(symbols="1234"),
    "rfm_segment": valid(
        ka.RfmSegment,
        WORDS,
        st.lists(st.sampled_from(["HL", "LL", "[1-3]5", "2"]), max_size=3),
        name=ANY_TEXT,
        name_zh=ANY_TEXT,
        treatment=or_none(WORDS),
        treatment_zh=or_none(WORDS),
    ),
    "sales_target": sales_targets(),
    "score_cut": st.one_of(
        valid(ka.ScoreCut, rule=RULES, at=or_none(ROUGH)),
        valid(
            ka.ScoreCut,
            rule=RULES,
            within=WORDS,
            ties=st.sampled_from(["include_all", "exclude_all"]),
            at=or_none(grouped(ROUGH)),
        ),
    ),
    "selection_policy": valid(
        ka.SelectionPolicy,
        RULES,
        ties=st.sampled_from(["include_all", "exclude_all", "by_id"]),
        hold=SHARES,
        min_tenure_days=COUNTS,
        max_changes=or_none(COUNTS),
        margin=SHARES,
    ),
    "stage": valid(
        ka.Stage,
        WORDS,
        WORDS,
        letter=ANY_TEXT,
        name_zh=ANY_TEXT,
        win_probability=or_none(SHARES),
        planned_conversion=or_none(SHARES),
        planned_days=or_none(COUNTS),
        participants=or_none(st.lists(WORDS, max_size=3)),
        outcome=st.sampled_from(["open", "won", "lost"]),
    ),
    "stall_rule": valid(
        ka.StallRule,
        tests=st.lists(
            st.sampled_from(["over_plan", "outlasted", "slow_ahead", "missing_actions"]),
            unique=True,
        ),
        over_plan=POSITIVE,
        outlasted=SHARES,
        slow_ahead=POSITIVE,
        remaining=st.floats(0.01, 0.99),
        missing_actions=COUNTS,
    ),
    "states": st.lists(WORDS, unique=True, max_size=4).map(ka.States),
    "target_phase": valid(
        ka.TargetPhase, WORDS, start=st.dates(), end=st.dates(), share=or_none(SHARES)
    ),
    "weighted_mean": WORDS.map(ka.WeightedMean),
    "weights": weights(),
    "win_counts": WIN_COUNTS,
    "win_evidence": win_evidence()
    | valid(
        ka.WinEvidence,
        fields=st.just(("amount", "sector")),
        bands=st.just({}) | st.just({"amount": (1, 2)}),
        smoothing=POSITIVE,
        team=or_none(WORDS),
        min_team=COUNTS,
        team_strength=POSITIVE,
        before=or_none(st.dates()),
    ),
}
ANY_SPEC = st.one_of(*STRATEGIES.values())


def bytes_of(spec: Any, suffix: str) -> tuple[bytes, Any]:
    """Dump a spec, and load what was dumped."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"spec{suffix}"
        ka.dump(spec, path)
        return path.read_bytes(), ka.load(path, type(spec))


def shuffled(data: Any, rng: random.Random) -> Any:
    """Put the keys of each spec in any order; names and groups keep theirs."""
    if isinstance(data, list):
        return [shuffled(item, rng) for item in data]
    if not isinstance(data, dict):
        return data
    keys = list(data)
    if "kind" in data:
        rng.shuffle(keys)
    return {key: shuffled(data[key], rng) for key in keys}


def test_every_kind_is_tried_here() -> None:
    """A kind without a strategy would go untested."""
    assert set(STRATEGIES) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_data_reads_back_equal_and_is_plain_json(kind: str, data: st.DataObject) -> None:
    """`from_data(to_data(x)) == x`, and through JSON text as well."""
    spec = data.draw(STRATEGIES[kind])
    written = ka.to_data(spec)
    assert written["kind"] == kind
    assert next(iter(written)) == "kind"
    assert ka.from_data(written) == spec
    assert ka.from_data(json.loads(json.dumps(written, allow_nan=False)), kind) == spec
    again = ka.from_data({k: v for k, v in written.items() if k != "kind"}, spec_class(kind))
    assert again == spec
    assert type(again) is type(spec)
    assert hash(again) == hash(spec)


@pytest.mark.parametrize("suffix", [".toml", ".json"])
@given(spec=ANY_SPEC)
def test_files_read_back_equal_with_the_same_bytes(suffix: str, spec: Any) -> None:
    """What is dumped and loaded is equal and dumps to the same bytes."""
    content, loaded = bytes_of(spec, suffix)
    assert loaded == spec
    assert bytes_of(loaded, suffix)[0] == content
    assert ka.digest(loaded) == ka.digest(spec)


@given(data=st.data())
def test_specs_have_one_digest_exactly_when_they_are_equal(data: st.DataObject) -> None:
    """Equal specs share a digest, different ones of the same kind do not."""
    strategy = data.draw(st.sampled_from(list(STRATEGIES.values())))
    a, b = data.draw(strategy), data.draw(strategy)
    assert (ka.digest(a) == ka.digest(b)) == (a == b)


@given(spec=ANY_SPEC, seed=st.integers())
def test_the_order_of_keys_in_a_file_does_not_matter(spec: Any, seed: int) -> None:
    """A hand may write the fields of a spec in any order."""
    read = ka.from_data(shuffled(ka.to_data(spec), random.Random(seed)))  # noqa: S311 - a shuffle
    assert read == spec
    assert ka.digest(read) == ka.digest(spec)


@given(spec=weights())
def test_the_order_of_weights_counts_as_it_does_for_equality(spec: ka.Weights) -> None:
    """Weights in another order are other weights, in data, in files and in the digest."""
    assume(len(spec) > 1)
    turned = ka.Weights(reversed(spec.pairs))
    assert turned != spec
    assert ka.digest(turned) != ka.digest(spec)
    assert list(ka.from_data(ka.to_data(turned))) == list(turned)


@given(spec=scorers())
def test_a_part_of_the_data_is_the_data_of_the_part(spec: ka.CompositeScorer) -> None:
    """A criterion cut out of a stored scorer can be read on its own."""
    parts = ka.to_data(spec)["criteria"]
    assert parts == [ka.to_data(c) for c in spec.criteria]
    assert tuple(ka.from_data(p) for p in parts) == spec.criteria


def test_a_fitted_scorer_scores_the_same_after_a_round_trip(tmp_path: Path) -> None:
    """Stored constants keep this quarter's scores to the last bit."""
    rng = np.random.default_rng(3)
    book = {
        "sales_24m": rng.gamma(2.0, 1e5, 200),
        "potential_36m": rng.gamma(2.0, 1e5, 200),
        "industry": rng.choice(["finance", "carriers", "small"], 200, p=[0.6, 0.37, 0.03]),
    }
    fitted = ka.CompositeScorer(
        criteria=(
            ka.Criterion("sales", column="sales_24m", value=ka.Percentile()),
            ka.Criterion("potential", column="potential_36m", value=ka.ObservedRange(0.05, 0.95)),
        ),
        weights={"sales": 0.4, "potential": 0.6},
        group="industry",
        aggregate="topsis",
    ).fit(book)
    for name in ("scorer.toml", "scorer.json"):
        ka.dump(fitted, tmp_path / name)
        loaded = ka.load(tmp_path / name, ka.CompositeScorer)
        assert loaded == fitted
        assert loaded.score(book).value.tobytes() == fitted.score(book).value.tobytes()


@pytest.mark.parametrize("family", FAMILIES)
def test_families_read_each_of_their_kinds(family: str) -> None:
    """Where a value function or a rule is asked for, each of them will do, and nothing else."""
    abstract: Any = getattr(ka, family.rpartition(".")[2])
    cut = {"kind": "cuts", "edges": [1.0]}
    with pytest.raises(ka.SerialisationError, match="kind 'cuts' cannot stand here"):
        ka.from_data(cut, abstract)
    for kind in FAMILIES[family]:
        assert issubclass(spec_class(kind), abstract)
