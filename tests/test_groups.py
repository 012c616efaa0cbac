"""Constants by group, and the pool for the groups that have none."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import keyaccount as ka
from keyaccount._columns import as_labels
from keyaccount.groups import GroupIndex, learn_by_group
from keyaccount.testing import GROUPS, by_group


def test_a_group_has_its_own_constant_or_the_pools() -> None:
    """Known groups by their label, all others and no group at all by the pool."""
    cuts: ka.ByGroup[float] = ka.ByGroup({"finance": 0.6, "carriers": 0.5}, pool=0.7)
    assert (cuts.of("finance"), cuts.of("retail"), cuts.of(None)) == (0.6, 0.7, 0.7)
    assert list(cuts) == [0.5, 0.6, 0.7]


def test_without_a_pool_an_unknown_group_is_an_error() -> None:
    """The error offers the closest group."""
    cuts: ka.ByGroup[float] = ka.ByGroup({"finance": 0.6})
    assert list(cuts) == [0.6]
    with pytest.raises(ka.SpecError, match="group must be one of 'finance'") as caught:
        cuts.of("finances")
    assert caught.value.hint == "did you mean 'finance'?"


@given(constants=by_group(st.floats(0, 1)))
def test_constants_by_group_are_a_value(constants: ka.ByGroup[float]) -> None:
    """Equal whatever the order they were given in, hashable, and the same after pickling."""
    turned = ka.ByGroup(dict(reversed(constants.groups)), pool=constants.pool)
    copy = pickle.loads(pickle.dumps(constants))  # noqa: S301 - our own bytes
    assert turned == constants == copy
    assert hash(turned) == hash(constants) == hash(copy)
    doubled = constants.map(lambda c: 2 * c)
    assert [doubled.of(g) for g in GROUPS] == [2 * constants.of(g) for g in GROUPS]
    assert doubled.pool == 2 * (constants.pool or 0.0)


def test_labels_of_groups_are_texts() -> None:
    """1, 1.0 and "1" name the same group, which may be named once."""
    assert ka.ByGroup({1.0: "x"}) == ka.ByGroup({"1": "x"}) == ka.ByGroup([[1, "x"]])
    with pytest.raises(ka.SpecError, match=r"ByGroup\.groups must name each group once"):
        ka.ByGroup({1: "x", "1": "y"})
    with pytest.raises(ka.SpecError, match=r"ByGroup\.groups must name each group once"):
        ka.ByGroup({None: "x"})


@pytest.mark.parametrize("bad", [5, "abc", ["ab"], [("a", 1, 2)], None])
def test_what_names_no_groups_is_refused(bad: Any) -> None:
    """Groups come as a mapping or as pairs."""
    with pytest.raises(ka.SpecError, match=r"ByGroup\.groups must map labels of groups"):
        ka.ByGroup(bad)


def test_groups_have_positions_and_the_pool_the_last() -> None:
    """Unseen groups and rows without one are at the pool's position, in a batch or alone."""
    first, second = ka.ByGroup({"b": 1, 2: 2}, pool=0), ka.ByGroup({"a": 3}, pool=9)
    index = GroupIndex.of([first, "no groups", second])
    assert index.position == {"2": 0, "a": 1, "b": 2}
    cells = ["b", "a", 2.0, "new", None, math.nan]
    expected = [2, 1, 0, 3, 3, 3]
    assert index.codes(as_labels(cells, "g")).tolist() == expected
    assert [index.one(c) for c in cells] == expected
    assert index.spread(first) == [2, 0, 1, 0]
    assert index.owned(first) == [True, False, True, False]
    assert index.owned("no groups") == [False] * 4


@given(
    rows=st.lists(st.tuples(st.floats(), st.sampled_from([*GROUPS, None]))),
    min_group=st.integers(0, 4),
)
def test_a_group_learns_from_its_known_values_alone(rows: Any, min_group: int) -> None:
    """Each group of enough known values is given them in rising order; the pool is given all."""
    values = np.array([x for x, _ in rows], dtype=float)
    groups = [g for _, g in rows]

    def known(of: Any) -> list[float]:
        return sorted(x for x, g in rows if math.isfinite(x) and g in of)

    found: Any = learn_by_group(lambda v: v.tolist(), values, as_labels(groups, "g"), min_group)
    assert found.pool == known([*GROUPS, None])
    assert dict(found.groups) == {
        g: known([g]) for g in GROUPS if len(known([g])) >= max(min_group, 1)
    }
    assert learn_by_group(lambda v: v.tolist(), values, None, min_group) == found.pool
