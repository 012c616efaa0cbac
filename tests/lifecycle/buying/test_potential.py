"""Potential from orders: orders × spend over calendar time, with intervals that hold."""

from __future__ import annotations

import math
from typing import Any

import attrs
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.lifecycle.buying.total import estimation_sd
from keyaccount.testing import buying_models, purchase_histories, spend_models

NAMES = ("frequency", "recency", "T", "mean_spend")
BUYING: dict[str, ka.BuyingModel] = {
    "bg": ka.BetaGeometricNBD(r=0.6, alpha=4.0, a=0.8, b=2.5, time_unit="week"),
    "mbg": ka.ModifiedBetaGeometricNBD(r=0.6, alpha=4.0, a=0.8, b=2.5, time_unit="week"),
    "pareto": ka.ParetoNBD(r=0.6, alpha=4.0, s=0.8, beta=12.0, time_unit="week"),
}
SPEND = ka.GammaGamma(p=6.0, q=4.0, v=20.0)


def potential(buying: ka.BuyingModel, spend: ka.GammaGamma, book: Any, **options: Any) -> Any:
    """The potential of a book."""
    columns = [np.array(book[name], dtype=float) for name in NAMES]
    return ka.order_potential(buying, spend, *columns, **options)


@pytest.mark.parametrize("name", BUYING)
def test_intervals_hold_as_often_as_they_say(name: str, simulate: Any) -> None:
    """Simulated customers: the money that came lies inside, below and above as promised."""
    model, n, weeks = BUYING[name], 4_000, 3 * 365.25 / 7
    p = tuple(model.parameters.values())
    book = simulate(name, p, n, seed=11, age=40.0, ahead=weeks)
    rng = np.random.default_rng(12)
    nu = rng.gamma(SPEND.q, 1.0 / SPEND.v, n)

    def spent(orders: Any) -> Any:
        return np.where(orders > 0, rng.gamma(SPEND.p * np.maximum(orders, 1), 1.0 / nu), 0.0)

    x = book["frequency"]
    book["mean_spend"] = np.where(x > 0, spent(x) / np.maximum(x, 1), np.nan)
    came = spent(book["actual"])
    found = potential(model, SPEND, book, level=0.8)
    # Where no order is likelier than nine in ten, both ends are 0: more may come, but seldom.
    likely = found.high > 0.0
    assert float((came > found.high)[likely].mean()) == pytest.approx(0.1, abs=0.02)
    assert float((came > found.high)[~likely].mean()) < 0.1
    some = found.low > 0.0
    assert float((came < found.low)[some].mean()) == pytest.approx(0.1, abs=0.05)
    total = found.total
    assert total.sd_parameters == 0.0
    assert abs(came.sum() - total.expected) < 3 * total.sd_chance
    assert book["actual"].sum() == pytest.approx(found.expected_orders.sum(), rel=0.06)
    agreed = (book["actual"] == 0) == found.unlikely_to_order
    assert agreed.mean() > 0.5


def test_the_total_covers_what_the_estimates_leave_open(simulate: Any) -> None:
    """Books of one truth: nine in ten fitted intervals of 80 % or so hold what came."""
    model, weeks, held = BUYING["bg"], 52.0, 0
    for seed in range(25):
        truth = tuple(model.parameters.values())
        book = simulate("bg", truth, 500, seed=seed, age=60.0, ahead=weeks)
        x = book["frequency"]
        fitted = ka.BetaGeometricNBD.fit(x, book["recency"], book["T"], time_unit="week")
        book["mean_spend"] = np.where(x > 0, 10.0, np.nan)
        sure = ka.GammaGamma(p=1e6, q=1e6, v=10.0)  # every order brings 10
        total = potential(fitted, sure, book, periods_per_year=52.0, years=1.0, level=0.8).total
        assert total.sd_parameters > 0.0
        held += total.low <= 10.0 * book["actual"].sum() <= total.high
    assert 16 <= held <= 24


def test_estimation_is_carried_by_the_delta_method() -> None:
    """A value that is one parameter has that parameter's standard error; unknown stays unknown."""
    spread = np.diag([0.04, 0.01, 0.09, 0.25]).tolist()
    facts = ka.BuyingFit(
        log_likelihood=-1.0,
        customers=99,
        repeaters=50,
        iterations=3,
        gradient=0.0,
        covariance=spread,
    )
    model = ka.ParetoNBD(r=2.0, alpha=4.0, s=1.0, beta=5.0, facts=facts)
    assert estimation_sd(model, lambda m: m.alpha) == pytest.approx(0.4, rel=1e-6)
    assert estimation_sd(model, lambda m: m.r * m.s) == pytest.approx(2.0 * 0.13**0.5, rel=1e-6)
    assert model.standard_errors["r"] == pytest.approx(0.4)
    bare = attrs.evolve(facts, covariance=None)
    assert math.isnan(estimation_sd(attrs.evolve(model, facts=bare), lambda m: m.r))
    assert estimation_sd(attrs.evolve(model, facts=None), lambda m: m.r) == 0.0


def test_potential_is_orders_times_spend_in_calendar_time(book: Any) -> None:
    """Three years are 156.5 weeks, or 1095.75 days; the same book in days says the same."""
    found = potential(BUYING["bg"], SPEND, book)
    assert found.horizon == pytest.approx(3 * 365.25 / 7)
    x, tx, age = (book[n] for n in NAMES[:3])
    orders = BUYING["bg"].expected_orders(x, tx, age, 3 * 365.25 / 7)
    assert (
        found.potential.tolist()
        == (orders * SPEND.expected_spend(book["frequency"], book["mean_spend"])).tolist()
    )
    in_days = dict(book, recency=book["recency"] * 7, T=book["T"] * 7)
    days = ka.BetaGeometricNBD(r=0.6, alpha=28.0, a=0.8, b=2.5, time_unit="day")
    assert potential(days, SPEND, in_days).potential == pytest.approx(found.potential, rel=1e-9)
    plain = ka.BetaGeometricNBD(r=0.6, alpha=4.0, a=0.8, b=2.5)
    said = potential(plain, SPEND, book, periods_per_year=365.25 / 7)
    assert said.potential.tolist() == found.potential.tolist()
    with pytest.raises(ka.SpecError, match=r"periods_per_year.*is needed"):
        potential(plain, SPEND, book)


@settings(max_examples=10)
@given(buying_models(wild=False), spend_models(), purchase_histories(), st.floats(0.1, 5.0))
def test_bounds_and_columns(
    model: ka.BuyingModel, spend: ka.GammaGamma, book: Any, years: float
) -> None:
    """The ends in order, nothing below 0, as many rows as the input, each with its reason."""
    found = potential(model, spend, book, years=years, periods_per_year=52.0)
    assert len(found) == len(book["T"])
    low, high = found.low, found.high
    assert ((low >= 0.0) & (low <= high)).all()
    assert not np.signbit(low).any()
    frame = pd.DataFrame(found.columns())
    assert len(frame) == len(found)
    record = found.row(-1)
    assert "still a customer" in record["why"]
    assert "<table" in found._repr_html_()
    exists = np.isfinite(found.expected_spend)
    assert np.isfinite(found.potential[exists]).all()
    codes = {finding.code for finding in found.findings}
    assert ("no_mean_spend" in codes) == bool((~exists).any())


def test_one_customer_is_the_same_as_in_a_batch(book: Any) -> None:
    """To the bit, interval included; scalars will do."""
    found = potential(BUYING["pareto"], SPEND, book)
    for i in (0, 7, 400):
        cells = [float(book[n][i]) for n in NAMES]
        alone = ka.order_potential(BUYING["pareto"], SPEND, *cells)
        for name, column in alone.columns().items():
            assert column.tobytes() == found.columns()[name][i : i + 1].tobytes(), name


def test_a_discount_lowers_later_money(book: Any) -> None:
    """Less than without, more than if all came at the end; none at all leaves everything."""
    plain, later = (potential(BUYING["bg"], SPEND, book, discount=d) for d in (0.0, 0.1))
    assert (later.potential < plain.potential).all()
    assert (later.potential > plain.potential / 1.1**3).all()
    assert later.total.expected < plain.total.expected
    assert (later.high <= plain.high).all()
    tiny = potential(BUYING["bg"], SPEND, book, discount=1e-12)
    assert tiny.potential == pytest.approx(plain.potential, rel=1e-9)


def test_more_years_bring_more(book: Any) -> None:
    """Rising in the horizon."""
    one, three = (potential(BUYING["mbg"], SPEND, book, years=y) for y in (1, 3))
    assert (one.potential < three.potential).all()
    assert (one.high <= three.high).all()


def test_unknown_customers_are_unknown_and_told() -> None:
    """NaN, infinite and refund-only rows: NaN, a finding, nobody else moved."""
    book: dict[str, list[float]] = {
        "frequency": [2, np.nan, 2, 2],
        "recency": [9, 0, np.inf, 9],
        "T": [20, 20, 20, 20],
        "mean_spend": [5, np.nan, 5, np.inf],
    }
    found = potential(BUYING["bg"], SPEND, book)
    assert np.isnan(found.potential).tolist() == [False, True, True, False]
    assert np.isnan(found.high).tolist() == [False, True, True, False]
    assert found.row(1)["why"] == "the history is not known"
    told = {(f.code, f.where, f.count) for f in found.findings}
    assert {("infinite", "mean_spend", 1), ("infinite", "recency", 1), ("missing", "", 2)} <= told
    alone = potential(BUYING["bg"], SPEND, {n: c[:1] for n, c in book.items()})
    assert alone.potential[0] == found.potential[0]
    assert found.total.customers == 2
    nobody = potential(BUYING["bg"], SPEND, {n: [] for n in NAMES})
    assert (len(nobody), len(nobody.high), nobody.total.expected) == (0, 0, 0.0)
    unknown = potential(BUYING["bg"], SPEND, {n: [np.nan] for n in NAMES})
    assert (math.isnan(unknown.high[0]), unknown.total.customers) == (True, 0)
    assert math.isnan(unknown.spend_correlation)


def test_total_without_a_variance_says_so(book: Any) -> None:
    """With q ≤ 2, the spend of newcomers has no variance, and the total no interval."""
    found = potential(BUYING["bg"], ka.GammaGamma(p=6.0, q=1.5, v=20.0), book).total
    assert math.isnan(found.sd_chance)
    assert math.isnan(found.low)
    assert found.expected > 0.0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"years": 0}, "years.*above 0"),
        ({"years": math.inf}, "years"),
        ({"discount": -0.1}, "discount.*at least 0"),
        ({"periods_per_year": "52"}, "periods_per_year"),
        ({"level": 1.0}, "level.*below 1"),
    ],
)
def test_options_are_checked(options: Any, said: str, book: Any) -> None:
    """Each option is refused by its name."""
    with pytest.raises(ka.SpecError, match=said):
        potential(BUYING["bg"], SPEND, book, **options)


def test_models_are_not_to_be_swapped(book: Any) -> None:
    """The two models have their places."""
    with pytest.raises(ka.SpecError, match=r"buying.*BuyingModel"):
        potential(SPEND, BUYING["bg"], book)  # type: ignore[arg-type]
    with pytest.raises(ka.RowError, match="no row 3 in 1 rows"):
        ka.order_potential(BUYING["bg"], SPEND, 0, 0, 5, np.nan).row(3)
    with pytest.raises(ka.ColumnError, match="differ"):
        ka.order_potential(BUYING["bg"], SPEND, [0, 0], [0, 0], [5, 5], [1.0])
