"""A stage of the opportunity funnel as data."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import attrs

from keyaccount._validators import (
    choice,
    count,
    exact_int,
    exact_tuple,
    field_name,
    optional,
    optional_float,
    share,
    text,
    text_or_empty,
    texts,
    unique_names,
)
from keyaccount._view import Spec
from keyaccount.errors import SpecError
from keyaccount.funnel.key_actions import KeyAction, KeyResult

__all__ = ["Outcome", "Stage"]

Outcome: TypeAlias = Literal["open", "won", "lost"]
"""What a deal that stands in a stage is: still open, won or lost."""

_IS_OUTCOME: Any = choice("open", "won", "lost")  # Any: the field keeps its narrow type


def _days(instance: Any, attribute: Any, value: Any) -> None:
    count(instance, attribute, value)
    if value == 0:
        raise SpecError.from_field(
            field_name(instance, attribute), "must be at least 1", value, "leave it out for none."
        )


def _key_result(instance: Any, attribute: Any, value: Any) -> None:
    if not isinstance(value, KeyResult):
        raise SpecError.from_field(
            field_name(instance, attribute), "must be a KeyResult", value, "see KeyResult."
        )


def _key_actions(instance: Any, attribute: Any, value: Any) -> None:
    if not isinstance(value, tuple) or not all(isinstance(a, KeyAction) for a in value):
        raise SpecError.from_field(
            field_name(instance, attribute), "must be key actions", value, "see KeyAction."
        )


@attrs.frozen
class Stage(Spec):
    """One stage of a funnel: its names, its odds and its plan.

    What nobody states is None. The chance of winning from here (`win_probability`) and the planned
    share of deals that go on to the next stage (`planned_conversion`) are two figures with two
    sources; neither is computed from the other.

    Parameters
    ----------
    code
        Fixed word that stored data refers to the stage by.
    name
        English label.
    letter
        The letter that people call the stage by, if it has one.
    name_zh
        Chinese label.
    win_probability
        Chance that a deal in this stage is won in the end.
    planned_conversion
        Planned share of deals that go on to the next stage.
    planned_days
        Planned days in the stage.
    participants
        Who takes part on our side.
    led_by
        The role that leads.
    key_result
        What must be confirmed before a deal leaves the stage.
    key_actions
        The evidence towards it.
    milestones
        Codes of dates of their own that are met here, as the day of signing.
    outcome
        ``"open"``, ``"won"`` or ``"lost"``.

    Examples
    --------
    >>> from keyaccount.funnel import Stage
    >>> Stage("talk", "First talk", win_probability=0.2).planned_days is None
    True
    """

    code: str = attrs.field(validator=text)
    name: str = attrs.field(validator=text)
    letter: str = attrs.field(default="", validator=text_or_empty, kw_only=True)
    name_zh: str = attrs.field(default="", validator=text_or_empty, kw_only=True)
    win_probability: float | None = attrs.field(
        default=None, converter=optional_float, validator=optional(share), kw_only=True
    )
    planned_conversion: float | None = attrs.field(
        default=None, converter=optional_float, validator=optional(share), kw_only=True
    )
    planned_days: int | None = attrs.field(
        default=None, converter=exact_int, validator=optional(_days), kw_only=True
    )
    participants: tuple[str, ...] | None = attrs.field(
        default=None, converter=exact_tuple, validator=optional(texts), kw_only=True
    )
    led_by: str | None = attrs.field(default=None, validator=optional(text), kw_only=True)
    key_result: KeyResult | None = attrs.field(
        default=None, validator=optional(_key_result), kw_only=True
    )
    key_actions: tuple[KeyAction, ...] = attrs.field(
        default=(), converter=exact_tuple, validator=_key_actions, kw_only=True
    )
    milestones: tuple[str, ...] = attrs.field(
        default=(), converter=exact_tuple, validator=unique_names, kw_only=True
    )
    outcome: Outcome = attrs.field(
        default="open",
        validator=_IS_OUTCOME,
        kw_only=True,
    )
