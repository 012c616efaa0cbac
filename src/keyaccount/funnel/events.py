"""`Event`: one thing that happened to a deal, as it is kept on record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, Literal, TypeAlias, get_args

import attrs
import numpy as np

from keyaccount._validators import (
    Validator,
    a_date,
    choice,
    exact_date,
    field_name,
    flag,
    optional,
    optional_float,
    text,
    text_or_empty,
)
from keyaccount.errors import SpecError

__all__ = ["KINDS", "Event", "EventKind", "event_log", "listed_events", "moment"]

EventKind: TypeAlias = Literal[
    "open",
    "reopen",
    "set_amount",
    "set_probability",
    "reschedule",
    "reassign",
    "defer",
    "confirm",
    "regress",
    "move",
    "advance",
    "win",
    "lose",
]
"""What may happen to a deal, in the order in which things of one moment are taken to happen."""

KINDS: tuple[EventKind, ...] = get_args(EventKind)
"""Every kind of event, in that order."""


def moment(value: Any) -> Any:
    """Turn a date, a datetime or ISO text into a moment on the wall clock; leave the rest."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[us]").item()  # NaT becomes None
    if value != value:  # noqa: PLR0124 - NaT
        return None
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return datetime.combine(value, time()) if isinstance(value, date) else value


def _day(value: Any) -> Any:
    """Turn a date, a moment or ISO text into a day; what is missing is None."""
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[D]").item()
    return None if value != value else exact_date(value)  # noqa: PLR0124 - NaT


def _a_moment(instance: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, datetime):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be a date or a moment",
            value,
            "write it as YYYY-MM-DD, or pass a date or a datetime.",
        )


def _number(instance: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, float):
        raise SpecError.from_field(
            field_name(instance, attribute), "must be a number", value, "give a plain number."
        )


_NUMBER: Validator = optional(_number)
_DAY: Validator = optional(a_date)


def _or_empty(value: str | None) -> str:
    return "" if value is None else value


def _text() -> Any:
    return attrs.field(default="", kw_only=True, validator=text_or_empty)


@attrs.frozen
class Event:
    """One thing that happened to a deal.

    Parameters
    ----------
    deal
        The id of the deal.
    kind
        What happened.
    at
        When: a date, or a moment on the wall clock.
    by
        Who recorded it.
    account, origin
        Of a deal that is opened: its account, and whether the opportunity was explicit
        (``"explicit"``, 显性项目) or created before the need was felt (``"created"``, 为之于未有).
    stage
        The code of the stage moved to, or opened in; empty: the usual one.
    code, buyer
        What is confirmed, and in which buyer's name.
    amount, probability, owner, expected
        What is set: money; the chance of winning by hand, None to go back to the stage's; who owns
        the deal; when it is expected to close.
    until
        To when it is put off.
    reason
        Why it is lost.
    override
        Why the rules are set aside.
    back_filled
        Whether it is entered after later events, knowingly.

    Examples
    --------
    >>> import keyaccount as ka
    >>> ka.Event("OPP-1", "advance", "2026-09-08", by="li").at
    datetime.datetime(2026, 9, 8, 0, 0)
    """

    deal: str = attrs.field(validator=text)
    kind: EventKind = attrs.field(validator=choice(*KINDS))
    at: datetime = attrs.field(converter=moment, validator=_a_moment)
    by: str = _text()
    account: str = _text()
    origin: str = _text()
    stage: str = _text()
    code: str = _text()
    buyer: str = _text()
    amount: float | None = attrs.field(
        default=None, kw_only=True, converter=optional_float, validator=_NUMBER
    )
    probability: float | None = attrs.field(
        default=None, kw_only=True, converter=optional_float, validator=_NUMBER
    )
    owner: str = _text()
    expected: date | None = attrs.field(default=None, kw_only=True, converter=_day, validator=_DAY)
    until: date | None = attrs.field(default=None, kw_only=True, converter=_day, validator=_DAY)
    reason: str = _text()
    override: str = attrs.field(
        default="", kw_only=True, converter=_or_empty, validator=text_or_empty
    )
    back_filled: bool = attrs.field(default=False, kw_only=True, validator=flag)


def event_log(events: Iterable[Event]) -> dict[str, list[Any]]:
    """Write events as the columns of a log, in the order given: what a funnel replays.

    Parameters
    ----------
    events
        Events of one deal or of many, such as the histories of deals put together.

    Returns
    -------
    dict of str to list
        One row per event: ``deal``, ``event``, ``at``, what each event needs, and ``seq``, the
        place in the order given, which tells apart what happened at the same time. Cells that an
        event does not use are None.

    Raises
    ------
    SpecError
        Something among them is no event.

    Examples
    --------
    >>> import keyaccount as ka
    >>> funnel = ka.opportunity_funnel()
    >>> deal = funnel.open("OPP-1", at="2026-09-01", amount=5_000)
    >>> funnel.replay(ka.event_log(deal.history)).now.amount
    array([5000.])
    """
    kept = listed_events(events)
    if kept is None:
        field = "event_log(events)"
        raise SpecError.from_field(field, "must be events", events, "give a deal's history.")
    named = {"kind": "event"}
    columns = {
        str(named.get(f.name, f.name)): [getattr(e, f.name) for e in kept]
        for f in attrs.fields(Event)
        if f.name != "back_filled"
    }
    return {**columns, "seq": [float(i) for i in range(len(kept))]}


def listed_events(events: Any) -> list[Event] | None:
    """List events; None where something else is among them."""
    kept: list[Any] = list(events) if isinstance(events, Iterable) else [events]
    return kept if all(isinstance(e, Event) for e in kept) else None
