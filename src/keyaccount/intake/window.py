"""The window of sales: the months up to and with a day."""

from __future__ import annotations

import numpy as np

__all__ = ["window_start"]


def window_start(as_of: np.datetime64, months: int) -> np.datetime64:
    """Give the same day some months earlier, or the last day of that month; the window opens after.

    Examples
    --------
    >>> import numpy as np
    >>> from keyaccount.intake.window import window_start
    >>> window_start(np.datetime64("2026-09-30"), 24), window_start(np.datetime64("2024-03-31"), 1)
    (np.datetime64('2024-09-30'), np.datetime64('2024-02-29'))
    """
    month = as_of.astype("datetime64[M]")
    day = as_of - month.astype("datetime64[D]")
    target = month - np.timedelta64(months, "M")
    last = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    start: np.datetime64 = min(target.astype("datetime64[D]") + day, last)
    return start
