"""Strategies for tables of deals, categories of forecasts and targets by phase."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from keyaccount.funnel.forecast.category import Categories, Category
from keyaccount.funnel.forecast.target import SalesTarget, TargetPhase

__all__ = ["deal_tables", "forecast_categories", "sales_targets"]

_STAGES = ("understand", "confirm", "negotiate")
_FIRST, _LAST = date(2026, 1, 1), date(2026, 12, 31)
_CHANCES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
_WORDS = ("commit", "probable", "best_case", "pipeline")


@st.composite
def deal_tables(draw: st.DrawFn, *, max_deals: int = 8, prefix: str = "d") -> dict[str, list[Any]]:
    """Draw tables of deals as a CRM gives them: ties, missing cells, credits, decided deals.

    Parameters
    ----------
    max_deals
        How many deals there are at most.
    prefix
        What their ids begin with: two tables of one prefix share deals.

    Examples
    --------
    >>> from hypothesis import strategies as st
    >>> from keyaccount.testing import deal_tables
    >>> isinstance(deal_tables(), st.SearchStrategy)
    True
    """
    ids = draw(st.lists(st.integers(0, 2 * max_deals), unique=True, max_size=max_deals))
    cells: dict[str, st.SearchStrategy[Any]] = {
        "amount": st.none() | st.integers(-(10**4), 10**7).map(lambda cents: cents / 100),
        "outcome": st.sampled_from(["open", "open", "open", "won", "lost", None]),
        "stage": st.none() | st.sampled_from(_STAGES),
        "probability": st.none() | st.sampled_from(_CHANCES),
        "expected": st.none() | st.dates(_FIRST, _LAST),
    }
    rows = {name: [draw(cell) for _ in ids] for name, cell in cells.items()}
    return {"deal": [f"{prefix}{i}" for i in ids], **rows}


@st.composite
def forecast_categories(draw: st.DrawFn) -> Categories:
    """Draw categories with falling thresholds.

    Examples
    --------
    >>> from hypothesis import strategies as st
    >>> from keyaccount.testing import forecast_categories
    >>> isinstance(forecast_categories(), st.SearchStrategy)
    True
    """
    shares = st.floats(0.01, 1.0).map(lambda p: round(p, 3))
    steps = sorted(draw(st.sets(shares, max_size=len(_WORDS) - 1)), reverse=True)
    names = draw(st.permutations(_WORDS))[: len(steps) + 1]
    return Categories(
        tuple(Category(n, p, name_zh=f"类{n}") for n, p in zip(names, [*steps, 0.0], strict=True))
    )


@st.composite
def sales_targets(draw: st.DrawFn) -> SalesTarget:
    """Draw targets by phases, with shares or by days, with and without days between the phases.

    Examples
    --------
    >>> from hypothesis import strategies as st
    >>> from keyaccount.testing import sales_targets
    >>> isinstance(sales_targets(), st.SearchStrategy)
    True
    """
    spans = draw(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 99)), min_size=1, max_size=5))
    parts = [draw(st.integers(1, 99)) for _ in spans]
    stated = draw(st.booleans())
    phases: list[TargetPhase] = []
    day = _FIRST
    for i, (gap, length) in enumerate(spans):
        start = day + timedelta(days=gap)
        day = start + timedelta(days=length)
        share = parts[i] / sum(parts) if stated else None
        end = day - timedelta(days=1)
        phases.append(TargetPhase(f"P{i}", start=start, end=end, share=share))
    return SalesTarget(draw(st.integers(1, 10**9)) / 100, tuple(phases))
