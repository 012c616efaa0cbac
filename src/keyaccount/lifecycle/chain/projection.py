"""`Projection`: how many accounts are in each state in the periods to come."""

from __future__ import annotations

from typing import Any

import numpy as np

from keyaccount._columns import Floats
from keyaccount._record import Record, checked_row
from keyaccount._view import View, Viewed
from keyaccount.lifecycle.chain.solving import step

__all__ = ["Projection", "projected"]


class Projection(Viewed):
    """Accounts by state, period by period: row 0 is today, row t is t periods on.

    Attributes
    ----------
    states
        The states.
    expected
        ``(periods + 1, k)`` float64: expected accounts. Every row has the same total.
    sd
        ``(periods + 1, k)`` float64: their standard deviation if every account moves on its own by
        the matrix. That the matrix itself was estimated is not in it.

    Examples
    --------
    >>> import keyaccount as ka
    >>> chain = ka.StageChain(states=("active", "churn"), matrix=((0.9, 0.1), (0, 1)))
    >>> chain.project({"active": 100}, periods=2).expected
    array([[100.,   0.],
           [ 90.,  10.],
           [ 81.,  19.]])
    """

    def __init__(self, states: tuple[str, ...], expected: Floats, sd: Floats) -> None:
        self.states: tuple[str, ...] = states
        self.expected: Floats = expected
        self.sd: Floats = sd

    def __len__(self) -> int:
        return len(self.expected)

    def __repr__(self) -> str:
        return f"<Projection of {self.expected[0].sum():g} accounts over {len(self) - 1} periods>"

    def _view(self) -> View:
        return View(f"Projection over {len(self) - 1} periods", self.columns(), len(self))

    def columns(self) -> dict[str, Any]:
        """Give everything as columns, for the constructor of any DataFrame."""
        named = list(enumerate(self.states))
        return {
            "periods_ahead": np.arange(len(self)),
            **{state: self.expected[:, k] for k, state in named},
            **{f"{state}_sd": self.sd[:, k] for k, state in named},
        }

    def row(self, i: int) -> Record:
        """Give one period as a readable record."""
        i = checked_row(i, len(self))
        pairs = zip(self.states, self.expected[i].tolist(), self.sd[i].tolist(), strict=True)
        return Record(
            {"periods_ahead": i, **{s: f"{mean:.6g} ± {sd:.3g}" for s, mean, sd in pairs}}
        )


def projected(states: tuple[str, ...], matrix: Floats, counts: Floats, periods: int) -> Projection:
    """Move counts on, and add up what each starting state spreads."""
    k = len(states)
    expected, spread = np.zeros((periods + 1, k)), np.zeros((periods + 1, k))
    for start, count in enumerate(counts.tolist()):
        shares = np.eye(k)[start]
        for t in range(periods + 1):
            expected[t] += count * shares
            spread[t] += count * (shares * (1.0 - shares))
            shares = step(shares, matrix)
    return Projection(states, expected, np.sqrt(np.maximum(spread, 0.0)))
