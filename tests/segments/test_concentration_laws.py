"""Concentration keeps the laws that any measure of it must keep."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import assert_same_bits, customer_values, purchase_logs

VALUES = st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any)
MEASURES = ("gini", "hhi", "largest_share", "effective_number")


@given(VALUES, st.integers(-30, 30))
def test_another_unit_changes_nothing(values: list[int], power: int) -> None:
    """Every value times a power of 2: the same shares, curve, classes and indices, to the bit."""
    found = ka.Concentration.of(values)
    scaled = ka.Concentration.of(np.array(values, dtype=float) * 2.0**power)
    for measure in (*MEASURES, "gini_corrected", "hhi_normalised"):
        assert_same_bits(np.array([getattr(found, measure)]), np.array([getattr(scaled, measure)]))
    assert_same_bits(found.lorenz.value, scaled.lorenz.value)
    assert found.abc().labels.tolist() == scaled.abc().labels.tolist()
    assert found.customers_for(0.8).customers == scaled.customers_for(0.8).customers


@given(VALUES, st.integers(2, 5))
def test_a_book_repeated_is_as_unequal(values: list[int], times: int) -> None:
    """Every customer k times: the same Gini, curve and top share; the HHI divided by k."""
    one, many = ka.Concentration.of(values), ka.Concentration.of(values * times)
    assert many.gini == one.gini
    assert many.hhi * times == pytest.approx(one.hhi, rel=1e-14)
    assert many.lorenz.value[::times] == pytest.approx(one.lorenz.value, abs=1e-15)
    for count in range(1, len(values) + 1):
        assert many.cr(count * times) == one.cr(count)
    assert many.abc().customers == tuple(times * c for c in one.abc().customers)


@given(VALUES, st.data())
def test_taking_from_the_poor_for_the_rich_concentrates(
    values: list[int], data: st.DataObject
) -> None:
    """The transfer principle of Pigou and Dalton: Gini and HHI rise, CR-n does not fall."""
    poor, rich = sorted(
        data.draw(st.lists(st.integers(0, len(values) - 1), min_size=2, max_size=2, unique=True))
        if len(values) > 1
        else [0, 0],
        key=lambda i: values[i],
    )
    assume(poor != rich and values[poor] > 0)
    amount = data.draw(st.integers(1, values[poor]))
    after = list(values)
    after[poor] -= amount
    after[rich] += amount
    old, new = ka.Concentration.of(values), ka.Concentration.of(after)
    assert new.total == old.total
    assert new.gini > old.gini
    assert new.hhi > old.hhi
    assert all(new.cr(k) >= old.cr(k) for k in range(1, len(values) + 1))


@given(VALUES)
def test_measures_keep_their_bounds(values: list[int]) -> None:
    """Gini in [0, 1 - 1/n], HHI in [1/n, 1], the effective number in [1, n]."""
    found = ka.Concentration.of(values)
    n = found.n
    assert 0.0 <= found.gini <= 1.0 - 1.0 / n
    assert 1.0 / n <= found.hhi <= 1.0
    assert 1.0 <= found.effective_number <= n
    assert found.largest_share <= found.hhi**0.5 + 1e-15
    if n > 1:
        assert 0.0 <= found.hhi_normalised <= 1.0
        assert found.gini <= found.gini_corrected <= 1.0


@given(VALUES, st.floats(0.001, 1.0), st.floats(0.001, 1.0))
def test_more_customers_bring_more(values: list[int], a: float, b: float) -> None:
    """Top shares and the customers for a share rise together, and undo each other."""
    found = ka.Concentration.of(values)
    low, high = sorted((a, b))
    assert found.top_share(low) <= found.top_share(high)
    fewest = found.customers_for(low)
    assert fewest.customers <= found.customers_for(high).customers
    assert fewest.value_share >= low - 1e-15
    assert found.top_share(fewest.customer_share) == fewest.value_share


@given(VALUES)
def test_customers_that_bring_nothing_make_a_book_more_unequal(values: list[int]) -> None:
    """A zero more: a higher Gini and the same HHI; dropping zeros undoes it."""
    found = ka.Concentration.of(values)
    more = ka.Concentration.of([*values, 0])
    assert more.gini > found.gini
    assert more.hhi == found.hhi
    dropped = ka.Concentration.of([*values, 0], zeros="drop")
    assert dropped.gini == ka.Concentration.of([v for v in values if v]).gini


@given(VALUES)
def test_classes_and_portions_are_everybody_once(values: list[int]) -> None:
    """A, B and C are all customers and all value; A is those needed for 80 %, and their equals."""
    found = ka.Concentration.of(values)
    classes = found.abc()
    assert sum(classes.customers) == found.n
    assert classes.values.sum() == found.total
    assert classes.value_shares[0] >= 0.8
    needed = found.customers_for(0.8)
    assert classes.customers[0] == needed.customers + needed.tied
    in_a = set(np.flatnonzero(classes.code == 0).tolist())
    assert set(needed.positions.tolist()) <= in_a
    everybody = [*found.head(0.3).positions.tolist(), *found.tail(0.3).positions.tolist()]
    assert sorted(everybody) == list(range(found.n))


@given(customer_values(negative=True, missing=True))
def test_policies_leave_the_measures_of_those_that_count(values: list[float]) -> None:
    """Dropping is as if the rows were not there; counting as 0 is as if they held 0."""
    known = [v for v in values if np.isfinite(v)]
    dropped = ka.Concentration.of(values, negatives="drop")
    as_zero = ka.Concentration.of(values, negatives="zero")
    without = ka.Concentration.of([v for v in known if v >= 0])
    clipped = ka.Concentration.of([max(v, 0.0) for v in known])
    for measure in (*MEASURES, "total", "n"):
        for found, same in ((dropped, without), (as_zero, clipped)):
            pair = [float(getattr(one, measure)) for one in (found, same)]
            assert_same_bits(np.array(pair[:1]), np.array(pair[1:]))
    left_out = sum(f.count for f in dropped.findings if f.code in {"missing", "infinite"})
    assert left_out == len(values) - len(known)
    below = sum(f.count for f in dropped.findings if f.code == "negative")
    assert below == sum(v < 0 for v in known)


@given(purchase_logs(), st.randoms(use_true_random=False))
def test_the_order_of_a_purchase_log_changes_no_bit(log: dict[str, Any], random: Any) -> None:
    """From orders to shares: nothing depends on the order in which orders were written down."""
    order = list(range(len(log["amount"])))
    random.shuffle(order)
    logs = (log, {name: column[np.array(order, dtype=int)] for name, column in log.items()})
    first, second = (
        ka.purchase_summary(
            one, customer="customer", at="date", amount="amount", as_of="2030-01-01"
        )
        for one in logs
    )
    a, b = (ka.Concentration.of(one.total, ids=one.id, negatives="zero") for one in (first, second))
    assert repr(a.summary()) == repr(b.summary())  # NaN too
    for name, column in a.columns().items():
        assert repr(column.tolist()) == repr(b.columns()[name].tolist())
