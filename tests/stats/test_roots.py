"""Roots that never turn."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.stats.roots import nth_root

SHARES = st.floats(0, 1, allow_subnormal=False)


@given(st.lists(SHARES, min_size=1), st.integers(1, 7))
def test_roots_are_within_a_few_bits(numbers: list[float], n: int) -> None:
    """Held to exact arithmetic: the root's power is the number, up to rounding."""
    for x, root in zip(numbers, nth_root(np.array(numbers), n).tolist(), strict=True):
        if x > 1e-290:
            assert abs(Fraction(root) ** n / Fraction(x) - 1) < Fraction(n * 2, 2**52)


@given(st.lists(SHARES, min_size=2), st.integers(1, 7))
def test_roots_never_turn(numbers: list[float], n: int) -> None:
    """A larger number never has a smaller root; neighbours are tried too."""
    x = np.sort(np.concatenate([numbers, np.nextafter(numbers, 1.0)]))
    assert (np.diff(nth_root(x, n)) >= 0).all()


def test_roots_of_powers_are_exact() -> None:
    """Ends and powers that floats hold."""
    assert nth_root(np.array([0.0, 0.0625, 0.25, 1.0]), 2).tolist() == [0.0, 0.25, 0.5, 1.0]
    assert nth_root(np.array([0.0625]), 4).tolist() == [0.5]
