"""Models of buying and spend, and the histories of customers that they read."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from keyaccount.lifecycle.buying import (
    BetaGeometricNBD,
    BuyingFit,
    BuyingModel,
    GammaGamma,
    ModifiedBetaGeometricNBD,
    ParetoNBD,
)
from keyaccount.testing.books import Book

__all__ = ["buying_models", "purchase_histories", "spend_models"]

_NAMES: dict[type[BuyingModel], tuple[str, ...]] = {
    BetaGeometricNBD: ("r", "alpha", "a", "b"),
    ModifiedBetaGeometricNBD: ("r", "alpha", "a", "b"),
    ParetoNBD: ("r", "alpha", "s", "beta"),
}
_USUAL = st.floats(0.05, 20.0)
_WILD = st.floats(1e-3, 1e3)
_WEEKS = st.integers(0, 300).map(lambda days: days / 7.0)


@st.composite
def buying_models(
    draw: st.DrawFn,
    kind: type[BuyingModel] | None = None,
    *,
    wild: bool = True,
    fitted: bool = False,
) -> BuyingModel:
    """Draw a model of when customers order.

    Parameters
    ----------
    kind
        Its class; any of the three where it is not said.
    wild
        Whether some parameters are far from 1.
    fitted
        Whether some models carry the facts of a fit.

    Examples
    --------
    >>> from hypothesis import given
    >>> from keyaccount.testing import buying_models
    >>> @given(buying_models())
    ... def test_nobody_orders_in_no_time(model):
    ...     assert model.expected_orders_new(0.0)[0] == 0.0
    """
    cls = kind or draw(st.sampled_from(sorted(_NAMES, key=lambda c: c.__name__)))
    number = _USUAL | _WILD if wild else _USUAL
    given: dict[str, Any] = {name: draw(number) for name in _NAMES[cls]}
    given["time_unit"] = draw(st.sampled_from(["day", "week", None]))
    given["facts"] = draw(st.none() | _fits(4)) if fitted else None
    return cls(**given)


@st.composite
def spend_models(draw: st.DrawFn, *, fitted: bool = False) -> GammaGamma:
    """Draw a model of spend per order; some have no mean.

    Parameters
    ----------
    fitted
        Whether some carry the facts of a fit.
    """
    facts = draw(st.none() | _fits(3)) if fitted else None
    return GammaGamma(p=draw(_USUAL), q=draw(_USUAL), v=draw(_WILD), facts=facts)


@st.composite
def purchase_histories(draw: st.DrawFn, *, max_customers: int = 12) -> Book:
    """Draw the columns `frequency`, `recency`, `T` and `mean_spend`.

    Equal customers, customers of one order and customers who came on the last day are among them.

    Parameters
    ----------
    max_customers
        How many customers at most.
    """
    rows = draw(st.lists(_history(), min_size=1, max_size=max_customers))
    names = ("frequency", "recency", "T", "mean_spend")
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


@st.composite
def _history(draw: st.DrawFn) -> tuple[float, float, float, float]:
    age, share = draw(_WEEKS), draw(st.sampled_from([0.25, 0.5, 1.0]) | st.floats(0.01, 1.0))
    frequency = float(draw(st.integers(0, 60))) if age > 0.0 else 0.0
    spent = draw(st.integers(1, 100_000)) / 100.0
    if frequency == 0.0:
        return 0.0, 0.0, age, float("nan")
    return frequency, age * share, age, spent


@st.composite
def _fits(draw: st.DrawFn, parameters: int) -> BuyingFit:
    number = st.floats(-1e3, 1e3)
    row = st.lists(number, min_size=parameters, max_size=parameters)
    return BuyingFit(
        log_likelihood=draw(number),
        customers=draw(st.integers(30, 10**6)),
        repeaters=draw(st.integers(10, 30)),
        iterations=draw(st.integers(0, 99)),
        gradient=draw(st.floats(0.0, 1.0)),
        converged=draw(st.booleans()),
        at_bound=draw(st.sampled_from([(), ("r",)])),
        covariance=draw(st.none() | st.lists(row, min_size=parameters, max_size=parameters)),
    )
