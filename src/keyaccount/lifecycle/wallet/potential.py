"""`Potential`: what an account may still bring, with a range, and what that rests on."""

from __future__ import annotations

from typing import Any

from keyaccount._columns import Floats, Objects
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding

__all__ = ["Potential"]


class Potential(Viewed):
    """What each account may bring beyond what it brings now, aligned with the input by position.

    Attributes
    ----------
    value, low, high
        ``(n,)`` float64: money over all `years`, and its range; NaN where something is unknown.
    headroom
        ``(n,)`` float64: the part of it that is budget within reach and not ours yet, a year.
    opportunities
        ``(n,)`` float64: the part of it that is opportunities already created.
    years
        How many years it covers.
    source
        ``(n,)`` objects: what it rests on, such as ``"wallet (stated budget)"``; None where there
        is none.
    findings
        What a reader should know of the data.

    Examples
    --------
    >>> import keyaccount as ka
    >>> print(ka.wallet_potential(1_000_000, 0.4, 0.25, opportunities=50_000).row(0))
    potential      500000
    low            500000
    high           500000
    headroom       150000
    opportunities  50000
    years          3
    source         wallet (stated budget)
    """

    def __init__(
        self,
        *,
        bounds: tuple[Floats, Floats, Floats],
        headroom: Floats,
        opportunities: Floats,
        years: float,
        source: Objects,
        findings: tuple[Finding, ...],
    ) -> None:
        self.low: Floats = bounds[0]
        self.value: Floats = bounds[1]
        self.high: Floats = bounds[2]
        self.headroom: Floats = headroom
        self.opportunities: Floats = opportunities
        self.years: float = years
        self.source: Objects = source
        self.findings: tuple[Finding, ...] = findings

    def __len__(self) -> int:
        return len(self.value)

    def __repr__(self) -> str:
        return f"<Potential of {len(self)} accounts over {self.years:g} years>"

    def _view(self) -> View:
        return View(f"Potential of {len(self):,} accounts", self.columns(), len(self))

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame."""
        return {
            "potential": self.value,
            "potential_low": self.low,
            "potential_high": self.high,
            "potential_headroom": self.headroom,
            "potential_opportunities": self.opportunities,
            "potential_source": self.source,
        }

    def row(self, i: int) -> Record:
        """Give one account as a readable record."""
        i = checked_row(i, len(self))
        numbers = {
            "potential": self.value,
            "low": self.low,
            "high": self.high,
            "headroom": self.headroom,
            "opportunities": self.opportunities,
        }
        cells: dict[str, Any] = {name: float(column[i]) for name, column in numbers.items()}
        return Record({**cells, "years": self.years, "source": self.source[i]})
