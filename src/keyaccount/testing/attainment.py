"""Deals with probabilities, and the shocks that they share."""

from __future__ import annotations

from hypothesis import strategies as st

from keyaccount.funnel.attainment import CommonShock
from keyaccount.testing.books import Book

__all__ = ["common_shocks", "deals_at_stake"]

_THIRDS = st.integers(0, 3_000).map(lambda n: n / 3.0)
_CENTS = st.integers(0, 10**7).map(lambda n: n / 100.0)
_ROUND = st.integers(0, 40).map(lambda n: n * 500.0)
_WILD = st.floats(1e-3, 1e15)
_CHANCE = st.one_of(
    st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), st.floats(0.0, 1.0, allow_subnormal=False)
)


@st.composite
def deals_at_stake(
    draw: st.DrawFn, *, max_deals: int = 8, negative: bool = True, groups: bool = True
) -> Book:
    """Draw columns of deals: `amounts`, `probabilities` and, with `groups`, `group`.

    Amounts are round, in cents, in thirds of a cent that no decimal holds, or of very different
    size; equal ones, zeros, certain and impossible deals are among them.

    Parameters
    ----------
    max_deals
        How many deals at most.
    negative
        Whether some amounts are taken away.
    groups
        Whether there is a column of groups, missing for some deals.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> import keyaccount as ka
    >>> @settings(deadline=None, max_examples=20)
    ... @given(deals_at_stake(groups=False))
    ... def bounds_are_in_order(deals):
    ...     found = ka.attainment(**deals, target=1_000)
    ...     assert 0.0 <= found.low <= found.probability <= found.high <= 1.0
    >>> bounds_are_in_order()
    """
    n = draw(st.integers(0, max_deals))
    kind = draw(st.sampled_from([_ROUND, _CENTS, _THIRDS, _WILD, _ROUND | _WILD]))
    amounts = draw(st.lists(kind, min_size=n, max_size=n))
    signs = draw(st.lists(st.sampled_from([1.0, 1.0, -1.0]), min_size=n, max_size=n))
    columns: Book = {
        "amounts": [a * s + 0.0 if negative else a for a, s in zip(amounts, signs, strict=True)],
        "probabilities": draw(st.lists(_CHANCE, min_size=n, max_size=n)),
    }
    if groups:
        labels = st.sampled_from(["north", "south", "west", None])
        columns["group"] = draw(st.lists(labels, min_size=n, max_size=n))
    return columns


@st.composite
def common_shocks(draw: st.DrawFn) -> CommonShock:
    """Draw shocks of one to three regimes.

    Examples
    --------
    >>> from hypothesis import strategies as st
    >>> isinstance(common_shocks(), st.SearchStrategy)
    True
    """
    parts = draw(st.lists(st.integers(1, 9), min_size=1, max_size=3))
    odds = [draw(st.sampled_from([0.25, 0.5, 1.0, 2.0, 7 / 3])) for _ in parts]
    return CommonShock(tuple((p / sum(parts), o) for p, o in zip(parts, odds, strict=True)))
