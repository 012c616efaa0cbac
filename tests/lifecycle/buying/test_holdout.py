"""The hold-out report: a model beside two rules of thumb, on orders none of them has seen."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.lifecycle.buying.hiatus import best_hiatus

MODEL = ka.BetaGeometricNBD(r=0.6, alpha=4.0, a=0.8, b=2.5)
LOG: dict[str, list[Any]] = {
    "customer": ["a", "a", "a", "b", "a", "a", "b", "c", "d", "d"],
    "date": [
        "2026-01-01", "2026-01-15", "2026-01-15", "2026-01-29", "2026-02-05", "2026-02-26",
        "2026-03-05", "2026-03-05", "2026-01-08", "2026-03-19",
    ],
    "amount": [10.0, 20.0, 5.0, 30.0, 10.0, 5.0, 5.0, 9.0, 7.0, -7.0],
}  # fmt: skip


def split_of(log: Any, **options: Any) -> ka.HoldoutSplit:
    """A log cut after six weeks."""
    given: dict[str, Any] = {"cut": "2026-02-12", "as_of": "2026-03-26"} | options
    return ka.holdout_split(log, customer="customer", at="date", amount="amount", **given)


def test_a_split_by_hand() -> None:
    """Three customers by the cut; c came later, one order of a day counts once, refunds never."""
    split = split_of(LOG)
    assert split.id.tolist() == ["a", "b", "d"]
    assert split.frequency.tolist() == [2.0, 0.0, 0.0]
    assert split.recency.tolist() == [5.0, 0.0, 0.0]
    assert split.T.tolist() == [6.0, 2.0, 5.0]
    assert split.actual.tolist() == [1.0, 1.0, 0.0]
    assert split.last_period.tolist() == [2.0, 0.0, 0.0]
    assert split.mean_spend[0] == 17.5
    assert (split.horizon, split.time_unit) == (6.0, "week")
    assert split.row(0)["id"] == "a"
    short = split_of(LOG, as_of="2026-02-20", time_unit="day")
    assert short.last_period.tolist() == [1.0, 0.0, 0.0]  # the order of 5 February
    assert short.T.tolist() == [42.0, 14.0, 35.0]
    assert short.horizon == 8.0
    shorter = split_of(LOG, as_of="2026-02-19", time_unit="day")
    assert shorter.last_period.tolist() == [0.0, 0.0, 0.0]


def test_a_split_in_any_order_and_any_frame() -> None:
    """Rows permuted, and another library: the same columns and hiatus."""
    split = split_of(LOG)
    order = np.random.default_rng(0).permutation(10)
    mixed = pl.DataFrame({n: [c[i] for i in order] for n, c in LOG.items()})
    other = split_of(mixed)
    assert other.hiatus == split.hiatus
    for name in split.column_names[1:]:
        assert other[name].tobytes() == split[name].tobytes()
    with pytest.raises(ka.ColumnNotFoundError, match="'frequency'"):
        split["frequncy"]


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1))
def test_no_other_hiatus_misjudges_fewer(rows: list[tuple[int, bool]]) -> None:
    """Against every other one; the order does not matter."""
    silent = np.array([float(s) for s, _ in rows])
    ordered = np.array([o for _, o in rows])

    def wrong(hiatus: float) -> int:
        return int(((silent <= hiatus) != ordered).sum())

    found = best_hiatus(silent, ordered)
    everyone_gone = int(ordered.sum())
    assert min(wrong(found), everyone_gone) == min(everyone_gone, *(wrong(h) for h in range(10)))
    assert best_hiatus(silent[::-1], ordered[::-1]) == found


def seen() -> dict[str, Any]:
    """Four customers and what they did."""
    return {
        "frequency": [0, 2, 5, 9],
        "recency": [0.0, 30.0, 20.0, 38.0],
        "T": [39.0, 39.0, 39.0, 39.0],
        "actual": [0, 1, 0, 7],
        "last_period": [0, 2, 5, 9],
    }


def test_forecasts_and_errors_by_hand() -> None:
    """The hiatus rule goes on at the own rate, the last period repeats, errors add up."""
    report = ka.holdout_report(MODEL, seen(), horizon=39.0, hiatus=9.0, most=7)
    assert report.frequency.tolist() == [0, 2, 5, 7]
    assert report.customers.tolist() == [1, 1, 1, 1]
    assert report.actual.tolist() == [0.0, 1.0, 0.0, 7.0]
    assert report.expected["hiatus"].tolist() == [0.0, 2.0, 0.0, 9.0]
    assert report.expected["last_period"].tolist() == [0.0, 2.0, 5.0, 9.0]
    x, tx, age = (np.array(seen()[n]) for n in ("frequency", "recency", "T"))
    own = MODEL.expected_orders(x, tx, age, 39)
    assert report.expected["model"] == pytest.approx(own, rel=1e-12)
    model, hiatus, last = report.scores
    assert [s.rule for s in report.scores] == ["model", "hiatus", "last_period"]
    assert model.expected == pytest.approx(own.sum())
    assert hiatus.total_error == pytest.approx(11 / 8 - 1)
    assert (hiatus.mae, last.mae) == (0.75, 2.0)
    assert hiatus.rmse == pytest.approx(math.sqrt(5 / 4))
    assert (hiatus.called_right, last.called_right) == (1.0, 0.75)
    assert last.skill == pytest.approx(1 - model.rmse**2 / last.rmse**2)
    assert report.verdict == "too few customers to tell (4)"
    assert report.row(3)["frequency"] == "7 or more"
    assert len(pd.DataFrame(report.columns())) == 4
    assert "<table" in report._repr_html_()


def test_where_customers_leave_the_model_beats_both_rules(simulate: Any) -> None:
    """Customers of a BG/NBD: the fitted model earns its place, and the report says so."""
    book = simulate("bg", (0.6, 4.0, 0.8, 2.5), 1_500, seed=21, age=40.0, ahead=40.0)
    book["last_period"] = book["frequency"]
    model = ka.BetaGeometricNBD.fit(*(book[n] for n in ("frequency", "recency", "T")))
    report = ka.holdout_report(model, book, horizon=40.0, hiatus=10.0)
    assert report.verdict.startswith("the model did better than the hiatus rule (skill")
    assert "better than repeating the last period" in report.verdict
    assert abs(report.scores[0].total_error) < 0.1


def test_a_model_of_others_is_called_worse(simulate: Any) -> None:
    """A model whose customers never leave, on customers who do: worse than the hiatus rule."""
    book = simulate("bg", (0.6, 4.0, 3.0, 2.5), 1_500, seed=22, age=40.0, ahead=40.0)
    wrong = ka.BetaGeometricNBD(r=0.6, alpha=1.0, a=1e-3, b=1e3)
    report = ka.holdout_report(wrong, book, horizon=40.0, hiatus=10.0)
    assert report.verdict.startswith("the model did worse than the hiatus rule (skill −")
    assert [s.rule for s in report.scores] == ["model", "hiatus"]
    assert [f.code for f in report.findings] == ["no_last_period"]


def test_customers_in_any_order_and_without_outcome() -> None:
    """Rows permuted change no bit; a customer without outcome is left out and told."""
    book = {n: np.array(c * 12, dtype=float) for n, c in seen().items()}
    report = ka.holdout_report(MODEL, book, horizon=39.0, hiatus=12.0)
    order = np.random.default_rng(1).permutation(48)
    mixed = ka.holdout_report(MODEL, {n: c[order] for n, c in book.items()}, horizon=39, hiatus=12)
    assert mixed.scores[0].skill == report.scores[0].skill
    assert [(s.mae, s.rmse, s.expected) for s in mixed.scores] == [
        (s.mae, s.rmse, s.expected) for s in report.scores
    ]
    assert mixed.verdict == report.verdict
    more = {n: np.append(c, np.nan if n == "actual" else c[1]) for n, c in book.items()}
    found = ka.holdout_report(MODEL, more, horizon=39.0, hiatus=12.0)
    assert [(f.code, f.count) for f in found.findings] == [("not_judged", 1)]
    assert found.scores[1].mae == report.scores[1].mae


def test_nobody_orders_afterwards() -> None:
    """No orders to miss: shares of them are NaN, errors are not, and a perfect rule is no peer."""
    book = dict(seen(), actual=[0, 0, 0, 0], last_period=[0, 0, 0, 0])
    book = {n: c * 10 for n, c in book.items()}
    report = ka.holdout_report(MODEL, book, horizon=39.0, hiatus=0.0)
    assert math.isnan(report.scores[0].total_error)
    assert report.scores[1].mae == 0.0
    assert "cannot be compared" in report.verdict


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: ka.holdout_report(MODEL, seen(), hiatus=1.0), ka.SpecError, "horizon.*above 0"),
        (lambda: ka.holdout_report(MODEL, seen(), horizon=9.0), ka.SpecError, "hiatus"),
        (
            lambda: ka.holdout_report(MODEL, seen(), horizon=9.0, hiatus=1.0, most=0),
            ka.SpecError,
            "most",
        ),
        (
            lambda: ka.holdout_report(3, seen(), horizon=9.0, hiatus=1.0),  # type: ignore[arg-type]
            ka.SpecError,
            "BuyingModel",
        ),
        (
            lambda: ka.holdout_report(
                MODEL, dict(seen(), actual=[np.nan] * 4), horizon=9.0, hiatus=1.0
            ),
            ka.NotEnoughDataError,
            "no customer of 4",
        ),
        (
            lambda: ka.holdout_report(
                MODEL, dict(seen(), actual=[-1] * 4), horizon=9.0, hiatus=1.0
            ),
            ka.RowError,
            "'actual': 4 rows are below 0",
        ),
        (
            lambda: ka.holdout_report(MODEL, {"frequency": [1]}, horizon=9.0, hiatus=1.0),
            ka.ColumnNotFoundError,
            "'recency'",
        ),
        (lambda: split_of(LOG, as_of="2026-02-12"), ka.SpecError, "as_of.*after cut"),
        (lambda: split_of(LOG, cut="2025-01-01"), ka.NotEnoughDataError, "nobody ordered"),
        (lambda: split_of(LOG, cut=["2026-02-12"] * 2), ka.SpecError, "must be one day"),
        (lambda: split_of(LOG, time_unit="month"), ka.SpecError, "'day', 'week'|'week', 'day'"),
        (lambda: split_of({"customer": [1]}), ka.ColumnNotFoundError, "no column"),
    ],
)
def test_what_cannot_be_is_refused(call: Any, error: type[Exception], said: str) -> None:
    """Typed errors that show the value."""
    with pytest.raises(error, match=said):
        call()
