"""`Budgets`: what each account can spend a year, stated or estimated, and which of them it is."""

from __future__ import annotations

from typing import Any

import numpy as np

from keyaccount._columns import Codes, Floats, Objects
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.findings import Finding, counted
from keyaccount.lifecycle.wallet.sources import STATED, WALLET_SOURCES

__all__ = ["Budgets"]


class Budgets(Viewed):
    """What each account can spend a year, aligned with the input by position.

    `wallet_potential` takes it as its budget, with its range and its source.

    Attributes
    ----------
    value, low, high
        ``(n,)`` float64: the budget and its range; all alike where it is stated; NaN where it is
        unknown and nothing could be estimated.
    source
        ``(n,)`` objects: ``"stated budget"``, ``"budget estimated from nearest peers"`` or
        ``"budget estimated by quantile regression"``; None where unknown.
    basis
        ``(n,)`` int64: how many stated budgets an estimate rests on; 0 where none does.
    findings
        What a reader should know of the data.

    Examples
    --------
    >>> import keyaccount as ka
    >>> book = {"budget": [100.0, 120.0, 140.0, None], "staff": [10, 12, 14, 12]}
    >>> budgets = ka.peer_budgets(book, budget="budget", alike=["staff"], peers=3)
    >>> print(budgets.row(3))
    budget  120
    low     104
    high    136
    source  budget estimated from nearest peers
    basis   3
    """

    def __init__(
        self,
        bounds: tuple[Floats, Floats, Floats],
        source: Codes,
        basis: Codes,
        findings: tuple[Finding, ...] = (),
    ) -> None:
        self.low: Floats = bounds[0]
        self.value: Floats = bounds[1]
        self.high: Floats = bounds[2]
        self.source_code: Codes = source
        self.basis: Codes = basis
        self._read_findings: tuple[Finding, ...] = findings

    def __len__(self) -> int:
        return len(self.value)

    def __repr__(self) -> str:
        estimated = int(np.count_nonzero(self.source_code > 0))
        return f"<Budgets of {len(self)} accounts, {estimated} of them estimated>"

    def _view(self) -> View:
        return View(f"Budgets of {len(self):,} accounts", self.columns(), len(self))

    @property
    def source(self) -> Objects:
        """What each budget rests on; None where it is unknown."""
        table = np.array([*WALLET_SOURCES, None], dtype=object)
        found: Objects = table[self.source_code]
        return found

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader should know of the data."""
        told = list(self._read_findings)
        for code, rows, said in (
            ("estimated", self.source_code > WALLET_SOURCES.index(STATED), "estimated, not stated"),
            ("unknown", self.source_code < 0, "neither stated nor to be estimated"),
        ):
            n = int(np.count_nonzero(rows))
            message = f"the budget of {counted(n, 'account')} is {said}"
            told += [Finding(code=code, message=message, count=n, where="budget")] if n else []
        return tuple(told)

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame."""
        return {
            "budget": self.value,
            "budget_low": self.low,
            "budget_high": self.high,
            "budget_source": self.source,
            "budget_basis": self.basis,
        }

    def row(self, i: int) -> Record:
        """Give one account as a readable record."""
        i = checked_row(i, len(self))
        return Record(
            {
                "budget": float(self.value[i]),
                "low": float(self.low[i]),
                "high": float(self.high[i]),
                "source": self.source[i],
                "basis": int(self.basis[i]),
            }
        )
