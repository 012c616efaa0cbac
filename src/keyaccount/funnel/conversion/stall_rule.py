"""`StallRule`: when an open deal counts as stalled, as data."""

from __future__ import annotations

from typing import Any

import attrs

from keyaccount._validators import (
    count,
    exact_float,
    exact_int,
    exact_tuple,
    field_name,
    is_finite,
    not_negative,
    positive,
    share,
    unique_names,
)
from keyaccount._view import Spec
from keyaccount.errors import SpecError

__all__ = ["STALL_TESTS", "StallRule"]

STALL_TESTS = ("over_plan", "outlasted", "slow_ahead", "missing_actions")
"""The tests there are, in the order in which their reasons are told."""

_OF_TIME = STALL_TESTS[:3]
"""One missing action stalls no deal: nearly every open deal has one."""


def _known_tests(instance: object, attribute: Any, value: Any) -> None:
    unique_names(instance, attribute, value)
    for name in value:
        if name not in STALL_TESTS:
            raise SpecError.from_choice(field_name(instance, attribute), name, STALL_TESTS)


def _inner(instance: object, attribute: Any, value: Any) -> None:
    if not is_finite(value) or not 0.0 < value < 1.0:
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be above 0 and below 1",
            value,
            "write the median as 0.5.",
        )


@attrs.frozen(kw_only=True)
class StallRule(Spec):
    """When an open deal counts as stalled. All defaults are choices of this library.

    Parameters
    ----------
    tests
        The tests that count: ``"over_plan"``, ``"outlasted"``, ``"slow_ahead"`` and
        ``"missing_actions"``. A test whose input is not given is passed over. Missing actions are
        shown and do not count, unless they are named here: nearly every open deal has some.
    over_plan
        Stalled where the days spent are more than this many times the planned days.
    outlasted
        Stalled where at least this share of comparable deals had left the stage by now.
    slow_ahead
        Stalled where the remaining time is more than this many times the planned days.
    remaining
        The quantile that the remaining time is: 0.5 is its median, given the time already spent.
    missing_actions
        Stalled where at least this many actions are missing.

    Raises
    ------
    SpecError
        A field is not what it should be.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.StallRule(tests=("over_plan",), over_plan=1.5).outlasted
    0.9
    """

    tests: tuple[str, ...] = attrs.field(
        default=_OF_TIME, converter=exact_tuple, validator=_known_tests
    )
    over_plan: float = attrs.field(default=1.0, converter=exact_float, validator=not_negative)
    outlasted: float = attrs.field(default=0.9, converter=exact_float, validator=share)
    slow_ahead: float = attrs.field(default=1.0, converter=exact_float, validator=positive)
    remaining: float = attrs.field(default=0.5, converter=exact_float, validator=_inner)
    missing_actions: int = attrs.field(default=1, converter=exact_int, validator=count)
