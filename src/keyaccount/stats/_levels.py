"""How sure an interval is to be, and the two quantiles that makes."""

from __future__ import annotations

from typing import Any

from keyaccount._validators import exact_float, field_name, is_finite
from keyaccount.errors import SpecError

__all__ = ["checked_share", "inner_share", "tails_of"]


def inner_share(instance: object, attribute: Any, value: Any) -> None:
    """Refuse anything but a number above 0 and below 1."""
    checked_share(value, field_name(instance, attribute))


def tails_of(level: float) -> tuple[float, float]:
    """Give the probabilities at the two ends of a central interval.

    Examples
    --------
    >>> from keyaccount.stats._levels import tails_of
    >>> tails_of(0.5)
    (0.25, 0.75)
    """
    value = checked_share(level, "level")
    return (1.0 - value) / 2.0, (1.0 + value) / 2.0


def checked_share(value: Any, field: str) -> float:
    """Give a number above 0 and below 1, or say which field must be one."""
    exact = exact_float(value)
    if not is_finite(exact) or not 0.0 < exact < 1.0:
        hint = "write 90 % as 0.9."
        raise SpecError.from_field(field, "must be above 0 and below 1", value, hint)
    return float(exact)
