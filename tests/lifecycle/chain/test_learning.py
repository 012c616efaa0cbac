"""Chains learned from snapshots: counts, smoothing, intervals, tests, and what is told."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.stats.special import beta_quantile
from keyaccount.testing import panels

PANEL: dict[str, Any] = {
    "account": ["A", "A", "A", "A", "B", "B", "B", "C", "C", "D"],
    "period": [1, 2, 3, 4, 1, 2, 4, 3, 4, 2],
    "state": ["g", "g", "m", "c", "g", "m", "m", "m", "m", "g"],
}


def test_counts_worked_by_hand() -> None:
    """A moves three times; B's gap at 3 is no transition; C comes late; D is seen once."""
    found = ka.StageChain.fit(PANEL, states=["g", "m", "c"])
    assert np.array(found.counts).tolist() == [[1, 2, 0], [0, 1, 1], [0, 0, 0]]
    assert found.matrix[0] == pytest.approx(((1 + 1 / 3) / 4, (2 + 1 / 3) / 4, (1 / 3) / 4))
    assert found.matrix[2] == pytest.approx((1 / 3,) * 3)
    assert found.unseen == ("c",)
    assert (found.gaps, found.skipped) == (1, 0)
    assert found.spacing == (1.0, 1.0)
    assert [(f.code, f.examples) for f in found.findings] == [("unseen_rows", ("c",)), ("gaps", ())]


def test_days_floats_and_columns_of_any_name() -> None:
    """Months are days a month apart, and told when they are uneven."""
    days = {1: "2026-01-31", 2: "2026-02-28", 3: "2026-03-31", 4: "2026-07-31"}
    panel: dict[str, Any] = {
        "who": PANEL["account"],
        "day": [days[p] for p in PANEL["period"]],
        "stage": PANEL["state"],
    }
    found = ka.StageChain.fit(panel, account="who", at="day", state="stage")
    assert found.counts == ka.StageChain.fit(PANEL).counts
    assert found.spacing == (28.0, 122.0)
    assert "uneven_periods" in [f.code for f in found.findings]
    digits = [int(day.replace("-", "")) for day in panel["day"]]
    assert (
        ka.StageChain.fit({**panel, "day": digits}, account="who", at="day", state="stage") == found
    )
    floats = ka.StageChain.fit({**PANEL, "period": [float(p) for p in PANEL["period"]]})
    assert floats == ka.StageChain.fit(PANEL)
    assert ka.StageChain.fit(pd.DataFrame(PANEL)) == floats
    objects = np.array([np.int64(p) for p in PANEL["period"]], dtype=object)
    assert ka.StageChain.fit({**PANEL, "period": objects}) == floats


def test_missing_rows_are_no_snapshots() -> None:
    """An unknown state, period or account makes a gap, and is counted."""
    others: dict[str, list[Any]] = {
        "account": ["E", "E", None, "E"],
        "period": [1.0, None, 2.0, 3.0],
        "state": ["g", "g", "g", None],
    }
    panel = {k: PANEL[k] + others[k] for k in PANEL}
    found = ka.StageChain.fit(panel)
    assert found.skipped == 3
    assert found.counts == ka.StageChain.fit(PANEL).counts


def test_absorbing_states_stay_and_returns_are_told() -> None:
    """Who came back from churn is counted, set aside and told."""
    panel = {
        "account": ["A"] * 4,
        "period": [1, 2, 3, 4],
        "state": ["active", "churn", "active", "active"],
    }
    found = ka.StageChain.fit(panel, absorbing=["churn"], smoothing=0)
    assert np.array(found.matrix).tolist() == [[0.5, 0.5], [0, 1]]
    assert np.array(found.counts).tolist() == [[1, 1], [1, 0]]
    assert [(f.code, f.count, f.where) for f in found.findings] == [("left_absorbing", 1, "churn")]
    assert ka.StageChain.fit(panel, absorbing="churn", smoothing=0) == found
    low, high = found.interval()
    assert low[1].tolist() == high[1].tolist() == [0.0, 1.0]


def test_intervals_are_the_beta_margins() -> None:
    """Row (30, 10) with one imagined transition: Beta(30.5, 10.5)."""
    found = ka.StageChain.of_counts(("a", "b"), ((30, 10), (0, 5)))
    low, high = found.interval(0.9)
    assert low[0, 0] == pytest.approx(beta_quantile(0.05, 30.5, 10.5)[0], rel=1e-12)
    assert high[0, 1] == pytest.approx(beta_quantile(0.95, 10.5, 30.5)[0], rel=1e-12)
    assert (low <= np.array(found.matrix)).all()
    assert (high >= np.array(found.matrix)).all()


def test_the_tests_worked_by_hand() -> None:
    """Constancy: 2 Σ n ln(n / expected) of one 2 × 2 table per state; degrees of freedom count."""
    # period 1 to 2: a -> a 8, a -> b 2; period 2 to 3: a -> a 2, a -> b 6
    moves = [("a", "a", "a", 2), ("a", "a", "b", 6), ("a", "b", "b", 2)]
    rows = [(f"{m}{i}", t + 1, s) for m, (*path, n) in enumerate(moves) for i in range(n)
            for t, s in enumerate(path)]  # fmt: skip
    account, period, state = zip(*rows, strict=True)
    found = ka.StageChain.fit({"account": account, "period": period, "state": state})
    table = np.array([[8.0, 2.0], [2.0, 6.0]])
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    assert found.constancy is not None
    assert found.constancy.degrees == 1
    assert found.constancy.statistic == pytest.approx(2 * (table * np.log(table / expected)).sum())
    # chi-square with one degree of freedom: erfc(sqrt(x / 2))
    p_value = math.erfc(math.sqrt(found.constancy.statistic / 2))
    assert found.constancy.p_value == pytest.approx(p_value, rel=1e-12)
    assert found.constancy.p_value < 0.05
    assert "not_constant" in [f.code for f in found.findings]
    assert found.order is None  # from a, only a came before: nothing to test


def simulated(matrix: Any, accounts: int, periods: int, seed: int, memory: float = 0.0) -> Any:
    """Draw a panel; with memory, an account goes back to the state before with that chance."""
    rng = np.random.default_rng(seed)
    states = np.zeros((accounts, periods), dtype=int)
    for t in range(1, periods):
        draw = rng.random(accounts)
        nxt = (draw[:, None] > np.cumsum(matrix, axis=1)[states[:, t - 1]]).sum(axis=1)
        back = rng.random(accounts) < memory
        states[:, t] = np.where(back & (t > 1), states[:, max(t - 2, 0)], nxt)
    return {
        "account": np.repeat(np.arange(accounts), periods),
        "period": np.tile(np.arange(periods), accounts),
        "state": np.array(["a", "b", "c"])[states.ravel()],
    }


def test_a_chain_is_found_again() -> None:
    """400 accounts over 12 periods: the matrix within its intervals, and both tests content."""
    truth = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]])
    found = ka.StageChain.fit(simulated(truth, 400, 12, seed=8))
    low, high = found.interval(0.99)
    assert ((low < truth) & (truth < high)).all()
    assert found.constancy is not None
    assert found.order is not None
    assert found.constancy.p_value > 0.05
    assert found.order.p_value > 0.05
    assert found.order.degrees == 12
    longer = ka.StageChain.fit(simulated(truth, 400, 12, seed=8, memory=0.3))
    assert longer.order is not None
    assert longer.order.p_value < 1e-20  # a tail, not a difference from 1
    assert "longer_memory" in [f.code for f in longer.findings]


@settings(max_examples=80)
@given(panels(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(panel: dict[str, list[Any]], random: Any) -> None:
    """Permuted, the chain is equal in every field; its rows sum to 1."""
    order = list(range(len(panel["state"])))
    random.shuffle(order)
    if not any(s for s, p in zip(panel["state"], panel["period"], strict=True) if p):
        return
    found = ka.StageChain.fit(panel)
    shuffled = {name: [column[i] for i in order] for name, column in panel.items()}
    assert ka.StageChain.fit(shuffled) == found
    for row in found.matrix:
        assert math.fsum(row) == pytest.approx(1.0, abs=1e-12)


@settings(max_examples=80)
@given(panels(min_size=1), st.sets(st.sampled_from("ABCDE")))
def test_counts_of_parts_add_up(panel: dict[str, list[Any]], some: set[str]) -> None:
    """Split by accounts, the parts have the transitions of the whole; nothing lies between them."""
    states = ("new", "active", "warm", "cold")
    # every period is met in both parts, or a period that is missing would close up
    clock: dict[str, list[Any]] = {
        "account": [f"clock{t}" for t in range(1, 7)],
        "period": list(range(1, 7)),
    }

    def counted(accounts: set[str]) -> Any:
        rows = [i for i, who in enumerate(panel["account"]) if who in accounts]
        part = {k: [v[i] for i in rows] for k, v in panel.items()}
        part = {k: part[k] + clock.get(k, ["new"] * 6) for k in part}
        return np.array(ka.StageChain.fit(part, states=states).counts)

    whole = counted(set("ABCDE"))
    np.testing.assert_array_equal(counted(some) + counted(set("ABCDE") - some), whole)


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: ka.StageChain.fit({}), ka.ColumnNotFoundError, "account"),
        (lambda: ka.StageChain.fit(PANEL, at="perod"), ka.ColumnNotFoundError, "period"),
        (lambda: ka.StageChain.fit(PANEL, states=["g", "m"]), ka.SpecError, "'c'"),
        (lambda: ka.StageChain.fit(PANEL, absorbing=["churn"]), ka.SpecError, "absorbing"),
        (lambda: ka.StageChain.fit(PANEL, smoothing=0), ka.NotEnoughDataError, "from 'c'"),
        (lambda: ka.StageChain.fit(PANEL, smoothing=-1), ka.SpecError, "smoothing"),
        (
            lambda: ka.StageChain.fit({k: [*v, v[0]] for k, v in PANEL.items()}),
            ka.DuplicateIdError,
            "account and period",
        ),
        (
            lambda: ka.StageChain.fit({"account": [], "period": [], "state": []}),
            ka.NotEnoughDataError,
            "needs a state",
        ),
        (
            lambda: ka.StageChain.fit({**PANEL, "period": [1.5] * 10}),
            ka.ColumnError,
            "days or whole numbers",
        ),
        (lambda: ka.StageChain.fit({**PANEL, "state": ["g"]}), ka.ColumnError, "differ in length"),
        (
            lambda: ka.StageChain.fit({**PANEL, "period": np.full(10, 2**64 - 1, np.uint64)}),
            ka.ColumnError,
            "whole numbers",
        ),
        (lambda: ka.StageChain.of_counts(("a",), ((1e300,),)), ka.SpecError, "counts"),
        (lambda: ka.StageChain.of_counts(("a",), ((1, 2),)), ka.SpecError, "counts"),
        (lambda: ka.StageChain.of_counts(("a", "b"), 3), ka.SpecError, "counts"),
    ],
)
def test_what_cannot_be_is_refused(call: Any, error: type[Exception], said: str) -> None:
    """A typed error that shows what was met."""
    with pytest.raises(error, match=said):
        call()
