"""Potential from the customer's own budget: the formula, its range, and where it comes from."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka

SHARES = st.floats(0, 1)
MONEY = st.integers(0, 10**9).map(lambda cents: cents / 100)


def test_the_formula_worked_by_hand() -> None:
    """3 × 1,000,000 × (40 % - 25 %) + 50,000."""
    found = ka.wallet_potential(1_000_000, 0.40, 0.25, opportunities=50_000)
    assert found.value.tolist() == [pytest.approx(500_000)]
    assert found.headroom.tolist() == [pytest.approx(150_000)]
    assert found.source.tolist() == ["wallet (stated budget)"]
    assert found.findings == ()
    one_year = ka.wallet_potential([1e6], [0.4], [0.25], years=1)
    assert one_year.value.tolist() == [pytest.approx(150_000)]


def test_ranges_take_the_worst_and_the_best_of_all_parts() -> None:
    """Low: low budget, low attainable, high present; high: the opposite."""
    found = ka.wallet_potential(
        [100.0],
        [0.5],
        [0.2],
        years=2,
        opportunities=[10.0],
        budget_range=(80, 150),
        attainable_range=([0.4], [0.6]),
        present_range=(0.1, 0.3),
        opportunities_range=(0, 30),
    )
    assert found.low.tolist() == [pytest.approx(2 * 80 * 0.1)]
    assert found.value.tolist() == [pytest.approx(2 * 100 * 0.3 + 10)]
    assert found.high.tolist() == [pytest.approx(2 * 150 * 0.5 + 30)]


def test_no_headroom_below_what_we_have() -> None:
    """Never negative, and told; opportunities already created stay."""
    found = ka.wallet_potential([100.0, 100.0], [0.1, 0.5], [0.4, 0.4], opportunities=7.0)
    assert found.value.tolist() == [7.0, pytest.approx(37.0)]
    (told,) = found.findings
    assert (told.code, told.count, told.examples) == ("attainable_below_present", 1, ("row 0",))


def test_what_is_unknown_makes_the_whole_unknown() -> None:
    """A missing part, or an infinite one, which is told."""
    found = ka.wallet_potential([None, 5.0, math.inf], [0.5, None, 0.5], [0.1, 0.1, 0.1])
    assert np.isnan(found.value).all()
    assert np.isnan(found.low).all()
    assert found.source.tolist() == [None, None, None]
    assert [(f.code, f.count) for f in found.findings] == [("infinite", 1), ("unknown", 3)]
    endless = ka.wallet_potential([1e308, 1.0], 1, 0)
    assert np.isnan(endless.value).tolist() == [True, False]
    ranged = ka.wallet_potential(5.0, 0.5, 0.1, budget_range=(None, 6))
    assert np.isnan(ranged.value).all()


def test_it_feeds_the_potential_criterion_and_says_what_it_is() -> None:
    """Columns with their source, and one readable row."""
    found = ka.wallet_potential(pd.Series([10.0, 20.0]), 0.5, 0.25)
    columns = found.columns()
    scorer = ka.CompositeScorer(
        criteria=(ka.Criterion("potential", column="potential", value=ka.Linear(0, 15)),),
        weights={"potential": 1.0},
    )
    assert scorer.score(columns).value.tolist() == [0.5, 1.0]
    assert columns["potential_source"].tolist() == ["wallet (stated budget)"] * 2
    assert found.row(1)["source"] == "wallet (stated budget)"
    assert "2 accounts over 3 years" in repr(found)
    assert "<table" in found._repr_html_()
    assert len(ka.wallet_potential([], [], [])) == 0


def test_estimated_budgets_bring_their_range_and_their_name() -> None:
    """Nobody can take an estimate for a statement."""
    book = {"budget": [100.0, 200.0, 300.0, None, None], "staff": [1, 2, 3, 2, None]}
    budgets = ka.peer_budgets(book, budget="budget", alike=["staff"], peers=3)
    found = ka.wallet_potential(budgets, 0.5, 0.25, years=1)
    assert found.value[:4].tolist() == [25, 50, 75, 50]
    assert found.low[3] == pytest.approx(0.25 * 120)
    assert found.high[3] == pytest.approx(0.25 * 280)
    assert found.low[0] == found.high[0] == 25
    assert found.source.tolist() == [
        *["wallet (stated budget)"] * 3,
        "wallet (budget estimated from nearest peers)",
        None,
    ]


@given(st.lists(st.tuples(MONEY, SHARES, SHARES, MONEY), min_size=1, max_size=8))
def test_rows_stand_for_themselves_and_bounds_hold(rows: list[tuple[float, ...]]) -> None:
    """One by one as together; low <= value <= high; more budget is never less potential."""
    budget, reach, have, more = (np.array(c) for c in zip(*rows, strict=True))
    ranges = {
        "budget_range": (budget / 2, budget * 2),
        "attainable_range": (reach * 0.9, np.sqrt(reach)),
    }
    found = ka.wallet_potential(budget, reach, have, opportunities=more, **ranges)  # type: ignore[arg-type]
    assert (found.low <= found.value).all()
    assert (found.value <= found.high).all()
    for i in range(len(rows)):
        own: Any = {k: (low[i], high[i]) for k, (low, high) in ranges.items()}
        alone = ka.wallet_potential(budget[i], reach[i], have[i], opportunities=more[i], **own)
        assert alone.value[0] == found.value[i]
        assert (alone.low[0], alone.high[0]) == (found.low[i], found.high[i])
    richer = ka.wallet_potential(budget + 1, reach, have, opportunities=more)
    assert (richer.value >= found.value).all()


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: ka.wallet_potential(1, 40, 0.2), ka.RowError, r"is outside \[0, 1\].*row 0: 40"),
        (lambda: ka.wallet_potential(1, 0.4, -0.2), ka.RowError, "present_share"),
        (lambda: ka.wallet_potential([-1, -2], 0.4, 0.2), ka.RowError, "2 rows are below 0"),
        (lambda: ka.wallet_potential(1, 0.4, 0.2, opportunities=-5), ka.RowError, "opport"),
        (lambda: ka.wallet_potential(1, 0.4, 0.2, years=0), ka.SpecError, "years"),
        (lambda: ka.wallet_potential(1, 0.4, 0.2, years=None), ka.SpecError, "years"),  # type: ignore[arg-type]
        (lambda: ka.wallet_potential(1, "high", 0.2), ka.RowError, "holds no number"),
        (lambda: ka.wallet_potential([1, 2], [0.1] * 3, 0.1), ka.ColumnError, "differ in length"),
        (
            lambda: ka.wallet_potential(1, 0.4, 0.2, budget_range=(2, 3)),
            ka.RowError,
            "outside its own range",
        ),
        (
            lambda: ka.wallet_potential(1, 0.4, 0.2, budget_range=0.5),  # type: ignore[arg-type]
            ka.SpecError,
            "range of budget must be a pair",
        ),
    ],
)
def test_what_cannot_be_is_refused(call: Any, error: type[Exception], said: str) -> None:
    """A typed error that names the column and shows the value."""
    with pytest.raises(error, match=said):
        call()
