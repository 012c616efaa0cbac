"""Weights: what they hold, what they refuse, and how they read as a mapping and as a vector."""

from __future__ import annotations

import copy
import math
import pickle
from functools import reduce
from operator import add
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.errors import KeyAccountError, SpecError, WeightsError
from keyaccount.scoring.weights import Weights, ahp_weights, as_weights

NAMES = st.text(min_size=1).filter(str.strip)
AMOUNTS = st.floats(min_value=1e-6, max_value=1e6)
RAW = st.dictionaries(NAMES, AMOUNTS, min_size=1, max_size=12)


def test_weights_are_a_read_only_mapping_in_declared_order() -> None:
    """Keys, values, items, length, lookup and iteration are those of the mapping given."""
    given_weights = {"b": 0.25, "a": 0.75}
    weights = Weights(given_weights)
    assert dict(weights) == given_weights
    assert list(weights) == ["b", "a"]
    assert tuple(weights.keys()) == weights.names == ("b", "a")
    assert list(weights.values()) == [0.25, 0.75]
    assert list(weights.items()) == [("b", 0.25), ("a", 0.75)] == list(weights.pairs)
    assert len(weights) == 2
    assert weights["a"] == 0.75
    assert weights.get("c") is None
    assert "c" not in weights
    with pytest.raises(KeyError):
        weights["c"]


def test_weights_are_frozen() -> None:
    """Neither a field nor an entry can be set."""
    weights: Any = Weights({"a": 1})
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        weights.pairs = ()
    with pytest.raises(TypeError):
        weights["a"] = 0.5


def test_weights_compare_and_hash_by_name_value_and_order() -> None:
    """Equal fields mean equal weights and equal hashes; another order is another spec."""
    weights = Weights({"a": 0.5, "b": 0.5})
    again = Weights([("a", 0.5), ("b", 0.5)])
    assert weights == again
    assert hash(weights) == hash(again)
    assert weights != Weights({"b": 0.5, "a": 0.5})
    assert weights != Weights({"a": 0.25, "b": 0.75})
    assert weights == Weights(weights) == copy.deepcopy(weights)
    assert pickle.loads(pickle.dumps(weights)) == weights  # noqa: S301 - our own bytes


def test_weights_hold_exact_floats() -> None:
    """Integers, numpy scalars and −0.0 become plain floats, −0.0 the positive zero."""
    numbers: Any = {"a": 1, "b": np.float64(0.0), "c": -0.0}
    weights = Weights(numbers)
    assert [type(w) for w in weights.values()] == [float, float, float]
    assert math.copysign(1.0, weights["c"]) == 1.0


def test_weights_read_as_a_vector() -> None:
    """`np.asarray` gives float64 in declared order, another dtype on request, and always a copy."""
    weights = Weights({"b": 0.25, "a": 0.75})
    vector = np.asarray(weights)
    assert vector.dtype == np.float64
    assert vector.tolist() == [0.25, 0.75]
    assert np.asarray(weights, dtype=np.float32).dtype == np.float32
    assert weights.__array__(np.float32).dtype == np.float32
    vector[0] = 9.0
    assert np.array(weights).tolist() == [0.25, 0.75]
    with pytest.raises(ValueError, match="copy"):
        np.asarray(weights, copy=False)


def test_weights_print_as_they_would_be_declared() -> None:
    """The repr builds the same weights."""
    weights = Weights({"sales": 0.6, "potential": 0.4})
    assert repr(weights) == "Weights({'sales': 0.6, 'potential': 0.4})"
    assert eval(repr(weights)) == weights  # noqa: S307 - our own repr


@pytest.mark.parametrize(
    "bad",
    [
        {},
        [],
        {"a": 3.0},
        {"a": 0.5, "b": 0.5 + 1e-8},
        {"a": 0.0},
        {"a": 1.5, "b": -0.5},
        {"a": math.nan},
        {"a": math.inf},
        {"a": 1e308, "b": 1e308},
        {"a": "1"},
        {"a": True},
        {"a": None},
        {"": 1.0},
        {"  ": 1.0},
        {1: 1.0},
        [("a", 0.5), ("a", 0.5)],
        [0.5, 0.5],
        "ab",
        1.0,
        None,
        [("a", 0.5, 0.5)],
    ],
)
def test_weights_refuse_what_is_no_weights(bad: Any) -> None:
    """Everything but named, unique, finite weights of at least 0 that sum to 1 is refused."""
    with pytest.raises(WeightsError) as caught:
        Weights(bad)
    assert isinstance(caught.value, SpecError | KeyAccountError)
    assert caught.value.hint


def test_a_wrong_sum_offers_the_normalised_weights() -> None:
    """Where only the sum is wrong, the error carries the weights that would be right."""
    with pytest.raises(WeightsError, match=r"must sum to 1 \(got 3\.0\)") as caught:
        Weights({"a": 2, "b": 1})
    assert caught.value.parts["normalised"] == {"a": 2 / 3, "b": 1 / 3}


def test_the_sum_may_miss_one_by_a_billionth() -> None:
    """Decimal weights whose binary sum is not exactly 1 pass."""
    assert reduce(add, [0.1] * 10) != 1.0
    assert len(Weights({f"c{i}": 0.1 for i in range(10)})) == 10
    assert Weights({"a": 0.5, "b": 0.5 + 0.9e-9})["b"] == 0.5 + 0.9e-9


def test_an_error_names_the_bad_weight() -> None:
    """The name and the number are in the message."""
    with pytest.raises(WeightsError, match=r"the weight of 'b' must be .* \(got -0\.5\)"):
        Weights({"a": 1.5, "b": -0.5})
    with pytest.raises(WeightsError, match=r"unique names \(got \['a'\]\)"):
        Weights([("a", 0.5), ("a", 0.5)])


@given(RAW)
def test_normalised_keeps_proportions(raw: dict[str, float]) -> None:
    """The result sums to 1 within 1e-12, in the same order and the same proportions."""
    weights = Weights.normalised(raw)
    total = math.fsum(raw.values())
    assert abs(math.fsum(weights.values()) - 1.0) < 1e-12
    assert weights.names == tuple(raw)
    assert all(weights[name] == value / total for name, value in raw.items())


@given(RAW, st.randoms(use_true_random=False))
def test_normalised_does_not_depend_on_the_order(raw: dict[str, float], random: Any) -> None:
    """Another order gives the same weight to each name, to the bit."""
    items = list(raw.items())
    random.shuffle(items)
    assert dict(Weights.normalised(items)) == dict(Weights.normalised(raw))


@pytest.mark.parametrize(
    "bad", [{}, {"a": 0.0}, {"a": -1.0, "b": 2.0}, {"a": math.nan}, {"a": math.inf}, [1.0]]
)
def test_normalised_refuses_what_has_no_proportions(bad: Any) -> None:
    """Nothing, all 0, negative, NaN, infinite and nameless numbers are refused."""
    with pytest.raises(WeightsError):
        Weights.normalised(bad)


def test_as_weights_takes_weights_a_mapping_or_a_result_with_weights() -> None:
    """Weights pass unchanged; a mapping is validated; `.weights` is taken from a result."""
    weights = Weights({"a": 0.5, "b": 0.5})
    assert as_weights(weights) is weights
    assert as_weights({"a": 0.5, "b": 0.5}) == weights
    judged = ahp_weights([[1, 1], [1, 1]], names=("a", "b"))
    assert as_weights(judged) is judged.weights


def test_as_weights_takes_a_criterion_named_weights() -> None:
    """A mapping is read as a mapping whatever its names are."""
    assert as_weights({"weights": 1.0}).names == ("weights",)


@pytest.mark.parametrize("bad", [[0.5, 0.5], (1.0,), np.array([1.0]), "sales", 1.0, None])
def test_as_weights_refuses_numbers_without_names(bad: Any) -> None:
    """A plain sequence is refused with the hint to give a mapping."""
    with pytest.raises(WeightsError, match="by name") as caught:
        as_weights(bad)
    assert "mapping" in caught.value.hint


def test_as_weights_validates_a_mapping() -> None:
    """A mapping that does not sum to 1 is refused as Weights would refuse it."""
    with pytest.raises(WeightsError, match="must sum to 1"):
        as_weights({"a": 3.0})
