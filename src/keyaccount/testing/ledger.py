"""Purchase logs as they come in practice: unsorted, with refunds, repeats and gaps."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis import strategies as st

__all__ = ["purchase_logs"]

_START = np.datetime64("2026-01-01")
_DAYS = 20


@st.composite
def purchase_logs(draw: st.DrawFn, max_rows: int = 30) -> dict[str, Any]:
    """Draw a log: ``customer`` (whole numbers), ``date``, ``amount`` and ``margin``.

    Some rows are refunds, some repeat others, some have no day, no amount or no margin. The days
    lie in January 2026.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(purchase_logs())
    ... def it_has_four_columns(log):
    ...     assert len(log["date"]) == len(log["amount"]) == len(log["margin"])
    >>> it_has_four_columns()
    """
    money = st.integers(-500, 5_000).map(lambda cents: cents / 100)
    known = st.tuples(st.integers(0, 4), st.integers(0, _DAYS), money, money)
    gaps = st.tuples(
        st.integers(0, 4),
        st.none() | st.integers(0, _DAYS),
        st.sampled_from([0.0, math.nan, math.inf]) | money,
        st.just(math.nan) | money,
    )
    rows = draw(st.lists(known | gaps, max_size=max_rows))
    if rows:
        rows += draw(st.lists(st.sampled_from(rows), max_size=3))
    days = [
        np.datetime64("NaT", "D") if d is None else _START + np.timedelta64(d, "D")
        for _, d, _, _ in rows
    ]
    return {
        "customer": np.array([c for c, _, _, _ in rows], dtype=np.int64),
        "date": np.array(days, dtype="datetime64[D]"),
        "amount": np.array([a for _, _, a, _ in rows], dtype=np.float64),
        "margin": np.array([m for _, _, _, m in rows], dtype=np.float64),
    }
