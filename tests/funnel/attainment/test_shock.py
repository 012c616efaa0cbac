"""A common shock keeps every deal's probability, and ties the deals of a group together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.testing import common_shocks, deals_at_stake

RATES = [(0.5, 0.7), (0.5, 0.3)]
SHOCK = ka.CommonShock.from_rates(RATES)


@settings(deadline=None)
@given(common_shocks(), st.lists(st.floats(0.0, 1.0), min_size=1, max_size=9))
def test_the_mean_over_regimes_is_the_stated_probability(
    shock: ka.CommonShock, stated: list[float]
) -> None:
    """To rounding, inside [0, 1], and ordered as the odds are."""
    found = shock.conditional(stated)
    mean = np.array(shock.weights) @ found
    np.testing.assert_allclose(mean, stated, rtol=1e-12, atol=1e-14)
    assert ((found >= 0.0) & (found <= 1.0)).all()
    order = np.argsort([odds for _, odds in shock.regimes], kind="stable")
    assert (np.diff(found[order], axis=0) >= 0.0).all()


def test_rates_seen_are_given_back() -> None:
    """A deal of the mean probability has the rates that were seen."""
    seen = ka.CommonShock.from_rates([(0.25, 0.8), (0.75, 0.4)])
    np.testing.assert_allclose(seen.conditional([0.5])[:, 0], [0.8, 0.4], rtol=0, atol=1e-15)


def test_only_the_ratio_of_odds_counts() -> None:
    """Odds of 2 and 0.5 are odds of 4 and 1."""
    first = ka.CommonShock(((0.3, 2), (0.7, 0.5))).conditional([0.1, 0.6])
    second = ka.CommonShock(((0.3, 4), (0.7, 1))).conditional([0.1, 0.6])
    np.testing.assert_allclose(first, second, rtol=1e-14)


@settings(deadline=None, max_examples=40)
@given(deals_at_stake(max_deals=8), st.floats(-1e4, 1e4))
def test_a_shock_of_one_regime_changes_nothing(deals: dict[str, Any], target: float) -> None:
    """One regime is no shock; neither is a group of one's own."""
    columns = {k: deals[k] for k in ("amounts", "probabilities")}
    plain = ka.attainment(**columns, target=target).probability
    one = ka.CommonShock(((1.0, 3.0),))
    same = ka.attainment(**columns, target=target, shock=one).probability
    own = [f"account {i}" for i in range(len(deals["amounts"]))]
    alone = ka.attainment(**columns, target=target, shock=SHOCK, group=own).probability
    nobody = ka.attainment(
        **columns, target=target, shock=SHOCK, group=[None] * len(own)
    ).probability
    assert same == pytest.approx(plain, abs=1e-12)
    assert alone == nobody == plain


def test_groups_are_independent_of_each_other() -> None:
    """Two groups of one deal each and a group of two: the tie is inside the group alone."""
    amounts, chances = [1.0, 1.0], [0.5, 0.5]
    apart = ka.attainment(amounts, chances, 2, shock=SHOCK, group=["a", "b"])
    together = ka.attainment(amounts, chances, 2, shock=SHOCK, group=["a", "a"])
    assert apart.probability == 0.25
    assert together.probability == pytest.approx(0.5 * 0.49 + 0.5 * 0.09)


def test_a_shock_widens_and_keeps_the_expectation() -> None:
    """Same mean, larger deviation, more at both ends; by groups less so than all in one."""
    rng = np.random.default_rng(11)
    amounts, chances = rng.lognormal(10.0, 1.0, 90), rng.random(90)
    groups = [f"account {i % 9}" for i in range(90)]
    plain = ka.attainment(amounts, chances, 0)
    by_group = ka.attainment(amounts, chances, 0, shock=SHOCK, group=groups)
    in_one = ka.attainment(amounts, chances, 0, shock=SHOCK)
    assert plain.expected == by_group.expected == in_one.expected
    assert plain.sd < by_group.sd < in_one.sd
    for share in (0.05, 0.95):
        far = [a.quantile(share).low - plain.expected for a in (plain, by_group, in_one)]
        assert abs(far[0]) < abs(far[1]) < abs(far[2])


def test_bounds_hold_for_many_groups() -> None:
    """Fifty accounts without a shared unit: the bounds are as narrow as asked, and simulation
    agrees within its own error.
    """
    rng = np.random.default_rng(12)
    amounts, chances = rng.lognormal(10.0, 1.0, 200), rng.random(200)
    groups = np.arange(200) % 50
    target = 1.1 * float((amounts * chances).sum())
    found = ka.attainment(amounts, chances, target, shock=SHOCK, group=groups)
    assert found.method == "lattice"
    assert found.high - found.low <= 1e-3
    regimes = rng.integers(0, 2, (100_000, 50))[:, groups]
    given_regime = SHOCK.conditional(chances)
    won = rng.random((100_000, 200)) < np.take_along_axis(given_regime, regimes, axis=0)
    simulated = float(((won * amounts).sum(axis=1) >= target).mean())
    assert simulated == pytest.approx(found.probability, abs=5 * 0.5 / 100_000**0.5)


@pytest.mark.parametrize(
    "regimes",
    [
        (),
        ((0.5, 1.0),),
        ((0.5, 1.0), (0.5, 0.0)),
        ((1.0, -1.0),),
        ((1.5, 1.0), (-0.5, 1.0)),
        ((1.0, float("nan")),),
        ((1.0,),),
        (1.0, 2.0),
        "half",
        None,
        ((True, 1.0),),
    ],
)
def test_regimes_that_are_none(regimes: Any) -> None:
    """Weights above 0 that sum to 1, odds above 0, in pairs: anything else is refused."""
    with pytest.raises(ka.SpecError, match=r"CommonShock.regimes must be pairs"):
        ka.CommonShock(regimes)


@pytest.mark.parametrize("rates", [[(1.0, 0.0)], [(1.0, 1.0)], [(1.0,)], None, [0.5], [(1.0, "x")]])
def test_rates_that_are_none(rates: Any) -> None:
    """A rate of 0 or 1 leaves nothing to move."""
    with pytest.raises(ka.SpecError, match=r"from_rates\(rates\) must be pairs"):
        ka.CommonShock.from_rates(rates)


def test_weights_that_round_are_made_whole() -> None:
    """Weights a little off 1 are shared out: what is certain together stays 1."""
    shock = ka.CommonShock(((1 / 3 + 1e-10, 2.0), (1 / 3, 1.0), (1 / 3, 0.5)))
    found = ka.attainment([1.0, 2.0], [0.5, 0.5], [0.01, 3.0], shock=shock)
    nothing = 1.0 - found.probability[0]
    assert nothing == pytest.approx(found.probability[1], abs=1e-9)
    assert sum(shock.weights) == pytest.approx(1.0, abs=1e-15)


def test_equal_sizes_that_a_shock_moves_apart() -> None:
    """A deal of 100 and a credit note of 100 look alike once turned; their order still is none."""
    columns: dict[str, Any] = {
        "amounts": [100.0, -100.0, 37.0],
        "probabilities": [0.6, 0.4, 0.3],
    }
    shock = ka.CommonShock(((0.3, 5.0), (0.7, 0.2)))
    turned = {name: column[::-1] for name, column in columns.items()}
    first = ka.attainment(**columns, target=[-100.0, 0.0, 37.0], shock=shock)
    second = ka.attainment(**turned, target=[-100.0, 0.0, 37.0], shock=shock)
    assert first.probability.tolist() == second.probability.tolist()
