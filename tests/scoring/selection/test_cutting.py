"""Long columns take less room, and give what short ones give."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.scoring.selection.cutting import kth_largest
from keyaccount.scoring.selection.inputs import members_of

VALUES = st.lists(
    st.one_of(
        st.integers(-2, 2).map(lambda k: k / 4),
        st.floats(allow_nan=False, allow_infinity=False),
        st.sampled_from([0.0, -0.0, 5e-324, -5e-324, 0.5, np.nextafter(0.5, 1.0)]),
    ),
    min_size=1,
    max_size=40,
)


@given(VALUES, st.data(), st.integers(0, 5))
def test_counting_digits_finds_what_sorting_finds(
    values: list[float], data: st.DataObject, few: int
) -> None:
    """However few numbers may be copied, the last seat goes for the same score."""
    marked = data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values)))
    marked[0] = True
    column, among = np.array(values), np.array(marked)
    count = data.draw(st.integers(1, sum(marked)))
    found = kth_largest(column, among, count, few=few)
    assert found == sorted(column[among].tolist())[-count]
    assert found != 0.0 or not np.signbit(found)
    assert among.tolist() == marked  # the caller's flags stay


@given(st.lists(st.integers(0, 4), max_size=30), st.integers(2, 5))
def test_members_are_found_one_by_one_as_by_sorting(codes: list[int], groups: int) -> None:
    """Each group's rows, rising; a group without rows has none."""
    pool = np.array([code % groups for code in codes], dtype=np.int16)
    found = members_of(pool, groups, many=0)
    assert [rows.tolist() for rows in found] == [r.tolist() for r in members_of(pool, groups)]
    assert [rows.tolist() for rows in found] == [
        [i for i, code in enumerate(pool) if code == group] for group in range(groups)
    ]
