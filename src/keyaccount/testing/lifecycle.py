"""Strategies for lifecycles: models, tables of features, chains, panels and budget regressions."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import strategies as st

from keyaccount.groups import ByGroup
from keyaccount.lifecycle.chain import ChainTest, StageChain
from keyaccount.lifecycle.model import LifecycleModel
from keyaccount.lifecycle.reading import MEASURES
from keyaccount.lifecycle.stages import NAMES_ZH, STAGES
from keyaccount.lifecycle.wallet import BudgetRegression
from keyaccount.testing.books import GROUPS, Book

__all__ = [
    "budget_regressions",
    "chain_tests",
    "lifecycle_books",
    "lifecycle_models",
    "panels",
    "stage_chains",
]

_DAYS = st.integers(1, 400).map(float)
_STATES = ("new", "active", "warm", "cold")


@st.composite
def lifecycle_models(
    draw: st.DrawFn, *, group: str | None = None, fitted: bool = True
) -> LifecycleModel:
    """Draw models of every threshold, with and without a stage of the time before.

    Parameters
    ----------
    group
        The column of groups by which the rhythm may differ; None: it does not.
    fitted
        Whether a rhythm may be there that was learned.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(lifecycle_models())
    ... def models_read_rhythm_and_trend(model):
    ...     assert {"gap_high", "slope"} <= set(model.reads)
    >>> models_read_rhythm_and_trend()
    """
    groups = st.dictionaries(st.sampled_from(GROUPS), _DAYS, max_size=3)
    learned: Any = st.none() | _DAYS
    if group is not None:
        learned = learned | st.builds(lambda g, pool: ByGroup(g, pool=pool), groups, _DAYS)
    slopes = st.sampled_from([0.0, 0.05, 0.2])
    return LifecycleModel(
        patience=draw(st.sampled_from([0.5, 1.0, 1.5])),
        min_gaps=draw(st.integers(0, 12)),
        hiatus_days=draw(learned) if fitted else None,
        default_days=draw(_DAYS),
        gap_quantile=draw(st.sampled_from([0.5, 0.9])),
        group=group,
        min_group=draw(st.integers(0, 3)),
        grace_days=draw(st.sampled_from([0.0, 30.0])),
        acquisition_days=draw(_DAYS),
        acquisition_orders=draw(st.integers(0, 4)),
        growth=draw(slopes),
        decline=draw(slopes),
        hold=draw(st.sampled_from([0.0, 0.2, 0.9])),
        previous=draw(st.sampled_from([None, "before"])),
        prospect=draw(st.sampled_from([None, "prospect"])),
    )


@st.composite
def lifecycle_books(draw: st.DrawFn, *, group: str | None = None, min_size: int = 0) -> Book:
    """Draw tables of features: few distinct values near the thresholds, missing ones, infinity.

    Parameters
    ----------
    group
        The name of a column of groups; None: there is none.
    min_size
        How many accounts there are at least.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(lifecycle_books(min_size=1))
    ... def books_have_a_stage_before(book):
    ...     assert len(book["before"]) == len(book["days_since"])
    >>> books_have_a_stage_before()
    """
    n = draw(st.integers(min_size, 12))
    numbers = {
        "days_to_end": st.integers(-400, 400).map(float),
        "gaps": st.integers(0, 14).map(float),
        "order_days": st.integers(1, 15).map(float),
    }
    odd = st.sampled_from([math.nan, math.nan, math.inf])
    book: dict[str, Any] = dict(_trends(draw, n))
    for name in (m for m in (*MEASURES, "gap_median") if m not in book):
        few = numbers.get(name, _DAYS)
        book[name] = draw(st.lists(st.one_of(few, few, few, odd), min_size=n, max_size=n))
    words = st.sampled_from([*STAGES, *NAMES_ZH, None])
    book["before"] = draw(st.lists(words, min_size=n, max_size=n))
    book["prospect"] = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    if group is not None:
        labels = st.sampled_from([*GROUPS, None])
        book[group] = draw(st.lists(labels, min_size=n, max_size=n))
    return book


def _trends(draw: st.DrawFn, n: int) -> Book:
    """Draw slopes within their intervals; each of the three may be missing or infinite."""
    slope = st.sampled_from([-0.4, -0.3, -0.05, -0.01, 0.0, 0.01, 0.04, 0.05, 0.06, 0.2, 0.4])
    there = st.sampled_from([None, None, None, math.nan, math.inf])
    three = st.tuples(st.tuples(slope, slope, slope).map(sorted), st.tuples(there, there, there))
    rows = [
        [known if odd is None else odd for known, odd in zip(*drawn, strict=True)]
        for drawn in draw(st.lists(three, min_size=n, max_size=n))
    ]
    names = ("slope_low", "slope", "slope_high")
    return {name: [row[k] for row in rows] for k, name in enumerate(names)}


@st.composite
def panels(draw: st.DrawFn, *, min_size: int = 0) -> dict[str, list[Any]]:
    """Draw panels of snapshots with gaps, unknown states and accounts that come late.

    Parameters
    ----------
    min_size
        How many snapshots there are at least.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(panels())
    ... def an_account_is_in_one_state_at_a_time(panel):
    ...     cells = list(zip(panel["account"], panel["period"]))
    ...     assert len(set(cells)) == len(cells)
    >>> an_account_is_in_one_state_at_a_time()
    """
    cells = st.tuples(st.sampled_from("ABCDE"), st.integers(1, 6))
    found = draw(st.lists(cells, unique=True, min_size=min_size, max_size=24))
    states = st.sampled_from([*_STATES, *_STATES, None])
    return {
        "account": [who for who, _ in found],
        "period": [when for _, when in found],
        "state": draw(st.lists(states, min_size=len(found), max_size=len(found))),
    }


@st.composite
def chain_tests(draw: st.DrawFn) -> ChainTest:
    """Draw results of tests.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(chain_tests())
    ... def p_values_are_shares(test):
    ...     assert 0 <= test.p_value <= 1
    >>> p_values_are_shares()
    """
    statistic, degrees = draw(st.floats(0, 1e6)), draw(st.integers(0, 99))
    return ChainTest(statistic, degrees, draw(st.floats(0, 1)))


@st.composite
def stage_chains(draw: st.DrawFn) -> StageChain:
    """Draw chains of counts and of matrices, some of them with absorbing states.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(stage_chains())
    ... def rows_sum_to_one(chain):
    ...     assert all(abs(sum(row) - 1) < 1e-9 for row in chain.matrix)
    >>> rows_sum_to_one()
    """
    k = draw(st.integers(1, len(_STATES)))
    rows = st.lists(st.integers(0, 30), min_size=k, max_size=k)
    counts = draw(st.lists(rows, min_size=k, max_size=k))
    fixed = draw(st.lists(st.sampled_from(_STATES[:k]), unique=True, max_size=k))
    smoothing = draw(st.sampled_from([0.01, 1.0, 5.0]))
    chain = StageChain.of_counts(_STATES[:k], counts, absorbing=fixed, smoothing=smoothing)
    if draw(st.booleans()):
        return StageChain(states=chain.states, matrix=chain.matrix, absorbing=fixed)
    return chain


@st.composite
def budget_regressions(draw: st.DrawFn) -> BudgetRegression:
    """Draw regressions on one or two columns, fitted or not.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(budget_regressions())
    ... def planes_are_three_or_none(spec):
    ...     assert spec.planes is None or len(spec.planes) == 3
    >>> planes_are_three_or_none()
    """
    alike = draw(st.sampled_from([("employees",), ("employees", "revenue")]))
    plane = st.lists(st.floats(-1e6, 1e6), min_size=len(alike) + 1, max_size=len(alike) + 1)
    planes = draw(st.none() | st.lists(plane, min_size=3, max_size=3))
    return BudgetRegression(
        alike,
        budget=draw(st.sampled_from(["budget", "wallet"])),
        quantiles=draw(st.sampled_from([(0.1, 0.5, 0.9), (0.25, 0.5, 0.75)])),
        planes=planes,
        basis=0 if planes is None else draw(st.integers(1, 500)),
    )
