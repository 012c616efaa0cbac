"""How a purchase log is read: every option said aloud."""

from __future__ import annotations

from typing import Any, Literal, Self, TypeAlias

import attrs
import numpy as np

from keyaccount.ledger.asked import asked_day, one_of

__all__ = ["Options", "Order", "Refunds", "SameDay", "TimeUnit"]

Refunds: TypeAlias = Literal["net", "drop"]
SameDay: TypeAlias = Literal["keep", "merge"]
Order: TypeAlias = Literal["sorted", "first_seen"]
TimeUnit: TypeAlias = Literal["day", "week"]


@attrs.frozen(kw_only=True)
class Options:
    """How a log is read: see `purchase_summary`."""

    as_of: np.datetime64
    refunds: Refunds
    same_day: SameDay
    order: Order
    time_unit: TimeUnit

    @classmethod
    def asked(cls, as_of: Any, *, refunds: Any, same_day: Any, order: Any, time_unit: Any) -> Self:
        """Check what a caller asks for."""
        return cls(
            as_of=asked_day(as_of),
            refunds=one_of("refunds", refunds, ("net", "drop")),
            same_day=one_of("same_day", same_day, ("keep", "merge")),
            order=one_of("order", order, ("sorted", "first_seen")),
            time_unit=one_of("time_unit", time_unit, ("day", "week")),
        )
