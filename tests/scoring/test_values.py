"""Value functions: what they are worth where, what they learn, and what they refuse."""

from __future__ import annotations

import copy
import math
import pickle
import re
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import LEARNING, VALUE_FUNCTIONS, amounts, assert_same_bits, value_functions

BOUNDED = tuple(kind for kind in VALUE_FUNCTIONS if kind is not ka.Ratio)
EXACT = tuple(kind for kind in BOUNDED if kind not in {ka.Log, ka.Logistic})
"""Functions whose every step is a rounded rational one: they never turn, not by one bit."""

FEW = settings(max_examples=30)
NUMBERS = st.lists(amounts(), min_size=1, max_size=25)


def learned(function: Any, values: Any) -> Any:
    """Fit a function on values in any order."""
    return function.fit(np.sort(np.array(values, dtype=float)))


# --- All of them ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", BOUNDED)
@FEW
@given(data=st.data())
def test_worth_lies_between_0_and_1(kind: Any, data: st.DataObject) -> None:
    """Whatever the raw value, the worth is in [0, 1], and never -0.0."""
    worth = data.draw(value_functions(kind)).value(data.draw(NUMBERS))
    assert ((worth >= 0.0) & (worth <= 1.0)).all()
    assert not np.signbit(worth).any()


@pytest.mark.parametrize("kind", VALUE_FUNCTIONS)
@FEW
@given(data=st.data())
def test_what_cannot_be_judged_stays_missing(kind: Any, data: st.DataObject) -> None:
    """NaN and both infinities have no worth, and leave their neighbours alone."""
    function = data.draw(value_functions(kind))
    x = data.draw(NUMBERS)
    gaps = [math.nan, math.inf, -math.inf]
    assert np.isnan(function.value(gaps)).all()
    mixed = [v for pair in zip(x, gaps * len(x), strict=False) for v in pair]
    assert_same_bits(function.value(mixed)[::2], function.value(x))


@pytest.mark.parametrize("direction", ["rising", "falling"])
@pytest.mark.parametrize("kind", EXACT)
@FEW
@given(data=st.data())
def test_a_value_function_never_turns(kind: Any, direction: Any, data: st.DataObject) -> None:
    """A raw value that is better by one bit or more is never worth less, across knots and ends."""
    function = data.draw(value_functions(kind, direction=direction))
    x = np.unique([*data.draw(NUMBERS), *special_points(function)])
    x = np.unique(np.concatenate([x, np.nextafter(x, -np.inf), np.nextafter(x, np.inf)]))
    for top in (1.0, 0.3):
        worth = np.empty(len(x))
        with np.errstate(all="ignore"):  # as wherever kernels run: far out they may overflow
            function.kernel(top).into(x, worth)
        steps = np.diff(worth)
        assert (steps >= 0.0).all() if direction == "rising" else (steps <= 0.0).all()


@pytest.mark.parametrize("direction", ["rising", "falling"])
@pytest.mark.parametrize("kind", [ka.Log, ka.Logistic, ka.Ratio])
@FEW
@given(data=st.data())
def test_a_curved_value_function_turns_by_rounding_only(
    kind: Any, direction: Any, data: st.DataObject
) -> None:
    """Logarithm, exponential and quotient never turn by more than the last bits."""
    function = data.draw(value_functions(kind, direction=direction))
    worth = function.value(np.unique(data.draw(NUMBERS)))
    worth = worth[~np.isnan(worth)]
    slack = 1e-14 * (1.0 + np.abs(worth[1:]))
    steps = np.diff(worth)
    assert (steps >= -slack).all() if direction == "rising" else (steps <= slack).all()


def special_points(function: Any) -> list[float]:
    """List the raw values at which a function changes its course."""
    if isinstance(function, ka.Percentile):
        return [x for x, _ in function.knots or ()]
    if isinstance(function, ka.PiecewiseLinear):
        return [x for x, _ in function.points]
    if isinstance(function, ka.Bands):
        return list(function.cuts.edges)
    return [function.low, function.high]


@pytest.mark.parametrize("kind", VALUE_FUNCTIONS)
@FEW
@given(data=st.data())
def test_a_value_function_is_a_value(kind: Any, data: st.DataObject) -> None:
    """It is frozen, and equal to its copies, with equal hashes."""
    function = data.draw(value_functions(kind, fitted=None))
    pickled = pickle.loads(pickle.dumps(function))  # noqa: S301 - our own bytes
    assert pickled == function == copy.deepcopy(function)
    assert hash(pickled) == hash(function)
    field = attrs.fields(kind)[0].name
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(function, field, None)


@pytest.mark.parametrize("kind", LEARNING)
@FEW
@given(data=st.data())
def test_learning_twice_is_learning_once(kind: Any, data: st.DataObject) -> None:
    """A fitted function fitted on the same book again is the same function."""
    unfitted = data.draw(value_functions(kind, fitted=False))
    assert not unfitted.is_fitted
    assert unfitted.learns
    book = data.draw(st.lists(st.floats(0.01, 1e9), min_size=1, max_size=300))
    once = learned(unfitted, book)
    assert once.is_fitted
    assert learned(once, book) == once
    assert type(once) is type(unfitted)


@pytest.mark.parametrize("kind", [k for k in VALUE_FUNCTIONS if k not in LEARNING])
@FEW
@given(data=st.data())
def test_stated_functions_learn_nothing(kind: Any, data: st.DataObject) -> None:
    """A function whose constants are stated is fitted, and fit gives it back."""
    function = data.draw(value_functions(kind, fitted=False))
    assert function.is_fitted
    assert not function.learns
    assert function.fit(np.array([1.0, 2.0])) is function


@pytest.mark.parametrize("function", [ka.Percentile(), ka.ObservedRange(), ka.Ratio(to="max")])
def test_an_unfitted_function_cannot_be_used(function: Any) -> None:
    """The error names the function and says what to call."""
    with pytest.raises(ka.NotFittedError, match=r"has learned nothing yet\n\nHint: call \.fit"):
        function.value([1.0])


@pytest.mark.parametrize("bad", [["a"], np.array(["a"]), [[1.0, 2.0]], np.ones((2, 2)), [1j]])
def test_values_that_are_no_numbers_are_refused(bad: Any) -> None:
    """Text, tables and complex numbers give an error of this library, not of numpy."""
    with pytest.raises(ka.KeyAccountError):
        ka.Linear(0, 1).value(bad)


def test_integers_none_and_single_values_are_read() -> None:
    """Anything that reads as numbers can be judged: one value makes an array of one."""
    gap: Any = [1, None, 2]
    assert ka.Linear(0, 4).value(gap).tolist()[::2] == [0.25, 0.5]
    assert ka.Linear(0, 4).value(3).tolist() == [0.75]
    assert len(ka.Linear(0, 4).value([])) == 0


# --- Linear, Log, Logistic -----------------------------------------------------------------------


@given(function=value_functions(ka.Linear, ka.Log))
def test_the_ends_are_worth_exactly_0_and_1(function: Any) -> None:
    """The stated ends, and everything beyond them, are worth exactly 0 and exactly 1."""
    way = math.copysign(1.0, function.high - function.low)
    ends = [function.low, function.high, function.low - way * 1e-3, function.high + way * 1e3]
    assert function.value(ends).tolist() == [0.0, 1.0, 0.0, 1.0]


def test_linear_at_its_quarters() -> None:
    """Between the ends worth is proportional, rising or falling."""
    assert ka.Linear(1, 5).value([2, 3, 4]).tolist() == [0.25, 0.5, 0.75]
    assert ka.Linear(5, 1).value([2, 3, 4]).tolist() == [0.75, 0.5, 0.25]


def test_log_counts_each_doubling_the_same() -> None:
    """Equal ratios are equal steps of worth, and what is not above 0 is at the bottom."""
    np.testing.assert_allclose(ka.Log(1, 16).value([1, 2, 4, 8, 16]), [0, 0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(ka.Log(16, 1).value([1, 2, 4, 8, 16]), [1, 0.75, 0.5, 0.25, 0])
    assert ka.Log(1, 16).value([0, -3]).tolist() == [0.0, 0.0]
    assert ka.Log(16, 1).value([0, -3]).tolist() == [1.0, 1.0]


@given(function=value_functions(ka.Logistic), far=st.floats(0, 1e4))
def test_logistic_is_one_half_at_its_midpoint_and_even_around_it(function: Any, far: float) -> None:
    """Worth at the midpoint is one half; at equal distances worths sum to 1."""
    assert function.value([function.midpoint]).tolist() == [0.5]
    above, below = function.value([function.midpoint + far, function.midpoint - far])
    assert above + below == pytest.approx(1.0, abs=1e-6)


def test_logistic_has_the_stated_slope() -> None:
    """At the midpoint worth rises by a quarter of the slope per unit."""
    low, high = ka.Logistic(50, 0.1).value([49.999, 50.001])
    assert (high - low) / 0.002 == pytest.approx(0.1 / 4, rel=1e-6)


def test_logistic_far_out_is_0_or_1() -> None:
    """No raw value overflows."""
    assert ka.Logistic(0, 1e3).value([-1e308, 1e308]).tolist() == pytest.approx([0.0, 1.0])


WRONG: Any = 1


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: ka.Linear(3, 3), "Linear.high must differ from low (got 3.0)"),
        (lambda: ka.Linear("1", 5), "Linear.low must be a finite number (got '1')"),
        (lambda: ka.Linear(True, 5), "Linear.low must be a finite number (got True)"),
        (lambda: ka.Linear(0, math.nan), "Linear.high must be a finite number (got nan)"),
        (lambda: ka.Linear(0, 10**400), "Linear.high must be a finite number"),
        (lambda: ka.Linear(-1e308, 1e308), "too close to or too far from low"),
        (lambda: ka.Linear(0, 5e-324), "too close to or too far from low"),
        (lambda: ka.Log(0, 1), "Log.low must be above 0 (got 0.0)"),
        (lambda: ka.Log(1, -1), "Log.high must be above 0 (got -1.0)"),
        (lambda: ka.Log(2, 2), "Log.high must differ from low (got 2.0)"),
        (lambda: ka.Log(1, 1 + 1e-17), "Log.high must differ from low"),
        (lambda: ka.Logistic(0, 0), "Logistic.slope must not be 0 (got 0.0)"),
        (lambda: ka.Logistic(math.inf, 1), "Logistic.midpoint must be a finite number (got inf)"),
        (lambda: ka.PiecewiseLinear([]), "PiecewiseLinear.points must be pairs of finite numbers"),
        (lambda: ka.PiecewiseLinear(5), "PiecewiseLinear.points must be pairs of finite numbers"),
        (lambda: ka.PiecewiseLinear([(1, 0.5), (1, 0.6)]), "must have rising raw values"),
        (lambda: ka.PiecewiseLinear([(1, 1.5)]), "must have worths in [0, 1]"),
        (
            lambda: ka.PiecewiseLinear([(-1e308, 0), (1e308, 1)]),
            "points must not span too wide a range",
        ),
        (lambda: ka.Bands((1, 1), (0, 0.5, 1)), "Cuts.edges must be finite numbers, each above"),
        (lambda: ka.Bands((1, 2), (0, 1)), "Bands.values must be 3 worths in [0, 1]"),
        (lambda: ka.Bands((1,), (0, 2)), "Bands.values must be 2 worths in [0, 1]"),
        (lambda: ka.ObservedRange(0.9, 0.1), "ObservedRange.upper must be above lower (0.9)"),
        (lambda: ka.ObservedRange(5, 95), "ObservedRange.lower must be a share in [0, 1]"),
        (lambda: ka.ObservedRange(low=1), "ObservedRange.high must be given with low"),
        (lambda: ka.ObservedRange(low=2, high=1), "ObservedRange.high must be given with low"),
        (lambda: ka.ObservedRange(low=-1e308, high=1e308), "ObservedRange.high is too far"),
        (lambda: ka.ObservedRange(falling=WRONG), "ObservedRange.falling must be True or False"),
        (lambda: ka.Percentile(parts=0), "Percentile.parts must be a whole number of at least 1"),
        (lambda: ka.Percentile(parts=True), "Percentile.parts must be a whole number"),
        (lambda: ka.Percentile(knots=[(2, 0), (1, 1)]), "must have rising raw values"),
        (lambda: ka.Ratio(to="mean"), "Ratio.to must be one of 'max', 'min', 'sum', 'norm'"),
        (
            lambda: ka.Ratio(to="max", reference=0),
            "Ratio.reference must be a finite number above 0",
        ),
        (lambda: ka.Ratio(to="max", reference=5e-324), "Ratio.reference must be a finite number"),
    ],
)
def test_constants_that_make_no_function_are_refused(make: Any, said: str) -> None:
    """The error names the field, the rule and the value, and a way out."""
    with pytest.raises(ka.SpecError, match=re.escape(said)) as caught:
        make()
    assert "\n\nHint: " in str(caught.value)


def test_constants_become_exact_floats() -> None:
    """Integers and numpy numbers become floats, and -0.0 becomes 0.0, so that equal is equal."""
    assert ka.Linear(np.int32(1), np.float32(5)) == ka.Linear(1.0, 5.0)
    assert math.copysign(1.0, ka.Linear(-0.0, 1).low) == 1.0
    assert ka.Bands([1, 2], [0, 0.5, 1]) == ka.Bands((1.0, 2.0), (0.0, 0.5, 1.0))
    assert ka.PiecewiseLinear({1: 0, 2: 1}.items()) == ka.PiecewiseLinear([(1, 0), (2, 1)])


# --- Knots ---------------------------------------------------------------------------------------


@st.composite
def knots_of_any_scale(draw: st.DrawFn) -> list[tuple[float, float]]:
    """Draw knots close together, far apart, negative, tiny, or crowded into one bucket."""
    start = draw(st.sampled_from([0.0, -5.0, 1e-310, 1.0, -1e200, 1e200]))
    steps = st.sampled_from([5e-324, 1e-300, 1e-16, 1e-9, 1.0, 1e6, 1e199])
    xs = start + np.cumsum(draw(st.lists(steps, min_size=1, max_size=30)))
    xs = np.unique([start, *xs.tolist()])
    ys = draw(st.lists(st.floats(0, 1), min_size=len(xs), max_size=len(xs)))
    return list(zip(xs.tolist(), ys, strict=True))


@given(knots=knots_of_any_scale(), x=st.lists(st.floats(-1e300, 1e300), max_size=5))
def test_lines_between_knots_agree_with_interpolation(knots: Any, x: list[float]) -> None:
    """Worth is that of numpy's interpolation, wherever the knots lie and however they crowd."""
    at, worth = (np.array(v) for v in zip(*knots, strict=True))
    with np.errstate(over="ignore"):
        assume(np.isfinite(np.diff(worth) / np.diff(at)).all())  # no room for a line: a step
    near = np.concatenate([at, np.nextafter(at, -np.inf), np.nextafter(at, np.inf), [0.0, -0.0], x])
    found = ka.PiecewiseLinear(knots).value(near)
    np.testing.assert_allclose(found, np.interp(near, at, worth), atol=1e-9)
    assert_same_bits(found[: len(at)], worth + 0.0, "worth at the knots")


@given(knots=knots_of_any_scale(), x=st.lists(st.floats(-1e300, 1e300), max_size=5))
def test_every_way_to_find_a_segment_finds_the_same(knots: Any, x: list[float]) -> None:
    """The table of buckets, beside those of other groups, agrees with the binary search."""
    at = np.array([k for k, _ in knots])
    near = np.concatenate([at, np.nextafter(at, -np.inf), np.nextafter(at, np.inf), [0.0, -0.0], x])
    function = ka.PiecewiseLinear(knots)
    kernel = function.kernel()
    found = function.value(near)
    assert_same_bits(found, np.array([kernel.one(v) for v in near.tolist()]))
    other = ka.PiecewiseLinear([(-7, 0.1), (3, 0.9)])
    scorer = ka.CompositeScorer(
        criteria=[
            ka.Criterion("a", column="a", value=ka.ByGroup({"x": other, "y": function}, pool=other))
        ],
        weights={"a": 1.0},
        group="g",
    )
    book = {"a": near, "g": ["y"] * len(near)}
    assert_same_bits(scorer.score(book).value, found)


def test_a_step_between_knots_without_room_is_a_step() -> None:
    """Two knots one bit apart make a step, not an overflow."""
    function = ka.PiecewiseLinear([(0.0, 0.0), (5e-324, 1.0)])
    assert function.value([-1, 0, 5e-324, 1]).tolist() == [0.0, 0.0, 1.0, 1.0]


def test_steps_that_crowd_are_steps_each() -> None:
    """Where many knots are one bit apart beside one far away, each is found, alone and by group."""
    at = [*(np.arange(-12, 13) * 5e-324).tolist(), 1e300]
    worths = np.random.default_rng(0).random(len(at))
    function = ka.PiecewiseLinear(zip(at, worths, strict=True))
    assert_same_bits(function.value(at), worths)
    by_group = ka.ByGroup({"x": function}, pool=ka.PiecewiseLinear([(0, 0.25)]))
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("a", column="a", value=by_group)], weights={"a": 1.0}, group="g"
    )
    rows = {"a": at * 2, "g": ["x"] * len(at) + ["y"] * len(at)}
    assert_same_bits(scorer.score(rows).value, np.append(worths, [0.25] * len(at)))


def test_minus_zero_is_zero_among_knots() -> None:
    """A raw -0.0 is at a knot at 0, also where the knot below it is only one bit away."""
    function = ka.PiecewiseLinear([(-5e-324, 0.0), (0.0, 1.0)])
    assert function.value([-5e-324, -0.0, 0.0]).tolist() == [0.0, 1.0, 1.0]


# --- Percentile, ObservedRange -------------------------------------------------------------------


@given(book=st.lists(st.sampled_from([1.0, 2.0, 2.5, 7.0]) | amounts(), min_size=2, max_size=90))
def test_a_percentile_is_the_share_of_the_book_below(book: list[float]) -> None:
    """With every value kept, worth is (lower + half of the other equals) / (n - 1)."""
    x = np.array(book)
    assume(np.ptp(x) < 1e300)
    lower = (x[None, :] < x[:, None]).sum(axis=1)
    equal = (x[None, :] == x[:, None]).sum(axis=1) - 1
    expected = (lower + equal / 2) / (len(x) - 1)
    np.testing.assert_allclose(learned(ka.Percentile(), x).value(x), expected, rtol=1e-14)


@given(book=st.lists(amounts(), min_size=1, max_size=250), parts=st.sampled_from([1, 3, 100]))
def test_a_rising_and_a_falling_percentile_are_worth_1_together(book: Any, parts: int) -> None:
    """Ties share the middle of their ranks, so that turning the direction takes nothing away."""
    assume(np.ptp(book) < 1e300)
    rising = learned(ka.Percentile(parts=parts), book).value(book)
    falling = learned(ka.Percentile(parts=parts, falling=True), book).value(book)
    np.testing.assert_allclose(rising + falling, 1.0, atol=1e-12)


def test_a_long_book_is_kept_as_its_quantiles() -> None:
    """A hundred parts make 101 knots: numpy's quantiles, worth their share."""
    x = np.random.default_rng(1).lognormal(10, 2, 5_000)
    knots = learned(ka.Percentile(), x).knots
    assert len(knots) == 101
    np.testing.assert_allclose([k for k, _ in knots], np.quantile(x, np.arange(101) / 100))
    np.testing.assert_allclose([s for _, s in knots], np.arange(101) / 100)


@given(
    book=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60),
    shares=st.tuples(st.floats(0, 1), st.floats(0, 1)).filter(lambda p: p[0] < p[1]),
)
def test_an_observed_range_lies_between_numpys_quantiles(
    book: list[float], shares: tuple[float, float]
) -> None:
    """The learned ends are the quantiles asked for, and never the wrong way round."""
    fitted = learned(ka.ObservedRange(*shares), book)
    assert fitted.low <= fitted.high
    np.testing.assert_allclose([fitted.low, fitted.high], np.quantile(book, shares), atol=1e-6)


def test_close_quantiles_do_not_change_places() -> None:
    """Where rounding puts the lower of two close quantiles above the other, they count as equal."""
    book = [0.6911045135733596, 0.6911045135733599]
    fitted = learned(ka.ObservedRange(0.07032625356921807, 0.07356290533063203), book)
    assert fitted.low == fitted.high


@pytest.mark.parametrize("n", [1, 3, 200])
@pytest.mark.parametrize("falling", [False, True])
@pytest.mark.parametrize("function", [ka.ObservedRange, ka.Percentile])
def test_where_all_are_equal_each_is_worth_one_half(function: Any, falling: bool, n: int) -> None:
    """What is equal for everybody tells nobody apart, whichever way is better."""
    fitted = learned(function(falling=falling), [4.0] * n)
    assert fitted.value([4.0]).tolist() == [0.5]


@pytest.mark.parametrize(("falling", "worths"), [(False, [0, 0.5, 1]), (True, [1, 0.5, 0])])
def test_beside_a_book_of_equals_less_and_more_count(falling: bool, worths: list[float]) -> None:
    """An account seen later is better or worse than the one value there was."""
    fitted = learned(ka.ObservedRange(falling=falling), [4.0, 4.0])
    assert fitted.value([3, 4, 5]).tolist() == worths


@given(book=st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=200), seed=st.integers(0, 9))
def test_learned_constants_do_not_depend_on_the_order(book: list[float], seed: int) -> None:
    """Shuffled, negative zeros among them, a book teaches the same constants to the last bit."""
    x = np.array([*book, 0.0, -0.0])
    y = np.random.default_rng(seed).permutation(x)
    for function in (ka.Percentile(), ka.ObservedRange(0.2, 0.7), ka.Ratio(to="norm")):
        if isinstance(function, ka.Ratio) and not np.any(np.abs(x) > 1e-200):
            continue
        first, second = (learned(function, v) for v in (x, y))
        assert repr(first) == repr(second)


# --- Ratio ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "falling", "expected"),
    [
        ("max", False, [0.25, 0.5, 1.0]),
        ("min", False, [1.0, 2.0, 4.0]),
        ("sum", False, [2 / 14, 4 / 14, 8 / 14]),
        ("norm", False, [2 / 84**0.5, 4 / 84**0.5, 8 / 84**0.5]),
        ("max", True, [1.0, 0.5, 0.25]),
        ("min", True, [1.0, 0.5, 0.25]),
        ("sum", True, [4 / 7, 2 / 7, 1 / 7]),
        ("norm", True, [1 - 2 / 84**0.5, 1 - 4 / 84**0.5, 1 - 8 / 84**0.5]),
    ],
)
def test_the_ratios_of_the_table(to: str, falling: bool, expected: list[float]) -> None:
    """Each cell of the table in the docs, on the column 2, 4, 8."""
    fitted = learned(ka.Ratio(to=to, falling=falling), [2.0, 4.0, 8.0])
    np.testing.assert_allclose(fitted.value([2, 4, 8]), expected, rtol=1e-14)


@pytest.mark.parametrize("to", ["max", "min", "sum"])
def test_a_falling_ratio_cannot_judge_what_is_not_above_0(to: str) -> None:
    """Zero and negative values count as missing, in a batch and one by one."""
    fitted = ka.Ratio(to=to, falling=True, reference=2.0)
    assert np.isnan(fitted.value([0.0, -0.0, -3.0])).all()
    assert all(math.isnan(fitted.kernel().one(x)) for x in (0.0, -3.0))
    assert not np.isnan(fitted.value([1e-300])).any()


@pytest.mark.parametrize("book", [[0.0, 0.0], [-1.0, 0.0]])
@pytest.mark.parametrize("to", ["max", "min", "sum"])
def test_a_ratio_needs_a_positive_reference(to: str, book: list[float]) -> None:
    """A column without a positive number has no ratio: an error, not a division by zero."""
    with pytest.raises(ka.SpecError, match=r"Ratio\.reference must be a finite number above 0"):
        learned(ka.Ratio(to=to), book)


@settings(max_examples=30)
@given(x=st.lists(st.floats(1e-3, 1e9), min_size=1, max_size=300), seed=st.integers(0, 5))
def test_a_total_is_exactly_rounded(x: list[float], seed: int) -> None:
    """The reference is the correctly rounded sum, so that no order of rows can change it."""
    y = np.random.default_rng(seed).permutation(x)
    assert learned(ka.Ratio(to="sum"), y).reference == math.fsum(x)
    assert learned(ka.Ratio(to="norm"), np.array(x) * 1e200).reference == pytest.approx(
        1e200 * math.sqrt(math.fsum(v * v for v in x)), rel=1e-12
    )


# --- Bands ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 5, 23, 24, 60])
def test_a_value_at_a_cut_belongs_to_the_upper_band(count: int) -> None:
    """Few cuts or many, the band of a value is the number of cuts at or below it."""
    cuts = np.arange(count) * 1.5
    worths = np.linspace(0, 1, count + 1)
    x = np.concatenate([cuts, np.nextafter(cuts, -np.inf), np.nextafter(cuts, np.inf), [-9, 1e9]])
    expected = worths[(cuts[None, :] <= x[:, None]).sum(axis=1)]
    assert ka.Bands(cuts, worths).value(x).tolist() == expected.tolist()
