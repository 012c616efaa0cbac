"""Budgets estimated from peers and by quantile regression, and named as estimates."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import assert_row_wise, budget_regressions

BOOK = {
    "budget": [10.0, 20.0, 30.0, 40.0, 900.0, None, None, None],
    "staff": [1.0, 2.0, 3.0, 4.0, 90.0, 2.5, 80.0, None],
    "industry": ["a", "a", "a", "b", "b", "a", "b", "a"],
}


def peers(book: Any = BOOK, **options: Any) -> ka.Budgets:
    """Ask two peers by staff."""
    given = {"budget": "budget", "alike": ["staff"], "peers": 2, **options}
    return ka.peer_budgets(book, **given)


def test_nearest_peers_worked_by_hand() -> None:
    """2.5 lies between 20 and 30; 80 between 40 and 900; who lacks staff has no peer."""
    found = peers()
    assert found.value.tolist()[:7] == [10, 20, 30, 40, 900, 25, 470]
    assert math.isnan(found.value[7])
    assert found.low[5:7].tolist() == pytest.approx([21, 126])
    assert found.high[5:7].tolist() == pytest.approx([29, 814])
    assert found.basis.tolist() == [0, 0, 0, 0, 0, 2, 2, 0]
    assert found.source.tolist()[4:] == [
        "stated budget",
        *["budget estimated from nearest peers"] * 2,
        None,
    ]
    assert [(f.code, f.count) for f in found.findings] == [("estimated", 2), ("unknown", 1)]


def test_groups_look_among_their_own_and_small_ones_have_no_estimate() -> None:
    """Three peers in group a, two in b."""
    found = peers(group="industry", peers=3)
    assert found.value[5] == 20.0
    assert math.isnan(found.value[6])
    nobody = peers(group="none", book={**BOOK, "none": [None] * 8})
    assert np.isnan(nobody.value[5:]).all()


def test_ties_at_the_last_peer_are_all_asked() -> None:
    """Three alike accounts, two asked for: the median of all three."""
    book = {"budget": [1.0, 2.0, 9.0, None], "staff": [5, 5, 5, 5]}
    found = peers(book)
    assert found.value[3] == 2.0
    assert found.basis[3] == 3


def test_an_infinite_budget_is_unknown_and_told() -> None:
    """Estimated like a missing one."""
    found = peers({"budget": [1.0, 2.0, math.inf], "staff": [1, 2, 3]})
    assert found.value[2] == 1.5
    assert [f.code for f in found.findings] == ["infinite", "estimated"]
    assert len(peers({"budget": [], "staff": []})) == 0


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(
            st.none() | st.integers(0, 9), st.none() | st.integers(0, 5), st.sampled_from("ab")
        ),
        max_size=15,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_rows_changes_no_bit(rows: list[Any], random: Any) -> None:
    """Permuted, the same estimates, each within the stated budgets."""
    order = list(range(len(rows)))
    random.shuffle(order)

    def asked(rows: list[Any]) -> ka.Budgets:
        columns = [[r[k] for r in rows] for k in range(3)]
        book = {"budget": columns[0], "staff": columns[1], "g": columns[2]}
        return peers(book, group="g")

    first, second = asked(rows), asked([rows[i] for i in order])
    assert first.value[order].tobytes() == second.value.tobytes()
    assert first.low[order].tobytes() == second.low.tobytes()
    stated = [r[0] for r in rows if r[0] is not None]
    known = first.value[~np.isnan(first.value)]
    if len(known):
        assert min(stated) <= known.min()
        assert known.max() <= max(stated)


SPEC = ka.BudgetRegression(["staff"], planes=((0, 8), (0, 10), (0, 12)), basis=40)


def test_planes_are_read_and_named() -> None:
    """A stated budget stays; an estimate is never below 0; crossed planes are put in order."""
    found = SPEC.estimate({"staff": [5.0, 7.0, -1.0, None], "budget": [None, 66.0, None, None]})
    assert found.value[:3].tolist() == [50, 66, 0]
    assert (found.low[0], found.high[0]) == (40, 60)
    assert found.source.tolist() == [
        "budget estimated by quantile regression",
        "stated budget",
        "budget estimated by quantile regression",
        None,
    ]
    assert found.basis.tolist() == [40, 0, 40, 0]
    crossed = ka.BudgetRegression(["staff"], planes=((0, 12), (0, 10), (0, 8)), basis=40)
    assert crossed.estimate({"staff": 5.0, "budget": None}).low.tolist() == [40]


def test_quantile_regression_of_one_constant_is_the_quantile() -> None:
    """On a column that says little, the planes are near the quantiles; a line is found exactly."""
    pytest.importorskip("scipy")
    staff = np.arange(1.0, 41.0)
    line = {"staff": staff, "budget": 5.0 + 3.0 * staff}
    fitted = ka.BudgetRegression(["staff"]).fit(line)
    assert fitted.planes is not None
    for plane in fitted.planes:
        assert plane == pytest.approx((5.0, 3.0))
    assert fitted.basis == 40
    assert fitted.is_fitted


def test_the_planes_have_their_share_of_budgets_below_them() -> None:
    """Koenker and Bassett (1978), theorem 3.4: at most n q below, at least n q at or below."""
    pytest.importorskip("scipy")
    rng = np.random.default_rng(11)
    n = 300
    staff, revenue = rng.lognormal(3, 1, n), rng.lognormal(10, 2, n)
    budget = 50 + 2 * staff + 0.001 * revenue + rng.exponential(20 + staff, n)
    book = {"staff": staff, "revenue": revenue, "budget": budget}
    fitted = ka.BudgetRegression(["staff", "revenue"]).fit(book)
    for plane, q in zip(fitted.planes or (), fitted.quantiles, strict=True):
        away = budget - (plane[0] + plane[1] * staff + plane[2] * revenue)
        near = np.abs(away) < 1e-6 * np.abs(budget).max()
        assert (away[~near] < 0).sum() <= n * q <= (away[~near] < 0).sum() + near.sum()
    backwards = {k: v[::-1] for k, v in book.items()}
    assert ka.BudgetRegression(["staff", "revenue"]).fit(backwards) == fitted
    assert fitted.fit(book) == fitted


@settings(max_examples=40)
@given(budget_regressions(), st.data())
def test_an_estimate_depends_on_its_row_alone(
    spec: ka.BudgetRegression, data: st.DataObject
) -> None:
    """To the last bit."""
    if not spec.is_fitted:
        return
    n = data.draw(st.integers(0, 8))
    numbers = st.lists(st.integers(0, 99) | st.just(math.nan), min_size=n, max_size=n)
    book = {name: np.array(data.draw(numbers), float) for name in spec.reads}
    assert_row_wise(spec, book)


def test_all_peers_at_the_same_distance_are_asked() -> None:
    """One step up is as far as one step down, in whichever rank."""
    for n in range(3, 40):
        for i in range(1, n - 1):
            budget = 100.0 * np.arange(1, n + 1)
            budget[i] = np.nan
            book = {"budget": budget, "staff": np.arange(n)}
            found = ka.peer_budgets(book, budget="budget", alike=["staff"], peers=1)
            assert found.value[i] == pytest.approx(100.0 * (i + 1))
            assert found.basis[i] == 2


def test_groups_of_another_length_are_refused() -> None:
    """Neither broadcast nor an error of numpy."""
    for groups in (["a"], ["a", "b"]):
        with pytest.raises(ka.ColumnError, match="differ in length"):
            peers({**BOOK, "g": groups}, group="g")


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: peers(peers=0), ka.SpecError, "peers"),
        (lambda: peers(alike=[]), ka.SpecError, "alike"),
        (lambda: peers(alike=["stuff"]), ka.ColumnNotFoundError, "staff"),
        (lambda: peers(quantiles=(0.5, 0.1, 0.9)), ka.SpecError, "three rising shares"),
        (lambda: peers(quantiles=0.5), ka.SpecError, "three rising shares"),
        (lambda: peers({**BOOK, "budget": [-1.0] * 8}), ka.RowError, "below 0"),
        (lambda: ka.BudgetRegression([]), ka.SpecError, "alike"),
        (lambda: ka.BudgetRegression(["a"], quantiles=(0, 0.5, 1)), ka.SpecError, "rising"),
        (lambda: ka.BudgetRegression(["a"], planes=((1, 2),)), ka.SpecError, "three rows of 2"),
        (lambda: ka.BudgetRegression(["staff"]).estimate(BOOK), ka.NotFittedError, "fit"),
        (lambda: ka.BudgetRegression(["staff"]).fit(BOOK), ka.NotEnoughDataError, "too few"),
        (
            lambda: ka.BudgetRegression(["staff", "same"]).fit(
                {
                    "staff": np.arange(20.0),
                    "same": 2 * np.arange(20.0),
                    "budget": np.arange(20.0),
                }
            ),
            ka.NotEnoughDataError,
            "say the same",
        ),
    ],
)
def test_what_cannot_be_is_refused(call: Any, error: type[Exception], said: str) -> None:
    """A typed error that names the field or column."""
    with pytest.raises(error, match=said):
        call()


def test_without_scipy_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pip install 'keyaccount[clv]'."""
    import keyaccount.lifecycle._scipy as border

    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(border, "import_module", missing)
    staff = np.arange(1.0, 41.0)
    with pytest.raises(ka.MissingExtra, match=r"keyaccount\[clv\]"):
        ka.BudgetRegression(["staff"]).fit({"staff": staff, "budget": staff})
