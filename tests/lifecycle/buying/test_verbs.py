"""What models say of customers: published numbers, bounds, and one row alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import assert_same_bits, buying_models, purchase_histories

PUBLISHED = ka.BetaGeometricNBD(r=0.243, alpha=4.414, a=0.793, b=2.426, time_unit="week")
BTYD = ka.BetaGeometricNBD(r=0.2425967, alpha=4.413659, a=0.7929869, b=2.426164)
few = settings(max_examples=25)


def three(book: Any) -> list[Any]:
    """The columns of a history."""
    return [np.array(book[name]) for name in ("frequency", "recency", "T")]


def test_expected_orders_fader_hardie_lee_2005_example() -> None:
    """Two repeat orders, t_x = 30.43, T = 38.86: 1.226 orders in the next 39 weeks."""
    assert PUBLISHED.expected_orders(2, 30.43, 38.86, 39).round(3).tolist() == [1.226]


def test_customer_1516_btyd_walkthrough() -> None:
    """26 repeat orders in 31 weeks: 25.75659 expected in the next 52, alive with 0.9688523."""
    assert BTYD.expected_orders(26, 216 / 7, 31, 52)[0] == pytest.approx(25.75659, abs=2e-5)
    assert BTYD.probability_alive(26, 216 / 7, 31)[0] == pytest.approx(0.9688523, abs=2e-7)


def test_frequent_buyers_who_stopped_btyd_walkthrough() -> None:
    """More orders before the same silence: the less is to be expected."""
    found = BTYD.expected_orders([10, 15, 20, 25], [20] * 4, [39] * 4, 52)
    published = [0.3474606, 0.04283391, 0.004158973, 0.0003583685]
    assert found == pytest.approx(published, rel=2e-6)


def test_expected_orders_of_a_new_customer_btyd_and_lifetimes() -> None:
    """1.444004 in 52 weeks; the six times of the lifetimes test."""
    assert BTYD.expected_orders_new(52)[0] == pytest.approx(1.444004, abs=5e-6)
    found = BTYD.expected_orders_new([0.1429, 1.0, 3.0, 31.8571, 32.0, 78.0])
    assert found == pytest.approx([0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576], abs=5e-4)


def test_probability_of_orders_fader_hardie_lee_2005() -> None:
    """P(X(t) = n) for the published parameters."""
    found = PUBLISHED.probability_of_orders(range(11, 21), 30.0)
    published = [
        0.0019995214, 0.0015170236, 0.001163315, 0.0009003148, 0.0007023638,
        0.0005517902, 0.0004361913, 0.0003467171, 0.0002769613, 0.000222226,
    ]  # fmt: skip
    assert found == pytest.approx(published, rel=1e-6)
    assert PUBLISHED.probability_of_orders([10, 0], [2, 39]) == pytest.approx(
        [1.07869e-07, 0.5737864], rel=1e-5
    )


@few
@given(buying_models(), purchase_histories(), st.floats(0, 300), st.floats(0, 300))
def test_more_time_brings_more_orders_and_none_brings_none(
    model: ka.BuyingModel, book: Any, t: float, more: float
) -> None:
    """Expected orders rise with the horizon, from 0; never -0.0."""
    x, tx, age = three(book)
    near, far = (model.expected_orders(x, tx, age, h) for h in (t, t + more))
    assert np.isfinite(far).all()
    assert (near <= far * (1 + 1e-9) + 1e-12).all()
    none = model.expected_orders(x, tx, age, 0.0)
    assert none.tolist() == [0.0] * len(none)
    assert not np.signbit(none).any()
    assert (model.expected_orders_new([t]) <= model.expected_orders_new([t + more]) + 1e-9).all()


@few
@given(buying_models(), purchase_histories(), st.floats(0.1, 100))
def test_silence_makes_leaving_likelier(model: ka.BuyingModel, book: Any, more: float) -> None:
    """In [0, 1], and falling in the time since the last order."""
    x, tx, age = three(book)
    now, later = model.probability_alive(x, tx, age), model.probability_alive(x, tx, age + more)
    assert ((now >= 0.0) & (now <= 1.0)).all()
    assert (later <= now + 1e-12).all()


@few
@given(buying_models(), purchase_histories(), st.randoms(use_true_random=False))
def test_a_row_depends_on_itself_alone_to_the_bit(
    model: ka.BuyingModel, book: Any, random: Any
) -> None:
    """Permuted, repeated, or alone: each customer's figures are the same."""
    columns = three(book)
    verbs = (model.probability_alive, lambda x, tx, age: model.expected_orders(x, tx, age, 52.0))
    order = list(range(len(columns[0])))
    random.shuffle(order)
    for verb in verbs:
        whole = verb(*columns)
        assert_same_bits(verb(*(np.tile(c[order], 2) for c in columns)), np.tile(whole[order], 2))
        assert_same_bits(verb(*(float(c[0]) for c in columns)), whole[:1])


@few
@given(buying_models(wild=False), st.floats(0, 50))
def test_probabilities_of_orders_are_probabilities(model: ka.BuyingModel, t: float) -> None:
    """Between 0 and 1, and the first few do not exceed 1 together."""
    found = model.probability_of_orders(range(40), t)
    assert ((found >= 0.0) & (found <= 1.0 + 1e-12)).all()
    assert found.sum() <= 1.0 + 1e-9


def test_unknown_stays_unknown_and_moves_nobody() -> None:
    """NaN in any column gives NaN; infinite counts as missing."""
    found = PUBLISHED.expected_orders([2, 2, np.nan, 2], [3, np.inf, 3, 3], [9, 9, 9, 9], 10.0)
    assert np.isnan(found).tolist() == [False, True, True, False]
    assert found[0] == found[3] == PUBLISHED.expected_orders(2, 3, 9, 10.0)[0]
    assert np.isnan(PUBLISHED.expected_orders([2, 1], [3, 3], [9, 9], [5.0, np.nan])).tolist() == [
        False,
        True,
    ]
    assert len(PUBLISHED.probability_alive([], [], [])) == 0
    assert np.isnan(PUBLISHED.expected_orders_new([np.nan])).all()


def test_columns_of_any_library() -> None:
    """A pandas column with nulls reads as an array with NaN."""
    frame = pd.DataFrame({"x": [2, None], "tx": [30.43, 1.0], "age": [38.86, 2.0]})
    found = PUBLISHED.expected_orders(frame["x"], frame["tx"], frame["age"], 39)
    assert found.round(3)[0] == 1.226
    assert np.isnan(found[1])


@pytest.mark.parametrize("kind", [ka.BetaGeometricNBD, ka.ModifiedBetaGeometricNBD, ka.ParetoNBD])
def test_verbs_hold_at_the_extremes(kind: Any) -> None:
    """Thousands of orders, decades of silence, parameters of a millionth: finite, no warning."""
    histories = [3_000.0, 0.0, 1.0, 500.0], [4_999.0, 0.0, 1e-6, 1.0], [5_000.0, 1e5, 1e6, 9_000.0]
    names = kind.kernel().names
    for values in np.ndindex(3, 3, 3, 3):
        chosen = [(1e-4, 1.0, 1e5)[v] for v in values]
        model = kind(**dict(zip(names, chosen, strict=True)))
        alive = model.probability_alive(*histories)
        assert ((alive >= 0.0) & (alive <= 1.0)).all()
        orders = model.expected_orders(*histories, 150.0)
        assert (np.isfinite(orders) & (orders >= 0.0)).all()


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda m: m.expected_orders(1, 2, 3, -1), ka.RowError, "'horizon': 1 row is below 0"),
        (lambda m: m.expected_orders([1, 1], [2, 2], [3, 3], [1, 2, 3]), ka.ColumnError, "differ"),
        (lambda m: m.expected_orders_new(-1), ka.RowError, "'t': 1 row is below 0"),
        (lambda m: m.probability_of_orders(1.5, 1), ka.RowError, "'n': 1 row is no count"),
        (lambda m: m.probability_of_orders([1, 2], [1, 2, 3]), ka.ColumnError, "differ"),
        (lambda m: m.probability_alive([2, 2], [9, 8], [3, 3]), ka.RowError, "2 rows are beyond T"),
    ],
)
def test_what_cannot_be_is_refused(call: Any, error: type[Exception], said: str) -> None:
    """Typed errors that show the value."""
    with pytest.raises(error, match=said):
        call(PUBLISHED)
