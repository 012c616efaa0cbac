"""How a purchase log is read: every option said aloud."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs
import numpy as np

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
