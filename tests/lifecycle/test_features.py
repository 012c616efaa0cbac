"""Features of a log: worked by hand, and the same in any order of the rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import purchase_logs

NAMES: dict[str, Any] = {"customer": "customer", "at": "date", "amount": "amount"}
LOG: dict[str, Any] = {
    "customer": ["B", "A", "A", "A", "A", "A", "A", "C", "A"],
    "date": [
        "2025-12-20", "2025-01-02", "2025-03-15", "2025-06-15", "2025-06-15", "2025-09-15",
        "2025-12-15", "2025-11-01", "2026-02-01",
    ],
    "amount": [80.0, 500.0, 100.0, 100.0, 20.0, 140.0, 160.0, -5.0, 1.0],
    "end": ["2026-06-30", None, "2025-06-30", None, None, "2026-03-31", None, None, "2030-01-01"],
    "industry": ["x", "y", "y", None, "y", "y", "y", "x", "z"],
}  # fmt: skip


def features(log: Any = LOG, **options: Any) -> ka.LifecycleFeatures:
    """Take features at the end of 2025, over four quarters."""
    given = {**NAMES, "as_of": "2025-12-31", "periods": 4, **options}
    return ka.lifecycle_features(log, **given)


def test_a_log_worked_by_hand() -> None:
    """Six order days of A; the period of the first order is not covered; later orders are not."""
    found = features(end="end", group="industry")
    assert found.id.tolist() == ["A", "B", "C"]
    assert found.order_days.tolist() == [5, 1, 0]
    assert found.gaps.tolist() == [4, 0, 0]
    assert found.gap_median[0] == 91.5  # 72, 92, 92, 91
    assert found.gap_high[0] == 92.0
    assert found.days_since[:2].tolist() == [16.0, 11.0]
    assert np.isnan(found.days_since[2])  # a refund is no order
    assert found.tenure_days[0] == 363.0
    assert found.spend.tolist() == [[600.0, 120.0, 140.0, 160.0], [0, 0, 0, 80.0], [0, 0, 0, -5.0]]
    assert found.covered_periods.tolist() == [3, 0, 0]
    assert found.typical_spend[0] == 140.0
    assert found.slope[0] == pytest.approx(20 / 140)
    assert np.isnan(found.slope_low[0])  # three periods tell no interval
    assert found.days_to_end[0] == 90.0
    assert found.days_to_end[1] == 181.0
    assert np.isnat(found.contract_end[2])
    assert found.group.tolist() == ["y", "x", "x"]


def test_two_groups_are_none_and_told() -> None:
    """A customer whose rows disagree has no group."""
    found = features({**LOG, "industry": ["x", "y", "z", None, "y", "y", "y", "x", "z"]},
                     group="industry")  # fmt: skip
    assert found.group.tolist() == [None, "x", "x"]
    (told,) = [f for f in found.findings if f.code == "many_groups"]
    assert (told.count, told.examples) == (1, ("A",))


def test_lumpy_spend_is_measured_by_its_mean() -> None:
    """A median of 0 is no measure: three of five periods are empty."""
    days = ["2024-08-01", "2025-01-15", "2025-12-15"]
    log = {"customer": ["A"] * 3, "date": days, "amount": [9.0, 50.0, 100.0]}
    found = features(log, periods=5)
    assert found.covered_periods.tolist() == [5]
    assert found.spend.tolist() == [[0.0, 50.0, 0.0, 0.0, 100.0]]
    assert found.typical_spend.tolist() == [30.0]
    assert found.slope.tolist() == [pytest.approx((0 + 50 / 3) / 2 / 30)]


def test_it_is_a_container_of_columns() -> None:
    """Columns by name, for any DataFrame; a name that is not there is told."""
    found = features()
    frame = pd.DataFrame(found.columns())
    assert frame["spend_4"].tolist() == [160.0, 80.0, -5.0]
    assert found["spend_1"].tolist() == [600.0, 0.0, 0.0]
    assert len(found) == 3
    assert "A" in str(found.row(0))
    assert "LifecycleFeatures of 3" in repr(found)
    assert "<table" in found._repr_html_()
    with pytest.raises(ka.ColumnNotFoundError, match="slope"):
        found["slopes"]
    with pytest.raises(ka.RowError):
        found.row(3)
    with pytest.raises(ValueError, match="read-only"):
        found.gap_high[0] = 1.0


def test_every_container_gives_the_same() -> None:
    """A dict, pandas and polars."""
    log = {k: LOG[k] for k in ("customer", "date", "amount")}
    for frame in (pd.DataFrame(log), pl.DataFrame(log)):
        for name, column in features(frame).columns().items():
            np.testing.assert_array_equal(column, features(log)[name])


def test_empty_logs_and_logs_after_the_day() -> None:
    """No customer, and no error."""
    assert len(features({"customer": [], "date": [], "amount": []})) == 0
    none = features({"customer": [1], "date": ["2026-05-01"], "amount": [3.0]})
    assert len(none) == 0
    assert none.spend.shape == (0, 4)
    assert len(none.columns()["slope"]) == 0
    one = features({"customer": 7, "date": "2025-12-31", "amount": 3.0})
    assert one.days_since.tolist() == [0.0]


@settings(max_examples=60)
@given(purchase_logs(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_bit(log: dict[str, Any], random: Any) -> None:
    """Permuted, every column has the same bytes."""
    order = list(range(len(log["date"])))
    random.shuffle(order)
    options: dict[str, Any] = {"as_of": "2026-01-18", "periods": 6, "period_days": 3}
    first = ka.lifecycle_features(log, **NAMES, **options)
    second = ka.lifecycle_features({k: v[order] for k, v in log.items()}, **NAMES, **options)
    for name, column in first.columns().items():
        np.testing.assert_array_equal(column, second[name])
        if column.dtype.kind == "f":
            assert column.tobytes() == second[name].tobytes()
            assert not np.signbit(column[column == 0.0]).any()


@settings(max_examples=60)
@given(purchase_logs())
def test_a_customer_stands_for_itself(log: dict[str, Any]) -> None:
    """Alone as among others; the window holds the money of its days."""
    options: dict[str, Any] = {"as_of": "2026-01-31", "periods": 4, "period_days": 8}
    whole = ka.lifecycle_features(log, **NAMES, **options)
    summary = ka.purchase_summary(log, **NAMES, as_of="2026-01-31")
    np.testing.assert_array_equal(whole.order_days, summary.active_days)
    np.testing.assert_allclose(whole.spend.sum(axis=1), summary.total)
    for i, who in enumerate(whole.id.tolist()):
        own = {k: v[log["customer"] == who] for k, v in log.items()}
        alone = ka.lifecycle_features(own, **NAMES, **options)
        for name in ("gap_high", "slope", "slope_low", "typical_spend", "spend_4"):
            np.testing.assert_array_equal(alone[name], whole[name][i : i + 1])


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"periods": 0}, ka.SpecError, "periods must be at least 1"),
        ({"periods": 1e3}, ka.SpecError, "whole number"),
        ({"periods": 500}, ka.SpecError, "at most"),
        ({"periods": 3}, ka.SpecError, "must leave an interval to 3 periods"),
        ({"periods": 4, "level": 0.95}, ka.SpecError, "must leave an interval to 4 periods"),
        ({"period_days": 10**30}, ka.SpecError, "at most"),
        ({"period_days": -1}, ka.SpecError, "period_days"),
        ({"gap_quantile": 1.0}, ka.SpecError, "gap_quantile"),
        ({"level": 90}, ka.SpecError, "level"),
        ({"as_of": None}, ka.SpecError, "one day"),
        ({"amount": "amounts"}, ka.ColumnNotFoundError, "amounts"),
        ({"end": "ends"}, ka.ColumnNotFoundError, "end"),
        ({"group": "industri"}, ka.ColumnNotFoundError, "industry"),
        ({"customer": None}, ka.SpecError, "name of a column"),
        ({"end": "industry"}, ka.RowError, "no date"),
    ],
)
def test_what_cannot_be_is_refused(options: Any, error: type[Exception], said: str) -> None:
    """A typed error that names the option."""
    with pytest.raises(error, match=said):
        features(**options)


def test_a_column_of_another_length_is_refused() -> None:
    """Ends and groups have a row per order."""
    with pytest.raises(ka.ColumnError, match="differ in length"):
        features({**LOG, "end": ["2026-01-01"]}, end="end")
