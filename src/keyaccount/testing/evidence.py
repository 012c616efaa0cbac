"""Deals with their outcomes, and win evidence learned from them."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from hypothesis import strategies as st

from keyaccount.scoring.evidence import WinEvidence
from keyaccount.testing.books import Book

__all__ = ["deals", "win_evidence"]

_SECTORS = ("retail", "finance", "carriers", None)
_AMOUNTS = (0.0, 500.0, 999.99, 1_000.0, 8_000.0, -50.0, math.nan, math.inf)
_TEAMS = ("east", "west", "north", None)
_OUTCOMES = (True, False, True, False, None)
_DAYS = (date(2026, 1, 31), date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 30), None)


@st.composite
def deals(draw: st.DrawFn, *, min_size: int = 0, max_size: int = 12) -> Book:
    """Draw deals: ``sector``, ``product``, ``amount``, ``team``, ``closed`` and ``won``.

    Sectors, teams, amounts and days may be missing; ``won`` is None where a deal is open.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(deals(max_size=3))
    ... def every_deal_has_an_outcome_or_none(book):
    ...     assert set(book["won"]) <= {True, False, None}
    >>> every_deal_has_an_outcome_or_none()
    """
    n = draw(st.integers(min_size, max_size))

    def column(*cells: Any) -> list[Any]:
        return draw(st.lists(st.sampled_from(cells), min_size=n, max_size=n))

    return {
        "sector": column(*_SECTORS),
        "product": column(1, 2, 3),
        "amount": column(*_AMOUNTS),
        "team": column(*_TEAMS),
        "closed": column(*_DAYS),
        "won": column(*_OUTCOMES),
    }


@st.composite
def win_evidence(draw: st.DrawFn, *, team: bool | None = None) -> WinEvidence:
    """Draw win evidence learned from deals as `deals` draws them.

    Parameters
    ----------
    team
        Whether teams are told apart; None: either.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(win_evidence())
    ... def evidence_rests_on_deals_of_both_kinds(evidence):
    ...     assert min(evidence.learned_from) > 0
    >>> evidence_rests_on_deals_of_both_kinds()
    """
    book = draw(deals())
    both = draw(deals(min_size=2, max_size=2))  # one won and one lost deal, whatever else is drawn
    past = {name: [*cells, *both[name]] for name, cells in book.items()}
    past["won"] = [*book["won"], True, False]
    apart = draw(st.booleans()) if team is None else team
    fields = draw(st.sampled_from([("sector", "product", "amount"), ("amount",), ("product",)]))
    cut = "amount" in fields and draw(st.booleans())
    return WinEvidence.fit(
        past,
        fields,
        bands={"amount": (1_000, 5_000)} if cut else None,
        smoothing=draw(st.sampled_from([1.0, 0.5, 10.0])),
        team="team" if apart else None,
        min_team=draw(st.integers(0, 3)),
        team_strength=draw(st.sampled_from([30.0, 1.0])),
    )
