"""Tables of the programme around key accounts, and results held against each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from keyaccount.program.information import InformationField, InformationMap
from keyaccount.testing.same_bits import assert_same_bits, fail

__all__ = ["assert_same_columns", "assignments", "information_maps"]


def assert_same_columns(found: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    """Hold two results to have the same columns, each to the last bit.

    Parameters
    ----------
    found, expected
        What `columns()` of two results gave.

    Raises
    ------
    AssertionError
        They differ: the message names the column.

    Examples
    --------
    >>> assert_same_columns({"share": [0.5]}, {"share": [0.5]})
    """
    if list(found) != list(expected):
        fail(f"there are columns {list(found)} instead of {list(expected)}")
    for name, column in expected.items():
        assert_same_bits(found[name], column, f"column {name!r}")


@st.composite
def assignments(
    draw: st.DrawFn, *, accounts: str = "ABCD", people: str = "xyz", max_size: int = 12
) -> dict[str, list[str]]:
    """Draw tables of assignments for `keyaccount.coverage`: who is on what in which role.

    Parameters
    ----------
    accounts, people
        The ids there are, one letter each.
    max_size
        How many rows there are at most; at least one.

    Examples
    --------
    >>> import keyaccount as ka
    >>> from hypothesis import given
    >>> @given(assignments())
    ... def nobody_is_on_more_accounts_than_there_are(table):
    ...     assert max(ka.coverage(table).people.accounts) <= 4
    >>> nobody_is_on_more_accounts_than_there_are()
    """
    row = st.tuples(
        st.sampled_from(accounts), st.sampled_from(people), st.sampled_from(["AR", "SR", "FR"])
    )
    rows = draw(st.lists(row, min_size=1, max_size=max_size))
    names = ("account", "person", "role")
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


@st.composite
def information_maps(draw: st.DrawFn, *, max_fields: int = 6) -> InformationMap:
    """Draw information maps: trees with weights, age limits and roles to ask, here and there.

    Parameters
    ----------
    max_fields
        How many fields there are at most, branches among them; at least one.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(information_maps())
    ... def something_holds_values(tree):
    ...     assert len(tree.leaves) >= 1
    >>> something_holds_values()
    """
    fields: list[InformationField] = []
    for i in range(draw(st.integers(1, max_fields))):
        above = draw(st.sampled_from(["", *(f.code for f in fields)]))
        fields.append(
            InformationField(
                f"f{i}",
                f"Field {i}",
                branch=above,
                weight=draw(st.sampled_from([0.0, 1.0, 2.5])),
                max_age_days=draw(st.sampled_from([None, 30.0, 365.0])),
                ask=draw(st.sampled_from([(), ("coach",), ("user", "coach")])),
            )
        )
    limit = draw(st.sampled_from([None, 180.0]))
    return InformationMap("drawn", fields, name_zh="图", max_age_days=limit)
