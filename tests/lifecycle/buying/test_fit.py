"""Fitting: it finds what was put in, in any order and unit, and says where it cannot."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any, Literal

import numpy as np
import pytest

import keyaccount as ka

MODELS: dict[str, type[ka.BuyingModel]] = {
    "bg": ka.BetaGeometricNBD,
    "mbg": ka.ModifiedBetaGeometricNBD,
    "pareto": ka.ParetoNBD,
}
TRUTH = {
    "bg": (0.6, 4.0, 0.8, 2.5),
    "mbg": (0.6, 4.0, 0.8, 2.5),
    "pareto": (0.6, 4.0, 0.8, 12.0),
}
BOOK = ("frequency", "recency", "T")
both = pytest.mark.parametrize("name", MODELS)


def columns(book: Any, rows: Any = slice(None)) -> list[Any]:
    """The three columns of a fit."""
    return [book[name][rows] for name in BOOK]


@both
def test_a_fit_finds_the_parameters_of_a_simulation(name: str, simulate: Any) -> None:
    """Within three standard errors, on four thousand customers who do as the model says."""
    model = MODELS[name].fit(*columns(simulate(name, TRUTH[name], 4_000, seed=1, age=60.0)))
    assert model.facts is not None
    assert model.facts.converged
    assert model.findings == ()
    for true, found, error in zip(
        TRUTH[name], model.parameters.values(), model.standard_errors.values(), strict=True
    ):
        assert 0.0 < error < true
        assert abs(found - true) < 3.0 * error


def test_standard_errors_are_the_scatter_of_estimates(simulate: Any) -> None:
    """Twenty books of the same truth: the estimates scatter as each of them says."""
    models = [
        ka.BetaGeometricNBD.fit(*columns(simulate("bg", TRUTH["bg"], 600, seed=s, age=60.0)))
        for s in range(20)
    ]
    for parameter, true in zip(("r", "alpha"), TRUTH["bg"], strict=False):
        found = np.log([getattr(m, parameter) for m in models])
        said = [m.standard_errors[parameter] / getattr(m, parameter) for m in models]
        assert 0.6 < np.std(found) / np.median(said) < 1.6
        assert abs(found.mean() - math.log(true)) < 4 * np.std(found) / math.sqrt(20)


@both
def test_the_order_of_customers_does_not_matter_to_the_bit(name: str, book: Any) -> None:
    """Sums run over sorted patterns."""
    order = np.random.default_rng(0).permutation(len(book["T"]))
    assert MODELS[name].fit(*columns(book)) == MODELS[name].fit(*columns(book, order))


@both
def test_every_customer_twice_changes_no_estimate(name: str, book: Any) -> None:
    """Twice the log-likelihood, standard errors smaller by √2, the same parameters."""
    once = MODELS[name].fit(*columns(book))
    twice = MODELS[name].fit(*(np.tile(c, 2) for c in columns(book)))
    assert twice.parameters == once.parameters
    assert twice.log_likelihood == pytest.approx(2.0 * once.log_likelihood, rel=1e-13)
    for one, two in zip(once.standard_errors.values(), twice.standard_errors.values(), strict=True):
        assert two == pytest.approx(one / math.sqrt(2.0), rel=1e-6)


@both
@pytest.mark.parametrize("unit", [7.0, 1 / 365.25, 86_400.0])
def test_another_unit_of_time_scales_the_times_alone(name: str, unit: float, book: Any) -> None:
    """Parameters that are times follow the unit; the others, and what is expected, stay."""
    x, tx, age = columns(book)
    here, there = MODELS[name].fit(x, tx, age), MODELS[name].fit(x, tx * unit, age * unit)
    timed = here.kernel().timed
    for parameter, is_time in zip(here.parameter_names, timed, strict=True):
        factor = unit if is_time else 1.0
        expected = getattr(here, parameter) * factor
        assert getattr(there, parameter) == pytest.approx(expected, rel=1e-6)
    found = there.expected_orders(x, tx * unit, age * unit, 20.0 * unit)
    assert found == pytest.approx(here.expected_orders(x, tx, age, 20.0), rel=1e-6)
    per_order = float(x.sum()) * math.log(unit)
    assert there.log_likelihood == pytest.approx(here.log_likelihood - per_order, abs=1e-6)


@both
def test_a_fit_is_a_top_of_the_likelihood(name: str, book: Any) -> None:
    """No step of a tenth of a standard error in any parameter goes up."""
    from keyaccount.lifecycle.buying.patterns import Patterns

    model = MODELS[name].fit(*columns(book))
    patterns = Patterns.among(*columns(book))
    top = np.log(list(model.parameters.values()))
    best = model.kernel().mean_log_likelihood(top, patterns)[0]
    assert model.log_likelihood == pytest.approx(best * len(book["T"]), rel=1e-12)
    for step in np.eye(4):
        for sign in (-0.05, 0.05):
            assert model.kernel().mean_log_likelihood(top + sign * step, patterns)[0] < best


def test_a_book_with_unknown_rows_is_the_book_without_them(book: Any) -> None:
    """NaN and infinite rows are left out."""
    x, tx, age = (c.copy() for c in columns(book))
    x[3], tx[5], age[7] = np.nan, np.inf, np.nan
    rest = np.delete(np.arange(len(x)), [3, 5, 7])
    found = ka.BetaGeometricNBD.fit(x, tx, age)
    assert found == ka.BetaGeometricNBD.fit(*columns(book, rest))
    assert found.facts is not None
    assert found.facts.customers == len(x) - 3


def test_customers_who_never_leave_end_at_a_bound_and_it_is_told(simulate: Any) -> None:
    """Plain Poisson customers: there is nothing to estimate a and b from."""
    book = simulate("bg", (2.0, 4.0, 1e-6, 10.0), 200, seed=5)
    model = ka.BetaGeometricNBD.fit(*columns(book))
    codes = {finding.code for finding in model.findings}
    assert codes & {"at_bound", "no_standard_errors", "vague"}
    x, tx, age = columns(book)
    assert np.isfinite(model.expected_orders(x, tx, age, 52.0)).all()
    if "no_standard_errors" in codes:
        assert all(math.isnan(e) for e in model.standard_errors.values())


@both
def test_equal_customers_do_not_break_the_search(name: str) -> None:
    """One pattern, forty times: no scatter, no crash, and a finding."""
    model = MODELS[name].fit([2.0] * 40, [5.0] * 40, [10.0] * 40)
    assert model.findings
    assert np.isfinite(list(model.parameters.values())).all()
    assert np.isfinite(model.expected_orders([2.0], [5.0], [10.0], 10.0)).all()


@both
@pytest.mark.parametrize(
    ("rows", "error", "said"),
    [
        ({"frequency": 1.5}, ka.RowError, "'frequency': 1 row is no whole number.*row 2: 1.5"),
        ({"frequency": -1.0}, ka.RowError, "'frequency': 1 row is below 0"),
        ({"recency": 99.0}, ka.RowError, "'recency': 1 row is beyond T.*99"),
        ({"recency": -2.0}, ka.RowError, "'recency': 1 row is below 0"),
        ({"frequency": 0.0, "recency": 3.0}, ka.RowError, "above 0 without a repeat order"),
        ({"frequency": 3.0, "recency": 0.0}, ka.RowError, "in spite of repeat orders"),
        ({"recency": 0.0, "frequency": 0.0, "T": -1.0}, ka.RowError, "recency|'T'"),
    ],
)
def test_what_is_no_history_is_refused(
    name: str, rows: dict[str, float], error: type[Exception], said: str, book: Any
) -> None:
    """With the column, the row and the value."""
    changed = {n: book[n].copy() for n in BOOK}
    for column, value in rows.items():
        changed[column][2] = value
    if "T" not in rows:
        changed["T"][2] = 40.0
    with pytest.raises(error, match=said):
        MODELS[name].fit(*columns(changed))
    with pytest.raises(error, match=said):
        MODELS[name](**dict.fromkeys(MODELS[name].kernel().names, 1.0)).probability_alive(
            *columns(changed)
        )


@both
def test_too_little_data_is_refused(name: str) -> None:
    """Nobody, few, and many who never came back."""
    few = "a buying model needs 30 and 10"
    with pytest.raises(ka.NotEnoughDataError, match=few):
        MODELS[name].fit([], [], [])
    with pytest.raises(ka.NotEnoughDataError, match=few):
        MODELS[name].fit([1.0] * 29, [2.0] * 29, [3.0] * 29)
    with pytest.raises(ka.NotEnoughDataError, match="50 customers with 0 repeat buyers"):
        MODELS[name].fit([0.0] * 50, [0.0] * 50, [9.0] * 50)
    with pytest.raises(ka.NotEnoughDataError, match="0 customers"):
        MODELS[name].fit([np.nan] * 50, [0.0] * 50, [9.0] * 50)
    with pytest.raises(ka.ColumnError, match="differ in length"):
        MODELS[name].fit([1.0, 2.0], [1.0], [3.0])
    with pytest.raises(ka.RowError, match="holds no number"):
        MODELS[name].fit(["a"], ["b"], ["c"])


def test_a_summary_brings_its_unit(simulate: Any) -> None:
    """`fit_summary` reads the columns, and the unit off the summary's own days."""
    rng = np.random.default_rng(0)
    n = 900
    orders = {
        "customer": rng.integers(0, 200, n),
        "date": np.datetime64("2025-01-01") + rng.integers(0, 300, n).astype("timedelta64[D]"),
        "amount": np.ones(n),
    }
    units: tuple[Literal["day", "week"], ...] = ("day", "week")
    for unit in units:
        summary = ka.purchase_summary(
            orders,
            customer="customer",
            at="date",
            amount="amount",
            as_of="2025-12-31",
            same_day="merge",
            time_unit=unit,
        )
        model = ka.BetaGeometricNBD.fit_summary(summary)
        assert model.time_unit == unit
        given = [summary[name] for name in BOOK]
        assert model == ka.BetaGeometricNBD.fit(*given, time_unit=unit)
        plain = {name: summary[name] for name in BOOK}
        assert ka.BetaGeometricNBD.fit_summary(plain).time_unit is None
    with pytest.raises(ka.ColumnNotFoundError, match="'recency'"):
        ka.BetaGeometricNBD.fit_summary({"frequency": [1.0], "recencies": [1.0], "T": [2.0]})


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: ka.BetaGeometricNBD(r=0, alpha=1, a=1, b=1), "BetaGeometricNBD.r must be above 0"),
        (lambda: ka.ParetoNBD(r=1, alpha=math.nan, s=1, beta=1), "ParetoNBD.alpha.*finite"),
        (lambda: ka.GammaGamma(p=1, q=-1, v=1), "GammaGamma.q must be above 0"),
        (
            lambda: ka.ParetoNBD(r=1, alpha=1, s=1, beta=1, time_unit="year"),  # type: ignore[arg-type]
            "time_unit must be one of 'day', 'week'",
        ),
        (
            lambda: ka.ParetoNBD(r=1, alpha=1, s=1, beta=1, facts=3),  # type: ignore[arg-type]
            "facts must be a BuyingFit",
        ),
        (
            lambda: ka.GammaGamma(p=1, q=1, v=1, facts=fit_of(covariance=np.eye(4).tolist())),
            "covariance of 3 parameters",
        ),
        (lambda: fit_of(covariance=[[1.0], [2.0]]), "square table"),
        (lambda: fit_of(gradient=-1.0), "gradient must be at least 0"),
    ],
)
def test_specs_refuse_what_they_cannot_hold(make: Any, said: str) -> None:
    """An invalid model does not exist."""
    with pytest.raises(ka.SpecError, match=said):
        make()


def fit_of(**changes: Any) -> ka.BuyingFit:
    """Facts of a fit."""
    plain: dict[str, Any] = {
        "log_likelihood": -1.0,
        "customers": 50,
        "repeaters": 20,
        "iterations": 9,
        "gradient": 0.0,
    }
    return ka.BuyingFit(**(plain | changes))


def test_what_a_fit_lacks_is_told() -> None:
    """Not converged, at a bound, vague, without standard errors: each is a finding."""
    wide = (10.0 * np.eye(4)).tolist()

    def told(**changes: Any) -> list[str]:
        facts = fit_of(**changes)
        model = ka.ParetoNBD(r=1, alpha=1, s=1, beta=1, facts=facts)
        return [finding.code for finding in model.findings]

    assert told(covariance=np.eye(4).tolist()) == []
    assert told(covariance=wide) == ["vague"]
    assert told(converged=False, gradient=0.1) == ["not_converged", "no_standard_errors"]
    assert told(at_bound=["s"]) == ["at_bound", "no_standard_errors"]
    assert ka.ParetoNBD(r=1, alpha=1, s=1, beta=1).findings == ()


def test_specs_need_no_scipy_and_verbs_name_the_extra() -> None:
    """A model is built, stored and read where scipy is not installed."""
    code = (
        "import sys; sys.modules['scipy'] = None\n"
        "import keyaccount as ka\n"
        "m = ka.BetaGeometricNBD(r=1, alpha=2, a=3, b=4)\n"
        "assert ka.from_data(ka.to_data(m)) == m\n"
        "ka.GammaGamma(p=1, q=2, v=3)\n"
        "try:\n    m.probability_alive(1, 2, 3)\n"
        "except ka.MissingExtra as e:\n    assert 'keyaccount[clv]' in str(e); print('told')"
    )
    run = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert run.stdout.strip() == "told"
