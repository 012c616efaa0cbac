"""The probability of reaching a target is the truth, or the truth lies between its bounds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.funnel.attainment import plan
from keyaccount.funnel.attainment.blocks import Block
from keyaccount.funnel.attainment.deals import Book, read_deals
from keyaccount.funnel.attainment.enumeration import Enumeration
from keyaccount.funnel.attainment.lattice import Lattice
from keyaccount.funnel.attainment.reach import Reach
from keyaccount.funnel.attainment.remainder import Rounding, rounded
from keyaccount.testing import common_shocks, deals_at_stake

EXACT = 1e-12
SHOCK = ka.CommonShock.from_rates([(0.5, 0.7), (0.5, 0.3)])


def outcomes(book: Book) -> list[tuple[Fraction, Fraction]]:
    """List every outcome's sum, in units, and its probability, without rounding anything."""
    found = [(Fraction(book.certain), Fraction(1))]
    for block in book.blocks:
        found = [(total + extra, p * q) for total, p in found for extra, q in block_outcomes(block)]
    return found


def block_outcomes(block: Block) -> list[tuple[Fraction, Fraction]]:
    """List the outcomes of one block."""
    found = []
    for won in product((False, True), repeat=len(block)):
        chance = Fraction(0)
        for weight, row in zip(block.weights, block.chances.tolist(), strict=True):
            ps = [Fraction(p) if w else 1 - Fraction(p) for w, p in zip(won, row, strict=True)]
            chance += Fraction(weight) * math.prod(ps, start=Fraction(1))
        found.append(
            (Fraction(sum(v for v, w in zip(block.values, won, strict=True) if w)), chance)
        )
    return found


def truth(book: Book, threshold: int) -> float:
    """Add up the outcomes that reach a threshold."""
    return float(sum(p for total, p in outcomes(book) if total >= threshold))


def read(deals: dict[str, Any], shock: ka.CommonShock | None = None) -> Book:
    """Read the deals as the verb does."""
    group = deals.get("group") if shock else None
    return read_deals(deals["amounts"], deals["probabilities"], shock, group, "attainment")


def call(deals: dict[str, Any], target: Any, shock: ka.CommonShock | None = None) -> Any:
    """Call the verb; groups only matter with a shock."""
    group = deals.get("group") if shock else None
    return ka.attainment(deals["amounts"], deals["probabilities"], target, shock=shock, group=group)


def targets_of(deals: dict[str, Any]) -> st.SearchStrategy[float]:
    """Draw targets that are sums of some deals, or lie anywhere between."""
    amounts = deals["amounts"]
    picked = st.lists(st.sampled_from(amounts), max_size=4) if amounts else st.just([])
    span = sum(abs(a) for a in amounts) + 1.0
    return picked.map(math.fsum) | st.floats(-0.5 * span, span)


# --- Published figures ---------------------------------------------------------------------------


@pytest.mark.parametrize("shock", [None, SHOCK])
def test_common_shock_ref_mixture_of_two_binomials(shock: ka.CommonShock | None) -> None:
    """Twelve deals of equal amount, p = .5, regimes .7 and .3: P(>= 9), and the deviations."""
    found = ka.attainment([250.0] * 12, [0.5] * 12, 9 * 250.0, shock=shock)
    expected, sd = (
        (0.072998046875, 1.7320508075688772)
        if shock is None
        else (0.24710371443499998, 2.8774989139876306)
    )
    assert found.probability == pytest.approx(expected, abs=EXACT)
    assert found.sd / 250.0 == pytest.approx(sd, abs=EXACT)
    assert found.expected == 6 * 250.0


@pytest.mark.parametrize("n", [1, 2, 7, 30, 300])
def test_equal_deals_are_binomial(n: int) -> None:
    """The tail of a binomial of p = 1/4, as whole numbers give it."""
    found = ka.attainment([10.0] * n, [0.25] * n, [10.0 * k for k in range(n + 2)])
    ways = [math.comb(n, k) * 3 ** (n - k) for k in range(n + 1)]
    tails = [float(Fraction(sum(ways[k:]), 4**n)) for k in range(n + 2)]
    np.testing.assert_allclose(found.probability, tails, rtol=0, atol=EXACT)
    assert found.exact


def test_small_tails_are_kept() -> None:
    """Sixty long shots that all come in: 10⁻⁶⁰, not 0."""
    found = ka.attainment([100.0] * 60, [0.1] * 60, 6_000.0)
    assert found.probability == pytest.approx(1e-60, rel=1e-12)


# --- The truth -----------------------------------------------------------------------------------


@settings(deadline=None, max_examples=150)
@given(st.data(), deals_at_stake(max_deals=8), st.none() | common_shocks())
def test_the_exact_ways_give_the_truth(
    data: st.DataObject, deals: dict[str, Any], shock: ka.CommonShock | None
) -> None:
    """Whatever the verb chooses, and enumeration where it does not, agree with all outcomes."""
    target = data.draw(targets_of(deals))
    book = read(deals, shock)
    threshold = book.units.reaching(target)
    expected = truth(book, threshold)
    found = call(deals, target, shock)
    assert found.exact
    assert found.low == found.probability == found.high == pytest.approx(expected, abs=EXACT)
    forced = Enumeration(book.moved).reach([threshold - book.certain])
    assert forced.probability[0] == pytest.approx(expected, abs=EXACT)
    total = sum(v for b in book.moved for v in b.values)
    if total < 100_000:
        unit = Lattice(book.moved, 1, 1e-20).reach([threshold - book.certain])
        assert unit.probability[0] == pytest.approx(expected, abs=EXACT)


@settings(deadline=None, max_examples=150)
@given(
    st.data(),
    deals_at_stake(max_deals=8),
    st.none() | common_shocks(),
    st.sampled_from([3, 20, 200, 3_000]),
    st.sampled_from([0.0, 1e-9, 1e-2]),
)
def test_a_lattice_holds_the_truth_between_its_bounds(
    data: st.DataObject,
    deals: dict[str, Any],
    shock: ka.CommonShock | None,
    points: int,
    tiny: float,
) -> None:
    """Coarse lattices and rough trimming widen the bounds, and never lose the truth."""
    target = data.draw(targets_of(deals))
    book = read(deals, shock)
    threshold = book.units.reaching(target)
    expected = truth(book, threshold)
    total = sum(v for b in book.moved for v in b.values)
    law = Lattice(book.moved, max(total // points, 1), tiny)
    found = law.reach([threshold - book.certain])
    assume(not law.exact or tiny == 0.0)
    assert found.low[0] - EXACT <= expected <= found.high[0] + EXACT


@settings(deadline=None, max_examples=30)
@given(
    st.integers(60, 300),
    st.integers(0, 2**32 - 1),
    st.sampled_from([None, SHOCK]),
    st.sampled_from([1, 7]),
)
def test_exact_money_lies_between_the_bounds_of_a_coarse_lattice(
    n: int, seed: int, shock: ka.CommonShock | None, groups: int
) -> None:
    """Many deals in whole thousands: a lattice that does not know the unit brackets the result."""
    rng = np.random.default_rng(seed)
    book = read_deals(
        1_000.0 * rng.integers(1, 99, n),
        rng.random(n),
        shock,
        rng.integers(0, groups, n) if shock else None,
        "attainment",
    )
    thresholds = (
        np.array([0.8, 0.95, 1.0, 1.02, 1.3]) * book.expected / float(book.units.unit)
    ).astype(np.int64)
    exact = Lattice(book.moved, 1, 1e-20).reach(thresholds.tolist())
    for step in (2, 5, 13):
        bounds = Lattice(book.moved, step, 1e-7).reach(thresholds.tolist())
        assert (bounds.low <= exact.probability).all()
        assert (exact.probability <= bounds.high).all()


def test_deals_that_int64_cannot_hold_are_still_exact() -> None:
    """A tie that only the last of 120 bits decides, among amounts of very different size."""
    amounts = [2.0**60, 2.0**60, 2.0**-60, 2.0**-60, 3.0, 5.0]
    found = ka.attainment(amounts, [0.5] * 6, [2.0**60, 2.0**61, 2.0**-59, 2.0**-60])
    assert found.method == "enumeration"
    # one of the two large ones; both; more than the dust of both small ones; more than one of them
    assert found.probability.tolist() == [0.75, 0.25, 61 / 64, 63 / 64]
    tie = ka.attainment([*amounts, 1 / 3], [0.5] * 7, math.fsum([2.0**60, 3.0]))
    assert tie.exact


# --- Ties and edges ------------------------------------------------------------------------------


def test_reaching_the_target_exactly_counts() -> None:
    """0.1 + 0.2 is 0.3 in money, though not in floats; a cent above it is out of reach."""
    found = ka.attainment([0.1, 0.2], [0.5, 0.5], [0.3, 0.31, 0.1 + 0.2])
    assert found.probability.tolist() == [0.25, 0.0, 0.0]


def test_an_odd_amount_beside_does_not_change_a_tie() -> None:
    """Each amount is read on its own: cents stay cents beside a third, and beside 2⁶⁰."""
    for odd in (1 / 3, 2.0**60, 1e-300):
        found = ka.attainment([0.01, 0.03, odd], [0.5, 0.5, 0.0], 0.04)
        assert found.probability == 0.25
    both = ka.attainment([0.1, 0.2, 1 / 3], [0.5, 0.5, 0.5], [0.3, 1 / 3])
    assert both.probability.tolist() == [5 / 8, 1 / 2]


def test_cents_of_large_amounts_count() -> None:
    """A trillion and a cent needs its cent: 2 cents more make 3."""
    trillion = 1_000_000_000_000.01
    found = ka.attainment([trillion, 0.02], [0.5, 0.5], [trillion, 1_000_000_000_000.03])
    assert found.probability.tolist() == [0.5, 0.25]
    assert ka.attainment([trillion], [0.5], 1_000_000_000_000.02).probability == 0.0


def test_every_cent_is_reached() -> None:
    """Half of all floats in cents lie above the cent they stand for; none of them is missed."""
    cents = [k / 100 for k in range(1, 200)]
    assert all(ka.attainment([c], [0.5], c).probability == 0.5 for c in cents)


def test_binary_amounts_are_compared_to_the_last_bit() -> None:
    """A third and its next float are different amounts."""
    third = 1 / 3
    above = math.nextafter(third, 1.0)
    assert ka.attainment([third], [0.5], third).probability == 0.5
    assert ka.attainment([third], [0.5], above).probability == 0.0


def test_what_is_certain_and_what_is_out_of_reach() -> None:
    """Certain deals alone reach it: 1. All together do not: 0. Both exactly, for any method."""
    rng = np.random.default_rng(3)
    amounts = np.append(rng.lognormal(5.0, 1.0, 60), [1_000.0, 50.0])
    chances = np.append(np.full(60, 0.5), [1.0, 0.0])
    total = math.fsum(amounts[:61].tolist())
    found = ka.attainment(amounts, chances, [-5.0, 0.0, 1_000.0, total * 1.000001])
    assert found.method == "lattice"
    assert found.probability.tolist() == [1.0, 1.0, 1.0, 0.0]
    assert found.exact


@pytest.mark.parametrize(("amounts", "chances"), [([], []), ([0.0], [0.5]), ([7.0], [0.0])])
def test_nothing_to_win(amounts: list[float], chances: list[float]) -> None:
    """Without anything to win, 0 is reached and nothing else."""
    found = ka.attainment(amounts, chances, [0.0, 0.01])
    assert found.probability.tolist() == [1.0, 0.0]
    assert (found.expected, found.sd) == (0.0, 0.0)
    assert found.quantile(0.5).high == 0.0


def test_one_deal_as_scalars() -> None:
    """One deal may be given as plain numbers, and the answer is one too."""
    found = ka.attainment(100, 0.3, 100)
    assert (found.probability, found.low, found.high, found.exact) == (0.3, 0.3, 0.3, True)
    assert isinstance(found.probability, float)


def test_a_deal_that_takes_away() -> None:
    """A credit note of 30 with probability .4 keeps 100 from staying whole."""
    found = ka.attainment([100.0, -30.0], [1.0, 0.4], [70.0, 71.0, 100.0])
    assert found.probability.tolist() == pytest.approx([1.0, 0.6, 0.6])
    assert found.expected == pytest.approx(88.0)
    assert found.sd == pytest.approx(30.0 * math.sqrt(0.24))


# --- Algebra -------------------------------------------------------------------------------------


def spread(found: Reach) -> Sequence[float]:
    """Give all a reach says."""
    return [*found.probability, *found.low, *found.high]


@settings(deadline=None, max_examples=60)
@given(st.data(), deals_at_stake(max_deals=12), st.none() | common_shocks())
def test_order_does_not_matter_to_the_last_bit(
    data: st.DataObject, deals: dict[str, Any], shock: ka.CommonShock | None
) -> None:
    """Permuted rows give the same bits, by the verb and on a coarse lattice."""
    order = data.draw(st.permutations(range(len(deals["amounts"]))))
    permuted = {name: [column[i] for i in order] for name, column in deals.items()}
    target = data.draw(targets_of(deals))
    first, second = call(deals, target, shock), call(permuted, target, shock)
    assert (first.probability, first.expected, first.sd) == (
        second.probability,
        second.expected,
        second.sd,
    )
    laws = []
    for book in (read(deals, shock), read(permuted, shock)):
        total = sum(v for b in book.moved for v in b.values)
        threshold = book.units.reaching(target) - book.certain
        laws.append(spread(Lattice(book.moved, max(total // 50, 1), 1e-9).reach([threshold])))
    assert laws[0] == laws[1]


@settings(deadline=None, max_examples=60)
@given(st.data(), deals_at_stake(max_deals=8, groups=False), st.none() | common_shocks())
def test_a_higher_target_is_never_likelier(
    data: st.DataObject, deals: dict[str, Any], shock: ka.CommonShock | None
) -> None:
    """Probability and both bounds fall as the target rises, exactly or on a lattice."""
    targets = sorted(data.draw(st.lists(targets_of(deals), min_size=2, max_size=6)))
    found = call(deals, targets, shock)
    assert (np.diff(found.probability) <= EXACT).all()
    book = read(deals, shock)
    total = sum(v for b in book.moved for v in b.values)
    law = Lattice(book.moved, max(total // 30, 1), 1e-9)
    bounds = law.reach([book.units.reaching(t) - book.certain for t in targets])
    for column in (bounds.probability, bounds.low, bounds.high):
        assert (np.diff(column) <= 0.0).all()


@settings(deadline=None, max_examples=60)
@given(
    st.data(),
    deals_at_stake(max_deals=8, negative=False),
    st.none() | common_shocks(),
    st.floats(0, 1),
)
def test_a_better_book_is_never_worse(
    data: st.DataObject, deals: dict[str, Any], shock: ka.CommonShock | None, more: float
) -> None:
    """Raising one probability, or one amount, never lowers the probability of the target."""
    assume(deals["amounts"])
    i = data.draw(st.integers(0, len(deals["amounts"]) - 1))
    target = data.draw(targets_of(deals))
    now = call(deals, target, shock).probability
    for name, by in (("amounts", 1e6 * more), ("probabilities", more)):
        raised = list(deals[name])
        raised[i] = raised[i] + by if name == "amounts" else min(raised[i] + by, 1.0)
        better = call({**deals, name: raised}, target, shock).probability
        assert better >= now - EXACT


@settings(deadline=None, max_examples=60)
@given(st.data(), deals_at_stake(max_deals=8, groups=False))
def test_what_is_not_won_is_lost(data: st.DataObject, deals: dict[str, Any]) -> None:
    """P(won >= t) and P(lost > total - t), with complementary probabilities, add up to 1."""
    cents = [round(100 * a) for a in deals["amounts"] if abs(a) < 1e9]
    chances = np.array(deals["probabilities"])[[abs(a) < 1e9 for a in deals["amounts"]]]
    target = data.draw(st.integers(min([0, *cents]), sum(abs(c) for c in cents) + 1))
    won = ka.attainment(cents, chances, target).probability
    lost = ka.attainment(cents, 1.0 - chances, sum(cents) - target + 1).probability
    assert won + lost == pytest.approx(1.0, abs=1e-11)


def test_a_certain_deal_may_be_split() -> None:
    """Two halves of a certain deal are the deal; so is a threshold lowered by it."""
    open_deals, chances = [30.0, 20.0, 70.0], [0.2, 0.7, 0.5]
    whole = ka.attainment([*open_deals, 50.0], [*chances, 1.0], 110.0)
    halves = ka.attainment([*open_deals, 25.0, 25.0], [*chances, 1.0, 1.0], 110.0)
    lowered = ka.attainment(open_deals, chances, 60.0)
    assert whole.probability == halves.probability == lowered.probability


# --- The whole distribution ----------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(st.data(), deals_at_stake(max_deals=7), st.none() | common_shocks(), st.booleans())
def test_distribution_and_quantiles_hold_the_truth(
    data: st.DataObject, deals: dict[str, Any], shock: ka.CommonShock | None, coarse: bool
) -> None:
    """Each point's bounds hold its truth, and each quantile lies between its own."""
    book = read(deals, shock)
    share = data.draw(st.floats(0.001, 1.0))
    total = sum(v for b in book.moved for v in b.values)
    law = (
        Lattice(book.moved, max(total // 40, 1), 1e-9)
        if coarse
        else plan.whole_sums(book.moved, 1e-3)
    )
    all_outcomes = sorted(outcomes(book))
    points = law.points()[::7]
    said = law.reach(points)
    for point, low, high in zip(points, said.low, said.high, strict=True):
        reached = float(sum(p for s, p in all_outcomes if s - book.certain >= point))
        assert low - 1e-8 <= reached <= high + 1e-8
    low, high = law.quantile(share)
    below = [p for s, p in all_outcomes if s - book.certain < low]
    upto = [p for s, p in all_outcomes if s - book.certain <= high]
    assert float(sum(below)) <= share + 1e-8
    assert float(sum(upto)) >= share - 1e-8


def test_distribution_of_few_wild_amounts_has_bounds() -> None:
    """Thirty enumerated deals without a shared unit: the distribution comes from a lattice."""
    rng = np.random.default_rng(5)
    found = ka.attainment(rng.lognormal(8.0, 1.0, 30), rng.random(30), 50_000.0)
    assert found.method == "enumeration"
    whole = found.distribution()
    assert not whole.exact
    assert (whole.low <= whole.probability).all()
    assert (whole.probability <= whole.high).all()
    near = int(np.searchsorted(whole.amount, 50_000.0))
    assert whole.low[near] - 1e-2 <= found.probability <= whole.high[near - 1] + 1e-2
    middle = found.quantile(0.5)
    assert middle.low <= middle.high <= middle.low * 1.01


def test_quantiles_of_money_are_sums() -> None:
    """The median of a fair coin for 100 is 0: it is not exceeded with probability one half."""
    found = ka.attainment([100.0], [0.5], 100.0)
    assert [found.quantile(q).low for q in (0.5, 0.51, 1.0)] == [0.0, 100.0, 100.0]
    assert found.quantile(0.5).exact


@pytest.mark.parametrize("amount", [149, 151])
@pytest.mark.parametrize("share", [0.5, 0.9899, 0.9901, 0.995, 0.99999])
def test_a_quantile_minds_errors_that_are_rare(amount: int, share: float) -> None:
    """A deal that is all but lost, and nearly half a step off: its error is far from the mean."""
    block = Block((1.0,), np.array([[0.001, 0.01]]), (100, amount), (0, 1))
    low, high = Lattice((block,), 100, 0.0).quantile(share)
    told = sorted(block_outcomes(block))
    truth_there = next(s for s, _ in told if sum(p for t, p in told if t <= s) >= share)
    assert low <= truth_there <= high


def test_the_remainder_in_a_rare_regime_has_a_spread_of_its_own() -> None:
    """One regime in a million in which nearly all is won: errors that are rare elsewhere are
    common there.
    """
    shock = ka.CommonShock(((1e-6, 1e4), (1.0 - 1e-6, 1.0)))
    (block,) = read_deals([140.0] * 2 + [141.0], [1e-3] * 3, shock, None, "attainment").blocks
    rounding = Rounding([rounded(block, 100)])
    alone, everywhere = rounding.given(0, 0), rounding.remainder()
    assert alone is not None
    assert everywhere is not None
    p = block.chances[0]
    short_of_all = 1.0 - float(p[0] * p[1] * p[2])  # any deal lost is 0.4 short, far below the mean
    assert alone.mean - alone.distances[0] > 0.81
    assert alone.below[0] >= short_of_all
    assert everywhere.below[0] < 1.0


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(1, 500), st.floats(0.01, 0.99)), min_size=1, max_size=7),
    st.integers(2, 200),
    common_shocks(),
)
def test_the_remainder_of_rounding_is_bounded(
    deals: list[tuple[int, float]], step: int, shock: ka.CommonShock
) -> None:
    """Its mean is exact, and it strays no more often than said, over all regimes and in each."""
    amounts, stated = [float(a) for a, _ in deals], np.array([p for _, p in deals])
    (block,) = read_deals(amounts, stated, shock, None, "attainment").blocks[:1]
    rounding = Rounding([rounded(block, step)])
    errors = rounding.parts[0].errors.tolist()
    cases = [(rounding.remainder(), block)]
    cases += [(rounding.given(0, r), block.in_regime(r)) for r in range(len(block.weights))]
    for bounds, among in cases:
        if bounds is None:
            assert not any(errors)
            continue
        unit = Block(among.weights, among.chances, tuple(range(len(among))), among.rows)
        told = [
            (math.fsum(e for e, w in zip(errors, won, strict=True) if w), chance)
            for won, chance in zip(subsets(len(unit)), chances_of(unit), strict=True)
        ]
        mean = math.fsum(e * p for e, p in told)
        assert bounds.mean == pytest.approx(mean, abs=1e-12)
        for d, above, below in zip(bounds.distances, bounds.above, bounds.below, strict=True):
            assert math.fsum(p for e, p in told if e - mean > d + 1e-9) <= above + EXACT
            assert math.fsum(p for e, p in told if e - mean < -d - 1e-9) <= below + EXACT


def subsets(n: int) -> list[tuple[bool, ...]]:
    """List who is won, in the order of `block_outcomes`."""
    return list(product((False, True), repeat=n))


def chances_of(block: Block) -> list[float]:
    """Give the probability of each."""
    return [float(p) for _, p in block_outcomes(block)]
