"""The composite scorer: what it adds up, what it learns, and what unknown values do to it."""

from __future__ import annotations

import math
import re
import warnings
from typing import Any

import attrs
import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.scoring.ranking import competition_rank
from keyaccount.testing import (
    AGGREGATES,
    POLICIES,
    VALUE_FUNCTIONS,
    amounts,
    assert_same_bits,
    books,
    scorers,
    value_functions,
)

BOUNDED = value_functions(*[k for k in VALUE_FUNCTIONS if k is not ka.Ratio])
RISING = value_functions(
    *[k for k in VALUE_FUNCTIONS if k not in {ka.Ratio, ka.Log, ka.Logistic}], direction="rising"
)
NAMES = "abcd"
MANY = settings(max_examples=20)


def two(
    a: Any = None, b: Any = None, *, weights: Any = None, missing: Any = "worst", **options: Any
) -> ka.CompositeScorer:
    """Give a scorer of two linear criteria from 0 to 10, but for what is said."""
    linear = ka.Linear(0, 10)
    return ka.CompositeScorer(
        criteria=(
            ka.Criterion("a", column="a", value=a or linear, missing=missing, neutral=0.5),
            ka.Criterion("b", column="b", value=b or linear, missing=missing, neutral=0.5),
        ),
        weights=weights or {"a": 0.75, "b": 0.25},
        **options,
    )


UNIT = (ka.Ideal(0, 1), ka.Ideal(0, 1))


# --- Values --------------------------------------------------------------------------------------


@MANY
@given(scorer=scorers(aggregates=["sum"], policies=["worst"]), book=books(NAMES))
def test_the_weighted_sum_adds_weights_times_worths(scorer: Any, book: Any) -> None:
    """Σ wᵢ·uᵢ, with 0 for what is unknown."""
    expected = np.zeros(len(scorer.score(book)))
    for c in scorer.criteria:
        if c.column:
            expected += scorer.weights[c.name] * np.nan_to_num(c.value.value(book[c.name]))
    np.testing.assert_allclose(scorer.score(book).value, expected, rtol=1e-12, atol=1e-12)


@MANY
@given(scorer=scorers(aggregates=["product"], functions=BOUNDED), book=books(NAMES, missing=False))
def test_the_weighted_product_multiplies_powers_of_worths(scorer: Any, book: Any) -> None:
    """Π uᵢ^wᵢ, over the criteria that have a column."""
    assume(all(c.column for c in scorer.criteria))
    expected = np.ones(len(scorer.score(book)))
    for c in scorer.criteria:
        expected *= np.power(c.value.value(book[c.name]), scorer.weights[c.name])
    np.testing.assert_allclose(scorer.score(book).value, expected, rtol=1e-12)


@MANY
@given(scorer=scorers(aggregates=["topsis"], policies=["worst"]), book=books(NAMES, missing=False))
def test_topsis_is_the_closeness_to_the_ideal(scorer: Any, book: Any) -> None:
    """d⁻ / (d⁺ + d⁻), one half where nothing tells the account apart."""
    assume(all(c.column for c in scorer.criteria))
    judged = [c.value.value(book[c.name]) for c in scorer.criteria]
    worst, best = (np.array([getattr(i, e) for i in scorer.ideals]) for e in ("worst", "best"))
    u = np.clip(np.nan_to_num(np.array(judged).T, nan=-math.inf), worst, best)
    w = np.asarray(scorer.weights)
    to_best = np.sqrt((((u - best) * w) ** 2).sum(axis=1))
    to_worst = np.sqrt((((u - worst) * w) ** 2).sum(axis=1))
    nowhere = to_best + to_worst == 0.0
    expected = np.where(nowhere, 0.5, to_worst / np.where(nowhere, 1.0, to_best + to_worst))
    np.testing.assert_allclose(scorer.score(book).value, expected, atol=1e-9)


def test_a_worth_below_0_counts_as_0_in_a_product() -> None:
    """Only an unbounded ratio has one: its power is no number, so that it counts as 0."""
    scorer = two(ka.Ratio(to="max", reference=1.0), aggregate="product")
    assert scorer.score({"a": [-0.5], "b": [8.0]}).value.tolist() == [0.0]
    assert scorer.score({"a": -0.5, "b": 8.0}).value.tolist() == [0.0]


@pytest.mark.parametrize("aggregate", AGGREGATES)
@MANY
@given(data=st.data())
def test_more_is_never_worse(aggregate: Any, data: st.DataObject) -> None:
    """Under rising functions a higher raw value never lowers the score, not by one bit."""
    scorer = data.draw(
        scorers(aggregates=[aggregate], functions=RISING, policies=["worst"], all_columns=True)
    )
    names = [c.name for c in scorer.criteria]
    book = data.draw(books(names, min_size=1, missing=False))
    name = data.draw(st.sampled_from(names))
    step = data.draw(st.sampled_from([None, 1e-9, 1.0, 1e6]))
    x = np.array(book[name])
    more = np.nextafter(x, np.inf) if step is None else x + step
    before, after = scorer.score(book).value, scorer.score({**book, name: more}).value
    if aggregate == "product":  # powers may turn by the last bits
        assert (after >= before * (1 - 1e-15)).all()
    else:
        assert (after >= before).all()


def test_topsis_never_falls_by_rounding() -> None:
    """Worths raised by one bit lower no closeness, which as d⁻ / (d⁺ + d⁻) some of them did."""
    rng = np.random.default_rng(0)
    scorer = two(ka.Linear(0, 1), ka.Linear(0, 1), aggregate="topsis", ideals=UNIT)
    a, b = rng.random((2, 100_000)) ** 4
    before = scorer.score({"a": a, "b": b}).value
    assert (scorer.score({"a": np.nextafter(a, 2), "b": b}).value >= before).all()


# --- Contributions, bounds, coverage -------------------------------------------------------------


@pytest.mark.parametrize("group", [None, "g"])
@pytest.mark.parametrize("aggregate", AGGREGATES)
@MANY
@given(data=st.data())
def test_contributions_make_the_value(
    aggregate: Any, group: str | None, data: st.DataObject
) -> None:
    """They add up to it (sum, topsis) or multiply to it (product), under every policy."""
    scorer = data.draw(scorers(aggregates=[aggregate], functions=BOUNDED, group=group))
    scores = scorer.score(data.draw(books(NAMES, group=group)))
    assert scores.contribution_kind == aggregate
    assert scores.contributions.shape == (len(scores), len(scorer.criteria))
    together = scores.contributions.prod if aggregate == "product" else scores.contributions.sum
    known = ~np.isnan(scores.value)
    np.testing.assert_allclose(together(axis=1)[known], scores.value[known], rtol=0, atol=1e-12)


def test_contributions_of_each_kind() -> None:
    """Sum: w·u; product: u^w; topsis: the value shared out by squared distances from the worst."""
    book = {"a": [8.0], "b": [5.0]}
    np.testing.assert_allclose(two().score(book).contributions, [[0.6, 0.125]])
    product = two(aggregate="product").score(book)
    np.testing.assert_allclose(product.contributions, [[0.8**0.75, 0.5**0.25]])
    topsis = two(aggregate="topsis", ideals=UNIT).score(book)
    worst, best = np.hypot(0.6, 0.125), np.hypot(0.15, 0.125)
    value = worst / (worst + best)
    np.testing.assert_allclose(topsis.value, [value])
    shares = np.array([0.6**2, 0.125**2]) / (0.6**2 + 0.125**2)
    np.testing.assert_allclose(topsis.contributions, [value * shares])


@pytest.mark.parametrize("group", [None, "g"])
@pytest.mark.parametrize("aggregate", AGGREGATES)
@MANY
@given(data=st.data())
def test_the_bounds_hold_the_value(aggregate: Any, group: str | None, data: st.DataObject) -> None:
    """The value is between low and high under worst and reweight; under worst it is low."""
    scorer = data.draw(
        scorers(
            aggregates=[aggregate],
            functions=BOUNDED,
            policies=["worst", "reweight"],
            group=group,
        )
    )
    scores = scorer.score(data.draw(books(NAMES, group=group)))
    known = ~np.isnan(scores.value)
    assert (scores.low[known] <= scores.value[known] + 1e-12).all()
    assert (scores.value[known] <= scores.high[known] + 1e-12).all()
    assert (scores.low <= scores.high).all()
    if all(c.missing == "worst" for c in scorer.criteria):
        assert_same_bits(scores.value, scores.low)
    complete = scores.known.all(axis=1)
    assert_same_bits(scores.low[complete], scores.high[complete])


@pytest.mark.parametrize("aggregate", AGGREGATES)
@MANY
@given(data=st.data())
def test_the_bounds_hold_every_completion(aggregate: Any, data: st.DataObject) -> None:
    """Whatever the missing values turn out to be, the score is within the bounds of today."""
    scorer = data.draw(scorers(aggregates=[aggregate], functions=BOUNDED, all_columns=True))
    book = data.draw(books([c.name for c in scorer.criteria], min_size=1))
    scores = scorer.score(book)
    filled = {
        name: [x if math.isfinite(x) else data.draw(amounts()) for x in column]
        for name, column in book.items()
    }
    value = scorer.score(filled).value
    assert (scores.low <= value + 1e-12).all()
    assert (value <= scores.high + 1e-12).all()


@pytest.mark.parametrize("aggregate", AGGREGATES)
@MANY
@given(data=st.data())
def test_forgetting_a_value_never_raises_the_score_under_worst(
    aggregate: Any, data: st.DataObject
) -> None:
    """With a fitted scorer, deleting what is known of a criterion cannot help an account."""
    scorer = data.draw(scorers(aggregates=[aggregate], functions=BOUNDED, policies=["worst"]))
    book = data.draw(books(NAMES, min_size=1))
    name = data.draw(st.sampled_from([c.name for c in scorer.criteria]))
    deleted = {**book, name: [math.nan] * len(book[name])}
    assert (scorer.score(deleted).value <= scorer.score(book).value).all()


@MANY
@given(scorer=scorers(), book=books(NAMES))
def test_coverage_is_the_weight_of_what_is_known(scorer: Any, book: Any) -> None:
    """It is 1 exactly when all weight rests on known values, and 0 exactly when none does."""
    scores = scorer.score(book)
    weights = np.asarray(scorer.weights)
    known = [
        np.isfinite(c.value.defined(np.array(book[c.name])))
        if c.column
        else np.zeros(len(scores), dtype=bool)
        for c in scorer.criteria
    ]
    np.testing.assert_array_equal(scores.known, np.array(known).T)
    counted = scores.known[:, weights > 0]
    np.testing.assert_array_equal(scores.coverage == 1.0, counted.all(axis=1))
    np.testing.assert_array_equal(scores.coverage == 0.0, ~counted.any(axis=1))
    np.testing.assert_allclose(scores.coverage, scores.known @ weights, atol=1e-12)


# --- What unknown values do ----------------------------------------------------------------------


@pytest.mark.parametrize("gap", [math.nan, None, math.inf, -math.inf])
@pytest.mark.parametrize(
    ("policy", "value"), [("worst", 0.6), ("neutral", 0.725), ("reweight", 0.8), ("reject", None)]
)
def test_each_policy_under_the_weighted_sum(policy: Any, value: float | None, gap: Any) -> None:
    """worst: 0; neutral: the stated worth; reweight: nothing; reject: no score. Infinite is NaN."""
    scores = two(missing=policy).score({"a": [8.0], "b": [gap]})
    np.testing.assert_allclose(scores.value, [math.nan if value is None else value])
    assert (scores.low[0], scores.high[0]) == (pytest.approx(0.6), pytest.approx(0.85))
    assert scores.coverage.tolist() == [0.75]
    assert scores.rejected.tolist() == [policy == "reject"]
    assert scores.rank.tolist() == [-1 if policy == "reject" else 1]
    contribution = {"worst": 0, "neutral": 0.125, "reweight": 0, "reject": math.nan}[policy]
    np.testing.assert_allclose(scores.contributions[0, 1], contribution)


@pytest.mark.parametrize(
    ("policy", "value"),
    [("worst", 0.0), ("neutral", 0.8**0.75 * 0.5**0.25), ("reweight", 0.8), ("reject", math.nan)],
)
def test_each_policy_under_the_weighted_product(policy: Any, value: float) -> None:
    """A worst makes the product 0; the weights of the rest are scaled up under reweight."""
    scores = two(missing=policy, aggregate="product").score({"a": [8.0], "b": [None]})
    np.testing.assert_allclose(scores.value, [value])
    np.testing.assert_allclose([scores.low[0], scores.high[0]], [0.0, 0.8**0.75])


def test_each_policy_under_topsis() -> None:
    """An unknown is at the worst ideal, at its neutral worth, left out, or rejects the account."""
    book = {"a": [8.0], "b": [None]}
    found = {
        policy: two(missing=policy, aggregate="topsis", ideals=UNIT).score(book).value[0]
        for policy in POLICIES
    }
    assert found["worst"] == pytest.approx(0.6 / (0.6 + math.hypot(0.15, 0.25)))
    to_worst, to_best = math.hypot(0.6, 0.125), math.hypot(0.15, 0.125)
    assert found["neutral"] == pytest.approx(to_worst / (to_worst + to_best))
    assert found["reweight"] == pytest.approx(0.8)
    assert math.isnan(found["reject"])


@pytest.mark.parametrize("aggregate", AGGREGATES)
def test_reweight_with_nothing_known_says_nothing(aggregate: Any) -> None:
    """No value and no rank, bounds from 0 to 1, nothing covered; but the account is not refused."""
    scorer = two(missing="reweight", aggregate=aggregate, ideals=UNIT)
    for book in ({"a": [None], "b": [math.inf]}, {"a": None, "b": math.nan}):
        scores = scorer.score(book)
        assert np.isnan(scores.value).all()
        assert (scores.low[0], scores.high[0], scores.coverage[0]) == (0.0, 1.0, 0.0)
        assert scores.rank.tolist() == [-1]
        assert not scores.rejected.any()


@pytest.mark.parametrize("aggregate", AGGREGATES)
@MANY
@given(data=st.data())
def test_under_reject_one_row_does_not_decide_about_others(
    aggregate: Any, data: st.DataObject
) -> None:
    """The rows that miss a value have no score; each other row keeps the score it has alone."""
    scorer = data.draw(scorers(aggregates=[aggregate], policies=["reject"], all_columns=True))
    book = data.draw(books([c.name for c in scorer.criteria]))
    scores = scorer.score(book)
    np.testing.assert_array_equal(scores.rejected, ~scores.known.all(axis=1))
    np.testing.assert_array_equal(np.isnan(scores.value), scores.rejected)


@pytest.mark.parametrize("aggregate", AGGREGATES)
def test_a_criterion_without_weight_can_reject(aggregate: Any) -> None:
    """What must be known must be known, however little it counts."""
    scorer = two(weights={"a": 1.0, "b": 0.0}, missing="reject", aggregate=aggregate, ideals=UNIT)
    for book in ({"a": [8.0, 8.0], "b": [None, 1.0]}, {"a": 8.0, "b": None}):
        scores = scorer.score(book)
        assert math.isnan(scores.value[0])
        assert np.isnan(scores.contributions[0]).any()
        assert scores.rejected[0]
        assert not scores.rejected[1:].any()


def test_a_criterion_without_a_column_is_unknown_for_everybody() -> None:
    """column=None needs no column, learns nothing, and shows in coverage and bounds."""
    scorer = ka.CompositeScorer(
        criteria=(
            ka.Criterion("a", column="a", value=ka.Percentile()),
            ka.Criterion("showcase", column=None, value=ka.Percentile()),
        ),
        weights={"a": 0.75, "showcase": 0.25},
    )
    book = {"a": [1.0, 2.0, 3.0]}
    fitted = scorer.fit(book)
    assert fitted.is_fitted
    assert fitted.reads == ("a",)
    scores = fitted.score(book)
    assert scores.coverage.tolist() == [0.75] * 3
    assert (scores.high - scores.low).tolist() == [0.25] * 3
    assert fitted.score({"a": 2.0}).coverage.tolist() == [0.75]


@pytest.mark.parametrize("aggregate", AGGREGATES)
def test_a_scorer_of_which_no_criterion_has_a_column_counts_rows(aggregate: Any) -> None:
    """Where nothing is measured yet, every account is there, with nothing known of it."""
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("showcase", column=None, value=ka.Linear(1, 5))],
        weights={"showcase": 1.0},
        aggregate=aggregate,
        ideals=UNIT[:1],
    )
    assert scorer.score({"id": ["x", "y"]}).low.tolist() == [0.0, 0.0]
    assert scorer.score({"id": []}).value.tolist() == []


@pytest.mark.parametrize("single", [False, True])
def test_what_counts_as_missing_is_a_finding(single: bool) -> None:
    """Infinite values and values without a ratio are counted, by the column they are in."""
    scorer = two(ka.Ratio(to="min", falling=True, reference=1.0))
    book: dict[str, Any] = {"a": -1.0, "b": -math.inf} if single else {
        "a": [-1.0, 0.0, 2.0, math.inf],
        "b": [1.0, math.nan, -math.inf, 2.0],
    }  # fmt: skip
    scores = scorer.score(book)
    found = {(f.code, f.where): f.count for f in scores.findings}
    infinite = {} if single else {("infinite", "a"): 1}
    assert found == {
        **infinite,
        ("not_positive", "a"): 1 if single else 2,
        ("infinite", "b"): 1,
    }
    assert not scores.known[0, 0]


def test_what_one_group_cannot_judge_another_can() -> None:
    """A value without a ratio is missing in the group that is judged by ratio, and there alone."""
    ratio = ka.Ratio(to="min", falling=True, reference=1.0)
    by_group: ka.ByGroup[ka.ValueFunction] = ka.ByGroup({"x": ratio}, pool=ka.Linear(-4, 0))
    scores = two(by_group, group="g").score(
        {"a": [-1.0, -1.0, 4.0], "b": [0.0] * 3, "g": ["x", "y", "x"]}
    )
    assert scores.known[:, 0].tolist() == [False, True, True]
    assert scores.value.tolist() == [0.0, 0.75 * 0.75, 0.75 * 0.25]


@pytest.mark.parametrize("aggregate", ["sum", "product"])
def test_ideals_are_those_of_topsis_alone(aggregate: Any) -> None:
    """Under the other aggregations an unknown value is worth 0 at worst and 1 at best."""
    book = {"a": [8.0, None], "b": [None, 5.0]}
    narrow = two(aggregate=aggregate, ideals=(ka.Ideal(0.4, 0.5), ka.Ideal(0.4, 0.5)))
    for name, found in two(aggregate=aggregate).apply(book).items():
        assert_same_bits(narrow.apply(book)[name], found, name)


# --- Learning ------------------------------------------------------------------------------------


def learner(aggregate: Any = "sum", group: str | None = "g", **options: Any) -> ka.CompositeScorer:
    """Give a scorer with everything to learn."""
    return ka.CompositeScorer(
        criteria=(
            ka.Criterion("a", column="a", value=ka.Percentile(parts=5), missing="neutral"),
            ka.Criterion("b", column="b", value=ka.ObservedRange(0.1, 0.9, falling=True)),
            ka.Criterion("c", column="c", value=ka.Linear(0, 10), missing="neutral"),
        ),
        weights={"a": 0.5, "b": 0.3, "c": 0.2},
        group=group,
        aggregate=aggregate,
        **options,
    )


def fitted_or_none(scorer: Any, book: Any) -> Any:
    """Fit, unless there is nothing to learn from."""
    try:
        return scorer.fit(book)
    except ka.NotEnoughDataError:
        return None


NUMBERS = st.floats(-1e9, 1e9) | st.integers(-3, 9).map(float) | st.just(-0.0)


@pytest.mark.parametrize("group", [None, "g"])
@pytest.mark.parametrize("aggregate", AGGREGATES)
@MANY
@given(data=st.data())
def test_what_is_learned_does_not_depend_on_the_order_of_the_rows(
    aggregate: Any, group: str | None, data: st.DataObject
) -> None:
    """A book in another order teaches the same constants to the last bit, and so does a refit."""
    book = data.draw(books("abc", group=group, min_size=1, max_size=25, values=NUMBERS))
    scorer = learner(aggregate, group, min_group=data.draw(st.integers(0, 5)))
    fitted = fitted_or_none(scorer, book)
    assume(fitted is not None)
    rows = data.draw(st.permutations(range(len(book["a"]))))
    shuffled = {name: [column[i] for i in rows] for name, column in book.items()}
    again = scorer.fit(shuffled)
    assert again == fitted
    assert repr(again) == repr(fitted)
    assert fitted.fit(book) == fitted
    assert fitted.is_fitted
    assert not scorer.is_fitted


@pytest.mark.parametrize("aggregate", AGGREGATES)
@MANY
@given(data=st.data())
def test_each_group_learns_from_its_own_accounts(aggregate: Any, data: st.DataObject) -> None:
    """A large enough group holds the constants that it would learn as a whole book."""
    book = data.draw(books("abc", group="g", min_size=1, max_size=25, values=NUMBERS))
    fitted = fitted_or_none(learner(aggregate, min_group=3), book)
    assume(fitted is not None)
    for label in dict.fromkeys(book["g"]):
        rows = [i for i, g in enumerate(book["g"]) if g == label]
        part = {name: [column[i] for i in rows] for name, column in book.items()}
        for k, criterion in enumerate(fitted.criteria[:2]):
            known = [x for x in part[criterion.name] if math.isfinite(x)]
            groups = dict(criterion.value.groups)
            assert (label in groups) == (label is not None and len(known) >= 3)
            if label in groups:
                unfitted: Any = learner().criteria[k].value
                own = unfitted.fit(np.sort(known))
                assert groups[label] == own


def test_small_groups_fall_back_to_the_pool_and_say_so() -> None:
    """Below min_group known values of a criterion, a group is judged by all accounts."""
    book: dict[str, Any] = {
        "a": [1.0, 2.0, 3.0, 10.0, 20.0, math.nan, 7.0, 7.0],
        "g": ["big", "big", "big", "gap", "gap", "gap", None, "new"],
    }
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("a", column="a", value=ka.ObservedRange())],
        weights={"a": 1.0},
        group="g",
        min_group=3,
    )
    fitted = scorer.fit(book)
    value: Any = fitted.criteria[0].value
    assert value == ka.ByGroup(
        {"big": ka.ObservedRange(low=1, high=3)}, pool=ka.ObservedRange(low=1, high=20)
    )
    scores = fitted.score(book)
    assert scores.pooled[:, 0].tolist() == [False] * 3 + [True] * 5
    assert scores.value[:3].tolist() == [0.0, 0.5, 1.0]
    assert scores.value[4] == 1.0
    assert [(f.code, f.count, f.severity) for f in scores.findings] == [("pooled", 5, "info")]
    for i, (a, g) in enumerate(zip(book["a"], book["g"], strict=True)):
        alone = fitted.score({"a": a, "g": g})
        assert alone.pooled.tolist() == scores.pooled[i : i + 1].tolist()
    assert fitted.score({"a": 2.0, "g": "never seen"}).pooled.tolist() == [[True]]


def test_a_group_with_its_own_kind_of_function_learns_that_kind() -> None:
    """A learning function stated for a group is the one that group learns, not the pool's."""
    value = ka.ByGroup(
        {"x": ka.Percentile(falling=True), "z": ka.Linear(0, 5)}, pool=ka.Percentile()
    )
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("a", column="a", value=value)],
        weights={"a": 1.0},
        group="g",
        min_group=2,
    )
    book = {"a": [1.0, 2.0, 3.0, 4.0, 5.0], "g": list("xxyyz")}
    fitted = scorer.fit(book)
    assert fitted.score(book).value.tolist() == [1.0, 0.0, 0.0, 1.0, 1.0]
    assert fitted.fit(book) == fitted


def test_neutral_learns_the_median_worth_of_the_group() -> None:
    """An unknown value counts as the middle account of its own group, or of the pool."""
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("a", column="a", value=ka.Linear(0, 10), missing="neutral")],
        weights={"a": 1.0},
        group="g",
        min_group=2,
    )
    book = {"a": [1.0, 2.0, 9.0, 4.0, 6.0, 5.0], "g": ["x", "x", "x", "y", "y", "z"]}
    fitted = scorer.fit(book)
    unknown = {"a": [None] * 4, "g": ["x", "y", "z", None]}
    np.testing.assert_allclose(fitted.score(unknown).value, [0.2, 0.5, 0.45, 0.45])


def test_topsis_learns_the_extremes_of_each_group() -> None:
    """The ideals are the worst and best worths among the accounts compared."""
    book = {"a": [1.0, 2.0, 4.0, 8.0], "b": [0.0, 0.0, 9.0, 5.0], "g": ["x", "x", "y", "y"]}
    fitted = two(aggregate="topsis", group="g", min_group=2).fit(book)
    assert fitted.ideals == (
        ka.ByGroup({"x": ka.Ideal(0.1, 0.2), "y": ka.Ideal(0.4, 0.8)}, pool=ka.Ideal(0.1, 0.8)),
        ka.ByGroup({"x": ka.Ideal(0, 0), "y": ka.Ideal(0.5, 0.9)}, pool=ka.Ideal(0, 0.9)),
    )
    assert fitted.score(book).value.tolist() == pytest.approx([0.0, 1.0, 0.25, 0.75])


@pytest.mark.parametrize("column", [[], [math.nan, None], [math.inf]])
def test_nothing_can_be_learned_from_nothing(column: list[Any]) -> None:
    """The error names the criterion and the column; stated constants need no data."""
    with pytest.raises(ka.NotEnoughDataError, match="criterion 'a' cannot learn from column 'a'"):
        two(ka.Percentile()).fit({"a": column, "b": [1.0] * len(column)})
    stated = two()
    assert stated.fit({"a": column, "b": column}) == stated


def test_a_falling_ratio_cannot_learn_from_what_it_cannot_judge() -> None:
    """A column without a value above 0 teaches a falling ratio nothing, by group or not."""
    ratio = ka.Ratio(to="max", falling=True)
    for value in (ratio, ka.ByGroup({"x": ka.Percentile()}, pool=ratio)):
        scorer = two(value, group="g")
        with pytest.raises(ka.NotEnoughDataError, match="criterion 'a'"):
            scorer.fit({"a": [0.0, -1.0], "b": [1.0, 2.0], "g": ["x", "y"]})


def test_stated_constants_survive_fit() -> None:
    """What is stated for a group stays, and only the rest is learned."""
    value = ka.ByGroup({"x": ka.Linear(0, 2)}, pool=ka.ObservedRange())
    book = {"a": [1.0, 2.0, 5.0], "b": [1.0, 1.0, 1.0], "g": ["x", "y", "y"]}
    found: Any = two(value, group="g", min_group=2).fit(book).criteria[0].value
    assert found.of("x") == ka.Linear(0, 2)
    assert found.of("y") == ka.ObservedRange(low=2, high=5)
    assert found.of("z") == ka.ObservedRange(low=1, high=5)


# --- Rank ----------------------------------------------------------------------------------------


@given(values=st.lists(st.floats() | st.sampled_from([0.0, -0.0, 0.5, math.nan]), max_size=40))
def test_the_rank_is_one_more_than_how_many_are_strictly_higher(values: list[float]) -> None:
    """Competition rank, -1 for what has no value."""
    expected = [-1 if math.isnan(v) else 1 + sum(other > v for other in values) for v in values]
    assert competition_rank(np.array(values, dtype=float)).tolist() == expected


@MANY
@given(scorer=scorers(), book=books(NAMES), seed=st.integers(0, 99))
def test_ranks_do_not_depend_on_the_order_of_the_rows(scorer: Any, book: Any, seed: int) -> None:
    """Each account keeps its rank when the book is shuffled."""
    rank = scorer.score(book).rank
    rows = np.random.default_rng(seed).permutation(len(rank))
    shuffled = {name: [column[i] for i in rows] for name, column in book.items()}
    np.testing.assert_array_equal(scorer.score(shuffled).rank, rank[rows])


# --- What a scorer is ----------------------------------------------------------------------------


@pytest.mark.parametrize("aggregate", AGGREGATES)
def test_a_scorer_is_a_value(aggregate: Any) -> None:
    """It is frozen, and equal and hashed by what it says."""
    scorer: Any = two(aggregate=aggregate, ideals=UNIT)
    scorer.score({"a": [1.0], "b": [1.0]})  # what it keeps for itself is no part of it
    assert scorer == two(aggregate=aggregate, ideals=list(UNIT))
    assert hash(scorer) == hash(two(aggregate=aggregate, ideals=list(UNIT)))
    assert scorer != two(aggregate=aggregate, weights={"a": 0.5, "b": 0.5}, ideals=UNIT)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        scorer.group = "industry"
    assert isinstance(scorer, ka.RowWise)
    assert isinstance(scorer, ka.Fittable)


def test_a_scorer_says_what_it_reads_and_writes() -> None:
    """Each column once, in declared order; the rank, which is book-wise, is not among them."""
    scorer = two(group="g")
    assert scorer.reads == ("a", "b", "g")
    assert list(scorer.writes) == [
        "score", "score_low", "score_high", "coverage", "contribution_a", "contribution_b",
    ]  # fmt: skip
    same = [ka.Criterion(n, column="x", value=ka.Linear(0, 1)) for n in "ab"]
    twice = ka.CompositeScorer(criteria=same, weights={"a": 0.5, "b": 0.5})
    assert twice.reads == ("x",)
    assert twice.score({"x": [0.5]}).value.tolist() == [0.5]


@pytest.mark.parametrize("aggregate", AGGREGATES)
def test_an_empty_book_scores_empty(aggregate: Any) -> None:
    """No accounts in, none out, in every part of the result."""
    scores = two(aggregate=aggregate, ideals=UNIT).score({"a": [], "b": []})
    assert len(scores) == 0
    assert scores.contributions.shape == scores.known.shape == (0, 2)
    assert all(len(column) == 0 for column in scores.columns().values())
    assert scores.findings == ()


@pytest.mark.parametrize("aggregate", AGGREGATES)
def test_one_account_is_one_account(aggregate: Any) -> None:
    """A dict of scalars, of lists of one, or of numpy scalars gives the same one row."""
    scorer = two(aggregate=aggregate, ideals=UNIT)
    books_of_one: list[dict[str, Any]] = [
        {"a": 4.0, "b": 5.0},
        {"a": [4.0], "b": [5.0]},
        {"a": np.float32(4), "b": np.array(5)},
        {"a": 4, "b": True * 5},
    ]
    rows = [dict(scorer.score(book).row(0)) for book in books_of_one]
    assert all(row == rows[0] for row in rows)


def test_results_come_as_columns_and_as_rows() -> None:
    """columns() is aligned with the input; row() names what is unknown and what is pooled."""
    scorer = two(ka.ByGroup({"x": ka.Linear(0, 10)}, pool=ka.Linear(0, 20)), group="g")
    scores = scorer.score({"a": [8.0, 8.0], "b": [5.0, None], "g": ["x", "y"]})
    columns = scores.columns()
    assert columns["rank"].tolist() == [1, 2]
    assert columns["score"].tolist() == scores.value.tolist() == pytest.approx([0.725, 0.3])
    assert columns["contribution_b"].tolist() == [0.125, 0.0]
    row = scores.row(1)
    assert row["unknown"] == "b"
    assert row["judged by the pool"] == "a"
    assert row["contributions"] == pytest.approx({"a": 0.3, "b": 0.0})
    assert "unknown" not in scores.row(0)


# --- What it refuses -----------------------------------------------------------------------------


CRITERIA = (
    ka.Criterion("sales", column="sales", value=ka.Linear(0, 10)),
    ka.Criterion("potential", column="potential", value=ka.Percentile()),
)
HALVES = {"sales": 0.5, "potential": 0.5}


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"weights": {"sales": 1.0}}, ka.WeightsError, "no weight for 'potential'"),
        (
            {"weights": {"sales": 0.5, "potential": 0.25, "showcase": 0.25}},
            ka.WeightsError,
            "no criterion named 'showcase'",
        ),
        (
            {"weights": {"sales": 1, "potential": 2}},
            ka.WeightsError,
            "weights must sum to 1 (got 3.0)",
        ),
        ({"weights": [0.5, 0.5]}, ka.WeightsError, "weights must be given by name"),
        ({"weights": None}, ka.WeightsError, "weights must be given by name (got None)"),
        (
            {"criteria": (CRITERIA[0], CRITERIA[0])},
            ka.SpecError,
            "CompositeScorer.criteria must have unique names (got ['sales', 'sales'])",
        ),
        ({"criteria": ()}, ka.SpecError, "CompositeScorer.criteria must be criteria"),
        ({"criteria": 5}, ka.SpecError, "CompositeScorer.criteria must be criteria"),
        ({"criteria": ["sales"]}, ka.SpecError, "CompositeScorer.criteria must be criteria"),
        ({"aggregate": "mean"}, ka.SpecError, "must be one of 'sum', 'product', 'topsis'"),
        ({"min_group": -1}, ka.SpecError, "CompositeScorer.min_group must be a whole number"),
        ({"group": 7}, ka.SpecError, "CompositeScorer.group must be a column name or None (got 7)"),
        ({"ideals": ()}, ka.SpecError, "CompositeScorer.ideals must be one Ideal per criterion"),
        (
            {"ideals": (1, 2)},
            ka.SpecError,
            "CompositeScorer.ideals must be one Ideal per criterion",
        ),
        (
            {"ideals": (ka.ByGroup({"x": ka.Ideal(0, 1)}, pool=ka.Ideal(0, 1)), ka.Ideal(0, 1))},
            ka.SpecError,
            "CompositeScorer.ideals must be one Ideal per criterion",
        ),
    ],
)
def test_what_makes_no_scorer_is_refused(change: Any, error: Any, said: str) -> None:
    """The error names the field or the criterion, with what was met."""
    with pytest.raises(error, match=re.escape(said)):
        ka.CompositeScorer(**{"criteria": CRITERIA, "weights": HALVES, **change})


def test_weights_that_sum_to_3_are_offered_normalised() -> None:
    """The hint holds the weights the caller most likely meant."""
    with pytest.raises(ka.WeightsError) as caught:
        ka.CompositeScorer(criteria=CRITERIA, weights={"sales": 1.5, "potential": 1.5})
    assert caught.value.parts["normalised"] == HALVES
    assert "{'sales': 0.5, 'potential': 0.5}" in caught.value.hint


@pytest.mark.parametrize(
    ("constants", "said"),
    [
        ({"value": ka.ByGroup({"x": ka.Linear(0, 1)}, pool=ka.Linear(0, 2))}, "must name the col"),
        ({"missing": "neutral", "neutral": ka.ByGroup({"x": 0.5}, pool=0.1)}, "must name the col"),
        ({"missing": "neutral", "neutral": ka.ByGroup({"x": 0.5})}, "with a pool"),
        ({"missing": "neutral", "neutral": math.nan}, "Criterion.neutral must be finite worths"),
        ({"value": ka.ByGroup({"x": ka.Linear(0, 1)})}, "a ByGroup of them with a pool"),
        ({"value": 5}, "Criterion.value must be a value function"),
        ({"missing": "mean"}, "must be one of 'worst', 'neutral', 'reweight', 'reject'"),
        ({"column": " "}, "Criterion.column must be a text that is not blank"),
        ({"name": ""}, "Criterion.name must be a text that is not blank"),
    ],
)  # fmt: skip
def test_constants_that_cannot_be_used_are_refused(constants: Any, said: str) -> None:
    """Constants by group need a column of groups and a pool; all else is named."""
    whole = {"name": "a", "column": "a", "value": ka.Linear(0, 1), **constants}
    with pytest.raises(ka.SpecError, match=re.escape(said)):
        ka.CompositeScorer(criteria=[ka.Criterion(**whole)], weights={"a": 1.0})


@pytest.mark.parametrize("aggregate", AGGREGATES)
def test_an_unfitted_scorer_cannot_be_used(aggregate: Any) -> None:
    """The error names the criterion that has still to learn."""
    scorer = ka.CompositeScorer(criteria=CRITERIA, weights=HALVES, aggregate=aggregate)
    assert not scorer.is_fitted
    for use in (scorer.score, scorer.apply):
        with pytest.raises(ka.NotFittedError, match="criterion 'potential' has learned nothing"):
            use({"sales": [1.0], "potential": [1.0]})
    with pytest.raises(ka.NotFittedError, match="the ideals of TOPSIS"):
        two(aggregate="topsis").score({"a": [1.0], "b": [1.0]})


def test_a_neutral_worth_has_to_be_learned_or_stated() -> None:
    """A neutral criterion without its worth is not fitted."""
    criterion = ka.Criterion("a", column="a", value=ka.Linear(0, 1), missing="neutral")
    scorer = ka.CompositeScorer(criteria=[criterion], weights={"a": 1.0})
    with pytest.raises(ka.NotFittedError, match="criterion 'a'"):
        scorer.score({"a": [None]})
    assert scorer.fit({"a": [0.25]}).score({"a": [None]}).value.tolist() == [0.25]


@pytest.mark.parametrize(
    ("book", "error", "said"),
    [
        ({"a": [1.0], "B": [1.0]}, ka.ColumnNotFoundError, "did you mean 'B'?"),
        ({"a": 1.0, "bb": 1.0}, ka.ColumnNotFoundError, "no column 'b'"),
        ({"bb": 1.0}, ka.ColumnNotFoundError, "no column 'a'"),
        ({"a": [1.0, 2.0], "b": [1.0]}, ka.ColumnError, "columns differ in length: 'a' 2, 'b' 1"),
        ({"a": [1.0, 2.0], "b": 1.0}, ka.ColumnError, "columns differ in length: 'a' 2, 'b' 1"),
        ({"a": 1.0, "b": [1.0, 2.0]}, ka.ColumnError, "column 'b' must hold one value"),
        ({"a": 1.0, "b": []}, ka.ColumnError, "column 'b' must hold one value"),
        ({"a": [1, "x", 2, "y"], "b": [1] * 4}, ka.RowError, "(row 1: 'x', row 3: 'y')"),
        ({"a": 1.0, "b": "much"}, ka.RowError, "column 'b': 1 row holds no number (row 0: 'much')"),
        ({"a": np.array(["x"]), "b": [1]}, ka.ColumnError, "'a' must hold numbers (got text)"),
        ({"a": np.ones((2, 2)), "b": [1, 2]}, ka.ColumnError, "an array of 2 dimensions"),
        ([1.0, 2.0], ka.ColumnError, "columns must come in a container that names them (got list)"),
        (None, ka.ColumnError, "columns must come in a container that names them (got None)"),
        ("abc", ka.ColumnError, "columns must come in a container that names them (got str)"),
        (pl.LazyFrame({"a": [1]}), ka.ColumnError, "them (got a LazyFrame)"),
    ],
)  # fmt: skip
def test_a_book_that_cannot_be_read_is_refused(book: Any, error: Any, said: str) -> None:
    """A misspelt column, a wrong length, a text among numbers: named, with the rows and a hint."""
    with pytest.raises(error, match=re.escape(said)):
        two().score(book)


def test_a_missing_column_of_groups_is_named() -> None:
    """Scoring and fitting need the groups, for one account as for many."""
    scorer = two(group="industry")
    for book in (
        {"a": [1.0], "b": [1.0], "Industry": ["x"]},
        {"a": 1.0, "b": 1.0, "Industry": "x"},
    ):
        for use in (scorer.score, scorer.fit):
            with pytest.raises(ka.ColumnNotFoundError, match="did you mean 'Industry'"):
                use(book)


@pytest.mark.parametrize(
    "weights", [{"sales": 1.0}, {"sales": 1.0, "potential": 0.0}], ids=["alone", "all the weight"]
)
def test_a_scorer_of_sales_only_warns(weights: Any) -> None:
    """Sales speak of the past only; with weight on anything else there is no warning."""
    criteria = [c for c in CRITERIA if c.name in weights]
    with pytest.warns(ka.SalesOnlyWarning, match="all weight lies on 'sales'"):
        ka.CompositeScorer(criteria=criteria, weights=weights)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ka.CompositeScorer(criteria=CRITERIA, weights=HALVES)


def test_groups_are_labels_however_they_are_written() -> None:
    """1, 1.0 and "1" are one group, and None, NaN and NaT are none."""
    value = ka.ByGroup({1: ka.Linear(0, 1)}, pool=ka.Linear(0, 4))
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("a", column="a", value=value)], weights={"a": 1.0}, group="g"
    )
    labels = [1, 1.0, "1", np.int8(1), None, math.nan, np.datetime64("NaT", "D"), 2]
    expected = [1.0] * 4 + [0.25] * 4
    assert scorer.score({"a": [1.0] * 8, "g": labels}).value.tolist() == expected
    assert [scorer.score({"a": 1.0, "g": g}).value[0] for g in labels] == expected
