"""`Initiative`: what is done towards a goal, by whom and by when."""

from __future__ import annotations

from datetime import date

import attrs

from keyaccount._validators import (
    a_date,
    exact_date,
    flag,
    not_negative,
    optional,
    optional_float,
    text,
    text_or_empty,
)
from keyaccount._view import Spec

__all__ = ["Initiative"]


@attrs.frozen
class Initiative(Spec):
    """What is done towards a goal.

    Parameters
    ----------
    code
        Fixed word.
    name
        What is done.
    goal
        Code of the goal it serves; empty: none.
    owner
        Who does it; empty: nobody.
    due
        By when; None: no date.
    done
        Whether it is done.
    strategic
        Whether it is a strategic step: work on the customer's strategy. Only such steps may take
        strategic resources, and only of strategic accounts; see `positioning`.
    resources
        The strategic resources it takes, in the unit of the company; None: not stated.

    Raises
    ------
    SpecError
        A field is not what it should be.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Initiative("visit", "Visit their plant", owner="li", due="2026-10-15").due.month
    10
    """

    code: str = attrs.field(validator=text)
    name: str = attrs.field(validator=text)
    goal: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
    owner: str = attrs.field(default="", kw_only=True, validator=text_or_empty)
    due: date | None = attrs.field(
        default=None, kw_only=True, converter=exact_date, validator=optional(a_date)
    )
    done: bool = attrs.field(default=False, kw_only=True, validator=flag)
    strategic: bool = attrs.field(default=False, kw_only=True, validator=flag)
    resources: float | None = attrs.field(
        default=None, kw_only=True, converter=optional_float, validator=optional(not_negative)
    )
