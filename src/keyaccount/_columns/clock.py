"""Read ISO texts that say a time of day, as the clock on the wall said it there."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

__all__ = ["wall_moment"]

_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2})"
    r"(?::([0-5]\d)(?::([0-5]\d)(?:[.,](\d+))?)?)?"
    r" ?(?:[Zz]|UTC|GMT|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?",
    re.ASCII,
)
"""Day, hour, minute, second and its fraction; then perhaps how far the clock is from UTC."""


def wall_moment(text: str) -> datetime | None:
    """Read one text, without spaces around it; None where no clock shows such a time.

    The hour 24, with nothing after it, is the midnight that begins the next day, as in ISO 8601.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    day, hour, minute, second, fraction = found.groups(default="0")
    time = timedelta(
        hours=int(hour),
        minutes=int(minute),
        seconds=int(second),
        microseconds=int(fraction[:6].ljust(6, "0")),
    )
    if time > timedelta(days=1) or (time == timedelta(days=1) and int(hour) != 24):  # noqa: PLR2004 - hours
        return None
    try:
        return datetime.fromisoformat(day) + time
    except (ValueError, OverflowError):
        return None
