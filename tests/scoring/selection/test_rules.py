"""Rules: how many accounts are key, exactly as the figures are written."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount.scoring.selection import AllOf, Quota, Rule

PERCENT = st.integers(0, 100)


@pytest.mark.parametrize(
    ("share", "accounts", "seats"),
    [
        (0.29, 100, 29),  # 0.29 * 100 is 28.999999999999996 in floats
        (0.57, 100, 57),
        (0.07, 100, 7),  # 0.07 * 100 is 7.000000000000001
        (0.0, 100, 0),
        (1.0, 7, 7),
        (0.5, 0, 0),
        (1 / 3, 300, 100),
        (2 / 3, 300, 200),
        (1 / 7, 7_000_000, 1_000_000),
        (5 / 6, 6, 5),
    ],
)
@pytest.mark.parametrize("rounding", ["nearest", "floor", "ceil"])
def test_a_share_that_is_a_whole_number_is_that_number(
    share: float, accounts: int, seats: int, rounding: Any
) -> None:
    """Decimals and fractions are read as they are written, whatever floats make of them."""
    assert ka.TopShare(share, rounding=rounding).quota(accounts, None) == Quota(seats)


@pytest.mark.parametrize(
    ("share", "accounts", "nearest", "down", "up"),
    [
        (0.5, 85, 43, 42, 43),
        (0.145, 100, 15, 14, 15),  # 0.145 * 100 is 14.499999999999998 in floats
        (0.1, 14, 1, 1, 2),
        (0.1, 15, 2, 1, 2),
        (0.1, 4, 0, 0, 1),
        (0.2, 1, 0, 0, 1),
        (1e-9, 5, 0, 0, 1),
        (5e-324, 5, 0, 0, 1),
    ],
)
def test_rounding_is_as_stated(
    share: float, accounts: int, nearest: int, down: int, up: int
) -> None:
    """Nearest rounds halves up; floor and ceil do what they say."""
    found = [
        ka.TopShare(share, rounding=r).quota(accounts, None).seats
        for r in ("nearest", "floor", "ceil")
    ]
    assert found == [nearest, down, up]


@given(PERCENT, st.integers(0, 10_000))
def test_a_share_and_the_rest_make_up_the_book(percent: int, accounts: int) -> None:
    """The floor of a share and the ceiling of its complement are all the accounts."""
    part = ka.TopShare(percent / 100, rounding="floor").quota(accounts, None).seats
    rest = ka.TopShare((100 - percent) / 100, rounding="ceil").quota(accounts, None).seats
    assert part is not None
    assert rest is not None
    assert part + rest == accounts


@given(st.integers(0, 400), st.integers(0, 400))
def test_capacity_is_the_product_rounded_down(quarters: int, tenths: int) -> None:
    """Part-time owners count as written: 2.5 owners of 1.2 accounts are 3 seats."""
    rule = ka.Capacity(owners=quarters / 4, accounts_per_owner=tenths / 10)
    seats = rule.quota(0, None).seats
    assert seats is not None
    assert 0 <= Fraction(quarters * tenths, 40) - seats < 1


RULES = st.one_of(
    st.builds(ka.TopShare, PERCENT.map(lambda p: p / 100)),
    st.builds(ka.TopCount, st.integers(0, 9)),
    st.builds(ka.AtLeast, PERCENT.map(lambda p: p / 100)),
    st.builds(ka.Capacity, owners=st.integers(0, 3), accounts_per_owner=st.integers(0, 3)),
)


@given(RULES, RULES, RULES, st.integers(0, 12))
def test_joining_rules_is_a_meet(a: Rule, b: Rule, c: Rule, accounts: int) -> None:
    """`&` is commutative, associative and idempotent, and gives the fewest seats of all."""

    def of(rule: Rule) -> Quota:
        return rule.quota(accounts, None)

    assert of(a & b) == of(b & a)
    assert (a & b) & c == a & (b & c)
    assert of(a & a) == of(a)
    seats = [q.seats for q in (of(a), of(b)) if q.seats is not None]
    assert of(a & b).seats == min(seats, default=None)
    assert of(a & b).threshold == max(of(a).threshold, of(b).threshold)


def test_figures_may_differ_by_group() -> None:
    """A mapping gives each group its own figure; a pool stands for all the others."""
    share = ka.TopShare({"finance": 0.5, "retail": 0.1})
    assert [share.quota(10, g).seats for g in ("finance", "retail")] == [5, 1]
    count = ka.TopCount(ka.ByGroup({"finance": 3}, pool=1))
    assert [count.quota(10, g).seats for g in ("finance", "new", None)] == [3, 1, 1]
    team = ka.Capacity(owners={"finance": 2}, accounts_per_owner=4)
    assert team.quota(10, "finance").seats == 8
    assert ka.AtLeast({7: 0.5}).quota(10, "7").threshold == 0.5


@pytest.mark.parametrize("group", ["retail", None])
def test_a_group_without_a_figure_is_named(group: str | None) -> None:
    """The error says which group has no figure, and which have one."""
    with pytest.raises(ka.SelectionError, match=r"'retail'|without a group") as caught:
        ka.AtLeast({"finance": 0.6}).quota(10, group)
    assert "'finance'" in caught.value.fact
    assert "pool=" in caught.value.hint


@pytest.mark.parametrize(
    "make",
    [
        lambda: ka.TopShare(20),
        lambda: ka.TopShare(-0.1),
        lambda: ka.TopShare(float("nan")),
        lambda: ka.TopShare(True),
        lambda: ka.TopShare("0.2"),
        lambda: ka.TopShare({"a": 2.0}),
        lambda: ka.TopShare(0.2, rounding="half"),  # type: ignore[arg-type]
        lambda: ka.TopCount(-1),
        lambda: ka.TopCount(True),
        lambda: ka.TopCount(2.0),
        lambda: ka.AtLeast(float("inf")),
        lambda: ka.AtLeast(None),
        lambda: ka.Capacity(owners=-1, accounts_per_owner=2),
        lambda: ka.Capacity(owners=1, accounts_per_owner=float("inf")),
        lambda: AllOf([]),
        lambda: AllOf(5),
        lambda: AllOf("ab"),
        lambda: ka.TopCount(1) & 5,  # type: ignore[operator]
    ],
)
def test_figures_that_cannot_be_are_refused(make: Any) -> None:
    """Every figure is checked where the rule is written, with a typed error."""
    with pytest.raises(ka.SpecError):
        make()


def test_a_percentage_is_told_how_to_be_a_share() -> None:
    """The most likely slip, 20 for 20 %, meets a hint."""
    with pytest.raises(ka.SpecError, match=r"write 20 % as 0\.2"):
        ka.TopShare(20)


def test_rules_are_plain_data() -> None:
    """Rules are equal when their figures are, may be hashed, and take numpy's numbers."""
    assert ka.TopCount(np.int64(3)) == ka.TopCount(3)
    assert hash(ka.TopShare({"a": 0.2})) == hash(ka.TopShare({"a": 0.2}))
    assert ka.AtLeast(-0.0) == ka.AtLeast(0)
