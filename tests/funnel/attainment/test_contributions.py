"""What a deal adds is the difference that knowing its outcome makes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.funnel.attainment.contributions import MarginalContributions
from keyaccount.funnel.attainment.deals import read_deals
from keyaccount.funnel.attainment.enumeration import Enumeration
from keyaccount.funnel.attainment.lattice import Lattice
from keyaccount.funnel.attainment.leave_one_out import by_convolution, by_subsets
from keyaccount.testing import common_shocks, deals_at_stake

SHOCK = ka.CommonShock.from_rates([(0.5, 0.7), (0.5, 0.3)])


def contributions(
    deals: dict[str, Any], target: float, shock: ka.CommonShock | None
) -> MarginalContributions:
    """Call the verb; groups only matter with a shock."""
    group = deals.get("group") if shock else None
    return ka.marginal_contributions(
        deals["amounts"], deals["probabilities"], target, shock=shock, group=group
    )


@settings(deadline=None, max_examples=80)
@given(st.data(), deals_at_stake(max_deals=8), st.none() | common_shocks())
def test_the_outcomes_of_a_deal_make_up_the_whole(
    data: st.DataObject, deals: dict[str, Any], shock: ka.CommonShock | None
) -> None:
    """P · P(reach | won) + (1 - p) · P(reach | lost) is P(reach), for every deal."""
    target = data.draw(st.floats(-1e5, 1e5))
    found = contributions(deals, target, shock)
    p = np.array(deals["probabilities"])
    assert (found.error == 0.0).all()
    whole = p * found.if_won + (1.0 - p) * found.if_lost
    np.testing.assert_allclose(whole, found.now, rtol=0, atol=1e-11)


@settings(deadline=None, max_examples=60)
@given(st.data(), deals_at_stake(max_deals=8, groups=False))
def test_winning_a_deal_makes_it_certain(data: st.DataObject, deals: dict[str, Any]) -> None:
    """Independent deals: if won, its probability is 1; if lost, 0; without it, it is not there."""
    assume(deals["amounts"])
    i = data.draw(st.integers(0, len(deals["amounts"]) - 1))
    target = data.draw(st.floats(-1e4, 1e5))
    found = contributions(deals, target, None)
    amounts, chances = deals["amounts"], deals["probabilities"]
    for p, column in ((1.0, found.if_won), (0.0, found.if_lost)):
        known = [*chances[:i], p, *chances[i + 1 :]]
        assert column[i] == pytest.approx(
            ka.attainment(amounts, known, target).probability, abs=1e-11
        )
    struck = ka.attainment(amounts[:i] + amounts[i + 1 :], chances[:i] + chances[i + 1 :], target)
    assert found.without[i] == pytest.approx(struck.probability, abs=1e-11)


@settings(deadline=None, max_examples=60)
@given(st.data(), deals_at_stake(max_deals=8), common_shocks())
def test_a_deal_is_struck_from_its_group(
    data: st.DataObject, deals: dict[str, Any], shock: ka.CommonShock
) -> None:
    """With a shock as well, `without` is the book without the deal."""
    assume(deals["amounts"])
    i = data.draw(st.integers(0, len(deals["amounts"]) - 1))
    target = data.draw(st.floats(-1e4, 1e5))
    found = contributions(deals, target, shock)
    rest = {name: column[:i] + column[i + 1 :] for name, column in deals.items()}
    struck = ka.attainment(
        rest["amounts"], rest["probabilities"], target, shock=shock, group=rest["group"]
    )
    assert found.without[i] == pytest.approx(struck.probability, abs=1e-11)


@settings(deadline=None, max_examples=60)
@given(
    st.data(),
    deals_at_stake(max_deals=8),
    st.none() | common_shocks(),
    st.sampled_from([5, 50, 2_000]),
)
def test_both_ways_agree(
    data: st.DataObject, deals: dict[str, Any], shock: ka.CommonShock | None, points: int
) -> None:
    """What a lattice says by leaving deals out holds what all subsets say."""
    group = deals["group"] if shock else None
    book = read_deals(deals["amounts"], deals["probabilities"], shock, group, "test")
    assume(book.moved)
    target = data.draw(st.floats(-1e4, 1e5))
    threshold = book.units.reaching(target) - book.certain
    exact = {say.row: say for say in by_subsets(Enumeration(book.blocks), threshold)}
    total = sum(v for b in book.moved for v in b.values)
    law = Lattice(book.moved, max(total // points, 1), 1e-9)
    seen = 0
    for say in by_convolution(law, book.blocks, threshold):
        seen += 1
        for name in ("won", "lost", "kept_off", "kept_on"):
            _, low, high = getattr(say, name)
            assert low - 1e-7 <= getattr(exact[say.row], name)[0] <= high + 1e-7
    assert seen == len(exact)


def test_a_chance_that_rounds_to_1_does_not_narrow_the_bounds() -> None:
    """A credit note all but ruled out, of nearly half a step: its error is no more than it is."""
    amounts = [-228_254_515_566_475.0, 228_255_151_928_513.0, 304_340_839_697_977.0]
    book = read_deals(amounts, [1e-154, 1e-154, 0.9], None, None, "test")
    threshold = book.units.reaching(1.0) - book.certain
    law = Lattice(book.moved, 152_170_101_438_593, 0.0)
    said = {say.row: say for say in by_convolution(law, book.blocks, threshold)}
    assert said[0].kept_on[1] <= 0.9 <= said[0].kept_on[2]


@pytest.mark.parametrize("threshold", range(50, 1_500, 50))
def test_a_rare_regime_is_bounded_by_itself(threshold: int) -> None:
    """In one book of a thousand nearly all is won; a deal won makes that regime far likelier."""
    shock = ka.CommonShock(((1e-3, 1e5), (1.0 - 1e-3, 1.0)))
    amounts = [140.0, 141.0, 143.0, 145.0, 140.0, 146.0, 141.0, 149.0]
    book = read_deals(amounts, [2e-3] * 8, shock, None, "test")
    exact = {say.row: say.won[0] for say in by_subsets(Enumeration(book.blocks), threshold)}
    law = Lattice(book.moved, 100, 0.0)
    for say in by_convolution(law, book.blocks, threshold):
        assert say.won[1] - 1e-12 <= exact[say.row] <= say.won[2] + 1e-12


def test_order_does_not_matter_to_the_last_bit() -> None:
    """Permuted deals get the same bits, on a lattice and with a shock."""
    rng = np.random.default_rng(2)
    amounts, chances = rng.lognormal(8.0, 1.0, 50), rng.random(50)
    groups = rng.integers(0, 5, 50)
    order = rng.permutation(50)
    target = float((amounts * chances).sum())
    first = ka.marginal_contributions(amounts, chances, target, shock=SHOCK, group=groups)
    second = ka.marginal_contributions(
        amounts[order], chances[order], target, shock=SHOCK, group=groups[order]
    )
    for name in ("if_won", "if_lost", "without", "error"):
        assert (getattr(first, name)[order] == getattr(second, name)).all()
    assert 0.0 < first.error.max() < 2e-3


def test_many_deals_that_share_a_unit() -> None:
    """Two hundred deals, exact: contributions are never below 0 and rise with the amount."""
    amounts = 1_000.0 * np.arange(1, 201)
    found = ka.marginal_contributions(amounts, np.full(200, 0.3), 6_500_000)
    assert (found.error == 0.0).all()
    assert (found.contribution >= 0.0).all()
    assert (np.diff(found.contribution) >= -1e-12).all()
    assert math.isclose(found.now, 0.3 * found.if_won[7] + 0.7 * found.if_lost[7], rel_tol=1e-12)


def test_certain_impossible_empty_and_unknown_deals() -> None:
    """A certain deal may be lost for the sake of argument, an impossible one won."""
    found = ka.marginal_contributions(
        [100.0, 50.0, 0.0, None, 70.0], [1.0, 0.0, 0.5, 0.5, None], 100.0
    )
    assert found.now == 1.0
    assert found.if_won[:3].tolist() == [1.0, 1.0, 1.0]
    assert found.if_lost[:3].tolist() == [0.0, 1.0, 1.0]
    assert np.isnan(found.contribution[3:]).all()
    assert [f.code for f in found.findings] == ["missing", "missing"]
    assert "unknown" in found.row(3)["why"]
    empty = ka.marginal_contributions([], [], 1.0)
    assert (len(empty), empty.now) == (0, 0.0)
    assert "<table" in found._repr_html_()


def test_a_target_at_a_time() -> None:
    """Several targets are refused."""
    with pytest.raises(ka.SpecError, match=r"marginal_contributions\(target\) must be one amount"):
        ka.marginal_contributions([1.0], [0.5], [1.0, 2.0])
