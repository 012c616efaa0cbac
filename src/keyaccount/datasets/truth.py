"""What is behind a synthetic book, and nobody knows of a real one: how each customer is."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from keyaccount._columns import Bools, Codes, Days, Floats, Objects
from keyaccount.datasets.catalogue import COUNTRIES, SECTORS
from keyaccount.datasets.streams import stream

__all__ = ["DAYS", "YEAR", "Truth", "logistic"]

YEAR = 365.25
DAYS = 3 * 365
"""How many days a book covers."""
TAIL = 1.6
"""The tail index of size, and so of spend: P(size > x) falls as x to the minus `TAIL`."""
_SPREAD = 0.6
_ORDERS_PER_YEAR = 4.0
_ORDER_VALUE = 900.0
_NEW_SHARE = 0.3
_CHURN_SHAPE, _CHURN_SCALE = 1.5, 0.08
"""Leaving rates per year are Gamma with this shape and scale: 0.12 on average."""
_GROWTH_MEAN, _GROWTH_SPREAD = 0.03, 0.25
_LAST_NEW = 30


@attrs.frozen(eq=False, slots=False)
class Truth:
    """What each customer is like, one entry per account. Times are days from the first one on.

    Parameters
    ----------
    as_of
        The day of the export, the last one of the book.
    ids
        The ids of the accounts.
    sector, country
        Positions in `SECTORS` and `COUNTRIES`.
    size
        How large it is; what it spends goes with it.
    rank
        The share of the accounts that are smaller, in [0, 1).
    rate, value
        Repeat orders in a year, and the mean value of one in the middle of the time.
    growth
        By how much the value of orders grows in a year, as a logarithm.
    since, left
        When it became a customer, and when it left: infinite where it never will.
    bond
        How good the relationship is: standard normal.
    has_coach
        Whether somebody inside helps us.
    """

    as_of: np.datetime64
    ids: Objects
    sector: Codes
    country: Codes
    size: Floats
    rank: Floats
    rate: Floats
    value: Floats
    growth: Floats
    since: Floats
    left: Floats
    bond: Floats
    has_coach: Bools

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def draw(cls, n: int, seed: int, as_of: np.datetime64) -> Truth:
        """Draw customers."""
        rng = stream(seed, "truth")
        sector = rng.choice(len(SECTORS), n, p=[s.share for s in SECTORS])
        size = np.exp(_SPREAD * rng.standard_normal(n)) * (1.0 - rng.random(n)) ** (-1.0 / TAIL)
        since = np.where(rng.random(n) < _NEW_SHARE, rng.uniform(0.0, DAYS - _LAST_NEW, n), 0.0)
        leaving = rng.gamma(_CHURN_SHAPE, _CHURN_SCALE, n)
        stays = 1.0 + YEAR * rng.standard_exponential(n) / np.maximum(leaving, 1e-9)
        bond = rng.standard_normal(n)
        width = max(4, len(str(n)))
        return cls(
            as_of=as_of,
            ids=np.array([f"A-{i:0{width}d}" for i in range(1, n + 1)], dtype=object),
            sector=sector,
            country=rng.integers(len(COUNTRIES), size=n),
            size=size,
            rank=_ranks(size),
            rate=_ORDERS_PER_YEAR * size**0.25 * rng.gamma(2.0, 0.5, n),
            value=_ORDER_VALUE * size**0.75,
            growth=rng.normal(_GROWTH_MEAN, _GROWTH_SPREAD, n),
            since=since,
            left=np.where(since + stays < DAYS, since + stays, np.inf),
            bond=bond,
            has_coach=rng.random(n) < logistic(bond - 0.8),
        )

    @property
    def until(self) -> Floats:
        """When the book ends for each account: when it left, or with the day of the export."""
        return np.minimum(self.left, float(DAYS))

    def within(self, account: Codes, times: Any) -> Floats:
        """Move times to the nearest at which their accounts are customers."""
        found: Floats = np.clip(times, self.since[account], self.until[account] - 1.0)
        return found

    @property
    def dates(self) -> Days:
        """Every day of the book."""
        return self.as_of - np.arange(DAYS - 1, -1, -1).astype("timedelta64[D]")

    def date(self, times: Any) -> Days:
        """Give the days of some times; what is infinite or missing is NaT."""
        times = np.asarray(times, dtype=np.float64)
        known = np.isfinite(times)
        days = np.where(known, times, 0.0).astype(np.int64).astype("timedelta64[D]")
        found: Days = self.as_of - np.timedelta64(DAYS - 1, "D") + days
        found[~known] = np.datetime64("NaT", "D")
        return found

    def columns(self) -> dict[str, Objects]:
        """Give what models of the book try to find out."""
        return {
            "account_id": self.ids,
            "size": self.size,
            "orders_per_year": self.rate,
            "order_value": self.value,
            "growth": self.growth,
            "customer_since": self.date(self.since),
            "left_on": self.date(self.left),
            "relationship": self.bond,
        }


def _ranks(size: Floats) -> Floats:
    ranks = np.empty(len(size))
    ranks[np.argsort(size, kind="stable")] = np.arange(len(size))
    return ranks / len(size)


def logistic(value: Floats) -> Floats:
    """Turn log odds into chances."""
    return 1.0 / (1.0 + np.exp(-value))
