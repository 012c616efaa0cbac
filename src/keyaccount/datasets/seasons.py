"""When customers buy: more in the season of their sector, hardly at weekends."""

from __future__ import annotations

import attrs
import numpy as np

from keyaccount._columns import Codes, Days, Floats
from keyaccount.datasets.catalogue import SECTORS

__all__ = ["Seasons"]

SWING = 0.35
"""By how much the best time of the year is above the mean, and the worst below it."""
WEEKEND = 0.1
"""What a day of the weekend brings, of what a day of the week brings."""
_YEAR = 365.25
_WEEK = 7
_SATURDAY = 5
_MID_MONTH = 15


@attrs.frozen(eq=False)
class Seasons:
    """How much of a year's buying is done by each day, by sector.

    Parameters
    ----------
    done
        ``(sectors, days + 1)``: the buying done before each day, in years of mean buying.
    """

    done: Floats

    @classmethod
    def over(cls, dates: Days) -> Seasons:
        """Make the seasons of some days, which follow on each other."""
        rates = np.stack([_rate(dates, sector.peak_month) for sector in SECTORS])
        before = np.zeros((len(SECTORS), 1))
        return cls(np.concatenate([before, np.cumsum(rates, axis=1)], axis=1))

    def by(self, sector: Codes, time: Floats) -> Floats:
        """Give the buying done by a time, in days from the first one on."""
        day = np.minimum(time.astype(np.int64), self.done.shape[1] - 2)
        low = self.done[sector, day]
        done: Floats = low + (time - day) * (self.done[sector, day + 1] - low)
        return done

    def days(self, sector: Codes, done: Floats) -> Codes:
        """Give the day on which so much of the buying is done: the reverse of `by`."""
        room = self.done[:, -1].max() + 1.0  # sectors end to end make one table to search in
        table = (self.done + room * np.arange(len(self.done))[:, None]).ravel()
        found = np.searchsorted(table, done + room * sector, side="right") - 1
        width = self.done.shape[1]
        day: Codes = np.clip(found - sector * width, 0, width - 2)
        return day


def _rate(dates: Days, peak_month: int) -> Floats:
    """Give the buying of each day, in years of mean buying."""
    in_year = (dates - dates.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.float64)
    peak = _YEAR * (peak_month - 1) / 12 + _MID_MONTH
    wave = 1.0 + SWING * np.cos(2.0 * np.pi * (in_year - peak) / _YEAR)
    weekday = (dates.astype(np.int64) + 3) % _WEEK  # the first day of 1970 was a Thursday
    week = np.where(weekday >= _SATURDAY, WEEKEND, 1.0)
    rate: Floats = wave * week * (_WEEK / (_SATURDAY + 2 * WEEKEND) / _YEAR)
    return rate
