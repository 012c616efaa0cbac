"""Strategies for what customers bring, one value each."""

from __future__ import annotations

import math

from hypothesis import strategies as st

__all__ = ["customer_values"]

_MOST = 10**9
_LARGEST = 1e290


@st.composite
def customer_values(
    draw: st.DrawFn, max_size: int = 12, *, negative: bool = False, missing: bool = False
) -> list[float]:
    """Draw one value per customer: money, heavy ties with zeros, shares, or any float.

    Parameters
    ----------
    max_size
        How many customers there are at most; at least one.
    negative
        Whether some may have brought less than 0, by refunds.
    missing
        Whether some may be NaN or infinite.

    Examples
    --------
    >>> from hypothesis import given
    >>> from keyaccount.testing import customer_values
    >>> @given(customer_values())
    ... def customers_bring_at_least_0(values):
    ...     assert min(values) >= 0
    >>> customers_bring_at_least_0()
    """
    least = -1 if negative else 0
    kinds = (
        st.integers(least * _MOST, _MOST).map(lambda cents: cents / 100),
        st.integers(least * 3, 12).map(float),
        st.floats(float(least), 1.0).map(lambda x: x + 0.0),
        st.floats(least * _LARGEST, _LARGEST),
    )
    kind = draw(st.sampled_from(kinds))
    if missing:
        kind = st.one_of(kind, st.sampled_from([math.nan, math.inf]))
    return draw(st.lists(kind, min_size=1, max_size=max_size))
