"""The deals still needed are the fewest there can be."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.funnel.attainment import likeliest
from keyaccount.testing import deals_at_stake

ROUND = st.integers(0, 9).map(lambda n: 100.0 * n)


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.tuples(ROUND, st.sampled_from([0.0, 0.2, 0.3, 0.5, 0.9, 1.0])), max_size=7),
    st.integers(-2, 40).map(lambda n: 100.0 * n),
)
def test_no_fewer_deals_will_do(deals: list[tuple[float, float]], target: float) -> None:
    """No smaller set of open deals closes the gap, and no set as small is likelier."""
    amounts, chances = [a for a, _ in deals], [p for _, p in deals]
    found = ka.still_needed(amounts, chances, target)
    gap = target - sum(a for a, p in deals if p == 1.0)
    opened = [i for i, (a, p) in enumerate(deals) if 0.0 < p < 1.0 and a > 0.0]
    closing = [
        s
        for k in range(len(opened) + 1)
        for s in combinations(opened, k)
        if sum(amounts[i] for i in s) >= gap
    ]
    assert found.reachable == bool(closing)
    if not closing:
        assert sorted(found.positions.tolist()) == opened
        assert found.likeliest is None
        return
    fewest = min(len(s) for s in closing)
    assert len(found) == fewest
    assert found.amount.sum() >= gap
    best = max(math.prod(chances[i] for i in s) for s in closing if len(s) == fewest)
    assert found.likeliest is not None
    assert found.likeliest_all_won == pytest.approx(best)
    assert amounts_of(amounts, found.likeliest) >= gap


def amounts_of(amounts: list[float], rows: Any) -> float:
    """Add up the amounts of some rows."""
    return math.fsum(amounts[i] for i in rows)


@settings(deadline=None, max_examples=50)
@given(st.data(), deals_at_stake(max_deals=9, groups=False))
def test_order_does_not_matter(data: st.DataObject, deals: dict[str, Any]) -> None:
    """Permuted deals need the same amounts, and are as likely won."""
    order = data.draw(st.permutations(range(len(deals["amounts"]))))
    target = data.draw(st.floats(-1e5, 1e5))
    first = ka.still_needed(**deals, target=target)
    second = ka.still_needed(**{k: [v[i] for i in order] for k, v in deals.items()}, target=target)
    assert first.amount.tolist() == second.amount.tolist()
    assert first.probability.tolist() == second.probability.tolist()
    assert (first.all_won, first.reachable) == (second.all_won, second.reachable)


def test_ties_go_to_the_more_probable_then_to_the_first() -> None:
    """Of three deals of 500, the likelier; of two alike, the first."""
    found = ka.still_needed([500, 500, 500], [0.3, 0.6, 0.6], 500)
    assert found.positions.tolist() == [1]
    assert found.running_total.tolist() == [500.0]


def test_the_gap_is_closed_to_the_cent() -> None:
    """0.1 and 0.2 close a gap of 0.3, which their floats would miss or pass."""
    assert ka.still_needed([0.1, 0.2], [0.5, 0.5], 0.3).reachable
    assert not ka.still_needed([0.1, 0.2], [0.5, 0.5], 0.31).reachable


def test_nothing_is_needed() -> None:
    """What is certain is enough: an empty list, which is won for sure."""
    found = ka.still_needed([100, 50], [1.0, 0.5], 100)
    assert (len(found), found.reachable, found.all_won, found.certain) == (0, True, 1.0, 100.0)
    assert found.likeliest is not None
    assert len(found.likeliest) == 0
    assert found.columns()["amount"].tolist() == []
    assert ka.still_needed([], [], 0).reachable
    assert not ka.still_needed([], [], 1).reachable


def test_a_search_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list stands; the likeliest set is None, and its probability unknown."""
    monkeypatch.setattr(likeliest, "_MOST_NODES", 3)
    rng = np.random.default_rng(1)
    found = ka.still_needed(rng.integers(1, 99, 60), rng.random(60), 900)
    assert found.likeliest is None
    assert math.isnan(found.likeliest_all_won)
    assert found.running_total[-1] >= 900 > found.running_total[-2]


def test_a_row_says_why() -> None:
    """Each deal listed says how far it leads."""
    found = ka.still_needed([900, 500, 400], [0.1, 0.4, 0.5], 1_300)
    assert found.row(1)["why"] == "largest open deal no. 2; with it 1400 of the 1300 needed"
    assert "2 open deals reach" in found._repr_html_()
    with pytest.raises(ka.RowError, match="no row 2"):
        found.row(2)


def test_a_target_at_a_time() -> None:
    """Several targets are refused."""
    with pytest.raises(ka.SpecError, match=r"still_needed\(target\) must be one amount"):
        ka.still_needed([1.0], [0.5], [1.0, 2.0])
