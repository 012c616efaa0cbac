"""Fields that hold one threshold, or one per group: how they are read and checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from keyaccount._validators import Validator, exact_float, field_name, is_finite
from keyaccount.errors import SpecError
from keyaccount.groups import ByGroup

__all__ = ["as_threshold", "each_of", "is_threshold", "per_group"]


def per_group(value: Any, convert: Callable[[Any], Any]) -> Any:
    """Convert a constant, or one per group."""
    if isinstance(value, Mapping):
        value = ByGroup(value)
    return value.map(convert) if isinstance(value, ByGroup) else convert(value)


def as_threshold(value: Any) -> Any:
    """Turn a threshold, or one per group, into exact floats."""
    return per_group(value, exact_float)


def each_of(check: Validator) -> Validator:
    """Hold a constant, or each of several by group, to a check; groups need a pool."""

    def validate(instance: object, attribute: Any, value: Any) -> None:
        if isinstance(value, ByGroup) and value.pool is None:
            raise SpecError.from_field(
                field_name(instance, attribute),
                "must have a threshold for accounts of no or another group",
                value,
                "write ByGroup({...}, pool=...).",
            )
        for constant in value if isinstance(value, ByGroup) else [value]:
            check(instance, attribute, constant)

    return validate


def _finite_threshold(instance: object, attribute: Any, value: Any) -> None:
    if not is_finite(value):
        raise SpecError.from_field(
            field_name(instance, attribute),
            "must be a finite number, or one per group",
            value,
            "give a threshold in the units of its column.",
        )


is_threshold: Validator = each_of(_finite_threshold)
"""Refuse anything but a finite threshold, or one per group with a pool."""
