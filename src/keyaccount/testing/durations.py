"""Strategies for how long things take and how they end."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import strategies as st

from keyaccount.testing.books import GROUPS

__all__ = ["stage_visits"]

_LONGEST = 12
_OUTCOMES = ("open", "advanced", "lost")


@st.composite
def stage_visits(
    draw: st.DrawFn,
    *,
    min_size: int = 0,
    max_size: int = 30,
    open_deals: bool = True,
    entered: bool = False,
    missing: bool = False,
) -> dict[str, Any]:
    """Draw visits of deals to a stage: whole days with heavy ties, or any fractions of days.

    Parameters
    ----------
    min_size, max_size
        How many visits there are.
    open_deals
        Whether some have not ended yet.
    entered
        Whether some were first observed after they had begun: column ``entered``.
    missing
        Whether days, outcomes and groups may be unknown.

    Examples
    --------
    >>> from hypothesis import given
    >>> from keyaccount.testing import stage_visits
    >>> @given(stage_visits())
    ... def days_are_at_least_0(visits):
    ...     assert all(d >= 0 for d in visits["days"])
    >>> days_are_at_least_0()
    """
    days = draw(
        st.sampled_from([st.integers(0, _LONGEST).map(float), st.floats(0.0, _LONGEST)])
    ).map(lambda d: d + 0.0)
    outcomes: Any = st.sampled_from(_OUTCOMES[0 if open_deals else 1 :])
    groups: Any = st.sampled_from(GROUPS)
    if missing:
        days = st.one_of(days, st.sampled_from([math.nan, math.inf]))
        outcomes, groups = st.none() | outcomes, st.none() | groups
    rows = draw(st.lists(st.tuples(days, outcomes, groups), min_size=min_size, max_size=max_size))
    found: dict[str, Any] = {
        "days": [r[0] for r in rows],
        "outcome": [r[1] for r in rows],
        "group": [r[2] for r in rows],
    }
    if entered:
        shares = draw(
            st.lists(st.sampled_from([0.0, 0.25, 0.5]), min_size=len(rows), max_size=len(rows))
        )
        found["entered"] = [s * d for s, d in zip(shares, found["days"], strict=True)]
    return found
