"""Written and read back, every spec is equal, to the byte in files; one digest, one spec."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.playbook.kinds import FAMILIES, KINDS, spec_class
from keyaccount.scoring.composite import Aggregate
from keyaccount.scoring.judgement import Anchor

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


STRATEGIES: dict[str, Specs] = {
    **VALUE_FUNCTIONS,
    **LEAF_RULES,
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
    "beta_prior": valid(ka.BetaPrior, st.floats(1e-9, 0.999), POSITIVE),
    "by_group": st.builds(
        lambda groups, pool: ka.ByGroup(groups, pool=pool),
        st.dictionaries(WORDS, NUMBERS | COUNTS | ANY_TEXT | VALUES, max_size=3),
        or_none(NUMBERS | COUNTS | RULES),
    ),
    "composite_scorer": scorers(),
    "criterion": criteria(),
    "cuts": st.sets(ROUGH.map(float), max_size=5).map(sorted).map(ka.Cuts),
    "ideal": IDEALS,
    "override": valid(
        ka.Override,
        WORDS,
        include=FLAGS,
        reason=WORDS,
        approved_by=WORDS,
        approved_on=or_none(st.dates()),
        expires=or_none(st.dates()),
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
    "states": st.lists(WORDS, unique=True, max_size=4).map(ka.States),
    "weighted_mean": WORDS.map(ka.WeightedMean),
    "weights": weights(),
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
    abstract = {"ValueFunction": ka.ValueFunction, "Rule": ka.Rule}[family.rpartition(".")[2]]
    cut = {"kind": "cuts", "edges": [1.0]}
    with pytest.raises(ka.SerialisationError, match="kind 'cuts' cannot stand here"):
        ka.from_data(cut, abstract)
    for kind in FAMILIES[family]:
        assert issubclass(spec_class(kind), abstract)
