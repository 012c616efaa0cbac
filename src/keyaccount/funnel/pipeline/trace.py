"""`Trace`: what became of each event of a log, and the deal after it."""

from __future__ import annotations

from collections.abc import Container

import attrs
import numpy as np
from numpy.typing import NDArray

from keyaccount._columns import Floats
from keyaccount.funnel.pipeline.log import NO_DAY

__all__ = ["WORD", "Short", "Small", "Trace"]

WORD = 64
"""Confirmed codes are bits of words this long."""

Small = NDArray[np.int16]
Short = NDArray[np.int8]


@attrs.define(eq=False, kw_only=True)
class Trace:
    """What became of each event, and the deal after it; aligned with a `Log`."""

    refusal: Short
    stage: Small
    outcome: Short
    last_open: Small
    amount: Floats
    by_hand: Floats
    owner: NDArray[np.int32]
    expected: NDArray[np.int64]
    deferred: NDArray[np.int64]
    entered: NDArray[np.int64]
    closed: NDArray[np.int64]
    reason: NDArray[np.int32]
    confirmed: NDArray[np.uint64]

    @classmethod
    def blank(cls, n: int, words: int) -> Trace:
        """Give `n` deals that have not been opened."""
        return cls(
            refusal=np.zeros(n, dtype=np.int8),
            stage=np.full(n, -1, dtype=np.int16),
            outcome=np.zeros(n, dtype=np.int8),
            last_open=np.full(n, -1, dtype=np.int16),
            amount=np.full(n, np.nan),
            by_hand=np.full(n, np.nan),
            owner=np.full(n, -1, dtype=np.int32),
            expected=np.full(n, NO_DAY, dtype=np.int64),
            deferred=np.full(n, NO_DAY, dtype=np.int64),
            entered=np.full(n, NO_DAY, dtype=np.int64),
            reason=np.full(n, -1, dtype=np.int32),
            closed=np.full(n, NO_DAY, dtype=np.int64),
            confirmed=np.zeros((words, n), dtype=np.uint64),
        )

    def arrays(self, said: Container[str]) -> list[NDArray[np.generic]]:
        """List the arrays that a log with these columns can change, `confirmed` row by row."""
        names = [a.name for a in attrs.fields(Trace) if a.name != "confirmed"]
        plain = [getattr(self, n) for n in names if _COLUMN.get(n) is None or _COLUMN[n] in said]
        return [*plain, *self.confirmed]


_COLUMN = {
    "amount": "amount",
    "by_hand": "probability",
    "owner": "owner",
    "expected": "expected",
    "deferred": "until",
    "reason": "reason",
}
"""The column of the log without which an array stays blank."""
