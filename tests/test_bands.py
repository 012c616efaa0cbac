"""Bands and states as codes: half-open bands, ties to the upper one, missing as -1."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount._blocks import BLOCK, blocks

EDGES = st.lists(st.floats(-1e9, 1e9), max_size=40, unique=True).map(sorted)


@given(edges=EDGES, x=st.lists(st.floats() | st.integers(-3, 3).map(float)))
def test_a_band_is_the_number_of_cuts_at_or_below(edges: list[float], x: list[float]) -> None:
    """Few cuts or many, in a batch or alone; NaN is -1 and infinities are beyond all cuts."""
    cuts = ka.Cuts(edges)
    x = [*x, *edges, math.inf, -math.inf]
    expected = [-1 if math.isnan(v) else sum(e <= v for e in edges) for v in x]
    found = cuts.codes(x)
    assert found.dtype == np.int16
    assert found.tolist() == expected
    assert [cuts.one(v) for v in x if not math.isnan(v)] == [c for c in expected if c >= 0]


@pytest.mark.parametrize("count", [1, 23, 24])
def test_the_edges_of_blocks_do_not_show_in_bands(count: int) -> None:
    """Around the edges of the blocks of a long column, bands are as they are elsewhere."""
    x = np.random.default_rng(0).normal(0, 5, 2 * BLOCK + 3)
    x[::97] = np.nan
    cuts = ka.Cuts(np.linspace(-9, 9, count))
    whole = cuts.codes(x)
    for at in (BLOCK, 2 * BLOCK):
        near = slice(at - 5, at + 3)
        assert whole[near].tolist() == cuts.codes(x[near]).tolist()


@given(n=st.integers(0, 50), size=st.integers(1, 60))
def test_blocks_cover_each_row_once(n: int, size: int) -> None:
    """Cut into blocks, the rows come once each and in order, and no block is empty or too long."""
    found = list(blocks(n, size))
    assert [i for rows in found for i in range(n)[rows]] == list(range(n))
    assert all(0 < rows.stop - rows.start <= size for rows in found)


@pytest.mark.parametrize(
    "edges", [(2, 1), (1, 1), (math.nan,), (math.inf,), ("1",), (True,), 5, None, range(40_000)]
)
def test_cuts_that_do_not_rise_are_refused(edges: Any) -> None:
    """Cuts are finite numbers, each above the one before, and few enough for their codes."""
    with pytest.raises(ka.SpecError, match=r"Cuts\.edges must be"):
        ka.Cuts(edges)


def test_many_cuts_make_many_bands() -> None:
    """There may be more bands than fit a byte."""
    x = np.arange(-1, 1_001) + 0.5
    assert ka.Cuts(range(1_000)).codes(x).tolist() == [*range(1_001), 1_000]


def test_no_cuts_make_one_band() -> None:
    """Without cuts everything known is in band 0."""
    assert ka.Cuts(()).codes([1, math.nan]).tolist() == [0, -1]


def test_bands_of_what_is_no_number() -> None:
    """A text among the values gives an error of this library; None is missing."""
    assert ka.Cuts((1,)).codes([None, 2]).tolist() == [-1, 1]
    with pytest.raises(ka.RowError, match="row 0: 'a'"):
        ka.Cuts((1,)).codes(["a"])


def test_states_are_codes_in_their_declared_order() -> None:
    """The position of each state, -1 where missing; numbers are states by their text."""
    states = ka.States(("potential", "common", "vip"))
    assert states.codes(["vip", None, "common", math.nan]).tolist() == [2, -1, 1, -1]
    assert ka.States(("1", "2")).codes([2, 1.0, "1"]).tolist() == [1, 0, 0]
    assert states.codes([]).tolist() == []


def test_a_value_that_is_no_state_is_refused() -> None:
    """The error names the column and offers the closest state."""
    with pytest.raises(ka.SpecError, match="column 'status' must be one of 'potential'") as caught:
        ka.States(("potential", "common")).codes(["comon"], "status")
    assert caught.value.hint == "did you mean 'common'?"


def test_states_are_unique() -> None:
    """A state declared twice is refused."""
    with pytest.raises(ka.SpecError, match="must have unique names"):
        ka.States(("a", "b", "a"))


def test_cuts_and_states_are_values() -> None:
    """Equal by content, hashable, and the same after a trip through pickle."""
    for spec in (ka.Cuts((1, 2)), ka.States(("a", "b"))):
        copy = pickle.loads(pickle.dumps(spec))  # noqa: S301 - our own bytes
        assert copy == spec
        assert hash(copy) == hash(spec)
    assert ka.Cuts([1, 2]) == ka.Cuts((1.0, 2.0))
