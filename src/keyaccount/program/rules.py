"""`ProgramRules`: what a key-account programme asks for, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from keyaccount._validators import exact_tuple, field_name, optional
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.program.coverage.role import CoverageRole
from keyaccount.program.information.map import InformationMap
from keyaccount.program.plan.template import PlanTemplate
from keyaccount.program.positioning.level import PositionLevel
from keyaccount.program.positioning.rule import StrategicRule
from keyaccount.program.rhythm import By, Rhythm, rhythms_given
from keyaccount.program.symptoms.check_item import CheckItem
from keyaccount.program.term import Term, has_unique_codes

__all__ = ["ProgramRules"]


def _listed(value: Any) -> Any:
    """Turn a list into a tuple and leave None alone."""
    return None if value is None else exact_tuple(value)


def _one(kind: type) -> Any:
    """Refuse anything but one spec of a kind, or None."""

    def validate(instance: Any, attribute: Any, value: Any) -> None:
        if value is not None and not isinstance(value, kind):
            rule = f"must be a {kind.__name__} or None"
            hint = f"build it with ka.{kind.__name__}(…)."
            raise SpecError.from_field(field_name(instance, attribute), rule, value, hint)

    return validate


def _by_tier(instance: Any, attribute: Any, value: Any) -> None:
    name = field_name(instance, attribute)
    if not isinstance(value, tuple) or not all(isinstance(v, PlanTemplate) for v in value):
        rule, hint = "must be a list of PlanTemplate", "see plan_template()."
        raise SpecError.from_field(name, rule, value, hint)
    tiers = [v.tier for v in value]
    twice = sorted({t for t in tiers if tiers.count(t) > 1})
    if twice:
        raise SpecError.from_field(name, "must have one template per tier", twice, "drop one.")


def _upkeep(value: Any) -> Any:
    """Take what states rhythms by channel; nothing states none."""
    return rhythms_given(value, "channel", "ProgramRules.upkeep") if _says_any(value) else ()


def _meetings(value: Any) -> Any:
    """Take what states rhythms by buyer role; nothing states none."""
    return rhythms_given(value, "role", "ProgramRules.meetings") if _says_any(value) else ()


def _says_any(value: Any) -> bool:
    return value is not None and (not isinstance(value, tuple | list | Mapping) or bool(value))


def _stated_once(by: By) -> Any:
    """Refuse two rhythms for the same tier and role or channel."""

    def validate(instance: Any, attribute: Any, value: tuple[Rhythm, ...]) -> None:
        stated = [(one.tier, getattr(one, by)) for one in value]
        twice = sorted({at for at in stated if stated.count(at) > 1})
        if twice:
            name, rule = field_name(instance, attribute), f"must have one rhythm per tier and {by}"
            raise SpecError.from_field(name, rule, twice, "keep one of them.")

    return validate


@attrs.frozen(kw_only=True)
class ProgramRules(Spec):
    """What a key-account programme asks for: who covers, what to know, what a plan holds.

    A part that is None is not said here: the function that takes it uses its own preset.

    Parameters
    ----------
    roles
        Who of ours answers for what on an account; see `coverage`.
    buyer_roles
        The roles people have on the customer's side; see `decision_chain`.
    levels
        How close a customer and we can be, the loosest first; see `positioning`.
    strategic
        When an account is strategic; see `positioning`.
    information
        What there is to know about a customer.
    plans
        What an account plan must hold, one template per tier; see `check_plans`.
    tasks, channels
        The tasks of a key-account manager and the channels of upkeep; see `task_status`, `upkeep`.
    upkeep
        The days between contacts, by tier and channel, as `upkeep` takes them. The method gives no
        figure, so none is preset.
    meetings
        The days between meetings, by tier and buyer role, as `decision_chain` takes them.
    symptoms
        The signs of a weak programme to ask for; see `programme_symptoms`.

    Raises
    ------
    SpecError
        A part is something else, or a code or tier occurs twice.

    Examples
    --------
    >>> import keyaccount as ka
    >>> rules = ka.ProgramRules(
    ...     roles=ka.iron_triangle(),
    ...     plans=[ka.plan_template("strategic")],
    ...     upkeep={"strategic": 14},
    ... )
    >>> rules.upkeep, rules.levels
    ((Rhythm(days=14.0, tier='strategic', role='', channel=''),), None)
    """

    roles: tuple[CoverageRole, ...] | None = attrs.field(
        default=None, converter=_listed, validator=optional(has_unique_codes(CoverageRole))
    )
    buyer_roles: tuple[Term, ...] | None = attrs.field(
        default=None, converter=_listed, validator=optional(has_unique_codes(Term))
    )
    levels: tuple[PositionLevel, ...] | None = attrs.field(
        default=None, converter=_listed, validator=optional(has_unique_codes(PositionLevel))
    )
    strategic: StrategicRule | None = attrs.field(default=None, validator=_one(StrategicRule))
    information: InformationMap | None = attrs.field(default=None, validator=_one(InformationMap))
    plans: tuple[PlanTemplate, ...] = attrs.field(
        default=(), converter=exact_tuple, validator=_by_tier
    )
    tasks: tuple[Term, ...] | None = attrs.field(
        default=None, converter=_listed, validator=optional(has_unique_codes(Term))
    )
    channels: tuple[Term, ...] | None = attrs.field(
        default=None, converter=_listed, validator=optional(has_unique_codes(Term))
    )
    upkeep: tuple[Rhythm, ...] = attrs.field(
        default=(), converter=_upkeep, validator=_stated_once("channel")
    )
    meetings: tuple[Rhythm, ...] = attrs.field(
        default=(), converter=_meetings, validator=_stated_once("role")
    )
    symptoms: tuple[CheckItem, ...] | None = attrs.field(
        default=None, converter=_listed, validator=optional(has_unique_codes(CheckItem))
    )
