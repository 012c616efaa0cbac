"""The row-wise contract: a result depends on its row alone, to the last bit.

For every value function, aggregation and missing policy, grouped and not, in every container, and
on both sides of the edges of the blocks that long columns are cut into.
"""

from __future__ import annotations

import math
import pickle
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import keyaccount as ka
from keyaccount._blocks import BLOCK
from keyaccount.testing import (
    AGGREGATES,
    CONTAINERS,
    GROUPS,
    POLICIES,
    VALUE_FUNCTIONS,
    amounts,
    as_container,
    assert_row_wise,
    assert_same_bits,
    books,
    by_group,
    scorers,
    value_functions,
)

NAMES = "abcd"


def scorer_of(
    value: Any, *, aggregate: Any = "sum", missing: Any = "worst", group: str | None = None
) -> ka.CompositeScorer:
    """Give a scorer of two criteria, the first of them judged by the value function."""
    return ka.CompositeScorer(
        criteria=(
            ka.Criterion("a", column="a", value=value, missing=missing, neutral=0.25),
            ka.Criterion("b", column="b", value=ka.Linear(0, 10), missing=missing, neutral=0.75),
        ),
        weights={"a": 0.7, "b": 0.3},
        group=group,
        aggregate=aggregate,
        ideals=(ka.Ideal(0.1, 0.8), ka.Ideal(0.0, 1.0)) if aggregate == "topsis" else None,
    )


@pytest.mark.parametrize("kind", VALUE_FUNCTIONS)
@settings(max_examples=40)
@given(data=st.data())
def test_a_value_function_judges_each_value_alone(kind: Any, data: st.DataObject) -> None:
    """In a batch, in reverse, in parts and one by one, each value has the same worth."""
    function = data.draw(value_functions(kind))
    x = np.array(data.draw(st.lists(amounts() | st.just(math.nan), max_size=20)))
    whole = function.value(x)
    assert_same_bits(function.value(x[::-1])[::-1], whole, "in reverse")
    half = len(x) // 2
    parts = np.concatenate([function.value(x[:half]), function.value(x[half:])])
    assert_same_bits(parts, whole, "in parts")
    kernel = function.kernel()
    judged = np.isfinite(whole)
    alone = [kernel.one(value) for value in x[judged].tolist()]
    assert_same_bits(np.array(alone, dtype=float), whole[judged], "one by one")


@pytest.mark.parametrize("group", [None, "g"])
@pytest.mark.parametrize("aggregate", AGGREGATES)
@settings(max_examples=25)
@given(data=st.data())
def test_a_scorer_judges_each_account_alone(
    aggregate: Any, group: str | None, data: st.DataObject
) -> None:
    """Permuted, split, alone in a batch or as a dict of scalars, an account scores the same."""
    scorer = data.draw(scorers(aggregates=[aggregate], group=group))
    assert_row_wise(scorer, data.draw(books(NAMES, group=group, max_size=8)))


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("aggregate", AGGREGATES)
@pytest.mark.parametrize("kind", VALUE_FUNCTIONS)
@pytest.mark.parametrize("group", [None, "g"])
def test_every_combination_is_row_wise(
    kind: Any, aggregate: Any, policy: Any, group: str | None
) -> None:
    """No value function, aggregation, policy or grouping is left out of the contract."""
    rng = np.random.default_rng(7)
    n = 10
    book: dict[str, Any] = {
        "a": rng.choice([-1.0, 0.0, 0.5, 3.0, 3.5, 7.0, 1e4, math.nan, math.inf], n),
        "b": rng.choice([0.0, 2.5, 9.0, 11.0, math.nan], n),
    }
    if group is not None:
        book[group] = [*GROUPS, "never seen", None] * 2
    value: Any = EXAMPLES[kind]
    if group is not None:
        value = ka.ByGroup({"finance": OTHERS[kind], "retail": ka.Linear(0, 8)}, pool=value)
    assert_row_wise(scorer_of(value, aggregate=aggregate, missing=policy, group=group), book)


EXAMPLES: dict[Any, ka.ValueFunction] = {
    ka.Bands: ka.Bands((0, 3), (0.1, 0.4, 0.9)),
    ka.Linear: ka.Linear(0, 7),
    ka.Log: ka.Log(0.5, 100),
    ka.Logistic: ka.Logistic(2, 0.7),
    ka.ObservedRange: ka.ObservedRange(low=-1, high=6),
    ka.Percentile: ka.Percentile().fit(np.array([-1.0, 0.0, 0.5, 3.0, 3.0, 7.0])),
    ka.PiecewiseLinear: ka.PiecewiseLinear([(-1, 0.2), (1, 0.9), (6, 0.4)]),
    ka.Ratio: ka.Ratio(to="min", falling=True, reference=0.5),
}
OTHERS: dict[Any, ka.ValueFunction] = {
    ka.Bands: ka.Bands(range(30), np.linspace(0, 1, 31)),
    ka.Linear: ka.Linear(7, 1),
    ka.Log: ka.Log(100, 2),
    ka.Logistic: ka.Logistic(3, -2),
    ka.ObservedRange: ka.ObservedRange(low=3, high=3),
    ka.Percentile: ka.Percentile(falling=True).fit(np.array([0.5, 3.0, 1e4])),
    ka.PiecewiseLinear: ka.PiecewiseLinear([(3, 0.5)]),
    ka.Ratio: ka.Ratio(to="norm", falling=True, reference=9.0),
}


@pytest.mark.parametrize("kind", VALUE_FUNCTIONS)
def test_the_weight_is_folded_in_the_same_way_for_all(kind: Any) -> None:
    """A kernel with a weight never passes it, and reaches it where the worth is 1."""
    function = EXAMPLES[kind]
    x = np.array([-5.0, 0.5, 3.0, 6.0, 7.0, 1e6])
    x = x[np.isfinite(function.defined(x))]
    for top in (0.1, 0.3, 0.7, 1 / 3):
        out = np.empty(len(x))
        function.kernel(top).into(x, out)
        worth = function.value(x)
        np.testing.assert_allclose(out, top * worth, rtol=1e-14)
        if kind is not ka.Ratio:  # which is not bounded
            assert (out <= top).all()
            assert (out[worth == 1.0] == top).all()


@pytest.mark.parametrize("n", [BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 5])
@pytest.mark.parametrize("aggregate", AGGREGATES)
def test_the_edges_of_blocks_do_not_show(aggregate: Any, n: int) -> None:
    """Rows on both sides of a block's edge score as they do in any other part."""
    rng = np.random.default_rng(n)
    columns = {name: rng.normal(3, 4, n) for name in NAMES}
    for x in columns.values():
        x[rng.random(n) < 0.01] = np.nan
    book = {**columns, "g": rng.choice([*GROUPS, "never seen"], n)}
    per_group = ka.ByGroup({"finance": ka.Log(0.5, 9)}, pool=ka.Logistic(3, 0.5))
    knots = ka.Percentile().fit(np.sort(rng.normal(3, 4, 1_000)))
    ramps = ka.ByGroup({"retail": ka.Linear(-3, 9)}, pool=ka.Linear(0, 8))
    values: dict[str, Any] = dict(
        zip(
            NAMES,
            [per_group, ka.ByGroup({"finance": knots}, pool=knots), ramps, knots],
            strict=True,
        )
    )
    scorer = ka.CompositeScorer(
        criteria=[
            ka.Criterion(c, column=c, value=v, missing=p, neutral=0.5)
            for (c, v), p in zip(values.items(), POLICIES, strict=True)
        ],
        weights=dict(zip(NAMES, [0.4, 0.3, 0.2, 0.1], strict=True)),
        group="g",
        aggregate=aggregate,
        ideals=[ka.Ideal(0.1, 0.9)] * 4 if aggregate == "topsis" else None,
    )
    assert_row_wise(scorer, book, singles=25)


@pytest.mark.parametrize("kind", VALUE_FUNCTIONS)
def test_the_edges_of_blocks_do_not_show_in_value_functions(kind: Any) -> None:
    """A value function gives the same worths around an edge as for those values alone."""
    rng = np.random.default_rng(0)
    x = rng.choice([0.5, 3.0, 6.5], BLOCK + 40) + rng.normal(0, 2, BLOCK + 40)
    for function in (EXAMPLES[kind], OTHERS[kind]):
        near = slice(BLOCK - 30, BLOCK + 40)
        assert_same_bits(function.value(x)[near], function.value(x[near]))


@pytest.mark.parametrize("container", CONTAINERS)
@settings(max_examples=12)
@given(data=st.data())
def test_scores_do_not_depend_on_the_container(container: str, data: st.DataObject) -> None:
    """The same columns in any container score the same, fitted in it or not."""
    group = data.draw(st.sampled_from([None, "g"]))
    scorer = data.draw(scorers(group=group, max_criteria=3, all_columns=True))
    book = data.draw(books("abc", group=group, max_size=8))
    expected = scorer.apply(book)
    for name, found in scorer.apply(as_container(book, container)).items():
        assert_same_bits(found, expected[name], f"{name} in {container}")


@pytest.mark.parametrize("container", CONTAINERS)
@settings(max_examples=12)
@given(book=books("ab", group="g", min_size=1))
def test_what_is_learned_does_not_depend_on_the_container(container: str, book: Any) -> None:
    """The same book in any container teaches the same constants."""
    scorer = learning_scorer("sum")
    try:
        expected = scorer.fit(book)
    except ka.NotEnoughDataError:
        with pytest.raises(ka.NotEnoughDataError):
            scorer.fit(as_container(book, container))
    else:
        assert scorer.fit(as_container(book, container)) == expected


def learning_scorer(aggregate: Any) -> ka.CompositeScorer:
    """Give a scorer that has everything to learn."""
    return ka.CompositeScorer(
        criteria=(
            ka.Criterion("a", column="a", value=ka.Percentile(parts=4), missing="neutral"),
            ka.Criterion("b", column="b", value=ka.ObservedRange(0.1, 0.9, falling=True)),
        ),
        weights={"a": 0.5, "b": 0.5},
        group="g",
        min_group=2,
        aggregate=aggregate,
    )


WHOLE: list[int | None] = [3, -1, None, 0, 12, 5]
SAME_NUMBERS: dict[str, Any] = {
    "list": WHOLE,
    "decimals": [None if v is None else Decimal(v) for v in WHOLE],
    "objects": np.array(WHOLE, dtype=object),
    "float32": np.array([np.nan if v is None else v for v in WHOLE], dtype=np.float32),
    "float16": np.array([np.nan if v is None else v for v in WHOLE], dtype=np.float16),
    "big-endian": np.array([np.nan if v is None else v for v in WHOLE], dtype=">f8"),
    "masked": np.ma.masked_array([v or 0 for v in WHOLE], mask=[v is None for v in WHOLE]),
    "pandas float": pd.Series(WHOLE, dtype="float64"),
    "pandas Int64": pd.Series(WHOLE, dtype="Int64"),
    "pandas object with NA": pd.Series([pd.NA if v is None else v for v in WHOLE], dtype=object),
    "pandas arrow": pd.Series(WHOLE, dtype="int64[pyarrow]"),
    "pandas categorical": pd.Series(WHOLE, dtype="Int64").astype("category"),
    "pandas decimal": pd.Series(
        [None if v is None else Decimal(v) for v in WHOLE],
        dtype=pd.ArrowDtype(pa.decimal128(9, 2)),
    ),
    "polars int": pl.Series(WHOLE, dtype=pl.Int16),
    "polars float32": pl.Series(WHOLE, dtype=pl.Float32),
    "polars decimal": pl.Series(WHOLE, dtype=pl.Int64).cast(pl.Decimal(9, 2)),
    "arrow int": pa.array(WHOLE, pa.int8()),
    "arrow decimal": pa.array([None if v is None else Decimal(v) for v in WHOLE]),
    "arrow dictionary": pa.array(WHOLE, pa.int64()).dictionary_encode(),
    "arrow chunks": pa.chunked_array([WHOLE[:2], WHOLE[2:]]),
}


@pytest.mark.parametrize("how", SAME_NUMBERS)
@pytest.mark.parametrize("aggregate", AGGREGATES)
def test_scores_do_not_depend_on_how_numbers_are_stored(how: str, aggregate: Any) -> None:
    """Whole numbers with a gap score the same in every type a column can have."""
    value = ka.Percentile().fit(np.array([-1.0, 0.0, 3.0, 5.0, 12.0]))
    scorer = scorer_of(value, aggregate=aggregate, missing="reweight")
    b = [1.0, 2.0, 3.0, 4.0, 5.0, math.nan]
    expected = scorer.apply({"a": [math.nan if v is None else float(v) for v in WHOLE], "b": b})
    for name, found in scorer.apply({"a": SAME_NUMBERS[how], "b": b}).items():
        assert_same_bits(found, expected[name], f"{name} of {how}")


def test_scoring_leaves_its_input_as_it_was() -> None:
    """Read-only arrays can be scored, and arrays that could be written to are not."""
    x: NDArray[np.float64] = np.array([-1.0, 2.0, np.nan, np.inf, 50.0])
    before = x.copy()
    for aggregate in AGGREGATES:
        for value in EXAMPLES.values():
            scorer = scorer_of(value, aggregate=aggregate, missing="reweight")
            scorer.apply({"a": x, "b": x})
            assert_same_bits(x, before, "the input")
    x.flags.writeable = False
    assert len(scorer_of(ka.Log(1, 10)).score({"a": x, "b": x})) == 5


@settings(max_examples=40)
@given(scorer=scorers(group="g"), book=books(NAMES, group="g"))
def test_a_spec_that_crossed_a_process_border_scores_the_same(
    scorer: ka.CompositeScorer, book: Any
) -> None:
    """Pickled, used or unused, a scorer is equal, hashes equal, and gives the same bits."""
    unused = pickle.loads(pickle.dumps(scorer))  # noqa: S301 - our own bytes
    expected = scorer.apply(book)
    used = pickle.loads(pickle.dumps(scorer))  # noqa: S301 - our own bytes
    assert b"_plan" not in pickle.dumps(scorer)  # what it made to run stays at home
    for copy in (unused, used):
        assert copy == scorer
        assert hash(copy) == hash(scorer)
        for name, found in copy.apply(book).items():
            assert_same_bits(found, expected[name], name)


@settings(max_examples=50)
@given(functions=by_group(value_functions()), book=books("a", group="g"))
def test_each_row_is_judged_by_the_function_of_its_group(
    functions: ka.ByGroup[ka.ValueFunction], book: Any
) -> None:
    """With one criterion of weight 1, a score is the worth by the group's own function."""
    scorer = ka.CompositeScorer(
        criteria=[ka.Criterion("a", column="a", value=functions, missing="reject")],
        weights={"a": 1.0},
        group="g",
    )
    worths = [
        functions.of(label).value([x])[0] for x, label in zip(book["a"], book["g"], strict=True)
    ]
    assert_same_bits(scorer.score(book).value, np.array(worths, dtype=float))


class Peeking:
    """A spec that breaks the contract in one way."""

    reads = ("a",)
    writes = {"out": ka.Column("float")}  # noqa: RUF012 - a spec for one test

    def __init__(self, fault: str) -> None:
        self.fault = fault

    def apply(self, columns: Any) -> dict[str, NDArray[Any]]:
        """Look at other rows, at the number of rows, or at the order of rows."""
        x = np.atleast_1d(np.array(columns["a"], dtype=float))
        if self.fault == "mean":
            x -= x.mean() if len(x) else 0.0
        if self.fault == "last bit" and len(x) > 1:
            x = np.nextafter(x, np.inf)
        if self.fault == "order" and len(x) > 1:
            x = np.sort(x)
        if self.fault == "sign of zero" and isinstance(columns["a"], float):
            x = np.where(x == 0.0, -0.0, x)
        if self.fault == "length":
            x = x[1:]
        if self.fault == "kind":
            return {"out": x.astype(np.int64)}
        if self.fault == "input" and isinstance(columns["a"], np.ndarray):
            columns["a"][:] = 0.0
        return {"other": x} if self.fault == "name" else {"out": x}


@pytest.mark.parametrize(
    "fault", ["mean", "last bit", "order", "sign of zero", "length", "kind", "name", "input"]
)
def test_a_breach_of_the_contract_is_caught(fault: str) -> None:
    """The assertion fails on a spec that looks beyond its row, or does not write what it says."""
    book = {"a": np.array([3.0, 0.0, 2.0])}
    assert_row_wise(Peeking("none"), book)
    with pytest.raises(AssertionError):
        assert_row_wise(Peeking(fault), book)
