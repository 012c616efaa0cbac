"""Converters and validators of the fields of a chain."""

from __future__ import annotations

from collections.abc import Iterable
from math import fsum
from typing import Any

import numpy as np

from keyaccount._validators import exact_tuple, field_name, float_tuple, is_finite, unique_names
from keyaccount.errors import SpecError
from keyaccount.lifecycle.chain.by_state import position_of
from keyaccount.lifecycle.chain.chain_test import ChainTest

__all__ = [
    "are_counts",
    "are_states",
    "is_matrix",
    "is_spacing",
    "is_test",
    "named",
    "stay",
    "table",
]

_SUM_TOLERANCE = 1e-9
_EXACT = 2.0**53


def table(value: Any) -> Any:
    """Turn rows of numbers into tuples; leave the rest for the validator to refuse."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if value is None or isinstance(value, str | bytes) or not isinstance(value, Iterable):
        return value
    return tuple(float_tuple(row) for row in value)


def named(value: Any) -> Any:
    """Take a sequence of names; one name alone is one."""
    return (value,) if isinstance(value, str) else exact_tuple(value)


def are_states(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse a chain without states."""
    if not value:
        name = field_name(instance, attribute)
        raise SpecError.from_field(name, "must name a state", value, "give at least one.")


def is_matrix(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse anything but a row of probabilities per state, each summing to 1."""
    name = field_name(instance, attribute)
    _square(instance, name, value)
    for state, row in zip(instance.states, value, strict=True):
        where = f"{name} from {state!r}"
        if not all(0.0 <= p <= 1.0 for p in row):
            hint = "write 20 % as 0.2."
            raise SpecError.from_field(where, "must be probabilities in [0, 1]", row, hint)
        if abs(fsum(row) - 1.0) > _SUM_TOLERANCE:
            hint = f"these sum to {fsum(row)!r}: divide the row by that, if it was rounded."
            raise SpecError.from_field(where, "must sum to 1", row, hint)


def are_counts(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse anything but a row of counts per state."""
    name = field_name(instance, attribute)
    _square(instance, name, value)
    if not all(0.0 <= n < _EXACT for row in value for n in row):
        hint = "give counts of transitions."
        raise SpecError.from_field(name, "must be numbers of at least 0, below 2**53", value, hint)


def stay(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse absorbing states that are no states, or that are left."""
    name = field_name(instance, attribute)
    unique_names(instance, attribute, value)
    for state in value:
        row = instance.matrix[position_of(state, instance.states, name)]
        if row[instance.states.index(state)] != 1.0:
            hint = "leave it out, or write 1 in its own row where it is, and 0 elsewhere."
            raise SpecError.from_field(f"{name} {state!r}", "must stay where it is", row, hint)


def is_test(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse anything but the result of a test."""
    if not isinstance(value, ChainTest):
        name, hint = field_name(instance, attribute), "leave it out: fit learns it."
        raise SpecError.from_field(name, "must be a ChainTest", value, hint)


def is_spacing(instance: Any, attribute: Any, value: Any) -> None:
    """Refuse anything but a shortest and a longest distance."""
    good = isinstance(value, tuple) and len(value) == 2 and all(is_finite(v) for v in value)  # noqa: PLR2004 - a pair
    if not good or not 0.0 < value[0] <= value[1]:
        name, hint = field_name(instance, attribute), "leave it out: fit learns it."
        raise SpecError.from_field(name, "must be two distances, rising", value, hint)


def _square(instance: Any, name: str, value: Any) -> None:
    k = len(instance.states)
    rows = value if isinstance(value, tuple) else ()
    if len(rows) != k or not all(isinstance(r, tuple) and len(r) == k for r in rows):
        rule, hint = f"must have {k} rows of {k} numbers", "one row and one column per state."
        raise SpecError.from_field(name, rule, value, hint)
    wrong = [v for row in rows for v in row if not is_finite(v)]
    if wrong:
        hint = "give plain numbers."
        raise SpecError.from_field(name, "must hold finite numbers", wrong[0], hint)
