"""How the features of a log are taken: the trailing window and its periods."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._blocks import blocks
from keyaccount._columns import Codes, Days, Floats
from keyaccount._validators import count, exact_float, exact_int, field_name
from keyaccount.errors import SpecError
from keyaccount.ledger.orders import Orders
from keyaccount.ledger.reductions import totals
from keyaccount.lifecycle.trend import left_out
from keyaccount.stats._levels import inner_share

__all__ = ["Window"]

_MOST_PERIODS = 120
_LONGEST_DAYS = 36_525


def _at_least_one(instance: object, attribute: Any, value: Any) -> None:
    count(instance, attribute, value)
    if value < 1:
        raise SpecError.from_field(
            field_name(instance, attribute), "must be at least 1", value, "give a count."
        )


def _few(instance: object, attribute: Any, value: Any) -> None:
    _at_least_one(instance, attribute, value)
    if value > _MOST_PERIODS:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must be at most {_MOST_PERIODS}",
            value,
            "take longer periods: a trend needs a few, each with orders in it.",
        )


def _within_a_century(instance: object, attribute: Any, value: Any) -> None:
    _at_least_one(instance, attribute, value)
    if value > _LONGEST_DAYS:
        name, hint = field_name(instance, attribute), "a quarter has 91."
        raise SpecError.from_field(name, f"must be at most {_LONGEST_DAYS}", value, hint)


def _enough(instance: Any, attribute: Any, value: float) -> None:
    inner_share(instance, attribute, value)
    if left_out(instance.periods, value) is None:
        raise SpecError.from_field(
            field_name(instance, attribute),
            f"must leave an interval to {instance.periods} periods, and none is so sure",
            value,
            "take more periods (4 at a level of 0.9), or a lower level.",
        )


@attrs.frozen(kw_only=True)
class Window:
    """The periods before a day, of equal length, and the levels of what is learned from them."""

    as_of: np.datetime64
    periods: int = attrs.field(converter=exact_int, validator=_few)
    period_days: int = attrs.field(converter=exact_int, validator=_within_a_century)
    gap_quantile: float = attrs.field(converter=exact_float, validator=inner_share)
    level: float = attrs.field(converter=exact_float, validator=_enough)

    def periods_back(self, days: Days) -> Codes:
        """Count the whole periods from each day to `as_of`; 0 is the last period."""
        back: Codes = (self.as_of - days).astype(np.int64) // self.period_days
        return back

    def covered(self, first: Days) -> Codes:
        """Count the periods of the window that lie wholly after the one of the first order.

        The period of the first order is left out: it is not whole, and it holds an order because it
        was chosen by one, so that the next one falls behind it by chance alone.
        """
        known = ~np.isnat(first)
        back = self.periods_back(np.where(known, first, self.as_of))
        return np.where(known, np.minimum(back, self.periods), 0)

    def spend(self, orders: Orders, slots: Codes) -> Floats:
        """Add up the money of some slots in each period, the oldest period first.

        Period by period: the sums of one fit a cache that those of all do not.
        """
        size = orders.customers.size
        most = int(np.bincount(orders.codes, minlength=1).max())
        back = np.empty(len(orders), dtype=np.int8)
        for rows in blocks(len(orders)):
            back[rows] = np.minimum(self.periods_back(orders.days[rows]), self.periods)
        spend = np.empty((len(slots), self.periods), order="F")
        for k in range(self.periods):
            own = np.flatnonzero(back == k)
            added = totals(orders.amounts[own], orders.codes[own], size, most)
            spend[:, self.periods - 1 - k] = added[slots]
        return spend
