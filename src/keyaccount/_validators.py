"""Converters and validators of spec fields: exact types in, one error style out.

Specs hold plain data. A number becomes an exact, finite ``float`` (−0.0 becomes 0.0), a sequence
becomes a tuple, and what does not fit is refused with the name of the field.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from numbers import Integral, Real
from typing import Any, TypeAlias

from keyaccount.errors import SpecError

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Validator: TypeAlias = Callable[[Any, Any, Any], None]
"""The signature attrs calls a validator with: instance, attribute, value."""


def field_name(instance: object, attribute: Any) -> str:
    """Write a field as the reader of an error knows it: ``Linear.low``."""
    return f"{type(instance).__name__}.{attribute.name}"


def exact_float(value: Any) -> Any:
    """Turn a real number into an exact float; leave the rest for the validator to refuse."""
    if type(value) is float:  # most are, and the tests below take ten times as long
        return value + 0.0
    if isinstance(value, bool):
        return value
    try:
        return float(value) + 0.0 if isinstance(value, Real) else value
    except OverflowError:  # a whole number beyond every float
        return value


def exact_int(value: Any) -> Any:
    """Turn an integral number into an int; leave the rest for the validator to refuse."""
    if type(value) is int or isinstance(value, bool):
        return value
    return int(value) if isinstance(value, Integral) else value


def optional_float(value: object) -> Any:
    """Turn a real number into an exact float and leave None alone."""
    return None if value is None else exact_float(value)


def float_tuple(value: object) -> Any:
    """Turn a sequence of real numbers into a tuple of exact floats."""
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return tuple(exact_float(v) for v in value)
    return value


def point_tuple(value: object) -> Any:
    """Turn a sequence of pairs of real numbers into a tuple of pairs of exact floats."""
    if value is None or isinstance(value, str | bytes) or not isinstance(value, Iterable):
        return value
    return tuple(float_tuple(p) for p in value)


def exact_tuple(value: object) -> Any:
    """Turn a sequence into a tuple; leave the rest for the validator to refuse."""
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return tuple(value)
    return value


def exact_date(value: object) -> Any:
    """Turn a text YYYY-MM-DD, date or datetime into a date: no other form of ISO 8601."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


def is_finite(value: object) -> bool:
    """Say whether the value is a finite float."""
    return isinstance(value, float) and math.isfinite(value)


def finite(instance: object, attribute: Any, value: Any) -> None:
    """Refuse anything but a finite number."""
    if not is_finite(value):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be a finite number",
            value,
            "give a plain number, neither NaN nor infinite.",
        )


def positive(instance: object, attribute: Any, value: Any) -> None:
    """Refuse anything but a finite number above 0."""
    finite(instance, attribute, value)
    if value <= 0.0:
        raise SpecError.from_field(
            field_name(instance, attribute), "must be above 0", value, "give a number above 0."
        )


def not_negative(instance: object, attribute: Any, value: Any) -> None:
    """Refuse anything but a finite number of at least 0."""
    finite(instance, attribute, value)
    if value < 0.0:
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be at least 0",
            value,
            "give 0 or a number above it.",
        )


def share(instance: object, attribute: Any, value: Any) -> None:
    """Refuse anything but a number in [0, 1]."""
    if not is_finite(value) or not 0.0 <= value <= 1.0:
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be a share in [0, 1]",
            value,
            "write 20 % as 0.2.",
        )


def count(instance: object, attribute: Any, value: Any) -> None:
    """Refuse anything but a whole number of at least 0."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be a whole number of at least 0",
            value,
            "give a count.",
        )


def flag(instance: object, attribute: Any, value: Any) -> None:
    """Refuse anything but True or False."""
    if not isinstance(value, bool):
        raise SpecError.from_field(
            field_name(instance, attribute), "must be True or False", value, "give a bool."
        )


def text(instance: object, attribute: Any, value: Any) -> None:
    """Refuse anything but a text with something in it."""
    if not isinstance(value, str) or not value.strip():
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be a text that is not blank",
            value,
            "give a name.",
        )


def a_date(instance: object, attribute: Any, value: Any) -> None:
    """Refuse anything but a calendar date."""
    if not isinstance(value, date):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be a date",
            value,
            "write it as YYYY-MM-DD or pass a datetime.date.",
        )


def optional(check: Validator) -> Validator:
    """Let None pass, and hold anything else to `check`."""

    def validate(instance: object, attribute: Any, value: Any) -> None:
        """Hold what is given to the check."""
        if value is not None:
            check(instance, attribute, value)

    return validate


def choice(*allowed: str) -> Any:
    """Refuse anything but one of a few words.

    Typed Any, since a checker would take the words for the type of the field.
    """

    def validate(instance: object, attribute: Any, value: Any) -> None:
        """Refuse any other word."""
        if value not in allowed:
            raise SpecError.from_choice(field_name(instance, attribute), value, allowed)

    return validate


def text_or_empty(instance: object, attribute: Any, value: Any) -> None:
    """Refuse anything but a text, which may be empty."""
    if not isinstance(value, str):
        raise SpecError.from_field(
            field_name(instance, attribute), "must be a text", value, "leave it out for none."
        )


def texts(instance: object, attribute: Any, value: Any) -> None:
    """Refuse anything but a tuple of texts with something in them."""
    good = isinstance(value, tuple) and all(isinstance(v, str) and v.strip() for v in value)
    if not good:
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be texts that are not blank",
            value,
            "give a list of names, also where there is only one.",
        )


def unique_names(instance: object, attribute: Any, value: Any) -> None:
    """Refuse anything but a tuple of names, each of them once."""
    texts(instance, attribute, value)
    twice = sorted({n for n in value if value.count(n) > 1})
    if twice:
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must have unique names",
            twice,
            "rename one of them.",
        )


def some_of(kind: type, what: str, *, by: str) -> Any:
    """Refuse anything but a tuple of specs of a kind, at least one, that differ `by` a field.

    Typed Any, since a checker would take the kind for the type of the field.
    """

    def validate(instance: object, attribute: Any, value: Any) -> None:
        """Refuse what is no such tuple, or has two of one name."""
        name = field_name(instance, attribute)
        if not isinstance(value, tuple) or not value or not all(isinstance(v, kind) for v in value):
            rule, hint = f"must be {what}, at least one", f"see {kind.__name__}."
            raise SpecError.from_field(name, rule, value, hint)
        words = [getattr(v, by) for v in value]
        if len(set(words)) < len(words):
            raise SpecError.from_field(
                name, f"must have unique {by}s", words, "rename one of them."
            )

    return validate
