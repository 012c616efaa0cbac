"""`PlanTemplate`: what an account plan must hold."""

from __future__ import annotations

from typing import Any

import attrs

from keyaccount._validators import (
    count,
    exact_int,
    exact_tuple,
    field_name,
    not_negative,
    optional,
    optional_float,
    text_or_empty,
    unique_names,
)
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.program.term import plain

__all__ = ["PLAN_PARTS", "PlanTemplate", "plan_template"]

PLAN_PARTS = ("goals", "initiatives", "owners", "due_dates", "resources", "expected_return")
"""What a plan may have to hold."""


def _known_parts(instance: object, attribute: Any, value: Any) -> None:
    unique_names(instance, attribute, value)
    for part in value:
        if part not in PLAN_PARTS:
            raise SpecError.from_choice(field_name(instance, attribute), part, PLAN_PARTS)


def _optional_int(value: object) -> Any:
    return None if value is None else exact_int(value)


@attrs.frozen
class PlanTemplate(Spec):
    """What an account plan must hold.

    Parameters
    ----------
    tier
        The tier it is for; empty for any.
    needs
        Parts it must hold: ``"goals"``, ``"initiatives"``, ``"owners"`` and ``"due_dates"`` (of
        every initiative), ``"resources"`` and ``"expected_return"``.
    min_goals, min_initiatives
        The least number of each, which needs no word in `needs`; None: one, where it is needed.
    min_return
        The least return for one unit of resources; None: no limit.
    concession_limit
        The largest concession, in the unit of the concessions; None: no limit is agreed.

    Raises
    ------
    SpecError
        A part is none, or a number is below 0.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.PlanTemplate("A", needs=["goals", "owners"], concession_limit=0.1).min_goals is None
    True
    """

    tier: str = attrs.field(default="", validator=text_or_empty)
    needs: tuple[str, ...] = attrs.field(
        default=PLAN_PARTS, kw_only=True, converter=exact_tuple, validator=_known_parts
    )
    min_goals: int | None = attrs.field(
        default=None, kw_only=True, converter=_optional_int, validator=optional(count)
    )
    min_initiatives: int | None = attrs.field(
        default=None, kw_only=True, converter=_optional_int, validator=optional(count)
    )
    min_return: float | None = attrs.field(
        default=None, kw_only=True, converter=optional_float, validator=optional(not_negative)
    )
    concession_limit: float | None = attrs.field(
        default=None, kw_only=True, converter=optional_float, validator=optional(not_negative)
    )


_TIERS = {
    "strategic": PLAN_PARTS,
    "important": ("goals", "initiatives", "owners", "due_dates", "resources"),
    "other": ("goals", "initiatives", "owners"),
}


def plan_template(
    tier: str,
    *,
    min_goals: int | None = None,
    min_initiatives: int | None = None,
    min_return: float | None = None,
    concession_limit: float | None = None,
) -> PlanTemplate:
    """Return what the plan of an account of a tier must hold.

    An account plan holds goals, resources, initiatives, owners and dates. Which of them a tier asks
    for is a choice of this library; the figures have no default, since the method gives none.

    Parameters
    ----------
    tier
        ``"strategic"``, ``"important"`` or ``"other"``, the labels of `positioning`.
    min_goals, min_initiatives, min_return, concession_limit
        Figures of `PlanTemplate`; None: no such limit.

    Returns
    -------
    PlanTemplate
        The template.

    Raises
    ------
    SpecError
        There is no such tier.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.plan_template("other").needs
    ('goals', 'initiatives', 'owners')
    """
    word = plain(str(tier))
    if word not in _TIERS:
        raise SpecError.from_choice("plan_template(tier)", tier, tuple(_TIERS))
    return PlanTemplate(
        word,
        needs=_TIERS[word],
        min_goals=min_goals,
        min_initiatives=min_initiatives,
        min_return=min_return,
        concession_limit=concession_limit,
    )
