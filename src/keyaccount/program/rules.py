"""`ProgramRules`: what a key-account programme asks for, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from keyaccount._validators import exact_tuple, field_name, optional
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.program.book import free_codes
from keyaccount.program.coverage.role import CoverageRole
from keyaccount.program.decision_chain.roles import buyer_roles
from keyaccount.program.information.map import InformationMap
from keyaccount.program.plan.template import PlanTemplate
from keyaccount.program.positioning.level import PositionLevel, position_levels
from keyaccount.program.positioning.rule import StrategicRule
from keyaccount.program.rhythm import Rhythm, rhythms_given, stated_once
from keyaccount.program.symptoms.check_item import CheckItem
from keyaccount.program.tasks.core_tasks import STATUS_COLUMNS, UPKEEP_COLUMNS, upkeep_channels
from keyaccount.program.term import (
    Term,
    as_verbs_take,
    coded,
    has_unique_codes,
    plain,
    refuse_clashes,
)

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
    tiers = [plain(v.tier) for v in value]
    twice = [v.tier for v in value if tiers.count(plain(v.tier)) > 1]
    if twice:
        raise SpecError.from_field(name, "must have one template per tier", twice, "drop one.")


def _no_clashes(instance: Any, attribute: Any, value: Any) -> None:
    refuse_clashes(value or (), field_name(instance, attribute))


def _free(columns: tuple[str, ...]) -> Any:
    """Refuse a code that is a column of the verb's result anyway."""

    def validate(instance: Any, attribute: Any, value: Any) -> None:
        free_codes(value or (), columns, field_name(instance, attribute))

    return validate


def _known(words: Sequence[str], terms: Sequence[Any], name: str) -> None:
    """Refuse a word that is none of the terms."""
    for word, place in zip(words, coded(tuple(words), terms).tolist(), strict=True):
        if place < 0:
            raise SpecError.from_choice(name, word, [term.code for term in terms])


def _upkeep(value: Any) -> Any:
    """Take what states rhythms by channel; nothing states none."""
    return rhythms_given(value, "channel", "ProgramRules.upkeep") if _says_any(value) else ()


def _meetings(value: Any) -> Any:
    """Take what states rhythms by buyer role; nothing states none."""
    return rhythms_given(value, "role", "ProgramRules.meetings") if _says_any(value) else ()


def _says_any(value: Any) -> bool:
    return value is not None and (not isinstance(value, tuple | list | Mapping) or bool(value))


def _terms(kind: type) -> Any:
    """Hold a list of terms, where it is said, to what its verb asks of it."""
    return optional(as_verbs_take(kind))


@attrs.frozen(kw_only=True)
class ProgramRules(Spec):
    """What a key-account programme asks for: who covers, what to know, what a plan holds.

    A part that is None is not said here: the function that takes it uses its own preset. What is
    said is what the function takes: lists are not empty and their words differ, and a word that
    stands in two parts (the channel of a rhythm, a buyer role to ask, a level) is one of the list
    that is said, else of the preset.

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
        A part is something else than its function takes, a code, name or tier occurs twice, or a
        word is none of its list.

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
        default=None, converter=_listed, validator=_terms(CoverageRole)
    )
    buyer_roles: tuple[Term, ...] | None = attrs.field(
        default=None, converter=_listed, validator=_terms(Term)
    )
    levels: tuple[PositionLevel, ...] | None = attrs.field(
        default=None, converter=_listed, validator=_terms(PositionLevel)
    )
    strategic: StrategicRule | None = attrs.field(default=None, validator=_one(StrategicRule))
    information: InformationMap | None = attrs.field(default=None, validator=_one(InformationMap))
    plans: tuple[PlanTemplate, ...] = attrs.field(
        default=(), converter=exact_tuple, validator=_by_tier
    )
    tasks: tuple[Term, ...] | None = attrs.field(
        default=None, converter=_listed, validator=[_terms(Term), _free(STATUS_COLUMNS)]
    )
    channels: tuple[Term, ...] | None = attrs.field(
        default=None, converter=_listed, validator=[_terms(Term), _free(UPKEEP_COLUMNS)]
    )
    upkeep: tuple[Rhythm, ...] = attrs.field(default=(), converter=_upkeep)
    meetings: tuple[Rhythm, ...] = attrs.field(default=(), converter=_meetings)
    symptoms: tuple[CheckItem, ...] | None = attrs.field(
        default=None,
        converter=_listed,
        validator=[optional(has_unique_codes(CheckItem)), _no_clashes],
    )

    def __attrs_post_init__(self) -> None:
        """Hold the parts against each other."""
        name = type(self).__name__
        roles = buyer_roles() if self.buyer_roles is None else self.buyer_roles
        channels = upkeep_channels() if self.channels is None else self.channels
        stated_once(self.upkeep, channels, "channel", f"{name}.upkeep")
        stated_once(self.meetings, roles, "role", f"{name}.meetings")
        if self.information is not None:
            asked = [role for one in self.information.fields for role in one.ask]
            _known(asked, roles, f"{name}.information: ask")
        if self.strategic is not None and self.strategic.from_level is not None:
            levels = position_levels() if self.levels is None else self.levels
            _known([self.strategic.from_level], levels, f"{name}.strategic: from_level")
